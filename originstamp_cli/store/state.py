"""The state, as a transaction sees it: TinyDB with our tables."""

from collections.abc import Sequence
from typing import Any

from tinydb import TinyDB

from .session import Session
from .specs import TableSpec
from .storage import WholeStorage
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

    @property
    def changed(self) -> bool:
        """Whether this transaction has written anything so far."""
        return self._session.wrote

    @property
    def documents_decoded(self) -> int:
        """Return how many documents this transaction has read so far."""
        return self._session.decoded
