"""Values and types to text, to the byte as the official printer writes it (candid 0.10).

A bracket stays on one line of 80 columns where it fits, else its items do not: outermost first and
without going back, as the official printer (Wadler's) does.
"""

from collections.abc import Iterator, Sequence

from .compact import (
    IN_PARENTHESES,
    LEAVES,
    compact,
    field_of,
    items_of,
    members_of,
    show_blob,
    unwrapped,
    wrong,
)
from .depth import deeply
from .escapes import show_label
from .types import (
    NUMBER,
    Field,
    Func,
    Opt,
    Record,
    Ref,
    ServiceType,
    Type,
    Variant,
    Vec,
    check_types,
)
from .values import Typed

_WIDTH = 80
_INDENT = 2

# So many levels below an argument are laid out, and so many elements of a vec; more is compact.
_MAX = 10


class _Group:
    """An opening, items and a closing; `pad` stands inside the brackets on one line.

    What stands before a bracket on its line (a label, `opt`) is part of its opening, so a group
    always starts a line.
    """

    __slots__ = ("close", "items", "open", "pad", "separator", "width")

    def __init__(
        self, opening: str, items: "list[_Doc]", separator: str, pad: str, close: str
    ) -> None:
        self.open = opening
        self.items = items
        self.separator = separator
        self.pad = pad
        self.close = close
        width = text_width(opening) + text_width(close) + 2 * len(pad)
        for item in items:
            width += _width_of(item)
        self.width: int = width + (len(separator) + 1) * (len(items) - 1)


class _Chain:
    """Parts that follow each other on a line; each breaks on its own, indented once more.

    Only the types of functions are such: their parameters and their results.
    """

    __slots__ = ("parts", "width")

    def __init__(self, parts: "list[str | _Group]") -> None:
        self.parts = parts
        self.width = sum(_width_of(part) for part in parts)


_Doc = str | _Group | _Chain


# --- values ---


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
    return deeply(lambda: _lay_out(_doc(value, type_, "", _MAX)))


def typed(values: Sequence[object], types: Sequence[Type] | None) -> Iterator[tuple[object, Type]]:
    """Yield each value with its type; raises `TypeError` where there are not as many types."""
    if types is None:
        for value in values:
            if not isinstance(value, Typed):
                raise TypeError("without types every value must be Typed")
            check_types([value.type])
            yield value.value, value.type
        return
    check_types(types)
    if len(values) != len(types):
        raise TypeError(f"{len(values)} values for {len(types)} types")
    yield from zip(values, types, strict=True)


def _show_pretty(pairs: list[tuple[object, Type]]) -> str:
    if not pairs:
        return "()"
    docs = [_doc(value, type_, "", _MAX) for value, type_ in pairs]
    return _lay_out(_Group("(", docs, ",", "", ")"))


def _show_idl(pairs: list[tuple[object, Type]]) -> str:
    shown = [compact(type_)(value) for value, type_ in pairs]
    return f"({', '.join(shown)})" if shown else ""


def _doc(value: object, type_: Type, prefix: str, depth: int) -> _Doc:  # noqa: PLR0911 - one for each kind
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


def _opt_doc(value: object, type_: Opt, prefix: str, depth: int) -> _Doc:
    if value is None:
        return prefix + "null"
    if type_.wraps:
        value = unwrapped(value)
    inner = type_.inner
    kind = value.type.kind if isinstance(value, Typed) else inner.resolve().kind
    if kind in IN_PARENTHESES:
        return _Group(f"{prefix}opt (", [_doc(value, inner, "", depth)], "", "", ")")
    return _doc(value, inner, f"{prefix}opt ", depth)


def _record_doc(value: object, type_: Record, prefix: str, depth: int) -> _Doc:
    members = members_of(value, type_)
    if not type_.fields:
        return prefix + "record {}"
    docs: list[_Doc] = []
    for field, member in zip(type_.fields, members, strict=True):
        label = "" if type_.is_positional else f"{show_label(field.label)} = "
        docs.append(_doc(member, field.type, label, depth))
    return _Group(f"{prefix}record {{", docs, ";", " ", "}")


def _vec_doc(value: object, type_: Vec, prefix: str, depth: int) -> _Doc:
    if type_.is_blob:
        return prefix + show_blob(value)
    items = items_of(value)
    if not items:
        return prefix + "vec {}"
    if len(items) > _MAX:
        return prefix + compact(type_)(items)
    docs = [_doc(item, type_.inner, "", depth) for item in items]
    return _Group(f"{prefix}vec {{", docs, ";", " ", "}")


def _variant_doc(value: object, type_: Variant, prefix: str, depth: int) -> _Doc:
    field, carried = field_of(value, type_)
    label = show_label(field.label)
    if field.type.resolve().kind == "null":
        _doc(carried, field.type, "", 1)
        item: _Doc = label
    else:
        item = _doc(carried, field.type, f"{label} = ", depth)
    return _Group(f"{prefix}variant {{", [item], "", " ", "}")


