"""Types to text, as official errors quote them (dfx-surface 2.7)."""

from .escapes import show_label
from .layout import Chain, Doc, Group, lay_out
from .types import NUMBER, Field, Func, Opt, Record, Ref, ServiceType, Type, Variant, Vec


def show_type(type_: Type) -> str:
    """Return the type as written, broken at 80 columns where it is longer."""
    return lay_out(_doc(type_, ""))


def _doc(type_: Type, prefix: str, suffix: str = "") -> Doc:  # noqa: PLR0911 - one for each kind
    if isinstance(type_, Ref):
        return prefix + type_.name + suffix
    if isinstance(type_, Opt):
        return _doc(type_.inner, f"{prefix}opt ", suffix)
    if isinstance(type_, Vec):
        if type_.inner.kind == "nat8":
            return f"{prefix}blob{suffix}"
        return _doc(type_.inner, f"{prefix}vec ", suffix)
    if isinstance(type_, Record):
        items = [_field(field, is_positional=type_.is_positional) for field in type_.fields]
        return _braces(f"{prefix}record", items, suffix)
    if isinstance(type_, Variant):
        return _braces(f"{prefix}variant", [_tag(field) for field in type_.fields], suffix)
    if isinstance(type_, Func):
        return _func(type_, f"{prefix}func ", suffix)
    if isinstance(type_, ServiceType):
        items = [_method(name, method) for name, method in type_.methods]
        return _braces(f"{prefix}service", items, suffix)
    # A number without a type is sent as an int.
    return prefix + ("int" if type_ is NUMBER else type_.kind) + suffix


def _braces(opening: str, items: list[Doc], suffix: str) -> Doc:
    if not items:
        return f"{opening} {{}}{suffix}"
    return Group(f"{opening} {{", items, ";", " ", f"}}{suffix}")


def _field(field: Field, *, is_positional: bool) -> Doc:
    return _doc(field.type, "" if is_positional else f"{show_label(field.label)} : ")


def _tag(field: Field) -> Doc:
    if field.type.kind == "null":
        return show_label(field.label)
    return _doc(field.type, f"{show_label(field.label)} : ")


def _method(name: str, method: Type) -> Doc:
    prefix = f"{show_label(name)} : "
    return _func(method, prefix, "") if isinstance(method, Func) else _doc(method, prefix)


def _func(func: Func, prefix: str, suffix: str) -> Doc:
    modes = "".join([f" {mode}" for mode in func.modes])
    parts = [_tuple(prefix, func.args, ") -> "), _tuple("", func.results, f"){modes}{suffix}")]
    return Chain(parts)


def _tuple(opening: str, types: tuple[Type, ...], close: str) -> str | Group:
    if not types:
        return f"{opening}({close}"
    return Group(f"{opening}(", [_doc(type_, "") for type_ in types], ",", "", close)
