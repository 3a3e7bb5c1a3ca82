"""`ping`, `deploy` and `dfx-shim`: the network, what runs on it, and a dfx that is ours."""

import os
import sys
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

import typer

from originstamp_cli.canister import backend, lifecycle, management
from originstamp_cli.cli.call import reach
from originstamp_cli.cli.common import Console, command, dfx_command
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import connect

PANEL = "As dfx"
app = typer.Typer()

_ROOT_KEY_HEAD = bytes.fromhex(
    "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100"
)


class Policy(StrEnum):
    """How strict the canister is."""

    HARDENED = lifecycle.HARDENED
    FAITHFUL = lifecycle.FAITHFUL


@dfx_command(app, panel=PANEL)
def ping(
    console: Console,
    network_name: Annotated[
        str | None, typer.Argument(metavar="NETWORK", help="The network to ask.")
    ] = None,
) -> str:
    """Say whether the network answers.

    Example: dfx ping
    """
    if network_name is not None:
        console.settings.network = network_name
    connect(console.settings)
    key = ", ".join(str(byte) for byte in root_key())
    return f'{{\n  "replica_health_status": "healthy",\n  "root_key": [{key}]\n}}'


def root_key() -> bytes:
    """Return the bytes that stand for the network's public key: 133, of the right form.

    Nothing is signed with it: the embedded network makes no certificates.
    """
    return _ROOT_KEY_HEAD + b"".join(
        sha256(b"originstamp root key %d" % part).digest() for part in range(3)
    )


@dfx_command(app, panel=PANEL)
def deploy(
    console: Console,
    canister_name: Annotated[
        str, typer.Argument(metavar="CANISTER_NAME", help="Which: backend.", show_default=False)
    ] = backend.NAME,
    policy: Annotated[
        Policy | None, typer.Option("--policy", help="Guard who may act, or be as deployed.")
    ] = None,
) -> None:
    """Install the canister; the first to do so becomes its controller.

    Example: dfx deploy backend
    """
    say = console.environment.log
    network = reach(console.settings, console.identities)
    if network.canister_id(canister_name) != backend.ID:
        raise OriginStampError(f"There is no canister {canister_name}.")
    caller = console.identities.principal()
    say(f"Deploying: {canister_name}")
    first = management.deploy(network.host, caller, policy.value if policy else None)
    if first:
        say(f"{backend.NAME} canister created with canister id: {backend.ID}")
    else:
        say("All canisters have already been created.")
    say(f"Building canister '{backend.NAME}'.")
    if not first:
        say(f"Module hash {management.module_hash()} is already installed.")
    verb = "Installed" if first else "Upgraded"
    if policy:
        say(f"The policy of canister {backend.NAME} is {policy.value}.")
    say(f"{verb} code for canister {backend.NAME}, with canister ID {backend.ID}")
    say("Deployed canisters.")


@command(app, panel="Set-up")
def dfx_shim(
    console: Console,  # noqa: ARG001 - every command has one
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Put first on PATH, it is dfx.")],
) -> str:
    """Make a dfx that is this program, so that scripts written for dfx run unchanged.

    Example: export PATH="$(dirname "$(originstamp dfx-shim ~/shim)"):$PATH"
    """
    program = os.path.join(os.path.dirname(sys.executable), "originstamp")
    link = os.path.join(folder, "dfx")
    if not os.path.exists(program):
        raise OriginStampError(
            f"There is no {program} for a dfx to lead to.",
            fix="Install originstamp for this Python: python -m pip install originstamp",
        )
    try:
        link = os.path.abspath(link)
        os.makedirs(folder, exist_ok=True)
        if not (os.path.islink(link) and os.readlink(link) == program):
            os.symlink(program, link)  # over anything else there it fails, which is right
    except OSError as error:
        raise OriginStampError(
            f"{link} cannot be made: {error.strerror}.", fix="Choose a folder of your own."
        ) from error
    return link
