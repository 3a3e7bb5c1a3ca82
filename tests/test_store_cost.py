"""The cost of a question does not depend on how much is stored, but on how much is answered."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from store_helpers import TABLES, TOKENS, USERS, add_token, token
from tinydb import where

from originstamp_cli.store import State, StateTable, Store

FEW, MANY = 30, 3000
MIDDLE = FEW // 2

READS: list[tuple[str, Callable[[StateTable], object], int]] = [
    ("get by id", lambda t: t.get(doc_id=MIDDLE), 1),
    ("get by ids", lambda t: t.get(None, doc_ids=[1, 2, MIDDLE]), 3),
    ("get by field", lambda t: t.get(where("id") == MIDDLE), 1),
    ("get by first of two fields", lambda t: t.get(where("account") == "account-1"), 1),
    ("get what is not there", lambda t: t.get(where("id") == -1), 0),
    ("search", lambda t: t.search(where("id") == MIDDLE), 1),
    ("contains", lambda t: t.contains(where("account") == "account-1"), 0),
    ("contains by id", lambda t: t.contains(doc_id=MIDDLE), 0),
    ("kept count", lambda t: t.count(where("account") == "account-1"), 0),
    ("count in the index", lambda t: t.count(where("id") == MIDDLE), 0),
    ("count of all", len, 0),
    ("page by id", lambda t: t.page(after=7, limit=4), 4),
    ("page by id, down", lambda t: t.page(after=7, limit=4, descending=True), 4),
    ("page by field", lambda t: t.page(order="id", after=7, limit=4), 4),
    ("page by field, down", lambda t: t.page(order="id", limit=4, descending=True), 4),
    (
        "page of one account",
        lambda t: t.page(where("account") == "account-1", order="id", after=7, limit=4),
        4,
    ),
    ("page of one session", lambda t: t.page(where("session_id") == None, limit=4), 4),  # noqa: E711 - TinyDB's way to ask
]

WRITES: list[tuple[str, Callable[[StateTable], object], int]] = [
    ("insert", lambda t: t.insert(token(10**6)), 0),
    ("insert under an id", lambda t: t.upsert(token(10**6), where("id") == 10**6), 0),
    ("update by field", lambda t: t.update({"account": "x"}, where("id") == MIDDLE), 1),
    ("update by id", lambda t: t.update({"account": "x"}, doc_ids=[MIDDLE]), 1),
    ("remove by field", lambda t: t.remove(where("id") == MIDDLE), 1),
    ("remove by id", lambda t: t.remove(doc_ids=[MIDDLE]), 1),
]


def filled(path: Path, records: int) -> Store:
    statements: list[str] = []
    store = Store(str(path), TABLES, trace=statements.append)
    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(records))
    return store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cost")
    filled(path / "few.db", FEW)
    filled(path / "many.db", MANY)
    return path


def explained(path: Path, statements: list[str]) -> list[str]:
    """Return how SQLite would carry out each statement."""
    connection = sqlite3.connect(path)
    plans = []
    for statement in statements:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            for *_, detail in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                plans.append(f"{detail}: {statement}")
    connection.close()
    return plans


def scans(plans: list[str]) -> list[str]:
    return [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT ROW" not in plan]


@pytest.mark.parametrize(
    ("ask", "decoded"), [pytest.param(ask, decoded, id=name) for name, ask, decoded in READS]
)
def test_a_question_reads_what_it_answers_and_no_more(
    folder: Path, ask: Callable[[StateTable], object], decoded: int
) -> None:
    issued = []
    for name in ("few.db", "many.db"):
        statements: list[str] = []
        store = Store(str(folder / name), TABLES, trace=statements.append)
        with store.read() as state:
            ask(state.table(TOKENS))
            assert state.documents_decoded == decoded
        plans = explained(folder / name, statements)
        assert scans(plans) == []
        issued.append(len(statements))

    assert issued[0] == issued[1] <= 9


@pytest.mark.parametrize(
    ("change", "decoded"), [pytest.param(ask, decoded, id=name) for name, ask, decoded in WRITES]
)
def test_a_change_reads_what_it_changes_and_no_more(
    tmp_path: Path, change: Callable[[StateTable], object], decoded: int
) -> None:
    issued = []
    for records in (FEW, MANY):
        path = tmp_path / f"{records}.db"
        filled(path, records)
        statements: list[str] = []
        with Store(str(path), TABLES, trace=statements.append).write() as state:
            change(state.table(TOKENS))
            assert state.documents_decoded == decoded
        assert scans(explained(path, statements)) == []
        issued.append(len(statements))

    assert issued[0] == issued[1]


def test_the_proof_above_would_see_a_scan(folder: Path) -> None:
    planted = ["SELECT body FROM tokens WHERE body = 'x'", "SELECT count(*) FROM tokens"]

    assert len(scans(explained(folder / "many.db", planted))) == len(planted)


def test_statistics_come_from_kept_counts(folder: Path) -> None:
    statements: list[str] = []
    store = Store(str(folder / "many.db"), TABLES, trace=statements.append)

    with store.read() as state:
        assert [row[:2] for row in state.statistics()] == [("users", 0), ("tokens", MANY)]
        assert state.documents_decoded == 0

    assert scans(explained(folder / "many.db", statements)) == []


def test_a_change_writes_only_to_the_indexes_it_concerns(tmp_path: Path) -> None:
    filled(tmp_path / "state.db", FEW)
    statements: list[str] = []

    with Store(str(tmp_path / "state.db"), TABLES, trace=statements.append).write() as state:
        state.table(TOKENS).update({"session_id": "s"}, where("id") == MIDDLE)
        state.table(TOKENS).update({"name": "Sunset"}, where("id") == MIDDLE)

    written = [
        s.split('"')[1] for s in statements if s.startswith(("INSERT", "DELETE")) if '"' in s
    ]
    assert written == ["tokens.session_id", "tokens.session_id"]


def test_an_empty_transaction_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    add_token(Store(str(path), TABLES), 1)
    statements: list[str] = []

    def only_name(state: State) -> None:
        state.table(USERS)
        state.table(TOKENS)

    with Store(str(path), TABLES, trace=statements.append).read() as state:
        only_name(state)

    assert statements == ["BEGIN", "PRAGMA application_id", "PRAGMA user_version", "ROLLBACK"]


def test_reading_everything_takes_little_at_a_time(tmp_path: Path) -> None:
    statements: list[str] = []
    store = filled(tmp_path / "state.db", MANY)
    store = Store(store.path, TABLES, trace=statements.append)

    with store.read() as state:
        first = next(iter(state.table(TOKENS, scans=True)))
        assert first == token(0)
        assert len([s for s in statements if "ORDER BY id" in s]) == 1
        assert sum(1 for _ in state.table(TOKENS, scans=True)) == MANY
