"""`originstamp state export`, `import`, `migrate`: everything goes elsewhere, and comes back."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import World
from states import ANSWERS, FOLDER, settle
from tinydb import TinyDB

OTHER = {".db": ".json", ".json": ".db"}


def told_of(world: World, state: Path | None = None) -> dict[str, str]:
    """Return what a state answers to all that the states of the tests are asked."""
    options = () if state is None else ("--state", str(state))
    asked = json.loads((FOLDER / "1" / ANSWERS).read_text(encoding="utf-8"))
    return {line: answer(world, line, *options) for line in asked}


def answer(world: World, line: str, *options: str) -> str:
    canister, method, argument = line.split(" ", 2)
    return world.call(method, argument, *options, canister=canister)


def contents(world: World, state: Path | None = None) -> Any:
    """Return everything that a state holds, next ids and all."""
    options = () if state is None else ("--state", str(state))
    done = world.run("state", "export", *options)
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def backups(world: World) -> list[str]:
    return [line.split("\t")[0] for line in world.run("state", "backups").stdout.splitlines()[1:]]


# ---------------------------------------------------------------------- export


def test_stock_tinydb_opens_what_was_exported(world: World, tmp_path: Path) -> None:
    settle(world)
    file = tmp_path / "everything.json"

    done = world.run("state", "export", str(file))

    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    with TinyDB(file) as database:
        assert {each["username"] for each in database.table("users").all()} == {"alice", "bob"}
        assert [each.doc_id for each in database.table("tokens").all()] == [1, 2, 3, 4, 5]


def test_an_export_is_a_state_itself(world: World, tmp_path: Path) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    world.run("state", "export", str(file))

    assert told_of(world, file) == told_of(world)


def test_an_export_to_standard_output_is_the_same(world: World, tmp_path: Path) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    world.run("state", "export", str(file))

    for words in ((), ("-",)):
        assert world.run("state", "export", *words) == (0, file.read_text(), "")


def test_an_export_replaces_a_file_only_when_told_to(world: World, tmp_path: Path) -> None:
    settle(world)
    file = tmp_path / "mine.json"
    file.write_text("mine")

    refused = world.run("state", "export", str(file))
    kept = file.read_text()
    forced = world.run("state", "export", str(file), "--force")

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"{file} is there already." in refused.stderr
    assert kept == "mine"
    assert forced.exit_code == 0
    assert json.loads(file.read_text())["users"]


def test_an_export_says_what_is_not_in_it(world: World, tmp_path: Path) -> None:
    settle(world)
    Path(f"{world.state}.log").write_text("a log\n")

    done = world.run("state", "export", str(tmp_path / "everything.json"))

    assert done.stderr == "Beside the state, and not in it: log.\n"


# ---------------------------------------------------------------------- import


@pytest.mark.parametrize("through", ["a file", "a pipe"])
def test_what_was_exported_comes_back_without_loss(
    world: World, tmp_path: Path, through: str
) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    before, answers = contents(world), told_of(world)
    file.write_text(world.run("state", "export").stdout)
    world.run("state", "reset")

    if through == "a file":
        done = world.run("state", "import", str(file))
    else:
        done = world.run("state", "import", "-", typed=file.read_text())

    records = sum(len(table) for table in before.values()) - 1
    assert done == (0, "", f"Imported {records} records.\n")
    assert contents(world) == before
    assert told_of(world) == answers
    assert world.run("state", "verify").exit_code == 0


def test_the_state_before_an_import_is_kept_with_what_stood_beside_it(
    world: World, tmp_path: Path
) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    world.run("state", "export", str(file))
    world.call("register_user", '("carol", "pw")')
    Path(f"{world.state}.photos").mkdir()
    Path(f"{world.state}.photos", "1.png").write_text("a photo")

    done = world.run("state", "import", str(file))

    (backup,) = backups(world)
    assert done.stdout == f"{backup}\n"
    assert world.call("get_user_count") == "(2 : nat64)"
    assert world.call("get_user_count", None, "--state", backup) == "(3 : nat64)"
    for state in (world.state, backup):
        assert Path(f"{state}.photos", "1.png").read_text() == "a photo"


def test_an_id_that_was_given_before_is_not_given_again_after_an_import(
    world: World, tmp_path: Path
) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    before = contents(world)
    before["_meta"]["1"]["next"]["sessions"] = 17
    file.write_text(json.dumps(before))
    world.run("state", "import", str(file))

    world.call("create_physical_art_session", '("alice", "Next", "")')

    assert [*contents(world)["sessions"]][-1] == "17"


def test_what_stock_tinydb_wrote_of_our_tables_is_imported(world: World, tmp_path: Path) -> None:
    """Without a word of which program it is from, spread out, and with a table of TinyDB's own."""
    settle(world)
    before = contents(world)
    file = tmp_path / "stock.json"
    with TinyDB(file, indent=2, ensure_ascii=False, encoding="utf-8") as database:
        database.insert({"of": "nobody"})
        database.truncate()
        for name in ("tokens", "blocks", "ledger", "sessions", "users", "canister"):
            table = database.table(name)
            for document in before[name].values():
                table.insert(document)

    done = world.run("state", "import", str(file))

    assert done.exit_code == 0, done.stderr
    after = contents(world)
    assert {name: after[name] for name in after if name not in {"_meta", "collection"}} == {
        name: before[name] for name in after if name not in {"_meta", "collection"}
    }
    assert world.run("state", "verify").exit_code == 0


