"""Natural JSON to Candid values: the inverse of how a reply is printed as JSON."""

from collections.abc import Callable, Sequence
from string import hexdigits
from typing import Any

from originstamp_cli.candid import RESERVED_VALUE, Principal, Some, Tag, show_type
from originstamp_cli.candid.types import RANGES, Opt, Record, Type, Variant, Vec
from originstamp_cli.candid.values import Value


class JsonMisfit(ValueError):
    """A JSON value is none of a type; the message says where, and what is needed."""


def json_values(given: Sequence[Any], types: Sequence[Type]) -> list[Value]:
    """Return the values of an argument list; raises `JsonMisfit`.

    What may be left out at the end is taken for null, as Candid has it.
    """
    if len(given) > len(types):
        raise JsonMisfit(f"args: {len(given)} values are given, and {len(types)} belong here.")
    for type_ in types[len(given) :]:
        if not _may_be_left_out(type_):
            raise JsonMisfit(f"args: {len(given)} values are given, and {len(types)} belong here.")
    padded = [*given, *[None] * (len(types) - len(given))]
    pairs = zip(padded, types, strict=True)
    return [json_value(value, type_, f"args[{at}]") for at, (value, type_) in enumerate(pairs)]


def json_value(given: Any, type_: Type, place: str) -> Value:  # noqa: ANN401 - any JSON
    """Return a JSON value at a type; `place` is what it is called. Raises `JsonMisfit`."""
    found = type_.resolve()
    if isinstance(found, Opt):
        return _opt(given, found, place)
    if isinstance(found, Vec):
        return _blob(given, place) if found.is_blob else _vec(given, found, place)
    if isinstance(found, Record):
        return _record(given, found, place)
    if isinstance(found, Variant):
        return _variant(given, found, place)
    return _atom(given, found, place)


def _may_be_left_out(type_: Type) -> bool:
    return type_.resolve().kind in {"opt", "null", "reserved"}


def _misfit(place: str, needed: str) -> JsonMisfit:
    return JsonMisfit(f"{place}: {needed} is needed.")


def _opt(given: Any, opt: Opt, place: str) -> Value:  # noqa: ANN401 - any JSON
    if given is None:
        return None
    if not opt.wraps:
        return json_value(given, opt.inner, place)
    if not isinstance(given, list) or len(given) != 1:
        raise _misfit(place, "null or a list of one value")
    return Some(json_value(given[0], opt.inner, place))


def _blob(given: Any, place: str) -> bytes:  # noqa: ANN401 - any JSON
    digits = given.removeprefix("0x") if isinstance(given, str) else "?"
    if len(digits) % 2 or set(digits) - set(hexdigits):
        raise _misfit(place, "a text of hex digits, two for each byte,")
    return bytes.fromhex(digits)


def _vec(given: Any, vec: Vec, place: str) -> list[Value]:  # noqa: ANN401 - any JSON
    if not isinstance(given, list):
        raise _misfit(place, "a list")
    return [json_value(each, vec.inner, f"{place}[{at}]") for at, each in enumerate(given)]


def _record(given: Any, record: Record, place: str) -> Value:  # noqa: ANN401 - any JSON
    if record.is_tuple:
        if not isinstance(given, list) or len(given) != len(record.fields):
            raise _misfit(place, f"a list of {len(record.fields)} values")
        given = {str(field.label): each for field, each in zip(record.fields, given, strict=True)}
    if not isinstance(given, dict):
        raise _misfit(place, "an object")
    unknown = set(given) - {str(field.label) for field in record.fields}
    if unknown:
        raise JsonMisfit(f"{place}: there is no field {min(unknown)!r}.")
    values: dict[str | int, Value] = {}
    for field in record.fields:
        name = str(field.label)
        if name not in given and not _may_be_left_out(field.type):
            raise JsonMisfit(f"{place}: the field {name!r} is missing.")
        values[field.label] = json_value(given.get(name), field.type, f"{place}.{name}")
    return tuple(values.values()) if record.is_tuple else values


def _variant(given: Any, variant: Variant, place: str) -> Tag:  # noqa: ANN401 - any JSON
    if isinstance(given, str):
        given = {given: None}
    fields = {str(field.label): field for field in variant.fields}
    if not isinstance(given, dict) or len(given) != 1 or not set(given) <= set(fields):
        raise _misfit(place, f"an object of one of {', '.join(fields)}")
    [(name, inner)] = given.items()
    return Tag(fields[name].label, json_value(inner, fields[name].type, f"{place}.{name}"))


def _atom(given: Any, type_: Type, place: str) -> Value:  # noqa: ANN401 - any JSON
    kind = type_.kind
    if kind == "reserved":
        return RESERVED_VALUE
    if kind in {"nat", "int"} or kind in RANGES:
        return _whole(given, kind, place)
    if kind == "principal":
        return _principal(given, place)
    if kind.startswith("float") and type(given) in {int, float}:
        return float(given)
    fits = _PLAIN.get(kind)
    if fits is None or not fits(given):
        raise _misfit(place, f"a value of {show_type(type_)}")
    return given


_PLAIN: dict[str, Callable[[object], bool]] = {
    "text": lambda given: isinstance(given, str),
    "bool": lambda given: isinstance(given, bool),
    "null": lambda given: given is None,
}


def _whole(given: Any, kind: str, place: str) -> int:  # noqa: ANN401 - any JSON
    """Return a whole number; a text of digits is one too, since JSON's own are often doubles."""
    if isinstance(given, str) and given.lstrip("-").isdecimal() and given.isascii():
        given = int(given) if len(given) < _MOST_DIGITS else None
    low, high = RANGES.get(kind, (0 if kind == "nat" else None, None))
    is_whole = type(given) is int and (low is None or low <= given)
    if not is_whole or (high is not None and given > high):
        raise _misfit(place, f"a whole number ({kind})")
    return int(given)


_MOST_DIGITS = 4_000  # Python reads no more at once


def _principal(given: Any, place: str) -> Principal:  # noqa: ANN401 - any JSON
    try:
        return Principal.from_text(given if isinstance(given, str) else "")
    except ValueError:
        raise _misfit(place, "the text of a principal") from None
