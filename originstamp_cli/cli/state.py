"""`state`: the file that everything is kept in, and its dated backups."""

import os
from itertools import islice
from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record, Type, Vec
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import installation, keeping
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.report import report_all
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import StateDamaged, UsageError
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer, Lines, counting

PANEL = "Set-up"
MOST_FLAWS = 50
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
app = typer.Typer(
    help="Everything that is kept: look at it, check it, copy it, carry it elsewhere."
)


def _record(**fields: Type) -> Record:
    return Record([Field(name, kind) for name, kind in fields.items()])


_LISTED: dict[str, Type] = {"path": TEXT, "size": NAT64, "taken": TEXT}
_SHOWN = _record(
    path=TEXT,
    kind=TEXT,
    size=NAT64,
    schema=NAT64,
    tables=Vec(_record(name=TEXT, records=NAT64, bytes=NAT64)),
    beside=Vec(_record(name=TEXT, bytes=NAT64)),
    backups=NAT64,
)
_SOUND = _record(path=TEXT, schema=NAT64, records=NAT64, blocks=NAT64, flaws=NAT64)
_COMPACTED = _record(before=NAT64, after=NAT64)


@command(app, panel=PANEL)
def path(console: Console) -> str:
    """Print where the state file is, or will be.

    Example: originstamp state path
    """
    return Local(console.settings).host.store.path


@command(app, panel=PANEL)
def info(console: Console) -> Answer:
    """Show the state file: where it is, of which kind and size, and what is in it and beside it.

    Records and bytes come from kept counts, so it takes no longer for many. Beside it may stand
    photos, the log of calls and snapshots.

    Example: originstamp state info
    """
    host = Local(console.settings).host
    store = host.store
    tables = [
        {"name": name, "records": records, "bytes": size}
        for name, records, size in keeping.tables(host)
    ]
    beside = [{"name": name, "bytes": size} for name, size in keeping.sizes_beside(host).items()]
    value: Value = {
        "path": store.path,
        "kind": store.kind,
        "size": store.size(),
        "schema": store.schema_version,
        "tables": tables,
        "beside": beside,
        "backups": len(installation.backups(host)),
    }
    return Answer(Reply([value], [_SHOWN]), value)


@command(app, panel=PANEL)
def verify(console: Console) -> Answer:
    """Check everything that is kept; what is wrong is said, and the exit code is 3.

    The file itself, each record, what refers to what, the indexes, the kept counts, and the
    tokens' log from its first block on, which must lead to the tokens that are there.

    Example: originstamp state verify
    """
    from originstamp_cli.canister import verification

    host = Local(console.settings).host
    keeping.check_there(host.store)
    tables = {each.name: each.records for each in keeping.tables(host)}
    records = sum(tables.values())
    with stoppable(), counting(console.environment, records) as watch:
        found = list(islice(verification.flaws(host.store, watch), MOST_FLAWS))
    if found:
        report_all([_flaw(each) for each in found], console.environment)
        raise typer.Exit(StateDamaged.exit_code)
    value: Value = {
        "path": host.store.path,
        "schema": host.store.schema_version,
        "records": records,
        "blocks": tables["blocks"],
        "flaws": 0,
    }
    return Answer(Reply([value], [_SOUND]), value)


def _flaw(sentence: str) -> StateDamaged:
    return StateDamaged(
        f"{sentence}.", fix="Bring a backup back: see them with originstamp state backups."
    )


@command(app, panel=PANEL)
def compact(console: Console) -> Answer:
    """Give back the room that is free in the state file. Prints its bytes before and after.

    Example: originstamp state compact
    """
    with stoppable():
        before, after = keeping.compact(Local(console.settings).host)
    value: Value = {"before": before, "after": after}
    return Answer(Reply([value], [_COMPACTED]), value)


@command(app, panel=PANEL)
def reset(console: Console, yes: Yes = False) -> str | None:
    """Begin with an empty state. Prints the backup that the old one becomes, with all beside it.

    Example: originstamp state reset --yes
    """
    host = Local(console.settings).host
    if not console.confirmed(f"Begin anew, and keep {host.store.path} as a backup?", yes=yes):
        raise UsageError("Nothing was reset.", fix="Answer y, or give --yes.")
    return installation.set_aside(host)


@command(app, panel=PANEL)
def backup(
    console: Console,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Where to; dated, beside it, without.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> str:
    """Copy the state, with all that stands beside it, while calls go on. Prints where it is.

    Photos and snapshots take no further room where the disk can share them.

    Example: originstamp state backup
    """
    to = None if file is None else os.path.join(console.environment.folder, file)
    with stoppable():
        return keeping.back_up(Local(console.settings).host, to, force=force)


@command(app, panel=PANEL)
def backups(console: Console) -> Answer:
    """List the backups of the state, the newest first.

    One is made by backup, reset, import and start --clean, where a canister is reinstalled or
    deleted, and where a state of an older version is brought up to date.

    Example: originstamp state backups
    """
    found: list[Value] = [
        {"path": each.path, "size": each.size, "taken": _moment(each.stamp)}
        for each in installation.backups(Local(console.settings).host)
    ]
    lines = Lines([*_LISTED], [[*each.values()] for each in found])
    return Answer(
        Reply([found], [Vec(Record([Field(name, kind) for name, kind in _LISTED.items()]))]), found
    ).showing(lines)


def _moment(stamp: str) -> str:
    """Return the date of a backup as people read it."""
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[9:11]}:{stamp[11:13]}:{stamp[13:15]}Z"


@command(app, panel=PANEL)
def restore(
    console: Console,
    backup: Annotated[
        str | None,
        typer.Argument(metavar="BACKUP", help="Its path or name; the newest without."),
    ] = None,
    yes: Yes = False,
) -> str | None:
    """Put a backup in the place of the state, which becomes a backup itself. Prints its path.

    Example: originstamp state restore --yes
    """
    host = Local(console.settings).host
    chosen = _chosen(installation.backups(host), backup, console.environment.folder)
    question = f"Replace the state {host.store.path} by {chosen.path}?"
    if not console.confirmed(question, yes=yes):
        raise UsageError("Nothing was restored.", fix="Answer y, or give --yes.")
    return installation.restore(host, chosen)


def _chosen(
    known: list[installation.Backup], given: str | None, folder: str
) -> installation.Backup:
    """Return the backup that is meant; raises `UsageError` where there is none."""
    if not known:
        raise UsageError("There is no backup of this state yet.", fix="Nothing was changed.")
    if given is None:
        return known[0]
    path = os.path.realpath(os.path.join(folder, given))
    for each in known:
        if given == os.path.basename(each.path) or path == os.path.realpath(each.path):
            return each
    names = [os.path.basename(each.path) for each in known]
    raise UsageError(
        f"There is no backup {given!r} of this state.{nearest(given, names)}",
        fix="See them with originstamp state backups.",
    )
