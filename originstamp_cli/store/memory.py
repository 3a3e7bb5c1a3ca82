"""Rows held in memory: the tables of a JSON file, and of a file that does not exist yet."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any

from . import contents, files
from .indexes import END, Index, Places, Span, TableSpec
from .session import NotUnique, Rows, Session

_BEFORE_ALL_IDS = -(2**63)

# The documents of one table by id: as they were read, or as text already when they were written.
Documents = dict[int, dict[str, Any] | str]


class MemoryIndex:
    """The places of documents in one index, sorted."""

    def __init__(self, places: Iterable[tuple[bytes, int]]) -> None:
        self._places = sorted(places)

    def add(self, key: bytes, doc_id: int) -> None:
        """Put a document in its place."""
        insort(self._places, (key, doc_id))

    def remove(self, key: bytes, doc_id: int) -> None:
        """Take a document out of its place."""
        del self._places[bisect_left(self._places, (key, doc_id))]

    def ids(
        self, span: Span, limit: int | None, *, descending: bool = False, by_id: bool = False
    ) -> list[int]:
        """Return the ids of a span's documents, in its own order or in theirs."""
        start, stop = self._bounds(span)
        found = [doc_id for _, doc_id in self._places[start:stop]]
        if span.after is not None:
            edge = span.after
            found = [doc_id for doc_id in found if (doc_id < edge if descending else doc_id > edge)]
        if by_id:
            found.sort()
        if descending:
            found.reverse()
        return found[:limit]

    def count(self, span: Span) -> int:
        """Return how many places a span has."""
        start, stop = self._bounds(span)
        return max(0, stop - start)

    def _bounds(self, span: Span) -> tuple[int, int]:
        return (
            bisect_left(self._places, (span.low, _BEFORE_ALL_IDS)),
            bisect_left(self._places, (span.high, _BEFORE_ALL_IDS)),
        )


def not_unique(index: Index) -> NotUnique:
    """Return the error for a second document where only one may be."""
    return NotUnique(f"A document with this {index.name!r} is there already.")


def entries_of(
    index: Index, documents: Iterable[tuple[int, dict[str, Any]]], path: str
) -> list[tuple[bytes, int]]:
    """Return an index's entries of a file's documents; `StateDamaged` if one can have no place."""
    entries = []
    for doc_id, document in documents:
        try:
            key = index.key(document)
        except TypeError as failure:
            why = f"record {doc_id} is not one of ours: {failure}"
            raise contents.damaged(path, why) from failure
        if key is not None:
            entries.append((key, doc_id))
    return entries


