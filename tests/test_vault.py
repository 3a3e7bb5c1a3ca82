"""Secrets at rest: what is sealed opens again, as it was sealed and where it was, or not at all."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from store_helpers import NOBODY

from originstamp_cli.errors import (
    StateDamaged,
    StateError,
    StateTooNew,
    StateUnwritable,
    UsageError,
)
from originstamp_cli.store.keys import KEY_FILE
from originstamp_cli.store.vault import Vault

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
CONTEXT = "s3:secret_access_key"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "vault")


@pytest.fixture(scope="module")
def one_vault() -> Iterator[Vault]:
    with TemporaryDirectory() as folder:
        yield Vault(folder)


def mode_of(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def names_in(folder: str) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


def key_file(folder: str) -> Path:
    return Path(folder, KEY_FILE)


@contextmanager
def as_nobody() -> Iterator[None]:
    # The superuser may write anywhere, so a test of a missing permission must be someone else.
    user = os.geteuid()
    os.seteuid(NOBODY if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)


@given(plain=TEXTS, context=TEXTS)
def test_what_is_sealed_opens_again(one_vault: Vault, plain: str, context: str) -> None:
    assert one_vault.open(one_vault.seal(plain, context=context), context=context) == plain


@given(plain=TEXTS)
def test_a_sealed_text_is_one_word_of_ascii_and_never_the_same_twice(
    one_vault: Vault, plain: str
) -> None:
    first, second = (one_vault.seal(plain, context=CONTEXT) for _ in range(2))

    assert first.startswith("v1:")
    assert first.isascii()
    assert first.isprintable()
    assert " " not in first
    assert first != second


@given(place=st.integers(0), letter=st.characters(codec="utf-8"))
def test_a_text_changed_anywhere_does_not_open(one_vault: Vault, place: int, letter: str) -> None:
    sealed = one_vault.seal(SECRET, context=CONTEXT)
    place %= len(sealed)
    changed = sealed[:place] + letter + sealed[place + 1 :]
    assume(changed != sealed)

    with pytest.raises(StateError) as refusal:
        one_vault.open(changed, context=CONTEXT)

    assert refusal.value.fix
    assert refusal.value.fix[0].isupper()
    assert SECRET not in f"{refusal.value.message} {refusal.value.fix}"


@pytest.mark.parametrize("length", [1, 2, 4, 40])
def test_a_text_that_was_cut_does_not_open(one_vault: Vault, length: int) -> None:
    sealed = one_vault.seal(SECRET, context=CONTEXT)

    for cut in (sealed[:-length], sealed[:3] + sealed[3 + length :], sealed + "A" * length):
        with pytest.raises(StateError):
            one_vault.open(cut, context=CONTEXT)


@pytest.mark.parametrize("text", ["", "v1", "v1:", "v1:AAAA", "v1:====", "plain", "v:", "vx:AAAA"])
def test_a_text_that_was_never_sealed_does_not_open(one_vault: Vault, text: str) -> None:
    one_vault.seal(SECRET, context=CONTEXT)

    with pytest.raises(StateError):
        one_vault.open(text, context=CONTEXT)


def test_a_text_of_a_newer_version_says_so(one_vault: Vault) -> None:
    with pytest.raises(StateTooNew, match="has the form v2"):
        one_vault.open("v2:AAAA", context=CONTEXT)


@given(context=TEXTS)
def test_a_secret_opens_only_in_its_own_context(one_vault: Vault, context: str) -> None:
    assume(context != CONTEXT)
    sealed = one_vault.seal(SECRET, context=CONTEXT)

    with pytest.raises(StateError, match="does not open"):
        one_vault.open(sealed, context=context)


def test_another_key_does_not_open_it_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = Vault(str(tmp_path / "one")).seal(SECRET, context=CONTEXT)
    other = Vault(str(tmp_path / "two"))
    other.seal("anything", context=CONTEXT)

    with pytest.raises(StateError, match="does not open with the key in") as refusal:
        other.open(sealed, context=CONTEXT)

    assert refusal.value.fix == (
        "Put back the key it was sealed with, or set the secret again: "
        "the old one cannot be recovered without its key."
    )
    # No exception that held a part of the secret is carried along to be printed.
    assert refusal.value.__context__ is None


def test_the_next_process_opens_what_this_one_sealed(folder: str) -> None:
    sealed = Vault(folder).seal(SECRET, context=CONTEXT)

    assert Vault(folder).open(sealed, context=CONTEXT) == SECRET


def test_the_key_and_its_folder_are_for_their_owner_alone(folder: str) -> None:
    Vault(folder).seal(SECRET, context=CONTEXT)

    assert names_in(folder) == [KEY_FILE]
    assert mode_of(folder) == 0o700
    assert mode_of(f"{folder}/{KEY_FILE}") == 0o600
    assert key_file(folder).stat().st_size == 32


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o277])
def test_the_mask_of_the_shell_makes_no_difference(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        Vault(str(tmp_path)).seal(SECRET, context=CONTEXT)
    finally:
        os.umask(before)

    assert mode_of(str(tmp_path / KEY_FILE)) == 0o600


def test_the_key_comes_from_the_given_source_of_randomness(folder: str) -> None:
    given_out: list[int] = []

    def countable(count: int) -> bytes:
        given_out.append(count)
        return bytes([len(given_out)]) * count

    Vault(folder, countable).seal(SECRET, context=CONTEXT)

    assert sorted(given_out) == [12, 32]
    assert key_file(folder).read_bytes() == bytes([given_out.index(32) + 1]) * 32


def test_opening_without_a_key_makes_none(folder: str) -> None:
    sealed = Vault(f"{folder}-other").seal(SECRET, context=CONTEXT)

    with pytest.raises(StateError, match="is missing"):
        Vault(folder).open(sealed, context=CONTEXT)

    assert not Path(folder).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_key_that_others_can_use_is_refused(folder: str, mode: int) -> None:
    vault = Vault(folder)
    sealed = vault.seal(SECRET, context=CONTEXT)
    key_file(folder).chmod(mode)

    attempts: list[Callable[[], str]] = [
        lambda: vault.seal("more", context=CONTEXT),
        lambda: vault.open(sealed, context=CONTEXT),
    ]
    for attempt in attempts:
        with pytest.raises(StateError, match=f"mode {mode:o}") as refusal:
            attempt()

        assert refusal.value.fix == f"Run `chmod 600 {folder}/{KEY_FILE}`."


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 33])
def test_a_file_that_is_no_key_is_refused_and_left_alone(folder: str, content: bytes) -> None:
    Path(folder).mkdir()
    key_file(folder).touch(mode=0o600)
    key_file(folder).write_bytes(content)

    with pytest.raises(StateDamaged, match="is not a key of ours"):
        Vault(folder).seal(SECRET, context=CONTEXT)

    assert key_file(folder).read_bytes() == content


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir])
def test_something_else_in_the_place_of_the_key_is_refused(
    folder: str, put: Callable[[Path], None]
) -> None:
    Path(folder).mkdir()
    put(key_file(folder))

    with pytest.raises(StateDamaged):
        Vault(folder).seal(SECRET, context=CONTEXT)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StateUnwritable, match=r"file/secret\.key.*Not a directory"):
        Vault(str(tmp_path / "file")).seal(SECRET, context=CONTEXT)


def test_a_folder_without_permission_is_named_and_stays_empty(folder: str) -> None:
    Vault(f"{folder}-other").seal(SECRET, context=CONTEXT)  # loads what only the owner may read
    Path(folder).mkdir(mode=0o500)

    with as_nobody(), pytest.raises(StateUnwritable, match="Permission denied") as refusal:
        Vault(folder).seal(SECRET, context=CONTEXT)

    assert refusal.value.fix
    assert names_in(folder) == []


def test_a_key_that_cannot_be_made_says_how_to_put_it_elsewhere(folder: str) -> None:
    Vault(folder).seal(SECRET, context=CONTEXT)  # loads what only the owner may read
    with TemporaryDirectory() as reachable:
        Path(reachable).chmod(0o555)
        with as_nobody(), pytest.raises(StateUnwritable, match="cannot be made") as refusal:
            Vault(reachable).seal(SECRET, context=CONTEXT)

        assert refusal.value.fix is not None
        assert "XDG_CONFIG_HOME" in refusal.value.fix
        assert names_in(reachable) == []


def test_a_secret_that_is_not_text_is_refused_unseen(folder: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Vault(folder).seal("hunter2\udcff", context=CONTEXT)

    assert "hunter2" not in refusal.value.message
    assert refusal.value.__suppress_context__


STARTER = """
import sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from originstamp_cli.store.vault import Vault
print("ready", flush=True)
sys.stdin.readline()
print(Vault(sys.argv[1]).seal(sys.argv[2], context="c"))
"""


def test_eight_processes_at_once_make_one_key(folder: str) -> None:
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, folder, f"secret {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    sealed = [process.communicate()[0].strip() for process in crowd]

    opened = [Vault(folder).open(one, context="c") for one in sealed]

    assert opened == [f"secret {number}" for number in range(8)]
    assert names_in(folder) == [KEY_FILE]


@pytest.mark.parametrize("library", ["cryptography", "keyring"])
def test_importing_the_vault_loads_no_library(library: str) -> None:
    code = f"import sys, originstamp_cli.store.vault; print({library!r} in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "False\n"