# --- types ---


def show_type(type_: Type) -> str:
    """Return the type as written, broken at 80 columns where it is longer."""
    return _lay_out(_type_doc(type_, ""))


def _type_doc(type_: Type, prefix: str, suffix: str = "") -> _Doc:  # noqa: PLR0911 - one for each kind
    if isinstance(type_, Ref):
        return prefix + type_.name + suffix
    if isinstance(type_, Opt):
        return _type_doc(type_.inner, f"{prefix}opt ", suffix)
    if isinstance(type_, Vec):
        if type_.inner.kind == "nat8":
            return f"{prefix}blob{suffix}"
        return _type_doc(type_.inner, f"{prefix}vec ", suffix)
    if isinstance(type_, Record):
        items = [_type_field(field, is_positional=type_.is_positional) for field in type_.fields]
        return _braces(f"{prefix}record", items, suffix)
    if isinstance(type_, Variant):
        return _braces(f"{prefix}variant", [_type_tag(field) for field in type_.fields], suffix)
    if isinstance(type_, Func):
        return _type_func(type_, f"{prefix}func ", suffix)
    if isinstance(type_, ServiceType):
        items = [_type_method(name, method) for name, method in type_.methods]
        return _braces(f"{prefix}service", items, suffix)
    # A number without a type is sent as an int.
    return prefix + ("int" if type_ is NUMBER else type_.kind) + suffix


def _braces(opening: str, items: list[_Doc], suffix: str) -> _Doc:
    if not items:
        return f"{opening} {{}}{suffix}"
    return _Group(f"{opening} {{", items, ";", " ", f"}}{suffix}")


def _type_field(field: Field, *, is_positional: bool) -> _Doc:
    return _type_doc(field.type, "" if is_positional else f"{show_label(field.label)} : ")


def _type_tag(field: Field) -> _Doc:
    if field.type.kind == "null":
        return show_label(field.label)
    return _type_doc(field.type, f"{show_label(field.label)} : ")


def _type_method(name: str, method: Type) -> _Doc:
    prefix = f"{show_label(name)} : "
    return _type_func(method, prefix, "") if isinstance(method, Func) else _type_doc(method, prefix)


def _type_func(func: Func, prefix: str, suffix: str) -> _Doc:
    modes = "".join([f" {mode}" for mode in func.modes])
    parts = [
        _type_tuple(prefix, func.args, ") -> "),
        _type_tuple("", func.results, f"){modes}{suffix}"),
    ]
    return _Chain(parts)


def _type_tuple(opening: str, types: tuple[Type, ...], close: str) -> str | _Group:
    if not types:
        return f"{opening}({close}"
    return _Group(f"{opening}(", [_type_doc(type_, "") for type_ in types], ",", "", close)


# --- lines ---


def _width_of(doc: _Doc) -> int:
    return text_width(doc) if isinstance(doc, str) else doc.width


def text_width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from .unicode_tables import display_width

    return display_width(text)


def _lay_out(doc: _Doc) -> str:
    """Return the document as text, without a newline at its end."""
    out: list[str] = []
    _render(doc, 0, 0, 0, out)
    return "".join(out)


def _render(doc: _Doc, indent: int, column: int, after: int, out: list[str]) -> int:
    """Append the document and return the column behind it.

    It begins at `column` of a line indented by `indent`; `after` columns follow on its last line.
    """
    if isinstance(doc, _Chain):
        return _render_chain(doc, indent, column, after, out)
    if isinstance(doc, str) or column + doc.width + after <= _WIDTH:
        _render_flat(doc, out)
        return column + _width_of(doc)
    inner = indent + _INDENT
    line = "\n" + " " * inner
    out.append(doc.open)
    for item in doc.items:
        out.append(line)
        _render(item, inner, inner, len(doc.separator), out)
        out.append(doc.separator)
    out.append("\n" + " " * indent + doc.close)
    return indent + text_width(doc.close)


def _render_chain(chain: _Chain, indent: int, column: int, after: int, out: list[str]) -> int:
    for part, following in zip(chain.parts, [*chain.parts[1:], None], strict=True):
        if following is None:
            more = after
        elif isinstance(following, str):
            more = text_width(following) + after
        else:
            # A line may break behind the next opening, so only that has to fit.
            more = text_width(following.open)
        column = _render(part, indent + _INDENT, column, more, out)
    return column


def _render_flat(doc: _Doc, out: list[str]) -> None:
    if isinstance(doc, str):
        out.append(doc)
    elif isinstance(doc, _Chain):
        for part in doc.parts:
            _render_flat(part, out)
    else:
        out.append(doc.open + doc.pad)
        between = ""
        for item in doc.items:
            out.append(between)
            between = doc.separator + " "
            _render_flat(item, out)
        out.append(doc.pad + doc.close)
