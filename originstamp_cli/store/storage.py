"""TinyDB's storage over a session: everything at once, for those who ask for that."""

from collections.abc import Mapping
from typing import Any

from tinydb.storages import Storage

from . import bodies
from .plans import FullScan
from .session import ReadOnly, Rows, Session
from .specs import TableSpec


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
                body = bodies.as_document(document)
                rows.insert(int(doc_id), bodies.encode(body), rows.spec.keys(body))

    def _rows(self, name: str) -> Rows:
        return self._session.rows(self._specs.get(name) or TableSpec.undeclared(name))

    def _table(self, rows: Rows) -> dict[str, Any]:
        found = rows.stretch(None, None, descending=False)
        self._session.decoded += len(found)
        return {str(doc_id): bodies.decode(text, self._session.path) for doc_id, text in found}

    def _allow(self, what: str) -> None:
        if not self._scans:
            raise FullScan(f"This would {what} the whole state: open it with scans=True.")
