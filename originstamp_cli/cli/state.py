"""`state`: the file that everything is kept in, and its dated backups."""

import os
from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record, Type, Vec
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import installation
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import UsageError
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer, Lines

PANEL = "Set-up"
app = typer.Typer(help="See where everything is kept, and bring a backup of it back.")

_LISTED: dict[str, Type] = {"path": TEXT, "size": NAT64, "taken": TEXT}
_SHOWN: dict[str, Type] = {
    "path": TEXT,
    "kind": TEXT,
    "size": NAT64,
    "beside": NAT64,
    "backups": NAT64,
}


@command(app, panel=PANEL)
def show(console: Console) -> Answer:
    """Show the state file: where it is, of which kind, and how many bytes it has.

    `beside` counts the bytes of what stands beside it: photos, log and snapshots.

    Example: originstamp state show
    """
    host = Local(console.settings).host
    store = host.store
    value: Value = {
        "path": store.path,
        "kind": store.kind,
        "size": store.size(),
        "beside": installation.size_beside(host),
        "backups": len(installation.backups(host)),
    }
    return Answer(
        Reply([value], [Record([Field(name, kind) for name, kind in _SHOWN.items()])]), value
    )


@command(app, panel=PANEL)
def backups(console: Console) -> Answer:
    """List the backups of the state, the newest first.

    One is made by start --clean, and where a canister is reinstalled or deleted.

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
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
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
