"""What was acknowledged lasts: through kills at any moment, crowds of writers, and moved files."""

import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import World
from durability import Done, ended, flaws, killed, lost, seeded, writer

from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store

PROCESSES = 8
# How much the gate takes, and how much `make soak`.
KILLS = pytest.mark.parametrize("kills", [25, pytest.param(300, marks=pytest.mark.soak)])
FEW_KILLS = pytest.mark.parametrize("kills", [3, pytest.param(150, marks=pytest.mark.soak)])
UPDATES = pytest.mark.parametrize("updates", [8, pytest.param(200, marks=pytest.mark.soak)])


def assert_whole(world: World, done: Done, why: str) -> None:
    """Check that all that was acknowledged is there, and nothing is half there."""
    assert done.stderr == b"", why
    assert lost(world, done) == [], why
    assert flaws(world) == [], why


def assert_the_next_call_works(world: World, why: str) -> None:
    result = world.run("canister", "call", "backend", "get_session_count")
    assert (result.exit_code, result.stderr) == (0, ""), why
    argument = '("alice", "Next", "")'
    result = world.run("canister", "call", "backend", "create_physical_art_session", argument)
    assert (result.exit_code, result.stderr) == (0, ""), why


@KILLS
def test_a_killed_program_loses_nothing_that_it_acknowledged(world: World, kills: int) -> None:
    seed, chance = seeded()
    acknowledged = 0
    for round_ in range(kills):
        why = f"DURABILITY_SEED={seed}, round {round_}"
        done = killed(writer(world, str(chance.getrandbits(32))), chance, most=8)

        assert done.exit_code == -signal.SIGKILL, (why, done)
        assert_whole(world, done, why)
        assert_the_next_call_works(world, why)
        acknowledged += len(done.acknowledged)

    assert acknowledged > kills


@FEW_KILLS
def test_a_first_call_that_is_killed_leaves_a_whole_state_or_none(world: World, kills: int) -> None:
    seed, chance = seeded()
    for round_ in range(kills):
        why = f"DURABILITY_SEED={seed}, round {round_}"
        process = writer(world, "1", "0")
        assert process.stdout is not None
        # It is killed between starting up and the end of its only call.
        select.select([process.stdout], [], [], chance.uniform(0.05, 0.6))
        process.send_signal(signal.SIGKILL)
        done = ended(process)

        assert_whole(world, done, why)
        assert_the_next_call_works(world, why)
        assert flaws(world) == [], why
        world.state.unlink()


@UPDATES
def test_eight_programs_at_once_lose_no_update(world: World, updates: int) -> None:
    # They also race to create the file.
    running = [writer(world, "mint", str(updates)) for _ in range(PROCESSES)]

    crowd = [ended(process) for process in running]

    assert [(done.stderr, done.exit_code) for done in crowd] == [(b"", 0)] * PROCESSES
    minted = [int(token) for done in crowd for (token,) in done.of("minted")]
    assert sorted(minted) == list(range(1, PROCESSES * updates + 1))
    for done in crowd:
        assert lost(world, done) == []
    assert flaws(world) == []
    assert not {f"{world.state.name}.new", f"{world.state.name}.lock"} & {
        each.name for each in world.state.parent.iterdir()
    }


@pytest.mark.parametrize("command", [("start", "--clean", "-q"), ("state", "restore", "--yes")])
def test_what_is_written_while_the_state_is_replaced_is_in_one_of_the_files(
    world: World, command: tuple[str, ...]
) -> None:
    world.call("create_physical_art_session", '("alice", "First", "")')
    assert world.run("start", "--clean", "-q").exit_code == 0
    world.call("create_physical_art_session", '("alice", "Second", "")')
    process = writer(world, "mint", "40")
    assert process.stdout is not None
    said = b""

    for _ in range(4):
        said += process.stdout.readline() + process.stdout.readline()
        assert world.run(*command).exit_code == 0
    rest = ended(process)

    assert (rest.stderr, rest.exit_code) == (b"", 0)
    lines = [line.split() for line in said.decode().splitlines()] + rest.acknowledged
    opened = [words[0] for kind, *words in lines if kind == "sessions"]
    there = [each for path in states(world) for each in session_ids(path)]
    assert len(there) == len(set(there)) == 2 + len(opened)
    assert set(opened) < set(there)
    assert sum(kind == "minted" for kind, *_ in lines) == 40
    assert sum(token_count(path) for path in states(world)) == 40
    for path in states(world):
        assert flaws(World(world.home, path)) == []


