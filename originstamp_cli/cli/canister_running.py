"""`canister start`, `stop` and `uninstall-code`: whether a canister answers."""

import typer

from originstamp_cli.canister import management
from originstamp_cli.cli.call import caller_of
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import All, OneOrAll, attempting, chosen, running_network

app = typer.Typer()


@dfx_command(app)
def start(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Have a stopped canister take calls again.

    Example: dfx canister start backend
    """
    network = running_network(console)
    caller = caller_of(console.settings)
    for name, canister in chosen(network, canister_name, all_):
        console.inform(f"Starting code for canister {name}, with canister_id {canister.text}")
        with attempting(f"Failed to start canister {canister.text}."):
            management.start(network.host, caller, canister)


@dfx_command(app)
def stop(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Have a canister take no calls until it is started; what it holds stays.

    Example: dfx canister stop backend
    """
    network = running_network(console)
    caller = caller_of(console.settings)
    for name, canister in chosen(network, canister_name, all_):
        console.inform(f"Stopping code for canister {name}, with canister_id {canister.text}")
        with attempting(f"Failed to stop canister {canister.text}."):
            management.stop(network.host, caller, canister)


@dfx_command(app)
def uninstall_code(console: Console, canister_name: OneOrAll = None, all_: All = False) -> None:
    """Remove a canister's code and ALL that it remembers; its id and settings stay.

    Example: dfx canister uninstall-code backend
    """
    network = running_network(console)
    caller = caller_of(console.settings)
    for name, canister in chosen(network, canister_name, all_):
        console.inform(f"Uninstalling code for canister {name}, with canister_id {canister.text}")
        with attempting(f"Failed to uninstall code for {canister.text}."):
            management.uninstall(network.host, caller, canister)
