"""`shell`: calls one after the other, typed at a prompt or piped in."""

from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from originstamp_cli.candid import CandidError, show_args
from originstamp_cli.candid.types import Type
from originstamp_cli.canister import backend, clock
from originstamp_cli.cli.argument import argument_values, unserializable
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.moments import moment
from originstamp_cli.cli.options import Arguments
from originstamp_cli.cli.report import report_as_dfx
from originstamp_cli.cli.spoken import Calls, spoken
from originstamp_cli.cli.unfinished import is_unfinished
from originstamp_cli.errors import OriginStampError, UsageError
from originstamp_cli.network import connect

PANEL = "Many calls"
app = typer.Typer()

COMMANDS = {
    ":as": "IDENTITY   act in this name from now on; without one, say who acts",
    ":canister": "NAME       call this one from now on: backend or nft",
    ":time": "TIME       make calls at this time from now on, or real; without one, show it",
    ":help": "           show this; with a method's name, its types",
    ":quit": "           leave, as Ctrl-D does",
}
_HOW = """\
METHOD (args) calls a method; CANISTER.METHOD (args) one of another canister. A call may take
several lines: it goes on while a bracket or a quotation mark is open. Tab completes.
"""


class Left(Exception):
    """The user has had enough."""


@command(app, panel=PANEL)
def shell(
    console: Console,
    canister: Annotated[
        str, typer.Option("--canister", metavar="CANISTER_NAME", help="Which canister is called.")
    ] = backend.NAME,
    output: Annotated[  # as canister call has it, without what no terminal shows
        str, typer.Option("--output", metavar="pp|idl", help="How the replies are printed.")
    ] = "pp",
) -> None:
    """Call methods at a prompt, with completion and history; :help says how.

    Without a terminal it reads the calls from standard input, and the exit code is 1 if any failed.

    Example: originstamp shell
    """
    if output not in {"pp", "idl"}:
        raise UsageError(f"{output!r} is not a form of output.", fix="Give pp or idl.")
    session = Session(console, canister, output)
    if console.environment.on_terminal:
        from originstamp_cli.cli.prompting import converse

        converse(session)
    elif not _all_done(session):
        raise typer.Exit(1)


class Session:
    """A shell under way: who acts, what is called, and how each thing typed is answered."""

    def __init__(self, console: Console, canister: str, form: str) -> None:
        self.settings = console.settings
        self.environment = console.environment
        self.identity: str | None = None
        self._form = form
        self.network = connect(console.settings)
        self.network.check_running()
        self.network.canister_id(canister)
        self.calls = Calls(console.settings, self.network, canister)
        self.calls.caller()

    def answer(self, text: str) -> bool:
        """Do what was typed and tell whether it went well; raises `Left`."""
        try:
            self.network.look_again()  # others may have changed what answers here
            if text.strip().startswith(":"):
                return self._obey(text.strip())
            return self._call(text)
        except OriginStampError as error:
            report_as_dfx(error, self.environment)
            return False

    def types_of(self, canister: str | None, method: str) -> list[Type]:
        """Return the types of a method's arguments; none where it is not known."""
        return self.calls.request(method, canister, self.identity)[0].types or []

    def methods(self, canister: str | None = None) -> list[str]:
        """Return the methods of a canister."""
        service = self.network.interface(self.network.canister_id(canister or self.calls.canister))
        return [*service.methods] if service else []

    def _call(self, text: str) -> bool:
        parts = spoken(text)
        if parts is None:
            raise UsageError("A line begins with the name of a method.", fix="Type :help.")
        request, signature = self.calls.request(parts.method, parts.canister, self.identity)
        if signature is None:
            self._warn(parts.method, parts.canister)
        request.values = argument_values(parts.argument, request.types, Arguments(), self.settings)
        reply = self.network.call(request)
        try:
            values, types = reply.read_at(signature.results if signature else None)
        except CandidError as error:
            raise unserializable(error.message) from error
        self.environment.show(show_args(values, types, self._form))
        return True

    def _warn(self, method: str, canister: str | None) -> None:
        from difflib import get_close_matches

        near = get_close_matches(method, self.methods(canister), n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        self.environment.say(f"The interface has no method {method}.{meant}")

    def _obey(self, text: str) -> bool:
        name, _, rest = text.partition(" ")
        orders: dict[str, Callable[[str], None]] = {
            ":as": self._act_as,
            ":canister": self._choose,
            ":time": self._time,
            ":help": self._help,
            ":quit": self._quit,
        }
        order = orders.get(name)
        if order is None:
            raise UsageError(f"There is no command {name}.", fix="Type :help.")
        order(rest.strip())
        return True

    def _act_as(self, name: str) -> None:
        if name:
            self.calls.caller(name)
            self.identity = name
        self.environment.show(self.calls.caller(self.identity).text)

    def _choose(self, name: str) -> None:
        if name:
            self.network.canister_id(name)
            self.calls.canister = name
        self.environment.show(self.network.canister_id(self.calls.canister).text)

    def _time(self, given: str) -> None:
        host = self.network.host
        if given:
            host.at = None if given == "real" else _moment(given)
        now = clock.read(host).time
        self.environment.show(f"{now} ({clock.shown(now)})")

    def _help(self, method: str) -> None:
        if method:
            self._help_about(method)
            return
        lines = "".join(f"  {name:10}{about}\n" for name, about in COMMANDS.items())
        self.environment.show(f"{_HOW}\n{lines}\nMethods of {self.calls.canister}:", end="\n")
        self.environment.show("".join(f"  {name}\n" for name in self.methods()), end="")

    def _help_about(self, text: str) -> None:
        from originstamp_cli.candid import show_type

        parts = spoken(text)
        signature = self.calls.request(parts.method, parts.canister)[1] if parts else None
        if signature is None:
            raise UsageError(f"There is no method {text}.", fix="Type :help to see all.")
        told = [
            ", ".join(show_type(each) for each in types)
            for types in (signature.args, signature.results)
        ]
        self.environment.show(f"{text} : ({told[0]}) -> ({told[1]}) {signature.mode}")
        if signature.doc:
            self.environment.show(signature.doc)

    @staticmethod
    def _quit(_: str) -> None:
        raise Left


def _moment(text: str) -> int:
    try:
        return moment(text)
    except ValueError as error:
        raise UsageError(f"{text!r} cannot be set: {error}.", fix="Give a time, or real.") from None


def _all_done(session: Session) -> bool:
    """Answer everything that is piped in, and tell whether all of it went well."""
    went_well = True
    try:
        for text in _entries(session):
            went_well = session.answer(text) and went_well
    except Left:
        pass
    return went_well


def _entries(session: Session) -> Iterator[str]:
    """Yield what is piped in, call by call: one may go over several lines."""
    text = ""
    while line := session.environment.stdin.readline():
        text += line
        if text.strip() and not text.lstrip().startswith("#"):
            if is_unfinished(text):
                continue
            yield text
        text = ""
    if text.strip():
        yield text
