"""Values to bytes, to the byte as the official encoder writes them (candid 0.10.32)."""

from collections.abc import Callable, Sequence
from struct import Struct

from .compact import blob_of, check_float, check_integer, items_of, members_of, unwrapped, wrong
from .depth import deeply
from .errors import CandidError
from .leb128 import write_signed, write_text, write_unsigned
from .principal import Principal
from .readers import PACKED
from .show import typed
from .type_table import header_of
from .types import RANGES, Opt, Record, Ref, Type, Variant, Vec
from .values import FuncRef, Reserved, ServiceRef, Tag, Value

_MORE = 0x80


def encode_args(values: Sequence[Value], types: Sequence[Type] | None) -> bytes:
    """Return the message that these values are, with their types at its beginning.

    Without types the values must be `Typed`, as `parse_args` returns them; a number without a type
    is an `int`. Raises `CandidError` of the kind "value" for a value that is not of its type, or as
    many values as there are not types.
    """
    try:
        return deeply(lambda: _encode(values, types))
    except CandidError:
        raise
    except (TypeError, ValueError) as error:
        raise CandidError(str(error), "value") from error


def _encode(values: Sequence[Value], types: Sequence[Type] | None) -> bytes:
    pairs = list(typed(values, types))
    encoder = _Encoder([type_ for _, type_ in pairs]) if types is None else _find_encoder(types)
    out = _Message(encoder.header)
    for (value, _), write in zip(pairs, encoder.writers, strict=True):
        write(out, value)
    return b"".join([*out.before, out])


