"""States that older programs wrote: brought up to date when they are first used, and no sooner."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM, World
from states import ANSWERS, FOLDER, NAMES, run_as_nobody
from test_startup import loaded

from originstamp_cli.canister import migrations
from originstamp_cli.canister.records import TABLES
from originstamp_cli.errors import StateTooOld
from originstamp_cli.store import Store

OLDER = [str(version) for version in range(1, Store.schema_version)]


@pytest.fixture(params=[(version, name) for version in OLDER for name in NAMES], ids="-".join)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A world with a state of each older version and either kind."""
    version, name = request.param
    world = World(tmp_path / "home", tmp_path / "work" / name).ready()
    world.state.parent.mkdir()
    shutil.copyfile(FOLDER / version / name, world.state)
    world.folder = FOLDER / version
    return world


def version_of(state: Path) -> int:
    """Return what a state says of itself."""
    if state.suffix == ".json":
        found = json.loads(state.read_text())["_meta"]["1"]["schema"]
    else:
        with closing(sqlite3.connect(state)) as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def backups(world: World) -> list[Path]:
    return sorted(
        each
        for each in world.state.parent.iterdir()
        if each.name.startswith("state.2") and each.suffix == world.state.suffix
    )


def old_blocks(world: World) -> Any:
    """Return the log as it was before."""
    assert world.folder
    return json.loads((world.folder / "state.json").read_text())["blocks"]


def test_every_version_of_the_schema_has_a_state_of_either_kind() -> None:
    """What an older program wrote cannot be made later: run tests/states.py before a new one."""
    assert sorted(os.listdir(FOLDER)) == OLDER
    for version in OLDER:
        assert sorted(os.listdir(FOLDER / version)) == [ANSWERS, *NAMES]
        assert [version_of(FOLDER / version / name) for name in NAMES] == [int(version)] * 2
    assert len(migrations._STEPS) == len(OLDER)  # noqa: SLF001 - a step for each


def test_it_answers_as_before(old: World) -> None:
    assert old.folder
    asked = json.loads((old.folder / ANSWERS).read_text(encoding="utf-8"))

    for line, before in asked.items():
        canister, method, argument = line.split(" ", 2)
        assert (line, old.call(method, argument, canister=canister)) == (line, before)

    assert version_of(old.state) == Store.schema_version


def test_it_is_sound_and_its_log_is_the_same(old: World) -> None:
    assert old.run("state", "verify").exit_code == 0

    content = json.loads(old.run("state", "export").stdout)
    after = {
        number: {"hash": kept["hash"], "block": kept["block"]}
        for number, kept in content["blocks"].items()
    }
    before = {
        number: {"hash": kept["hash"], "block": kept["block"]}
        for number, kept in old_blocks(old).items()
    }
    assert after == before


def test_a_query_brings_it_up_to_date_once_and_keeps_it_as_it_was(old: World) -> None:
    before = old.state.read_bytes()

    old.call("get_user_count")
    first = old.state.read_bytes()
    old.call("get_user_count")

    assert version_of(old.state) == Store.schema_version
    assert old.state.read_bytes() == first
    (backup,) = backups(old)
    assert version_of(backup) == version_of(FOLDER / "1" / old.state.name)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    if old.state.suffix == ".json":
        assert backup.read_bytes() == before
    assert old.run("state", "backups").stdout.count(str(backup)) == 1


def test_an_update_goes_on_from_it(old: World) -> None:
    assert "Ok" in old.call("create_physical_art_session", '("alice", "Next", "")')
    mint = '("08946cd494a2c00b", record { owner = principal "aaaaa-aa" }, vec {})'
    assert old.call("mint_nft_from_session", mint) == "(variant { Ok = 6 : nat64 })"

    assert old.run("state", "verify").exit_code == 0


def test_what_stands_beside_it_stands_beside_the_backup_too(old: World) -> None:
    Path(f"{old.state}.photos").mkdir()
    Path(f"{old.state}.photos", "1.png").write_text("a photo")

    old.call("get_user_count")

    assert Path(f"{old.state}.photos", "1.png").exists()
    assert Path(f"{backups(old)[0]}.photos", "1.png").read_text() == "a photo"


def test_its_backup_can_be_restored_and_is_brought_up_again(old: World) -> None:
    old.call("get_user_count")
    old.call("register_user", '("carol", "pw")')

    done = old.run("state", "restore", str(backups(old)[0]))

    assert done.exit_code == 0, done.stderr
    assert version_of(old.state) < Store.schema_version
    assert old.call("get_user_count") == "(2 : nat64)"
    assert version_of(old.state) == Store.schema_version


