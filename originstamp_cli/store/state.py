"""The state, as a transaction sees it: TinyDB with our tables, and its storage over a session."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage

from . import contents
from .indexes import FullScan, TableSpec
from .session import ReadOnly, Rows, Session
from .table import StateTable


class State(TinyDB):
    """A TinyDB that lasts for one transaction, whose tables are those declared to the store."""

    table_class = StateTable  # type: ignore[assignment]  # TinyDB's own takes no session

    def __init__(self, session: Session, specs: tuple[TableSpec, ...], *, scans: bool) -> None:
        storage = WholeStorage(session, specs, scans=scans)
        super().__init__(storage=lambda: storage)
        self._session = session
        self._specs = {spec.name: spec for spec in specs}
        self._scans = scans
        self._opened_tables: dict[tuple[str, bool], StateTable] = {}

    def __repr__(self) -> str:
        """Return the path; TinyDB's own would read everything."""
        return f"<State of {self._session.path!r}>"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - TinyDB's signature
        """Refuse what a state has not."""
        # TinyDB would hand anything unknown to a default table; a misspelt name is an error.
        raise AttributeError(f"A state has no {name!r}.")

    def table(  # type: ignore[override]  # TinyDB's own takes any name and any option
        self, spec: TableSpec | str, *, scans: bool = False
    ) -> StateTable:
        """Return a table, the same object each time; `scans` lets it be read as a whole."""
        name = spec if isinstance(spec, str) else spec.name
        known = name, scans or self._scans
        table = self._opened_tables.get(known)
        if table is None:
            if name not in self._specs:
                raise ValueError(f"No table {name!r} was declared to the store.")
            table = StateTable(self.storage, name, self._session, self._specs[name], scans=known[1])
            self._opened_tables[known] = table
        return table

    def tables(self) -> set[str]:
        """Return the names of the tables that the file has."""
        return set(self._session.table_names())

    def statistics(self) -> Sequence[tuple[str, int, int]]:
        """Return the name, the records and their bytes of each declared table, from kept counts."""
        found = []
        for spec in self._specs.values():
            rows = self._session.rows(spec)
            found.append((spec.name, rows.records, rows.size))
        return found

    def copy_to(self, path: str) -> None:
        """Write the state as a new file of the same kind, private and synced.

        It is never held in memory whole, unless its kind is. Raises `StateError`.
        """
        self._session.copy_to(path)

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo exactly what is written inside if anything is raised there; the transaction goes on.

        Records, indexes, counts and next ids are then as they were before, and so is `changed`.
        Savepoints may be nested. Where the file itself failed (`StateError`), nothing goes on. Hold
        signals back meanwhile: an interruption in the middle of a change leaves half of it.
        """
        return self._session.savepoint()

    @property
    def changed(self) -> bool:
        """Whether this transaction, or the savepoint it is in, has written anything so far."""
        return self._session.wrote

    @property
    def written(self) -> int:
        """Return the bytes of documents that this transaction wrote, at least what it added."""
        return self._session.written

    @property
    def documents_decoded(self) -> int:
        """Return how many documents this transaction has read so far."""
        return self._session.decoded


class WholeStorage(Storage):
    """What `TinyDB(storage=…)` reads and writes, so that stock TinyDB can use our files.

    Our own tables go past it. Without `scans` it refuses, so that a method of TinyDB which we did
    not replace fails instead of quietly reading a million records.
    """

    def __init__(self, session: Session, tables: tuple[TableSpec, ...], *, scans: bool) -> None:
        self._session = session
        self._specs = {spec.name: spec for spec in tables}
        self._scans = scans

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return every table as TinyDB lays them out, None for an empty state."""
        self._allow("read")
        tables = {name: self._table(self._rows(name)) for name in self._session.table_names()}
        return tables or None

    def write(self, data: Mapping[str, Mapping[Any, Mapping[str, Any]]]) -> None:
        """Replace every table by those given."""
        self._allow("write")
        if not self._session.writable:
            raise ReadOnly("Nothing can be written inside Store.read().")
        for name in {*self._session.table_names(), *data}:
            rows = self._rows(name)
            rows.clear()
            for doc_id, document in data.get(name, {}).items():
                body = contents.as_document(document)
                rows.insert(int(doc_id), contents.encode(body), rows.spec.keys(body))

    def _rows(self, name: str) -> Rows:
        return self._session.rows(self._specs.get(name) or TableSpec.undeclared(name))

    def _table(self, rows: Rows) -> dict[str, Any]:
        found = rows.stretch(None, None, descending=False)
        self._session.decoded += len(found)
        return {str(doc_id): contents.decode(text, self._session.path) for doc_id, text in found}

    def _allow(self, what: str) -> None:
        if not self._scans:
            raise FullScan(f"This would {what} the whole state: open it with scans=True.")
