"""Which stretch of which index answers a question."""

from tinydb.queries import QueryLike

from . import keys
from .specs import Index, TableSpec


class FullScan(RuntimeError):
    """No index answers the question, and the table was not opened with `scans=True`.

    A mistake in the asking code, never of the user: at a million records it would take seconds.
    """


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


def equality(cond: QueryLike) -> tuple[str, object] | None:
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


def span_where(spec: TableSpec, cond: QueryLike) -> Span | None:
    """Return the span of exactly those documents that match, None if no index has one."""
    asked = equality(cond)
    if asked is None:
        return None
    field, value = asked
    index = _shortest(spec, field, value)
    return None if index is None else _equal(index, value)


def span_of_page(
    spec: TableSpec, cond: QueryLike | None, order: str | None, after: object, *, descending: bool
) -> Span | None:
    """Return the span whose own order is the order asked for, None if no index has it."""
    prefix = b""
    wanted: tuple[str, ...] = () if order is None else (order,)
    if cond is not None:
        asked = equality(cond)
        if asked is None:
            return None
        field, value = asked
        wanted = (field, *wanted)
        prefix = _key_or_nothing(value)
    index = _with_order(spec, wanted, exact=order is None)
    if index is None or (index.unique and prefix == keys.NULL):
        return None
    if order is None:
        return Span(index, prefix, prefix + keys.END, _document_id(after))
    return _beyond(index, prefix, after, descending=descending)


def _beyond(index: Index, prefix: bytes, after: object, *, descending: bool) -> Span:
    # From NULL on: a document without the field that orders is not in the order.
    low, high = prefix + keys.NULL, prefix + keys.END
    if after is not None and descending:
        high = prefix + keys.encode(after)
    elif after is not None:
        low = prefix + keys.encode(after) + keys.END
    return Span(index, low, high)


def _equal(index: Index, value: object) -> Span:
    key = _key_or_nothing(value)
    return Span(index, key, key + keys.END)


def _key_or_nothing(value: object) -> bytes:
    """Return the value's key, or for a fraction one that no document has: no index admits them."""
    if isinstance(value, float) and not value.is_integer():
        return keys.END
    return keys.encode(value)


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


def _document_id(after: object) -> int | None:
    if after is None or isinstance(after, int):
        return after
    raise TypeError(f"Documents in order of their ids come after an id, not {after!r}.")