FLAWS: list[tuple[str, Any, str]] = [
    ("users", {"1": {"username": "alice"}}, "record 1: a record of 'users' has no proper"),
    ("users", {"1": 5}, "record 1 of table 'users' is not a record"),
    ("users", {"one": {}}, "record one of table 'users' has no id of its own"),
    ("users", {"01": {}}, "record 01 of table 'users' has no id of its own"),
    ("users", [], "a '{' is missing after table 'users'"),
    ("mine", {"1": {"a": 1}}, "record 1 of table 'mine' is in a table that is none of ours"),
    ("_meta", {"1": {"application": "another"}}, "table '_meta' is of another program"),
    (
        "_meta",
        {"1": {"application": "originstamp", "schema": 1, "next": {"users": 0}}},
        "its version or its counters cannot be read",
    ),
    ("ledger", {"1": {"blocks": 4, "tip": "00", "last_id": 1}}, "its record tells of 4 blocks"),
    ("ledger", {"1": {"blocks": 9, "tip": "00", "last_id": 1}}, "does not have the hash"),
]


def test_what_is_no_state_is_refused_with_the_record_named(world: World, tmp_path: Path) -> None:
    settle(world)
    before, around = world.state.read_bytes(), sorted(os.listdir(world.state.parent))
    content = contents(world)
    file = tmp_path / "everything.json"

    for table, spoilt, why in FLAWS:
        file.write_text(json.dumps(content | {table: spoilt}))
        refused = world.run("state", "import", str(file))
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert str(file) in refused.stderr
        assert why in refused.stderr
        assert "Nothing was changed." in refused.stderr
        assert (world.state.read_bytes(), sorted(os.listdir(world.state.parent))) == (
            before,
            around,
        )


TEXTS = [
    ("", "it ends after its beginning"),
    ("[]", "a '{' is missing after its beginning"),
    ("{}", "it holds no record"),
    ('{"users"', "it ends after its beginning"),
    ('{"users": {"1": {"username": "a', "record 1 of table 'users' cannot be read"),
    ('{"users": {"1": {"a": 1}', "it ends after record 1 of table 'users'"),
    ('{"users": {"1": {"a": NaN}}}', "record 1 of table 'users' cannot be read"),
    ('{"users": {"1": {} "2": {}}}', "a ',' is missing after record 1 of table 'users'"),
    ('{"users": {"1": {}}} more', "there is more after its end"),
    ('{"users": {"1": ' + '{"a": ' * 100_000, "record 1 of table 'users' cannot be read"),
    ('{"users": {1: {}}}', "a name is missing after table 'users'"),
    ('{"tokens": {"1": {"id": [1]}}}', "record 1 of table 'tokens' has a value that cannot"),
    (
        '{"users": {"1": {"username": "a"}, "2": {"username": "a"}}}',
        "record 2 of table 'users' has a value that another record has",
    ),
    ('{"users": {"2": {}, "1": {}, "2": {}}}', "record 2 of table 'users' has no id of its own"),
]


def test_what_is_not_tinydbs_json_is_refused(world: World) -> None:
    settle(world)
    before, around = world.state.read_bytes(), sorted(os.listdir(world.state.parent))

    for text, why in TEXTS:
        refused = world.run("state", "import", "-", typed=text)
        assert (refused.exit_code, refused.stdout) == (3, "")
        told = "Error: Standard input is no state that can be taken in: "
        assert refused.stderr.startswith(told)
        assert why in refused.stderr
        assert (world.state.read_bytes(), sorted(os.listdir(world.state.parent))) == (
            before,
            around,
        )


def test_bytes_that_are_no_text_are_refused(world: World, tmp_path: Path) -> None:
    settle(world)
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 64)

    refused = world.run("state", "import", str(tmp_path / "noise"))

    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "it is not text" in refused.stderr


def test_a_state_of_a_newer_program_is_not_imported(world: World, tmp_path: Path) -> None:
    settle(world)
    content = contents(world)
    content["_meta"]["1"]["schema"] = 99
    (tmp_path / "newer.json").write_text(json.dumps(content))

    refused = world.run("state", "import", str(tmp_path / "newer.json"))

    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "has schema version 99" in refused.stderr


def test_a_file_that_is_not_there_is_not_imported(world: World, tmp_path: Path) -> None:
    refused = world.run("state", "import", str(tmp_path / "nosuch.json"))

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "cannot be read: No such file or directory." in refused.stderr
    assert not world.state.exists()


