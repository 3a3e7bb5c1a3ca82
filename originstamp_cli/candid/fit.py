"""Written values at types: which fit the wanted one, and which type one has that nobody gave one.

The rules are those of the official text parser, stricter than the binary form's: a bare value is
no `opt`, an integer is no float, and a number with a type fits that type only (candid 0.10.26).
The types that it infers are the official ones too.
"""

from .errors import CandidError
from .nodes import Entry, Node
from .types import RANGES, Opt, Record, Type, Variant, Vec
from .values import RESERVED_VALUE, FuncRef, ServiceRef, Some, Tag

_PLAIN = frozenset(("bool", "null", "principal", "text"))
WHOLE = frozenset(("nat", "int", "number", *RANGES))
_FILLED = frozenset(("null", "opt"))


def fit(node: Node, wanted: Type, text: str) -> object:  # noqa: PLR0911 - one for each kind
    """Return the value that `node` is at the type `wanted`.

    Raises `CandidError` of kind "type" that points at the part of `text` that does not fit.
    """
    type_ = wanted.resolve()
    kind = type_.kind
    if kind == node.kind and kind in _PLAIN:
        return node.data
    if isinstance(type_, Opt):
        return _fit_opt(node, type_, text)
    if isinstance(type_, Record) and node.kind == "record":
        return _fit_record(node, type_, text)
    if isinstance(type_, Vec):
        return _fit_vec(node, type_, text)
    if isinstance(type_, Variant) and node.kind == "variant":
        return _fit_variant(node, type_, text)
    if kind == "reserved":
        return RESERVED_VALUE
    return _fit_leaf(node, type_, text)


def _fit_leaf(node: Node, type_: Type, text: str) -> object:
    kind, data = type_.kind, node.data
    if isinstance(data, str) and node.kind == "number":
        return _fit_number(node, data, type_, text)
    is_same = node.kind == kind or (kind == "int" and node.kind == "nat")
    if is_same and isinstance(data, FuncRef | ServiceRef | int | float):
        return data
    if kind == "float32" and node.kind == "float64" and isinstance(data, float):
        from .number_text import to_float32

        return to_float32(data)
    raise _mismatch(node, type_, text)


def _fit_number(node: Node, digits: str, type_: Type, text: str) -> int:
    kind = type_.kind
    if kind not in WHOLE:
        raise _mismatch(node, type_, text)
    number = number_of(digits)
    low, high = RANGES.get(kind, (number, number))
    # A minus is refused even before a zero, as officially.
    is_negative = digits.startswith("-") and kind.startswith("nat")
    if is_negative or not low <= number <= high:
        from .misfit import out_of_range

        raise out_of_range(node, number, kind, text)
    return number


def number_of(digits: str) -> int:
    """Return the number that digits of any length spell."""
    try:
        return int(digits)
    except ValueError:
        # Python's limit on the digits of one conversion.
        from .number_text import read_digits

        return read_digits(digits)


def _fit_opt(node: Node, type_: Opt, text: str) -> object:
    if node.kind == "opt" and isinstance(node.data, Node):
        value = fit(node.data, type_.inner, text)
        return Some(value) if type_.wraps else value
    if node.kind in ("null", "none", "reserved"):
        return None
    raise _mismatch(node, type_, text)


def _fit_vec(node: Node, type_: Vec, text: str) -> object:
    if node.kind == "blob" and type_.is_blob:
        return node.data
    if node.kind != "vec" or not isinstance(node.data, list):
        raise _mismatch(node, type_, text)
    inner = type_.inner.resolve()
    values = [fit(item, inner, text) for item in node.data]
    return bytes(values) if type_.is_blob else values  # type: ignore[arg-type]  # they are nat8


def _fit_record(node: Node, type_: Record, text: str) -> object:
    written = _entries(node)
    values: dict[str | int, object] = {}
    for field in type_.fields:
        found = written.get(field.id)
        if found is not None:
            values[field.label] = fit(found, field.type, text)
            continue
        kind = field.type.resolve().kind
        if kind == "reserved":
            values[field.label] = RESERVED_VALUE
        elif kind in _FILLED:
            values[field.label] = None
        else:
            from .misfit import missing_field

            raise missing_field(node, field, type_, text)
    return tuple(values.values()) if type_.is_tuple else values


def _entries(node: Node) -> dict[int, Node]:
    entries = node.data
    return {entry.id: entry.node for entry in entries} if isinstance(entries, list) else {}


def _fit_variant(node: Node, type_: Variant, text: str) -> Tag:
    entry = node.data
    if not isinstance(entry, Entry):
        raise TypeError(f"no variant: {entry!r}")
    field = type_.find(entry.id)
    if field is None:
        from .misfit import unknown_tag

        raise unknown_tag(node, entry, type_, text)
    return Tag(field.label, fit(entry.node, field.type, text))


def _mismatch(node: Node, type_: Type, text: str) -> CandidError:
    from .misfit import mismatch

    return mismatch(node, type_, text)
