"""What the commands that manage canisters have in common: which, by whom, and how they fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.management import ManagementRejected
from originstamp_cli.cli.call import caller_of, reach, refuse_impersonation_elsewhere
from originstamp_cli.cli.common import Console
from originstamp_cli.cli.options import missing_option
from originstamp_cli.errors import OriginStampError, UsageError
from originstamp_cli.network import Local

Chosen = list[tuple[str, Principal]]  # each canister as it was typed, and its id

CanisterName = Annotated[
    str, typer.Argument(metavar="CANISTER_NAME", help="A canister's name or id.")
]
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="CANISTER_NAME", help="A canister's name or id.", show_default=False),
]
All = Annotated[bool, typer.Option("--all", help="Every canister in place of one.")]
Impersonate = Annotated[
    str | None,
    typer.Option("--impersonate", metavar="PRINCIPAL", help="Act as this principal."),
]


def running_network(console: Console) -> Local:
    """Return the network; raises `NetworkError` where it does not answer."""
    network = reach(console.settings)
    network.check_running()
    return network


def chosen(network: Local, canister_name: str | None, everything: bool) -> Chosen:  # noqa: FBT001 - the flag --all
    """Return the canisters that a command is about; raises `UsageError` where it names none."""
    if canister_name is not None:
        return [(canister_name, network.canister_id(canister_name))]
    if not everything:
        raise missing_option("--all")
    return list(network.directory.ids.items())


def sender(console: Console, impersonate: str | None) -> Principal:
    """Return the principal that manages: the acting identity's, or the one that is played.

    Raises `UsageError` for a text that is none.
    """
    if impersonate is None:
        return caller_of(console.settings)
    refuse_impersonation_elsewhere(console.settings)
    try:
        return Principal.from_text(impersonate)
    except ValueError as error:
        raise invalid("--impersonate <IMPERSONATE>", impersonate, str(error)) from error


@contextmanager
def attempting(*contexts: str, impersonated: bool = False) -> Iterator[None]:
    """Tell a refusal of what is done here below what was attempted, outermost first."""
    try:
        yield
    except ManagementRejected as refusal:
        raise refusal.within(*contexts, impersonated=impersonated) from refusal


def ask_for_consent(console: Console, message: str) -> None:
    """Ask before what cannot be taken back; raises `OriginStampError` for anything but a yes."""
    say = console.environment.say
    say(f"WARNING!\n{message}\nDo you want to proceed? yes/No")
    answer = console.environment.stdin.readline().strip().lower()
    if answer not in {"yes", "y"}:
        raise OriginStampError("User declined consent.")


def invalid(option: str, value: str, why: str) -> UsageError:
    """Return the error for a value that cannot be, in clap's words."""
    return UsageError(f"invalid value '{value}' for '{option}': {why}")


def principals(console: Console, texts: list[str] | None) -> list[Principal]:
    """Return the principals that identities' names or texts mean; raises `OriginStampError`."""
    return [principal(console, text) for text in texts or []]


def principal(console: Console, text: str) -> Principal:
    """Return the principal that an identity's name or a text means; raises `OriginStampError`."""
    if text in console.identities.names():
        return console.identities.principal(text)
    try:
        return Principal.from_text(text)
    except ValueError as error:
        raise OriginStampError(
            f"{text!r} is neither an identity nor a principal: {error}",
            fix=f"The identities are {', '.join(console.identities.names())}.",
        ) from None


def grouped(number: int) -> str:
    """Return a number as dfx prints it, such as 3_221_225_472."""
    return f"{number:_}"
