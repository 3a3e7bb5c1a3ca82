"""Values that nobody gave a type: the types that the official tools infer (notes, section 5)."""

from .errors import CandidError
from .fit import number_of
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
ANY = Prim("any")

# A number in an error message, which stands there with the very digits that were written.
WRITTEN = Prim("written")

_LEAVES: dict[str, Type] = {
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


def infer_loosely(node: Node) -> Typed:
    """Return a value to be printed only, in which a vec may mix types."""
    return _infer(node, None)


def _infer(node: Node, text: str | None) -> Typed:
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
        return Typed(data, WRITTEN) if text is None else Typed(number_of(data), NUMBER)
    return Typed(data, _LEAVES[node.kind])


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
    if not items:
        return Typed([], Vec(EMPTY))
    element = items[0].type
    for node, item in zip(nodes, items, strict=True):
        common = _common(element, item.type)
        if common is None:
            if text is None:
                return Typed(items, Vec(ANY))
            raise _mixed(element, item.type, node, text)
        element = common
    values = [item.value for item in items]
    if element.kind == "nat8":
        return Typed(bytes(values), Vec(element))  # type: ignore[arg-type]  # nat8 each
    return Typed(values, Vec(element))


def _common(one: Type, other: Type) -> Type | None:
    if one == other:
        return one
    # A number without a type is sent as an int, so it may stand beside one.
    return INT if {one, other} == {NUMBER, INT} else None


def _mixed(one: Type, other: Type, node: Node, text: str) -> CandidError:
    from .show_types import show_type

    words = f"the elements of a vec are of different types: {show_type(one)}, {show_type(other)}"
    return CandidError(words, "type", text, (node.start, node.end))
