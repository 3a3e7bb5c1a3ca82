"""Written values whose type the text says itself: `1 : nat8` is read at that type, and only once.

What is read so is a written value again, which then is fitted like any other.
"""

from .compact import field_of, items_of, members_of, unwrapped
from .errors import CandidError, byte_offset
from .fit import fit
from .nodes import Entry, Node
from .types import Opt, Record, Type, Variant, Vec


def annotate(node: Node, type_: Type, text: str) -> Node:
    """Return the node as a value of `type_`; raises `CandidError` where it is none."""
    try:
        return _to_node(fit(node, type_, text), type_, (node.start, node.end))
    except CandidError as error:
        start, end = byte_offset(text, node.start), byte_offset(text, node.end)
        message = f"Candid parser error: {error.message} at {start}..{end}"
        span = (error.start, error.end)
        wrong = CandidError(message, "parse", text, span)
        wrong.label = error.message
        raise wrong from None


def _to_node(value: object, type_: Type, span: tuple[int, int]) -> Node:  # noqa: PLR0911 - one for each kind
    """Return the node of a value whose type is known; all of it stands at `span`."""
    type_ = type_.resolve()
    start, end = span
    if isinstance(type_, Opt):
        if value is None:
            return Node("none", None, start, end)
        inner = unwrapped(value) if type_.wraps else value
        return Node("opt", _to_node(inner, type_.inner, span), start, end)
    if isinstance(type_, Vec):
        if type_.is_blob:
            return Node("blob", value, start, end)
        nodes = [_to_node(item, type_.inner, span) for item in items_of(value)]
        return Node("vec", nodes, start, end)
    if isinstance(type_, Record):
        entries = [
            Entry(field.id, field.label, _to_node(member, field.type, span))
            for field, member in zip(type_.fields, members_of(value, type_), strict=True)
        ]
        return Node("record", entries, start, end)
    if isinstance(type_, Variant):
        field, carried = field_of(value, type_)
        entry = Entry(field.id, field.label, _to_node(carried, field.type, span))
        return Node("variant", entry, start, end)
    return Node(type_.kind, value, start, end)
