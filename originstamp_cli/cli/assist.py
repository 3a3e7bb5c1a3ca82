"""The arguments of a call, asked for one by one on a terminal, by their types."""

import re
from collections.abc import Iterator

from originstamp_cli.candid import (
    RESERVED_VALUE,
    CandidError,
    FuncRef,
    ServiceRef,
    Some,
    Tag,
    parse_dfx_argument,
    show_args,
    show_type,
)
from originstamp_cli.candid.escapes import show_label
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import RANGES, TEXT, Opt, Record, Type, Variant, Vec
from originstamp_cli.candid.values import Value
from originstamp_cli.cli.argument import unserializable
from originstamp_cli.cli.call import acting
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import connect
from originstamp_cli.settings import Settings

DEEPEST = 100  # levels below an argument; a type that needs more has no end
YES = {"y", "Y", "yes", "Yes", "YES"}  # as dfx takes it
_TRUTHS = {"y": "true", "yes": "true", "n": "false", "no": "false"}
_WIDEST = 60  # of a type in a question
_HINTS = {
    "nat": "A whole number of 0 or more is needed.",
    "int": "A whole number is needed.",
    "float32": "A number is needed.",
    "float64": "A number is needed.",
    "bool": "Say yes or no.",
    "principal": "A principal, or the name of an identity or a canister, is needed.",
    "service": "The principal or the name of a canister is needed.",
    "func": "A canister and its method are needed, such as backend.login.",
    "text": 'What begins with a quotation mark is read as Candid: "…".',
    "vec": 'Bytes are needed: a text, 0x and hex digits, or blob "…".',
}


def assisted(types: list[Type], settings: Settings) -> list[Value]:
    """Return the arguments that the user gives and then agrees to send.

    Raises `OriginStampError` where the user does not.
    """
    user = _User(settings)
    try:
        user.say("This method requires arguments.")
        values = [
            user.value(type_, f"Argument {number} of {len(types)}", DEEPEST)
            for number, type_ in enumerate(types, start=1)
        ]
        user.say(f"Sending the following argument:\n{show_args(values, types)}\n")
        if user.line("Do you want to send this message? [y/N] ").strip() in YES:
            return values
    except EOFError:
        user.say("")
    except KeyboardInterrupt:
        user.say("")  # what comes next begins on a line of its own
        raise
    raise unserializable("Invalid data: User cancelled.")


