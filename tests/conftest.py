"""What every test stands on: a world of its own, with a clock that ticks and known randomness."""

import contextlib
import hashlib
import io
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from surroundings import NO_KEYRING

from originstamp_cli.__main__ import dispatch
from originstamp_cli.settings import Environment

# Read when rich and Typer are first loaded, so they are set before any test runs.
os.environ.update(COLUMNS="80", NO_COLOR="1", TERM="dumb")
os.environ.update(NO_KEYRING)
for name in ("GITHUB_ACTIONS", "FORCE_COLOR", "DFX_NETWORK", "DFX_IDENTITY", "ORIGINSTAMP_STATE"):
    os.environ.pop(name, None)

# Whoever runs the suite in the background has it ignore interruptions, and so would every process
# that it starts; what is interrupted here has to end.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["fixture_canister", "object_store"]

START = 1_700_000_000_000_000_000
TICK = 1_000
BACKEND = "bkyz2-fmaaa-aaaaa-qaaaq-cai"
NFT = "bd3sg-teaaa-aaaaa-qaaba-cai"
PATIENCE = 120.0  # seconds for a process that takes less than one


class Result(NamedTuple):
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


class World:
    """A user's machine: a home folder, a state file, and the program run in it."""

    def __init__(self, home: Path, state: Path) -> None:
        self.home = home
        self.state = state
        self.folder: Path | None = None  # where the user stands; None for where the tests run
        self.variables = {
            "HOME": str(home),
            "ORIGINSTAMP_STATE": str(state),
            "PATH": os.environ["PATH"],
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "TERM": "dumb",
            **NO_KEYRING,
        }
        self.ticks = itertools.count(START, TICK)
        self._drawn = itertools.count()

    def clock(self) -> int:
        """Return a time that moves on by a microsecond each time it is asked."""
        return next(self.ticks)

    def random_bytes(self, count: int) -> bytes:
        """Return bytes that look random and are the same in every run."""
        return hashlib.shake_256(b"%d" % next(self._drawn)).digest(count)

    def run(self, *words: str, typed: str = "") -> Result:
        """Run a command line in this process, as a user of a pipe would."""
        return self.seen(lambda environment: dispatch(list(words), environment), typed)

    def seen(self, main: Callable[[Environment], int], typed: str = "") -> Result:
        """Run a part of the program in this process and return what it left behind."""
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            environment = Environment(
                variables=self.variables,
                clock=self.clock,
                random_bytes=self.random_bytes,
                stdin=io.StringIO(typed),
                folder=None if self.folder is None else str(self.folder),
            )
            code = main(environment)
        return Result(code, stdout.getvalue(), stderr.getvalue())

    def call(
        self, method: str, argument: str | None = None, *options: str, canister: str = "backend"
    ) -> str:
        """Return what a call printed, without its final newline; it must succeed silently."""
        words = [method] if argument is None else [method, argument]
        result = self.run("canister", "call", canister, *words, *options)
        assert (result.exit_code, result.stderr) == (0, ""), result
        return result.stdout.removesuffix("\n")

    def ready(self) -> "World":
        """Get the first-run texts over with, and make two more identities.

        They are made once and copied from then on: keys cost more than most tests.
        """
        made = Path(READY.name) / "home"
        if made.exists() and not self.home.exists():
            shutil.copytree(made, self.home)
            self.ticks = itertools.count(COUNTERS["ticks"], TICK)
            self._drawn = itertools.count(COUNTERS["drawn"])
            return self
        is_new = not self.home.exists()
        self.run("identity", "whoami")
        for name in ("bob", "carol"):
            self.run("identity", "new", name, "--storage-mode", "plaintext")
        if is_new:
            shutil.copytree(self.home, made)
            COUNTERS.update(ticks=next(self.ticks), drawn=next(self._drawn))
        return self

    def principal(self, name: str) -> str:
        """Return the principal of an identity."""
        return self.run("identity", "get-principal", "--identity", name).stdout.strip()

    def process(
        self, *words: str | bytes | Path, typed: str | bytes = b"", timeout: float = PATIENCE
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the installed program as a process of its own, by the machine's own clock."""
        data = typed.encode() if isinstance(typed, str) else typed
        return subprocess.run(
            [PROGRAM, *words],
            env=self.variables,
            cwd=self.folder,
            input=data,
            capture_output=True,
            check=False,
            timeout=timeout,
        )

    def run_apart(self, *words: str | Path, typed: str = "") -> Result:
        """Run a command line as `process` does and return text."""
        done = self.process(*words, typed=typed)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def shell(self, script: str, timeout: float = PATIENCE) -> Result:
        """Run a script in bash, in a process of its own."""
        done = subprocess.run(
            ["bash", "-c", script],
            env=self.variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        return Result(done.returncode, done.stdout, done.stderr)


PROGRAM = str(Path(sys.executable).parent / "originstamp")
READY = tempfile.TemporaryDirectory(prefix="originstamp-ready-")
COUNTERS: dict[str, int] = {}  # how far the clock and the randomness of a ready world have come


@pytest.fixture(params=["state.db", "state.json"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A fresh world on either kind of state file, with identities default, bob and carol."""
    return World(tmp_path / "home", tmp_path / "work" / request.param).ready()


@pytest.fixture
def fresh(tmp_path: Path) -> World:
    """A fresh world where nothing was ever run."""
    return World(tmp_path / "home", tmp_path / "work" / "state.db")


@pytest.fixture
def faithful(world: World) -> World:
    """A world whose canister is as deployed."""
    assert world.run("deploy", "backend", "--policy", "faithful").exit_code == 0
    return world


@pytest.fixture
def session_of(world: World) -> Callable[..., str]:
    """Open a session and return its id."""

    def open_session(*options: str, title: str = "Harbour") -> str:
        reply = world.call(
            "create_physical_art_session", f'("alice", "{title}", "Oil on linen")', *options
        )
        return reply.split('"')[1]

    return open_session


@pytest.fixture
def anyones_folder() -> Iterator[Path]:
    """A folder that an unprivileged user can reach, which pytest's own are not."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    # So that it can be removed, also by a user who is not root.
    path.chmod(0o700)
    for below in path.iterdir():
        below.chmod(0o700)
    shutil.rmtree(path)
