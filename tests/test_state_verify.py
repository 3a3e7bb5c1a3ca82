"""`originstamp state verify`: every kind of flaw is found and named, and nothing else."""

import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import World
from states import settle

from originstamp_cli.store.sqlite_session import run_interruptibly


@pytest.fixture
def on_sqlite(tmp_path: Path) -> World:
    """A world on an SQLite file with everything in it."""
    world = World(tmp_path / "home", tmp_path / "work" / "state.db").ready()
    settle(world)
    return world


def changed(world: World, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a state of either kind through its documents, so that indexes and counts agree."""
    content = json.loads(world.run("state", "export").stdout)
    change(content)
    world.state.unlink()
    if world.state.suffix == ".json":
        world.state.write_text(json.dumps(content))
        return
    _write_unchecked(world, content)


def _write_unchecked(world: World, content: dict[str, Any]) -> None:
    from originstamp_cli.canister.records import TABLES
    from originstamp_cli.store import Numbered, Store

    tables = tuple(spec.unchecked() for spec in TABLES)
    with Store(str(world.state), tables).write(scans=True) as state:
        for name, documents in content.items():
            for doc_id, document in documents.items() if name != "_meta" else ():
                state.table(name).insert(Numbered(document, int(doc_id)))


def executed(world: World, *statements: str) -> None:
    """Change an SQLite file behind the program's back."""
    with closing(sqlite3.connect(world.state)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def flaws(world: World) -> list[str]:
    """Return what is said to be wrong; nothing else may be printed, and nothing changed."""
    before = world.state.read_bytes()
    found = world.run("state", "verify")
    assert (found.exit_code, found.stdout) == (3, "")
    assert world.state.read_bytes() == before
    *lines, last = found.stderr.splitlines()
    assert last.startswith("To fix: ")
    assert all(line.startswith("Error: ") for line in lines)
    return [line.removeprefix("Error: ") for line in lines]


def test_a_sound_state_is_said_to_be_sound(world: World) -> None:
    settle(world)

    done = world.run("state", "verify", "--output", "json")

    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["blocks"], told["flaws"]) == (9, 0)
    assert told["records"] == 22


def _token(**fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda content: content["tokens"]["3"].update(fields)


_APPROVAL = {
    "key": "token 99 aaaaa-aa",
    "scope": "token 99",
    "quota": "token 99",
    "place": "aaaaa-aa",
    "token_id": 99,
    "spender": {"owner": "aaaaa-aa", "subaccount": None},
}
LOOSE_ENDS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a session that is not there": (
        _token(session_id="0000000000000000"),
        "token 3 is of a session '0000000000000000' that is not there.",
    ),
    "an owner under another key": (
        _token(account="aaaaa-aa"),
        "token 3 has an owner whose forms differ or cannot be read.",
    ),
    "an owner that is none": (
        _token(owner={"owner": "nobody", "subaccount": None}),
        "token 3 has an owner whose forms differ or cannot be read.",
    ),
    "another token's block": (
        _token(described_in=0),
        "token 3 is described by a block that does not tell of it.",
    ),
    "a block that is not there": (
        _token(described_in=99),
        "token 3 is described by a block that does not tell of it.",
    ),
    "photos counted wrongly": (
        lambda content: content["canister"]["1"].update(photos=7),
        "the kept number of photos is 7, and there are 2 in the sessions.",
    ),
    "a controller that is no principal": (
        lambda content: content["canister"]["1"].update(controllers=["root"]),
        "record 1 of 'canister' names 'root' in its controllers.",
    ),
    "a user who is no principal": (
        lambda content: content["users"]["2"].update(principals=[5]),
        "record 2 of 'users' names 5 in its principals.",
    ),
    "an approval for a token that is not there": (
        lambda content: content.update(approvals={"1": _APPROVAL}),
        "record 1 of 'approvals' is for token 99, not there.",
    ),
    "a second collection": (
        lambda content: content["collection"].update({"2": {"name": "Another"}}),
        "record 2 of 'collection' is one too many.",
    ),
    "a block less": (
        lambda content: content["blocks"].pop("9"),
        "The token ledger is damaged: its record tells of 9 blocks, and there are 8.",
    ),
    "a record of another shape": (
        lambda content: content["users"]["1"].pop("password_hash"),
        "record 1 of 'users': a record of 'users' has no proper 'password_hash'.",
    ),
    "another history": (
        lambda content: content["blocks"]["4"]["block"].update(ts=5),
        "Block 3 does not have the hash that the ledger kept.",
    ),
    "another newest block": (
        lambda content: content["blocks"]["9"]["block"].update(ts=5),
        "block 8",
    ),
}


