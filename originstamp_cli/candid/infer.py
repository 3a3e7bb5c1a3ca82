"""The types of written values that nobody gave one, as the official tools infer them.

They do not look whether the elements of a vec agree, and send garbage where not: that is refused.
"""

from .errors import CandidError
from .fit import WHOLE, fit, number_of
from .nodes import Entry, Node
from .types import (
    EMPTY,
    FLOAT64,
    INT,
    NAT8,
    NUMBER,
    PRIMS,
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
from .values import Some, Tag, Typed

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


def show_node(node: Node) -> str:
    """Return a value as the official printer would write it, types unknown."""
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
        return Typed(data, _WRITTEN) if text is None else Typed(number_of(data), NUMBER)
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
    if other in (one, EMPTY):
        return one
    if one == EMPTY:
        return other
    if other == NUMBER and one.kind in WHOLE:
        return one
    if one.kind in ("number", "int") and other.kind in ("int", "nat"):
        return INT
    return _common_parts(one, other) if one.kind == other.kind else None


def _common_parts(one: Type, other: Type) -> Type | None:
    if isinstance(one, Opt | Vec) and isinstance(other, Opt | Vec):
        inner = _common(one.inner, other.inner)
        return None if inner is None else type(one)(inner)
    if isinstance(one, Record | Variant) and isinstance(other, Record | Variant):
        return _common_fields(one, other)
    return None


def _common_fields(one: Record | Variant, other: Record | Variant) -> Type | None:
    if [field.id for field in one.fields] != [field.id for field in other.fields]:
        return None
    fields = []
    for field, their in zip(one.fields, other.fields, strict=True):
        common = _common(field.type, their.type)
        if common is None:
            return None
        fields.append(Field(field.label, common, field.id))
    return type(one)(fields)


def _mixed(one: Type, other: Type, node: Node, text: str) -> CandidError:
    from .show import show_type

    words = f"the elements of a vec are of different types: {show_type(one)}, {show_type(other)}"
    return CandidError(words, "type", text, (node.start, node.end))
