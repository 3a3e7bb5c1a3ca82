"""One transaction, as seen by its tables: what both kinds of file have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from .contents import SCHEMA_VERSION
from .indexes import Places, Span, TableSpec

# Enough to make a statement's own cost small, few enough that a scan needs little memory.
_CHUNK = 500


class ReadOnly(RuntimeError):
    """Something wrote inside `Store.read()`: a mistake in the calling code."""


class NotUnique(RuntimeError):
    """Two documents would share a value of a unique index: a mistake in the calling code.

    The transaction can no longer be committed, even if this is caught, unless it was raised inside
    a savepoint and left it: what the savepoint wrote is undone.
    """


class Rows(Protocol):
    """The documents of one table as text, and the entries of its indexes.

    `next_id` is larger than every id the table ever had, so that none is given out twice.
    """

    spec: TableSpec
    next_id: int

    @property
    def records(self) -> int:
        """Return how many documents there are."""

    @property
    def size(self) -> int:
        """Return how many bytes the documents take."""

    def body(self, doc_id: int) -> str | None:
        """Return the text of a document."""

    def stretch(
        self, after: int | None, limit: int | None, *, descending: bool
    ) -> list[tuple[int, str]]:
        """Return documents in order of their ids."""

    def span(
        self, span: Span, limit: int | None, *, descending: bool = False, by_id: bool = False
    ) -> list[tuple[int, str]]:
        """Return the documents of a span, in its own order or in that of their ids."""

    def span_count(self, span: Span) -> int:
        """Return how many documents a span holds."""

    def span_exists(self, span: Span) -> bool:
        """Return whether a span holds anything."""

    def reserve(self, next_id: int) -> None:
        """Give out no id below this one."""

    def insert(self, doc_id: int, text: str, places: Places) -> None:
        """Add a document that is not there yet."""

    def insert_all(self, documents: dict[int, tuple[str, Places]]) -> None:
        """Add documents that are not there yet."""

    def replace(self, doc_id: int, texts: tuple[str, str], places: tuple[Places, Places]) -> None:
        """Change a document; `texts` and `places` are those before and those after."""

    def discard(self, doc_id: int, text: str, places: Places) -> None:
        """Remove a document."""

    def clear(self) -> None:
        """Remove every document; ids go on from where they were."""


class Session:
    """A transaction under way on one file; ended by `commit` or `abandon`."""

    def __init__(self, path: str, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self.version = SCHEMA_VERSION  # of the file; one that is not there yet gets ours
        self.decoded = 0
        self.wrote = False
        self.written = 0  # bytes of documents, those that were undone or replaced since included
        self.over = False
        self.failure: Exception | None = None  # what keeps the transaction from being committed
        self._rows: dict[str, Any] = {}
        self._undoing: list[Callable[[], object]] | None = None

    def rows(self, spec: TableSpec) -> Rows:
        """Return the rows of a table, the same object each time."""
        if self.over:
            raise RuntimeError("This transaction is over; its tables ended with it.")
        if spec.name not in self._rows:
            self._rows[spec.name] = self._open(spec)
        rows: Rows = self._rows[spec.name]
        return rows

    def everything(self, spec: TableSpec) -> Iterator[tuple[int, str]]:
        """Yield every document of a table in order of their ids, reading a few hundred at a time.

        They are read when asked for, so a writer may change those it was already given.
        """
        after: int | None = None
        while stretch := self.rows(spec).stretch(after, _CHUNK, descending=False):
            yield from stretch
            after = stretch[-1][0]

    def bring_up(self) -> None:
        """Have the file say that it is of the version that this program writes."""
        self.version = SCHEMA_VERSION
        self.wrote = True

    def note(self, undo: Callable[[], object], written: int = 0) -> None:
        """Take note of a change about to be made, of so many bytes of documents.

        `undo` takes it back while nothing follows.
        """
        self.wrote = True
        self.written += written
        if self._undoing is not None:
            self._undoing.append(undo)

    @property
    def in_savepoint(self) -> bool:
        """Whether a change may have to be undone without the transaction."""
        return self._undoing is not None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is written inside if anything is raised there, and let the rest go on.

        `wrote` tells of what is written inside for as long as it lasts.
        """
        outer, wrote, failure = self._undoing, self.wrote, self.failure
        own: list[Callable[[], object]] = []
        self._undoing, self.wrote = own, False
        try:
            yield
        except BaseException:
            self._undoing = None
            self._take_back(own, failure)
            self._undoing, self.wrote = outer, wrote
            raise
        self._undoing = outer
        self.wrote = self.wrote or wrote
        if outer is not None:
            outer += own

    def _take_back(self, undoing: list[Callable[[], object]], failure: Exception | None) -> None:
        if isinstance(self.failure, NotUnique):
            self.failure = failure  # refused before anything was touched
        # After any other failure nothing can be committed, so there is nothing to put right.
        if self.failure is None:
            for undo in reversed(undoing):
                undo()

    def table_names(self) -> list[str]:
        """Return the names of the tables in the file, whether or not we declare them."""
        raise NotImplementedError

    def copy_to(self, path: str) -> None:
        """Write what is seen here as a new file of the same kind; raises `StateError`."""
        raise NotImplementedError

    def commit(self) -> None:
        """Make everything written here last, or raise `StateError` with nothing written."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Undo everything written here."""
        raise NotImplementedError

    def _open(self, spec: TableSpec) -> Rows:
        raise NotImplementedError
