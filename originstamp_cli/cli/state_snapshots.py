"""`state snapshot`, `snapshots` and `revert`: the whole state kept, and come back to."""

from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record, Vec
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend, saves
from originstamp_cli.canister.clock import shown
from originstamp_cli.cli.common import Console, command
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer, Lines

PANEL = "Set-up"
app = typer.Typer()

_COLUMNS = {"name": TEXT, "snapshot": TEXT, "size": NAT64, "taken": TEXT}
_TYPE = Vec(Record([Field(name, kind) for name, kind in _COLUMNS.items()]))


@command(app, panel=PANEL)
def snapshot(
    console: Console,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="What to call it.", show_default=False)
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the one that has this name.")
    ] = False,
) -> str:
    """Keep the whole state to come back to, while calls go on. Prints its name, or its id.

    Photos stay where they are.

    Example: originstamp state snapshot before
    """
    return saves.take(Local(console.settings).host, backend, name, replace=replace)


@command(app, panel=PANEL)
def snapshots(console: Console) -> Answer:
    """List the snapshots, oldest first: also those of dfx canister snapshot, which have no name.

    Any of them is deleted with dfx canister snapshot delete.

    Example: originstamp state snapshots
    """
    found: list[Value] = [
        {
            "name": each.name,
            "snapshot": each.snapshot_id,
            "size": each.memory_size,
            "taken": shown(each.taken_at),
        }
        for each in saves.listed(Local(console.settings).host)
    ]
    lines = Lines([*_COLUMNS], [[*each.values()] for each in found])
    return Answer(Reply([found], [_TYPE]), found).showing(lines)


@command(app, panel=PANEL)
def revert(
    console: Console,
    wanted: Annotated[
        str | None,
        typer.Argument(
            metavar="SNAPSHOT", help="Its name or id; the newest without.", show_default=False
        ),
    ] = None,
    discard: Annotated[
        bool, typer.Option("--discard", help="Keep no backup of what it replaces.")
    ] = False,
) -> str | None:
    """Put the whole state back as it was. Prints the backup that what it replaces becomes.

    Settings, who controls it and the clock come back too. The snapshot stays, for the next time.

    Example: originstamp state revert before
    """
    return saves.revert(Local(console.settings).host, wanted, keep=not discard)
