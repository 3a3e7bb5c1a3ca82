"""How many calls a second `originstamp batch` makes: durable mints, and queries.

A whole process each, its start included; the machine's own time, since a mint waits for the disk.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from surroundings import NO_KEYRING

PROGRAM = str(Path(sys.executable).parent / "originstamp")
MINTS = 10_000
QUERIES = 50_000
LEAST_MINTS = 2_000.0  # a second
LEAST_QUERIES = 10_000.0


def mints_per_second(folder: Path, mints: int = MINTS) -> float:
    """Return how many mints a second one batch makes that last."""
    variables = _machine(folder)
    session = _one(variables, 'create_physical_art_session ("alice", "Harbour", "Oil on linen")')
    line = (
        f'mint_nft_from_session ("{session}", record {{ owner = principal "aaaaa-aa" }}, vec {{}})'
    )
    return mints / _taken(variables, [line] * mints)


def queries_per_second(folder: Path, queries: int = QUERIES) -> float:
    """Return how many queries a second one batch makes, of a count and of an owner by turns."""
    variables = _machine(folder)
    mints_per_second(folder, 100)
    lines = ["get_user_count ()", "icrc7_owner_of (vec { 7 })"]
    return queries / _taken(variables, lines * (queries // 2))


def rates() -> Iterator[tuple[str, float, float]]:
    """Yield what was measured, its figure, and the least that it may be."""
    with tempfile.TemporaryDirectory(prefix="originstamp-batch-") as name:
        yield "durable mints a second", mints_per_second(Path(name) / "mints"), LEAST_MINTS
        yield "queries a second", queries_per_second(Path(name) / "queries"), LEAST_QUERIES


def _machine(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    variables = {"HOME": str(folder), **NO_KEYRING}
    subprocess.run([PROGRAM, "identity", "whoami"], env=variables, check=True, capture_output=True)
    return variables


def _one(variables: dict[str, str], line: str) -> str:
    done = _run(variables, [line])
    reply: str = json.loads(done)["reply"]
    return reply


def _run(variables: dict[str, str], lines: list[str]) -> bytes:
    typed = "\n".join(lines).encode()
    command = [PROGRAM, "batch", "-"]
    done = subprocess.run(command, env=variables, input=typed, check=True, capture_output=True)
    return done.stdout


def _taken(variables: dict[str, str], lines: list[str]) -> float:
    """Return the seconds that a batch of lines takes, all of which have to succeed."""
    begun = time.perf_counter()
    answers = _run(variables, lines)
    taken = time.perf_counter() - begun
    if answers.count(b'"status":"ok"') != len(lines):
        raise SystemExit("A call of the batch failed.")
    return taken


if __name__ == "__main__":
    for what, figure, least in rates():
        print(f"{figure:10.0f} {what}, of at least {least:.0f}")
