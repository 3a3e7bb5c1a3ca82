"""The type table that a message begins with, in the official order (candid 0.10.32)."""

from collections.abc import Sequence

from .leb128 import write_signed, write_text, write_unsigned
from .types import Func, Opt, Record, Ref, ServiceType, Type, Variant, Vec
from .wire import CODES, MAGIC, MAX_ID, MODES


def header_of(types: Sequence[Type]) -> bytes:
    """Return what a message with values of these types begins with.

    Raises `ValueError` for types that cannot be sent.
    """
    return _Table(types).header()


class _Table:
    """A type table: each type stands before its parts, and none of them twice.

    The same are types that are written the same, with labels compared by their ids; a name and what
    it stands for are two, but a name of a type without parts is that type.
    """

    def __init__(self, types: Sequence[Type]) -> None:
        self.arguments = types
        # Types that are written the same have the same number.
        self.numbers: dict[object, int] = {}
        self.known: dict[int, int] = {}
        self.rows: dict[int, int] = {}
        self.order: list[Type] = []

    def header(self) -> bytes:
        """Return the table and the types of the arguments, with what comes before."""
        todo = list(reversed(self.arguments))
        while todo:
            type_ = todo.pop()
            bare = type_.resolve()
            if not isinstance(bare, _WITH_PARTS):
                continue
            number = self._number(type_)
            if number not in self.rows:
                self.rows[number] = len(self.order)
                self.order.append(bare)
                todo += reversed(_parts(bare))
        out = bytearray(MAGIC)
        write_unsigned(out, len(self.order))
        for bare in self.order:
            self._row(bare, out)
        self._references(self.arguments, out)
        return bytes(out)

    def _number(self, type_: Type) -> int:
        """Return the number of all types that are written as this one is."""
        known = self.known.get(id(type_))
        if known is None:
            if isinstance(type_, Ref) and isinstance(type_.resolve(), _WITH_PARTS):
                key: tuple[object, ...] = ("name", type_.name, id(type_.scope))
            else:
                bare = type_.resolve()
                parts = [self._number(part) for part in _parts(bare)]
                key = (_code(bare), *_names(bare), *parts)
            known = self.known[id(type_)] = self.numbers.setdefault(key, len(self.numbers))
        return known

    def _row(self, type_: Type, out: bytearray) -> None:
        write_signed(out, _code(type_))
        if isinstance(type_, Opt | Vec):
            self._reference(type_.inner, out)
        elif isinstance(type_, Record | Variant):
            _check_ids(type_)
            write_unsigned(out, len(type_.fields))
            for field in type_.fields:
                write_unsigned(out, field.id)
                self._reference(field.type, out)
        elif isinstance(type_, Func):
            self._references(type_.args, out)
            self._references(type_.results, out)
            write_unsigned(out, len(type_.modes))
            out += bytes([_mode(mode) for mode in type_.modes])
        elif isinstance(type_, ServiceType):
            write_unsigned(out, len(type_.methods))
            for name, method in type_.methods:
                write_text(out, name)
                self._reference(method, out)

    def _references(self, types: Sequence[Type], out: bytearray) -> None:
        write_unsigned(out, len(types))
        for type_ in types:
            self._reference(type_, out)

    def _reference(self, type_: Type, out: bytearray) -> None:
        bare = type_.resolve()
        row = self.rows[self._number(type_)] if isinstance(bare, _WITH_PARTS) else _code(bare)
        write_signed(out, row)


_WITH_PARTS = (Opt, Vec, Record, Variant, Func, ServiceType)


def _code(type_: Type) -> int:
    # A number without a type is sent as an int.
    code = CODES.get("int" if type_.kind == "number" else type_.kind)
    if code is None:
        raise ValueError(f"values of the type {type_.kind} cannot be sent")
    return code


def _mode(mode: str) -> int:
    if mode not in MODES:
        raise ValueError(f"a function cannot be {mode}")
    return MODES[mode]


def _check_ids(type_: Record | Variant) -> None:
    ids = [field.id for field in type_.fields]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two fields of a {type_.kind} have the same id")
    if ids and not 0 <= ids[0] <= ids[-1] <= MAX_ID:
        raise ValueError(f"a field of a {type_.kind} has an id of more than 32 bits")


def _parts(type_: Type) -> list[Type]:
    if isinstance(type_, Opt | Vec):
        return [type_.inner]
    if isinstance(type_, Record | Variant):
        return [field.type for field in type_.fields]
    if isinstance(type_, Func):
        return [*type_.args, *type_.results]
    if isinstance(type_, ServiceType):
        return [method for _, method in type_.methods]
    return []


def _names(type_: Type) -> list[object]:
    """Return what tells a type from others of the same kind and parts."""
    if isinstance(type_, Record | Variant):
        return [field.id for field in type_.fields]
    if isinstance(type_, Func):
        return [len(type_.args), type_.modes]
    if isinstance(type_, ServiceType):
        return [name for name, _ in type_.methods]
    return []
