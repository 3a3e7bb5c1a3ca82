"""What a transaction wrote and SQLite was not told yet: kept to be written at once, in order.

A statement for each row and each entry of an index costs more than what it does, and in order of
their keys entries that belong on one page arrive together. What comes to an index and what leaves
it is worked out from where documents stood and stand, and only when somebody asks.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .indexes import Index, Places, TableSpec
from .sqlite_counts import Counts
from .sqlite_words import DISCARD, ENTER, KEEP, LEAVE, filled_in

RunMany = Callable[[str, Iterable[tuple[object, ...]]], None]
Move = tuple[int, Places, Places]  # a document, where it stood and where it stands
Entry = tuple[bytes, int]  # a key, and the document that has it

# So much may wait to be written, of one table: few megabytes, so that it is at hand when it is.
MOST_DOCUMENTS = 1_000
_MOST_CHARACTERS = 4_000_000


class Pending:
    """Changes to the documents and the indexes of one table."""

    def __init__(self, spec: TableSpec, counts: Counts) -> None:
        self._table = spec.name
        self._counts = counts
        self._characters = 0
        self._moves: list[Move] = []
        self._indexes = {index.name: _Coming(index, at) for at, index in enumerate(spec.indexes)}
        self.bodies: dict[int, str | None] = {}  # None for one that is gone

    def __bool__(self) -> bool:
        return bool(self.bodies)

    def forget(self) -> None:
        """Have nothing pending."""
        self._characters = 0
        self._moves.clear()
        self.bodies.clear()
        for coming in self._indexes.values():
            coming.forget()

    @property
    def is_full(self) -> bool:
        """Whether it is time to write things down."""
        return len(self.bodies) > MOST_DOCUMENTS or self._characters > _MOST_CHARACTERS

    def keep(self, doc_id: int, text: str | None, old: Places, new: Places) -> None:
        """Have a document kept, or removed for None, which stood and stands at these places."""
        self.bodies[doc_id] = text
        self._characters += len(text or "")
        self._moves.append((doc_id, old, new))

    def holders(self, index: Index) -> dict[bytes, int | None]:
        """Return the keys that came to an index or left it, with who came last, None for nobody.

        The kept counts of the index then tell of them too.
        """
        coming = self._indexes[index.name]
        coming.settle(self._moves, self._counts)
        return coming.holders

    def write_down(self, run_many: RunMany) -> dict[str, bytes]:
        """Tell SQLite everything, and return the highest key that came to each index."""
        kept = sorted((doc_id, text) for doc_id, text in self.bodies.items() if text is not None)
        gone = sorted((doc_id,) for doc_id, text in self.bodies.items() if text is None)
        _run_any(run_many, filled_in(DISCARD, self._table), gone)
        _run_any(run_many, filled_in(KEEP, self._table), kept)
        highest = {}
        for name, coming in self._indexes.items():
            coming.settle(self._moves, self._counts)
            entered = coming.entries(come=True)
            _run_any(run_many, filled_in(LEAVE, self._table, name), coming.entries(come=False))
            _run_any(run_many, filled_in(ENTER, self._table, name), entered)
            if entered:
                highest[name] = entered[-1][0]
        self.forget()
        return highest


class _Coming:
    """The entries that come to one index of a table and leave it."""

    def __init__(self, index: Index, at: int) -> None:
        self._index = index
        self._at = at
        self._settled = 0  # moves that were looked at
        self._come: set[Entry] = set()
        self._gone: set[Entry] = set()
        self.holders: dict[bytes, int | None] = {}

    def settle(self, moves: list[Move], counts: Counts) -> None:
        """Work out what those moves come to that were not looked at yet."""
        if self._settled == len(moves):
            return
        at = self._at
        came, went = [], []
        for doc_id, old, new in moves[self._settled :]:
            before, after = old[at], new[at]
            if before == after:
                continue
            if before is not None:
                self.holders[before] = None
                _turn((before, doc_id), self._come, self._gone)
                went.append(before)
            if after is not None:
                self.holders[after] = doc_id
                _turn((after, doc_id), self._gone, self._come)
                came.append(after)
        self._settled = len(moves)
        if self._index.counted:
            counts.tally(self._index, came, 1)
            counts.tally(self._index, went, -1)

    def entries(self, *, come: bool) -> list[Entry]:
        """Return the entries that come, or those that go, in order of their keys."""
        return sorted(self._come if come else self._gone)

    def forget(self) -> None:
        """Have nothing come or go."""
        self._settled = 0
        self._come.clear()
        self._gone.clear()
        self.holders.clear()


def _turn(entry: Entry, other_way: set[Entry], this_way: set[Entry]) -> None:
    """Note an entry that comes or goes; one that went and comes again was there all along."""
    if entry in other_way:
        other_way.remove(entry)
    else:
        this_way.add(entry)


def _run_any(run_many: RunMany, statement: str, rows: list[Any]) -> None:
    if rows:
        run_many(statement, rows)
