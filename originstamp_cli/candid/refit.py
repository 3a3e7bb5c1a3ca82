"""Values at other types than they were written at.

So it is where a text says the type of a value itself, and where two interfaces meet, as with a file
of one's own for `canister call`: values go from one room to another as they are, and are read anew
only there.
"""

from collections.abc import Callable, Sequence

from .compact import field_of, items_of, members_of, unwrapped
from .depth import deeply
from .errors import CandidError, byte_offset
from .fit import fit
from .nodes import Entry, Node
from .types import INT, NUMBER, Field, Opt, Record, Ref, Scope, Type, Variant, Vec
from .values import Typed


def reread(
    values: Sequence[object], types: Sequence[Type] | None, wanted: Sequence[Type]
) -> list[object]:
    """Return values of `types` (None: each is `Typed`) as read at the types that are wanted.

    Raises `CandidError` where one does not fit, or there are too few.
    """
    written = _written(values, types)
    if len(written) < len(wanted):
        raise CandidError("wrong number of argument values", "type")
    pairs = zip(written, wanted, strict=False)
    return deeply(lambda: [fit(_to_node(*given, (0, 0)), at, "") for given, at in pairs])


def nameless(values: Sequence[object], types: Sequence[Type]) -> tuple[list[object], list[Type]]:
    """Return values and types as one gets them who knows no interface: names become their ids."""
    scope = Scope()
    bare = [_without_names(type_, scope) for type_ in types]
    return reread(values, types, bare), bare


def _written(values: Sequence[object], types: Sequence[Type] | None) -> list[tuple[object, Type]]:
    if types is not None:
        return list(zip(values, types, strict=True))
    typed = [value for value in values if isinstance(value, Typed)]
    return [(value.value, _as_sent(value.type)) for value in typed]


def _as_sent(type_: Type) -> Type:
    """Return an inferred type as it is sent: a number without a type is an `int`."""
    return INT if type_ == NUMBER else _rebuilt(type_, _as_sent)


def _without_names(type_: Type, scope: Scope) -> Type:
    if isinstance(type_, Ref):
        if type_.name not in scope.types:
            ref = scope.types[type_.name] = Ref(type_.name, scope)
            scope.types[type_.name] = _without_names(type_.resolve(), scope)
            return ref
        return Ref(type_.name, scope)
    return _rebuilt(type_, lambda inner: _without_names(inner, scope), keep_labels=False)


def _rebuilt(type_: Type, change: Callable[[Type], Type], *, keep_labels: bool = True) -> Type:
    """Return a type with each of its parts changed."""
    if isinstance(type_, Opt):
        return Opt(change(type_.inner))
    if isinstance(type_, Vec):
        return Vec(change(type_.inner))
    if isinstance(type_, (Record, Variant)):
        fields = [
            Field(field.label if keep_labels else field.id, change(field.type), field.id)
            for field in type_.fields
        ]
        return type(type_)(fields)
    return type_


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
