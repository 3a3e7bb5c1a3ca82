"""`info`, and what is said of dfx's commands that are about something else than one canister."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from originstamp_cli.cli.common import Console, dfx_command

app = typer.Typer()

# What dfx has a command for and this program has not, and what to do instead.
ELSEWHERE = {
    "bootstrap": "The embedded network serves no web pages; nothing is needed in its place.",
    "cache": "There is one version here, this program; no cache is kept.",
    "completion": "Use `originstamp completions bash|zsh|fish`.",
    "cycles": "Leave it out: nothing costs cycles on the embedded network.",
    "deps": "Leave it out: the canisters here depend on no other canister.",
    "diagnose": "Use `originstamp health` and `originstamp debug-info`.",
    "extension": "Leave it out: this program takes no extensions.",
    "fix": "Use `originstamp health` and `originstamp debug-info`.",
    "killall": "Use `dfx stop`: the embedded network has no process to end.",
    "language-service": "Leave it out: no Motoko is compiled here.",
    "ledger": "Leave it out: there is no ICP ledger on the embedded network.",
    "new": "Go on without: the canisters are part of this program and need no project.",
    "nns": "Leave it out: the embedded network has no governance canisters.",
    "quickstart": "Begin with `dfx canister call backend get_user_count`.",
    "replica": "Leave it out: the embedded network needs no process.",
    "schema": "Leave it out: nothing of ours is described by a JSON schema.",
    "sns": "Leave it out: the embedded network has no governance canisters.",
    "upgrade": "Use `python -m pip install --upgrade originstamp`.",
    "wallet": "Leave it out: nothing costs cycles on the embedded network.",
    "canister deposit-cycles": "Leave it out: nothing costs cycles on the embedded network.",
    "canister send": "Use `dfx canister call`: the embedded network needs no signed message.",
    "canister sign": "Use `dfx canister call`: the embedded network needs no signed message.",
}

PORT = 4943


class Fact(StrEnum):
    """What `info` tells."""

    CANDID_UI_URL = "candid-ui-url"
    NETWORKS_JSON_PATH = "networks-json-path"
    REPLICA_PORT = "replica-port"
    WEBSERVER_PORT = "webserver-port"


@dfx_command(app, panel="As dfx")
def info(
    console: Console,
    fact: Annotated[Fact, typer.Argument(metavar="WHAT", help="|".join(Fact))],
) -> str:
    """Print a fact about the network.

    Example: dfx info webserver-port
    """
    if fact is Fact.NETWORKS_JSON_PATH:
        return os.path.join(console.settings.dfx_folder, "networks.json")
    if fact is Fact.CANDID_UI_URL:
        return f"http://127.0.0.1:{PORT}/?canisterId=bnz7o-iuaaa-aaaaa-qaaaa-cai"
    return str(PORT)
