"""Values as `--output json` writes them (idl2json 0.10)."""

from collections.abc import Sequence
from math import isfinite

from .compact import (
    LEAVES,
    blob_of,
    check_float,
    check_integer,
    digits,
    field_of,
    items_of,
    members_of,
    unwrapped,
)
from .depth import deeply
from .number_text import show_json_float, to_float32
from .show import typed
from .types import RANGES, Opt, Record, Type, Variant, Vec
from .values import FuncRef, Typed

_ESCAPES = {code: f"\\u{code:04x}" for code in range(32)}
_ESCAPES.update({8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"})
_SMALL = frozenset(("nat8", "nat16", "nat32", "int8", "int16", "int32"))
_INTEGERS = frozenset((*RANGES, "nat", "int", "number"))


def to_json(values: Sequence[object], types: Sequence[Type] | None) -> str:
    """Return one JSON text for each value, a line each or more; raises as `show_args`."""

    def work() -> str:
        return "\n".join([_json(value, type_, "\n") for value, type_ in typed(values, types)])

    return deeply(work)


def _json(value: object, type_: Type, line: str) -> str:  # noqa: PLR0911 - one for each kind
    """Return a value; `line` is a newline and the indentation where it stands."""
    type_ = type_.resolve()
    deeper = line + "  "
    if isinstance(type_, Opt):
        if value is None:
            return "[]"
        inner = unwrapped(value) if type_.wraps else value
        return f"[{deeper}{_json(inner, type_.inner, deeper)}{line}]"
    if isinstance(type_, Vec):
        if type_.is_blob:
            return _array([str(byte) for byte in blob_of(value)], line)
        return _array([_json(item, type_.inner, deeper) for item in items_of(value)], line)
    if isinstance(type_, Record):
        return _record(value, type_, line)
    if isinstance(type_, Variant):
        return _variant(value, type_, line)
    if isinstance(value, Typed):
        return _json(value.value, value.type, line)
    return _leaf(value, type_.kind, line)


def _array(items: list[str], line: str) -> str:
    deeper = line + "  "
    return f"[{deeper}{f',{deeper}'.join(items)}{line}]" if items else "[]"


def _object(members: list[tuple[str, str]], line: str) -> str:
    deeper = line + "  "
    shown = [f"{_string(key)}: {text}" for key, text in sorted(members)]
    return f"{{{deeper}{f',{deeper}'.join(shown)}{line}}}" if shown else "{}"


def _record(value: object, type_: Record, line: str) -> str:
    deeper = line + "  "
    members = []
    for field, member in zip(type_.fields, members_of(value, type_), strict=True):
        members.append((_key(field.label), _json(member, field.type, deeper)))
    return _object(members, line)


def _variant(value: object, type_: Variant, line: str) -> str:
    field, carried = field_of(value, type_)
    return _object([(_key(field.label), _json(carried, field.type, line + "  "))], line)


def _key(label: str | int) -> str:
    return f"{label:_}" if isinstance(label, int) else label


def _string(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _leaf(value: object, kind: str, line: str) -> str:
    if isinstance(value, str) and kind == "text":
        return _string(value)
    if kind in _INTEGERS:
        number = check_integer(value, kind)
        shown = digits(number, grouped=kind in ("nat", "int"))
        return shown if kind in _SMALL else f'"{shown}"'
    if kind in ("float32", "float64"):
        return _float(check_float(value, kind), kind)
    shown = LEAVES[kind](value)
    if kind == "func" and isinstance(value, FuncRef):
        members = [("code", _string(value.method)), ("principal", f'"{value.principal.text}"')]
        return _object(members, line)
    if kind in ("principal", "service"):
        return shown.partition(" ")[2]
    return {"null": "null", "reserved": '"null : reserved"'}.get(kind, shown)


def _float(number: float, kind: str) -> str:
    if not isfinite(number):
        return '"NaN"'
    return show_json_float(to_float32(number) if kind == "float32" else number)