@pytest.mark.parametrize("kind", LOOSE_ENDS)
def test_what_does_not_hold_together_is_named(world: World, kind: str) -> None:
    settle(world)
    change, sentence = LOOSE_ENDS[kind]
    changed(world, change)

    assert sentence in flaws(world)[0]


BEHIND_ITS_BACK: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "an index without a record": (
        ('DELETE FROM "tokens.id" WHERE doc = 2',),
        ("record 2 of 'tokens' is missing in the index 'id'.",),
    ),
    "an index with a record too many": (
        ("INSERT INTO \"sessions.username\" VALUES (x'30', 3)",),
        ("the index 'username' of 'sessions' has record 3 in a wrong place.",),
    ),
    "a record in a wrong place": (
        ("UPDATE \"users.username\" SET key = x'3061' WHERE doc = 1",),
        (
            "record 1 of 'users' is missing in the index 'username'.",
            "the index 'username' of 'users' has record 1 in a wrong place.",
        ),
    ),
    "a count that is off": (
        ("UPDATE _counts SET number = 5 WHERE place = 'tokens.account,id' AND number = 1",),
        ("the kept count of account '",),
    ),
    "a count of nobody": (
        ("INSERT INTO _counts VALUES ('tokens.account,id', x'306100', 3)",),
        ("the kept count of account 'a' in 'tokens' is 3, and there are 0.",),
    ),
    "a number of records": (
        ("UPDATE _tables SET records = 6 WHERE name = 'tokens'",),
        ("the kept number of records of 'tokens' is 6, and there are 5.",),
    ),
    "a number of bytes": (
        ("UPDATE _tables SET size = 1 WHERE name = 'users'",),
        ("the kept number of bytes of 'users' is 1, and there are",),
    ),
    "an id that comes again": (
        ("UPDATE _tables SET next_id = 2 WHERE name = 'users'",),
        ("the next id of 'users' is 2, and record 2 is there.",),
    ),
    "a table that nobody knows": (
        ("CREATE TABLE mine (a)",),
        ("the table 'mine' is not in its catalogue.",),
    ),
    "an index that is gone": (
        ('DROP TABLE "tokens.id"',),
        ("the table 'tokens.id' of its catalogue is missing.",),
    ),
    "a record that cannot be read": (
        ("UPDATE users SET body = '{\"username' WHERE id = 2",),
        ("record 2 of 'users': it cannot be read.",),
    ),
}


@pytest.mark.parametrize("kind", BEHIND_ITS_BACK)
def test_what_an_sqlite_file_keeps_wrongly_is_named(on_sqlite: World, kind: str) -> None:
    statements, sentences = BEHIND_ITS_BACK[kind]
    executed(on_sqlite, *statements)

    found = flaws(on_sqlite)

    for sentence, line in zip(sentences, found, strict=True):
        assert line.startswith(sentence)


def test_a_damaged_page_is_named(on_sqlite: World) -> None:
    content = bytearray(on_sqlite.state.read_bytes())
    content[5 * 4096 + 8 : 5 * 4096 + 64] = b"\xff" * 56
    on_sqlite.state.write_bytes(content)

    assert flaws(on_sqlite)


def test_of_many_flaws_of_one_kind_some_are_told(on_sqlite: World) -> None:
    for number in range(30):
        on_sqlite.call("create_physical_art_session", f'("alice", "{number}", "")')
    executed(on_sqlite, 'DELETE FROM "sessions.username"', 'DELETE FROM "sessions.session_id"')

    found = flaws(on_sqlite)

    assert 2 < len(found) <= 20
    assert all("is missing in the index" in line for line in found)


def test_two_records_with_one_name_are_found_in_json(tmp_path: Path) -> None:
    world = World(tmp_path / "home", tmp_path / "work" / "state.json").ready()
    settle(world)
    content = json.loads(world.state.read_text())
    content["users"]["3"] = content["users"]["1"]
    world.state.write_text(json.dumps(content))

    assert flaws(world) == ["record 3 of 'users' has the username of another."]


def test_a_long_statement_ends_when_interrupted() -> None:
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    )
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(KeyboardInterrupt):
                run_interruptibly(connection, endless)
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        signal.signal(signal.SIGALRM, before)