def states(world: World) -> list[Path]:
    """Return the state file and its backups."""
    return sorted(world.state.parent.glob(f"*{world.state.suffix}"))


def session_ids(path: Path) -> list[str]:
    with Store(str(path), TABLES).read(scans=True) as state:
        return [each["session_id"] for each in state.table("sessions")]


def token_count(path: Path) -> int:
    with Store(str(path), TABLES).read() as state:
        return len(state.table("tokens"))


# --- snapshots ---

SNAPSHOTS = """
import itertools, os, sys
sys.path.insert(0, sys.argv[1])
from durable_writer import run
names = sys.argv[3:]
for number in itertools.count():
    made = run(*[word.format(names[number % len(names)]) for word in sys.argv[2].split()])
    os.write(1, made.strip().rpartition(" ")[2].encode() + b"\\n")
"""


def snapshotter(world: World, line: str, *names: str) -> "subprocess.Popen[bytes]":
    """Start a process that runs a command again and again, each time with the next of the names."""
    return subprocess.Popen(
        [sys.executable, "-c", SNAPSHOTS, str(Path(__file__).parent), line, *names],
        env=world.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )


@FEW_KILLS
def test_a_snapshot_that_is_killed_is_whole_or_none(world: World, kills: int) -> None:
    seed, chance = seeded()
    assert ended(writer(world, "3", "10")).exit_code == 0
    assert world.run("canister", "stop", "backend").exit_code == 0
    before = world.state.read_bytes()
    made: list[str] = []
    for round_ in range(kills):
        why = f"DURABILITY_SEED={seed}, round {round_}"
        done = killed(snapshotter(world, "canister snapshot create backend", "-"), chance, most=3)
        made += [each for (each,) in done.acknowledged]

        assert done.stderr == b"", why
        listed = world.run("canister", "snapshot", "list", "backend").stdout.split()
        assert set(made) <= {word.rstrip(":") for word in listed}, why

    assert world.run("state", "snapshot", "last").exit_code == 0
    folder = Path(f"{world.state}.snapshots")
    assert [each for each in folder.iterdir() if each.suffix] == [], "halves are tidied away"
    assert world.state.read_bytes() == before
    for each in folder.iterdir():
        copy = World(world.home, folder.parent / f"copy{world.state.suffix}")
        copy.state.write_bytes((each / "state").read_bytes())
        assert flaws(copy) == []


@FEW_KILLS
@pytest.mark.parametrize("line", ["canister snapshot load backend {} -q", "state revert {}"])
def test_a_snapshot_that_is_being_put_back_by_a_killed_process_is_there_or_not(
    world: World, kills: int, line: str
) -> None:
    seed, chance = seeded()
    sessions = {}
    for number in (2, 5):
        assert ended(writer(world, str(number), str(number))).exit_code == 0
        assert world.run("canister", "stop", "backend").exit_code == 0
        words = ("canister", "snapshot", "create", "backend")
        made = world.run(*words).stdout.strip().rpartition(" ")[2]
        sessions[made] = session_ids(world.state)
        assert world.run("canister", "start", "backend").exit_code == 0
    world.run("canister", "stop", "backend")
    for round_ in range(kills):
        why = f"DURABILITY_SEED={seed}, round {round_}"
        done = killed(snapshotter(world, line, *sessions), chance, most=3)

        assert done.stderr == b"", why
        assert session_ids(world.state) in sessions.values(), why
        assert flaws(world) == [], why
        result = world.run("canister", "snapshot", "list", "backend")
        assert (result.exit_code, result.stderr) == (0, ""), why

    back = next(iter(sessions))
    assert world.run("canister", "snapshot", "load", "backend", back, "-q").exit_code == 0
    assert session_ids(world.state) == sessions[back]
    assert world.run("canister", "start", "backend").exit_code == 0
    assert_the_next_call_works(world, f"DURABILITY_SEED={seed}")
    assert not Path(f"{world.state}.new").exists()
