"""What fails inside a savepoint leaves no trace, and what is around it lasts."""

import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from store_helpers import (
    NAMES,
    TABLES,
    TOKENS,
    USERS,
    at_most_pending,
    open_store,
    store_of_each_kind,
    token,
)
from tinydb import where
from tinydb.table import Document

from originstamp_cli.errors import StateError
from originstamp_cli.store import NotUnique, State, Store

store = store_of_each_kind()


class Stopped(Exception):
    pass


def fail_inside(state: State, write: Callable[[State], object]) -> None:
    """Write in a savepoint that then fails."""
    with suppress(Stopped), state.savepoint():
        write(state)
        raise Stopped


def test_what_fails_inside_is_undone_and_the_transaction_goes_on(store: Store) -> None:
    def write(state: State) -> None:
        state.table(TOKENS).insert(token(2))
        state.table(TOKENS).update({"account": "thief"}, where("id") == 1)
        state.table(USERS).insert({"username": "mallory"})

    with store.write() as state:
        state.table(TOKENS).insert(token(1))
        fail_inside(state, write)
        assert state.table(TOKENS).get(where("id") == 1) == token(1)
        assert state.table(TOKENS).count(where("account") == "thief") == 0
        assert state.table(TOKENS).insert(token(3)) == 2, "its id was not used up"

    with store.read() as state:
        assert [found["id"] for found in state.table(TOKENS, scans=True)] == [1, 3]
        assert len(state.table(USERS)) == 0
        assert state.tables() == {"tokens"}


def test_what_succeeds_inside_lasts(store: Store) -> None:
    with store.write() as state, state.savepoint():
        state.table(TOKENS).insert(token(1))

    with store.read() as state:
        assert state.table(TOKENS).get(where("id") == 1) == token(1)


def test_an_outer_savepoint_undoes_the_inner_ones(store: Store) -> None:
    def nested(state: State) -> None:
        with state.savepoint():
            state.table(TOKENS).insert(token(2))
        fail_inside(state, lambda state: state.table(TOKENS).insert(token(3)))
        state.table(TOKENS).remove(where("id") == 1)

    with store.write() as state:
        state.table(TOKENS).insert(token(1))
        fail_inside(state, nested)

        assert state.table(TOKENS, scans=True).all() == [token(1)]


def test_changed_tells_of_the_savepoint_while_it_lasts(store: Store) -> None:
    def write(state: State) -> None:
        assert not state.changed
        state.table(TOKENS).insert(token(1))
        assert state.changed

    with store.write() as state:
        fail_inside(state, write)
        assert not state.changed
        with state.savepoint():
            write(state)
        with state.savepoint():
            assert not state.changed
        assert state.changed


def test_a_first_transaction_whose_savepoints_all_fail_leaves_no_file(store: Store) -> None:
    with store.write() as state:
        fail_inside(state, lambda state: state.table(TOKENS).insert(token(1)))
        fail_inside(state, lambda state: state.table(TOKENS).truncate())

    assert store.size() == 0


def test_a_document_refused_inside_does_not_doom_the_transaction(store: Store) -> None:
    with store.write() as state:
        users = state.table(USERS)
        users.insert_multiple([{"username": "alice"}, {"username": "bob"}])
        with pytest.raises(NotUnique), state.savepoint():
            users.insert_multiple([{"username": "carol"}, {"username": "alice"}])
        with pytest.raises(NotUnique), state.savepoint():
            users.update({"username": "alice"}, where("username") == "bob")
        users.insert({"username": "carol"})

    with store.read() as state:
        names = [user["username"] for user in state.table(USERS, scans=True)]
        assert names == ["alice", "bob", "carol"]


def test_an_error_caught_inside_still_dooms_the_transaction(store: Store) -> None:
    def insert_twice(state: State) -> None:
        with state.savepoint():
            state.table(USERS).insert({"username": "alice"})
            with suppress(NotUnique):
                state.table(USERS).insert({"username": "alice"})

    with pytest.raises(NotUnique), store.write() as state:
        insert_twice(state)

    assert store.size() == 0