class _Message(bytearray):
    """The end of the message that is being written; what comes before it is only put together last.

    So a large blob is copied once.
    """

    __slots__ = ("before",)

    def __init__(self, start: bytes) -> None:
        super().__init__(start)
        self.before: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Append bytes, which if they are many are not copied yet."""
        if len(data) < _LARGE:
            self += data
            return
        self.before += (bytes(self), data)
        self.clear()


# Bytes that are worth the trouble.
_LARGE = 1 << 16


class _Encoder:
    """The header of all messages of these types, and what writes their values."""

    def __init__(self, types: Sequence[Type]) -> None:
        self.types = types
        self.header = header_of(types)
        known: _Known = {}
        self.writers = [_writer(type_, known) for type_ in types]


# The encoders of the types used last, by the ids of those; the encoders keep the types alive.
_encoders: dict[tuple[int, ...], _Encoder] = {}
_MAX_KEPT = 64


def _find_encoder(types: Sequence[Type]) -> _Encoder:
    key = tuple([id(type_) for type_ in types])
    encoder = _encoders.get(key)
    if encoder is None:
        encoder = _Encoder(list(types))
        if len(_encoders) >= _MAX_KEPT:
            _encoders.clear()
        _encoders[key] = encoder
    return encoder


# --- values with parts ---

Writer = Callable[[_Message, Value], None]
_Known = dict[tuple[str, int], Writer]


def _writer(type_: Type, known: _Known) -> Writer:
    """Return the function that appends a value of the type; `known` has those of named types."""
    if isinstance(type_, Ref):
        return _named(type_, known)
    if isinstance(type_, Opt):
        return _opt(type_, _writer(type_.inner, known))
    if isinstance(type_, Vec):
        return _write_blob if type_.is_blob else _vec(_writer(type_.inner, known))
    if isinstance(type_, Record):
        return _record(type_, [_writer(field.type, known) for field in type_.fields])
    if isinstance(type_, Variant):
        return _variant(type_, [_writer(field.type, known) for field in type_.fields])
    return _LEAVES[type_.kind]


def _named(type_: Ref, known: _Known) -> Writer:
    key = (type_.name, id(type_.scope))
    writer = known.get(key)
    if writer is None:
        # Within its own definition a name is looked up when a value gets there.
        known[key] = _later(key, known)
        writer = known[key] = _writer(type_.resolve(), known)
    return writer


def _later(key: tuple[str, int], known: _Known) -> Writer:
    def write(out: _Message, value: Value) -> None:
        known[key](out, value)

    return write


def _opt(type_: Opt, write_inner: Writer) -> Writer:
    wraps = type_.wraps

    def write(out: _Message, value: Value) -> None:
        if value is None:
            out.append(0)
            return
        out.append(1)
        write_inner(out, unwrapped(value) if wraps else value)

    return write


def _vec(write_item: Writer) -> Writer:
    def write(out: _Message, value: Value) -> None:
        items = items_of(value)
        write_unsigned(out, len(items))
        for item in items:
            write_item(out, item)

    return write


def _record(type_: Record, writers: list[Writer]) -> Writer:
    if type_.is_tuple:
        return _tuple(type_, writers)
    fields = [(field.label, write) for field, write in zip(type_.fields, writers, strict=True)]
    count = len(fields)

    def write(out: _Message, value: Value) -> None:
        if type(value) is not dict or len(value) != count:
            # Raises for what is wrong; what is right is a dictionary of some other class.
            members_of(value, type_)
        try:
            for label, write_member in fields:
                write_member(out, value[label])
        except KeyError as error:
            raise ValueError(f"the record has no field {error.args[0]}") from None

    return write


def _tuple(type_: Record, writers: list[Writer]) -> Writer:
    count = len(writers)

    def write(out: _Message, value: Value) -> None:
        if type(value) is not tuple or len(value) != count:
            # As for a record with labels.
            members_of(value, type_)
        for member, write_member in zip(value, writers, strict=True):
            write_member(out, member)

    return write


def _variant(type_: Variant, writers: list[Writer]) -> Writer:
    tags: dict[str | int, tuple[int, Writer]] = {
        field.label: (at, write)
        for at, (field, write) in enumerate(zip(type_.fields, writers, strict=True))
    }

    def write(out: _Message, value: Value) -> None:
        if not isinstance(value, Tag):
            raise wrong(value, "variant")
        tag = tags.get(value.name)
        if tag is None:
            raise ValueError(f"the variant has no tag {value.name}")
        at, write_carried = tag
        write_unsigned(out, at)
        write_carried(out, value.value)

    return write


# --- values without parts ---


def _write_nat(out: _Message, value: Value) -> None:
    if type(value) is not int or value < 0:
        check_integer(value, "nat")
    if value < _MORE:
        out.append(value)
    else:
        write_unsigned(out, value)


def _write_int(out: _Message, value: Value) -> None:
    write_signed(out, check_integer(value, "int"))


def _fixed(kind: str) -> Writer:
    low, high = RANGES[kind]
    pack = Struct(f"<{PACKED[kind]}").pack

    def write(out: _Message, value: Value) -> None:
        if type(value) is not int or not low <= value <= high:
            check_integer(value, kind)
        out += pack(value)

    return write


def _write_float32(out: _Message, value: Value) -> None:
    from .number_text import to_float32

    out += _FLOAT32.pack(to_float32(check_float(value, "float32")))


def _write_float64(out: _Message, value: Value) -> None:
    out += _FLOAT64.pack(check_float(value, "float64"))


_FLOAT32 = Struct("<f")
_FLOAT64 = Struct("<d")


def _write_text(out: _Message, value: Value) -> None:
    if not isinstance(value, str):
        raise wrong(value, "text")
    if len(value) < _MORE and value.isascii():
        out.append(len(value))
        out += value.encode()
    else:
        write_text(out, value)


def _write_blob(out: _Message, value: Value) -> None:
    data = blob_of(value)
    write_unsigned(out, len(data))
    out.add(data)


def _write_bool(out: _Message, value: Value) -> None:
    if not isinstance(value, bool):
        raise wrong(value, "bool")
    out.append(value)


def _write_null(_out: _Message, value: Value) -> None:
    if value is not None:
        raise wrong(value, "null")


def _write_reserved(_out: _Message, value: Value) -> None:
    if not isinstance(value, Reserved):
        raise wrong(value, "reserved")


def _write_empty(_out: _Message, value: Value) -> None:
    raise wrong(value, "empty")


def _write_principal(out: _Message, value: Value) -> None:
    if not isinstance(value, Principal):
        raise wrong(value, "principal")
    out.append(1)
    out.append(len(value.raw))
    out += value.raw


def _write_service(out: _Message, value: Value) -> None:
    if not isinstance(value, ServiceRef):
        raise wrong(value, "service")
    _write_principal(out, value.principal)


def _write_func(out: _Message, value: Value) -> None:
    if not isinstance(value, FuncRef):
        raise wrong(value, "func")
    out.append(1)
    _write_principal(out, value.principal)
    _write_text(out, value.method)


_LEAVES: dict[str, Writer] = {
    **{kind: _fixed(kind) for kind in RANGES},
    "nat": _write_nat,
    "int": _write_int,
    "number": _write_int,
    "float32": _write_float32,
    "float64": _write_float64,
    "text": _write_text,
    "bool": _write_bool,
    "null": _write_null,
    "reserved": _write_reserved,
    "empty": _write_empty,
    "principal": _write_principal,
    "service": _write_service,
    "func": _write_func,
}
