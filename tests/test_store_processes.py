"""Many processes on one state: none loses what another wrote, and a killed one leaves no half."""

import fcntl
import os
import random
import select
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from store_helpers import (
    TABLES,
    TOKENS,
    USERS,
    add_token,
    names_beside,
    open_store,
    program,
    run,
    store_of_each_kind,
    token,
    token_ids,
)
from tinydb import where

from originstamp_cli.errors import StateBusy
from originstamp_cli.store import Store
from originstamp_cli.store.files import Lock

PROCESSES = 8
# How much the gate takes, and how much `make soak`.
UPDATES = pytest.mark.parametrize("updates", [4, pytest.param(200, marks=pytest.mark.soak)])
KILLS = pytest.mark.parametrize("kills", [2, pytest.param(200, marks=pytest.mark.soak)])

COUNT = """
for _ in range(int(sys.argv[2])):
    with store.write() as state:
        users = state.table(USERS)
        counter = users.get(where("username") == "counter")
        if counter is None:
            users.insert({"username": "counter", "value": 1})
        else:
            users.update({"value": counter["value"] + 1}, where("username") == "counter")
        number = len(state.table(TOKENS))
        state.table(TOKENS).insert(token(number))
"""

WRITE_FOR_EVER = """
number = int(sys.argv[2])
while True:
    with store.write() as state:
        tokens = state.table(TOKENS)
        tokens.insert({"id": 2 * number, "account": "left", "name": "x" * 3000})
        tokens.insert({"id": 2 * number + 1, "account": "right", "name": "x" * 3000})
    number += 1
    os.write(1, b"%d\\n" % number)
"""

DIE_HALF_WAY = """
import signal
with store.write() as state:
    tokens = state.table(TOKENS)
    tokens.update({"account": "stolen"}, doc_ids=[1])
    # More than fits into memory, so that part of it is in the file when the process dies.
    tokens.insert_multiple({"id": n, "name": "x" * 4000} for n in range(10, 2000))
    tokens.page(limit=1)  # which has to know of all of it
    os.kill(os.getpid(), signal.SIGKILL)
"""


store = store_of_each_kind(wait_seconds=60)


