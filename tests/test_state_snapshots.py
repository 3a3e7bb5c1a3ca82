"""The whole state is kept under a name and come back to, as often as one likes."""

import json
import re
from pathlib import Path

import pytest
from conftest import World
from store_helpers import NAMES, add_token, open_store, outcome
from test_snapshots import everything

from originstamp_cli.canister.records import CANISTER, NETWORK, TABLES
from originstamp_cli.store import Store
from originstamp_cli.store.backups import Backups


def snapshot(world: World, *words: str) -> str:
    result = world.run("state", "snapshot", *words)
    assert (result.exit_code, result.stderr) == (0, ""), result
    return result.stdout.strip()


def revert(world: World, *words: str) -> str:
    result = world.run("state", "revert", *words)
    assert (result.exit_code, result.stderr) == (0, ""), result
    return result.stdout.strip()


def sessions(world: World) -> int:
    return int(world.run("canister", "call", "backend", "get_session_count").stdout.split()[0][1:])


def create(world: World) -> None:
    world.call("create_physical_art_session", '("a", "b", "c")')


def network(world: World) -> tuple[object, object]:
    with Store(str(world.state), TABLES).read(scans=True) as state:
        return state.table(CANISTER).all(), state.table(NETWORK).all()


def test_a_running_canister_is_kept_and_come_back_to_again_and_again(world: World) -> None:
    create(world)
    assert snapshot(world, "base") == "base"
    before, settings = everything(world), network(world)

    for _ in range(3):
        create(world)
        world.run("canister", "update-settings", "backend", "--add-controller", "carol")
        world.run("state", "clock", "2030-01-01")
        world.run("canister", "stop", "nft")
        assert everything(world) != before

        revert(world, "base")
        assert (everything(world), network(world)) == (before, settings)
    create(world)
    assert 'status = "healthy"' in world.call("get_health_status")


def test_what_a_revert_replaces_is_a_backup_unless_it_is_discarded(world: World) -> None:
    snapshot(world, "empty")
    create(world)

    kept = revert(world, "empty")

    assert sessions(world) == 0
    assert re.fullmatch(rf"{re.escape(str(world.state.parent))}/state\.\d{{8}}T\d{{6}}Z\S+", kept)
    count = len(world.run("state", "backups").stdout.splitlines())
    create(world)
    assert revert(world, "empty", "--discard") == ""
    assert sessions(world) == 0
    assert len(world.run("state", "backups").stdout.splitlines()) == count
    assert world.run("state", "restore", kept, "--yes").exit_code == 0
    assert sessions(world) == 1


def test_a_fresh_state_can_be_come_back_to(world: World) -> None:
    snapshot(world, "fresh")
    create(world)

    revert(world)

    assert sessions(world) == 0


def test_a_state_that_was_removed_comes_back(world: World) -> None:
    create(world)
    snapshot(world, "kept")
    world.state.unlink()

    assert revert(world, "kept") == ""

    assert sessions(world) == 1


def test_without_a_name_it_is_called_by_its_id_and_the_newest_comes_back(world: World) -> None:
    snapshot(world, "first")
    create(world)
    made = snapshot(world)
    create(world)

    assert re.fullmatch("[0-9a-f]{36}", made)
    revert(world)
    assert sessions(world) == 1
    revert(world, "first")
    assert sessions(world) == 0
    revert(world, made)
    assert sessions(world) == 1


def test_a_name_is_given_once_unless_the_snapshot_is_replaced(world: World) -> None:
    snapshot(world, "base")
    create(world)

    taken = world.run("state", "snapshot", "base")
    assert (taken.exit_code, taken.stdout) == (2, "")
    assert taken.stderr == (
        "Error: There is a snapshot 'base' already.\n"
        "To fix: Choose another name, or give --replace.\n"
    )

    snapshot(world, "base", "--replace")
    revert(world, "base")
    assert sessions(world) == 1
    assert len(world.run("state", "snapshots").stdout.splitlines()) == 2


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "-x", ".x", "é", "x" * 65, "0" * 36])
def test_what_cannot_be_a_name_is_refused(world: World, name: str) -> None:
    result = world.run("state", "snapshot", "--", name)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: {name!r} cannot be the name of a snapshot.\n"
        "To fix: Use letters, digits, underscores, dots and dashes, 64 at most.\n"
    )
    assert not world.state.exists()


