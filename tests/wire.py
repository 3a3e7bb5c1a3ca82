"""Candid messages with their type tables numbered alike, whoever wrote them.

The official libraries agree on the bytes of a message but for its type table: Rust's numbers a type
before its parts, JavaScript's after them, and either may hold a type twice.
"""

from collections.abc import Callable, Iterator

from originstamp_cli.candid.types import (
    Field,
    Func,
    Opt,
    Record,
    ServiceType,
    Type,
    Variant,
    Vec,
)

MAGIC = b"DIDL"
OPT, VEC, RECORD, VARIANT, FUNC, SERVICE = -18, -19, -20, -21, -22, -23
PRIMS = (
    *("null", "bool", "nat", "int", "nat8", "nat16", "nat32", "nat64", "int8", "int16", "int32"),
    *("int64", "float32", "float64", "text", "reserved", "empty"),
)
CODES = {**{name: -at for at, name in enumerate(PRIMS, start=1)}, "principal": -24}
MODES = {"query": 1, "oneway": 2, "composite_query": 3}

Entry = list[int | bytes]  # an opcode and what follows it; where types are is told by `_places`
Alike = tuple[list[Entry], list[int | bytes]]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = len(MAGIC)

    def unsigned(self) -> int:
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def signed(self) -> int:
        start = self.at
        number = self.unsigned()
        bits = 7 * (self.at - start)
        return number - (1 << bits) if number >> (bits - 1) else number

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def entry(self) -> Entry:
        code = self.signed()
        if code in (OPT, VEC):
            return [code, self.signed()]
        count = self.unsigned()
        entry: Entry = [code, count]
        if code in (RECORD, VARIANT):
            for _ in range(count):
                entry += [self.unsigned(), self.signed()]
        elif code == SERVICE:
            for _ in range(count):
                entry += [self.take(self.unsigned()), self.signed()]
        else:
            entry += [self.signed() for _ in range(count)]
            results = self.unsigned()
            entry += [results, *[self.signed() for _ in range(results)]]
            modes = self.unsigned()
            entry += [modes, self.take(modes)]
        return entry


def _places(entry: Entry) -> Iterator[int]:
    """Yield where in an entry the types are that it is made of."""
    code, count = entry[0], entry[1]
    if code in (OPT, VEC):
        yield 1
    elif code in (RECORD, VARIANT, SERVICE):
        yield from range(3, len(entry), 2)
    elif isinstance(count, int):
        yield from range(2, 2 + count)
        yield from range(3 + count, len(entry) - 2)


def alike(message: bytes) -> tuple[Alike, bytes]:
    """Return a message as its types and its values.

    The types are a table and its parts; each type is in it once, before what it is made of.
    """
    reader = _Reader(message)
    table = [reader.entry() for _ in range(reader.unsigned())]
    types = [reader.signed() for _ in range(reader.unsigned())]
    return _alike(table, types), message[reader.at :]


def _alike(table: list[Entry], types: list[int]) -> Alike:
    same = _classes(table)
    order: dict[int, int] = {}

    def number(type_: int | bytes) -> int | bytes:
        if not isinstance(type_, int) or type_ < 0:
            return type_
        known = same[type_]
        if known not in order:
            order[known] = len(order)
            for place in _places(table[type_]):
                number(table[type_][place])
        return order[known]

    numbered = [number(type_) for type_ in types]
    return [_with(table[index], number) for index in list(order)], numbered


def _classes(table: list[Entry]) -> list[int]:
    """Return for each entry of a table the number of the first that says the same as it does."""
    same, before = [0] * len(table), None
    while same != before:
        told = [repr(_with(entry, _looked_up(same))) for entry in table]
        first = {text: at for at, text in reversed([*enumerate(told)])}
        same, before = [first[text] for text in told], same
    return same


def _looked_up(same: list[int]) -> Callable[[int | bytes], int | bytes]:
    return lambda type_: same[type_] if isinstance(type_, int) and type_ >= 0 else type_


def _with(entry: Entry, number: Callable[[int | bytes], int | bytes]) -> Entry:
    """Return an entry with other numbers for the types that it is made of."""
    numbered = list(entry)
    for place in _places(entry):
        numbered[place] = number(entry[place])
    return numbered


# --- of an interface ---


def described(types: list[Type]) -> Alike:
    """Return the types that a message with values of these types has."""
    table: list[Entry] = []
    known: dict[int, int] = {}

    def number(type_: Type) -> int:
        structure = type_.resolve()
        if structure.kind in CODES:
            return CODES[structure.kind]
        if id(structure) not in known:
            index = known[id(structure)] = len(table)
            table.append([])
            table[index] = _entry(structure, number)
        return known[id(structure)]

    return _alike(table, [number(type_) for type_ in types])


def _entry(type_: Type, number: Callable[[Type], int]) -> Entry:
    if isinstance(type_, Opt | Vec):
        return [OPT if isinstance(type_, Opt) else VEC, number(type_.inner)]
    if isinstance(type_, Record | Variant):
        code = RECORD if isinstance(type_, Record) else VARIANT
        return [code, len(type_.fields), *_members(type_.fields, number)]
    if isinstance(type_, ServiceType):
        methods = sorted(type_.methods, key=lambda method: method[0])
        pairs = [part for name, each in methods for part in (name.encode(), number(each))]
        return [SERVICE, len(methods), *pairs]
    assert isinstance(type_, Func)
    args = [len(type_.args), *map(number, type_.args)]
    results = [len(type_.results), *map(number, type_.results)]
    return [FUNC, *args, *results, len(type_.modes), bytes(MODES[mode] for mode in type_.modes)]


def _members(fields: tuple[Field, ...], number: Callable[[Type], int]) -> list[int]:
    return [part for field in fields for part in (field.id, number(field.type))]
