"""How many documents have each value of a counted index: kept in the file, changes in memory."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from . import sqlite_words as words
from .indexes import Index, first_part

# A transaction that touches more values than this writes their counts down before going on.
_MOST = 20_000


class Runs(Protocol):
    """What runs statements."""

    def run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows that a statement answers."""

    def run_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement with each row of values."""


class Counts:
    """The counts of one table; `ready` is called before they are written down."""

    def __init__(self, table: str, session: Runs, ready: Callable[[], object]) -> None:
        self._table = table
        self._session = session
        self._ready = ready
        self._changes: dict[str, dict[bytes, int]] = {}  # of each index

    def of(self, index: Index, key: bytes) -> int:
        """Return how many documents have a value."""
        place = self._place(index)
        found = self._session.run(words.COUNT, (place, key))
        kept: int = found[0][0] if found else 0
        return kept + self._changes.get(place, {}).get(key, 0)

    def tally(self, index: Index, keys: Iterable[bytes], change: int) -> None:
        """Count entries that come or go."""
        changes = self._changes.setdefault(self._place(index), {})
        for key in keys:
            value = first_part(key)
            changes[value] = changes.get(value, 0) + change
        if sum(map(len, self._changes.values())) > _MOST:
            self.write_down()

    def write_down(self) -> None:
        """Add what changed to what the file has."""
        self._ready()
        for place, values in self._changes.items():
            changes = sorted((place, value, change) for value, change in values.items() if change)
            self._session.run_many(words.KEEP_COUNT, changes)
            self._session.run_many(words.DROP_COUNT, (row[:2] for row in changes if row[2] < 0))
        self.forget()

    def forget(self) -> None:
        """Have nothing changed."""
        self._changes.clear()

    def drop(self, indexes: Iterable[str]) -> None:
        """Have nothing counted for these indexes."""
        for name in indexes:
            self._session.run(words.NO_COUNTS, (f"{self._table}.{name}",))

    def _place(self, index: Index) -> str:
        return f"{self._table}.{index.name}"
