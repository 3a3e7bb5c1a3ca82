"""Rows in SQLite: a table of documents, a table for each index, and counts that are kept.

Of a table `tokens` with an index on `account` and `id`, the file has `tokens (id, body)` and
`tokens.account,id (key, doc)`. What the catalogue `_tables` says of it is brought up to date at
commit, in the same transaction, and so are the counts of counted indexes in `_counts`. What is
written waits in memory until much of it has come together, or somebody asks what it may answer.

A file from before an index was declared is answered from memory, read once per transaction, until
the first write makes the index. An index that is no longer declared is dropped then, because from
then on nobody would keep it.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from . import contents
from . import sqlite_words as words
from .indexes import END, Index, Places, Span, TableSpec
from .memory import MemoryIndex, entries_of, not_unique
from .sqlite_counts import Counts
from .sqlite_counts import Runs as RunsStatements
from .sqlite_pending import Pending

_SMALLEST_ID, _LARGEST_ID = -(2**63), 2**63 - 1
_NO_LIMIT = -1
_FEW = 50  # documents that are remembered: calls of a batch are often about the same few


class Runs(RunsStatements, Protocol):
    """The transaction that the rows are in."""

    path: str
    decoded: int
    failure: Exception | None

    @property
    def in_savepoint(self) -> bool:
        """Whether a change may have to be undone without the transaction."""

    def note(self, undo: Callable[[], object], written: int = 0) -> None:
        """Take note of a change, of so many bytes of documents, and of how to undo it."""

    def expect_much(self) -> None:
        """Make room in memory for the pages of a long transaction."""

    def everything(self, spec: TableSpec) -> Iterator[tuple[int, str]]:
        """Yield every document of a table."""


class SqliteRows:
    """The documents of one table, read when they are asked for."""

    def __init__(self, spec: TableSpec, session: Runs) -> None:
        self.spec = spec
        self._session = session
        self._table = spec.name
        found = session.run(words.ENTRY, (spec.name,))
        self._there = bool(found)
        entry: tuple[int, int, int, str] = found[0] if found else (0, 0, 1, "")
        if [type(value) for value in entry] != [int, int, int, str]:
            raise contents.damaged(session.path, "its catalogue cannot be read")
        self.records, self.size, self.next_id = entry[:3]
        self._described = entry[3].split()
        self._changed = False
        self._highest: dict[str, bytes] = {}  # keys in the file that none there is beyond
        self._counts = Counts(spec.name, session, self._make)
        self._pending = Pending(spec, self._counts)
        self._nowhere: Places = [None] * len(spec.indexes)
        self._unique = [(at, index) for at, index in enumerate(spec.indexes) if index.unique]
        self._stand_ins: dict[str, MemoryIndex] = {}
        self._lately: dict[tuple[str, bytes], list[tuple[int, str]]] = {}  # who had which key

    # ------------------------------------------------------------------ reading

    def body(self, doc_id: int) -> str | None:
        """Return the text of a document."""
        if doc_id in self._pending.bodies:
            return self._pending.bodies[doc_id]
        if not self._there or not _SMALLEST_ID <= doc_id <= _LARGEST_ID:
            return None
        found = self._run(words.BODY, (doc_id,))
        return found[0][0] if found else None

    def stretch(
        self, after: int | None, limit: int | None, *, descending: bool
    ) -> list[tuple[int, str]]:
        """Return documents in order of their ids."""
        self._write_down()
        if not self._there:
            return []
        start: int = _edge(after, descending=descending)
        # From the first id on, that one included.
        beyond = words.beyond(descending=descending) + "=" * (after is None)
        values = (start, _NO_LIMIT if limit is None else limit)
        return self._run(words.STRETCH, values, beyond=beyond, way=words.way(descending=descending))

    def span(
        self, span: Span, limit: int | None, *, descending: bool = False, by_id: bool = False
    ) -> list[tuple[int, str]]:
        """Return the documents of a span, in its own order or in that of their ids."""
        if span.is_one_key and limit != 0:
            if span.index.unique and (self._pending or self._has(span.index)):
                return self._held(span)
            if self._pending and span.low not in self._pending.holders(span.index):
                return self._beside_pending(span, limit, descending=descending)
        self._write_down()
        if not self._has(span.index):
            ids = self._stand_in(span.index).ids(span, limit, descending=descending, by_id=by_id)
            return [(doc_id, self.body(doc_id) or "") for doc_id in ids]
        way = words.way(descending=descending)
        most = _NO_LIMIT if limit is None else limit
        if span.after is not None:
            edge = min(max(span.after, _SMALLEST_ID), _LARGEST_ID)
            values: tuple[object, ...] = (span.low, edge, most)
            beyond = words.beyond(descending=descending)
            return self._run(words.SPAN_BEYOND, values, span.index, beyond=beyond, way=way)
        question = words.SPAN_BY_ID if by_id else words.SPAN
        return self._run(question, (span.low, span.high, most), span.index, way=way)

    def span_count(self, span: Span) -> int:
        """Return how many documents a span holds."""
        if span.index.counted and (self._has(span.index) or not self._there):
            self._pending.holders(span.index)
            return self._counts.of(span.index, span.low)
        self._write_down()
        if not self._has(span.index):
            return self._stand_in(span.index).count(span)
        ((number,),) = self._run(words.SPAN_COUNT, (span.low, span.high), span.index)
        return int(number)

    def span_exists(self, span: Span) -> bool:
        """Return whether a span holds anything."""
        if self._pending and span.is_one_key:
            if span.index.unique:
                return self._holder(span.index, span.low) is not None
            if span.low not in self._pending.holders(span.index):
                return self._is_in_file(span)
        self._write_down()
        if not self._has(span.index):
            return self._stand_in(span.index).count(span) > 0
        return bool(self._run(words.SPAN_EXISTS, (span.low, span.high), span.index))

    # ------------------------------------------------------------------ writing

    def reserve(self, next_id: int) -> None:
        """Give out no id below this one."""
        self._prepare()
        self.next_id = max(self.next_id, next_id)

    def insert(self, doc_id: int, text: str, places: Places) -> None:
        """Add a document that is not there yet."""
        self._prepare()
        for at, index in self._unique:
            self._refuse_taken(index, [places[at]])
        added, next_id = {doc_id: (text, places)}, self.next_id
        self._session.note(lambda: self._take_back(added, next_id), len(text))
        self._add(doc_id, text, places)

    def insert_all(self, documents: dict[int, tuple[str, Places]]) -> None:
        """Add documents that are not there yet."""
        self._prepare()
        for at, index in self._unique:
            self._refuse_taken(index, [places[at] for _, places in documents.values()])
        next_id, written = self.next_id, sum(len(text) for text, _ in documents.values())
        self._session.note(lambda: self._take_back(documents, next_id), written)
        for doc_id, (text, places) in documents.items():
            self._add(doc_id, text, places)

    def _add(self, doc_id: int, text: str, places: Places) -> None:
        self._keep(doc_id, text, self._nowhere, places)
        self.records += 1
        self.size += len(text)
        self.next_id = max(self.next_id, doc_id + 1)

    def replace(self, doc_id: int, texts: tuple[str, str], places: tuple[Places, Places]) -> None:
        """Change a document; `texts` and `places` are those before and those after."""
        self._prepare()
        for at, index in self._unique:
            if places[0][at] != places[1][at]:
                self._refuse_taken(index, [places[1][at]])
        self._session.note(lambda: self.replace(doc_id, texts[::-1], places[::-1]), len(texts[1]))
        self._keep(doc_id, texts[1], *places)
        self.size += len(texts[1]) - len(texts[0])

    def discard(self, doc_id: int, text: str, places: Places) -> None:
        """Remove a document."""
        self._prepare()
        self._session.note(lambda: self.insert(doc_id, text, places))
        self._keep(doc_id, None, places, self._nowhere)
        self.records -= 1
        self.size -= len(text)

    def clear(self) -> None:
        """Remove every document; ids go on from where they were."""
        self._prepare()
        kept = list(self._session.everything(self.spec)) if self._session.in_savepoint else []
        self._session.note(lambda: self._refill(kept))
        self._lately.clear()
        self._pending.forget()
        self._counts.forget()
        self.records = self.size = 0
        if self._there:
            self._run(words.CLEAR)
            for index in self.spec.indexes:
                self._run(words.CLEAR_INDEX, (), index)
            self._counts.drop(index.name for index in self.spec.indexes)

    def flush(self) -> None:
        """Write down everything kept in memory."""
        if self._changed:
            self._make()
            self._write_down()
            entry = (self.records, self.size, self.next_id, self.spec.name)
            self._session.run(words.KEEP_ENTRY, entry)
            self._counts.write_down()

    # ------------------------------------------------------------------ below

    def _write_down(self) -> None:
        if self._pending:
            self._make()
            for name, key in self._pending.write_down(self._session.run_many).items():
                if key > self._highest.get(name, END):
                    self._highest[name] = key

    # What has one key is found without writing down what waits, so that a long transaction of many
    # small questions and changes still writes them together.

    def _held(self, span: Span) -> list[tuple[int, str]]:
        """Return the document that holds the key of a span in a unique index."""
        if not self._pending:
            return self._held_in_file(span.index, span.low)
        doc_id = self._holder(span.index, span.low)
        text = None if doc_id is None else self.body(doc_id)
        return [] if doc_id is None or text is None else [(doc_id, text)]

    def _held_in_file(self, index: Index, key: bytes) -> list[tuple[int, str]]:
        found = self._lately.get((index.name, key))
        if found is None:
            found = self._run(words.HELD, (key,), index)
            if len(self._lately) >= _FEW:
                self._lately.clear()
            self._lately[index.name, key] = found
        return found

    def _beside_pending(
        self, span: Span, limit: int | None, *, descending: bool
    ) -> list[tuple[int, str]]:
        """Return the documents of a span whose entries nothing that waits concerns."""
        if not self._is_in_file(span):
            return []
        values = (span.low, span.high, _NO_LIMIT if limit is None else limit)
        way = words.way(descending=descending)
        bodies = self._pending.bodies
        found = self._run(words.SPAN, values, span.index, way=way)
        return [(doc_id, bodies.get(doc_id) or text) for doc_id, text in found]

    def _is_in_file(self, span: Span) -> bool:
        if not self._there or span.low > self._highest_of(span.index):
            return False
        return bool(self._run(words.SPAN_EXISTS, (span.low, span.high), span.index))

    def _holder(self, index: Index, key: bytes) -> int | None:
        """Return the document that has a key of a unique index, if one has."""
        holders = self._pending.holders(index)
        if key in holders:
            return holders[key]
        # Most new keys are beyond all others: so are those of everything that is numbered.
        if not self._there or key > self._highest_of(index):
            return None
        found = self._run(words.HOLDER, (key,), index)
        return found[0][0] if found else None

    def _highest_of(self, index: Index) -> bytes:
        """Return a key that none of an index in the file is beyond."""
        highest = self._highest.get(index.name)
        if highest is None:
            ((found,),) = self._run(words.HIGHEST, (), index)
            highest = self._highest[index.name] = found or b""
        return highest

    def _take_back(self, documents: dict[int, tuple[str, Places]], next_id: int) -> None:
        for doc_id, (text, places) in documents.items():
            self.discard(doc_id, text, places)
        self.next_id = next_id

    def _refill(self, kept: list[tuple[int, str]]) -> None:
        for doc_id, text in kept:
            places = self.spec.keys(contents.decode(text, self._session.path))
            self.insert(doc_id, text, places)

    def _refuse_taken(self, index: Index, keys: list[bytes | None]) -> None:
        """Raise `NotUnique`, with nothing touched, if a document has one of these keys."""
        wanted = set()
        for key in keys:
            if key is not None and (key in wanted or self._holder(index, key) is not None):
                self._session.failure = not_unique(index)
                raise self._session.failure
            wanted.add(key)

    def _keep(self, doc_id: int, text: str | None, old: Places, new: Places) -> None:
        self._lately.clear()
        self._pending.keep(doc_id, text, old, new)
        if self._pending.is_full:
            self._session.expect_much()
            self._write_down()

    def _prepare(self) -> None:
        """Before the first write: have the indexes be what the spec says."""
        if self._changed:
            return
        there = self._there
        self._session.note(lambda: self._forget_changes(there=there))
        self._changed = True
        wanted = [index.description for index in self.spec.indexes]
        if self._there and wanted != self._described:
            self._fill(self._rebuild(wanted))

    def _forget_changes(self, *, there: bool) -> None:
        """Undo that there were changes, once each of them is undone; the table was `there`."""
        if there:
            return  # what undid those in the file is still to be written
        if self._there:
            self._unmake()
        self._changed = False
        self._pending.forget()
        self._counts.forget()

    def _make(self) -> None:
        """Make the table, unless it is there."""
        if not self._there:
            self._session.run(words.NEW_ENTRY, (self.spec.name,))
            self._run(words.NEW_TABLE)
            self._there = True
            self._rebuild([index.description for index in self.spec.indexes])

    def _unmake(self) -> None:
        for index in self.spec.indexes:
            self._run(words.DROP_INDEX, (), index)
        self._counts.drop(index.name for index in self.spec.indexes)
        self._run(words.DROP_TABLE)
        self._session.run(words.DROP_ENTRY, (self.spec.name,))
        self._described = []
        self._highest.clear()
        self._there = False

    def _rebuild(self, wanted: list[str]) -> list[Index]:
        """Drop the indexes that are not wanted and return those that were made, empty."""
        for old in set(self._described).difference(wanted):
            name = old.rstrip("!#")
            self._session.run(words.filled_in(words.DROP_INDEX, self._table, name))
            self._counts.drop([name])
        missing = [index for index in self.spec.indexes if not self._has(index)]
        for index in missing:
            self._run(words.NEW_INDEX, (), index, rest="" if index.unique else ", doc")
        self._described = wanted
        self._session.run(words.KEEP_INDEXES, (" ".join(wanted), self.spec.name))
        self._stand_ins.clear()
        return missing

    def _fill(self, indexes: list[Index]) -> None:
        """Enter the documents that are there into new indexes."""
        for index in indexes:
            entries = self._entries(index)
            self._session.run_many(words.filled_in(words.ENTER, self._table, index.name), entries)
            if index.counted:
                self._counts.tally(index, (key for key, _ in entries), 1)

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

    def _run(
        self,
        statement: str,
        values: tuple[object, ...] = (),
        index: Index | None = None,
        **parts: str,
    ) -> list[Any]:
        name = "" if index is None else index.name
        return self._session.run(words.filled_in(statement, self._table, name, **parts), values)


def _edge(after: int | None, *, descending: bool) -> int:
    if after is None:
        return _LARGEST_ID if descending else _SMALLEST_ID
    return min(max(after, _SMALLEST_ID), _LARGEST_ID)
