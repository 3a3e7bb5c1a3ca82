"""Keys under a password and in a keyring: dfx's own formats, read and written, and every refusal.

What dfx would have written is made here anew, from the description of its formats: the password
goes through the PHC string that Argon2 is known by, so that its salt is proven to be the text as
it is.
"""

import configparser
import json
import os
import stat
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret
from conftest import PATIENCE, PROGRAM, Result, World
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from test_identity_commands import KEYS, failed, folder, identity, made, names, selected
from test_identity_keys import SECP256K1_PRINCIPAL

from originstamp_cli.identity import sealing
from originstamp_cli.identity.keyrings import FileKeyring

PEM = (KEYS / "sec1.pem").read_bytes()
PASSWORD = "correct horse"
SEALED = ("--storage-mode", "password-protected")
IN_KEYRING = ("--storage-mode", "keyring")
VARIABLE = "ORIGINSTAMP_IDENTITY_PASSWORD"
STAND_IN = "DFX_CI_MOCK_KEYRING_LOCATION"
ENTRY = "internet_computer_identity_"
NO_KEYRING = "There is no keyring here: a password will protect the key.\n"
NOBODY = failed(
    "The identity's password is needed, and nobody is there to type it.",
    fix="Run it on a terminal, set ORIGINSTAMP_IDENTITY_PASSWORD, or act as another identity.",
)


@pytest.fixture
def machine(fresh: World) -> World:
    """A machine whose first run is over, and where a script knows the password."""
    identity(fresh, "whoami")
    fresh.variables[VARIABLE] = PASSWORD
    return fresh


@pytest.fixture
def ring(machine: World) -> Path:
    """The file that stands for the machine's keyring."""
    path = machine.home / "keyring.json"
    machine.variables[STAND_IN] = str(path)
    return path


def key_as_dfx_makes_it(password: str, salt: str) -> bytes:
    """Return the 32 bytes at the end of the PHC string in which the salt is written so."""
    phc = hash_secret(
        password.encode(), b64decode(salt), 3, 64_000, 1, hash_len=32, type=Type.ID, version=0x13
    ).decode()
    *_, salt_part, hash_part = phc.split("$")
    assert phc.startswith("$argon2id$v=19$m=64000,t=3,p=1$")
    assert salt_part == salt
    return b64decode(hash_part + "=")


def stored(world: World, name: str, **settings: object) -> Path:
    """Store settings as dfx writes them, and return the identity's folder."""
    folder(world, name).mkdir(parents=True)
    nothing = {"hsm": None, "encryption": None, "keyring_identity_suffix": None}
    text = json.dumps({**nothing, **settings}, indent=2)
    (folder(world, name) / "identity.json").write_text(text)
    return folder(world, name)


def sealed_by_dfx(world: World, name: str, password: str = PASSWORD) -> None:
    salt, nonce = os.urandom(32).hex(), os.urandom(12)
    place = stored(world, name, encryption={"pw_salt": salt, "file_nonce": list(nonce)})
    sealed = AESGCM(key_as_dfx_makes_it(password, salt)).encrypt(nonce, PEM, None)
    (place / "identity.pem.encrypted").write_bytes(sealed)


def forget(world: World) -> None:
    """Lose what is known of keys that were seen before."""
    (world.home / ".local" / "share" / "originstamp" / "principals.json").unlink(missing_ok=True)