def test_a_truncated_table_comes_back_whole(store: Store) -> None:
    def write(state: State) -> None:
        state.table(TOKENS).truncate()
        state.table(TOKENS).insert(token(9))

    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(5))
    with store.write() as state:
        before = state.statistics()
        fail_inside(state, write)
        assert state.statistics() == before
        assert state.table(TOKENS).count(where("account") == "account-1") == 2
        assert state.table(TOKENS).insert(token(9)) == 6


def test_nothing_goes_on_after_the_file_itself_failed(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.db"))
    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(9))
    connection = sqlite3.connect(store.path)
    connection.execute('DROP TABLE "tokens.session_id"')
    connection.close()

    def remove_in_part(state: State) -> None:
        with suppress(StateError), state.savepoint():
            state.table(TOKENS).remove(where("id") == 3)
            state.table(TOKENS).count(where("session_id") == "s")
        state.table(USERS).insert({"username": "alice"})

    with pytest.raises(StateError), store.write() as state:
        remove_in_part(state)

    with store.read() as state:
        assert len(state.table(TOKENS)) == 9


# --- a law: savepoints that fail might as well not have been there ---

Step = tuple[str, Any]
NUMBERS = some.integers(0, 8)
WRITES = some.one_of(
    some.tuples(some.sampled_from(["insert", "update", "remove", "user"]), NUMBERS),
    some.tuples(some.just("insert as"), some.integers(1, 20)),
    some.tuples(some.sampled_from(["truncate", "read"]), some.none()),
)
PLANS = some.recursive(
    some.lists(WRITES, max_size=5),
    lambda inner: some.lists(
        some.one_of(WRITES, some.tuples(some.sampled_from(["keep", "fail"]), inner)), max_size=5
    ),
    max_leaves=12,
)


def perform(state: State, plan: list[Step], *, failing: bool) -> None:
    """Carry out a plan; without `failing`, leave out what would be undone."""
    for what, detail in plan:
        if what == "keep":
            with state.savepoint():
                perform(state, detail, failing=failing)
        elif what == "fail" and failing:
            fail_inside(state, partial(perform, plan=detail, failing=True))
        elif what != "fail":
            write(state, what, detail)


def write(state: State, what: str, number: Any) -> None:
    tokens = state.table(TOKENS)
    if what == "truncate":
        tokens.truncate()
    elif what == "read":
        state.table(TOKENS, scans=True).all()
    elif what == "remove":
        tokens.remove(where("id") == number)
    elif what == "update":
        tokens.update({"account": f"account-{number + 1}"}, where("id") == number)
    elif what == "user" and not state.table(USERS).contains(where("username") == str(number)):
        state.table(USERS).insert({"username": str(number)})
    elif what == "insert" and not tokens.contains(where("id") == number):
        tokens.insert(token(number))
    elif what == "insert as" and not tokens.contains(doc_id=number):
        tokens.insert(Document(token(100 + len(tokens) + number * 100), number))


def kept(store: Store) -> object:
    """Return all that a file holds, down to its indexes and counts."""
    if not store.size():
        return None
    if store.kind == "json":
        return json.loads(Path(store.path).read_text())
    connection = sqlite3.connect(store.path)
    lines = sorted(connection.iterdump())
    connection.close()
    return lines


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=60)
@given(plans=some.lists(PLANS, min_size=1, max_size=3), waiting=some.sampled_from([0, 2, 99]))
def test_savepoints_that_fail_might_as_well_not_have_been_there(
    name: str, plans: list[list[Step]], waiting: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, at_most_pending(waiting):
        stores = [Store(str(Path(folder) / each / name), TABLES) for each in ("with", "without")]
        for plan in plans:
            changed = []
            for store in stores:
                with store.write() as state:
                    perform(state, plan, failing=store is stores[0])
                    changed.append(state.changed)
            assert changed[0] == changed[1]
            assert kept(stores[0]) == kept(stores[1])
