"""What is indexed, where it stands there, and which stretch of which index answers a question.

An index holds values as bytes that sort as the values do: SQLite's integers end at 2^63, a
canister's ids at 2^64 and its numbers nowhere. Nothing encodes to the beginning of something else,
so that keys of several fields are put together by joining them, and
`key_of(x) <= key < key_of(x) + END` holds for exactly the keys that begin with x.

Missing < None < negative numbers < numbers from zero < text. Numbers that Python calls equal (`1`,
`True`, `1.0`) have one key.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeAlias

from tinydb.queries import QueryLike

Places: TypeAlias = list[bytes | None]  # where a document stands in each index of its table

MISSING = b"\x00"
NULL = b"\x01"
END = b"\xff"

_NEGATIVE = b"\x10"
_NATURAL = b"\x20"
_TEXT = b"\x30"

_LONG = 0xFF
_SHORT = 64  # letters of a text whose key is worth remembering
_SHORT_NUMBER = 2**64
_COMPLEMENT = bytes(range(255, -1, -1))


class FullScan(RuntimeError):
    """No index answers the question, and the table was not opened with `scans=True`.

    A mistake in the asking code, never of the user: at a million records it would take seconds.
    """


class Index:
    """A promise to answer `==` on the first field, ordered by the fields after it, without a scan.

    A `unique` index also refuses a second document with the same value; documents in which the
    value is None are not in it. A `counted` one keeps the number of documents for each value of
    its first field. Without the first field, a document is in no index on it.
    """

    __slots__ = ("_first", "_rest", "counted", "description", "fields", "name", "unique")

    def __init__(self, *fields: str, unique: bool = False, counted: bool = False) -> None:
        if not fields or not all(field.isidentifier() for field in fields):
            raise ValueError(f"An index needs plain field names, not {fields!r}.")
        if unique and len(fields) > 1:
            raise ValueError(f"Only a single field can be unique, not {fields!r}.")
        self.fields = fields
        self._first, *self._rest = fields
        self.unique = unique
        self.counted = counted
        self.name = ",".join(fields)
        # Kept in the file: an index whose description differs was made by another version.
        self.description = self.name + "!" * unique + "#" * counted

    def __repr__(self) -> str:
        return f"Index({self.description!r})"

    def key(self, document: dict[str, Any]) -> bytes | None:
        """Return where the document stands in this index, or None when it does not."""
        return self.place(_keys_of(document, self.fields))

    def place(self, keys: dict[str, bytes]) -> bytes | None:
        """Return where a document stands whose fields have these keys.

        A later field that is missing has a place of its own before all values: without it, `==` on
        the first field would overlook the document.
        """
        key = keys.get(self._first)
        if key is None or (self.unique and key == NULL):
            return None
        for field in self._rest:
            key += keys.get(field, MISSING)
        return key


class TableSpec:
    """The name of a table, its indexes, and the fields that each document must have."""

    __slots__ = ("_indexed", "fields", "indexes", "name")

    def __init__(
        self,
        name: str,
        indexes: tuple[Index, ...] = (),
        fields: dict[str, type] | None = None,
    ) -> None:
        # SQLite does not tell upper case from lower in names, and those that begin with an
        # underscore are the store's.
        if not name.isidentifier() or name != name.lower() or name.startswith(("_", "sqlite")):
            raise ValueError(f"A table cannot be called {name!r}.")
        self.name = name
        self.indexes = indexes
        self.fields = fields or {}
        self._indexed = frozenset(field for index in indexes for field in index.fields)

    def __repr__(self) -> str:
        return f"TableSpec({self.name!r}, {self.indexes!r})"

    @classmethod
    def undeclared(cls, name: str) -> "TableSpec":
        """Return a table found in a file, under whatever name it has there."""
        spec = cls("undeclared")
        spec.name = name
        return spec

    def unchecked(self) -> "TableSpec":
        """Return the table with its indexes, for documents of whatever shape."""
        return TableSpec(self.name, self.indexes)

    def flaw(self, document: dict[str, Any]) -> str | None:
        """Return what a document lacks of the fields that it must have, or None."""
        for field, kind in self.fields.items():
            if type(document.get(field)) is not kind:
                return f"a record of {self.name!r} has no proper {field!r}"
        return None

    def keys(self, document: dict[str, Any]) -> Places:
        """Return where the document stands in each index; `TypeError` if a value has no place."""
        if not self.indexes:
            return []
        keys = _keys_of(document, self._indexed)
        return [index.place(keys) for index in self.indexes]


# ---------------------------------------------------------------------- keys


def key_of(value: object) -> bytes:
    """Return the key of a value; `TypeError` if it is not None, a whole number or text."""
    if isinstance(value, str):
        return _short_key(value) if len(value) <= _SHORT else _key_of(value)
    return (
        _short_key(value)
        if isinstance(value, int) and abs(value) < _SHORT_NUMBER
        else _key_of(value)
    )


def _keys_of(document: dict[str, Any], fields: Iterable[str]) -> dict[str, bytes]:
    return {field: key_of(document[field]) for field in fields if field in document}


def _key_of(value: object) -> bytes:
    if isinstance(value, str):
        # A zero byte ends the text, so one inside it is marked; `surrogatepass` because argv that
        # is not UTF-8 arrives as lone surrogates, and those are names too.
        text = value.encode("utf-8", "surrogatepass")
        return _TEXT + text.replace(b"\x00", b"\x00\xff") + b"\x00"
    if value is None:
        return NULL
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        if value >= 0:
            return _NATURAL + _magnitude(value)
        return _NEGATIVE + _magnitude(-value).translate(_COMPLEMENT)
    raise TypeError(f"An index cannot hold {value!r}, only whole numbers, text and None.")


# One document has a place in many indexes, and many documents share an owner.
_short_key = lru_cache(4096)(_key_of)


def _magnitude(number: int) -> bytes:
    """Return the length, then the digits in base 256: a longer number is a larger one."""
    size = (number.bit_length() + 7) // 8
    length = bytes((size,)) if size < _LONG else END + size.to_bytes(8, "big")
    return length + number.to_bytes(size, "big")


def first_part(key: bytes) -> bytes:
    """Return the part of a key that stands for its first field."""
    tag = key[:1]
    if tag == _TEXT:
        end = 0
        while True:
            end = key.index(b"\x00", end) + 1
            if key[end : end + 1] != END:
                return key[:end]
    if tag not in (_NATURAL, _NEGATIVE):
        return tag
    size = key[1] if tag == _NATURAL else _LONG - key[1]
    if size < _LONG:
        return key[: 2 + size]
    digits = key[2:10] if tag == _NATURAL else key[2:10].translate(_COMPLEMENT)
    return key[: 10 + int.from_bytes(digits, "big")]


# ---------------------------------------------------------------------- questions


class Span:
    """The entries of an index from `low` up to, not including, `high`.

    With `after`, only those beyond that document id; `low` is then the one key looked at.
    """

    __slots__ = ("after", "high", "index", "low")

    def __init__(self, index: Index, low: bytes, high: bytes, after: int | None = None) -> None:
        self.index = index
        self.low = low
        self.high = high
        self.after = after

    @property
    def is_one_key(self) -> bool:
        """Whether it is exactly the entries that have one key, of an index of one field."""
        whole = self.after is None and self.high == self.low + END
        return whole and len(self.index.fields) == 1


def span_where(spec: TableSpec, cond: QueryLike) -> Span | None:
    """Return the span of exactly those documents that match, None if no index has one."""
    asked = _equality(cond)
    if asked is None:
        return None
    field, value = asked
    index = _shortest(spec, field, value)
    if index is None:
        return None
    key = _key_or_nothing(value)
    return Span(index, key, key + END)


def span_of_page(
    spec: TableSpec, cond: QueryLike | None, order: str | None, after: object, *, descending: bool
) -> Span | None:
    """Return the span whose own order is the order asked for, None if no index has it."""
    prefix = b""
    wanted: tuple[str, ...] = () if order is None else (order,)
    if cond is not None:
        asked = _equality(cond)
        if asked is None:
            return None
        field, value = asked
        wanted = (field, *wanted)
        prefix = _key_or_nothing(value)
    index = _with_order(spec, wanted, exact=order is None)
    if index is None or (index.unique and prefix == NULL):
        return None
    if order is None:
        return Span(index, prefix, prefix + END, document_id(after))
    return _beyond(index, prefix, after, descending=descending)


def document_id(after: object) -> int | None:
    """Return what a page in order of ids comes after; `TypeError` if it is no id."""
    if after is None or isinstance(after, int):
        return after
    raise TypeError(f"Documents in order of their ids come after an id, not {after!r}.")


def _equality(cond: QueryLike) -> tuple[str, object] | None:
    """Return the field and the value of `where(field) == value`, None for any other query."""
    described = getattr(cond, "_hash", None)
    if not isinstance(described, tuple) or len(described) != 3 or described[0] != "==":  # noqa: PLR2004 - operator, path, value
        return None
    _, path, value = described
    if len(path) != 1 or not isinstance(path[0], str):
        return None
    # Lists and dictionaries cannot be in an index, and TinyDB has frozen them beyond recognition.
    if value is not None and not isinstance(value, (str, int, float)):
        return None
    return path[0], value


def _key_or_nothing(value: object) -> bytes:
    """Return the value's key, or for a fraction one that no document has: no index admits them."""
    if isinstance(value, float) and not value.is_integer():
        return END
    return key_of(value)


def _shortest(spec: TableSpec, field: str, value: object) -> Index | None:
    best: Index | None = None
    for index in spec.indexes:
        if index.fields[0] != field or (index.unique and value is None):
            continue
        if index.unique:
            return index
        if best is None or len(index.fields) < len(best.fields):
            best = index
    return best


def _with_order(spec: TableSpec, wanted: tuple[str, ...], *, exact: bool) -> Index | None:
    for index in spec.indexes:
        if index.fields == wanted or (not exact and index.fields[: len(wanted)] == wanted):
            return index
    return None


def _beyond(index: Index, prefix: bytes, after: object, *, descending: bool) -> Span:
    # From NULL on: a document without the field that orders is not in the order.
    low, high = prefix + NULL, prefix + END
    if after is not None and descending:
        high = prefix + key_of(after)
    elif after is not None:
        low = prefix + key_of(after) + END
    return Span(index, low, high)
