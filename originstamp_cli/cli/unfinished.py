"""Candid text as far as it is typed: whether it goes on, and what the place at its end expects."""

import re
from typing import NamedTuple

from originstamp_cli.candid.types import Opt, Record, Type, Variant, Vec

# A whole comment or text is one token; one that is open at the end is another kind.
_TOKEN = re.compile(
    r"//[^\n]*(?:\n|\Z)|/\*.*?\*/"
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    r'|(?P<open>"(?:[^"\\]|\\.)*\\?\Z|/\*.*\Z)'
    r"|(?P<word>[A-Za-z_0-9][\w.+-]*)"
    r"|(?P<mark>[(){};,=:])",
    re.DOTALL,
)
_CLOSING = {")": "(", "}": "{"}


def is_unfinished(text: str) -> bool:
    """Tell whether a bracket, a text or a comment is open at the end."""
    brackets: list[str] = []
    for token in _TOKEN.finditer(text):
        if token["open"]:
            return True
        mark = token["mark"]
        if mark in {"(", "{"}:
            brackets.append(mark)
        elif mark in _CLOSING and (not brackets or brackets.pop() != _CLOSING[mark]):
            return False  # wrong already: whoever reads it says so
    return bool(brackets)


class Place(NamedTuple):
    """What the end of a text expects: a value of a type, called `name`, or a field of a record.

    `position` counts arguments from 0; `word` is what of it is typed already, with its quotation
    mark if it is a text.
    """

    type: Type | None
    name: str
    position: int
    word: str
    wants_field: bool
    used: frozenset[str]


class _Level:
    """An open bracket: what it holds, and how far it is filled."""

    def __init__(self, types: Type | list[Type] | None, name: str) -> None:
        self.types = types
        self.name = name
        self.index = 0
        self.label: str | None = None
        self.used: set[str] = set()

    def inner(self) -> Type | None:
        """Return the type of the value that comes next."""
        found = self.types
        if isinstance(found, list):
            return found[self.index] if self.index < len(found) else None
        if isinstance(found, Vec):
            return found.inner
        if isinstance(found, Record) and found.is_tuple:
            return found.fields[self.index].type if self.index < len(found.fields) else None
        if isinstance(found, Record | Variant):
            return next((each.type for each in found.fields if each.label == self.label), None)
        return None


def place_at_end(text: str, types: list[Type]) -> Place | None:
    """Return what the end of an argument list expects, None where that cannot be said."""
    levels: list[_Level] = []
    word, fresh = "", True
    for token in _TOKEN.finditer(text):
        fresh = token.end() < len(text)
        piece = token["text"] or token["open"] or token["word"] or ""
        if piece:
            word = piece
            continue
        mark = token["mark"]
        if mark in {"(", "{"}:
            _enter(levels, types)
        elif mark in _CLOSING and levels:
            levels.pop()
        elif levels:
            _step(levels[-1], mark, word)
        word = ""
    if not levels:
        return None
    return _place(levels[-1], len(levels), "" if fresh else word)


def _enter(levels: list[_Level], types: list[Type]) -> None:
    if not levels:
        levels.append(_Level(types, ""))
        return
    outer = levels[-1]
    inner = outer.inner()
    levels.append(_Level(None if inner is None else _bare(inner), outer.label or outer.name))


def _step(level: _Level, mark: str | None, word: str) -> None:
    if mark == "=":
        level.label = word.strip('"')
        level.used.add(level.label)
    elif mark in {";", ","}:
        level.index += 1
        level.label = None


def _place(level: _Level, depth: int, word: str) -> Place:
    named = isinstance(level.types, Record | Variant) and not (
        isinstance(level.types, Record) and level.types.is_tuple
    )
    wants_field = named and level.label is None
    expected = level.types if wants_field and not isinstance(level.types, list) else level.inner()
    position = level.index if depth == 1 else -1
    used = frozenset(level.used)
    return Place(expected, level.label or level.name, position, word, wants_field, used)


def _bare(type_: Type) -> Type:
    found = type_.resolve()
    while isinstance(found, Opt):
        found = found.inner.resolve()
    return found
