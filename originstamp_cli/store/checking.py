"""Whether a state file is what it should be: its structure, records, indexes and kept counts.

What an index should hold is told by the documents. The two are compared by their number and by a
sum over their entries, so that nothing has to be held in memory; only where these differ is each
entry looked up, to say which.
"""

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any

from originstamp_cli.errors import StateDamaged

from . import contents
from .indexes import Index, TableSpec, first_part
from .session import Session
from .sqlite_session import SqliteSession

MOST = 10  # of one kind are told
_OFTEN = 1000
_MODULUS = 2**64

_ENTRIES = 'SELECT key, doc FROM "{table}.{index}" ORDER BY key, doc'
_ENTRY = 'SELECT 1 FROM "{table}.{index}" WHERE key = ? AND doc = ?'
_COUNTS = "SELECT key, number FROM _counts WHERE place = ? ORDER BY key"
_CATALOGUE = "SELECT name, indexes FROM _tables ORDER BY name"
_INDEXES = "SELECT indexes FROM _tables WHERE name = ?"
_THERE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"

Watch = Callable[[int], object]


def flaws(session: Session, tables: tuple[TableSpec, ...], watch: Watch) -> Iterator[str]:
    """Yield what is wrong, a sentence for each; `watch` is told how many records are done."""
    done = 0
    try:
        if isinstance(session, SqliteSession):
            found = [*session.integrity(MOST), *_catalogue_flaws(session)]
            if found:
                yield from found
                return  # what would be read next is not to be relied on
        for spec in tables:
            recount = _Recount(spec, session)
            for doc_id, text in session.everything(spec):
                recount.add(doc_id, text)
                done += 1
                if done % _OFTEN == 0:
                    watch(done)
            yield from islice(recount.flaws, MOST)
            if not recount.flaws:
                yield from _kept_flaws(session, recount)
    except StateDamaged as damage:
        yield damage.message.rstrip(".")


def _catalogue_flaws(session: SqliteSession) -> Iterator[str]:
    wanted = {"_tables", "_counts"}
    for name, indexes in session.run(_CATALOGUE):
        wanted |= {name, *(f"{name}.{each.rstrip('!#')}" for each in str(indexes).split())}
    there = {name for (name,) in session.run(_THERE)}
    for name in sorted(wanted - there):
        yield f"the table {name!r} of its catalogue is missing"
    for name in sorted(there - wanted):
        yield f"the table {name!r} is not in its catalogue"


class _Recount:
    """What the documents of a table say that is to be kept of them."""

    def __init__(self, spec: TableSpec, session: Session) -> None:
        self.spec = spec
        self.records = self.size = self.largest_id = 0
        self.entries = {index.name: [0, 0] for index in spec.indexes}
        self.flaws: list[str] = []
        self._path = session.path
        # In memory the indexes are made of the documents, so that one can only be there twice.
        self._seen: dict[str, set[bytes]] | None = None
        if not isinstance(session, SqliteSession):
            self._seen = {index.name: set() for index in spec.indexes if index.unique}

    def add(self, doc_id: int, text: str) -> None:
        """Count a document, or say what is wrong with it."""
        self.records += 1
        self.size += len(text)
        self.largest_id = max(self.largest_id, doc_id)
        try:
            document = contents.decode(text, self._path)
            flaw = self.spec.flaw(document)
            places = self.spec.keys(document)
        except (StateDamaged, TypeError):
            flaw, places = "it cannot be read", []
        if flaw:
            self.flaws.append(f"record {doc_id} of {self.spec.name!r}: {flaw}")
            return
        for index, key in zip(self.spec.indexes, places, strict=True):
            if key is not None:
                self._enter(index, key, doc_id)

    def _enter(self, index: Index, key: bytes, doc_id: int) -> None:
        tally = self.entries[index.name]
        tally[0] += 1
        tally[1] = (tally[1] + hash((key, doc_id))) % _MODULUS
        if self._seen is not None and index.unique:
            if key in self._seen[index.name]:
                self.flaws.append(
                    f"record {doc_id} of {self.spec.name!r} has the {index.name} of another"
                )
            self._seen[index.name].add(key)


