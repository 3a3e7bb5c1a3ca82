"""What a transaction wrote and SQLite was not told yet: kept to be written at once, in order.

A statement for each row and each entry of an index costs more than what it does, and in order of
their keys entries that belong on one page arrive together.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .indexes import Index, TableSpec
from .sqlite_words import DISCARD, ENTER, FREE, KEEP, LEAVE, TAKE, filled_in

RunMany = Callable[[str, Iterable[tuple[object, ...]]], None]

# So much may wait to be written, of one table: a few megabytes, by either measure.
MOST_DOCUMENTS = 10_000
_MOST_CHARACTERS = 16_000_000


class Pending:
    """Changes to the documents and the indexes of one table."""

    def __init__(self, spec: TableSpec) -> None:
        self._spec = spec
        self._characters = 0
        self.bodies: dict[int, str | None] = {}  # None for one that is gone
        # Of a unique index who has a key by now, None for nobody; of another what comes and goes.
        self.holders: dict[str, dict[bytes, int | None]] = {}
        self._entries: dict[str, dict[tuple[bytes, int], bool]] = {}
        # The keys among these, of the indexes of one field.
        self._keys: dict[str, set[bytes]] = {}
        self.forget()

    def __bool__(self) -> bool:
        return bool(self.bodies)

    def forget(self) -> None:
        """Have nothing pending."""
        self._characters = 0
        self.bodies.clear()
        for index in self._spec.indexes:
            if index.unique:
                self.holders[index.name] = {}
            else:
                self._entries[index.name] = {}
                self._keys[index.name] = set()

    @property
    def is_full(self) -> bool:
        """Whether it is time to write things down."""
        return len(self.bodies) > MOST_DOCUMENTS or self._characters > _MOST_CHARACTERS

    def keep(self, doc_id: int, text: str | None) -> None:
        """Have a document kept, or removed for None."""
        self.bodies[doc_id] = text
        self._characters += len(text or "")

    def enter(self, index: Index, key: bytes, doc_id: int) -> None:
        """Have a document enter an index."""
        if index.unique:
            self.holders[index.name][key] = doc_id
        else:
            self._turn(index, key, doc_id, comes=True)

    def leave(self, index: Index, key: bytes, doc_id: int) -> None:
        """Have a document leave an index."""
        if index.unique:
            self.holders[index.name][key] = None
        else:
            self._turn(index, key, doc_id, comes=False)

    def concerns(self, index: Index, key: bytes) -> bool:
        """Tell whether entries with this key come or go, in an index of one field."""
        return key in (self.holders if index.unique else self._keys)[index.name]

    def write_down(self, run_many: RunMany) -> None:
        """Tell SQLite everything, and have nothing pending."""
        table = self._spec.name
        kept = sorted((doc_id, text) for doc_id, text in self.bodies.items() if text is not None)
        gone = sorted((doc_id,) for doc_id, text in self.bodies.items() if text is None)
        _run_any(run_many, filled_in(DISCARD, table), gone)
        _run_any(run_many, filled_in(KEEP, table), kept)
        for name, holders in self.holders.items():
            taken = sorted((key, doc) for key, doc in holders.items() if doc is not None)
            freed = sorted((key,) for key, doc in holders.items() if doc is None)
            _run_any(run_many, filled_in(FREE, table, name), freed)
            _run_any(run_many, filled_in(TAKE, table, name), taken)
        for name, entries in self._entries.items():
            _run_any(run_many, filled_in(LEAVE, table, name), _those(entries, comes=False))
            _run_any(run_many, filled_in(ENTER, table, name), _those(entries, comes=True))
        self.forget()

    def _turn(self, index: Index, key: bytes, doc_id: int, *, comes: bool) -> None:
        """Note an entry that comes or goes; one that went and comes again was there all along."""
        entries = self._entries[index.name]
        if entries.get((key, doc_id)) is (not comes):
            del entries[key, doc_id]
        else:
            entries[key, doc_id] = comes
        if len(index.fields) == 1:
            self._keys[index.name].add(key)


def _those(entries: dict[tuple[bytes, int], bool], *, comes: bool) -> list[Any]:
    return sorted(entry for entry, does in entries.items() if does is comes)


def _run_any(run_many: RunMany, statement: str, rows: list[Any]) -> None:
    if rows:
        run_many(statement, rows)
