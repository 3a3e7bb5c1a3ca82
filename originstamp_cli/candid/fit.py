"""Written values at types: which fit the wanted one, and which type one has that nobody gave one.

The rules are those of the official text parser, stricter than the binary form's: a bare value is
no `opt`, an integer is no float, and a number with a type fits that type only (candid 0.10.26).
The types that it infers are the official ones too.
"""

from .errors import CandidError
from .escapes import plain_label
from .nodes import Entry, Node
from .types import (
    EMPTY,
    FLOAT64,
    INT,
    NAT8,
    NUMBER,
    PRIMS,
    RANGES,
    Field,
    Func,
    Opt,
    Prim,
    Record,
    ServiceType,
    Type,
    Variant,
    Vec,
)
from .values import RESERVED_VALUE, FuncRef, ServiceRef, Some, Tag, Typed

_PLAIN = frozenset(("bool", "null", "principal", "text"))
_WHOLE = frozenset(("nat", "int", "number", *RANGES))
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
    if kind not in _WHOLE:
        raise _mismatch(node, type_, text)
    # A minus is refused even before a zero, as officially.
    if digits.startswith("-") and kind.startswith("nat"):
        if kind == "nat":
            raise _refused("Cannot parse BigUint", node, text)
        raise _refused("ParseIntError: invalid digit found in string", node, text)
    number = _number_of(digits)
    low, high = RANGES.get(kind, (number, number))
    if not low <= number <= high:
        size = "small" if number < low else "large"
        reason = f"ParseIntError: number too {size} to fit in target type"
        raise _refused(reason, node, text)
    return number


def _number_of(digits: str) -> int:
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
            raise _refused(f"record field {plain_label(field.label)} not found", node, text)
    return tuple(values.values()) if type_.is_tuple else values


def _entries(node: Node) -> dict[int, Node]:
    entries = node.data
    return {entry.id: entry.node for entry in entries} if isinstance(entries, list) else {}


def _fit_variant(node: Node, type_: Variant, text: str) -> Tag:
    entry = node.data
    field = type_.find(entry.id) if isinstance(entry, Entry) else None
    if field is None or not isinstance(entry, Entry):
        label = plain_label(entry.label) if isinstance(entry, Entry) else ""
        raise _refused(f"variant field {label} not found", node, text)
    return Tag(field.label, fit(entry.node, field.type, text))


def _mismatch(node: Node, type_: Type, text: str) -> CandidError:
    from .show import show_type

    can_not = "can not" if node.kind == "number" else "cannot"
    words = f"{_show_node(node)} {can_not} be of type {show_type(type_)}"
    return _refused(f"type mismatch: {words}", node, text)


def _refused(message: str, node: Node, text: str) -> CandidError:
    return CandidError(message, "type", text, (node.start, node.end))


# --- types nobody gave ---

# The element type of a vec whose elements have several types: each says its own. Only printed.
_ANY = Prim("any")

# A number in an error message, which stands there with the very digits that were written.
_WRITTEN = Prim("written")

_INFERRED: dict[str, Type] = {
    **PRIMS,
    "float64": FLOAT64,
    "none": Opt(EMPTY),
    "blob": Vec(NAT8),
    "func": Func((), ()),
    "service": ServiceType(()),
}


def infer_all(nodes: list[Node], text: str) -> list[Typed]:
    """Return the values with the types inferred; raises `CandidError` for a vec of mixed types."""
    return [_infer(node, text) for node in nodes]


def _show_node(node: Node) -> str:
    """Return the value as the official printer would write it, types unknown."""
    from .show import show_value

    shown = _infer(node, None)
    return show_value(shown.value, shown.type)


def _infer(node: Node, text: str | None) -> Typed:
    """Return a value with its type; without a text it is only shown, and a vec may mix types."""
    data = node.data
    if node.kind == "vec" and isinstance(data, list):
        return _infer_vec(data, text)
    if node.kind == "record" and isinstance(data, list):
        return _infer_record(data, text)
    if isinstance(data, Entry):
        carried = _infer(data.node, text)
        variant = Variant([Field(data.label, carried.type, data.id)])
        return Typed(Tag(data.label, carried.value), variant)
    if isinstance(data, Node):
        inner = _infer(data, text)
        opt = Opt(inner.type)
        return Typed(Some(inner.value) if opt.wraps else inner.value, opt)
    if node.kind == "number" and isinstance(data, str):
        return Typed(data, _WRITTEN) if text is None else Typed(_number_of(data), NUMBER)
    return Typed(data, _INFERRED[node.kind])


def _infer_record(entries: list[Entry], text: str | None) -> Typed:
    fields: list[Field] = []
    values: dict[str | int, object] = {}
    for entry in entries:
        member = _infer(entry.node, text)
        fields.append(Field(entry.label, member.type, entry.id))
        values[entry.label] = member.value
    record = Record(fields)
    return Typed(tuple(values.values()) if record.is_tuple else values, record)


def _infer_vec(nodes: list[Node], text: str | None) -> Typed:
    items = [_infer(node, text) for node in nodes]
    element = items[0].type if items else EMPTY
    if all(item.type == element for item in items):
        values = [item.value for item in items]
    elif text is None:
        return Typed(items, Vec(_ANY))
    else:
        element = _element(nodes, items, text)
        values = [fit(node, element, text) for node in nodes]
    vec = Vec(element)
    return Typed(bytes(values) if vec.is_blob and values else values, vec)  # type: ignore[arg-type]


def _element(nodes: list[Node], items: list[Typed], text: str) -> Type:
    """Return the type of a vec's elements, where what is written lets them have several."""
    element = items[0].type
    for node, item in zip(nodes, items, strict=True):
        common = _common(element, item.type)
        if common is None:
            raise _mixed(element, item.type, node, text)
        element = common
    return element


def _common(one: Type, other: Type) -> Type | None:
    """Return the type that an element of one type leaves to the vec, and one of another fits."""
    if one == other or other == EMPTY:
        return one
    if one == EMPTY:
        return other
    if other == NUMBER and one.kind in _WHOLE:
        return one
    if one.kind in ("number", "int") and other.kind in ("int", "nat"):
        return INT
    if isinstance(one, Opt | Vec) and isinstance(other, Opt | Vec) and one.kind == other.kind:
        inner = _common(one.inner, other.inner)
        return None if inner is None else type(one)(inner)
    if isinstance(one, Record | Variant) and one.kind == other.kind:
        return _common_fields(one, other)
    return None


def _common_fields(one: Record | Variant, other: Type) -> Type | None:
    theirs = other.fields if isinstance(other, Record | Variant) else ()
    if [field.id for field in one.fields] != [field.id for field in theirs]:
        return None
    fields = []
    for field, their in zip(one.fields, theirs, strict=True):
        common = _common(field.type, their.type)
        if common is None:
            return None
        fields.append(Field(field.label, common, field.id))
    return type(one)(fields)


def _mixed(one: Type, other: Type, node: Node, text: str) -> CandidError:
    from .show import show_type

    words = f"the elements of a vec are of different types: {show_type(one)}, {show_type(other)}"
    return _refused(words, node, text)
