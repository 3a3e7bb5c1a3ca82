"""The key of the secrets in a system keyring: made there, found again, and done without."""

import configparser
import select
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PATIENCE, Result, World
from surroundings import NO_KEYRING

PLAINTEXT = "odd_keyrings.InAFile"
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
SIZE = ("--content-type", "image/png", "--size", "9")
CONFIG = ("configure-s3", "--bucket", "art", "--region", "eu-west-1", "--access-key", "AKIAEXAMPLE")


class Machine:
    """A user's machine with a session open, and a keyring that can be changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.home / ".config" / "originstamp"
        self.key_file = self.folder / "secret.key"
        self.keyring_file = world.home / "python_keyring" / "keyring_pass.cfg"
        # Keyrings in files look here and nowhere else.
        world.variables |= {
            "XDG_DATA_HOME": str(world.home),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        self.use(PLAINTEXT)
        world.run("identity", "whoami")
        self.session = world.run("create-session", "alice", "Harbour").stdout.strip()

    def use(self, backend: str) -> None:
        """Have processes use another keyring from now on."""
        self.world.variables["PYTHON_KEYRING_BACKEND"] = backend

    def originstamp(self, *words: str, typed: str = "") -> Result:
        """Run the program as a process; it must give neither the secret nor a key away."""
        said = self.world.run_apart(*words, typed=typed)
        output = said.stdout + said.stderr
        assert not [one for one in (SECRET, *self.spellings_of_keys()) if one in output]
        return said

    def configure(self, secret: str = SECRET) -> Result:
        """Set the S3 settings, which seals the secret."""
        return self.originstamp(*CONFIG, "--secret-stdin", typed=secret)

    def sign(self) -> Result:
        """Get an address signed, which opens the secret."""
        return self.originstamp("upload-url", self.session, "a.png", *SIZE)

    def key_in_keyring(self) -> bytes | None:
        """Return the key in the keyring, None if it has none."""
        text = self.text_in_keyring()
        return None if text is None else b64decode(b64decode(text))

    def text_in_keyring(self) -> str | None:
        """Return the only entry in the keyring's file, None if there is no such file."""
        stored = configparser.RawConfigParser()
        if not stored.read(self.keyring_file):
            return None
        ((_, text),) = stored.items("originstamp")
        return text

    def spellings_of_keys(self) -> list[str]:
        """Return the keys that are there, as they could be printed."""
        keys = [path.read_bytes() for path in (self.key_file,) if path.is_file()]
        try:
            in_keyring = self.key_in_keyring()
        except (ValueError, configparser.Error):
            in_keyring = None  # a test put something else there
        keys += [in_keyring] if in_keyring else []
        return [spelling for key in keys for spelling in (b64encode(key).decode(), key.hex())]


@pytest.fixture
def machine(fresh: World) -> Machine:
    return Machine(fresh)


def signed(said: Result) -> bool:
    return (said.exit_code, said.stderr) == (0, "") and "X-Amz-Signature=" in said.stdout


def missing(machine: Machine) -> Result:
    return Result(
        3,
        "",
        f"Error: The key '{machine.key_file}' of the stored secrets is missing. "
        "The system keyring does not have it either.\n"
        "To fix: Put it back, make the keyring that has it available here, or set the secret "
        "again: the old one cannot be recovered without its key.\n",
    )


def unusable(failure: str) -> Result:
    return Result(
        3,
        "",
        "Error: The system keyring, which may have the key of the stored secrets, cannot be used: "
        f"{failure}.\n"
        "To fix: Unlock it, name another one in PYTHON_KEYRING_BACKEND, or set the secret again: "
        "the old one cannot be recovered without its key.\n",
    )


def test_where_there_is_a_keyring_the_key_is_in_it_and_in_no_file(machine: Machine) -> None:
    assert machine.configure() == Result(0, "", "")

    assert list(machine.folder.iterdir()) == []
    assert len(machine.key_in_keyring() or b"") == 32
    assert signed(machine.sign())


def test_the_next_secret_is_sealed_with_the_same_key(machine: Machine) -> None:
    machine.configure()
    key = machine.key_in_keyring()

    machine.configure("another secret")

    assert machine.key_in_keyring() == key
    assert signed(machine.sign())


def test_two_configurations_have_two_keys(machine: Machine) -> None:
    machine.configure()
    machine.world.variables["XDG_CONFIG_HOME"] = str(machine.world.home / "other")

    assert machine.sign().exit_code == 3
    assert machine.configure().exit_code == 0

    stored = configparser.RawConfigParser()
    stored.read(machine.keyring_file)
    assert len({text for _, text in stored.items("originstamp")}) == 2


@pytest.mark.parametrize("backend", ["fail", "null"])
def test_a_keyring_that_is_gone_is_told_and_nothing_changes(machine: Machine, backend: str) -> None:
    machine.configure()
    state = machine.world.state.read_bytes()
    machine.use(f"keyring.backends.{backend}.Keyring")

    assert machine.sign() == missing(machine)

    assert machine.world.state.read_bytes() == state
    assert list(machine.folder.iterdir()) == []
    machine.use(PLAINTEXT)
    assert signed(machine.sign())


def test_a_keyring_without_the_key_is_told_and_gets_none(machine: Machine) -> None:
    machine.configure()
    machine.keyring_file.unlink()

    assert machine.sign() == missing(machine)

    assert not machine.keyring_file.exists()


def test_a_secret_sealed_before_there_was_a_keyring_opens(machine: Machine) -> None:
    machine.use(NO_KEYRING["PYTHON_KEYRING_BACKEND"])
    machine.configure()
    assert machine.key_file.is_file()

    machine.use(PLAINTEXT)

    assert signed(machine.sign())
    assert not machine.keyring_file.exists()


