"""A command line as far as it is typed: its command, what that was given, and what may follow.

The commands are those of the program as it is, so that a new one completes without being told.
"""

from collections.abc import Sequence
from typing import NamedTuple

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from originstamp_cli.cli import app
from originstamp_cli.cli.options import GLOBALS, Option, hoisted


class Slot(NamedTuple):
    """An option or, where it has no spellings, an argument.

    `metavar` names its value, or lists the choices with | between them; a flag has none.
    """

    spellings: tuple[str, ...]
    metavar: str
    help: str = ""
    repeated: bool = False
    hidden: bool = False


_ANY = "TEXT"
_HELP = Slot(("--help", "-h"), "", "Show what there is to say.")
_BEFORE_A_COMMAND = (
    *GLOBALS,
    Option("output", "How it is printed.", choices=("text", "table", "json", "idl", "pp")),
)
_HOISTING = (
    "",
    "canister",
    "snapshot",
)  # the groups whose commands may have global options before them


class Typed:
    """Words that are typed already, read from the left; what makes no sense is passed over.

    `group` holds the commands to choose from, if any. `values` has each option's value by its
    first spelling. `awaited` is the option whose value comes next.
    """

    def __init__(self, words: Sequence[str]) -> None:
        rest = hoisted(words)[1]
        below = hoisted(rest[1:])[1]
        self.name = ""
        self.values: dict[str, str] = {}
        self.arguments: list[str] = []
        self.awaited: Slot | None = None
        self.only_arguments = False
        chosen = [*rest[:1], *below[:1]]
        self._enter(typer.main.get_command(app.build(*chosen) if chosen else app.build(None)))
        for word in words:
            self._take(word)

    @property
    def options(self) -> list[Slot]:
        """The options that may still be given."""
        given = self.values
        shown = [slot for slot in self._options if not slot.hidden]
        return [slot for slot in shown if slot.repeated or slot.spellings[0] not in given]

    def option(self, spelling: str) -> Slot | None:
        """Return the option that is spelt like this, or None."""
        return next((slot for slot in self._options if spelling in slot.spellings), None)

    @property
    def next_argument(self) -> Slot | None:
        """The argument that comes next, or None."""
        index = len(self.arguments)
        if index < len(self._arguments):
            return self._arguments[index]
        last = self._arguments[-1] if self._arguments else None
        return last if last is not None and last.repeated else None

    def _enter(self, command: object, name: str = "") -> None:
        parameters = getattr(command, "params", [])
        self.name = name
        self.group = command.commands if isinstance(command, TyperGroup) else {}
        self._arguments = [
            _argument(each) for each in parameters if isinstance(each, TyperArgument)
        ]
        self._options = [_option(each) for each in parameters if isinstance(each, TyperOption)]
        if self.group and name in _HOISTING:
            self._options += [_own(option) for option in _BEFORE_A_COMMAND]
        if command is not None:
            self._options.append(_HELP)

    def _take(self, word: str) -> None:
        if self.awaited is not None:
            self.values[self.awaited.spellings[0]] = word
            self.awaited = None
        elif word.startswith("-") and word != "-" and not self.only_arguments:
            self._take_option(word)
        elif self.group:
            self._enter(self.group.get(word), word)
        else:
            self.arguments.append(word)

    def _take_option(self, word: str) -> None:
        spelling, equals, value = word.partition("=")
        slot = self.option(spelling)
        self.only_arguments = word == "--"
        if slot is None:
            return
        if slot.metavar and not equals:
            self.awaited = slot
        else:
            self.values[slot.spellings[0]] = value


def _argument(argument: TyperArgument) -> Slot:
    return Slot((), _metavar(argument), repeated=argument.nargs == -1)


def _option(option: TyperOption) -> Slot:
    return Slot(
        tuple(sorted(option.opts, key=len, reverse=True)),  # the long one first
        "" if option.is_flag or option.count else _metavar(option),
        option.help or "",
        repeated=option.multiple or option.count,
        hidden=option.hidden,
    )


def _metavar(parameter: TyperArgument | TyperOption) -> str:
    """Return the metavar without what says that it is optional or may be repeated."""
    if parameter.metavar:
        return parameter.metavar.strip("[].…")
    choices = parameter.shell_complete(typer.Context(TyperCommand("")), "")
    return "|".join(choice.value for choice in choices) or _ANY


def _own(option: Option) -> Slot:
    return Slot(
        (option.long, *([f"-{option.short}"] if option.short else [])),
        "" if option.flag else option.metavar or _ANY,
        option.help,
        repeated=option.count,
        hidden=option.hidden,
    )
