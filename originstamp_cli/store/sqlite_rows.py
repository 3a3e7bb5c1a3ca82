"""Rows in SQLite: a table of documents, a table for each index, and counts that are kept.

Of a table `tokens` with an index on `account` and `id`, the file has `tokens (id, body)` and
`tokens.account,id (key, doc)`. What the catalogue `_tables` says of it is brought up to date at
commit, in the same transaction, and so are the counts of counted indexes in `_counts`.

A file from before an index was declared is answered from memory, read once per transaction, until
the first write makes the index. An index that is no longer declared is dropped then, because from
then on nobody would keep it.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from . import contents
from .indexes import END, Index, Places, Span, TableSpec, first_part
from .memory import MemoryIndex, entries_of, not_unique

CATALOG = (
    """CREATE TABLE _tables (
        name TEXT PRIMARY KEY, records INTEGER NOT NULL, size INTEGER NOT NULL,
        next_id INTEGER NOT NULL, indexes TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE _counts (
        place TEXT, key BLOB, number INTEGER NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID""",
)
TABLE_NAMES = "SELECT name FROM _tables WHERE name > '' ORDER BY name"

_ENTRY = "SELECT records, size, next_id, indexes FROM _tables WHERE name = ?"
_NEW_ENTRY = "INSERT INTO _tables VALUES (?, 0, 0, 1, '')"
_DROP_ENTRY = "DELETE FROM _tables WHERE name = ?"
_KEEP_ENTRY = "UPDATE _tables SET records = ?, size = ?, next_id = ? WHERE name = ?"
_KEEP_INDEXES = "UPDATE _tables SET indexes = ? WHERE name = ?"

_NEW_TABLE = 'CREATE TABLE IF NOT EXISTS "{table}" (id INTEGER PRIMARY KEY, body TEXT NOT NULL)'
_DROP_TABLE = 'DROP TABLE "{table}"'
_BODY = 'SELECT body FROM "{table}" WHERE id = ?'
_ADD = 'INSERT INTO "{table}" VALUES (?, ?)'
_REPLACE = 'UPDATE "{table}" SET body = ? WHERE id = ?'
_DISCARD = 'DELETE FROM "{table}" WHERE id = ?'
_CLEAR = 'DELETE FROM "{table}"'
_STRETCH = 'SELECT id, body FROM "{table}" WHERE id {beyond} ? ORDER BY id {way} LIMIT ?'

_NEW_INDEX = (
    'CREATE TABLE "{table}.{index}" (key BLOB, doc INTEGER, PRIMARY KEY ({primary})) WITHOUT ROWID'
)
_DROP_INDEX = 'DROP TABLE "{table}.{index}"'
_ENTER = 'INSERT INTO "{table}.{index}" VALUES (?, ?)'
_LEAVE = 'DELETE FROM "{table}.{index}" WHERE key = ? AND doc = ?'
_CLEAR_INDEX = 'DELETE FROM "{table}.{index}"'
_SPAN_COUNT = 'SELECT count(*) FROM "{table}.{index}" WHERE key >= ? AND key < ?'
_SPAN_EXISTS = 'SELECT 1 FROM "{table}.{index}" WHERE key >= ? AND key < ? LIMIT 1'
_SPAN_FROM = (
    'SELECT d.id, d.body FROM "{table}.{index}" AS i CROSS JOIN "{table}" AS d ON d.id = i.doc '
)
_SPAN = _SPAN_FROM + "WHERE i.key >= ? AND i.key < ? ORDER BY {order} LIMIT ?"
_SPAN_BEYOND = _SPAN_FROM + "WHERE i.key = ? AND i.doc {beyond} ? ORDER BY i.doc {way} LIMIT ?"

_COUNT = "SELECT number FROM _counts WHERE place = ? AND key = ?"
_NO_COUNTS = "DELETE FROM _counts WHERE place = ?"
_KEEP_COUNT = (
    "INSERT INTO _counts VALUES (?, ?, ?) "
    "ON CONFLICT (place, key) DO UPDATE SET number = number + excluded.number"
)
_DROP_COUNT = "DELETE FROM _counts WHERE place = ? AND key = ? AND number = 0"

_SMALLEST_ID, _LARGEST_ID = -(2**63), 2**63 - 1
_NO_LIMIT = -1
# A transaction that touches more keys than this writes their counts down before going on.
_MOST_COUNTS = 20_000


class Runs(Protocol):
    """The transaction that the rows are in."""

    path: str
    decoded: int
    failure: Exception | None

    @property
    def in_savepoint(self) -> bool:
        """Whether a change may have to be undone without the transaction."""

    def note(self, undo: Callable[[], object]) -> None:
        """Take note of a change and of how to undo it."""

    def run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows that a statement answers."""

    def everything(self, spec: TableSpec) -> Iterator[tuple[int, str]]:
        """Yield every document of a table."""


class SqliteRows:
    """The documents of one table, read when they are asked for."""

    def __init__(self, spec: TableSpec, session: Runs) -> None:
        self.spec = spec
        self._session = session
        self._table = spec.name
        found = session.run(_ENTRY, (spec.name,))
        self._there = bool(found)
        entry: tuple[int, int, int, str] = found[0] if found else (0, 0, 1, "")
        if [type(value) for value in entry] != [int, int, int, str]:
            raise contents.damaged(session.path, "its catalogue cannot be read")
        self.records, self.size, self.next_id = entry[:3]
        self._described = entry[3].split()
        self._ready = False
        self._changed = False
        self._counts: dict[tuple[Index, bytes], int] = {}
        self._stand_ins: dict[str, MemoryIndex] = {}

    # ------------------------------------------------------------------ reading

    def body(self, doc_id: int) -> str | None:
        """Return the text of a document."""
        if not self._there or not _SMALLEST_ID <= doc_id <= _LARGEST_ID:
            return None
        found = self._run(_BODY, (doc_id,))
        return found[0][0] if found else None

    def stretch(
        self, after: int | None, limit: int | None, *, descending: bool
    ) -> list[tuple[int, str]]:
        """Return documents in order of their ids."""
        if not self._there:
            return []
        start: int = _edge(after, descending=descending)
        # From the first id on, that one included.
        beyond = _beyond(descending=descending) + "=" * (after is None)
        way = "DESC" if descending else "ASC"
        values = (start, _NO_LIMIT if limit is None else limit)
        return self._run(_STRETCH, values, beyond=beyond, way=way)

    def span(
        self, span: Span, limit: int | None, *, descending: bool = False, by_id: bool = False
    ) -> list[tuple[int, str]]:
        """Return the documents of a span, in its own order or in that of their ids."""
        if not self._has(span.index):
            ids = self._stand_in(span.index).ids(span, limit, descending=descending, by_id=by_id)
            return [(doc_id, self.body(doc_id) or "") for doc_id in ids]
        way = "DESC" if descending else "ASC"
        most = _NO_LIMIT if limit is None else limit
        if span.after is not None:
            edge = min(max(span.after, _SMALLEST_ID), _LARGEST_ID)
            values: tuple[object, ...] = (span.low, edge, most)
            beyond = _beyond(descending=descending)
            return self._run(_SPAN_BEYOND, values, span.index, beyond=beyond, way=way)
        order = f"i.doc {way}" if by_id else f"i.key {way}, i.doc {way}"
        return self._run(_SPAN, (span.low, span.high, most), span.index, order=order)

    def span_count(self, span: Span) -> int:
        """Return how many documents a span holds."""
        if not self._has(span.index):
            return self._stand_in(span.index).count(span)
        number: int
        if span.index.counted:
            found = self._session.run(_COUNT, (self._place(span.index), span.low))
            number = found[0][0] if found else 0
            return number + self._counts.get((span.index, span.low), 0)
        ((number,),) = self._run(_SPAN_COUNT, (span.low, span.high), span.index)
        return number

    def span_exists(self, span: Span) -> bool:
        """Return whether a span holds anything."""
        if not self._has(span.index):
            return self._stand_in(span.index).count(span) > 0
        return bool(self._run(_SPAN_EXISTS, (span.low, span.high), span.index))

    # ------------------------------------------------------------------ writing

    def insert(self, doc_id: int, text: str, places: Places) -> None:
        """Add a document that is not there yet."""
        nowhere: Places = [None] * len(places)
        self._prepare()
        self._refuse_twice(nowhere, places)
        next_id = self.next_id
        self._session.note(lambda: self._take_back(doc_id, text, places, next_id))
        self._run(_ADD, (doc_id, text))
        self._move(doc_id, nowhere, places)
        self.records += 1
        self.size += len(text)
        self.next_id = max(next_id, doc_id + 1)

    def replace(self, doc_id: int, texts: tuple[str, str], places: tuple[Places, Places]) -> None:
        """Change a document; `texts` and `places` are those before and those after."""
        self._prepare()
        self._refuse_twice(*places)
        self._session.note(lambda: self.replace(doc_id, texts[::-1], places[::-1]))
        self._run(_REPLACE, (texts[1], doc_id))
        self._move(doc_id, *places)
        self.size += len(texts[1]) - len(texts[0])

    def discard(self, doc_id: int, text: str, places: Places) -> None:
        """Remove a document."""
        self._prepare()
        self._session.note(lambda: self.insert(doc_id, text, places))
        self._run(_DISCARD, (doc_id,))
        self._move(doc_id, places, [None] * len(places))
        self.records -= 1
        self.size -= len(text)

    def clear(self) -> None:
        """Remove every document; ids go on from where they were."""
        self._prepare()
        kept = list(self._session.everything(self.spec)) if self._session.in_savepoint else []
        self._session.note(lambda: self._refill(kept))
        self._run(_CLEAR)
        for index in self.spec.indexes:
            self._run(_CLEAR_INDEX, (), index)
            self._session.run(_NO_COUNTS, (self._place(index),))
        self._counts.clear()
        self.records = self.size = 0

    def flush(self) -> None:
        """Write down the counts kept in memory."""
        if self._changed:
            entry = (self.records, self.size, self.next_id, self.spec.name)
            self._session.run(_KEEP_ENTRY, entry)
            self._flush_counts()

    # ------------------------------------------------------------------ below

    def _take_back(self, doc_id: int, text: str, places: Places, next_id: int) -> None:
        self.discard(doc_id, text, places)
        self.next_id = next_id

    def _refill(self, kept: list[tuple[int, str]]) -> None:
        for doc_id, text in kept:
            places = self.spec.keys(contents.decode(text, self._session.path))
            self.insert(doc_id, text, places)

    def _refuse_twice(self, old: Places, new: Places) -> None:
        """Raise `NotUnique`, with nothing touched, if another document has one of the places."""
        for index, before, after in zip(self.spec.indexes, old, new, strict=True):
            if not index.unique or after is None or after == before:
                continue
            if self.span_exists(Span(index, after, after + END)):
                self._session.failure = not_unique(index)
                raise self._session.failure

    def _move(self, doc_id: int, old: Places, new: Places) -> None:
        """Change only the entries of those indexes in which the document's place changed."""
        for index, before, after in zip(self.spec.indexes, old, new, strict=True):
            if before == after:
                continue
            if before is not None:
                self._run(_LEAVE, (before, doc_id), index)
                self._tally(index, before, -1)
            if after is not None:
                self._run(_ENTER, (after, doc_id), index)
                self._tally(index, after, 1)

    def _tally(self, index: Index, key: bytes, change: int) -> None:
        if not index.counted:
            return
        counted = (index, first_part(key))
        self._counts[counted] = self._counts.get(counted, 0) + change
        if len(self._counts) > _MOST_COUNTS:
            self._flush_counts()

    def _flush_counts(self) -> None:
        for (index, key), change in self._counts.items():
            if change:
                self._session.run(_KEEP_COUNT, (self._place(index), key, change))
            if change < 0:
                self._session.run(_DROP_COUNT, (self._place(index), key))
        self._counts.clear()

    def _prepare(self) -> None:
        """Before the first write: make the table and the indexes what the spec says."""
        self._changed = True
        if self._ready:
            return
        self._ready = True
        if not self._there:
            self._session.run(_NEW_ENTRY, (self.spec.name,))
            self._run(_NEW_TABLE)
            self._there = True
            self._session.note(self._forget)
        wanted = [index.description for index in self.spec.indexes]
        if wanted != self._described:
            self._rebuild(wanted)

    def _forget(self) -> None:
        """Undo that the table was made."""
        for index in self.spec.indexes:
            self._run(_DROP_INDEX, (), index)
        self._run(_DROP_TABLE)
        self._session.run(_DROP_ENTRY, (self.spec.name,))
        self._described = []
        self._there = self._ready = self._changed = False

    def _rebuild(self, wanted: list[str]) -> None:
        for old in set(self._described).difference(wanted):
            name = old.rstrip("!#")
            self._session.run(_DROP_INDEX.format(table=self._table, index=name))
            self._session.run(_NO_COUNTS, (f"{self._table}.{name}",))
        missing = [index for index in self.spec.indexes if not self._has(index)]
        for index in missing:
            self._run(_NEW_INDEX, (), index, primary="key" if index.unique else "key, doc")
        self._described = wanted
        self._session.run(_KEEP_INDEXES, (" ".join(wanted), self.spec.name))
        self._stand_ins.clear()
        for index in missing:
            for key, doc_id in self._entries(index):
                self._run(_ENTER, (key, doc_id), index)
                self._tally(index, key, 1)

    def _has(self, index: Index) -> bool:
        return index.description in self._described

    def _stand_in(self, index: Index) -> MemoryIndex:
        if index.name not in self._stand_ins:
            self._stand_ins[index.name] = MemoryIndex(self._entries(index))
        return self._stand_ins[index.name]

    def _entries(self, index: Index) -> list[tuple[bytes, int]]:
        """Return the entries of an index that the file does not have, by reading the table."""
        return entries_of(index, self._documents(), self._session.path)

    def _documents(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for doc_id, text in self._session.everything(self.spec):
            self._session.decoded += 1
            yield doc_id, contents.decode(text, self._session.path)

    def _place(self, index: Index) -> str:
        return f"{self._table}.{index.name}"

    def _run(
        self,
        statement: str,
        values: tuple[object, ...] = (),
        index: Index | None = None,
        **parts: str,
    ) -> list[Any]:
        name = "" if index is None else index.name
        return self._session.run(statement.format(table=self._table, index=name, **parts), values)


def _edge(after: int | None, *, descending: bool) -> int:
    if after is None:
        return _LARGEST_ID if descending else _SMALLEST_ID
    return min(max(after, _SMALLEST_ID), _LARGEST_ID)


def _beyond(*, descending: bool) -> str:
    return "<" if descending else ">"
