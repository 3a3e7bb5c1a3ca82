"""TinyDB's table, answered by indexes and kept counts instead of by reading everything.

Answers are stock TinyDB's, in order of document ids, which is the order of insertion unless ids
were given by hand. Three differences: an id is never given out twice, not even after `truncate`;
what comes back is a copy, so changing it changes nothing stored; and a question that would read the
whole table raises `FullScan`, unless the table was opened with `scans=True`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from . import contents
from .indexes import (
    FullScan,
    Places,
    TableSpec,
    document_id,
    key_of,
    span_of_page,
    span_where,
)
from .session import ReadOnly, Rows, Session

Change: TypeAlias = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]
Found: TypeAlias = tuple[Document, str]  # a document and the text it was read from


class StateTable(Table):
    """One table inside one transaction; `page` and `put` are what it adds to TinyDB's."""

    def __init__(
        self, storage: Storage, name: str, session: Session, spec: TableSpec, *, scans: bool
    ) -> None:
        # No cache of queries: another process may write between two transactions.
        super().__init__(storage, name, cache_size=0)
        self._session = session
        self._spec = spec
        self._scans = scans

    # ------------------------------------------------------------------ reading

    def get(
        self,
        cond: QueryLike | None = None,
        doc_id: int | None = None,
        doc_ids: list[int] | None = None,
    ) -> Any:  # noqa: ANN401 - a document, None or a list, as in TinyDB
        """Return the document with this id or the first that matches; with `doc_ids`, a list."""
        if doc_id is not None:
            text = self._rows.body(doc_id)
            return None if text is None else self._document(doc_id, text)
        if doc_ids is not None:
            return [document for document, _ in self._present(sorted(set(doc_ids)))]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        found = next(self._matching(cond, limit=1), None)
        return None if found is None else found[0]

    def search(self, cond: QueryLike) -> list[Document]:
        """Return every document that matches."""
        return [document for document, _ in self._matching(cond)]

    def contains(self, cond: QueryLike | None = None, doc_id: int | None = None) -> bool:
        """Return whether there is such a document; reads an index, no document."""
        if doc_id is not None:
            return self._rows.body(doc_id) is not None
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id")
        span = span_where(self._spec, cond)
        if span is None:
            return self.get(cond) is not None
        return self._rows.span_exists(span)

    def count(self, cond: QueryLike) -> int:
        """Return how many documents match: kept for a counted index, else counted in the index."""
        span = span_where(self._spec, cond)
        if span is None:
            return sum(1 for _ in self._matching(cond))
        return self._rows.span_count(span)

    def page(
        self,
        cond: QueryLike | None = None,
        *,
        order: str | None = None,
        after: object = None,
        limit: int | None = None,
        descending: bool = False,
    ) -> list[Document]:
        """Return up to `limit` documents beyond `after`, in order of their ids or of a field.

        `after` is an id or a value of the field, which need not exist; beyond means below it when
        descending. `cond` is `where(field) == value`; with `order` an index on both fields answers
        it, in that order. Documents without the ordering field are left out, and so are those that
        share the value of `after`: order by a field that is unique among the documents asked for.
        Raises `FullScan` when no index has this order, or when nothing bounds the page.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"A page cannot have {limit} documents.")
        if cond is None and limit is None:
            self._allow_scan("a page without a limit")
        if cond is None and order is None:
            found = self._rows.stretch(document_id(after), limit, descending=descending)
            return [self._document(doc_id, text) for doc_id, text in found]
        span = span_of_page(self._spec, cond, order, after, descending=descending)
        if span is None:
            return self._page_by_scan(cond, order, after, limit, descending=descending)
        found = self._rows.span(span, limit, descending=descending)
        return [self._document(doc_id, text) for doc_id, text in found]

    def all(self) -> list[Document]:
        """Return every document."""
        return list(self)

    def __iter__(self) -> Iterator[Document]:
        """Yield every document, reading a few hundred at a time."""
        self._allow_scan("all()")
        return (document for document, _ in self._everything())

    def __len__(self) -> int:
        """Return the kept number of documents."""
        return self._rows.records

    # ------------------------------------------------------------------ writing

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add a document, a `Document` under its own id, and return the id."""
        if isinstance(document, Document):
            return self.insert_multiple((document,))[0]
        rows = self._writing()
        body = contents.as_document(document)
        doc_id = rows.next_id
        rows.insert(doc_id, contents.encode(body), self._spec.keys(body))
        return doc_id

    def put(self, document: Mapping[str, Any], doc_id: int) -> None:
        """Have this document, whole, under an id, whether or not there is one already."""
        rows = self._writing()
        body = contents.as_document(document)
        text, places = contents.encode(body), self._spec.keys(body)
        before = rows.body(doc_id)
        if before is None:
            rows.insert(doc_id, text, places)
        elif before != text:
            # A table without indexes need not be asked where the old one stood.
            stood = self._spec.keys(self._document(doc_id, before)) if places else []
            rows.replace(doc_id, (before, text), (stood, places))

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add documents and return their ids; if one cannot be added, none is."""
        rows = self._writing()
        ready: dict[int, tuple[str, Places]] = {}
        next_id = rows.next_id
        for document in documents:
            body = contents.as_document(document)
            doc_id = next_id
            if isinstance(document, Document):
                doc_id = document.doc_id
                if doc_id in ready or rows.body(doc_id) is not None:
                    raise ValueError(f"Document with ID {doc_id} already exists")
            next_id = max(next_id, doc_id + 1)
            ready[doc_id] = (contents.encode(body), self._spec.keys(body))
        rows.insert_all(ready)
        return list(ready)

    def insert_encoded(self, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> list[int]:
        """Add documents whose JSON is at hand and return their ids.

        Of each there is the text, as it would be written here, in ASCII, and those of its fields
        that have an index.
        """
        rows = self._writing()
        ready = {
            doc_id: (text, self._spec.keys(contents.as_document(indexed)))
            for doc_id, (text, indexed) in enumerate(documents, start=rows.next_id)
        }
        rows.insert_all(ready)
        return list(ready)

    def update(
        self,
        fields: Change,
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Change the documents named or matching, all or none, and return their ids."""
        self._writing()
        if doc_ids is None:
            found = self._affected(cond)
            changed = [document.doc_id for document, _ in found]
            self._change([(one, [fields]) for one in found])
            return changed
        requested = list(doc_ids)
        there = {found[0].doc_id: found for found in self._present(dict.fromkeys(requested))}
        changed = [doc_id for doc_id in requested if doc_id in there]
        self._change([(there[one], [fields] * changed.count(one)) for one in there])
        return changed

    def update_multiple(self, updates: Iterable[tuple[Change, QueryLike]]) -> list[int]:
        """Change every document by each update whose query matches it by then; a full scan."""
        self._allow_scan("update_multiple()")
        self._writing()
        pairs = list(updates)
        changed: list[int] = []
        for document, text in self._everything():
            # A later query sees what an earlier update did, so the changes can't be chosen ahead.
            trial = Document(contents.decode(text, self._session.path), document.doc_id)
            matched: list[Change] = []
            for fields, cond in pairs:
                if cond(trial):
                    _apply(fields, trial)
                    matched.append(fields)
            self._change([((document, text), matched)])
            changed += [document.doc_id] * len(matched)
        return changed

    def remove(
        self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        """Remove the documents named or matching and return their ids."""
        rows = self._writing()
        if doc_ids is None and cond is None:
            raise RuntimeError("Use truncate() to remove all documents")
        found = self._affected(cond) if doc_ids is None else self._present(dict.fromkeys(doc_ids))
        removed = []
        for document, text in found:
            rows.discard(document.doc_id, text, self._spec.keys(document))
            removed.append(document.doc_id)
        return removed

    def truncate(self) -> None:
        """Remove every document without reading one; their ids are not used again."""
        self._writing().clear()

    # ------------------------------------------------------------------ below the interface

    @property
    def _rows(self) -> Rows:
        return self._session.rows(self._spec)

    def _writing(self) -> Rows:
        rows = self._session.rows(self._spec)
        if not self._session.writable:
            raise ReadOnly(f"Nothing can be written to {self.name!r} inside Store.read().")
        return rows

    def _document(self, doc_id: int, text: str) -> Document:
        self._session.decoded += 1
        document = Document(contents.decode(text, self._session.path), doc_id)
        flaw = self._spec.flaw(document)
        if flaw:
            raise contents.damaged(self._session.path, flaw)
        return document

    def _present(self, doc_ids: Iterable[int]) -> Iterator[Found]:
        for doc_id in doc_ids:
            text = self._rows.body(doc_id)
            if text is not None:
                yield self._document(doc_id, text), text

    def _matching(self, cond: QueryLike, limit: int | None = None) -> Iterator[Found]:
        span = span_where(self._spec, cond)
        if span is None:
            self._allow_scan(repr(cond))
            return (found for found in self._everything() if cond(found[0]))
        # An index of several fields has an order of its own, TinyDB answers in order of ids.
        by_id = len(span.index.fields) > 1
        spanned = self._rows.span(span, limit, by_id=by_id)
        return ((self._document(doc_id, text), text) for doc_id, text in spanned)

    def _affected(self, cond: QueryLike | None) -> list[Found]:
        if cond is not None:
            return list(self._matching(cond))
        self._allow_scan("update() of every document")
        return list(self._everything())

    def _everything(self) -> Iterator[Found]:
        for doc_id, text in self._session.everything(self._spec):
            yield self._document(doc_id, text), text

    def _change(self, work: list[tuple[Found, list[Change]]]) -> None:
        rows = self._writing()
        ready = []
        # Everything that can fail comes before the first row is touched.
        for (document, old_text), changes in work:
            old_places = self._spec.keys(document)
            for change in changes:
                _apply(change, document)
            text, places = contents.encode(document), self._spec.keys(document)
            ready.append((document.doc_id, (old_text, text), (old_places, places)))
        for doc_id, texts, places_both in ready:
            if texts[0] != texts[1]:
                rows.replace(doc_id, texts, places_both)

    def _page_by_scan(
        self,
        cond: QueryLike | None,
        order: str | None,
        after: object,
        limit: int | None,
        *,
        descending: bool,
    ) -> list[Document]:
        self._allow_scan(f"page({cond!r}, order={order!r})")
        found = [
            (document.doc_id if order is None else key_of(document[order]), document)
            for document, _ in (self._everything() if cond is None else self._matching(cond))
            if order is None or order in document
        ]
        found.sort(key=_place, reverse=descending)
        if after is not None:
            edge: Any = after if order is None else key_of(after)
            found = [pair for pair in found if (pair[0] < edge if descending else pair[0] > edge)]
        return [document for _, document in found[:limit]]

    def _allow_scan(self, question: str) -> None:
        if not self._scans:
            raise FullScan(
                f"{question} would read all of {self.name!r}: declare an index for it, "
                "or open the table with scans=True."
            )

    # TinyDB's methods that we did not replace would come here and read everything.

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        self._allow_scan("_read_table()")
        return {str(document.doc_id): document for document, _ in self._everything()}

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        raise FullScan(f"{updater!r} would write all of {self.name!r}.")


def _apply(change: Change, document: Document) -> None:
    if callable(change):
        change(document)
    else:
        document.update(change)


def _place(pair: tuple[Any, Document]) -> tuple[Any, int]:
    return pair[0], pair[1].doc_id
