"""A process that is killed at any step leaves every name usable, and nothing in anybody's way.

One process does each change many times over, in a child that ends at the first step that changes
the disk, then at the second, and so on until it is through.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from originstamp_cli.candid.principal import Principal
from originstamp_cli.errors import IdentityError
from originstamp_cli.identity import Identities, sealing
from originstamp_cli.identity.folder import KEYRING, PASSWORD, PLAINTEXT
from originstamp_cli.identity.keys import principal_of

MODES = [PLAINTEXT, PASSWORD, KEYRING]
CHANGES = """
import os, shutil, sys
from originstamp_cli.identity import Identities, keys, sealing
base, change, mode = sys.argv[1:]
sealing._MEMORY_KIB = 8
STEPS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}

class Passwords:
    def new(self):
        return "correct horse"
    existing = new

def child(folder, last):
    left = last

    def hook(event, arguments):
        nonlocal left
        if event in STEPS:
            if not left:
                os._exit(9)
            left -= 1

    identities = Identities(
        folder + "/dfx", folder + "/data", say=lambda line: None, passwords=Passwords(),
        keyring_file=folder + "/keyring.json",
    )
    sys.addaudithook(hook)
    if change == "new":
        identities.create("alice", mode)
    if change == "force":
        identities.create("alice", mode, force=True)
    if change == "rename":
        identities.rename("alice", "bob")
    if change == "remove":
        identities.remove("alice")
    if change == "first run":
        identities.current()
    os._exit(0)

step, code = 0, 9
while code == 9:
    folder = f"{base}/{step}"
    shutil.copytree(f"{base}/before", folder)
    number = os.fork()
    if not number:
        child(folder, step)
    code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    step += 1
print(code, step)
"""


class Passwords:
    def new(self) -> str:
        return "correct horse"

    existing = new


class Before(Identities):
    """The identities in a folder, in which a process may have been killed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            str(folder / "dfx"),
            str(folder / "data"),
            say=lambda _: None,
            passwords=Passwords(),
            keyring_file=str(folder / "keyring.json"),
        )
        self.folder = folder

    def left_over(self) -> list[str]:
        return [name for name in os.listdir(self.folder / "dfx" / "identity") if "~" in name]

    def entries(self) -> set[str]:
        ring = self.folder / "keyring.json"
        if not ring.exists():
            return set()
        found = json.loads(ring.read_text())["kv_store"]
        return {name.removeprefix("internet_computer_identity_") for name in found}

    def principal_by_key(self, name: str) -> Principal:
        """Return the principal of a key; what is remembered of it must be the same."""
        principal = principal_of(self.pem(name))
        assert self.principal(name) == principal
        return principal


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_MEMORY_KIB", 8)


def killed_at_every_step(base: Path, change: str, mode: str) -> list[Before]:
    done = subprocess.run(
        [sys.executable, "-c", CHANGES, str(base), change, mode],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stderr == ""
    code, steps = map(int, done.stdout.split())
    assert code == 0
    assert steps > 3
    return [Before(base / str(step)) for step in range(steps)]


def prepared(base: Path, mode: str, *, selected: str) -> Before:
    identities = Before(base / "before")
    identities.create("alice", mode)
    identities.use(selected)
    return identities


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("old", MODES)
def test_a_killed_replacement_leaves_the_old_key_or_the_new(
    tmp_path: Path, mode: str, old: str
) -> None:
    before = prepared(tmp_path, old, selected="alice").principal()
    seen = set()

    for identities in killed_at_every_step(tmp_path, "force", mode):
        assert identities.current() == "alice"
        seen.add(identities.principal_by_key("alice") == before)

        identities.create("alice", mode, force=True)
        assert identities.principal_by_key("alice") != before
        assert identities.left_over() == []
        # An entry outlives what points to it, never the other way round.
        wanted = {"alice"} if mode == KEYRING else set()
        assert identities.entries() in ({"alice"}, wanted)
    assert identities.entries() == wanted
    assert seen == {True, False}


@pytest.mark.parametrize("mode", MODES)
def test_a_killed_creation_leaves_a_whole_identity_or_none(tmp_path: Path, mode: str) -> None:
    Before(tmp_path / "before").current()
    seen = set()

    for identities in killed_at_every_step(tmp_path, "new", mode):
        seen.add("alice" in identities.names())
        if "alice" in identities.names():
            identities.principal_by_key("alice")
        else:
            identities.create("alice", mode)
        assert identities.left_over() in ([], ["___temp___~"])
        identities.remove("alice")
        assert identities.left_over() == []
    assert seen == {True, False}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("selected", ["alice", "default"])
def test_a_killed_renaming_leaves_the_key_under_a_name_that_works(
    tmp_path: Path, mode: str, selected: str
) -> None:
    before = prepared(tmp_path, mode, selected=selected)
    alice, acting = before.principal("alice"), before.principal()
    seen = set()

    for identities in killed_at_every_step(tmp_path, "rename", mode):
        assert identities.principal() == acting
        there = {"alice", "bob"} & set(identities.names())
        seen.add(frozenset(there))
        assert {identities.principal_by_key(name) for name in there} == {alice}
        assert identities.principal_by_key(identities.current()) == acting
    assert {frozenset({"alice"}), frozenset({"bob"})} <= seen


@pytest.mark.parametrize("mode", MODES)
def test_a_killed_removal_leaves_a_whole_identity_or_none(tmp_path: Path, mode: str) -> None:
    alice = prepared(tmp_path, mode, selected="default").principal("alice")
    seen = set()

    for identities in killed_at_every_step(tmp_path, "remove", mode):
        identities.principal_by_key("default")
        seen.add("alice" in identities.names())
        if "alice" in identities.names():
            assert identities.principal_by_key("alice") == alice
            identities.remove("alice")
        identities.create("alice", mode)
        assert identities.principal_by_key("alice") != alice
        assert identities.left_over() == []
    assert seen == {True, False}


def test_a_killed_first_run_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()

    for identities in killed_at_every_step(tmp_path, "first run", PLAINTEXT):
        assert identities.current() == "default"
        identities.principal_by_key("default")
        assert identities.left_over() == []


def test_a_folder_of_dfxs_that_is_not_finished_is_left_alone(tmp_path: Path) -> None:
    identities = prepared(tmp_path, PLAINTEXT, selected="default")
    place = tmp_path / "before" / "dfx" / "identity"
    os.rename(place / "alice", place / "___temp___alice")

    assert identities.names() == ["anonymous", "default"]
    with pytest.raises(IdentityError):
        identities.principal("alice")
    identities.create("bob", PLAINTEXT)

    assert (place / "___temp___alice" / "identity.pem").exists()


def test_one_that_stepped_aside_is_back_for_whoever_asks_first(tmp_path: Path) -> None:
    identities = prepared(tmp_path, PLAINTEXT, selected="alice")
    alice = identities.principal()
    place = tmp_path / "before" / "dfx" / "identity"
    os.rename(place / "alice", place / "___temp___~alice")

    assert identities.principal() == alice
    assert sorted(os.listdir(place)) == ["alice", "default"]