def _kept_flaws(session: Session, recount: _Recount) -> Iterator[str]:
    """Yield where what is kept of a table differs from what its documents say."""
    name, rows = recount.spec.name, session.rows(recount.spec)
    for what, kept, found in (
        ("records", rows.records, recount.records),
        ("bytes", rows.size, recount.size),
    ):
        if kept != found:
            yield f"the kept number of {what} of {name!r} is {kept}, and there are {found}"
    if rows.next_id <= recount.largest_id:
        yield f"the next id of {name!r} is {rows.next_id}, and record {recount.largest_id} is there"
    if isinstance(session, SqliteSession):
        described = {each for (text,) in session.run(_INDEXES, (name,)) for each in text.split()}
        for index in recount.spec.indexes:
            if index.description in described:  # else it is made by the next that writes
                yield from islice(_index_flaws(session, recount, index), MOST)


def _index_flaws(session: SqliteSession, recount: _Recount, index: Index) -> Iterator[str]:
    parts = {"table": recount.spec.name, "index": index.name}
    number = checksum = 0
    for key, doc_id in session.stream(_ENTRIES.format(**parts)):
        number += 1
        checksum = (checksum + hash((key, doc_id))) % _MODULUS
    if [number, checksum] != recount.entries[index.name]:
        yield from _missing_entries(session, recount.spec, index)
        yield from _wrong_entries(session, recount.spec, index)
    elif index.counted:
        yield from _count_flaws(session, recount.spec, index)


def _missing_entries(session: SqliteSession, spec: TableSpec, index: Index) -> Iterator[str]:
    statement = _ENTRY.format(table=spec.name, index=index.name)
    for doc_id, text in session.everything(spec):
        key = index.key(contents.decode(text, session.path))
        if key is not None and not session.run(statement, (key, doc_id)):
            yield f"record {doc_id} of {spec.name!r} is missing in the index {index.name!r}"


def _wrong_entries(session: SqliteSession, spec: TableSpec, index: Index) -> Iterator[str]:
    rows = session.rows(spec)
    statement = _ENTRIES.format(table=spec.name, index=index.name)
    for key, doc_id in session.stream(statement):
        text = rows.body(doc_id)
        if text is None or index.key(contents.decode(text, session.path)) != key:
            yield f"the index {index.name!r} of {spec.name!r} has record {doc_id} in a wrong place"


def _count_flaws(session: SqliteSession, spec: TableSpec, index: Index) -> Iterator[str]:
    """Yield the counts that differ; both sides come in the order of their keys."""
    entries = session.stream(_ENTRIES.format(table=spec.name, index=index.name))
    found = ((key, sum(1 for _ in same)) for key, same in groupby(entries, _first_part_of_entry))
    kept = session.stream(_COUNTS, (f"{spec.name}.{index.name}",))
    for key, (ours, theirs) in _side_by_side(found, kept):
        if ours != theirs:
            yield (
                f"the kept count of {index.fields[0]} {_shown(key)} in {spec.name!r} is {theirs}, "
                f"and there are {ours}"
            )


def _side_by_side(
    left: Iterator[tuple[bytes, int]], right: Iterator[tuple[bytes, int]]
) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield each key of two sorted rows of numbers with both numbers, 0 where there is none."""
    one, other = next(left, None), next(right, None)
    while one or other:
        key = min(pair[0] for pair in (one, other) if pair)
        ours = theirs = 0
        if one and one[0] == key:
            ours, one = one[1], next(left, None)
        if other and other[0] == key:
            theirs, other = other[1], next(right, None)
        yield key, (ours, theirs)


def _first_part_of_entry(entry: Any) -> bytes:  # noqa: ANN401 - a row of SQLite's
    return first_part(entry[0])


def _shown(key: bytes) -> str:
    return repr(key[1:].rstrip(b"\x00").decode("utf-8", "replace"))
