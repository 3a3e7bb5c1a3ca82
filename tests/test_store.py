"""What a transaction on a state promises, on both kinds of file."""

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from store_helpers import (
    NAMES,
    TABLES,
    TOKENS,
    USERS,
    add_token,
    names_beside,
    open_store,
    store_of_each_kind,
    token,
    token_ids,
)
from tinydb import TinyDB, where
from tinydb.table import Document

from originstamp_cli.errors import StateError
from originstamp_cli.store import NotUnique, ReadOnly, State, Store

store = store_of_each_kind()


class Interruption(Exception):
    pass


def test_a_missing_file_reads_as_empty_and_is_not_created(store: Store) -> None:
    with store.read() as state:
        assert state.table(USERS).get(where("username") == "alice") is None
        assert state.table(USERS).contains(doc_id=1) is False
        assert len(state.table(TOKENS)) == 0
        assert state.table(TOKENS).count(where("account") == "a") == 0
        assert state.table(TOKENS).page(order="id", limit=5) == []
        assert state.statistics() == [("users", 0, 0), ("tokens", 0, 0)]

    assert store.size() == 0
    assert names_beside(store) == []


def test_what_was_written_is_read_by_the_next_transaction(store: Store) -> None:
    with store.write() as state:
        doc_id = state.table(USERS).insert({"username": "alice", "roles": ["artist"]})

    with store.read() as state:
        found = state.table(USERS).get(where("username") == "alice")
        assert found == {"username": "alice", "roles": ["artist"]}
        assert found.doc_id == doc_id
        assert state.table(USERS).get(doc_id=doc_id) == found
    assert store.size() > 0
    assert store.kind == ("json" if store.path.endswith(".json") else "sqlite")


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    add_token(store, 1)
    with store.read() as state:
        before = state.statistics()

    def fail_at_the_end(state: State) -> None:
        tokens = state.table(TOKENS)
        tokens.insert(token(2))
        tokens.update({"account": "thief"}, where("id") == 1)
        state.table(USERS).insert({"username": "alice"})
        raise Interruption

    with pytest.raises(Interruption), store.write() as state:
        fail_at_the_end(state)

    with store.read() as state:
        assert state.statistics() == before
        assert state.table(TOKENS).count(where("account") == "thief") == 0
        assert state.table(TOKENS).get(where("id") == 1) == token(1)


def test_a_first_transaction_that_fails_leaves_no_file(store: Store) -> None:
    def fail(state: State) -> None:
        state.table(USERS).insert({"username": "alice"})
        raise Interruption

    with pytest.raises(Interruption), store.write() as state:
        fail(state)

    assert names_beside(store) == []


def test_a_first_transaction_that_writes_nothing_leaves_no_file(store: Store) -> None:
    with store.write() as state:
        assert state.table(USERS).get(where("username") == "alice") is None

    assert names_beside(store) == []


def test_between_transactions_there_is_one_file_for_the_owner_only(store: Store) -> None:
    add_token(store, 1)
    add_token(store, 2)

    assert names_beside(store) == [Path(store.path).name]
    assert stat.S_IMODE(Path(store.path).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", NAMES)
def test_missing_folders_are_made_for_the_owner_only_and_others_left_alone(
    tmp_path: Path, name: str
) -> None:
    tmp_path.chmod(0o755)
    add_token(open_store(str(tmp_path / "one" / "two" / name)), 1)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "one" / "two").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "folder",
    ["with space", "q?mark=ro&x#y", "100%41", "ünï", "quote'\"", os.fsdecode(b"not-\xff-utf8")],
)
def test_any_path_is_a_path(tmp_path: Path, folder: str, name: str) -> None:
    store = open_store(f"{tmp_path}/{folder}/{name}")

    add_token(store, 7)

    assert token_ids(store) == [7]
    assert [found.name for found in tmp_path.iterdir()] == [folder]


