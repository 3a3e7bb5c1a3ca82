"""A state file that cannot be used is said to be so, and is left as it was."""

import json
import os
import random
import signal
import sqlite3
from pathlib import Path

import pytest
from store_helpers import (
    NAMES,
    NOBODY,
    TABLES,
    TOKENS,
    add_token,
    names_beside,
    open_store,
    outcome,
    run,
    store_of_each_kind,
    token,
    token_ids,
)
from tinydb import TinyDB, where

from originstamp_cli.errors import StateDamaged, StateError, StateTooNew, StateUnwritable
from originstamp_cli.store import Store

store = store_of_each_kind()


def refusal(store: Store, kind: type[StateError]) -> str:
    """Return the message with which both a reader and a writer refuse the file, unchanged."""
    before = Path(store.path).read_bytes()
    with pytest.raises(kind) as read:
        token_ids(store)
    with pytest.raises(kind) as written:
        add_token(store, 1)
    assert type(read.value) is type(written.value) is kind
    assert read.value.message == written.value.message
    assert store.path in read.value.message
    assert read.value.fix
    assert Path(store.path).read_bytes() == before
    assert names_beside(store) == [Path(store.path).name]
    return read.value.message


def foreign_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (body)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"x", "not an SQLite database"),
        (b"SQLite format 3\x00", "it is cut short"),
        (random.Random(1).randbytes(40_000), "not an SQLite database"),  # noqa: S311 - just noise
        (b'{"_default": {}}', "it holds JSON, but its name does not end in .json"),
    ],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    store = open_store(str(tmp_path / "state.db"))
    Path(store.path).write_bytes(content)

    assert why in refusal(store, StateDamaged)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read"),
        (b'{"_meta": ', "cannot be read"),
        (b"[]", "is not one"),
        (b"\xff\xfe", "it is not text"),
        (b"[" * 100_000, "cannot be read"),
        (b"{}", "not a state that this program wrote"),
        (b'{"_default": {"1": {"a": 1}}}', "not a state that this program wrote"),
        (b'{"_meta": {"1": {"application": "another"}}}', "not a state that this program wrote"),
        (b'{"_meta": 5}', "not a state that this program wrote"),
        (b"SQLite format 3\x00 and so on", "its name ends in .json"),
    ],
)
def test_a_file_that_is_no_tinydb_json_of_ours_is_refused(
    tmp_path: Path, content: bytes, why: str
) -> None:
    store = open_store(str(tmp_path / "state.json"))
    Path(store.path).write_bytes(content)

    assert why in refusal(store, StateDamaged)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([], "laid out"),
        ({"1": []}, "laid out"),
        ({"one": {}}, "without a number"),
        ({"1": {"id": [1]}}, "record 1 is not one of ours"),
    ],
)
def test_a_json_table_that_is_none_is_refused(tmp_path: Path, table: object, why: str) -> None:
    store = open_store(str(tmp_path / "state.json"))
    add_token(store, 1)
    whole = json.loads(Path(store.path).read_text())
    Path(store.path).write_text(json.dumps({**whole, "tokens": table}))

    with pytest.raises(StateDamaged, match=why), store.read() as state:
        state.table(TOKENS).get(where("id") == 1)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "state.db"))
    foreign_database(Path(store.path))

    assert "another program" in refusal(store, StateDamaged)


def test_a_state_of_another_kind_is_refused(tmp_path: Path) -> None:
    add_token(open_store(str(tmp_path / "right.db")), 1)
    add_token(open_store(str(tmp_path / "right.json")), 1)
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "right.db").rename(tmp_path / "one" / "state.json")
    (tmp_path / "right.json").rename(tmp_path / "other" / "state.db")

    refusal(open_store(str(tmp_path / "one" / "state.json")), StateDamaged)
    refusal(open_store(str(tmp_path / "other" / "state.db")), StateDamaged)


def test_a_newer_version_is_refused(store: Store) -> None:
    add_token(store, 1)
    if store.kind == "sqlite":
        connection = sqlite3.connect(store.path)
        connection.execute("PRAGMA user_version = 7")
        connection.close()
    else:
        with TinyDB(store.path) as stock:
            stock.table("_meta").update({"schema": 7})

    assert "schema version 7" in refusal(store, StateTooNew)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
def test_a_file_cut_short_is_refused(store: Store, share: float) -> None:
    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(300))
    size = Path(store.path).stat().st_size
    os.truncate(store.path, int(size * share))

    refusal(store, StateDamaged)


def test_a_file_with_noise_in_it_fails_as_a_damaged_file_or_not_at_all(store: Store) -> None:
    with store.write() as state:
        state.table(TOKENS).insert_multiple(token(number) for number in range(200))
    sound = Path(store.path).read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same noise each time

    refused = 0
    for _ in range(60):
        noisy = bytearray(sound)
        start = chance.randrange(len(noisy) - 40)
        noisy[start : start + 40] = chance.randbytes(40)
        Path(store.path).write_bytes(noisy)
        try:
            token_ids(store)
            with store.write() as state:
                state.table(TOKENS).update({"account": "new"}, where("account") == "account-1")
        except StateError:
            refused += 1

    assert refused > 5