class MemoryRows:
    """Documents by id; an index is built when it is first asked for."""

    def __init__(self, spec: TableSpec, session: "MemorySession") -> None:
        self.spec = spec
        self._session = session
        self._documents = session.tables.get(spec.name, {})
        self._order: list[int] | None = None
        self._indexes: dict[str, MemoryIndex] = {}
        self.next_id = max(session.next_ids.get(spec.name, 1), 1 + max(self._documents, default=0))

    @property
    def records(self) -> int:
        """Return how many documents there are."""
        return len(self._documents)

    @property
    def size(self) -> int:
        """Return how many bytes the documents take."""
        return sum(len(_text(body)) for body in self._documents.values())

    def body(self, doc_id: int) -> str | None:
        """Return the text of a document."""
        body = self._documents.get(doc_id)
        return None if body is None else _text(body)

    def stretch(
        self, after: int | None, limit: int | None, *, descending: bool
    ) -> list[tuple[int, str]]:
        """Return documents in order of their ids."""
        order = self._sorted_ids()
        if descending:
            stop = len(order) if after is None else bisect_left(order, after)
            ids = order[:stop][::-1][:limit]
        else:
            start = 0 if after is None else bisect_left(order, after + 1)
            ids = order[start:][:limit]
        return [(doc_id, _text(self._documents[doc_id])) for doc_id in ids]

    def span(
        self, span: Span, limit: int | None, *, descending: bool = False, by_id: bool = False
    ) -> list[tuple[int, str]]:
        """Return the documents of a span, in its own order or in that of their ids."""
        ids = self._index(span.index).ids(span, limit, descending=descending, by_id=by_id)
        return [(doc_id, _text(self._documents[doc_id])) for doc_id in ids]

    def span_count(self, span: Span) -> int:
        """Return how many documents a span holds."""
        return self._index(span.index).count(span)

    def span_exists(self, span: Span) -> bool:
        """Return whether a span holds anything."""
        return self.span_count(span) > 0

    def reserve(self, next_id: int) -> None:
        """Give out no id below this one."""
        self._session.wrote = True
        self.next_id = max(self.next_id, next_id)

    def insert(self, doc_id: int, text: str, places: Places) -> None:
        """Add a document that is not there yet."""
        nowhere: Places = [None] * len(places)
        self._refuse_twice(nowhere, places)
        next_id = self.next_id
        self._session.note(lambda: self._take_back(doc_id, text, places, next_id), len(text))
        if self.spec.name not in self._session.tables:
            self._session.note(lambda: self._session.tables.pop(self.spec.name))
            self._session.tables[self.spec.name] = self._documents
        self._move(doc_id, nowhere, places)
        self._documents[doc_id] = text
        if self._order is not None:
            insort(self._order, doc_id)
        self.next_id = max(next_id, doc_id + 1)

    def insert_all(self, documents: dict[int, tuple[str, Places]]) -> None:
        """Add documents that are not there yet."""
        for doc_id, (text, places) in documents.items():
            self.insert(doc_id, text, places)

    def replace(self, doc_id: int, texts: tuple[str, str], places: tuple[Places, Places]) -> None:
        """Change a document; `texts` and `places` are those before and those after."""
        self._refuse_twice(*places)
        self._session.note(lambda: self.replace(doc_id, texts[::-1], places[::-1]), len(texts[1]))
        self._move(doc_id, *places)
        self._documents[doc_id] = texts[1]

    def discard(self, doc_id: int, text: str, places: Places) -> None:
        """Remove a document."""
        self._session.note(lambda: self.insert(doc_id, text, places))
        self._move(doc_id, places, [None] * len(places))
        del self._documents[doc_id]
        if self._order is not None:
            del self._order[bisect_left(self._order, doc_id)]

    def clear(self) -> None:
        """Remove every document; ids go on from where they were."""
        before = self._documents
        self._session.note(lambda: self._hold(before))
        self._hold({})

    def _hold(self, documents: Documents) -> None:
        self._documents = documents
        if self.spec.name in self._session.tables:
            self._session.tables[self.spec.name] = documents
        self._order = None
        self._indexes.clear()

    def _take_back(self, doc_id: int, text: str, places: Places, next_id: int) -> None:
        self.discard(doc_id, text, places)
        self.next_id = next_id

    def _refuse_twice(self, old: Places, new: Places) -> None:
        """Raise `NotUnique`, with nothing touched, if another document has one of the places."""
        for index, before, after in zip(self.spec.indexes, old, new, strict=True):
            if not index.unique or after is None or after == before:
                continue
            if self._index(index).count(Span(index, after, after + END)):
                self._session.failure = not_unique(index)
                raise self._session.failure

    def _move(self, doc_id: int, old: Places, new: Places) -> None:
        for index, before, after in zip(self.spec.indexes, old, new, strict=True):
            # An index nobody asked for is built later, from the documents as they are by then.
            if before == after or index.name not in self._indexes:
                continue
            entries = self._indexes[index.name]
            if after is not None:
                entries.add(after, doc_id)
            if before is not None:
                entries.remove(before, doc_id)

    def _index(self, index: Index) -> MemoryIndex:
        if index.name not in self._indexes:
            path = self._session.path
            documents = (
                (doc_id, contents.decode(body, path) if isinstance(body, str) else body)
                for doc_id, body in self._documents.items()
            )
            self._indexes[index.name] = MemoryIndex(entries_of(index, documents, path))
        return self._indexes[index.name]

    def _sorted_ids(self) -> list[int]:
        if self._order is None:
            self._order = sorted(self._documents)
        return self._order


class MemorySession(Session):
    """A transaction on tables in memory; on its own it is what a missing file holds."""

    def __init__(
        self,
        path: str,
        tables: dict[str, Documents] | None = None,
        next_ids: dict[str, int] | None = None,
        *,
        writable: bool = False,
    ) -> None:
        super().__init__(path, writable=writable)
        self.tables = {} if tables is None else tables
        self.next_ids = {} if next_ids is None else next_ids

    def table_names(self) -> list[str]:
        """Return the names of the tables in the file, whether or not we declare them."""
        return list(self.tables)

    def keep_next_ids(self) -> None:
        """Put the next ids of the tables that were opened with the others."""
        for name, rows in self._rows.items():
            if rows.next_id > 1:
                self.next_ids[name] = rows.next_id

    def copy_to(self, path: str) -> None:
        """Write what is seen here as a JSON file; raises `StateError`."""
        from .json_file import dump

        with files.in_our_words(path, writing=True):
            files.write_synced(path, dump(self.tables, self.next_ids).encode("ascii"))

    def commit(self) -> None:
        """End the transaction; there is no file to write."""
        self.over = True

    def abandon(self) -> None:
        """End the transaction."""
        self.over = True

    def _open(self, spec: TableSpec) -> Rows:
        return MemoryRows(spec, self)


def _text(body: dict[str, Any] | str) -> str:
    return body if isinstance(body, str) else contents.encode(body)