@pytest.mark.parametrize("name", NAMES)
def test_a_link_is_followed_and_stays_a_link(tmp_path: Path, name: str) -> None:
    link = tmp_path / name
    link.symlink_to(tmp_path / "elsewhere" / name)

    add_token(open_store(str(link)), 1)
    add_token(open_store(str(link)), 2)

    assert link.is_symlink()
    assert token_ids(open_store(str(tmp_path / "elsewhere" / name))) == [1, 2]


def test_a_relative_path_keeps_its_meaning_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("state.db")
    monkeypatch.chdir("/")

    add_token(store, 1)

    assert (tmp_path / "state.db").exists()


def test_a_path_with_a_null_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="can be called"):
        open_store(f"{tmp_path}/a\x00b")


def test_values_of_every_kind_come_back_as_they_were(store: Store) -> None:
    body = {
        "username": "a\x00\ud800 😀 שלום",
        "numbers": [0, -1, 2**63, 2**64 - 1, 2**300, -(2**300), 0.5],
        "rest": {"none": None, "true": True, "nested": [{"": []}]},
    }
    with store.write() as state:
        state.table(USERS).insert(body)

    with store.read() as state:
        assert state.table(USERS).get(where("username") == body["username"]) == body


def test_an_id_is_never_given_twice(store: Store) -> None:
    with store.write() as state:
        assert state.table(TOKENS).insert_multiple([token(1), token(2)]) == [1, 2]
        state.table(TOKENS).remove(doc_ids=[2])
        assert state.table(TOKENS).insert(token(3)) == 3
        state.table(TOKENS).remove(doc_ids=[3])
    with store.write() as state:
        assert state.table(TOKENS).insert(token(4)) == 4
        assert state.table(TOKENS).insert(Document(token(9), 9)) == 9
        state.table(TOKENS).truncate()
    with store.write() as state:
        assert state.table(TOKENS).insert(token(5)) == 10
        assert state.table(TOKENS).insert_multiple([Document(token(6), 20), token(7)]) == [20, 21]


def test_what_is_read_can_be_changed_without_changing_the_state(store: Store) -> None:
    with store.write() as state:
        users = state.table(USERS)
        users.insert({"username": "alice", "roles": ["artist"]})
        users.get(where("username") == "alice")["roles"].append("admin")

        assert users.get(where("username") == "alice")["roles"] == ["artist"]


def test_what_was_inserted_can_be_changed_without_changing_the_state(store: Store) -> None:
    body = {"username": "alice", "roles": ["artist"]}
    with store.write() as state:
        state.table(USERS).insert(body)
        body["roles"] = []

        assert state.table(USERS).get(doc_id=1)["roles"] == ["artist"]


def test_a_second_document_with_a_unique_value_is_refused(store: Store) -> None:
    with store.write() as state:
        state.table(USERS).insert_multiple([{"username": "alice"}, {"username": "bob"}])

    with pytest.raises(NotUnique), store.write() as state:
        state.table(USERS).insert({"username": "alice"})
    with pytest.raises(NotUnique), store.write() as state:
        state.table(USERS).update({"username": "alice"}, where("username") == "bob")

    with store.read() as state:
        assert [user["username"] for user in state.table(USERS, scans=True)] == ["alice", "bob"]


def test_a_refused_document_cannot_be_committed_by_catching_the_error(store: Store) -> None:
    with store.write() as state:
        state.table(USERS).insert({"username": "alice"})

    def insert_anyway(state: State) -> None:
        state.table(TOKENS).insert(token(1))
        with suppress(NotUnique):
            state.table(USERS).insert({"username": "alice"})

    with pytest.raises(NotUnique), store.write() as state:
        insert_anyway(state)

    assert token_ids(store) == []


def test_many_documents_may_lack_a_unique_value(store: Store) -> None:
    with store.write() as state:
        state.table(USERS).insert_multiple([{"username": None}, {"username": None}, {}])

        assert len(state.table(USERS)) == 3


def test_a_unique_value_can_move_to_another_document(store: Store) -> None:
    with store.write() as state:
        users = state.table(USERS)
        users.insert({"username": "alice"})
        users.remove(where("username") == "alice")
        users.insert({"username": "alice"})

        assert users.get(where("username") == "alice").doc_id == 2


