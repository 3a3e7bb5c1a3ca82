"""`originstamp state`: where everything is kept, copies of it, and an empty one."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROGRAM, Result, World
from projects import did, register, users
from states import FOLDER, NAMES, run_as_nobody, settle

BESIDE = {"photos": "a photo", "log": "a log\n", "snapshots": "a copy"}


def furnish(world: World) -> None:
    """Have something to remember, and stand beside the state all that may."""
    register(world)
    for name in ("photos", "snapshots"):
        place = Path(f"{world.state}.{name}")
        place.mkdir()
        (place / "file").write_text(BESIDE[name])
    Path(f"{world.state}.log").write_text(BESIDE["log"])


def beside(state: Path) -> dict[str, str]:
    """Return what stands beside a state."""
    found = {}
    for name in BESIDE:
        place = Path(f"{state}.{name}")
        if place.exists():
            found[name] = (place / "file" if place.is_dir() else place).read_text()
    return found


def record(result: Result) -> dict[str, str]:
    """Return the fields that a command told."""
    assert (result.exit_code, result.stderr) == (0, "")
    header, *lines = result.stdout.splitlines()
    assert header == "field\tvalue"
    return dict(line.split("\t") for line in lines)


def names(world: World) -> list[str]:
    """Return what there is in the state's folder."""
    return sorted(os.listdir(world.state.parent)) if world.state.parent.exists() else []


# ---------------------------------------------------------------------- path, info


def test_path_is_one_line_whether_or_not_there_is_a_state(world: World) -> None:
    before = world.run("state", "path")
    register(world)

    assert before == (0, f"{world.state}\n", "")
    assert world.run("state", "path") == before


def test_info_tells_what_is_there_and_what_stands_beside(world: World) -> None:
    furnish(world)

    told = record(world.run("state", "info"))

    assert told["path"] == str(world.state)
    assert told["kind"] == ("sqlite" if world.state.suffix == ".db" else "json")
    assert told["size"] == str(world.state.stat().st_size)
    assert told["tables users"].startswith("records 1, bytes ")
    assert told["tables tokens"] == "records 0, bytes 0"
    assert [told[f"beside {name}"] for name in BESIDE] == ["bytes 7", "bytes 6", "bytes 6"]
    assert told["backups"] == "0"


def test_info_of_no_state_makes_none(world: World) -> None:
    told = record(world.run("state", "info"))

    assert (told["size"], told["tables users"]) == ("0", "records 0, bytes 0")
    assert names(world) == []


def test_info_is_what_the_statistics_of_the_canister_say(world: World) -> None:
    register(world)
    told = json.loads(world.run("state", "info", "--output", "json").stdout)

    stats = json.loads(world.call("get_storage_stats", None, "--output", "json"))

    assert {each["name"]: str(each["bytes"]) for each in told["tables"]} == {
        each["name"]: each["bytes"] for each in stats["tables"]
    }


# ---------------------------------------------------------------------- backup


def test_a_backup_is_dated_and_has_everything(world: World) -> None:
    furnish(world)

    made = world.run("state", "backup")

    assert (made.exit_code, made.stderr) == (0, "")
    backup = Path(made.stdout.strip())
    assert backup.parent == world.state.parent
    assert backup.name.startswith("state.20231114T")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert users(world, "--state", str(backup)) == "(1 : nat64)"
    assert beside(backup) == beside(world.state) == BESIDE
    listed = world.run("state", "backups").stdout.splitlines()[1:]
    assert [line.split("\t")[0] for line in listed] == [str(backup)]


def test_photos_of_a_backup_take_no_further_room(world: World) -> None:
    furnish(world)

    backup = world.run("state", "backup").stdout.strip()

    assert Path(f"{world.state}.photos", "file").samefile(Path(f"{backup}.photos", "file"))
    log = Path(f"{world.state}.log")
    assert not log.samefile(Path(f"{backup}.log")), "it goes on, and the copy does not"


def test_backups_of_one_second_are_kept_apart(world: World) -> None:
    register(world)

    made = {world.run("state", "backup").stdout for _ in range(3)}

    assert len(made) == 3


def test_a_backup_is_restored_with_all_that_stood_beside_it(world: World) -> None:
    furnish(world)
    backup = world.run("state", "backup").stdout.strip()
    did(world, "start", "--clean")

    assert world.run("state", "restore", backup).exit_code == 0

    assert users(world) == "(1 : nat64)"
    assert beside(world.state) == BESIDE


def test_a_backup_goes_where_it_is_told_and_replaces_nothing_unasked(
    world: World, tmp_path: Path
) -> None:
    furnish(world)
    to = tmp_path / "safe" / f"copy{world.state.suffix}"

    assert world.run("state", "backup", str(to)) == (0, f"{to}\n", "")
    again = world.run("state", "backup", str(to))
    world.call("register_user", '("bob", "correct horse")')
    forced = world.run("state", "backup", str(to), "--force")

    assert (again.exit_code, again.stdout) == (2, "")
    assert "is there already" in again.stderr
    assert forced.exit_code == 0
    assert users(world, "--state", str(to)) == "(2 : nat64)"
    assert beside(to) == beside(world.state)


def test_a_backup_that_could_not_be_opened_is_not_made(world: World, tmp_path: Path) -> None:
    register(world)
    to = tmp_path / ("copy.json" if world.state.suffix == ".db" else "copy.db")

    refused = world.run("state", "backup", str(to))

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "originstamp state migrate changes the kind" in refused.stderr
    assert not to.exists()


