"""Passwords of identities, typed on a real terminal."""

import os
import pty
import select
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import PATIENCE, PROGRAM, World
from terminal import Ended, run_on_terminal
from test_identity_commands import KEYS, folder, identity, names
from test_identity_keys import SECP256K1_PRINCIPAL
from test_identity_storage import NO_KEYRING, PASSWORD, SEALED, VARIABLE, sealed_by_dfx

NEW = "Please enter a passphrase for your identity: "
AGAIN = "Please enter it again: "
EXISTING = "Please enter the passphrase for your identity: "
INTERRUPT = "\x03"
END = "\x04"
IMPORT = ("import", "alice", str(KEYS / "sec1.pem"))


@pytest.fixture
def machine(fresh: World) -> World:
    identity(fresh, "whoami")
    return fresh


def typed(world: World, *words: str, answers: list[tuple[str, str]]) -> Ended:
    return run_on_terminal([PROGRAM, *words], world.variables, answers)


def everything(world: World) -> dict[str, bytes]:
    """Return all files of the machine, but for the one that processes wait at."""
    return {
        str(path): path.read_bytes()
        for path in world.home.rglob("*")
        if path.is_file() and path.name != ".originstamp.lock"
    }


def test_a_new_password_is_typed_twice_unseen(machine: World) -> None:
    answers = [(NEW, f"{PASSWORD}\n"), (AGAIN, f"{PASSWORD}\n")]

    ended = typed(machine, "identity", *IMPORT, *SEALED, answers=answers)

    assert ended == (
        0,
        f'{NEW}\n{AGAIN}\nImported identity: "alice".\nEncryption complete.\n',
        "",
    )
    machine.variables[VARIABLE] = PASSWORD
    assert identity(machine, "export", "alice").stdout == (KEYS / "sec1.pem").read_text()


def test_without_a_keyring_somebody_at_a_terminal_is_asked(machine: World) -> None:
    answers = [(NEW, f"{PASSWORD}\n"), (AGAIN, f"{PASSWORD}\n")]

    ended = typed(machine, "identity", "new", "alice", answers=answers)

    assert ended.exit_code == 0
    assert ended.shown.startswith(f"{NO_KEYRING}{NEW}\n{AGAIN}\nYour seed phrase for identity")
    assert PASSWORD not in ended.shown
    assert (folder(machine, "alice") / "identity.pem.encrypted").exists()


def test_a_short_password_is_asked_for_again(machine: World) -> None:
    answers = [(NEW, "12345678\n"), (NEW, "123456789\n"), (AGAIN, "123456789\n")]

    ended = typed(machine, "identity", *IMPORT, *SEALED, answers=answers)

    assert ended.exit_code == 0
    assert f"{NEW}\nPassword must be longer than 8 characters.\n{NEW}\n" in ended.shown


def test_two_passwords_that_differ_make_nothing(machine: World) -> None:
    before = everything(machine)
    answers = [(NEW, f"{PASSWORD}\n"), (AGAIN, "another horse\n")]

    ended = typed(machine, "identity", *IMPORT, *SEALED, answers=answers)

    assert ended.exit_code == 255
    assert ended.shown.endswith("Error: The two entries differ.\nTo fix: Type the same twice.\n")
    assert everything(machine) == before


def test_the_password_of_an_identity_not_seen_before_is_asked_for_once(machine: World) -> None:
    sealed_by_dfx(machine, "alice")
    call = ("canister", "call", "backend", "get_user_count", "--identity", "alice")

    first = typed(machine, *call, answers=[(EXISTING, f"{PASSWORD}\n")])

    assert first == (0, f"{EXISTING}\nDecryption complete.\n(0 : nat64)\n", "")
    assert typed(machine, *call, answers=[]) == (0, "(0 : nat64)\n", "")
    assert machine.principal("alice") == SECP256K1_PRINCIPAL


def test_results_alone_are_on_standard_output(machine: World) -> None:
    sealed_by_dfx(machine, "alice")

    ended = run_on_terminal(
        [PROGRAM, "identity", "export", "alice"],
        machine.variables,
        [(EXISTING, f"{PASSWORD}\n")],
        stdout=subprocess.PIPE,
    )

    assert ended == (
        0,
        f"{EXISTING}\nDecryption complete.\n",
        (KEYS / "sec1.pem").read_text(),
    )


