"""`canister start`, `stop` and `uninstall-code`: whether a canister answers."""

from collections.abc import Callable
from typing import NamedTuple

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import management
from originstamp_cli.canister.runtime import Host
from originstamp_cli.cli.call import caller_of
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import All, OneOrAll, attempting, chosen, running_network

app = typer.Typer()


class _Change(NamedTuple):
    """Something done to a canister: how it is announced, what failed if it does, what does it."""

    doing: str
    attempt: str
    make: Callable[[Host, Principal, Principal], None]


_START = _Change("Starting", "start canister", management.start)
_STOP = _Change("Stopping", "stop canister", management.stop)
_UNINSTALL = _Change("Uninstalling", "uninstall code for", management.uninstall)


@dfx_command(app)
def start(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Have a stopped canister take calls again.

    Example: dfx canister start backend
    """
    _change(console, _START, canister_name, everything=all_)


@dfx_command(app)
def stop(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Have a canister take no calls until it is started; what it holds stays.

    Example: dfx canister stop backend
    """
    _change(console, _STOP, canister_name, everything=all_)


@dfx_command(app)
def uninstall_code(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Remove a canister's code and ALL that it remembers; its id and settings stay.

    Example: dfx canister uninstall-code backend
    """
    _change(console, _UNINSTALL, canister_name, everything=all_)


def _change(console: Console, change: _Change, name: str | None, *, everything: bool) -> None:
    network = running_network(console)
    caller = caller_of(console.settings)
    for typed, canister in chosen(network, name, everything):
        place = f"canister {typed}, with canister_id {canister.text}"
        console.inform(f"{change.doing} code for {place}")
        with attempting(f"Failed to {change.attempt} {canister.text}."):
            change.make(network.host, caller, canister)
