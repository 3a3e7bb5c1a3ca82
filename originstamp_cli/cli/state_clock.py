"""`state clock`: the time at which calls are made."""

from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import clock as network_clock
from originstamp_cli.canister.runtime import Host
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.moments import duration, moment
from originstamp_cli.errors import UsageError
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer

PANEL = "Set-up"
REAL = "real"
app = typer.Typer()

_TYPE = Record(
    [Field(name, kind) for name, kind in (("time", NAT64), ("date", TEXT), ("clock", TEXT))]
)


@command(app, panel=PANEL)
def clock(
    console: Console,
    time: Annotated[
        str | None,
        typer.Argument(metavar="TIME", help="A time, +1d12h, or real.", show_default=False),
    ] = None,
    running: Annotated[
        bool, typer.Option("--running", help="Go on from TIME in place of standing still.")
    ] = False,
) -> Answer:
    """Show the network's clock, or set it to see what time does: expiries, windows, dates.

    At a TIME it stands still; +1d12h puts it forward; `real` makes it the machine's own again.
    Signed addresses go by the machine's clock all the same: the store that takes them does.

    Example: originstamp state clock +1d
    """
    host = Local(console.settings).host
    if running and (time is None or time == REAL or time.startswith("+")):
        raise UsageError("--running goes with a TIME.", fix="Give the time to go on from.")
    reading = network_clock.read(host) if time is None else _set(host, time, running=running)
    if reading.newest > reading.time:
        console.warn(
            f"The newest record is of {network_clock.shown(reading.newest)}, and time never runs "
            "backwards: calls are made at that time until the clock has passed it."
        )
    value: Value = {
        "time": reading.time,
        "date": network_clock.shown(reading.time),
        "clock": reading.clock,
    }
    return Answer(Reply([value], [_TYPE]), value)


def _set(host: Host, text: str, *, running: bool) -> network_clock.Reading:
    """Set the clock as a text has it; raises `UsageError` for one that says nothing."""
    if text == REAL:
        return network_clock.go_by_the_machine(host)
    try:
        if text.startswith("+"):
            return network_clock.advance(host, duration(text[1:]))
        then = moment(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} cannot be set: {error}.", fix="Give a TIME, +DURATION or real."
        ) from None
    return network_clock.run_from(host, then) if running else network_clock.stop_at(host, then)
