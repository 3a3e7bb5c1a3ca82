"""Functions that each read the next value of one type from a message; `decode` puts them together.

Where the bytes end too early they raise `IndexError` or `struct.error`, of which `decode` makes a
`CandidError`; what else is wrong with the bytes is one at once.
"""

from collections.abc import Callable
from struct import Struct, unpack_from
from typing import NamedTuple

from .leb128 import read_signed, read_size, read_text, read_unsigned
from .principal import MAX_BYTES, Principal
from .source import MismatchError, Source
from .types import Record
from .values import RESERVED_VALUE, FuncRef, ServiceRef, Some, Tag, Value

Reader = Callable[[Source], Value]

_MORE = 0x80

# An inner value of more values than this is counted when it is there, not before.
_FEW = 4


class Plan(NamedTuple):
    """How values are read: by what, how many each makes at once, whether all fit, or none."""

    read: Reader
    values: int = 1
    is_sure: bool = True
    is_never: bool = False


# --- values without parts ---


def _read_nat(source: Source) -> int:
    at = source.at
    byte = source.data[at]
    if byte < _MORE:
        source.at = at + 1
        return byte
    return read_unsigned(source)


def _read_bool(source: Source) -> bool:
    return read_flag(source, "a bool")


def read_flag(source: Source, what: str) -> bool:
    """Return the next byte, which is 0 or 1."""
    byte = source.data[source.at]
    if byte > 1:
        raise source.error(f"{what} is 0 or 1, not {byte}")
    source.at += 1
    return byte == 1


def _read_text(source: Source) -> str:
    data, at = source.data, source.at
    size = data[at]
    end = at + 1 + size
    # Nearly all texts are that short; any other is read with care.
    if size < _MORE and end <= len(data):
        try:
            text = data[at + 1 : end].decode()
        except UnicodeDecodeError:
            return read_text(source)
        source.at = end
        return text
    return read_text(source)


def _read_nothing(_source: Source) -> None:
    return None


def _read_reserved(_source: Source) -> Value:
    return RESERVED_VALUE


def _read_empty(source: Source) -> Value:
    raise source.error("no value is of the type empty")


def _read_principal(source: Source) -> Principal:
    if source.data[source.at] != 1:
        raise source.error("a reference begins with 1")
    source.at += 1
    size = read_size(source)
    if size > MAX_BYTES:
        raise source.error(f"a principal has {MAX_BYTES} bytes at most, not {size}")
    return Principal(source.take(size))


def _read_service(source: Source) -> ServiceRef:
    return ServiceRef(_read_principal(source))


def _read_func(source: Source) -> FuncRef:
    if source.data[source.at] != 1:
        raise source.error("a reference begins with 1")
    source.at += 1
    return FuncRef(_read_principal(source), read_text(source))


def _skip_future(source: Source) -> Value:
    size = read_size(source)
    if read_size(source):
        raise source.error("a value of a future type with references cannot be read")
    source.take(size)
    return RESERVED_VALUE


def _packed(format_: str) -> Reader:
    packed = Struct(f"<{format_}")
    unpack, size = packed.unpack_from, packed.size

    def read(source: Source) -> int | float:
        at = source.at
        number: int | float = unpack(source.data, at)[0]
        source.at = at + size
        return number

    return read


# What Python's `struct` calls the types whose values are all of one size.
PACKED = {
    "nat8": "B",
    "nat16": "H",
    "nat32": "I",
    "nat64": "Q",
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}

LEAVES: dict[str, Reader] = {
    **{kind: _packed(format_) for kind, format_ in PACKED.items()},
    "nat": _read_nat,
    "int": read_signed,
    "bool": _read_bool,
    "text": _read_text,
    "null": _read_nothing,
    "reserved": _read_reserved,
    "empty": _read_empty,
    "principal": _read_principal,
    "service": _read_service,
    "func": _read_func,
    "future": _skip_future,
}


# --- values with parts ---


def blob(source: Source) -> bytes:
    """Return the bytes of a `vec nat8`."""
    return source.take(read_size(source))


def blob_of(inner: Plan) -> Reader:
    """Return the reader of a vec of these elements as a blob; it may have none that fit."""
    read_items = vec(inner)

    def read(source: Source) -> bytes:
        return bytes(read_items(source))

    return read


def vec(inner: Plan) -> Reader:
    """Return the reader of a vec of these elements."""
    read_item, values = inner.read, max(1, inner.values)

    def read(source: Source) -> list[Value]:
        count = read_size(source)
        source.charge(count * values)
        return [read_item(source) for _ in range(count)]

    return read


