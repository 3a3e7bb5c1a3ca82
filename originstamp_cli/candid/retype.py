"""Values back to nodes, for a value that was written with its type and is now wanted at another."""

from .compact import items_of, members_of, unwrapped
from .nodes import Entry, Node
from .types import Opt, Record, Type, Variant, Vec
from .values import Tag


def to_node(value: object, type_: Type, span: tuple[int, int]) -> Node:  # noqa: PLR0911 - one for each kind
    """Return the node of a value whose type is known; all of it stands at `span`."""
    type_ = type_.resolve()
    start, end = span
    if isinstance(type_, Opt):
        if value is None:
            return Node("none", None, start, end)
        inner = unwrapped(value) if type_.wraps else value
        return Node("opt", to_node(inner, type_.inner, span), start, end)
    if isinstance(type_, Vec):
        if type_.is_blob:
            return Node("blob", value, start, end)
        nodes = [to_node(item, type_.inner, span) for item in items_of(value)]
        return Node("vec", nodes, start, end)
    if isinstance(type_, Record):
        entries = [
            Entry(field.id, field.label, to_node(member, field.type, span))
            for field, member in zip(type_.fields, members_of(value, type_), strict=True)
        ]
        return Node("record", entries, start, end)
    if isinstance(type_, Variant) and isinstance(value, Tag):
        field = next(field for field in type_.fields if field.label == value.name)
        entry = Entry(field.id, field.label, to_node(value.value, field.type, span))
        return Node("variant", entry, start, end)
    return Node(type_.kind, value, start, end)
