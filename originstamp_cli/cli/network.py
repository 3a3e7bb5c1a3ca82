"""`start`, `stop`, `ping`, `build` and `dfx-shim`: the network, and a dfx that is ours."""

import os
import re
import shutil
import time
from hashlib import sha256
from typing import Annotated

import typer

from originstamp_cli.canister import installation
from originstamp_cli.cli.app import DFX_VERSION
from originstamp_cli.cli.common import Console, command, dfx_command
from originstamp_cli.cli.hooks import program
from originstamp_cli.cli.installing import EnvFile, hidden
from originstamp_cli.cli.made import build as build_one
from originstamp_cli.cli.made import env_path, keep_variables
from originstamp_cli.cli.site import Site
from originstamp_cli.errors import NetworkError, OriginStampError, UsageError
from originstamp_cli.network import Local, connect
from originstamp_cli.project import find_project
from originstamp_cli.project.networks import HOST
from originstamp_cli.settings import LOCAL

PANEL = "As dfx"
RETRIES = 60  # one a second, as dfx waits for a network
app = typer.Typer()

_SOCKET = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5}", re.ASCII)
_ROOT_KEY_HEAD = bytes.fromhex(
    "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100"
)


@dfx_command(app, panel=PANEL)
def start(
    console: Console,
    clean: Annotated[
        bool, typer.Option("--clean", help="Begin with an empty state; the old one is kept.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--background", help="As dfx; there is no process either way.")
    ] = False,
    host: Annotated[str | None, hidden("--host", "HOST")] = None,
    replica: Annotated[bool, hidden("--replica")] = False,
    system_canisters: Annotated[bool, hidden("--system-canisters")] = False,  # noqa: ARG001 - as dfx
    bitcoin_node: Annotated[list[str] | None, hidden("--bitcoin-node", "NODE")] = None,  # noqa: ARG001
    enable_bitcoin: Annotated[bool, hidden("--enable-bitcoin")] = False,  # noqa: ARG001
    dogecoin_node: Annotated[list[str] | None, hidden("--dogecoin-node", "NODE")] = None,  # noqa: ARG001
    enable_dogecoin: Annotated[bool, hidden("--enable-dogecoin")] = False,  # noqa: ARG001
    enable_canister_http: Annotated[bool, hidden("--enable-canister-http")] = False,  # noqa: ARG001
    artificial_delay: Annotated[int, hidden("--artificial-delay", "MS")] = 600,  # noqa: ARG001
    force: Annotated[bool, hidden("--force")] = False,  # noqa: ARG001
    domain: Annotated[list[str] | None, hidden("--domain", "DOMAIN")] = None,  # noqa: ARG001
    pocketic: Annotated[bool, hidden("--pocketic")] = False,  # noqa: ARG001
    emulator: Annotated[bool, hidden("--emulator")] = False,  # noqa: ARG001
) -> None:
    """Start the network, which needs no process: it returns at once.

    Example: dfx start --clean --background
    """
    if replica:
        raise OriginStampError(
            "The --replica option was removed from dfx.", fix="Leave it out: nothing replaces it."
        )
    if host is not None and not _SOCKET.fullmatch(host):
        raise OriginStampError("Invalid argument: Invalid host: invalid socket address syntax")
    network = Local(console.settings)
    backup = installation.set_aside(network.host) if clean else None
    installation.set_running(network.host, running=True)
    _tidy_project(console, clean=clean)
    if backup:
        console.detail(f"The state before is kept as {backup}.")
    place = host or HOST
    console.inform(f"Running dfx start for version {DFX_VERSION}")
    console.inform("Using the default configuration for the local shared network.")
    if background:
        console.inform(f"Replica API running in the background on {place}")
    else:
        console.inform(
            f"Replica API running on {place}. It needs no process, so this terminal stays free."
        )