def test_a_secret_sealed_with_the_keyring_opens_though_there_is_a_file(machine: Machine) -> None:
    machine.use(NO_KEYRING["PYTHON_KEYRING_BACKEND"])
    machine.configure()
    machine.use(PLAINTEXT)

    machine.configure("another secret")

    assert signed(machine.sign())
    assert machine.key_in_keyring() != machine.key_file.read_bytes()
    machine.use("odd_keyrings.Locked")
    assert machine.sign() == unusable("KeyringLocked")


def test_a_file_whose_key_opens_makes_the_keyring_needless(machine: Machine) -> None:
    machine.use(NO_KEYRING["PYTHON_KEYRING_BACKEND"])
    machine.configure()

    machine.use("odd_keyrings.Locked")

    assert signed(machine.sign())


def test_the_places_whose_keys_do_not_open_it_are_named(machine: Machine) -> None:
    machine.configure()
    machine.keyring_file.unlink()
    kept = machine.world.state.read_bytes()
    machine.configure()
    machine.world.state.write_bytes(kept)

    in_keyring = machine.sign()
    machine.key_file.touch(mode=0o600)
    machine.key_file.write_bytes(bytes(32))
    in_both = machine.sign()

    said = "Error: A stored secret does not open with the key in "
    assert in_keyring.stderr.startswith(f"{said}the system keyring.\nTo fix: Put back the key")
    assert in_both.stderr.startswith(f"{said}'{machine.key_file}' or in the system keyring.\n")
    assert (in_keyring.exit_code, in_both.exit_code) == (3, 3)


@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.fail.Keyring",
        "keyring.backends.null.Keyring",
        "keyring.backends.SecretService.Keyring",  # there is no D-Bus
        "keyring.backends.nowhere.Keyring",
        "keyrings.alt.file.PlaintextKeyring",  # a file in clear, no safer than our own
        "odd_keyrings.Locked",
        "odd_keyrings.Chatty",
        "odd_keyrings.Forgetful",
        "odd_keyrings.Mangling",
        "odd_keyrings.Strange",
    ],
)
def test_where_the_keyring_takes_no_key_a_file_does(machine: Machine, backend: str) -> None:
    machine.use(backend)

    assert machine.configure() == Result(0, "", "")

    assert list(machine.folder.iterdir()) == [machine.key_file]
    assert machine.key_file.stat().st_mode & 0o777 == 0o600
    assert signed(machine.sign())


@pytest.mark.parametrize(
    ("backend", "failure"),
    [
        ("odd_keyrings.Locked", "KeyringLocked"),
        ("odd_keyrings.Strange", "ZeroDivisionError"),
        ("keyring.backends.nowhere.Keyring", "ModuleNotFoundError"),
        ("keyring.backends.SecretService.Keyring", "RuntimeError"),
    ],
)
def test_a_keyring_that_fails_is_told_with_what_to_do(
    machine: Machine, backend: str, failure: str
) -> None:
    machine.configure()
    state = machine.world.state.read_bytes()
    machine.use(backend)

    assert machine.sign() == unusable(failure)

    assert machine.world.state.read_bytes() == state


def test_a_secret_set_again_while_the_keyring_is_locked_opens(machine: Machine) -> None:
    machine.configure()
    machine.use("odd_keyrings.Locked")

    assert machine.configure("another secret") == Result(0, "", "")

    assert signed(machine.sign())
    machine.use(PLAINTEXT)
    assert signed(machine.sign())


def test_an_entry_that_is_no_key_is_told_and_left_alone(machine: Machine) -> None:
    machine.configure()
    stored = configparser.RawConfigParser()
    stored.read(machine.keyring_file)
    ((user, _),) = stored.items("originstamp")
    stored.set("originstamp", user, b64encode(b"hunter2").decode())
    with machine.keyring_file.open("w") as file:
        stored.write(file)
    before = machine.keyring_file.read_bytes()

    told = machine.sign()

    assert told == Result(
        3,
        "",
        f"Error: What the system keyring has for 'originstamp' and '{machine.folder}' is not a key "
        "of ours.\nTo fix: Remove it from the keyring and set the secret again: the old one cannot "
        "be recovered without its key.\n",
    )
    assert machine.configure() == Result(0, "", "")
    assert signed(machine.sign())
    assert machine.keyring_file.read_bytes() == before


STARTER = """
import sys
import keyring
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from originstamp_cli.store.vault import Vault
keyring.get_keyring()
print("ready", flush=True)
sys.stdin.readline()
print(Vault(sys.argv[1]).seal(sys.argv[2], context="c"))
"""

OPENER = """
import sys
from originstamp_cli.store.vault import Vault
for sealed in sys.argv[2:]:
    print(Vault(sys.argv[1]).open(sealed, context="c"))
"""


@contextmanager
def crowd(
    size: int, folder: str, variables: dict[str, str]
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that wait for a word before each seals a secret; all end with this."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, folder, f"secret {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=variables,
        )
        for number in range(size)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_eight_processes_at_once_put_one_key_into_the_keyring(machine: Machine) -> None:
    folder, variables = str(machine.folder), machine.world.variables
    with crowd(8, folder, variables) as processes:
        for process in processes:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], PATIENCE)[0]
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        sealed = [process.communicate(timeout=PATIENCE)[0].strip() for process in processes]

    opened = subprocess.run(
        [sys.executable, "-c", OPENER, folder, *sealed],
        capture_output=True,
        text=True,
        check=True,
        env=variables,
        timeout=PATIENCE,
    )

    assert opened.stdout.splitlines() == [f"secret {number}" for number in range(8)]
    assert list(machine.folder.iterdir()) == []
