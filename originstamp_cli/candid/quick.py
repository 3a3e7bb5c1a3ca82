"""Arguments that are written as most are, read at their types in one go.

The grammar reads anything and says what is wrong with it. Most of what is written is texts, whole
numbers, principals and records of them, in their plainest spelling: many calls to one method are
read several times as fast here. Nothing is refused: whatever looks unusual is left to the grammar.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from .lexer import is_bare
from .principal import Principal
from .types import RANGES, Opt, Record, Ref, Type, Vec
from .values import Some

# Returns the value that begins at a place, and where it ends; raises `_Unusual`.
_Take = Callable[[str, int], tuple[Any, int]]

_S = r"[ \t\r\n]*"
_WORD_ENDS = r"(?![A-Za-z0-9_])"


class _Unusual(ValueError):
    """The grammar is to read it."""


def _matcher(pattern: str) -> Callable[[str, int], re.Match[str]]:
    """Return a function that gives the match at a place of a text, or raises `_Unusual`."""
    match = re.compile(pattern).match

    def found(text: str, at: int) -> re.Match[str]:
        matched = match(text, at)
        if matched is None:
            raise _Unusual
        return matched

    return found


_open_arguments = _matcher(rf"{_S}\({_S}")
_comma = _matcher(rf"{_S},{_S}")
_close_arguments = _matcher(rf"{_S},?{_S}\){_S}\Z")
_open_record = _matcher(rf"record{_S}\{{{_S}")
_open_vec = _matcher(rf"vec{_S}\{{{_S}(\}}?)")
_label = _matcher(rf"([A-Za-z_][A-Za-z0-9_]*){_S}={_S}")
_next = _matcher(rf"{_S}(?:;|(?=\}})){_S}(\}}?)")  # group 1 where the bracket closes
_optional = _matcher(rf"null|opt{_WORD_ENDS}{_S}")


def quick_reader(types: Sequence[Type]) -> Callable[[str], list[Any] | None]:
    """Return a function that reads an argument list `( … )` at the types.

    It returns what `parse_args` does, or None where that is to read it.
    """
    try:
        takes = [_take(type_, ()) for type_ in types]
    except _Unusual:
        return lambda _: None
    return lambda text: _read(text, takes)


def _read(text: str, takes: list[_Take]) -> list[Any] | None:
    if not takes:
        return [] if text == "()" else None
    try:
        at = _open_arguments(text, 0).end()
        values: list[Any] = []
        for take in takes:
            if values:
                at = _comma(text, at).end()
            value, at = take(text, at)
            values.append(value)
        _close_arguments(text, at)
    except ValueError:  # of a principal too
        return None
    return values


def _take(type_: Type, within: tuple[Ref, ...]) -> _Take:
    """Return the function that takes a value of the type; raises `_Unusual` where there is none."""
    if isinstance(type_, Ref):
        if type_ in within:  # it holds itself
            raise _Unusual
        return _take(type_.resolve(), (*within, type_))
    if isinstance(type_, Opt):
        return _take_opt(_take(type_.inner, within), wraps=type_.wraps)
    if isinstance(type_, Vec) and not type_.is_blob:
        return _take_vec(_take(type_.inner, within))
    if isinstance(type_, Record) and type_.fields:
        takes = {field.label: _take(field.type, within) for field in type_.fields}
        return _take_tuple([*takes.values()]) if type_.is_tuple else _take_record(type_, takes)
    return _take_leaf("blob" if isinstance(type_, Vec) else type_.kind)


def _take_leaf(kind: str) -> _Take:
    if kind in RANGES or kind in ("nat", "int"):
        return _take_whole(kind)
    if kind not in _LEAVES:
        raise _Unusual
    pattern, value_of = _LEAVES[kind]
    found = _matcher(pattern)

    def take(text: str, at: int) -> tuple[Any, int]:
        match = found(text, at)
        return value_of(match[1]), match.end()

    return take


def _take_whole(kind: str) -> _Take:
    sign = "-?" if kind.startswith("int") else ""
    found = _matcher(rf"({sign}[0-9]{{1,20}})(?:{_S}:{_S}{kind}{_WORD_ENDS})?")
    low, high = RANGES.get(kind, (None, None))

    def take(text: str, at: int) -> tuple[Any, int]:
        match = found(text, at)
        number = int(match[1])
        if low is not None and high is not None and not low <= number <= high:
            raise _Unusual
        return number, match.end()

    return take


_LEAVES: dict[str, tuple[str, Callable[[str], object]]] = {
    "text": (r'"([^"\\\ud800-\udfff]*)"', str),  # surrogates are bytes that are no UTF-8
    "bool": ("(true|false)", "true".__eq__),
    "principal": (rf'principal{_S}"([^"\\]*)"', Principal.from_text),
    "blob": (
        rf'blob{_S}"((?:\\[0-9a-fA-F]{{2}})*)"',
        lambda literal: bytes.fromhex(literal.replace("\\", "")),
    ),
}


def _take_opt(inner: _Take, *, wraps: bool) -> _Take:
    def take(text: str, at: int) -> tuple[Any, int]:
        match = _optional(text, at)
        if match[0] == "null":
            return None, match.end()
        value, at = inner(text, match.end())
        return (Some(value) if wraps else value), at

    return take


def _take_vec(inner: _Take) -> _Take:
    def take(text: str, at: int) -> tuple[Any, int]:
        match = _open_vec(text, at)
        items: list[Any] = []
        while not match[1]:
            item, at = inner(text, match.end())
            items.append(item)
            match = _next(text, at)
        return items, match.end()

    return take


def _take_tuple(takes: list[_Take]) -> _Take:
    def take(text: str, at: int) -> tuple[Any, int]:
        match = _open_record(text, at)
        items: list[Any] = []
        for take in takes:
            if items and match[1]:  # too few
                raise _Unusual
            item, at = take(text, match.end())
            items.append(item)
            match = _next(text, at)
        if not match[1]:  # too many
            raise _Unusual
        return tuple(items), match.end()

    return take


_ABSENT = object()


def _take_record(type_: Record, takes: dict[str | int, _Take]) -> _Take:
    if not all(is_bare(label) for label in takes):
        raise _Unusual
    absent = dict.fromkeys(takes, _ABSENT)
    optional = [field.label for field in type_.fields if field.type.resolve().kind == "opt"]

    def take(text: str, at: int) -> tuple[Any, int]:
        values: dict[str | int, Any] = dict(absent)  # in the order of the type's fields
        at = _open_record(text, at).end()
        closes = ""
        while not closes:
            label = _label(text, at)
            if values.get(label[1]) is not _ABSENT:  # unknown, or there already
                raise _Unusual
            values[label[1]], at = takes[label[1]](text, label.end())
            match = _next(text, at)
            at, closes = match.end(), match[1]
        for name in optional:
            if values[name] is _ABSENT:
                values[name] = None
        if _ABSENT in values.values():
            raise _Unusual
        return values, at

    return take
