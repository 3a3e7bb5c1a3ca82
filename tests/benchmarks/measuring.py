"""How figures are taken and told: CPU time of many runs, in turn.

What something takes is the least of its runs. What it takes beside something else is the median of
what each run took beside the other's of the same turn: a machine that others use too is slow for
seconds and fast for seconds, and the least of one may be from another time than that of the other.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from surroundings import NO_KEYRING

PYTHON = sys.executable
PROGRAM = str(Path(PYTHON).parent / "originstamp")

Work = Callable[[], object]


class Cost(NamedTuple):
    """What one command took: CPU milliseconds and peak memory in KiB."""

    cpu: float
    memory: int


class Bound(NamedTuple):
    """A figure and what it may be: at most, or at least where `least` says so."""

    what: str
    figure: float
    bound: float
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bound."""
        return self.figure >= self.bound if self.least else self.figure <= self.bound


class Table(NamedTuple):
    """Figures side by side, under a heading."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


class Report(NamedTuple):
    """What one part of the benchmarks found."""

    tables: list[Table]
    bounds: list[Bound]


@cache
def _launcher() -> subprocess.Popen[str]:
    command = [PYTHON, str(Path(__file__).with_name("launcher.py"))]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def cost(command: list[str], variables: dict[str, str]) -> Cost:
    """Run a command to its end, its output thrown away, and return what it took."""
    launcher = _launcher()
    if launcher.stdin is None or launcher.stdout is None:
        raise SystemExit("there is nobody to run commands")
    launcher.stdin.write(json.dumps([command, variables]) + "\n")
    launcher.stdin.flush()
    code, cpu, memory = json.loads(launcher.stdout.readline())
    if code:
        raise SystemExit(f"{command} ended with {code}")
    return Cost(cpu, memory)


def beside(ours: list[float], theirs: list[float]) -> float:
    """Return what one thing took beside another, both done as often and in turn."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def costs(
    commands: dict[str, list[str]], variables: dict[str, dict[str, str]], runs: int
) -> dict[str, list[Cost]]:
    """Return what each command took each time, all of them run in turn."""
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(cost(command, variables[name]))
    return taken


def least(taken: list[Cost]) -> Cost:
    """Return the least that a command took."""
    return Cost(min(each.cpu for each in taken), min(each.memory for each in taken))


def times(works: dict[str, Work], runs: int) -> dict[str, list[float]]:
    """Return the CPU seconds that each work took each time, all of them done in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            work()  # so that it finds the memory it left, not what another left or gave back
            started = time.process_time()
            work()
            taken[name].append(time.process_time() - started)
    return taken


def user(home: Path) -> dict[str, str]:
    """Return the variables of a user with a home folder and an identity."""
    variables = {"HOME": str(home), "PATH": os.environ["PATH"]} | NO_KEYRING
    cost([PROGRAM, "identity", "whoami"], variables)
    return variables


def machine() -> str:
    """Return what the figures were taken on."""
    model = "a processor"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(
            (line.split(": ")[1] for line in lines if line.startswith("model name")), model
        )
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