def test_a_snapshot_that_is_not_there_is_told_and_nothing_is_made(world: World) -> None:
    none = world.run("state", "revert")
    assert (none.exit_code, none.stdout) == (2, "")
    assert none.stderr.startswith("Error: There is no snapshot of this state yet.\n")
    assert not world.state.exists()

    snapshot(world, "base")
    before = world.state.read_bytes()
    wrong = world.run("state", "revert", "case")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("Error: There is no snapshot 'case' of this state.\n")
    assert world.state.read_bytes() == before


def test_both_sorts_of_snapshots_are_listed_loaded_and_deleted_by_either(world: World) -> None:
    create(world)
    snapshot(world, "mine")
    world.run("canister", "stop", "backend")
    words = ("canister", "snapshot", "create", "backend")
    theirs = world.run(*words).stdout.strip().rpartition(" ")[2]
    listed = [line.split("\t") for line in world.run("state", "snapshots").stdout.splitlines()]
    mine = listed[1][1]
    assert [row[:2] for row in listed[1:]] == [["mine", mine], ["", theirs]]
    assert listed[1][3].startswith("2023-11-14T22:13:20.")
    as_dfx = world.run("canister", "snapshot", "list", "backend").stdout
    assert re.findall("^[0-9a-f]{36}", as_dfx, re.MULTILINE) == [mine, theirs]

    world.run("canister", "start", "backend")
    create(world)
    world.run("canister", "stop", "backend")
    assert world.run("canister", "snapshot", "load", "backend", mine, "-q").exit_code == 0
    revert(world, theirs, "--discard")
    world.run("canister", "start", "backend")
    assert sessions(world) == 1
    assert world.run("canister", "snapshot", "delete", "backend", mine, "-q").exit_code == 0
    assert "mine" not in world.run("state", "snapshots").stdout


def test_a_damaged_snapshot_changes_nothing_and_leaves_no_backup(world: World) -> None:
    create(world)
    snapshot(world, "base")
    (folder,) = Path(f"{world.state}.snapshots").iterdir()
    (folder / "state").write_text("nothing of ours" * 100)
    before = world.state.read_bytes()

    result = world.run("state", "revert", "base")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "is damaged" in result.stderr
    assert world.state.read_bytes() == before
    assert world.run("state", "backups").stdout == "path\tsize\ttaken\n"


def test_what_killed_processes_left_of_snapshots_goes_with_the_next_one(world: World) -> None:
    snapshot(world, "base")
    folder = Path(f"{world.state}.snapshots")
    for name in (f"{'0' * 36}.new", f"{'1' * 36}.gone"):
        (folder / name).mkdir()
        (folder / name / "state").write_text("half")

    snapshot(world, "next")

    assert not [each.name for each in folder.iterdir() if each.suffix]
    assert len(list(folder.iterdir())) == 2


def test_json_says_of_each_snapshot_what_the_lines_do(world: World) -> None:
    snapshot(world, "base")

    (found,) = json.loads(world.run("state", "snapshots", "--output", "json").stdout)

    assert sorted(found) == ["name", "size", "snapshot", "taken"]
    assert found["name"] == "base"


@pytest.mark.parametrize("name", NAMES)
def test_making_a_backup_lets_nobody_else_write_meanwhile(tmp_path: Path, name: str) -> None:
    """A process that opens and closes a file gives up all the locks that it has on it."""
    store = open_store(str(tmp_path / name))
    add_token(store, 1)

    with store.write():
        backup = Backups(store).copy(0)
        other = "add_token(open_store(path, wait_seconds=0.1), 2)"
        assert outcome(other, store.path).startswith("StateBusy ")

    assert backup is not None
    assert open_store(backup).size() > 0
