"""What a table answers from its indexes and counts, and what it refuses to answer without."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from store_helpers import TOKENS, USERS, add_token, open_store, store_of_each_kind, token
from tinydb import TinyDB, where

from originstamp_cli.store import FullScan, Index, State, StateTable, Store, TableSpec

store = store_of_each_kind()


@pytest.mark.parametrize(
    "question",
    [
        StateTable.all,
        list,
        lambda tokens: tokens.search(where("name") == "Sunset"),
        lambda tokens: tokens.search(where("id") > 3),
        lambda tokens: tokens.search((where("id") == 3) & (where("name") == "Sunset")),
        lambda tokens: tokens.get(where("meta").id == 3),
        lambda tokens: tokens.get(where("id") == None),  # noqa: E711 - TinyDB's way to ask
        lambda tokens: tokens.count(where("name") == "Sunset"),
        lambda tokens: tokens.contains(where("id").exists()),
        lambda tokens: tokens.update({"a": 1}),
        lambda tokens: tokens.update({"a": 1}, where("name") == "Sunset"),
        lambda tokens: tokens.remove(where("name") == "Sunset"),
        lambda tokens: tokens.page(),
        lambda tokens: tokens.page(order="id"),
        lambda tokens: tokens.page(order="name", limit=1),
        lambda tokens: tokens.page(where("account") == "a", order="name", limit=1),
        lambda tokens: tokens.page(where("account") == "a", limit=1),
    ],
)
def test_a_question_that_would_read_the_whole_table_is_refused(
    store: Store, question: Callable[[StateTable], object]
) -> None:
    with store.write() as state:
        state.table(TOKENS).insert(token(1))
        with pytest.raises(FullScan):
            question(state.table(TOKENS))
        with pytest.raises(FullScan):
            state.storage.read()

        question(state.table(TOKENS, scans=True))


def test_a_state_has_only_the_tables_that_were_declared(store: Store) -> None:
    with store.read() as state:
        assert state.table(USERS) is state.table(USERS)
        assert isinstance(state, TinyDB)
        with pytest.raises(ValueError, match="declared"):
            state.table("photos")
        with pytest.raises(AttributeError):
            state.insert  # noqa: B018 - TinyDB would answer from a default table


@pytest.mark.parametrize("name", ["_meta", "sqlite_x", "Users", "a b", ""])
def test_a_table_cannot_take_a_name_of_the_store(name: str) -> None:
    with pytest.raises(ValueError, match="called"):
        TableSpec(name)


def test_an_index_needs_plain_fields_and_one_if_it_is_unique() -> None:
    with pytest.raises(ValueError, match="field"):
        Index()
    with pytest.raises(ValueError, match="field"):
        Index("a.b")
    with pytest.raises(ValueError, match="field"):
        Index("a", "b", unique=True)


def test_statistics_count_records_and_bytes(store: Store) -> None:
    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(5))
        state.table(TOKENS).remove(where("id") == 3)
        state.table(TOKENS).update({"account": "someone else"}, where("id") == 4)

    with store.read() as state:
        texts = [
            json.dumps(document, separators=(",", ":"))
            for document in state.table(TOKENS, scans=True)
        ]
        assert state.statistics() == [("users", 0, 0), ("tokens", 4, sum(map(len, texts)))]
        assert len(state.table(TOKENS)) == 4


def test_kept_counts_follow_every_change(store: Store) -> None:
    def counts(state: State) -> list[int]:
        tokens = state.table(TOKENS)
        return [tokens.count(where("account") == f"account-{n}") for n in range(3)]

    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert_multiple(token(number) for number in range(9))
        assert counts(state) == [3, 3, 3]
        tokens.update({"account": "account-1"}, where("account") == "account-0")
        assert counts(state) == [0, 6, 3]
    with store.write() as state:
        state.table(TOKENS).remove(where("account") == "account-2")
        assert counts(state) == [0, 6, 0]
    with store.read() as state:
        assert counts(state) == [0, 6, 0]
    with store.write() as state:
        state.table(TOKENS).truncate()
        assert counts(state) == [0, 0, 0]


def test_nothing_is_kept_for_a_value_that_no_document_has(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.db"))
    add_token(store, 1)
    with store.write() as state:
        state.table(TOKENS).remove(where("id") == 1)

    connection = sqlite3.connect(store.path)
    assert connection.execute("SELECT count(*) FROM _counts").fetchone() == (0,)
    connection.close()


def test_pages_follow_an_order_and_go_on_where_the_last_one_ended(store: Store) -> None:
    with store.write() as state:
        numbers = [2**64 - 1, 5, 2**63, 300, 0, 2**300]
        state.table(TOKENS).insert_multiple({"id": n, "account": "a"} for n in numbers)

    with store.read() as state:
        tokens = state.table(TOKENS)

        def ids(**options: object) -> list[int]:
            return [document["id"] for document in tokens.page(**options)]  # type: ignore[arg-type]

        assert ids(limit=2) == [2**64 - 1, 5]
        assert ids(limit=2, after=2) == [2**63, 300]
        assert ids(limit=2, after=3, descending=True) == [5, 2**64 - 1]
        assert ids(order="id", limit=10) == sorted(numbers)
        assert ids(order="id", after=299, limit=2) == [300, 2**63]
        assert ids(order="id", after=2**64, limit=2, descending=True) == [2**64 - 1, 2**63]
        mine = where("account") == "a"
        assert ids(cond=mine, order="id", after=5, limit=2) == [300, 2**63]
        assert ids(cond=mine, order="id", after=5, limit=2, descending=True) == [0]
        assert ids(cond=mine, order="id") == sorted(numbers)
        assert ids(cond=mine, order="id", limit=0) == []
        assert ids(cond=where("account") == "b", order="id") == []


def test_answers_come_in_order_of_ids_whatever_the_order_of_the_index(store: Store) -> None:
    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert_multiple({"id": n, "account": "a"} for n in (9, 2, 5))

        mine = where("account") == "a"
        assert [document["id"] for document in tokens.search(mine)] == [9, 2, 5]
        assert tokens.get(mine)["id"] == 9
        assert tokens.update({"name": "Sunset"}, mine) == [1, 2, 3]
        assert tokens.remove(mine) == [1, 2, 3]


def test_documents_without_the_field_that_orders_are_on_no_page(store: Store) -> None:
    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert_multiple([{"account": "a"}, {"account": "a", "id": 1}, {"id": 2}])

        mine = where("account") == "a"
        assert tokens.page(mine, order="id") == [{"account": "a", "id": 1}]
        assert [document["id"] for document in tokens.page(order="id", limit=9)] == [1, 2]
        assert len(tokens.page(order="account", limit=9)) == 2
        assert tokens.count(mine) == len(tokens.search(mine)) == 2
        everything = state.table(TOKENS, scans=True)
        assert everything.page(mine, order="name") == []
        assert [d["id"] for d in everything.page(order="id", descending=True)] == [2, 1]


def test_an_index_of_one_field_pages_its_documents_by_their_ids(store: Store) -> None:
    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert_multiple({"id": 9 - n, "session_id": f"s{n % 2}"} for n in range(6))

        even = where("session_id") == "s0"
        assert [d.doc_id for d in tokens.page(even, after=1, limit=1)] == [3]
        assert [d.doc_id for d in tokens.page(even, after=5, descending=True)] == [3, 1]


def test_a_table_and_an_index_declared_later_join_an_older_file(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    older = TableSpec("tokens", indexes=(Index("id", unique=True), Index("session_id")))
    with Store(path, (older,)).write() as state:
        state.table(older).insert_multiple(token(number) for number in range(7))
    newer = open_store(path)

    def ask(state: State) -> tuple[int, list[int]]:
        tokens = state.table(TOKENS)
        page = tokens.page(where("account") == "account-1", order="id", after=1, limit=9)
        return tokens.count(where("account") == "account-1"), [d["id"] for d in page]

    with newer.read() as state:
        assert ask(state) == (2, [4])
        assert len(state.table(USERS)) == 0
    with newer.write() as state:
        assert ask(state) == (2, [4])
        state.table(TOKENS).insert(token(7))
        assert ask(state) == (3, [4, 7])
    with newer.read() as state:
        before = state.documents_decoded
        assert ask(state) == (3, [4, 7])
        assert state.documents_decoded - before == 2


def test_an_index_that_an_older_program_did_not_keep_is_made_again(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    older = TableSpec("tokens", indexes=(Index("id", unique=True),))
    add_token(open_store(path), 1)
    with Store(path, (older,)).write() as state:
        state.table(older).insert(token(4))
        state.table(older).remove(where("id") == 1)

    with open_store(path).write() as state:
        assert state.table(TOKENS).count(where("account") == "account-1") == 1
        state.table(TOKENS).insert(token(7))
        assert state.table(TOKENS).count(where("account") == "account-1") == 2
