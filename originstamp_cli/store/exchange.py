"""A whole state out of a file and into one, as TinyDB's JSON, a few hundred records at a time.

What goes out is what a state file that ends in `.json` holds: stock TinyDB opens it. What comes in
may also be what stock TinyDB wrote, which knows nothing of the table `_meta`.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from originstamp_cli.errors import StateDamaged

from . import contents
from .indexes import TableSpec
from .json_reader import JsonReader, Malformed
from .session import NotUnique, Rows, Session

META = "_meta"
_TOGETHER = 500  # records in one piece of text
_LARGEST_ID = 2**63 - 1

Watch = Callable[[int], object]


def dump(session: Session, tables: tuple[TableSpec, ...], watch: Watch) -> Iterator[str]:
    """Yield the text of a JSON state piece by piece; `watch` is told how many records are done."""
    known = {spec.name: spec for spec in tables}
    names = session.table_names()
    opened = [session.rows(known.get(name) or TableSpec.undeclared(name)) for name in names]
    about = {
        "application": contents.APPLICATION,
        "schema": contents.SCHEMA_VERSION,
        "next": {rows.spec.name: rows.next_id for rows in opened},
    }
    yield f'{{"{META}":{{"1":{contents.encode(about)}}}'
    done = 0
    for rows in opened:
        yield f",\n{contents.encode(rows.spec.name)}:{{"
        before = ""
        records = session.everything(rows.spec)
        while some := list(islice(records, _TOGETHER)):
            yield before + ",".join(f'"{doc_id}":{body}' for doc_id, body in some)
            before = ","
            done += len(some)
            watch(done)
        yield "}"
    yield "}\n"


class Loader:
    """Fills an empty state with what a JSON state holds; raises `StateDamaged` for what is none.

    `source` is what the text is called in errors. `tables` hold documents of the newest schema;
    `version` is that of the documents, known at the end.
    """

    def __init__(self, session: Session, tables: tuple[TableSpec, ...], source: str) -> None:
        self.records = 0
        self.version = contents.SCHEMA_VERSION
        self._session = session
        self._tables = {spec.name: spec for spec in tables}
        self._source = source
        self._next_ids: dict[str, Any] = {}
        self._last: dict[str, int] = {}
        self._flaw = ""

    def load(self, read: Callable[[int], str], watch: Watch) -> None:
        """Take in what `read(count)` gives; `watch` is told how many characters are done."""
        reader = JsonReader(read)
        try:
            for table, doc_id, document in reader.records():
                if table == META:
                    self._read_about(document)
                    continue
                self._add(table, doc_id, document)
                if self.records % _TOGETHER == 0:
                    watch(reader.done)
        except Malformed as failure:
            raise self.damaged(str(failure)) from failure
        if self._flaw and self.version == contents.SCHEMA_VERSION:
            raise self.damaged(self._flaw)
        if not self.records:
            raise self.damaged("it holds no record")
        for name, next_id in self._next_ids.items():
            if name in self._tables:
                self._rows(name).reserve(next_id)

    def check(self) -> None:
        """Refuse what came of documents of an older schema, where that is not what is kept now."""
        for spec in self._tables.values():
            for doc_id, text in self._session.everything(spec):
                flaw = spec.flaw(contents.decode(text, self._source))
                if flaw:
                    raise self.damaged(f"record {doc_id}: {flaw}")

    def damaged(self, why: str) -> StateDamaged:
        """Return the error for something that is no state."""
        return StateDamaged(
            f"{self._source} is no state that can be taken in: {why}.",
            fix="Give what originstamp state export or TinyDB wrote. Nothing was changed.",
        )

    def _add(self, table: str, doc_id: str, document: dict[str, Any]) -> None:
        place = f"record {doc_id} of table {table!r}"
        if table not in self._tables:
            raise self.damaged(f"{place} is in a table that is none of ours")
        rows = self._rows(table)
        number = _number(doc_id)
        if number is None or self._is_there(rows, number):
            raise self.damaged(f"{place} has no id of its own")
        try:
            places = rows.spec.keys(document)
            rows.insert(number, contents.encode(document), places)
        except TypeError as failure:
            raise self.damaged(f"{place} has a value that cannot be there ({failure})") from failure
        except NotUnique as failure:
            raise self.damaged(f"{place} has a value that another record has") from failure
        self.records += 1
        # Which schema the documents are of may be told last.
        if not self._flaw:
            flaw = rows.spec.flaw(document)
            self._flaw = f"record {doc_id}: {flaw}" if flaw else ""

    def _is_there(self, rows: Rows, number: int) -> bool:
        """Tell whether an id is taken; most come in their order and need no look."""
        last = self._last.get(rows.spec.name, 0)
        self._last[rows.spec.name] = max(last, number)
        return number <= last and rows.body(number) is not None

    def _read_about(self, about: dict[str, Any]) -> None:
        next_ids, version = about.get("next"), about.get("schema")
        numbers = [version, *next_ids.values()] if isinstance(next_ids, dict) else [None]
        if about.get("application") != contents.APPLICATION:
            raise self.damaged(f"its table {META!r} is of another program")
        if not all(type(each) is int and 1 <= each <= _LARGEST_ID for each in numbers):
            raise self.damaged("its version or its counters cannot be read")
        self.version = int(str(version))
        self._next_ids = dict(next_ids or {})
        contents.refuse_newer(self._source, self.version)

    def _rows(self, table: str) -> Rows:
        return self._session.rows(self._tables[table])


def _number(doc_id: str) -> int | None:
    """Return the id that a key spells, None where it is none."""
    if not (doc_id.isascii() and doc_id.isdecimal()) or doc_id.startswith("0"):
        return None
    number = int(doc_id) if len(doc_id) <= len(str(_LARGEST_ID)) else 0
    return number if 1 <= number <= _LARGEST_ID - 1 else None
