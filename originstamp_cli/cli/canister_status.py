"""`canister status`, `info` and `metadata`: how a canister is."""

from typing import Annotated

import typer

from originstamp_cli.canister import management
from originstamp_cli.canister.changes import ALLOWED_VIEWERS
from originstamp_cli.canister.records import Document
from originstamp_cli.cli.call import caller_of
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import (
    All,
    CanisterName,
    Impersonate,
    OneOrAll,
    attempting,
    chosen,
    grouped,
    running_network,
    sender,
)
from originstamp_cli.errors import OriginStampError

app = typer.Typer()

# What a subnet of 13 nodes takes, of whose cycles nobody pays here: figures that stay the same.
_CYCLES_PER_GIB_AND_SECOND = 127_000
_CYCLES_PER_PERCENT_AND_SECOND = 10_000_000
_SECONDS_PER_DAY = 86_400
_GIB = 2**30
_BALANCE = 3_000_000_000_000


@dfx_command(app)
def status(
    console: Console,
    canister_name: OneOrAll = None,
    all_: All = False,
    impersonate: Impersonate = None,
) -> str:
    """Show whether a canister runs, who controls it, what it holds and how it is set.

    Example: dfx canister status backend
    """
    network = running_network(console)
    caller = sender(console, impersonate)
    shown = []
    for name, canister in chosen(network, canister_name, all_):
        with attempting(
            f"Failed to get canister status for '{name}'.",
            f"Failed to get canister status of {canister.text}.",
            impersonated=impersonate is not None,
        ):
            shown.append(_lines(name, management.status(network.host, caller, canister)))
    return "\n".join(shown)


def _lines(name: str, record: Document) -> str:
    """Return the lines that dfx 0.32 prints, which tools read."""
    size = record["memory_size"]
    module = f"0x{record['module_hash']}" if record["module_hash"] else "None"
    return "\n".join(
        [
            f"Canister status call result for {name}.",
            f"Status: {record['status'].capitalize()}",
            f"Controllers: {' '.join(sorted(record['controllers']))}",
            f"Memory allocation: {grouped(record['memory_allocation'])} Bytes",
            f"Compute allocation: {grouped(record['compute_allocation'])} %",
            f"Freezing threshold: {grouped(record['freezing_threshold'])} Seconds",
            f"Idle cycles burned per day: {grouped(_burned_per_day(record))} Cycles",
            f"Memory Size: {grouped(size)} Bytes",
            f"Balance: {grouped(_BALANCE)} Cycles",
            "Reserved: 0 Cycles",
            f"Reserved cycles limit: {grouped(record['reserved_cycles_limit'])} Cycles",
            f"Wasm memory limit: {grouped(record['wasm_memory_limit'])} Bytes",
            f"Wasm memory threshold: {grouped(record['wasm_memory_threshold'])} Bytes",
            f"Module hash: {module}",
            "Number of queries: 0",
            "Instructions spent in queries: 0",
            "Total query request payload size: 0 Bytes",
            "Total query response payload size: 0 Bytes",
            f"Log visibility: {_visibility(record)}",
        ]
    )


def _burned_per_day(record: Document) -> int:
    memory: int = max(record["memory_size"], record["memory_allocation"])
    for_memory = memory * _CYCLES_PER_GIB_AND_SECOND * _SECONDS_PER_DAY // _GIB
    percent: int = record["compute_allocation"]
    return for_memory + percent * _CYCLES_PER_PERCENT_AND_SECOND * _SECONDS_PER_DAY


def _visibility(record: Document) -> str:
    visibility: str = record["log_visibility"]
    if visibility != ALLOWED_VIEWERS:
        return visibility
    if not record["log_viewers"]:
        return "allowed viewers list is empty"
    return f"allowed viewers: {', '.join(sorted(record['log_viewers']))}"


@dfx_command(app)
def info(console: Console, canister_name: CanisterName) -> str:
    """Show who controls a canister and the hash of its code; anyone may ask.

    Example: dfx canister info backend
    """
    network = running_network(console)
    canister = network.canister_id(canister_name)
    found = management.info(network.host, caller_of(console.settings), canister)
    if found is None:
        raise OriginStampError(f"Canister {canister.text} does not exist.")
    module = f"0x{found['module_hash']}" if found["module_hash"] else "None"
    return f"Controllers: {' '.join(sorted(found['controllers']))}\nModule hash: {module}"


@dfx_command(app)
def metadata(
    console: Console,
    canister_name: CanisterName,
    metadata_name: Annotated[
        str, typer.Argument(metavar="METADATA_NAME", help="What to print: candid:service.")
    ],
) -> None:
    """Print a canister's public metadata as it is, such as its interface.

    Example: dfx canister metadata backend candid:service > backend.did
    """
    network = running_network(console)
    canister = network.canister_id(canister_name)
    found = management.metadata(network.host, canister, metadata_name)
    if found is None:
        path = f'"canister", 0x{canister.raw.hex()}, "metadata", "{metadata_name}"'
        raise OriginStampError(
            f"Failed to read `{metadata_name}` metadata of canister {canister.text}.",
            causes=(f"The lookup path ([{path}]) is absent in the certificate.",),
        )
    console.environment.show(found, end="")
