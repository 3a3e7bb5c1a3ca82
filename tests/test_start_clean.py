"""`start --clean`: an empty state, and nothing of the old one lost, whatever happens meanwhile."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BACKEND, World
from projects import WITH_FRONTEND, did, enter, fails, ids, register, users

BESIDE = (".photos", ".log", ".snapshots")

# Runs the program, and kills it like a loss of power would before the rename of this number.
KILLED_BEFORE_A_RENAME = """
import os, signal, sys
left = int(sys.argv.pop(1))
rename = os.rename
def counting(*paths, **options):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    rename(*paths, **options)
os.rename = counting
sys.argv[0] = "originstamp"
from originstamp_cli.__main__ import main
sys.exit(main())
"""


def furnish(world: World) -> None:
    """Have something to remember, and stand beside the state all that may."""
    register(world)
    place = Path(f"{world.state}.photos")
    place.mkdir()
    (place / "photo.png").write_text("a photo")
    Path(f"{world.state}.log").write_text("a log\n")
    Path(f"{world.state}.snapshots").mkdir()


def backups(world: World) -> list[str]:
    """Return the paths of the backups, as the program lists them."""
    listed = world.run("state", "backups").stdout.splitlines()[1:]
    return [line.split("\t")[0] for line in listed]


def test_it_gives_an_empty_state_and_keeps_the_old_one_with_all_beside_it(world: World) -> None:
    furnish(world)

    did(world, "start", "--clean", "--background")

    assert users(world) == "(0 : nat64)"
    (backup,) = backups(world)
    assert users(world, "--state", backup) == "(1 : nat64)"
    assert Path(f"{backup}.photos", "photo.png").read_text() == "a photo"
    assert Path(f"{backup}.log").read_text() == "a log\n"
    assert Path(f"{backup}.snapshots").is_dir()
    assert not [ending for ending in BESIDE if Path(f"{world.state}{ending}").exists()]


def test_it_says_where_the_old_state_is_when_asked(world: World) -> None:
    register(world)

    loud = did(world, "start", "--clean", "-v")

    (backup,) = backups(world)
    assert loud.stderr.startswith(f"The state before is kept as {backup}.\n")
    register(world)
    assert "kept as" not in did(world, "start", "--clean").stderr


def test_the_backup_is_dated_and_of_the_same_kind(world: World) -> None:
    register(world)

    did(world, "start", "--clean")

    (backup,) = backups(world)
    assert Path(backup).name == f"state.20231114T221320Z{world.state.suffix}"


def test_backups_of_the_same_second_are_kept_apart(world: World) -> None:
    for _ in range(3):
        furnish(world)
        did(world, "start", "--clean")

    found = backups(world)

    stem = f"state.20231114T221320Z{{}}{world.state.suffix}"
    assert [Path(each).name for each in found] == [stem.format(end) for end in ("-3", "-2", "")]
    assert all(Path(f"{each}.log").exists() for each in found)


def test_it_starts_a_network_that_was_stopped(world: World) -> None:
    did(world, "stop")

    did(world, "start", "--clean")

    assert users(world) == "(0 : nat64)"


def test_with_no_state_there_is_nothing_to_keep(world: World) -> None:
    did(world, "start", "--clean")

    assert backups(world) == []
    assert not world.state.exists()


@pytest.mark.parametrize("content", [b"", b"not a state of ours", b'{"_meta": {}}'])
def test_a_damaged_state_is_moved_aside_too(world: World, content: bytes) -> None:
    world.state.parent.mkdir(parents=True, exist_ok=True)
    world.state.write_bytes(content)
    fails(world, "canister", "call", "backend", "get_user_count")

    did(world, "start", "--clean")

    assert users(world) == "(0 : nat64)"
    assert Path(backups(world)[0]).read_bytes() == content


def test_a_state_behind_a_link_is_moved_where_it_is(world: World, tmp_path: Path) -> None:
    far = tmp_path / "far" / f"real{world.state.suffix}"
    far.parent.mkdir()
    world.state.parent.mkdir(parents=True, exist_ok=True)
    world.state.symlink_to(far)
    register(world)

    did(world, "start", "--clean")

    assert users(world) == "(0 : nat64)"
    (backup,) = backups(world)
    assert Path(backup).parent == far.parent
    assert users(world, "--state", backup) == "(1 : nat64)"
    register(world)
    assert world.state.is_symlink()
    assert far.exists()


def test_a_writer_that_waits_writes_into_the_new_state(world: World) -> None:
    """Calls that go on all the while fall on either side; none is lost, none fails."""
    names = [f"user{number}" for number in range(8)]
    script = "\n".join(
        f'originstamp canister call backend register_user \'("{name}", "pw")\' &' for name in names
    )
    world.variables["PATH"] = f"{Path(sys.executable).parent}:{world.variables['PATH']}"

    done = world.shell(f"{script}\noriginstamp start --clean -q\nwait")

    assert (done.exit_code, done.stderr) == (0, "")
    found = world.run("canister", "call", "backend", "get_all_users", "--output", "json").stdout
    for backup in backups(world):
        found += world.run(
            *("canister", "call", "backend", "get_all_users", "--state", backup),
            *("--output", "json"),
        ).stdout
    assert {name for name in names if f'"{name}"' in found} == {*names}


@pytest.mark.parametrize("renames", range(4))
def test_killed_between_steps_it_leaves_the_old_state_findable(world: World, renames: int) -> None:
    furnish(world)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_A_RENAME, str(renames), "start", "--clean"],
        env=world.variables,
        capture_output=True,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert users(world) == "(1 : nat64)", "the state itself goes last, by one rename"
    did(world, "start", "--clean")
    assert users(world) == "(0 : nat64)"
    (backup,) = backups(world)
    assert users(world, "--state", backup) == "(1 : nat64)"
    assert Path(f"{backup}.photos", "photo.png").read_text() == "a photo"
    assert Path(f"{backup}.log").exists()
    assert Path(f"{backup}.snapshots").exists()


def test_in_a_project_it_drops_what_belonged_to_the_old_network(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")

    did(world, "start", "--clean")

    assert [*(folder / ".dfx").iterdir()] == []


def test_ids_of_a_project_are_no_more_after_a_clean_start_from_elsewhere(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")
    before = world.run("canister", "id", "frontend").stdout.strip()
    assert before == ids(folder)["frontend"]["local"]

    world.folder = folder.parent
    did(world, "start", "--clean")
    world.folder = folder

    assert fails(world, "canister", "id", "frontend") == (
        "Error: Cannot find canister id. Please issue 'dfx canister create frontend'.\n"
    )
    did(world, "canister", "create", "backend")
    assert "frontend" not in ids(folder), "what is written is the new network's alone"


def test_ids_stay_while_the_network_is_only_stopped_and_started(world: World) -> None:
    enter(world, WITH_FRONTEND)
    did(world, "deploy")
    before = world.run("canister", "id", "frontend")

    did(world, "stop")
    did(world, "start")

    assert world.run("canister", "id", "frontend") == before


# ---------------------------------------------------------------------- originstamp state


def test_a_backup_is_restored_and_what_was_there_becomes_one(world: World) -> None:
    furnish(world)
    did(world, "start", "--clean")
    (old,) = backups(world)

    restored = world.run("state", "restore", Path(old).name, "--yes")

    assert (restored.exit_code, restored.stderr) == (0, "")
    assert restored.stdout == "", "an empty state is nothing to keep"
    assert users(world) == "(1 : nat64)"
    assert Path(f"{world.state}.photos", "photo.png").exists()
    assert backups(world) == []


def test_restoring_twice_comes_back_to_where_one_was(world: World) -> None:
    register(world)
    did(world, "start", "--clean")
    did(world, "deploy")  # an empty state that is a file

    first = world.run("state", "restore")
    assert users(world) == "(1 : nat64)"
    assert first.stdout.strip() == backups(world)[0]
    second = world.run("state", "restore", first.stdout.strip())

    assert second.exit_code == 0
    assert users(world) == "(0 : nat64)"


@pytest.mark.parametrize("renames", range(4))
def test_a_restoration_killed_between_steps_can_be_done_again(world: World, renames: int) -> None:
    furnish(world)
    did(world, "start", "--clean")
    did(world, "stop")  # another state, without anything beside it
    (old,) = backups(world)

    killed = subprocess.run(
        [
            *(sys.executable, "-c", KILLED_BEFORE_A_RENAME, str(renames)),
            *("state", "restore", "--yes", old),
        ],
        env=world.variables,
        capture_output=True,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert world.run("state", "restore", "--yes", old).exit_code == 0
    assert users(world) == "(1 : nat64)"
    assert Path(f"{world.state}.photos", "photo.png").exists()


def test_a_backup_that_cannot_be_read_is_not_restored(world: World) -> None:
    register(world)
    did(world, "start", "--clean")
    (old,) = backups(world)
    Path(old).write_bytes(b"spoilt")
    register(world)

    refused = world.run("state", "restore", old, "--yes")

    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "is damaged" in refused.stderr
    assert users(world) == "(1 : nat64)"
    assert backups(world) == [old]


def test_a_backup_that_is_not_there_is_told_with_what_to_do(world: World) -> None:
    none = world.run("state", "restore")
    register(world)
    did(world, "start", "--clean")
    wrong = world.run("state", "restore", f"state.20231114T22132Z{world.state.suffix}")

    assert (none.exit_code, none.stdout) == (2, "")
    assert "There is no backup of this state yet." in none.stderr
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert f"Did you mean 'state.20231114T221320Z{world.state.suffix}'?" in wrong.stderr
    assert "To fix: See them with originstamp state backups." in wrong.stderr


def test_backups_of_another_state_are_not_listed(world: World) -> None:
    register(world)
    did(world, "start", "--clean")

    other = world.state.with_name(f"other{world.state.suffix}")

    assert world.run("state", "backups", "--state", str(other)).stdout == "path\tsize\ttaken\n"
    assert BACKEND in world.run("canister", "id", "backend").stdout
