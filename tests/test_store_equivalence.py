"""Whatever is done to a table, it answers as stock TinyDB does."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from store_helpers import at_most_pending
from tinydb import TinyDB, where
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from originstamp_cli.store import Index, StateTable, Store, TableSpec

THINGS = TableSpec(
    "things",
    indexes=(
        Index("serial", unique=True),
        Index("owner", "serial", counted=True),
        Index("kind", counted=True),
        Index("place", "kind"),
        Index("place"),
    ),
)

VALUES = some.sampled_from([None, 0, 1, True, 1.0, -5, 2**64, "", "a", "a\x00", "\udcff", "b"])
FIELDS = some.dictionaries(some.sampled_from(["owner", "kind", "place", "free"]), VALUES)
IDS = some.integers(1, 12)
CONDITIONS = some.one_of(
    some.builds(
        lambda field, value: where(field) == value,
        some.sampled_from(["owner", "kind", "place", "free", "serial"]),
        some.one_of(VALUES, some.just(0.5)),
    ),
    some.builds(lambda value: where("kind") != value, VALUES),
    some.builds(lambda a, b: (where("owner") == a) & (where("kind") == b), VALUES, VALUES),
    some.builds(lambda a, b: (where("owner") == a) | (where("free") == b), VALUES, VALUES),
    some.builds(lambda: where("place").exists()),
)

Step = Callable[["Pair"], None]


class Pair:
    """A table of ours and a stock one, to which the same is done."""

    def __init__(self, ours: StateTable, stock: Table) -> None:
        self.ours = ours
        self.stock = stock

    def fresh(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a document whose serial number no other has."""
        serials = [document["serial"] for document in self.stock.all()]
        return {**fields, "serial": max(serials, default=2**63 - 3) + 1}

    def same(self, ask: Callable[[Table], Any]) -> None:
        """Check that both answer the same, or refuse with the same error."""
        assert answer(ask, self.ours) == answer(ask, self.stock)


def answer(ask: Callable[[Table], Any], table: Table) -> Any:
    try:
        found = ask(table)
    except (ValueError, RuntimeError) as failure:
        return type(failure), str(failure)
    if isinstance(found, Document):
        return found.doc_id, dict(found)
    if isinstance(found, list):
        return sorted((f.doc_id, f) if isinstance(f, Document) else f for f in found)
    return found


def insert(fields: dict[str, Any]) -> Step:
    def step(pair: Pair) -> None:
        document = pair.fresh(fields)
        doc_id = pair.ours.insert(document)
        assert not pair.stock.contains(doc_id=doc_id)
        # Stock TinyDB uses an id again when the newest document is gone, and ours does not.
        pair.stock.insert(Document(document, doc_id))

    return step


def insert_as(fields: dict[str, Any], doc_id: int) -> Step:
    def step(pair: Pair) -> None:
        document = Document(pair.fresh(fields), doc_id)
        pair.same(lambda table: table.insert(document))

    return step


def upsert(fields: dict[str, Any], cond: QueryInstance) -> Step:
    def step(pair: Pair) -> None:
        if pair.stock.contains(cond):
            pair.same(lambda table: table.upsert(fields, cond))
        else:
            document = pair.fresh(fields)
            (doc_id,) = pair.ours.upsert(document, cond)
            pair.stock.insert(Document(document, doc_id))

    return step


def change(fields: dict[str, Any], cond: QueryInstance | None) -> Step:
    return lambda pair: pair.same(lambda table: table.update(fields, cond))


def change_these(fields: dict[str, Any], doc_ids: list[int]) -> Step:
    return lambda pair: pair.same(lambda table: table.update(fields, doc_ids=doc_ids))


def change_by_call(cond: QueryInstance) -> Step:
    def forget(document: Any) -> None:
        document.pop("owner", None)
        document["free"] = [document.get("free")]

    return lambda pair: pair.same(lambda table: table.update(forget, cond))