@pytest.mark.parametrize("kind", ["folder", "below a file", "pipe", "loop", "long"])
@pytest.mark.parametrize("name", NAMES)
def test_a_path_that_cannot_be_a_file_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / name
    if kind == "folder":
        path.mkdir()
    elif kind == "below a file":
        (tmp_path / "file").write_text("")
        path = tmp_path / "file" / name
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path = tmp_path / ("x" * 300 + name)
    store = open_store(str(path))
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(StateError):
        token_ids(store)
    with pytest.raises(StateUnwritable):
        add_token(store, 1)

    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_written_can_be_read(anyones_folder: Path, name: str) -> None:
    store = open_store(str(anyones_folder / name))
    add_token(store, 1)
    Path(store.path).chmod(0o644)
    anyones_folder.chmod(0o755)
    if os.getuid() != 0:
        anyones_folder.chmod(0o555)

    read = run("become_nobody(); print(token_ids(store))", store.path)
    written = outcome("become_nobody(); add_token(store, 2)", store.path)

    assert (read.stdout, read.stderr) == ("[1]\n", "")
    assert written.startswith(f"StateUnwritable The state file {store.path} cannot be written:")
    assert token_ids(store) == [1]
    assert names_beside(store) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_ours_in_a_folder_that_cannot_be_written_is_refused(
    anyones_folder: Path, name: str
) -> None:
    store = open_store(str(anyones_folder / name))
    add_token(store, 1)
    if os.getuid() == 0:
        os.chown(store.path, NOBODY, NOBODY)
    anyones_folder.chmod(0o555)

    written = outcome("become_nobody(); add_token(store, 2)", store.path)

    assert written.startswith("StateUnwritable ")
    assert token_ids(store) == [1]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_written_gets_no_first_state(
    anyones_folder: Path, name: str
) -> None:
    anyones_folder.chmod(0o555)

    for path in (anyones_folder / name, anyones_folder / "below" / name):
        written = outcome("become_nobody(); add_token(store, 2)", str(path))
        assert written.startswith("StateUnwritable ")

    assert list(anyones_folder.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_read_is_refused(anyones_folder: Path, name: str) -> None:
    store = open_store(str(anyones_folder / name))
    add_token(store, 1)
    Path(store.path).chmod(0o600 if os.getuid() == 0 else 0o000)

    read = outcome("become_nobody(); token_ids(store)", store.path)
    written = outcome("become_nobody(); add_token(store, 2)", store.path)

    assert read.startswith(f"StateError The state file {store.path} cannot be read: Permission")
    assert written.startswith(("StateUnwritable ", "StateError "))


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_entered_is_refused(anyones_folder: Path, name: str) -> None:
    (anyones_folder / "closed").mkdir(mode=0o700 if os.getuid() == 0 else 0o000)
    path = str(anyones_folder / "closed" / name)

    assert outcome("become_nobody(); token_ids(store)", path).startswith("StateError ")
    assert outcome("become_nobody(); add_token(store, 1)", path).startswith("StateUnwritable ")


def test_a_change_left_half_done_where_nothing_can_be_written_is_explained(
    anyones_folder: Path,
) -> None:
    store = open_store(str(anyones_folder / "state.db"))
    add_token(store, 1)
    killed = run(
        "import signal\n"
        "with store.write() as state:\n"
        "    documents = ({'id': n, 'name': 'x' * 4000} for n in range(9, 900))\n"
        "    state.table(TOKENS).insert_multiple(documents)\n"
        "    state.table(TOKENS).page(limit=1)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)",
        store.path,
    )
    assert killed.returncode == -signal.SIGKILL
    for left in anyones_folder.iterdir():
        left.chmod(0o444)
    anyones_folder.chmod(0o555)

    read = outcome("become_nobody(); token_ids(store)", store.path)

    assert read.startswith("StateError ")
    assert "left in the middle of a change" in read


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
with store.write() as state:
    state.table(TOKENS).insert_multiple({{"id": n, "name": "x" * 4000}} for n in range(9, {end}))
"""


@pytest.mark.parametrize("end", [40, 2000], ids=["at the end", "on the way"])
def test_a_full_disk_changes_nothing(store: Store, end: int) -> None:
    add_token(store, 1)
    limit = Path(store.path).stat().st_size + 50_000

    written = outcome(FULL.format(limit=limit, end=end), store.path)

    assert written.startswith(f"StateUnwritable The state file {store.path} cannot be written: the")
    assert "disk is full" in written
    assert token_ids(store) == [1]
    add_token(store, 2)
    assert token_ids(store) == [1, 2]
    assert names_beside(store) == [Path(store.path).name]


@pytest.mark.parametrize("limit", [0, 10_000, 100_000])
def test_a_full_disk_leaves_no_first_state(store: Store, limit: int) -> None:
    written = outcome(FULL.format(limit=limit, end=2000), store.path)

    assert written.startswith("StateUnwritable ")
    assert names_beside(store) == []


def test_a_lock_that_was_left_behind_holds_nothing(store: Store) -> None:
    Path(f"{store.path}.lock").write_text("")
    Path(f"{store.path}.new").write_text("half a file")

    add_token(store, 1)

    assert token_ids(store) == [1]
    assert names_beside(store) == [Path(store.path).name]


def test_a_store_that_was_refused_once_works_again(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "state.db"), TABLES)
    Path(store.path).write_bytes(b"noise")
    with pytest.raises(StateDamaged):
        token_ids(store)
    Path(store.path).unlink()

    add_token(store, 1)

    assert token_ids(store) == [1]
