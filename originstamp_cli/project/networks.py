"""Which network a name means, in the order in which dfx looks (its documentation, "networks")."""

import os
import re
from typing import NamedTuple

from originstamp_cli.errors import NO_AGENT, NetworkError
from originstamp_cli.project import find_project
from originstamp_cli.settings import LOCAL, Settings

IC = "ic"
PLAYGROUND = "playground"
REMOTE = (IC, PLAYGROUND)  # those with a name of their own that are never this machine

HOST = "127.0.0.1:4943"  # where dfx's own local network answers
_HERE = re.compile(r"(?:http://)?(?:127\.0\.0\.1|localhost):4943/?", re.ASCII)
_MAINNET = re.compile(r"https://(?:icp0\.io|ic0\.app|icp-api\.io|icp-api\.app)/?", re.ASCII)
_URL = re.compile(r"https?://", re.ASCII)

LOCAL_ONLY = "Leave out --network, or say --network local."


class Described(NamedTuple):
    """A network: its name, whether it is the embedded one, and whether its ids outlast it."""

    name: str
    embedded: bool
    persistent: bool


_LOCAL = Described(LOCAL, embedded=True, persistent=False)
_IC = Described(IC, embedded=False, persistent=True)


def describe(settings: Settings) -> Described:
    """Return the network that the settings name.

    `ic` is built in, a URL speaks for itself; then come the networks of dfx.json, those of
    networks.json, and the playground. Raises `NetworkError` for any other name.
    """
    name = settings.network
    if name == LOCAL:
        return _LOCAL
    if name == IC or _MAINNET.fullmatch(name):
        return _IC
    if _URL.match(name):  # looked at early: no file need be read for it
        plain = re.sub("[^a-zA-Z0-9]", "_", name)
        return Described(plain, embedded=is_here(name), persistent=False)
    configured = _configured(settings, name)
    if configured is not None:
        return configured
    if name == PLAYGROUND:
        return Described(PLAYGROUND, embedded=False, persistent=False)
    raise NetworkError(
        NO_AGENT,
        fix=LOCAL_ONLY,
        causes=(f"Network not found: {name}",),
        plainly=f"There is no network {name!r}.",
    )


def is_embedded(settings: Settings) -> bool:
    """Tell whether the network that the settings name is this machine's; raises as `describe`."""
    return settings.network == LOCAL or describe(settings).embedded


def is_here(url: str) -> bool:
    """Tell whether an address is where dfx's own local network answers."""
    return _HERE.fullmatch(url) is not None


def _configured(settings: Settings, name: str) -> Described | None:
    """Return a network that dfx.json or networks.json defines."""
    from originstamp_cli.project.files import NetworksJson, read

    project = find_project(settings.environment.folder)
    found = project.config.networks.get(name) if project else None
    if found is None:
        shared = read(os.path.join(settings.dfx_folder, "networks.json"), NetworksJson)
        found = shared.root.get(name) if shared else None
    if found is None:
        return None
    if found.providers is None:
        embedded = is_here(found.bind or HOST)
        return Described(name, embedded=embedded, persistent=found.type == "persistent")
    if not found.providers:
        why = f"Did not find any providers for network '{name}'"
        raise NetworkError(NO_AGENT, fix=LOCAL_ONLY, causes=(why,), plainly=f"{why}.")
    embedded = is_here(found.providers[0])
    return Described(name, embedded=embedded, persistent=found.type != "ephemeral")