def entries(ring: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(ring.read_text())["kv_store"]
    return found


# Under a password


def test_an_identity_that_dfx_sealed_is_read(machine: World) -> None:
    sealed_by_dfx(machine, "alice")

    principal = identity(machine, "get-principal", "--identity", "alice")

    assert principal == (0, f"{SECP256K1_PRINCIPAL}\n", "Decryption complete.\n")
    exported = identity(machine, "export", "alice")
    assert exported == (0, PEM.decode(), "Decryption complete.\n")


def test_what_is_sealed_here_is_what_dfx_reads(machine: World) -> None:
    result = identity(machine, "import", "alice", str(KEYS / "sec1.pem"), *SEALED)

    assert result == (0, "Encryption complete.\n", 'Imported identity: "alice".\n')
    text = (folder(machine, "alice") / "identity.json").read_text()
    settings = json.loads(text)
    salt, nonce = settings["encryption"]["pw_salt"], settings["encryption"]["file_nonce"]
    assert text == json.dumps(settings, indent=2)
    assert settings == {
        "hsm": None,
        "encryption": {"pw_salt": salt, "file_nonce": nonce},
        "keyring_identity_suffix": None,
    }
    assert len(bytes.fromhex(salt)) == 32
    assert len(bytes(nonce)) == 12
    sealed = (folder(machine, "alice") / "identity.pem.encrypted").read_bytes()
    key = key_as_dfx_makes_it(PASSWORD, salt)
    assert AESGCM(key).decrypt(bytes(nonce), sealed, None) == PEM


def test_a_new_identity_under_a_password_leaves_no_plain_key(machine: World) -> None:
    result = identity(machine, "new", "alice", *SEALED)

    assert (result.exit_code, result.stdout) == (0, "Encryption complete.\n")
    assert result.stderr.startswith("Your seed phrase for identity 'alice': ")
    assert result.stderr.endswith('Created identity: "alice".\n')
    place = folder(machine, "alice")
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {
        "identity.json": 0o600,
        "identity.pem.encrypted": 0o400,
    }
    assert not [
        path
        for path in machine.home.rglob("*")
        if path.is_file() and b"BEGIN EC" in path.read_bytes() and "default" not in path.parts
    ]
    assert selected(machine) == "default\n"


def test_two_identities_under_one_password_share_no_salt_and_no_nonce(machine: World) -> None:
    for name in ("alice", "bob"):
        identity(machine, "new", name, *SEALED)

    one, other = (
        json.loads((folder(machine, name) / "identity.json").read_text())["encryption"]
        for name in ("alice", "bob")
    )
    assert one["pw_salt"] != other["pw_salt"]
    assert one["file_nonce"] != other["file_nonce"]


def test_one_seen_before_acts_without_its_password(machine: World) -> None:
    identity(machine, "new", "alice", *SEALED)
    principal = machine.principal("alice")
    del machine.variables[VARIABLE]

    assert principal in machine.call("debug_info", None, "--identity", "alice")
    assert identity(machine, "export", "alice") == NOBODY


@pytest.mark.parametrize("command", ["export", "get-principal"])
def test_a_wrong_password_opens_nothing(machine: World, command: str) -> None:
    sealed_by_dfx(machine, "alice")
    machine.variables[VARIABLE] = "another horse"
    words = ("alice",) if command == "export" else ("--identity", "alice")

    refused = identity(machine, command, *words)

    path = folder(machine, "alice") / "identity.pem.encrypted"
    assert refused == failed(
        f"Failed to decrypt PEM file at {path}",
        fix="Try again with the password that it was made with.",
    )


def test_a_call_with_a_wrong_password_changes_nothing(machine: World) -> None:
    sealed_by_dfx(machine, "alice")
    machine.variables[VARIABLE] = "another horse"
    call = ("canister", "call", "backend", "register_user", '("alice", "s3cret")')

    refused = machine.run(*call, "--identity", "alice")

    path = folder(machine, "alice") / "identity.pem.encrypted"
    assert refused == failed(
        "Failed to create AgentEnvironment.",
        "Failed to create AgentEnvironment for network 'local'.",
        f"Failed to decrypt PEM file at {path}",
    )
    assert machine.call("get_user_count") == "(0 : nat64)"


def test_a_file_that_was_changed_is_not_opened(machine: World) -> None:
    sealed_by_dfx(machine, "alice")
    path = folder(machine, "alice") / "identity.pem.encrypted"
    sealed = path.read_bytes()

    for changed in (b"", sealed[:-1], bytes([sealed[0] ^ 1]) + sealed[1:]):
        path.write_bytes(changed)
        assert identity(machine, "export", "alice").stderr.startswith(
            f"Error: Failed to decrypt PEM file at {path}\n"
        )


@pytest.mark.parametrize("password", ["", "x", "12345678"])
def test_a_short_password_is_refused(machine: World, password: str) -> None:
    machine.variables[VARIABLE] = password

    assert identity(machine, "new", "alice", *SEALED) == failed(
        "Password must be longer than 8 characters.",
        fix="Set ORIGINSTAMP_IDENTITY_PASSWORD to a longer one.",
    )
    assert names(machine) == ["anonymous", "default"]


def test_a_short_password_of_before_opens_what_it_sealed(machine: World) -> None:
    sealed_by_dfx(machine, "alice", password="x")
    machine.variables[VARIABLE] = "x"

    assert machine.principal("alice") == SECP256K1_PRINCIPAL


def test_a_password_that_is_no_text_is_refused(machine: World) -> None:
    machine.variables[VARIABLE] = "not \udcff text"

    assert identity(machine, "new", "alice", *SEALED) == failed(
        "ORIGINSTAMP_IDENTITY_PASSWORD is not valid UTF-8 text.", fix="Set another."
    )


@pytest.mark.parametrize("word", ["new", "import"])
def test_without_keyring_terminal_and_password_it_is_said_what_to_choose(
    machine: World, word: str
) -> None:
    del machine.variables[VARIABLE]
    file = (str(KEYS / "sec1.pem"),) if word == "import" else ()
    refused = failed(
        "The identity's password is needed, and nobody is there to type it.",
        fix="Run it on a terminal, choose `--storage-mode plaintext`, "
        "or set ORIGINSTAMP_IDENTITY_PASSWORD.",
    )

    assert identity(machine, word, "alice", *file, *SEALED) == refused
    for mode in ((), IN_KEYRING):
        result = identity(machine, word, "alice", *file, *mode)
        assert result == refused._replace(stderr=NO_KEYRING + refused.stderr)
    assert names(machine) == ["anonymous", "default"]


@pytest.mark.parametrize("mode", [(), IN_KEYRING])
def test_without_a_keyring_a_password_protects_the_key(
    machine: World, mode: tuple[str, ...]
) -> None:
    result = identity(machine, "new", "alice", *mode)

    assert (result.exit_code, result.stdout) == (0, "Encryption complete.\n")
    assert result.stderr.startswith(NO_KEYRING)
    assert (folder(machine, "alice") / "identity.pem.encrypted").exists()


@pytest.mark.parametrize(
    "encryption",
    [
        "salt",
        {},
        {"pw_salt": "00" * 32},
        {"pw_salt": 7, "file_nonce": [0] * 12},
        {"pw_salt": "", "file_nonce": [0] * 12},
        {"pw_salt": "not base64!", "file_nonce": [0] * 12},
        {"pw_salt": "a" * 13, "file_nonce": [0] * 12},
        {"pw_salt": "00" * 32, "file_nonce": [0] * 11},
        {"pw_salt": "00" * 32, "file_nonce": [256] * 12},
        {"pw_salt": "00" * 32, "file_nonce": ["0"] * 12},
    ],
)
def test_damaged_settings_are_named_before_a_password_is_asked_for(
    machine: World, encryption: object
) -> None:
    del machine.variables[VARIABLE]
    place = stored(machine, "alice", encryption=encryption)
    (place / "identity.pem.encrypted").write_bytes(bytes(64))

    assert identity(machine, "export", "alice") == failed(
        f"The file '{place}/identity.json' is damaged.",
        fix="Mend it, or put back a copy of it from before.",
    )


def test_what_is_under_the_password_must_be_a_key(machine: World) -> None:
    salt, nonce = os.urandom(32).hex(), os.urandom(12)
    place = stored(machine, "alice", encryption={"pw_salt": salt, "file_nonce": list(nonce)})
    sealed = AESGCM(key_as_dfx_makes_it(PASSWORD, salt)).encrypt(nonce, b"no key", None)
    (place / "identity.pem.encrypted").write_bytes(sealed)

    refused = identity(machine, "get-principal", "--identity", "alice")

    assert refused.exit_code == 255
    assert f"in '{place}/identity.pem.encrypted' cannot be used." in refused.stderr


def test_an_identity_under_a_password_is_renamed_and_removed_without_it(machine: World) -> None:
    identity(machine, "new", "alice", *SEALED)
    exported = identity(machine, "export", "alice").stdout
    del machine.variables[VARIABLE]

    assert identity(machine, "rename", "alice", "bob").exit_code == 0
    machine.variables[VARIABLE] = PASSWORD
    assert identity(machine, "export", "bob").stdout == exported
    del machine.variables[VARIABLE]
    assert identity(machine, "remove", "bob").exit_code == 0
    assert names(machine) == ["anonymous", "default"]


@pytest.mark.parametrize("before", [SEALED, IN_KEYRING, ("--storage-mode", "plaintext")])
@pytest.mark.parametrize("after", [SEALED, IN_KEYRING, ("--storage-mode", "plaintext")])
def test_force_replaces_a_key_in_any_storage_by_one_in_any(
    machine: World, ring: Path, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    identity(machine, "new", "alice", *before)
    identity(machine, "use", "alice")
    old = machine.principal("alice")

    assert identity(machine, "new", "alice", *after, "--force").exit_code == 0

    new = machine.principal("alice")
    assert new != old
    forget(machine)
    assert machine.principal("alice") == new
    assert selected(machine) == "alice\n"
    assert len(list(folder(machine, "alice").iterdir())) == (1 if after == IN_KEYRING else 2)
    if IN_KEYRING in {before, after}:
        assert (f"{ENTRY}alice" in entries(ring)) is (after == IN_KEYRING)


@given(password=st.text(min_size=0, max_size=20), pem=st.binary(max_size=99))
def test_what_is_sealed_opens_with_its_password_only(password: str, pem: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "_MEMORY_KIB", 8)  # what it costs is no part of this law
        sealed, encryption = sealing.seal(pem, password, os.urandom)

        assert sealing.unseal(sealed, password, encryption) == pem
        with pytest.raises(sealing.WrongPassword):
            sealing.unseal(sealed, password + "x", encryption)


# In a keyring


def test_a_key_is_kept_in_the_keyring_where_there_is_one(machine: World, ring: Path) -> None:
    del machine.variables[VARIABLE]

    result = identity(machine, "new", "alice")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith('Created identity: "alice".\n')
    assert os.listdir(folder(machine, "alice")) == ["identity.json"]
    settings = json.loads((folder(machine, "alice") / "identity.json").read_text())
    assert settings == {"hsm": None, "encryption": None, "keyring_identity_suffix": "alice"}
    pem = bytes.fromhex(entries(ring)[f"{ENTRY}alice"]).decode()
    assert identity(machine, "export", "alice") == (0, pem, "")
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    assert selected(machine) == "default\n"


def test_an_identity_that_dfx_put_into_the_keyring_is_read(machine: World, ring: Path) -> None:
    stored(machine, "alice", keyring_identity_suffix="alice")
    ring.write_text(json.dumps({"kv_store": {f"{ENTRY}alice": PEM.hex()}}))

    assert machine.principal("alice") == SECP256K1_PRINCIPAL
    assert identity(machine, "export", "alice").stdout == PEM.decode()


def test_another_key_under_the_same_name_is_another_principal(machine: World, ring: Path) -> None:
    """As when dfx makes the identity anew."""
    identity(machine, "new", "alice")
    first = machine.principal("alice")
    settings = folder(machine, "alice") / "identity.json"
    text = settings.read_text()
    ring.write_text(json.dumps({"kv_store": {f"{ENTRY}alice": PEM.hex()}}))
    settings.unlink()
    settings.write_text(text)

    assert machine.principal("alice") == SECP256K1_PRINCIPAL != first


def test_an_import_goes_into_the_keyring_byte_for_byte(machine: World, ring: Path) -> None:
    imported = identity(machine, "import", "alice", str(KEYS / "sec1.pem"))

    assert imported == (0, "", 'Imported identity: "alice".\n')
    assert entries(ring) == {f"{ENTRY}alice": PEM.hex()}


def test_the_entry_follows_an_identity_to_its_new_name(machine: World, ring: Path) -> None:
    identity(machine, "new", "alice")
    identity(machine, "use", "alice")
    principal = machine.principal("alice")
    before = entries(ring)

    renamed = identity(machine, "rename", "alice", "bob")

    assert renamed.stderr == 'Renamed identity "alice" to "bob".\nNow using identity: "bob".\n'
    assert entries(ring) == {f"{ENTRY}bob": before[f"{ENTRY}alice"]}
    assert machine.principal("bob") == principal
    forget(machine)
    assert machine.principal("bob") == principal
    assert names(machine) == ["anonymous", "bob", "default"]


def test_the_entry_goes_with_its_identity(machine: World, ring: Path) -> None:
    for name in ("alice", "bob"):
        identity(machine, "new", name)

    assert identity(machine, "remove", "alice") == (0, "", 'Removed identity "alice".\n')
    assert set(entries(ring)) == {f"{ENTRY}bob"}
    assert not folder(machine, "alice").exists()


def test_processes_at_once_lose_no_entry(machine: World, ring: Path) -> None:
    wanted = [f"worker{number}" for number in range(6)]
    processes = [
        subprocess.Popen(
            [PROGRAM, "identity", "new", name], env=machine.variables, stderr=subprocess.DEVNULL
        )
        for name in wanted
    ]

    assert [process.wait(PATIENCE) for process in processes] == [0] * 6
    assert set(entries(ring)) == {f"{ENTRY}{name}" for name in wanted}
    assert len({machine.principal(name) for name in wanted}) == 6


def test_a_plain_or_sealed_identity_does_not_touch_the_keyring(machine: World, ring: Path) -> None:
    made(machine, "alice")
    identity(machine, "new", "bob", *SEALED)
    identity(machine, "rename", "bob", "carol")
    identity(machine, "remove", "carol")

    assert not ring.exists()


def test_an_empty_name_of_the_file_is_a_keyring_that_refuses(machine: World) -> None:
    machine.variables[STAND_IN] = ""

    assert identity(machine, "new", "alice").stderr.startswith(NO_KEYRING)

    stored(machine, "bob", keyring_identity_suffix="bob")
    assert identity(machine, "export", "bob") == failed(
        "The key is in the system's keyring, and none can be used here.",
        fix="Make the keyring available that has it, or act as another identity.",
    )


def test_an_entry_that_is_not_there_is_named(machine: World, ring: Path) -> None:
    stored(machine, "alice", keyring_identity_suffix="alice")
    wanted = failed(
        f"The keyring has no entry '{ENTRY}alice' of 'internet_computer_identities'.",
        fix="Make the keyring available that has it, or act as another identity.",
    )

    assert identity(machine, "export", "alice") == wanted
    assert identity(machine, "rename", "alice", "bob") == wanted
    assert not ring.exists()
    assert names(machine) == ["alice", "anonymous", "default"]
    assert identity(machine, "remove", "alice").exit_code == 0


def test_an_entry_that_is_no_key_is_named_but_not_shown(machine: World, ring: Path) -> None:
    stored(machine, "alice", keyring_identity_suffix="alice")
    ring.write_text(json.dumps({"kv_store": {f"{ENTRY}alice": "hunter2"}}))

    assert identity(machine, "export", "alice") == failed(
        f"What the keyring has for '{ENTRY}alice' of 'internet_computer_identities' is not a key.",
        fix="Make the identity anew with `--force`.",
    )


def test_settings_that_name_no_entry_are_damaged(machine: World) -> None:
    place = stored(machine, "alice", keyring_identity_suffix=7)

    assert identity(machine, "export", "alice").stderr.startswith(
        f"Error: The file '{place}/identity.json' is damaged.\n"
    )


@pytest.mark.parametrize("content", ["", "[]", '{"kv_store": []}', '{"kv_store": {"a": 1}}'])
def test_a_damaged_file_in_place_of_the_keyring_is_named_and_kept(
    machine: World, ring: Path, content: str
) -> None:
    ring.write_text(content)

    refused = identity(machine, "new", "alice")

    assert refused == failed(
        f"The file '{ring}' is damaged.", fix="Mend it, or put back a copy of it from before."
    )
    assert ring.read_text() == content
    assert names(machine) == ["anonymous", "default"]


# In a keyring as the system has it


def system(machine: World, backend: str) -> World:
    machine.variables |= {
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHON_KEYRING_BACKEND": f"odd_keyrings.{backend}",
        "XDG_DATA_HOME": str(machine.home),  # where keyrings in files look
    }
    return machine


def apart(machine: World, *words: str) -> Result:
    said = machine.run_apart("identity", *words)
    assert PEM.hex() not in said.stderr
    return said


def test_the_systems_keyring_is_used_under_the_names_of_dfx(machine: World) -> None:
    system(machine, "InAFile")

    assert apart(machine, "import", "alice", str(KEYS / "sec1.pem")).exit_code == 0

    kept = configparser.RawConfigParser()
    kept.read(machine.home / "python_keyring" / "keyring_pass.cfg")
    ((entry, text),) = kept.items("internet_5Fcomputer_5Fidentities")
    assert entry == "internet_5fcomputer_5fidentity_5falice"
    assert bytes.fromhex(b64decode(text).decode()) == PEM
    assert apart(machine, "export", "alice") == (0, PEM.decode(), "")
    assert apart(machine, "rename", "alice", "bob").exit_code == 0
    assert apart(machine, "export", "bob") == (0, PEM.decode(), "")
    assert apart(machine, "remove", "bob").exit_code == 0
    kept = configparser.RawConfigParser()
    kept.read(machine.home / "python_keyring" / "keyring_pass.cfg")
    assert not [items for section in kept.sections() for items in kept.items(section)]


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        ("Forgetful", "The keyring did not keep the key."),
        ("Mangling", "The keyring did not keep the key."),
        ("Locked", "The system's keyring cannot be used: KeyringLocked."),
        ("Strange", "The system's keyring cannot be used: ZeroDivisionError."),
        ("Chatty", "The system's keyring cannot be used: PasswordSetError."),
    ],
)
def test_a_keyring_that_misbehaves_is_told_and_nothing_is_made(
    machine: World, backend: str, message: str
) -> None:
    system(machine, backend)

    refused = apart(machine, "import", "alice", str(KEYS / "sec1.pem"))

    assert refused == failed(
        message, fix="Unlock it, or keep the key elsewhere with `--storage-mode`."
    )
    assert names(machine) == ["anonymous", "default"]


def test_an_identity_is_removed_even_if_its_keyring_refuses(machine: World) -> None:
    system(machine, "Locked")
    stored(machine, "alice", keyring_identity_suffix="alice")

    assert apart(machine, "remove", "alice") == (
        0,
        "",
        (
            "WARNING: The old key stays in the keyring. "
            "The system's keyring cannot be used: KeyringLocked.\n"
            'Removed identity "alice".\n'
        ),
    )
    assert names(machine) == ["anonymous", "default"]


def test_a_file_keyring_has_what_was_put_into_it(tmp_path: Path) -> None:
    keyring = FileKeyring(str(tmp_path / "ring.json"))

    assert keyring.get_password("s", "alice") is None
    keyring.set_password("s", "alice", "1")
    keyring.set_password("s", "bob", "2")
    keyring.delete_password("s", "alice")

    assert json.loads((tmp_path / "ring.json").read_text()) == {"kv_store": {"bob": "2"}}