def vec_of_packed(kind: str) -> Reader:
    """Return the reader of a vec of numbers that are all of one size."""
    format_ = PACKED[kind]
    size = Struct(f"<{format_}").size

    def read(source: Source) -> list[Value]:
        count = read_size(source)
        taken = source.take(count * size)
        return list(unpack_from(f"<{count}{format_}", taken))

    return read


def skipping(skip: Plan, value: Value) -> Reader:
    """Return the reader that skips what is there and makes this of it."""
    skip_it, values = skip.read, skip.values

    def read(source: Source) -> Value:
        source.charge(values)
        skip_it(source)
        return value

    return read


def refusing(reason: str) -> Plan:
    """Return the plan for a value that does not fit."""

    def read(_source: Source) -> Value:
        raise MismatchError(reason)

    return Plan(read, is_sure=False, is_never=True)


def opt(present: Plan) -> Plan:
    """Return the plan for an `opt` that is read as one; `present` makes what is in it."""
    read_present, values = present.read, present.values
    is_charged = values > _FEW

    def read(source: Source) -> Value:
        at = source.at
        flag = source.data[at]
        if flag == 1:
            source.at = at + 1
            if is_charged:
                source.charge(values)
            return read_present(source)
        if flag:
            raise source.error(f"an opt begins with 0 or 1, not {flag}")
        source.at = at + 1
        return None

    return Plan(read, 1 if is_charged else 1 + values)


def present(inner: Plan, skip: Plan | None, *, wraps: bool) -> Plan:
    """Return the plan for what is in an `opt`: skipped, and `None`, where it does not fit."""
    read_it = _wrapping(inner.read) if wraps else inner.read
    if skip is None:
        return Plan(read_it, inner.values)
    skip_it = skipping(skip, None)
    if inner.is_never:
        return Plan(skip_it)

    def read(source: Source) -> Value:
        at, depth = source.at, source.depth
        try:
            return read_it(source)
        except MismatchError:
            source.at, source.depth = at, depth
        return skip_it(source)

    return Plan(read, inner.values)


def _wrapping(read_inner: Reader) -> Reader:
    def read(source: Source) -> Value:
        return Some(read_inner(source))

    return read


def variant(plans: list[tuple[str | int | None, Plan]]) -> Plan:
    """Return the plan for a variant, with a name and a plan for each of the tags it may have.

    One without a name is skipped and makes `None`.
    """
    count = len(plans)
    tags = [(name, plan.read) for name, plan in plans]
    charges = [plan.values for _, plan in plans]
    most = max(charges, default=1)
    is_charged = most > _FEW

    def read(source: Source) -> Tag | None:
        at = read_size(source)
        if at >= count:
            raise source.error(f"the variant has {count} tags, so none has the number {at}")
        if is_charged:
            source.charge(charges[at])
        name, read_carried = tags[at]
        carried = read_carried(source)
        return None if name is None else Tag(name, carried)

    is_sure = all(plan.is_sure for _, plan in plans)
    return Plan(read, 1 if is_charged else 1 + most, is_sure)


def record(
    type_: Record, steps: list[tuple[str | int | None, Plan]], filled: dict[str | int | None, Value]
) -> Plan:
    """Return the plan for a record.

    The steps are in the order of the bytes; one without a label is skipped. What has no bytes is
    in `filled`.
    """
    readers = [(label, plan.read) for label, plan in steps]
    labels = [field.label for field in type_.fields]
    if len(steps) == len(labels) and not filled:
        made = _full_tuple(readers) if type_.is_tuple else _full_record(readers)
    else:
        made = _part_record(readers, filled, labels, is_tuple=type_.is_tuple)
    values = 1 + len(filled) + sum(plan.values for _, plan in steps)
    is_sure = all(plan.is_sure for _, plan in steps)
    return Plan(made, values, is_sure, any(plan.is_never for _, plan in steps))


_Readers = list[tuple[str | int | None, Reader]]


def _full_record(readers: _Readers) -> Reader:
    def read(source: Source) -> dict[str | int | None, Value]:
        members = {}
        for label, read_member in readers:
            members[label] = read_member(source)
        return members

    return read


def _full_tuple(readers: _Readers) -> Reader:
    each = [read_member for _, read_member in readers]

    def read(source: Source) -> tuple[Value, ...]:
        return tuple([read_member(source) for read_member in each])

    return read


def _part_record(
    readers: _Readers,
    filled: dict[str | int | None, Value],
    labels: list[str | int],
    *,
    is_tuple: bool,
) -> Reader:
    """Return the reader of a record of which some fields are skipped or filled in."""

    def read(source: Source) -> dict[str | int, Value] | tuple[Value, ...]:
        members: dict[str | int | None, Value] = dict(filled)
        for label, read_member in readers:
            members[label] = read_member(source)
        found = [members[label] for label in labels]
        return tuple(found) if is_tuple else dict(zip(labels, found, strict=True))

    return read