def test_one_document_that_cannot_be_kept_stops_all_of_them(store: Store) -> None:
    with store.write() as state:
        tokens = state.table(TOKENS)
        with pytest.raises(ValueError, match="not a Mapping"):
            tokens.insert_multiple([token(1), ["not", "a", "document"]])  # type: ignore[list-item]
        with pytest.raises(TypeError):
            tokens.insert_multiple([token(1), {"id": [1]}])
        with pytest.raises(TypeError):
            tokens.insert({"id": 1.5})
        with pytest.raises(TypeError):
            tokens.insert({"id": 1, "name": b"bytes"})

        assert len(tokens) == 0


def test_a_change_that_fails_half_way_changes_nothing(store: Store) -> None:
    def fail_on_two(document: dict[str, object]) -> None:
        document["account"] = "changed"
        if document["id"] == 2:
            raise Interruption

    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert_multiple([token(1), token(2)])
        with pytest.raises(Interruption):
            tokens.update(fail_on_two, doc_ids=[1, 2])  # type: ignore[arg-type]

        assert tokens.get(doc_id=1) == token(1)
        assert tokens.count(where("account") == "changed") == 0


def test_nothing_can_be_written_while_reading(store: Store) -> None:
    add_token(store, 1)

    with store.read(scans=True) as state:
        tokens = state.table(TOKENS)
        with pytest.raises(ReadOnly):
            tokens.insert(token(2))
        with pytest.raises(ReadOnly):
            tokens.update({"id": 3}, doc_ids=[1])
        with pytest.raises(ReadOnly):
            tokens.upsert(token(1), where("id") == 1)
        with pytest.raises(ReadOnly):
            tokens.remove(where("id") == 1)
        with pytest.raises(ReadOnly):
            tokens.truncate()
        with pytest.raises(ReadOnly):
            state.storage.write({})


def test_a_table_ends_with_its_transaction(store: Store) -> None:
    add_token(store, 1)
    with store.read() as state:
        tokens = state.table(TOKENS)

    with pytest.raises(RuntimeError, match="over"):
        tokens.get(doc_id=1)


def test_blank_lines_around_the_json_are_nothing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.json"))
    add_token(store, 7)
    written = Path(store.path).read_text(encoding="ascii")
    Path(store.path).write_text(f"\n\t {written} \r\n", encoding="ascii")

    assert token_ids(store) == [7]


def test_stock_tinydb_opens_the_json_file(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.json"))
    with store.write() as state:
        state.table(TOKENS).insert_multiple([token(1), token(2**64)])

    with TinyDB(store.path) as stock:
        assert stock.table("tokens").get(doc_id=2) == token(2**64)
        assert stock.tables() == {"_meta", "tokens"}
        stock.table("tokens").insert(token(3))

    assert token_ids(store) == [1, 2**64, 3]


def test_stock_tinydb_works_over_our_storage(store: Store) -> None:
    add_token(store, 1)
    with store.write(scans=True) as state:
        stock = TinyDB(storage=lambda: state.storage)
        assert stock.table("tokens").search(where("id") == 1) == [token(1)]
        stock.table("tokens").insert(token(2))
        stock.table("tokens").update({"account": "a"}, where("id") == 1)
        stock.table("tokens").remove(where("id") == 7)

    with store.read() as state:
        assert state.table(TOKENS).count(where("account") == "a") == 1
        assert state.table(TOKENS).get(where("id") == 2).doc_id == 2
        assert state.tables() == {"tokens"}


def test_two_states_do_not_know_of_each_other(tmp_path: Path) -> None:
    one, other = (Store(str(tmp_path / name), TABLES) for name in ("a.db", "b.db"))
    with one.write() as first, other.write() as second:
        first.table(TOKENS).insert(token(1))
        second.table(TOKENS).insert(token(2))

    assert (token_ids(one), token_ids(other)) == ([1], [2])