def _tidy_project(console: Console, *, clean: bool) -> None:
    """Leave in a project what dfx does: an empty .dfx, and nothing of a network that is gone."""
    project = find_project(console.environment.folder)
    if project is None:
        return
    folder = os.path.join(project.folder, ".dfx")
    try:
        if clean and os.path.isdir(os.path.join(folder, LOCAL)):
            shutil.rmtree(os.path.join(folder, LOCAL))
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        console.warn(f"{folder} cannot be tidied: {error.strerror}.")


@dfx_command(app, panel=PANEL)
def stop(console: Console) -> None:
    """Stop the network: nothing answers until it is started again.

    Example: dfx stop
    """
    if not installation.set_running(Local(console.settings).host, running=False):
        console.inform("No local network replica found. Nothing to do.")


@dfx_command(app, panel=PANEL)
def ping(
    console: Console,
    network_name: Annotated[
        str | None, typer.Argument(metavar="NETWORK", help="The network to ask, or its URL.")
    ] = None,
    wait_healthy: Annotated[
        bool, typer.Option("--wait-healthy", help="Wait for it to answer, for a minute at most.")
    ] = False,
) -> str:
    """Say whether the network answers.

    Example: dfx ping
    """
    if network_name is not None:
        console.settings.network = network_name
    _await(connect(console.settings), RETRIES if wait_healthy else 0)
    key = ", ".join(str(byte) for byte in root_key())
    return f'{{\n  "replica_health_status": "healthy",\n  "root_key": [{key}]\n}}'


def _await(network: Local, retries: int) -> None:
    """Return when the network runs; raises `NetworkError` where it does not after the retries."""
    for left in range(retries, -1, -1):
        try:
            network.look_again()
            network.check_running()
        except NetworkError as error:
            if not retries:
                raise
            if not left:
                raise NetworkError("Timed out waiting for replica to become healthy") from error
            time.sleep(1)
        else:
            return


def root_key() -> bytes:
    """Return the bytes that stand for the network's public key: 133, of the right form.

    Nothing is signed with it: the embedded network makes no certificates.
    """
    return _ROOT_KEY_HEAD + b"".join(
        sha256(b"originstamp root key %d" % part).digest() for part in range(3)
    )


@dfx_command(app, panel=PANEL)
def build(
    console: Console,
    canister_name: Annotated[
        str | None,
        typer.Argument(metavar="CANISTER_NAME", help="Which; without one all are."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All canisters.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Build without ids.")] = False,
    output_env_file: EnvFile = None,
) -> None:
    """Check that every method has its function, and leave the interface in the project.

    Example: dfx build backend
    """
    if canister_name is not None and all_:
        raise UsageError("the argument '[CANISTER_NAME]' cannot be used with '--all'")
    site = Site(console)
    if canister_name is not None:
        canister_name = site.name_of(canister_name)
        site.known(canister_name)
    names = site.names() if canister_name is None else [canister_name]
    path = env_path(site, output_env_file)
    if check:
        console.warn("Building canisters to check they build ok. Canister IDs might be hard coded.")
    else:
        for name in names:
            site.identifier(name)
    for name in names:
        build_one(site, name)
    if not check:
        keep_variables(site, path, names)
    console.inform("Finished building canisters.")


@command(app, panel="Set-up")
def dfx_shim(
    console: Console,  # noqa: ARG001 - every command has one
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Put first on PATH, it is dfx.")],
) -> str:
    """Make a dfx that is this program, so that scripts written for dfx run unchanged.

    Example: export PATH="$(dirname "$(originstamp dfx-shim ~/shim)"):$PATH"
    """
    ours = program()
    link = os.path.join(folder, "dfx")
    try:
        link = os.path.abspath(link)
        os.makedirs(folder, exist_ok=True)
        if not (os.path.islink(link) and os.readlink(link) == ours):
            os.symlink(ours, link)  # over anything else there it fails, which is right
    except OSError as error:
        raise OriginStampError(
            f"{link} cannot be made: {error.strerror}.", fix="Choose a folder of your own."
        ) from error
    return link
