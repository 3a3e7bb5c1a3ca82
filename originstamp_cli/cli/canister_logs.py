"""`canister logs`: what a canister said of the calls that changed it."""

import re
import time
from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import logs as canister_logs
from originstamp_cli.canister.clock import shown
from originstamp_cli.cli.call import caller_of
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import CanisterName, attempting, invalid, running_network
from originstamp_cli.cli.moments import from_rfc3339
from originstamp_cli.cli.options import conflict, missing_option
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.usage import nat64
from originstamp_cli.network import Local

app = typer.Typer()

_SECOND = 10**9
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_USAGES = {
    "tail": "--tail <TAIL>",
    "since": "--since <SINCE>",
    "since_time": "--since-time <SINCE_TIME>",
    "follow": "--follow",
}
_DEFAULT_INTERVAL = 2.0
_SHORTEST_PAUSE = 0.01  # seconds: an interval of 0 is not to take all of a processor


@dfx_command(app)
def logs(
    console: Console,
    canister_name: CanisterName,
    tail: Annotated[
        str | None, typer.Option("--tail", metavar="COUNT", help="Only as many, the newest.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DURATION", help="Only those of the last 30s, 5m, 2h, 1d."),
    ] = None,
    since_time: Annotated[
        str | None,
        typer.Option("--since-time", metavar="TIME", help="Only later ones: RFC 3339, or ns."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with new ones until Ctrl-C.")
    ] = False,
    interval: Annotated[
        str | None,
        typer.Option("--interval", metavar="SECONDS", help="How often to look: 2 if not given."),
    ] = None,
) -> str | None:
    """Show what a canister said of each update: when, which method, who called, what came of it.

    Example: dfx canister logs backend --tail 2
    """
    given = {"tail": tail, "since": since, "since_time": since_time, "follow": follow or None}
    _check_alone([name for name, value in given.items() if value is not None])
    if interval is not None and not follow:
        raise missing_option("--follow")
    pause = _seconds(interval)
    count = None if tail is None else _count(tail)
    after_time = _moment(since_time) if since_time is not None else None
    past = None if since is None else _duration(since)
    network = running_network(console)
    if past is not None:
        after_time = network.host.time() - past
    caller = caller_of(console.settings)
    canister = network.canister_id(canister_name)
    with attempting(f"Failed to get canister logs of {canister.text}."):
        if follow:
            _follow(console, network, caller, canister, pause)
            return None
        records = canister_logs.fetch(
            network.host, caller, canister, tail=count, after_time=after_time
        )
    return _lines(records)


def _follow(
    console: Console, network: Local, caller: Principal, canister: Principal, pause: float
) -> None:
    """Print what there is and then what is new, until somebody stops it: that is no failure."""
    seen = -1
    try:
        with stoppable():
            while True:
                records = canister_logs.fetch(network.host, caller, canister, after_index=seen)
                if records:
                    console.environment.show(_lines(records))
                    seen = records[-1].idx
                time.sleep(pause)
    except KeyboardInterrupt:
        return


def _lines(records: list[canister_logs.LogRecord]) -> str:
    return "\n".join(
        f"[{record.idx}. {shown(record.time)}]: {record.message}" for record in records
    )


def _check_alone(given: list[str]) -> None:
    if len(given) > 1:
        raise conflict(_USAGES[given[0]], _USAGES[given[1]])


def _count(text: str) -> int:
    try:
        return nat64(text)
    except ValueError:
        whole = text.isascii() and text.isdigit()
        why = "number too large to fit in target type" if whole else "invalid digit found in string"
        raise invalid(_USAGES["tail"], text, why) from None


def _seconds(text: str | None) -> float:
    if text is None:
        return _DEFAULT_INTERVAL
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?|\.[0-9]+", text):
        raise invalid("--interval <INTERVAL>", text, "Must be a number of seconds, such as 2 or .5")
    return max(_SHORTEST_PAUSE, float(text))


def _duration(text: str) -> int:
    """Return the nanoseconds of a duration such as `30s`; raises `UsageError` in dfx's words."""
    typed = text.strip()
    number = typed.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = typed[len(number) :].lower()
    why = None
    if not typed:
        why = "Duration cannot be empty"
    elif unit not in _UNITS:
        why = f"Unknown duration unit: '{unit}'. Valid units are s, m, h, d"
    elif not re.fullmatch("[0-9]{1,20}", number):
        why = "Invalid number format in duration"
    if why:
        raise invalid(_USAGES["since"], text, why)
    return int(number) * _UNITS[unit] * _SECOND


def _moment(text: str) -> int:
    """Return the nanoseconds since 1970 of a moment; raises `UsageError` in dfx's words."""
    if re.fullmatch("[0-9]{1,20}", text):
        return int(text)
    try:
        return from_rfc3339(text)
    except ValueError:
        raise invalid(
            _USAGES["since_time"],
            text,
            f"Invalid timestamp format: {text}. Required either nanoseconds since epoch or RFC3339 "
            "format (e.g. '2021-05-06T19:17:10.000000002Z')",
        ) from None
