"""Values on one line: as `--output idl`, and in long vecs and deep nesting (candid 0.10).

A type is made into a function once, which then prints any number of its values. The pretty form
prints values without parts so too, and every form takes values apart by the checks below.
"""

from collections.abc import Callable

from .escapes import quote, quote_debug, show_label
from .principal import Principal
from .types import RANGES, Field, Opt, Record, Ref, Type, Variant, Vec
from .values import FuncRef, Reserved, ServiceRef, Some, Tag, Typed

Printer = Callable[[object], str]
_Known = dict[tuple[str, int], Printer]

# In an `opt` these stand in parentheses.
IN_PARENTHESES = frozenset((*RANGES, "nat", "int", "float32", "float64", "null", "reserved"))


def compact(type_: Type) -> Printer:
    """Return the function that prints a value of the type on one line."""
    return _build(type_, {})


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
        return _show_debug_text
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


def _show_debug_text(value: object) -> str:
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


def _vec(inner: Printer) -> Printer:
    def show(value: object) -> str:
        items = [inner(item) for item in items_of(value)]
        return "vec { " + "; ".join(items) + ";}" if items else "vec {}"

    return show


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


# --- values without parts ---


def _show_text(value: object) -> str:
    if not isinstance(value, str):
        raise wrong(value, "text")
    return quote(value)


def _show_bool(value: object) -> str:
    if not isinstance(value, bool):
        raise wrong(value, "bool")
    return "true" if value else "false"


def _show_null(value: object) -> str:
    if value is not None:
        raise wrong(value, "null")
    return "null : null"


def _show_reserved(value: object) -> str:
    if not isinstance(value, Reserved):
        raise wrong(value, "reserved")
    return "null : reserved"


def _show_principal(value: object) -> str:
    if not isinstance(value, Principal):
        raise wrong(value, "principal")
    return f'principal "{value.text}"'


def _show_service(value: object) -> str:
    if not isinstance(value, ServiceRef) or not isinstance(value.principal, Principal):
        raise wrong(value, "service")
    return f'service "{value.principal.text}"'


def _show_func(value: object) -> str:
    if not isinstance(value, FuncRef) or not isinstance(value.principal, Principal):
        raise wrong(value, "func")
    if not isinstance(value.method, str):
        raise wrong(value.method, "text")
    return f'func "{value.principal.text}".{show_label(value.method)}'


def _show_empty(value: object) -> str:
    raise wrong(value, "empty")


def _integer(kind: str) -> Printer:
    suffix = f" : {kind}"

    def show(value: object) -> str:
        return digits(check_integer(value, kind), grouped=True) + suffix

    return show


def _show_float32(value: object) -> str:
    from .number_text import show_float, to_float32

    number = to_float32(check_float(value, "float32"))
    return f"{show_float(number, single=True)} : float32"


def _show_float64(value: object) -> str:
    from .number_text import show_float

    return f"{show_float(check_float(value, 'float64'))} : float64"


def _show_number(value: object) -> str:
    return digits(check_integer(value, "number"), grouped=False)


LEAVES: dict[str, Printer] = {
    **{kind: _integer(kind) for kind in ("nat", "int", *RANGES)},
    "float32": _show_float32,
    "float64": _show_float64,
    "number": _show_number,
    "written": str,
    "text": _show_text,
    "bool": _show_bool,
    "null": _show_null,
    "reserved": _show_reserved,
    "principal": _show_principal,
    "service": _show_service,
    "func": _show_func,
    "empty": _show_empty,
}


def show_blob(value: object) -> str:
    """Return bytes: themselves where all are printable, else each as two hex digits."""
    data = blob_of(value)
    plain = data.translate(None, b"\t\n\r").decode("latin-1")
    if plain.isascii() and (plain.isprintable() or not plain):
        return f'blob "{data.decode("ascii").translate(_BLOB_ESCAPES)}"'
    return 'blob "\\' + data.hex("\\") + '"' if data else 'blob ""'


_BLOB_ESCAPES = {code: f"\\{code:02x}" for code in b"\"'`\\\t\n\r"}


def digits(number: int, *, grouped: bool) -> str:
    """Return the decimal digits of a number, in groups of three between `_` if so wanted."""
    try:
        return f"{number:_}" if grouped else str(number)
    except ValueError:
        # Python's limit on the digits of one conversion.
        from .number_text import write_digits

        written = write_digits(number)
    if not grouped:
        return written
    sign = "-" if number < 0 else ""
    written = written.lstrip("-")
    written = written.rjust(-(-len(written) // 3) * 3)
    groups = [written[at : at + 3] for at in range(0, len(written), 3)]
    return sign + "_".join(groups).lstrip()


# --- checks ---


def wrong(value: object, kind: str) -> TypeError:
    """Return the error of printing a value that is not of the type `kind`."""
    return TypeError(f"a {type(value).__name__} is no value of the Candid type {kind}")


def unwrapped(value: object) -> object:
    """Return what is in a `Some`; raises `TypeError` for any other value."""
    if not isinstance(value, Some):
        raise wrong(value, "opt, which here needs Some(value)")
    return value.value


def items_of(value: object) -> list[object] | tuple[object, ...]:
    """Return the elements of a vec; raises `TypeError` where it is none."""
    if not isinstance(value, list | tuple):
        raise wrong(value, "vec")
    return value


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


def field_of(value: object, type_: Variant) -> tuple[Field, object]:
    """Return the field of the variant that a value is of, and what the value carries.

    Raises `TypeError` for what is no such value and `ValueError` for a tag that does not exist.
    """
    if not isinstance(value, Tag):
        raise wrong(value, "variant")
    for field in type_.fields:
        if field.label == value.name:
            return field, value.value
    raise ValueError(f"the variant has no tag {value.name}")


def blob_of(value: object) -> bytes:
    """Return the value, which is bytes; raises `TypeError` if not."""
    if not isinstance(value, bytes):
        raise wrong(value, "blob")
    return value


def check_integer(value: object, kind: str) -> int:
    """Return the value, which is an integer of this kind; raises what is wrong with it if not."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(value, kind)
    low, high = RANGES.get(kind, (0 if kind == "nat" else value, value))
    if not low <= value <= high:
        raise ValueError(f"the number is out of the range of the Candid type {kind}")
    return value


def check_float(value: object, kind: str) -> float:
    """Return the value, which is a float; raises `TypeError` if not."""
    if not isinstance(value, float):
        raise wrong(value, kind)
    return value