def test_it_is_set_aside_as_it_is(old: World) -> None:
    old.run("state", "reset")

    (backup,) = backups(old)
    assert version_of(backup) < Store.schema_version


def test_it_is_imported_as_any_other(old: World) -> None:
    assert old.folder

    done = old.run(
        "state",
        "import",
        "state.json",
        "--state",
        str(old.state.with_name(f"new{old.state.suffix}")),
    )

    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    new = old.state.with_name(f"new{old.state.suffix}")
    assert version_of(new) == Store.schema_version
    assert old.run("state", "verify", "--state", str(new)).exit_code == 0


def test_a_snapshot_of_it_is_loaded(old: World) -> None:
    """Snapshots are copies of the state as it was, and older than it may be."""
    old.folder = None
    old.run("canister", "stop", "backend")
    taken = old.run("canister", "snapshot", "create", "backend")
    assert taken.exit_code == 0, taken.stderr
    (snapshot,) = Path(f"{old.state}.snapshots").iterdir()
    shutil.copyfile(FOLDER / "1" / old.state.name, snapshot / "state")
    old.run("canister", "start", "backend")
    old.call("register_user", '("carol", "pw")')
    old.run("canister", "stop", "backend")

    loaded = old.run("canister", "snapshot", "load", "backend", snapshot.name)

    assert loaded.exit_code == 0, loaded.stderr
    old.run("canister", "start", "backend")
    assert old.call("get_user_count") == "(2 : nat64)"
    assert old.run("state", "verify").exit_code == 0


def test_many_that_use_it_first_bring_it_up_once(old: World) -> None:
    calls = [
        subprocess.Popen(
            [PROGRAM, "canister", "call", "backend", "get_user_count"],
            env=old.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(6)
    ]

    assert [call.communicate(timeout=60)[0] for call in calls] == ["(2 : nat64)\n"] * 6
    assert len(backups(old)) == 1


KILLED_IN_A_STEP = """
import os, signal, sys
from originstamp_cli.canister import migrations
update = migrations._described_in
migrations._described_in = lambda index: (
    os.kill(os.getpid(), signal.SIGKILL) if index == 3 else update(index)
)
sys.argv[0] = "originstamp"
from originstamp_cli.__main__ import main
sys.exit(main())
"""


def test_killed_in_between_it_is_as_before(old: World) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_STEP, "state", "path"],
        env=old.variables,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == 0, "no use of it, so nothing is done"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_STEP, "state", "info"],
        env=old.variables,
        capture_output=True,
        check=False,
    )

    assert killed.returncode == -9
    assert old.run("state", "verify").exit_code == 0
    assert old.call("get_user_count") == "(2 : nat64)"


@pytest.mark.parametrize("name", NAMES)
def test_in_a_read_only_folder_it_is_said_what_is_needed(anyones_folder: Path, name: str) -> None:
    world = World(anyones_folder / "home", anyones_folder / "work" / name)
    world.state.parent.mkdir()
    shutil.copyfile(FOLDER / "1" / name, world.state)
    before = world.state.read_bytes()
    world.state.chmod(0o444)
    world.state.parent.chmod(0o555)

    (done,) = run_as_nobody(world.state, ["get-user-count"])

    assert (done.exit_code, done.stdout) == (3, "")
    assert f"has schema version 1 and has to be brought up to {Store.schema_version}" in done.stderr
    assert "To fix: Check who may write to the file and its folder" in done.stderr
    assert world.state.read_bytes() == before
    assert os.listdir(world.state.parent) == [name]


def test_a_program_without_steps_says_so(old: World) -> None:
    before = old.state.read_bytes()

    with (
        pytest.raises(StateTooOld, match="of an older program"),
        Store(str(old.state), TABLES).read(),
    ):
        pass

    assert old.state.read_bytes() == before


def test_a_state_of_today_loads_none_of_it(fresh: World) -> None:
    fresh.process("identity", "whoami")
    words = ("canister", "call", "backend", "create_physical_art_session", '("alice", "x", "")')
    fresh.process(*words)

    modules = loaded(fresh, *words)

    ours = {
        f"originstamp_cli.{each}"
        for each in ("canister.migrations", "store.backups", "store.exchange")
    }
    assert not ours & modules