def test_a_backup_is_whole_while_others_write(world: World) -> None:
    """Each copy holds together, whatever calls are being made meanwhile."""
    register(world)
    calls = "\n".join(
        f"originstamp canister call backend create_physical_art_session "
        f'\'("alice", "Work {number}", "")\' > /dev/null &'
        for number in range(8)
    )
    copies = "originstamp state backup\n" * 3
    world.variables["PATH"] = f"{Path(PROGRAM).parent}:{world.variables['PATH']}"

    done = world.shell(f"{calls}\n{copies}wait")

    assert (done.exit_code, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3
    for backup in done.stdout.splitlines():
        assert world.run("state", "verify", "--state", backup).exit_code == 0


# ---------------------------------------------------------------------- reset


def test_reset_begins_anew_and_says_where_the_old_state_is(world: World) -> None:
    furnish(world)

    done = world.run("state", "reset")

    assert (done.exit_code, done.stderr) == (0, "")
    backup = Path(done.stdout.strip())
    assert users(world) == "(0 : nat64)"
    assert users(world, "--state", str(backup)) == "(1 : nat64)"
    assert (beside(backup), beside(world.state)) == (BESIDE, {})


def test_reset_of_nothing_does_nothing(world: World) -> None:
    assert world.run("state", "reset") == (0, "", "")
    assert names(world) == []


# ---------------------------------------------------------------------- compact


def test_compact_gives_room_back_and_keeps_everything(world: World) -> None:
    register(world)
    for number in range(40):
        world.call("create_physical_art_session", f'("alice", "Work {number}", "{"x" * 9000}")')
    did(world, "stop")
    did(world, "start")
    world.run("canister", "install", "backend", "--mode", "reinstall", "--yes")
    size = world.state.stat().st_size

    told = record(world.run("state", "compact"))

    assert told == {"before": str(size), "after": str(world.state.stat().st_size)}
    if world.state.suffix == ".db":
        assert int(told["after"]) < size
    assert world.run("state", "verify").exit_code == 0


def test_compact_writes_a_state_that_was_spread_out_closely_again(fresh: World) -> None:
    state = fresh.state.with_suffix(".json")
    fresh.run(
        "canister", "call", "backend", "register_user", '("alice", "pw")', "--state", str(state)
    )
    content = json.loads(state.read_text())
    state.write_text(json.dumps(content, indent=8))

    told = record(fresh.run("state", "compact", "--state", str(state)))

    assert int(told["after"]) < int(told["before"])
    assert json.loads(state.read_text()) == content


# ---------------------------------------------------------------------- what cannot be used

COMMANDS = ("info", "verify", "compact", "export", "backup", "migrate")
CONTENTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda whole: whole[: len(whole) * 2 // 3 + 7],
    "noise": lambda whole: bytes((each * 7 + 13) % 251 for each in range(len(whole))),
    "of the other kind": lambda whole: (
        FOLDER / "1" / ("state.json" if whole[:1] == b"S" else "state.db")
    ).read_bytes(),
}


def words_of(world: World, command: str) -> list[str]:
    """Return a command with what it needs, all of which is in the state's folder."""
    ending = ".json" if world.state.suffix == ".db" else ".db"
    more = {"export": "everything.out", "migrate": f"other{ending}"}.get(command)
    return ["state", command, *([str(world.state.parent / more)] if more else [])]


@pytest.mark.parametrize("content", CONTENTS)
def test_a_state_that_cannot_be_read_is_refused_and_left_as_it_was(
    world: World, content: str
) -> None:
    settle(world)
    world.state.write_bytes(CONTENTS[content](world.state.read_bytes()))
    before, around = world.state.read_bytes(), names(world)

    for command in COMMANDS:
        refused = world.run(*words_of(world, command))
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert refused.stderr.startswith("Error: ")
        assert "To fix: " in refused.stderr
        assert (world.state.read_bytes(), names(world)) == (before, around)


def test_without_a_state_there_is_nothing_to_work_on(world: World) -> None:
    for command in COMMANDS[1:]:
        refused = world.run(*words_of(world, command))
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert f"There is no state file {world.state}." in refused.stderr
        assert names(world) == []


@pytest.mark.parametrize("name", NAMES)
def test_in_a_read_only_folder_it_is_read_and_not_changed(anyones_folder: Path, name: str) -> None:
    world = World(anyones_folder / "home", anyones_folder / "work" / name)
    settle(world)
    world.run("state", "export", str(anyones_folder / "everything.json"))
    (anyones_folder / "everything.json").chmod(0o444)
    world.state.chmod(0o444)
    world.state.parent.chmod(0o555)
    before, around = world.state.read_bytes(), names(world)
    refused = [words_of(world, each) for each in ("compact", "backup", "export", "migrate")]
    refused += [["state", "reset"], ["state", "import", str(anyones_folder / "everything.json")]]

    for done in run_as_nobody(world.state, ["state", "info"], ["state", "verify"]):
        assert (done.exit_code, done.stderr) == (0, "")
    for done in run_as_nobody(world.state, *refused):
        assert (done.exit_code, done.stdout) == (3, "")
        assert "cannot be written: Permission denied" in done.stderr
        assert "To fix: Check who may write to the file and its folder" in done.stderr
    assert (world.state.read_bytes(), names(world)) == (before, around)