@UPDATES
def test_eight_processes_at_once_lose_no_update(store: Store, updates: int) -> None:
    # They also race to create the file.
    running = [
        subprocess.Popen(
            [*program(COUNT), store.path, str(updates)], stderr=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    errors = [process.communicate(timeout=600)[1] for process in running]

    assert errors == [""] * PROCESSES
    assert token_ids(store) == list(range(PROCESSES * updates))
    with store.read() as state:
        counter = state.table(USERS).get(where("username") == "counter")
        assert counter["value"] == PROCESSES * updates
    assert names_beside(store) == [Path(store.path).name]


def killed_while_writing(path: str, start: int) -> int:
    """Return how many pairs a writer had acknowledged when it was killed at some moment."""
    # Unbuffered, or `communicate` would not see the answers that `readline` has read ahead.
    process = subprocess.Popen(
        [*program(WRITE_FOR_EVER), path, str(start)], stdout=subprocess.PIPE, bufsize=0
    )
    assert process.stdout is not None
    acknowledged = b""
    for _ in range(random.randint(1, 6)):  # noqa: S311 - any moment will do
        acknowledged = process.stdout.readline()
    # Waits for the next answer, but not long enough to be sure of it.
    select.select([process.stdout], [], [], random.uniform(0, 0.004))  # noqa: S311 - as above
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    return int((acknowledged + rest).split()[-1])


@KILLS
def test_a_killed_writer_leaves_every_acknowledged_update_and_no_half(
    store: Store, kills: int
) -> None:
    written = 0
    for _ in range(kills):
        acknowledged = killed_while_writing(store.path, written)

        ids = token_ids(store)
        written = len(ids) // 2
        assert ids == list(range(2 * written))
        assert acknowledged <= written <= acknowledged + 1
        with store.read() as state:
            sides = [
                state.table(TOKENS).count(where("account") == side) for side in ("left", "right")
            ]
            assert sides == [written, written]

    add_token(store, 10**9)
    assert token_ids(store)[-1] == 10**9


def test_what_a_killed_writer_left_half_done_is_undone_by_the_next_reader(store: Store) -> None:
    add_token(store, 1)

    assert run(DIE_HALF_WAY, store.path).returncode == -signal.SIGKILL

    if store.kind == "sqlite":
        assert Path(f"{store.path}-journal").stat().st_size > 0
    assert token_ids(store) == [1]
    with store.read() as state:
        assert state.table(TOKENS).get(doc_id=1) == token(1)
    add_token(store, 2)
    assert names_beside(store) == [Path(store.path).name]


def test_a_first_writer_that_is_killed_leaves_an_empty_state(store: Store) -> None:
    assert run(DIE_HALF_WAY, store.path).returncode == -signal.SIGKILL
    assert not Path(store.path).exists()

    assert token_ids(store) == []
    add_token(store, 5)
    assert token_ids(store) == [5]
    assert names_beside(store) == [Path(store.path).name]


def test_a_journal_without_its_file_does_not_get_into_a_new_one(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.db"))
    add_token(store, 1)
    run(DIE_HALF_WAY, store.path)
    Path(store.path).unlink()

    add_token(store, 2)

    assert token_ids(store) == [2]


def test_a_writer_waits_as_long_as_it_says(store: Store) -> None:
    add_token(store, 1)
    impatient = open_store(store.path, wait_seconds=0.2)

    with store.write(), pytest.raises(StateBusy) as raised:
        add_token(impatient, 2)

    assert raised.value.message == (
        f"Another process has held the state file {store.path} for 0.2 seconds."
    )
    assert raised.value.fix is not None
    assert token_ids(store) == [1]


def test_a_first_writer_waits_as_long_as_it_says(store: Store) -> None:
    with store.write(), pytest.raises(StateBusy, match=r"for 0\.2 seconds"):
        add_token(open_store(store.path, wait_seconds=0.2), 2)


def test_readers_do_not_wait_for_a_writer_and_see_what_was_there_before(store: Store) -> None:
    add_token(store, 1)

    with store.write() as state:
        state.table(TOKENS).insert(token(2))
        assert token_ids(open_store(store.path, wait_seconds=0)) == [1]

    assert token_ids(store) == [1, 2]


def test_a_reader_sees_one_state_throughout(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.json"))
    add_token(store, 1)

    with store.read() as state:
        add_token(store, 2)
        assert len(state.table(TOKENS)) == 1


@pytest.mark.parametrize("in_its_place", [True, False])
def test_a_writer_follows_the_path_when_its_file_is_moved_away_while_it_waits(
    tmp_path: Path, *, in_its_place: bool
) -> None:
    path, backup = tmp_path / "state.db", tmp_path / "backup.db"
    add_token(open_store(str(path)), 1)

    def move_away(statement: str) -> None:
        # The writer has the file open, and is about to get its turn.
        if statement == "BEGIN IMMEDIATE" and not backup.exists():
            path.rename(backup)
            if in_its_place:
                add_token(open_store(str(path)), 5)

    add_token(Store(str(path), TABLES, trace=move_away), 2)

    assert token_ids(open_store(str(backup))) == [1]
    assert token_ids(open_store(str(path))) == ([5, 2] if in_its_place else [2])


def test_a_lock_file_that_was_removed_before_it_was_locked_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (Lock(str(tmp_path / "state.json"), 0.2) for _ in range(3))
    first.acquire()
    lock_file = fcntl.flock
    turns = [first.release, second.acquire]

    def let_others_go_first(descriptor: int, how: int) -> None:
        while turns:
            turns.pop(0)()
        lock_file(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", let_others_go_first)
    with pytest.raises(StateBusy):
        third.acquire()
    second.release()
    third.acquire()
    third.release()


def test_what_is_acknowledged_was_synced_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, os.rename
    statements: list[str] = []

    def synced(descriptor: int) -> None:
        sync(descriptor)
        done.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")

    def renamed(old: str, new: str) -> None:
        rename(old, new)
        done.append("rename")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    add_token(Store(store.path, TABLES, trace=statements.append), 1)

    # SQLite syncs its new file itself, at COMMIT.
    expected = ["rename", "sync folder"]
    assert done == (expected if store.kind == "sqlite" else ["sync file", *expected])
    if store.kind == "sqlite":
        assert "PRAGMA synchronous=FULL" in statements
        statements.clear()
        add_token(Store(store.path, TABLES, trace=statements.append), 2)
        assert statements[:2] == ["PRAGMA synchronous=EXTRA", "BEGIN IMMEDIATE"]