def change_in_turn(fields: dict[str, Any], first: QueryInstance, second: QueryInstance) -> Step:
    updates = [(fields, first), ({"kind": "b"}, second)]
    return lambda pair: pair.same(lambda table: table.update_multiple(updates))


def remove(cond: QueryInstance) -> Step:
    return lambda pair: pair.same(lambda table: table.remove(cond))


def remove_these(doc_ids: list[int]) -> Step:
    return lambda pair: pair.same(lambda table: table.remove(doc_ids=doc_ids))


def truncate() -> Step:
    return lambda pair: pair.same(lambda table: table.truncate())


STEPS = some.lists(
    some.one_of(
        some.builds(insert, FIELDS),
        some.builds(insert, FIELDS),
        some.builds(insert_as, FIELDS, IDS),
        some.builds(upsert, FIELDS, CONDITIONS),
        some.builds(change, FIELDS, some.one_of(some.none(), CONDITIONS)),
        some.builds(change_these, FIELDS, some.lists(IDS)),
        some.builds(change_by_call, CONDITIONS),
        some.builds(change_in_turn, FIELDS, CONDITIONS, CONDITIONS),
        some.builds(remove, CONDITIONS),
        some.builds(remove_these, some.lists(IDS, unique=True)),
        some.builds(truncate),
    ),
    max_size=12,
)


def check_questions(pair: Pair, cond: QueryInstance, doc_ids: list[int]) -> None:
    pair.same(lambda table: table.search(cond))
    pair.same(lambda table: table.count(cond))
    pair.same(lambda table: table.contains(cond))
    pair.same(lambda table: table.get(doc_id=doc_ids[0]))
    pair.same(lambda table: table.contains(doc_id=doc_ids[0]))
    pair.same(lambda table: table.get(None, doc_ids=doc_ids))
    pair.same(lambda table: table.get())
    first = min((document.doc_id for document in pair.stock.search(cond)), default=None)
    found = pair.ours.get(cond)
    assert first == (None if found is None else found.doc_id)


def check_pages(pair: Pair, value: object, after: int, *, descending: bool) -> None:
    edge = 2**63 - 3 + after
    mine = [document for document in pair.stock.all() if document.get("owner", ()) == value]
    beyond = sorted(
        d["serial"] for d in mine if (d["serial"] < edge if descending else d["serial"] > edge)
    )
    expected = beyond[::-1] if descending else beyond
    page = pair.ours.page(
        where("owner") == value, order="serial", after=edge, limit=3, descending=descending
    )
    assert [document["serial"] for document in page] == expected[:3]


@pytest.mark.parametrize("name", ["state.db", "state.json"])
@settings(deadline=None, max_examples=60)
@given(
    transactions=some.lists(STEPS, min_size=1, max_size=3),
    cond=CONDITIONS,
    doc_ids=some.lists(IDS, min_size=1),
    value=VALUES,
    after=IDS,
    descending=some.booleans(),
    waiting=some.sampled_from([0, 2, 99]),
    looking=some.booleans(),
)
def test_a_table_answers_as_stock_tinydb_does(  # noqa: PLR0913 - all of them drawn
    *,
    name: str,
    transactions: list[list[Step]],
    cond: QueryInstance,
    doc_ids: list[int],
    value: object,
    after: int,
    descending: bool,
    waiting: int,
    looking: bool,
) -> None:
    stock = TinyDB(storage=MemoryStorage).table("things", cache_size=0)
    with tempfile.TemporaryDirectory() as folder, at_most_pending(waiting):
        store = Store(str(Path(folder) / name), (THINGS,))
        for steps in transactions:
            with store.write() as state:
                pair = Pair(state.table(THINGS, scans=True), stock)
                for step in steps:
                    step(pair)
                    if looking:
                        pair.same(lambda table: table.all())
                check_questions(pair, cond, doc_ids)
            with store.read() as state:
                pair = Pair(state.table(THINGS, scans=True), stock)
                pair.same(len)
                pair.same(lambda table: table.all())
                check_questions(pair, cond, doc_ids)
                check_pages(pair, value, after, descending=descending)