@pytest.mark.parametrize("content", [b"", b"not a state of ours"])
def test_an_import_takes_the_place_of_a_damaged_state(
    world: World, tmp_path: Path, content: bytes
) -> None:
    settle(world)
    file = tmp_path / "everything.json"
    world.run("state", "export", str(file))
    before = contents(world)
    world.state.write_bytes(content)

    done = world.run("state", "import", str(file))

    assert done.exit_code == 0, done.stderr
    assert contents(world) == before
    assert Path(backups(world)[0]).read_bytes() == content


def test_a_record_that_is_longer_than_what_is_read_at_once_comes_through(
    world: World, tmp_path: Path
) -> None:
    settle(world)
    content = contents(world)
    content["sessions"]["1"]["description"] = "é" * 3_000_000
    file = tmp_path / "everything.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    done = world.run("state", "import", str(file))

    assert done.exit_code == 0, done.stderr
    assert contents(world) == content


# ---------------------------------------------------------------------- migrate


@pytest.mark.parametrize("named", ["by its path", "by its kind"])
def test_a_state_of_the_other_kind_has_the_same_and_answers_the_same(
    world: World, tmp_path: Path, named: str
) -> None:
    settle(world)
    ending = OTHER[world.state.suffix]
    to = tmp_path / f"there{ending}" if named == "by its path" else world.state.with_suffix(ending)
    word = (
        [str(to)] if named == "by its path" else ["--to", "json" if ending == ".json" else "sqlite"]
    )

    done = world.run("state", "migrate", *word)

    assert done == (0, f"{to}\n", f"To use it: export ORIGINSTAMP_STATE={to}, or give --state.\n")
    assert contents(world, to) == contents(world)
    assert told_of(world, to) == told_of(world)
    assert world.run("state", "verify", "--state", str(to)).exit_code == 0


def test_photos_and_the_log_come_along_and_snapshots_stay(world: World, tmp_path: Path) -> None:
    settle(world)
    for name in ("photos", "snapshots"):
        Path(f"{world.state}.{name}").mkdir()
        Path(f"{world.state}.{name}", "1").write_text("one")
    Path(f"{world.state}.log").write_text("a log\n")
    to = tmp_path / f"there{OTHER[world.state.suffix]}"

    assert world.run("state", "migrate", str(to)).exit_code == 0

    assert Path(f"{to}.photos", "1").read_text() == "one"
    assert Path(f"{to}.log").read_text() == "a log\n"
    assert not Path(f"{to}.snapshots").exists()
    assert Path(f"{world.state}.snapshots", "1").exists()


def test_there_and_back_again_is_the_same(world: World, tmp_path: Path) -> None:
    settle(world)
    there = tmp_path / f"there{OTHER[world.state.suffix]}"
    back = tmp_path / f"back{world.state.suffix}"

    world.run("state", "migrate", str(there))
    world.run("state", "migrate", str(back), "--state", str(there))

    assert contents(world, back) == contents(world)


def test_a_migration_that_makes_no_sense_is_refused(world: World, tmp_path: Path) -> None:
    settle(world)
    taken = tmp_path / f"taken{OTHER[world.state.suffix]}"
    taken.write_text("mine")
    same = tmp_path / f"same{world.state.suffix}"

    refusals = {
        "is there already": (str(taken),),
        f"already, and {same} would be": (str(same),),
        "One of FILE and --to is needed": (),
        "--to cannot be 'xml': it is none of json, sqlite": ("--to", "xml"),
    }

    for why, words in refusals.items():
        refused = world.run("state", "migrate", *words)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert why in refused.stderr
    assert taken.read_text() == "mine"
    assert not same.exists()


# ---------------------------------------------------------------------- interrupted


# Runs the program, and interrupts it with a signal at the third record that it moves.
INTERRUPTED = """
import os, sys
sent, left = int(sys.argv.pop(1)), 3
from originstamp_cli.store import exchange, session
def counting(function):
    def run(*values):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), sent)
        return function(*values)
    return run
exchange._number = counting(exchange._number)
everything = session.Session.everything
session.Session.everything = lambda self, spec: map(
    counting(lambda record: record), everything(self, spec)
)
sys.argv[0] = "originstamp"
from originstamp_cli.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("command", ["export", "import", "migrate"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_interrupted_half_way_everything_is_as_before(
    world: World, tmp_path: Path, command: str, sent: signal.Signals
) -> None:
    settle(world)
    (tmp_path / "everything.json").write_text(json.dumps(contents(world)))
    before, around = world.state.read_bytes(), sorted(os.listdir(world.state.parent))
    words = {
        "export": str(tmp_path / "out.json"),
        "import": str(tmp_path / "everything.json"),
        "migrate": str(tmp_path / f"out{OTHER[world.state.suffix]}"),
    }

    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(int(sent)), "state", command, words[command]],
        env=world.variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert (world.state.read_bytes(), sorted(os.listdir(world.state.parent))) == (before, around)
    assert not [each for each in os.listdir(tmp_path) if each.startswith("out")]
