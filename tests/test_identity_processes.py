"""Identities across processes: many at once, killed ones, and what a call need not load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_identity import Nobody

from originstamp_cli.candid.principal import Principal
from originstamp_cli.identity import Identities
from originstamp_cli.identity.folder import PLAINTEXT

PROGRAM = """
import os, sys
before = set(sys.modules)
from originstamp_cli.identity import Identities
folder, what = sys.argv[1:]

def say(line):
    print(line, file=sys.stderr, flush=True)
    if what == "die after the key" and line.startswith("Your seed phrase"):
        os._exit(9)

def random_bytes(size):
    if what == "die before the key":
        os._exit(9)
    return os.urandom(size)

identities = Identities(
    folder + "/dfx", folder + "/data", say=say, passwords=None, random_bytes=random_bytes
)
if what == "wait":
    print("ready", flush=True)
    sys.stdin.readline()
if what == "rename":
    identities.rename("alice", "bob")
if what == "replace":
    for _ in range(30):
        identities.create("alice", "plaintext", force=True)
if what == "create":
    identities.create("alice", "plaintext")
print(identities.current(), identities.principal())
if what == "loaded":
    print(*sorted(set(sys.modules) - before))
"""
HEAVY = {
    "cryptography",
    "mnemonic",
    "slip10",
    "dataclasses",
    "pathlib",
    "inspect",
    "platformdirs",
    "fcntl",
    "tempfile",
    "originstamp_cli.identity.creation",
    "originstamp_cli.identity.keys",
    "originstamp_cli.identity.writing",
}


def test_eight_processes_at_once_make_one_identity(tmp_path: Path) -> None:
    processes = [start(tmp_path, "wait") for _ in range(8)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()

    results = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0] * 8
    assert len({out for out, _ in results}) == 1
    assert results[0][0].startswith("default ")
    told = [err for _, err in results if err]
    assert len(told) == 1
    assert told[0].splitlines()[-1] == 'Created the "default" identity.'
    assert names(tmp_path / "dfx" / "identity" / "default") == ["identity.pem"]


def test_of_eight_that_create_a_name_at_once_one_does(tmp_path: Path) -> None:
    run(tmp_path, "first run")

    processes = [start(tmp_path, "create") for _ in range(8)]
    results = [process.communicate(timeout=60) for process in processes]

    assert sorted(process.returncode for process in processes) == [0] + [1] * 7
    assert sum('Created identity: "alice".' in err for _, err in results) == 1
    assert sum("Identity already exists." in err for _, err in results) == 7
    assert names(tmp_path / "dfx" / "identity" / "alice") == ["identity.json", "identity.pem"]


def test_of_eight_that_rename_one_at_once_one_does(tmp_path: Path) -> None:
    run(tmp_path, "create")

    processes = [start(tmp_path, "rename") for _ in range(8)]
    results = [process.communicate(timeout=60) for process in processes]

    assert sorted(process.returncode for process in processes) == [0] + [1] * 7
    assert sum('Renamed identity "alice" to "bob".' in err for _, err in results) == 1
    assert names(tmp_path / "dfx" / "identity") == ["bob", "default"]


def test_an_identity_is_never_missing_while_it_is_replaced(tmp_path: Path) -> None:
    run(tmp_path, "create")
    before = identities(tmp_path).principal("alice")
    seen = set()

    process = start(tmp_path, "replace")
    while process.poll() is None:
        seen.add(identities(tmp_path).principal("alice"))
    _, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert identities(tmp_path).principal("alice") != before
    assert len(seen) > 1


def test_one_that_dies_before_its_key_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    assert run(tmp_path, "die before the key").returncode == 9

    result = run(tmp_path, "first run")

    assert result.returncode == 0
    assert "  - generating new key at " in result.stderr


def test_one_that_dies_after_its_key_leaves_the_key(tmp_path: Path) -> None:
    assert run(tmp_path, "die after the key").returncode == 9
    pem = tmp_path / "dfx" / "identity" / "default" / "identity.pem"
    before = pem.read_bytes()

    result = run(tmp_path, "first run")

    assert result.returncode == 0
    assert f"  - using key already in place at {pem}\n" in result.stderr
    assert pem.read_bytes() == before


def test_a_call_by_a_key_seen_before_loads_nothing_heavy(tmp_path: Path) -> None:
    first = run(tmp_path, "first run").stdout

    principal, modules = run(tmp_path, "loaded").stdout.splitlines()

    assert principal + "\n" == first
    assert HEAVY.isdisjoint(modules.split())


def test_the_cache_may_be_lost(tmp_path: Path) -> None:
    before = run(tmp_path, "first run").stdout
    cache(tmp_path).unlink()

    result = run(tmp_path, "loaded")

    assert result.stdout.startswith(before)
    assert "cryptography" in result.stdout.split()
    assert run(tmp_path, "first run").stdout == before
    assert cache(tmp_path).stat().st_mode & 0o777 == 0o600
    assert cache(tmp_path).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\x00", b"7", b"[" * 60_000, bytes(10_000_000)]
)
def test_a_damaged_cache_is_made_anew(content: bytes, tmp_path: Path) -> None:
    before = identities(tmp_path).principal()
    cache(tmp_path).write_bytes(content)

    assert identities(tmp_path).principal() == before
    assert list(json.loads(cache(tmp_path).read_bytes()).values()) == [before.text]


@pytest.mark.parametrize("entry", [7, None, "", "aaaaa-aa", "2vxsx-fae", "not a principal"])
def test_a_cache_with_what_no_key_gives_is_corrected(entry: object, tmp_path: Path) -> None:
    before = identities(tmp_path).principal()
    (digest,) = json.loads(cache(tmp_path).read_bytes())
    cache(tmp_path).write_text(json.dumps({digest: entry}))

    assert identities(tmp_path).principal() == before
    assert json.loads(cache(tmp_path).read_bytes()) == {digest: before.text}


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    before = identities(tmp_path).principal()

    assert identities(tmp_path).principal() == before
    assert (tmp_path / "data").read_text() == "a file where the folder should be"


def test_another_key_in_the_file_is_another_principal(tmp_path: Path) -> None:
    first = identities(tmp_path).principal()
    pem = tmp_path / "dfx" / "identity" / "default" / "identity.pem"
    old = pem.read_bytes()
    pem.unlink()
    pem.write_bytes((Path(__file__).parent / "identity" / "sec1.pem").read_bytes())

    assert identities(tmp_path).principal().text.startswith("qxmge-ngpnx-")

    pem.write_bytes(old)
    assert identities(tmp_path).principal() == first


def test_the_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    first = identities(tmp_path).principal()
    other = Principal(bytes(28) + b"\x02").text
    many = json.loads(cache(tmp_path).read_bytes()) | {f"{n:064}": other for n in range(300)}
    cache(tmp_path).write_text(json.dumps(many))

    identities(tmp_path).create("alice", PLAINTEXT)

    kept = json.loads(cache(tmp_path).read_bytes())
    assert len(kept) == 256
    assert identities(tmp_path).principal() == first


def identities(folder: Path) -> Identities:
    return Identities(
        str(folder / "dfx"), str(folder / "data"), say=lambda _: None, passwords=Nobody()
    )


def cache(folder: Path) -> Path:
    return folder / "data" / "principals.json"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def start(folder: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), what],
        capture_output=True,
        text=True,
        check=False,
    )
