"""Values to Candid text, to the byte as the official printer writes it (dfx-surface, section 2)."""

from collections.abc import Iterator, Sequence

from .compact import compact, items_of, members_of, unwrapped
from .depth import deeply
from .escapes import show_label
from .layout import Doc, Group, lay_out
from .leaves import IN_PARENTHESES, LEAVES, show_blob, wrong
from .types import Opt, Record, Type, Variant, Vec
from .values import Tag, Typed

# So many levels below an argument are laid out, and so many elements of a vec; more is compact.
_MAX = 10


def show_args(values: Sequence[object], types: Sequence[Type] | None, style: str = "pp") -> str:
    """Return an argument list or a reply as text, in the style "pp" (80 columns) or "idl".

    Without types the values must be `Typed`. Raises `TypeError` or `ValueError` for a value that is
    not of its type.
    """
    if style not in ("pp", "idl"):
        raise ValueError(f"no such style: {style}")
    work = _show_pretty if style == "pp" else _show_idl
    return deeply(lambda: work(list(typed(values, types))))


def show_value(value: object, type_: Type) -> str:
    """Return one value as text laid out in 80 columns; raises as `show_args`."""
    return deeply(lambda: lay_out(_doc(value, type_, "", _MAX)))


def typed(values: Sequence[object], types: Sequence[Type] | None) -> Iterator[tuple[object, Type]]:
    """Yield each value with its type; raises `TypeError` where there are not as many types."""
    if types is None:
        for value in values:
            if not isinstance(value, Typed):
                raise TypeError("without types every value must be Typed")
            yield value.value, value.type
    elif len(values) != len(types):
        raise TypeError(f"{len(values)} values for {len(types)} types")
    else:
        yield from zip(values, types, strict=True)


def _show_pretty(pairs: list[tuple[object, Type]]) -> str:
    if not pairs:
        return "()"
    docs = [_doc(value, type_, "", _MAX) for value, type_ in pairs]
    return lay_out(Group("(", docs, ",", "", ")"))


def _show_idl(pairs: list[tuple[object, Type]]) -> str:
    shown = [compact(type_)(value) for value, type_ in pairs]
    return f"({', '.join(shown)})" if shown else ""


def _doc(value: object, type_: Type, prefix: str, depth: int) -> Doc:  # noqa: PLR0911 - one for each kind
    """Return the layout of a value behind `prefix`, with `depth` levels left."""
    type_ = type_.resolve()
    if not depth:
        return prefix + compact(type_)(value)
    if isinstance(type_, Opt):
        return _opt_doc(value, type_, prefix, depth - 1)
    if isinstance(type_, Record):
        return _record_doc(value, type_, prefix, depth - 1)
    if isinstance(type_, Vec):
        return _vec_doc(value, type_, prefix, depth - 1)
    if isinstance(type_, Variant):
        return _variant_doc(value, type_, prefix, depth - 1)
    if type_.kind in LEAVES:
        return prefix + LEAVES[type_.kind](value)
    if not isinstance(value, Typed):
        raise wrong(value, type_.kind)
    return _doc(value.value, value.type, prefix, depth)


def _opt_doc(value: object, type_: Opt, prefix: str, depth: int) -> Doc:
    if value is None:
        return prefix + "null"
    if type_.wraps:
        value = unwrapped(value)
    inner = type_.inner
    kind = value.type.kind if isinstance(value, Typed) else inner.resolve().kind
    if kind in IN_PARENTHESES:
        return Group(f"{prefix}opt (", [_doc(value, inner, "", depth)], "", "", ")")
    return _doc(value, inner, f"{prefix}opt ", depth)


def _record_doc(value: object, type_: Record, prefix: str, depth: int) -> Doc:
    members = members_of(value, type_)
    if not type_.fields:
        return prefix + "record {}"
    docs: list[Doc] = []
    for field, member in zip(type_.fields, members, strict=True):
        label = "" if type_.is_positional else f"{show_label(field.label)} = "
        docs.append(_doc(member, field.type, label, depth))
    return Group(f"{prefix}record {{", docs, ";", " ", "}")


def _vec_doc(value: object, type_: Vec, prefix: str, depth: int) -> Doc:
    if type_.is_blob:
        return prefix + show_blob(value)
    items = items_of(value)
    if not items:
        return prefix + "vec {}"
    if len(items) > _MAX:
        return prefix + compact(type_)(items)
    docs = [_doc(item, type_.inner, "", depth) for item in items]
    return Group(f"{prefix}vec {{", docs, ";", " ", "}")


def _variant_doc(value: object, type_: Variant, prefix: str, depth: int) -> Doc:
    if not isinstance(value, Tag):
        raise wrong(value, "variant")
    for field in type_.fields:
        if field.label == value.name:
            break
    else:
        raise ValueError(f"the variant has no tag {value.name}")
    label = show_label(field.label)
    if field.type.resolve().kind == "null":
        _doc(value.value, field.type, "", 1)
        item: Doc = label
    else:
        item = _doc(value.value, field.type, f"{label} = ", depth)
    return Group(f"{prefix}variant {{", [item], "", " ", "}")
