"""`state export`, `import` and `migrate`: everything that is kept, on its way elsewhere."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record
from originstamp_cli.canister import keeping
from originstamp_cli.canister.runtime import Host
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.state import PANEL, Yes
from originstamp_cli.errors import UsageError
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer, counting

STREAM = "-"
ENDINGS = {keeping.JSON: ".json", keeping.SQLITE: ".db"}
_WRITTEN = Record([Field("path", TEXT), Field("records", NAT64)])
app = typer.Typer()


class Kind(StrEnum):
    """The kinds of state file."""

    JSON = keeping.JSON
    SQLITE = keeping.SQLITE


@command(app, panel=PANEL)
def export(
    console: Console,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Where to; standard output without, or for -.")
    ] = STREAM,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> Answer | None:
    """Write all records as TinyDB's JSON, which TinyDB opens, and import takes. Prints the path.

    It is a state file of the kind that ends in .json. What stands beside the state (photos, log,
    snapshots) is not in it: originstamp state backup copies that too.

    Example: originstamp state export everything.json
    """
    host = Local(console.settings).host
    keeping.check_there(host.store)
    with stoppable(), counting(console.environment, keeping.records(host)) as watch:
        if file == STREAM:
            for piece in host.store.dump(lambda done: watch("records", done)):
                console.environment.show(piece, end="")
            return None
        path = os.path.join(console.environment.folder, file)
        count = keeping.export(host, path, lambda done: watch("records", done), force=force)
    _tell_what_is_beside(console, host)
    return Answer(Reply([value := {"path": path, "records": count}], [_WRITTEN]), value).showing(
        path
    )


def _tell_what_is_beside(console: Console, host: Host) -> None:
    names = [name for name, size in keeping.sizes_beside(host).items() if size]
    if names:
        console.inform(f"Beside the state, and not in it: {', '.join(names)}.")


@command(app, panel=PANEL, name="import")
def take_in(
    console: Console,
    file: Annotated[str, typer.Argument(metavar="FILE", help="What to read; - for stdin.")],
    yes: Yes = False,
) -> str | None:
    """Replace all records by those of a TinyDB file. Prints the backup that the old ones become.

    It takes what export wrote, a state that ends in .json, and what TinyDB wrote of our tables.
    Ids stay as they are, and none is given out twice. What stands beside the state stays.

    Example: originstamp state import everything.json --yes
    """
    host = Local(console.settings).host
    question = f"Replace the state {host.store.path} by what {file} holds?"
    if host.store.size() and not console.confirmed(question, yes=yes):
        raise UsageError("Nothing was imported.", fix="Answer y, or give --yes.")
    with (
        stoppable(),
        _opened(console, file) as (read, size),
        counting(console.environment, size) as watch,
    ):
        source = "Standard input" if file == STREAM else file
        done = keeping.take_in(host, read, source, lambda count: watch("bytes", count))
    console.inform(f"Imported {done.records} record{'s' * (done.records != 1)}.")
    return done.backup


@contextmanager
def _opened(console: Console, file: str) -> Iterator[tuple[Callable[[int], str], int | None]]:
    """Give what reads a file or standard input, and how many bytes there are, where it is known."""
    if file == STREAM:
        yield console.environment.stdin.read, None
        return
    path = os.path.join(console.environment.folder, file)
    try:
        opened = open(path, encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as failure:
        raise UsageError(
            f"{file} cannot be read: {failure.strerror}.", fix="Name a file, or - for stdin."
        ) from failure
    with opened:
        yield opened.read, os.fstat(opened.fileno()).st_size


@command(app, panel=PANEL)
def migrate(
    console: Console,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The new state file; .json or any other.")
    ] = None,
    to: Annotated[
        Kind | None, typer.Option("--to", help="Its kind, for a file named as the state is.")
    ] = None,
) -> Answer:
    """Write the state as a file of the other kind: SQLite, or TinyDB's JSON. Prints its path.

    The state itself stays, with its snapshots, which are of its kind; photos and the log come to
    stand beside the new one too.

    Example: originstamp state migrate --to json
    """
    host = Local(console.settings).host
    path = _target(console, host, file, to)
    with stoppable(), counting(console.environment, keeping.records(host)) as watch:
        count = keeping.migrate(host, path, lambda done: watch("records", done))
    console.inform(f"To use it: export ORIGINSTAMP_STATE={path}, or give --state.")
    value = {"path": path, "records": count}
    return Answer(Reply([value], [_WRITTEN]), value).showing(path)


def _target(console: Console, host: Host, file: str | None, to: Kind | None) -> str:
    """Return the file to migrate to; raises `UsageError` where none is named, or two."""
    if (file is None) == (to is None):
        raise UsageError("One of FILE and --to is needed.", fix="Give --to json, or a file.")
    if file is not None:
        return os.path.join(console.environment.folder, file)
    return os.path.splitext(host.store.path)[0] + ENDINGS[str(to)]
