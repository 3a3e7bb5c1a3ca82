"""The one-line form: of `--output idl`, of long vecs and of deep nesting (dfx-surface 2.6).

A type is made into a function once, which then prints any number of its values.
"""

from .escapes import quote_debug, show_label
from .leaves import IN_PARENTHESES, LEAVES, Printer, show_blob, wrong
from .types import Field, Opt, Record, Ref, Type, Variant, Vec
from .values import Some, Tag, Typed


def compact(type_: Type) -> Printer:
    """Return the function that prints a value of the type on one line."""
    return _build(type_, {})


_Known = dict[tuple[str, int], Printer]


def _build(type_: Type, known: _Known) -> Printer:  # noqa: PLR0911 - one for each kind
    if isinstance(type_, Ref):
        return _named(type_, known)
    if isinstance(type_, Opt):
        return _opt(type_, _build(type_.inner, known))
    if isinstance(type_, Vec):
        return show_blob if type_.is_blob else _vec(_build(type_.inner, known))
    if isinstance(type_, Record):
        return _record(type_, [_build(field.type, known) for field in type_.fields])
    if isinstance(type_, Variant):
        return _variant(type_, [_build(field.type, known) for field in type_.fields])
    if type_.kind == "text":
        return _show_text
    return LEAVES.get(type_.kind, _show_typed)


def _named(type_: Ref, known: _Known) -> Printer:
    key = (type_.name, id(type_.scope))
    printer = known.get(key)
    if printer is None:
        # Within its own definition a name is looked up when a value gets there.
        known[key] = _later(key, known)
        printer = known[key] = _build(type_.resolve(), known)
    return printer


def _later(key: tuple[str, int], known: _Known) -> Printer:
    def show(value: object) -> str:
        return known[key](value)

    return show


def _show_text(value: object) -> str:
    if not isinstance(value, str):
        raise wrong(value, "text")
    return quote_debug(value)


def _show_typed(value: object) -> str:
    if not isinstance(value, Typed):
        raise wrong(value, "any")
    return compact(value.type)(value.value)


def _opt(type_: Opt, inner: Printer) -> Printer:
    has_brackets = type_.inner.resolve().kind in IN_PARENTHESES
    opening, closing = ("opt (", ")") if has_brackets else ("opt ", "")
    wraps = type_.wraps

    def show(value: object) -> str:
        if value is None:
            return "null"
        if wraps:
            value = unwrapped(value)
        return f"{opening}{inner(value)}{closing}"

    return show


def unwrapped(value: object) -> object:
    """Return what is in a `Some`; raises `TypeError` for any other value."""
    if not isinstance(value, Some):
        raise wrong(value, "opt, which here needs Some(value)")
    return value.value


def _vec(inner: Printer) -> Printer:
    def show(value: object) -> str:
        items = [inner(item) for item in items_of(value)]
        return "vec { " + "; ".join(items) + ";}" if items else "vec {}"

    return show


def items_of(value: object) -> list[object] | tuple[object, ...]:
    """Return the elements of a vec; raises `TypeError` where it is none."""
    if not isinstance(value, list | tuple):
        raise wrong(value, "vec")
    return value


def _record(type_: Record, inner: list[Printer]) -> Printer:
    if not type_.fields:
        return _show_empty_record
    parts = [
        ("" if field.id == at else f"{show_label(field.label)} = ", printer)
        for at, (field, printer) in enumerate(zip(type_.fields, inner, strict=True))
    ]

    def show(value: object) -> str:
        shown = [
            prefix + printer(member)
            for (prefix, printer), member in zip(parts, members_of(value, type_), strict=True)
        ]
        return "record { " + "; ".join(shown) + ";}"

    return show


def _show_empty_record(value: object) -> str:
    members_of(value, Record(()))
    return "record {}"


def members_of(value: object, type_: Record) -> list[object] | tuple[object, ...]:
    """Return the values of a record's fields, in the order of the type's.

    Raises `TypeError` for what is no such record and `ValueError` for one with other fields.
    """
    if type_.is_tuple:
        if not isinstance(value, tuple):
            raise wrong(value, "record without labels")
        members: list[object] | tuple[object, ...] = value
    elif isinstance(value, dict):
        try:
            members = [value[field.label] for field in type_.fields]
        except KeyError as error:
            raise ValueError(f"the record has no field {error.args[0]}") from None
    else:
        raise wrong(value, "record")
    if not len(value) == len(members) == len(type_.fields):
        raise ValueError(f"the record has {len(value)} fields where {len(type_.fields)} belong")
    return members


def _variant(type_: Variant, inner: list[Printer]) -> Printer:
    shown = {
        field.label: (_tag_opening(field), printer)
        for field, printer in zip(type_.fields, inner, strict=True)
    }

    def show(value: object) -> str:
        if not isinstance(value, Tag):
            raise wrong(value, "variant")
        if value.name not in shown:
            raise ValueError(f"the variant has no tag {value.name}")
        opening, printer = shown[value.name]
        text = printer(value.value)
        return f"{opening}{text} }}" if opening.endswith("= ") else opening

    return show


def _tag_opening(field: Field) -> str:
    if field.type.resolve().kind == "null":
        # Unquoted, whatever it is, as the official printer has it.
        tag = f"{field.label:_}" if isinstance(field.label, int) else field.label
        return f"variant {{ {tag} }}"
    return f"variant {{ {show_label(field.label)} = "
