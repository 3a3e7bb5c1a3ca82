"""The shell's prompt: a line with completion and history, over prompt_toolkit."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from originstamp_cli.candid.escapes import show_label
from originstamp_cli.candid.types import Record, Type, Variant
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.cli.shell import COMMANDS, Left, Session
from originstamp_cli.cli.spoken import SECRET_METHODS, Spoken, spoken
from originstamp_cli.cli.unfinished import is_unfinished, place_at_end
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import Request
from originstamp_cli.render import harmless

MOST_READ = 200


def converse(session: Session) -> None:
    """Ask for calls and answer them until the user leaves."""
    asking: PromptSession[str] = PromptSession(
        history=_history(session),
        completer=ShellCompleter(session),
        complete_while_typing=False,
        multiline=True,
        key_bindings=_keys(),
        prompt_continuation=lambda width, _line, _wraps: "." * (width - 1) + " ",
        enable_history_search=False,
    )
    while True:
        try:
            who = f"{session.identity} " if session.identity else ""
            text = asking.prompt(f"{who}{session.calls.canister}> ")
            if text.strip():
                session.answer(text)
        except KeyboardInterrupt:
            continue  # the line is cleared, or what was called is left
        except (EOFError, Left):
            return


def _keys() -> KeyBindings:
    """Return what Enter does: it goes on while something is open, and else it is the end."""
    keys = KeyBindings()

    @keys.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        buffer: Buffer = event.current_buffer
        if is_unfinished(buffer.text):
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    return keys


class CallHistory(FileHistory):
    """Keeps what was typed, but for what may hold a secret."""

    def __init__(self, path: str, session: Session) -> None:
        super().__init__(path)
        self._session = session

    def append_string(self, string: str) -> None:
        """Keep what was typed, to be found with the arrow keys and by the next shell."""
        if is_kept(string, self._session):
            with suppress(OSError):
                super().append_string(string)


def is_kept(text: str, session: Session) -> bool:
    """Tell whether history may have a line: one of a method that is known and takes no secret."""
    if text.lstrip().startswith(":"):
        return True
    parts = spoken(text)
    if parts is None or parts.method in SECRET_METHODS:
        return False
    try:  # of a misspelt method, nobody knows what its arguments are
        return parts.method in session.methods(parts.canister)
    except OriginStampError:
        return False


def _history(session: Session) -> History:
    """Return the history in the data folder, readable by its owner only."""
    folder = session.settings.data_folder
    path = os.path.join(folder, "shell-history")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)
    except OSError as error:
        session.environment.say(f"No history is kept: {path}: {error.strerror}.")
        return InMemoryHistory()
    return CallHistory(path, session)


class ShellCompleter(Completer):
    """Offers commands, methods, the fields of records, and ids that the state has."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - as the library calls it
    ) -> Iterable[Completion]:
        """Return what the text before the cursor may become; nothing where that goes wrong."""
        with suppress(OriginStampError):
            for word, typed in self._offers(document.text_before_cursor):
                if word.startswith(typed) and word.isprintable():
                    yield Completion(word, -len(typed))

    def _offers(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield words, each with what of it is typed already."""
        start = text.lstrip()
        if start.startswith(":"):
            yield from self._of_command(start)
            return
        parts = spoken(start)
        if parts is None or (parts.argument is None and not start[-1:].isspace()):
            yield from ((name, start) for name in self._names())
        else:
            yield from self._of_argument(parts, start[parts.at :])

    def _names(self) -> Iterator[str]:
        yield from self._session.methods()
        for canister in CANISTERS:
            if canister != self._session.calls.canister:
                with suppress(OriginStampError):
                    yield from (f"{canister}.{each}" for each in self._session.methods(canister))

    def _of_command(self, text: str) -> Iterator[tuple[str, str]]:
        name, space, rest = text.partition(" ")
        values: Iterable[str] = ()
        if not space:
            values, rest = COMMANDS, name
        elif name == ":as":
            values = self._session.calls.names()
        elif name == ":canister":
            values = CANISTERS
        elif name == ":help":
            values = self._names()
        yield from ((value, rest) for value in values)

    def _of_argument(self, parts: Spoken, text: str) -> Iterator[tuple[str, str]]:
        types = self._session.types_of(parts.canister, parts.method)
        if not text:
            yield ("(", "")
            return
        place = place_at_end(text, types)
        if place is None or place.type is None:
            return
        found = place.type.resolve()
        if place.wants_field and isinstance(found, Record | Variant):
            labels = [show_label(field.label) for field in found.fields]
            free = [label for label in labels if label.strip('"') not in place.used]
            yield from ((f"{label} = ", place.word) for label in free)
            return
        yield from (
            (each, place.word) for each in self._values(parts, place.name, place.position, found)
        )

    def _values(self, parts: Spoken, name: str, position: int, type_: Type) -> Iterator[str]:
        """Yield values that the state has of what a place asks for."""
        kind = type_.kind
        if kind in {"record", "variant", "vec"}:
            yield f"{kind} {{ "
        elif kind == "principal":
            for each in self._session.calls.names():
                with suppress(OriginStampError):
                    yield f'principal "{self._session.calls.caller(each).text}"'
        elif kind in {"nat", "nat64"} and (
            "token" in f"{parts.method}{name}" or "owner" in parts.method
        ):
            yield from map(str, self._ask("icrc7_tokens", None, MOST_READ))
        elif kind == "text" and position <= 0:
            yield from (f'"{harmless(each)}"' for each in self._texts(parts.method, name))

    def _texts(self, method: str, name: str) -> Iterator[str]:
        about = f"{method} {name}"
        if method in {"get_user_sessions", "get_user_info", "login", "create_physical_art_session"}:
            yield from self._ask("get_all_users")
        elif "session" in about or method == "generate_upload_url":
            recent = self._ask("get_recent_sessions", MOST_READ)
            yield from (each["session_id"] for each in recent)

    def _ask(self, method: str, *arguments: Value) -> Any:  # noqa: ANN401 - as the method has it
        network = self._session.network
        canister = network.canister_id(backend.NAME)
        signature = backend.interface().methods[method]
        request = Request(
            canister,
            method,
            values=list(arguments),
            types=signature.args,
            caller=self._session.calls.caller(self._session.identity),
            kind="query",
        )
        return network.call(request).values[0]
