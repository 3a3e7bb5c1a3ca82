"""What the tests of durability share: a writer that is the program itself, and a whole check.

The writer makes calls as a script would and prints what was acknowledged, a line each, at once.
Everything goes through the command line and `Store`, so that it holds whatever is inside them.
"""

import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from conftest import PATIENCE, World

from originstamp_cli.canister.ledger import blocks, hashing, replay
from originstamp_cli.canister.records import TABLES, TOKENS
from originstamp_cli.store import State, Store, TableSpec, where

WORK = str(Path(__file__).parent / "durable_writer.py")
KINDS = ("sessions", "photos", "minted", "given", "users")


class Done(NamedTuple):
    """What a writer had acknowledged, and what it said on standard error."""

    acknowledged: list[list[str]]
    stderr: bytes
    exit_code: int

    def of(self, kind: str) -> list[list[str]]:
        """Return what was acknowledged of one kind of call."""
        return [words for name, *words in self.acknowledged if name == kind]


def writer(world: World, *words: str, **streams: Any) -> "subprocess.Popen[bytes]":
    """Start a writer in a process of its own; `words` are its seed, and how many calls to make."""
    return subprocess.Popen(
        [sys.executable, WORK, world.principal("default"), *words],
        env=world.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # or `communicate` would not see what `readline` has read ahead
        **streams,
    )


def killed(process: "subprocess.Popen[bytes]", chance: random.Random, most: int) -> Done:
    """Kill a writer some time after a random number of acknowledgements, up to `most`."""
    assert process.stdout is not None
    said = b"".join(process.stdout.readline() for _ in range(chance.randint(0, most)))
    # Waits for the next one, but not long enough to be sure of it.
    select.select([process.stdout], [], [], chance.uniform(0, 0.02))
    process.send_signal(signal.SIGKILL)
    return _ended(process, said)


def ended(process: "subprocess.Popen[bytes]") -> Done:
    """Wait for a writer to end by itself."""
    return _ended(process, b"")


def _ended(process: "subprocess.Popen[bytes]", said: bytes) -> Done:
    rest, stderr = process.communicate(timeout=10 * PATIENCE)
    whole = (said + rest).decode().split("\n")[:-1]  # half a line was not acknowledged
    return Done([line.split() for line in whole], stderr, process.returncode)


def lost(world: World, done: Done) -> list[list[str]]:
    """Return what was acknowledged and is not there."""
    found = []
    with store_of(world).read() as state:
        for kind, *words in done.acknowledged:
            if not _is_there(state, kind, words):
                found.append([kind, *words])
    return found


def _is_there(state: State, kind: str, words: list[str]) -> bool:
    if kind == "users":
        return bool(state.table("users").contains(where("username") == words[0]))
    if kind == "sessions":
        return bool(state.table("sessions").contains(where("session_id") == words[0]))
    if kind == "photos":
        session = state.table("sessions").get(where("session_id") == words[0])
        return words[1] in session["uploaded_photos"]
    if kind == "minted":
        return bool(state.table("tokens").contains(where("id") == int(words[0])))
    block: Any = blocks.block_at(state, int(words[0]))
    return block is not None and block["tx"]["tid"] == int(words[1])


def store_of(world: World) -> Store:
    """Return the store of a world's state."""
    return Store(str(world.state), TABLES)


def flaws(world: World) -> list[str]:
    """Return what is half there or does not agree: nothing, where all is well."""
    with store_of(world).read(scans=True) as state:
        found = [flaw for table in TABLES for flaw in _flaws_of_table(state, table)]
        return [*found, *_flaws_of_sessions(state), *_flaws_of_ledger(state)]


def _flaws_of_table(state: State, spec: TableSpec) -> list[str]:
    """Compare the indexes and the kept counts of a table with its documents."""
    table = state.table(spec, scans=True)
    documents = table.all()
    kept = {name: (records, size) for name, records, size in state.statistics()}
    found = []
    if not len(documents) == len(table) == kept[spec.name][0]:
        found.append(f"{spec.name}: {len(documents)} documents, counted as {len(table)}")
    for index in spec.indexes:
        field = index.fields[0]
        wanted = Counter(each[field] for each in documents if each.get(field) is not None)
        for value, count in wanted.items():
            ids = [each.doc_id for each in table.search(where(field) == value)]
            there = [each.doc_id for each in documents if each.get(field) == value]
            if ids != there or table.count(where(field) == value) != count:
                found.append(f"{spec.name}.{field} of {value!r}: {ids}, not {there}")
    return found


def _flaws_of_sessions(state: State) -> list[str]:
    photos = sum(len(each["uploaded_photos"]) for each in state.table("sessions").all())
    record = state.table("canister").get(doc_id=1)
    counted = 0 if record is None else record["photos"]
    return [] if photos == counted else [f"{photos} photos, counted as {counted}"]


def _flaws_of_ledger(state: State) -> list[str]:
    """Walk the log: every hash and link, and that it leads to the owners that there are."""
    kept = state.table("blocks").all()
    found, before = [], None
    owners: dict[int, object] = {}
    for each in kept:
        block = hashing.from_stored(each["block"])
        if block.get("phash") != before or hashing.hash_value(block).hex() != each["hash"]:
            found.append(f"block {each.doc_id - 1} does not follow the one before it")
        before = hashing.hash_value(block)
        owners[block["tx"]["tid"]] = block["tx"]["to"][0]
    ledger = blocks.read_ledger(state)
    if ledger["blocks"] != len(kept) or ledger["tip"] != (before.hex() if before else None):
        found.append(f"{len(kept)} blocks, and the ledger's record tells of {ledger}")
    tail = blocks.check_tail(state)
    tokens = state.table(TOKENS).all()
    if {each["id"]: each["principal"] for each in tokens} != {
        token: _text(owner) for token, owner in owners.items()
    }:
        found.append("the owners are not those that the log leads to")
    return found + [flaw for flaw in (tail, replay.verify(state)) if flaw]


def _text(raw: object) -> str:
    from originstamp_cli.candid.principal import Principal

    assert isinstance(raw, bytes)
    return Principal(raw).text


def seeded(seed: int | None = None) -> tuple[int, random.Random]:
    """Return a seed, which a failure has to show, and what is drawn by it."""
    chosen = int(os.environ.get("DURABILITY_SEED", random.SystemRandom().getrandbits(32)))
    chosen = chosen if seed is None else seed
    return chosen, random.Random(chosen)  # noqa: S311 - moments to kill at