class _User:
    """Who is asked, and whose names of identities and canisters mean principals."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.say = settings.environment.say

    def line(self, question: str) -> str:
        """Return what is typed after a question; raises `EOFError` for Ctrl-D."""
        self.say(question, end="")
        typed = self._settings.environment.stdin.readline()
        if not typed:
            raise EOFError
        return typed.rstrip("\r\n")

    def value(self, type_: Type, place: str, levels: int) -> Value:
        """Return a value of a type, asked for part by part; `place` is what it is called."""
        if not levels:
            raise OriginStampError(
                f"{place} is nested too deep to be asked for.",
                fix="Give the argument on the command line.",
            )
        found = type_.resolve()
        if isinstance(found, Opt):
            return self._opt(type_, found, place, levels)
        if isinstance(found, Record):
            return self._record(found, place, levels)
        if isinstance(found, Variant):
            return self._variant(type_, found, place, levels)
        if isinstance(found, Vec) and not found.is_blob:
            return self._vec(type_, found, place, levels)
        if found.kind in {"null", "reserved"}:
            return None if found.kind == "null" else RESERVED_VALUE
        return self._atom(type_, place)

    def _agrees(self, question: str) -> bool:
        while True:
            answer = self.line(f"{question} [y/N] ").strip().lower()
            if answer in {"y", "yes", "n", "no", ""}:
                return answer in {"y", "yes"}
            self.say(f"  {_HINTS['bool']}")

    def _opt(self, type_: Type, opt: Opt, place: str, levels: int) -> Value:
        if not self._agrees(f"{place} ({_brief(type_)}) may be left out. Give it?"):
            return None
        value = self.value(opt.inner, place, levels - 1)
        return Some(value) if opt.wraps else value

    def _record(self, record: Record, place: str, levels: int) -> Value:
        values = {
            field.label: self.value(field.type, f"{place}, {show_label(field.label)}", levels - 1)
            for field in record.fields
        }
        return tuple(values.values()) if record.is_tuple else values

    def _variant(self, type_: Type, variant: Variant, place: str, levels: int) -> Value:
        labels = [show_label(field.label) for field in variant.fields]
        self.say(f"{place} ({_brief(type_)}) is one of these:")
        for number, field in enumerate(variant.fields, start=1):
            carried = "" if field.type.resolve().kind == "null" else f" : {_brief(field.type)}"
            self.say(f"  {number}. {labels[number - 1]}{carried}")
        names = [str(field.label) for field in variant.fields]
        field = variant.fields[self._choice(labels, names)]
        return Tag(field.label, self.value(field.type, f"{place}, {field.label}", levels - 1))

    def _choice(self, labels: list[str], names: list[str]) -> int:
        """Return the index of the tag that is chosen by its name or number."""
        numbers = [str(number) for number in range(1, len(names) + 1)]
        while True:
            answer = self.line("Which (its name or number): ").strip()
            for known in (names, labels, numbers):
                if answer in known:
                    return known.index(answer)
            self.say(f"  There is no {answer!r} among them.")

    def _vec(self, type_: Type, vec: Vec, place: str, levels: int) -> Value:
        values: list[Value] = []
        question = f"{place} ({_brief(type_)}) is empty so far. Add an element?"
        while self._agrees(question):
            values.append(self.value(vec.inner, f"{place}, element {len(values)}", levels - 1))
            question = f"{place}: add another element?"
        return values

    def _atom(self, type_: Type, place: str) -> Value:
        kind = type_.resolve().kind
        if kind == "empty":
            raise OriginStampError(f"{place} is of the type empty, of which there is no value.")
        while True:
            typed = self.line(f"{place} ({_brief(type_)}): ")
            try:
                return self._read(typed, type_, kind)
            except (ValueError, OriginStampError) as error:
                for said in _complaint(typed, kind, error):
                    self.say(f"  {said}")

    def _read(self, typed: str, type_: Type, kind: str) -> Value:
        if kind == "text" and not typed.startswith('"'):
            return typed.encode().decode()  # no bytes that are not UTF-8
        word = typed.strip()
        if kind == "vec" and not word.startswith(("blob", "vec", "(")):
            return _bytes(typed)
        if kind in {"principal", "service", "func"} and not word.startswith((f"{kind} ", "(")):
            return self._reference(word, kind)
        if kind == "bool":
            word = _TRUTHS.get(word.lower(), word)
        if kind.startswith("float") and re.fullmatch("[+-]?[0-9_]+", word):
            word += "."  # Candid has no float without a point
        return parse_dfx_argument(word, [type_])[0]

    def _reference(self, word: str, kind: str) -> Value:
        if kind == "func":
            name, _, method = word.partition(".")
            return FuncRef(self._principal(name), method)
        principal = self._principal(word)
        return ServiceRef(principal) if kind == "service" else principal

    def _principal(self, word: str) -> Principal:
        """Return the principal that a name or a principal's text means."""
        identities = acting(self._settings)
        if word in identities.names():
            return identities.principal(word)
        return connect(self._settings).canister_id(word)


def _bytes(typed: str) -> bytes:
    """Return the bytes that hex digits after 0x, or a text, stand for."""
    word = typed.strip()
    if word.startswith("0x"):
        return bytes.fromhex(word.removeprefix("0x"))
    if word.startswith('"'):
        typed = str(parse_dfx_argument(word, [TEXT])[0])
    return typed.encode()


def _complaint(typed: str, kind: str, error: Exception) -> Iterator[str]:
    """Return what is wrong with what was typed, and what is needed."""
    if isinstance(error, CandidError) and error.kind == "type":
        yield error.message
    else:
        yield f"{typed!r} cannot be taken."
    if kind in RANGES:
        low, high = RANGES[kind]
        yield f"A whole number from {low:_} to {high:_} is needed."
    elif kind in _HINTS:
        yield _HINTS[kind]


def _brief(type_: Type) -> str:
    """Return a type as a question has it: one that needs much room is named by its kind."""
    shown = show_type(type_)
    return shown if len(shown) <= _WIDEST and "\n" not in shown else type_.resolve().kind
