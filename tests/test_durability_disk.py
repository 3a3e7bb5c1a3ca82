"""A state that cannot be written or read: a clear error, its exit code, and nothing changed."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, Result, World
from durability import flaws

PROBE = str(Path(__file__).parent / "disk_probe.py")
NO_ROOM = r"Error: The state file \S+ cannot be written: the disk is full \(.+\)\.\n"
FIX = r"To fix: Make room on the disk, then try again\. Nothing was changed\.\n"
QUERY = ("canister", "call", "backend", "get_session_count")
UPDATE = ("canister", "call", "backend", "create_physical_art_session", '("a", "b", "c")')
FRIENDLY_QUERY = ("list-sessions",)
FRIENDLY_UPDATE = ("create-session", "a", "b", "c")


def alone(*words: str) -> list[str]:
    """Return the command that runs another with mounts of its own, which end with it."""
    return ["unshare", *(["--mount"] if os.getuid() == 0 else ["-r", "--mount"]), *words]


def may_mount() -> bool:
    """Tell whether file systems can be mounted here."""
    trial = "mount -t tmpfs none /mnt && umount /mnt"
    done = subprocess.run(alone("sh", "-c", trial), capture_output=True, check=False)
    return done.returncode == 0


WAYS = ["limit", "tmpfs"] if may_mount() else ["limit"]


def probed(world: World, how: str, begun: str) -> Iterator[dict[str, Any]]:
    command = [sys.executable, PROBE, how, str(world.state), begun]
    done = subprocess.run(
        alone(*command) if how == "tmpfs" else command,
        env=world.variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return map(json.loads, done.stdout.splitlines())


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("begun", ["begun", "first"])
def test_a_disk_that_fills_up_changes_nothing_at_whatever_step(
    world: World, how: str, begun: str
) -> None:
    refused = fitted = 0
    for tried in probed(world, how, begun):
        dfx, *friendly = (Result(*each) for each in tried["found"])
        assert "Traceback" not in dfx.stderr
        if dfx.exit_code == 0:
            fitted += 1
        else:
            refused += 1
            assert (dfx.exit_code, dfx.stdout) == (255, ""), tried
            assert re.fullmatch(NO_ROOM + FIX, dfx.stderr), tried
        for each in friendly:
            assert each.exit_code in {0, 3}, tried
            assert (each.stdout == "") == (each.exit_code == 3), tried
            assert each.exit_code == 0 or re.fullmatch(NO_ROOM + FIX, each.stderr), tried
        if all(code for code, *_ in tried["found"]):
            assert tried["unchanged"], tried
            assert tried["left"] == [], tried
        assert [(code, err) for code, _, err in tried["next"]] == [(0, "")] * len(tried["next"])

    assert min(refused, fitted) > 2


@pytest.mark.parametrize("way", ["mounted to be read", "of another user"])
def test_a_state_that_can_only_be_read_is_read_and_not_changed(world: World, way: str) -> None:
    world.call("create_physical_art_session", '("alice", "Harbour", "")')
    before = world.state.read_bytes()
    folder = str(world.state.parent)
    if way == "of another user" or not may_mount():
        result = as_somebody_who_may_only_read(world)
    else:
        script = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && "
        result = in_words(world, alone("sh", "-c", script + _SHOWN))

    assert result.stdout == "(1 : nat64)\n0\n255\n3\n"
    assert result.stderr.count("Error: The state file ") == 2
    assert result.stderr.count(" cannot be written: ") == 2
    assert "Traceback" not in result.stderr
    assert world.state.read_bytes() == before
    assert not list(Path(folder).glob("*.lock"))


_SHOWN = """{ O="$ORIGINSTAMP canister call backend"; $O get_session_count; echo $?
$O create_physical_art_session '("a", "b", "c")'; echo $?
$ORIGINSTAMP create-session a b c; echo $?; }"""


def in_words(world: World, command: list[str]) -> Result:
    program = str(Path(sys.executable).parent / "originstamp")
    done = subprocess.run(
        command,
        env={**world.variables, "ORIGINSTAMP": program},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def as_somebody_who_may_only_read(world: World) -> Result:
    """Run the calls without any right to write: root has to give up its capabilities first."""
    world.state.parent.chmod(0o555)
    world.state.chmod(0o444)
    drop = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
    try:
        return in_words(world, [*(drop if os.getuid() == 0 else []), "sh", "-c", _SHOWN])
    finally:
        world.state.parent.chmod(0o755)
        world.state.chmod(0o600)


# --- what is no state ---


def cut(place: Callable[[int], int]) -> Callable[[Path], object]:
    """Return what cuts a file short, at a place that its size decides."""
    return lambda path: os.truncate(path, place(path.stat().st_size))


def noise(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(50_000))  # noqa: S311 - just noise


def other_kind(path: Path) -> None:
    world = World(path.parent.parent / "home", path.with_name(f"other{OTHER[path.suffix]}"))
    world.call("create_physical_art_session", '("alice", "Harbour", "")')
    world.state.rename(path)
    Path(f"{world.state}.log").unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/null")


OTHER = {".db": ".json", ".json": ".db"}
SPOILT: dict[str, Callable[[Path], object]] = {
    "cut to nothing": cut(lambda _: 0),
    "cut to a byte": cut(lambda _: 1),
    "cut in the word it begins with": cut(lambda _: 15),
    "cut behind that word": cut(lambda _: 16),
    "cut in its head": cut(lambda _: 99),
    "cut behind its head": cut(lambda _: 100),
    "cut to half a page": cut(lambda _: 511),
    "cut to a small page": cut(lambda _: 512),
    "cut before a page ends": cut(lambda size: min(4095, size - 2)),
    "cut where a page ends": cut(lambda size: min(4096, size - 2)),
    "cut behind a page": cut(lambda size: min(4097, size - 2)),
    "cut in the middle": cut(lambda size: size // 2),
    "cut before its last page": cut(lambda size: max(1, size - 4096)),
    "cut before its end": cut(lambda size: size - 2),
    "noise": noise,
    "of the other kind": other_kind,
    "a folder": folder,
    "a pipe": pipe,
    "a device": device,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_no_state_is_refused_with_its_code_and_left_alone(
    world: World, spoil: Callable[[Path], object]
) -> None:
    for title in ("One", "Two"):
        world.call("create_physical_art_session", f'("alice", "{title}", "")')
    Path(f"{world.state}.log").unlink()
    spoil(world.state)
    before = seen(world)

    found = {words: world.run(*words) for words in (QUERY, UPDATE, FRIENDLY_QUERY, FRIENDLY_UPDATE)}

    for words, result in found.items():
        assert result.exit_code == (255 if words[0] == "canister" else 3), (words, result)
        assert result.stdout == ""
        assert re.fullmatch(r"Error: .+\.\nTo fix: .+\n", result.stderr), (words, result)
        assert str(world.state.resolve()) in result.stderr
    assert seen(world) == before


def seen(world: World) -> dict[str, bytes | str]:
    """Return what is in the state's folder, each file's bytes."""
    there = world.state.parent.iterdir()
    return {
        each.name: each.read_bytes() if each.is_file() else str(each.lstat().st_mode)
        for each in there
    }


def test_noise_in_a_state_never_gets_out_as_anything_but_an_error(world: World) -> None:
    session = world.call("create_physical_art_session", '("alice", "Harbour", "")').split('"')[1]
    owner = f'record {{ owner = principal "{world.principal("bob")}" }}'
    world.call("mint_nft_from_session", f'("{session}", {owner}, vec {{}})')
    sound = world.state.read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same noise each time

    refused = 0
    for _ in range(40):
        noisy = bytearray(sound)
        for _ in range(chance.choice((1, 1, 8))):
            start = chance.randrange(len(noisy) - 24)
            noisy[start : start + 24] = chance.randbytes(24)
        world.state.write_bytes(noisy)
        for words in (QUERY, UPDATE, ("list-tokens",), ("health",)):
            result = world.run(*words)
            refused += result.exit_code != 0
            assert result.exit_code in {0, 1, 3, 255}, result
            assert "Traceback" not in result.stderr

    assert refused > 10
    world.state.write_bytes(sound)
    assert flaws(world) == []