def test_a_wrong_password_is_not_asked_for_again(machine: World) -> None:
    sealed_by_dfx(machine, "alice")

    ended = typed(machine, "identity", "export", "alice", answers=[(EXISTING, "another horse\n")])

    path = folder(machine, "alice") / "identity.pem.encrypted"
    assert ended.exit_code == 255
    assert f"{EXISTING}\nError: Failed to decrypt PEM file at {path}\n" in ended.shown


def test_a_password_in_any_letters_opens_what_it_sealed(machine: World) -> None:
    password = "pässwörter für 漢字"
    sealed_by_dfx(machine, "alice", password=password)

    ended = typed(machine, "identity", "export", "alice", answers=[(EXISTING, f"{password}\n")])

    assert ended.exit_code == 0


@pytest.mark.parametrize("answers", [[(NEW, END)], [(NEW, f"{PASSWORD}\n"), (AGAIN, END)]])
def test_the_end_of_input_makes_nothing(machine: World, answers: list[tuple[str, str]]) -> None:
    before = everything(machine)

    ended = typed(machine, "identity", *IMPORT, *SEALED, answers=answers)

    assert ended.exit_code == 255
    assert "nothing was typed.\n" in ended.shown
    assert everything(machine) == before


@pytest.mark.parametrize(
    "answers", [[(NEW, INTERRUPT)], [(NEW, f"{PASSWORD}\n"), (AGAIN, INTERRUPT)]]
)
@pytest.mark.parametrize("words", [("new", "alice"), IMPORT, ("new", "default", "--force")])
def test_ctrl_c_makes_nothing(
    machine: World, words: tuple[str, ...], answers: list[tuple[str, str]]
) -> None:
    before = everything(machine)

    ended = typed(machine, "identity", *words, *SEALED, answers=answers)

    assert ended.exit_code == 130
    assert "Traceback" not in ended.shown
    assert everything(machine) == before
    assert names(machine) == ["anonymous", "default"]


@pytest.mark.parametrize(
    "words",
    [
        ("identity", "export", "alice"),
        ("identity", "get-principal", "--identity", "alice"),
        ("canister", "call", "backend", "get_user_count", "--identity", "alice"),
        ("get-user-count", "--identity", "alice"),
    ],
)
def test_ctrl_c_where_a_password_is_asked_for_ends_with_130(
    machine: World, words: tuple[str, ...]
) -> None:
    sealed_by_dfx(machine, "alice")
    before = everything(machine)

    ended = typed(machine, *words, answers=[(EXISTING, INTERRUPT)])

    assert ended == (130, f"{EXISTING}\n", "")
    assert everything(machine) == before


@contextmanager
def asked(world: World, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a program on a terminal; yield it and the terminal when it waits for a password."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *words],
        env=world.variables,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    try:
        shown = b""
        while EXISTING.encode() not in shown:
            assert select.select([terminal], [], [], PATIENCE)[0], shown
            shown += os.read(terminal, 4096)
        yield process, end
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(end)


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_echoes_again_after_a_signal(machine: World, number: signal.Signals) -> None:
    sealed_by_dfx(machine, "alice")

    with asked(machine, "identity", "export", "alice") as (process, terminal):
        assert not echoes(terminal)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 130
        assert echoes(terminal)


def test_others_do_not_wait_for_somebody_who_types(machine: World) -> None:
    sealed_by_dfx(machine, "alice")

    with asked(machine, "identity", "export", "alice"):
        assert identity(machine, "new", "bob", "--storage-mode", "plaintext").exit_code == 0
        assert identity(machine, "remove", "bob").exit_code == 0


def test_a_password_is_never_waited_for_in_a_pipe(machine: World) -> None:
    sealed_by_dfx(machine, "alice")

    done = machine.process("identity", "export", "alice", typed=f"{PASSWORD}\n")

    assert (done.returncode, done.stdout) == (255, b"")
    assert done.stderr.startswith(b"Error: The identity's password is needed, and nobody is there")
