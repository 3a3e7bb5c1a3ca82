"""The values to offer for an option or an argument, by what kind of value it asks for.

They are read from where the command would act, by queries of nobody in particular: none of them
makes a file or an identity. What records say of themselves is anybody's text.
"""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from originstamp_cli.canister import backend, installation
from originstamp_cli.cli.common import Console
from originstamp_cli.cli.completion.typed import Slot, Typed
from originstamp_cli.cli.sessions import STATUSES
from originstamp_cli.errors import NetworkError
from originstamp_cli.identity.folder import ANONYMOUS_NAME, Folder
from originstamp_cli.network import Local, connect
from originstamp_cli.project.networks import REMOTE, is_embedded
from originstamp_cli.settings import LOCAL, Environment, Settings

MOST_READ = 1_000
MOST_TOKENS = 100

Candidate = tuple[str, str]  # a word, and what it is


class Source:
    """Where values come from: what the command on the typed line would act on."""

    def __init__(self, typed: Typed, environment: Environment) -> None:
        given = typed.values
        state = given.get("--state")
        elsewhere = next((name for name in REMOTE if f"--{name}" in given), None)
        self.arguments = typed.arguments
        self.has_interface = "--did" in given
        self.settings = Settings(
            environment,
            state=None if state is None else _expanded(state, environment),
            network=elsewhere or given.get("--network"),
            identity=ANONYMOUS_NAME,
        )

    def ask(self, method: str, *arguments: Any) -> Any:  # noqa: ANN401 - as the method has it
        """Return what a query answers; raises `NetworkError` rather than wait for a far network."""
        if not is_embedded(self.settings):
            raise NetworkError("Only what is on this machine is offered.")
        return Console(self.settings).call(method, *arguments).value


def _expanded(path: str, environment: Environment) -> str:
    """Return a path as the shell would pass it, as far as that needs nothing to be run."""
    known = environment.variables
    if path.startswith("~/"):
        path = known.get("HOME", "~") + path[1:]
    return re.sub(r"\$(\w+|\{\w+\})", lambda name: known.get(name[1].strip("{}"), name[0]), path)


def _identities(source: Source) -> Iterable[Candidate]:
    names = {ANONYMOUS_NAME, *Folder(source.settings.dfx_folder).names()}
    return [(name, "") for name in sorted(names)]


def _usernames(source: Source) -> Iterable[Candidate]:
    return [(name, "") for name in source.ask("get_all_users")]


def _sessions(source: Source) -> Iterable[Candidate]:
    newest = source.ask("get_recent_sessions", MOST_READ)
    return [(each["session_id"], f"{each['art_title']} ({each['status']})") for each in newest]


def _tokens(source: Source) -> Iterable[Candidate]:
    ids = source.ask("icrc7_tokens", None, MOST_TOKENS)
    about = source.ask("icrc7_token_metadata", ids)
    return [(str(token), each["name"]) for token, each in zip(ids, about, strict=True) if each]


def _statuses(_: Source) -> Iterable[Candidate]:
    return [(status, "") for status in STATUSES]


def _networks(_: Source) -> Iterable[Candidate]:
    return [(name, "") for name in (LOCAL, *REMOTE)]


def _canisters(source: Source) -> Iterable[Candidate]:
    return [(name, known.text) for name, known in connect(source.settings).directory.ids.items()]


def _methods(source: Source) -> Iterable[Candidate]:
    network = connect(source.settings)
    service = network.interface(network.canister_id(source.arguments[0]))
    return [(name, method.mode) for name, method in service.methods.items()] if service else []


def _backends_methods(source: Source) -> Iterable[Candidate]:
    if source.has_interface:
        return []
    return [(name, method.mode) for name, method in backend.interface().methods.items()]


def _metadata(_: Source) -> Iterable[Candidate]:
    return [("candid:service", "its interface")]


def _snapshots(source: Source) -> Iterable[Candidate]:
    from originstamp_cli.canister import snapshots

    return [(name, "") for name in snapshots.names(source.settings.state_path)]


def _saves(source: Source) -> Iterable[Candidate]:
    from originstamp_cli.canister import saves

    kept = saves.listed(Local(source.settings).host)
    return [(each.name or each.snapshot_id, f"{each.memory_size} bytes") for each in kept]


def _times(_: Source) -> Iterable[Candidate]:
    return [("real", "the machine's own"), ("+1h", "an hour on"), ("+1d", "a day on")]


def _nothing(_: Source) -> Iterable[Candidate]:
    return []


def _backups(source: Source) -> Iterable[Candidate]:
    kept = installation.backups(Local(source.settings).host)
    return [(os.path.basename(each.path), f"{each.size} bytes") for each in kept]


def _files(_: Source) -> None:
    """Leave it to the shell, which knows files best."""


# By a command and its argument, by an option, or by the name of a value wherever it is asked for.
KINDS: dict[str, Callable[[Source], Iterable[Candidate] | None]] = {
    "clock TIME": _times,
    "new NAME": _nothing,
    "register-user USERNAME": _nothing,
    "revert SNAPSHOT": _saves,
    "snapshot NAME": _nothing,
    "subtype NEW": _files,
    "subtype OLD": _files,
    "--network": _networks,
    "--session": _sessions,
    "--status": _statuses,
    "--user": _usernames,
    "BACKUP": _backups,
    "CANISTER_NAME": _canisters,
    "CONTROLLER": _identities,
    "DIR": _files,
    "FILE": _files,
    "FROM": _identities,
    "METHOD": _backends_methods,
    "METADATA_NAME": _metadata,
    "METHOD_NAME": _methods,
    "NAME": _identities,
    "NETWORK": _networks,
    "OLD": _usernames,
    "OUTPUT_ENV_FILE": _files,
    "PATH": _files,
    "RECIPIENT": _identities,
    "SESSION": _sessions,
    "SNAPSHOT": _snapshots,
    "STATUS": _statuses,
    "TOKEN": _tokens,
    "USERNAME": _usernames,
    "VIEWER": _identities,
}


def values(slot: Slot, typed: Typed, environment: Environment) -> Iterable[Candidate] | None:
    """Return the values that an option or argument may have, or None for files."""
    if "|" in slot.metavar:
        return [(choice, "") for choice in slot.metavar.split("|")]
    names = (f"{typed.name} {slot.metavar}", *slot.spellings, slot.metavar)
    kind = next((KINDS[name] for name in names if name in KINDS), _nothing)
    found = kind(Source(typed, environment))
    # A name may begin with a dash, but a command would take it for an option.
    return None if found is None else [each for each in found if not each[0].startswith("-")]
