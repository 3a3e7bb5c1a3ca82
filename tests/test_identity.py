"""The identities of one user: first run, names, making and choosing."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from originstamp_cli.candid.principal import ANONYMOUS
from originstamp_cli.identity import Identities
from originstamp_cli.identity.folder import PLAINTEXT
from originstamp_cli.identity.keys import new_phrase, pem_of_phrase, principal_of

FILES = Path(__file__).parent / "identity"
ED25519_PRINCIPAL = "zzrbq-aaklf-p5yla-5cwcu-lcgth-htsfx-abqiw-ycobt-w5xrx-o7re5-sqe"
FIRST_RUN = """\
Creating the "default" identity.
WARNING: The "default" identity is not stored securely. \
Do not use it to control a lot of cycles/ICP.
To create a more secure identity, create and use an identity that is protected by a password \
using the following commands:
    dfx identity new <my-secure-identity-name> # creates a password protected identity
    dfx identity use <my-secure-identity-name> # uses this identity by default

{key}
Created the "default" identity.
"""
NEW_KEY = """\
  - generating new key at {pem}
Your seed phrase: {phrase}
This can be used to reconstruct your key in case of emergency, so write it down in a safe place."""
SETTINGS = '{\n  "hsm": null,\n  "encryption": null,\n  "keyring_identity_suffix": null\n}'

Said = list[str]
Make = Callable[..., Identities]


class Nobody:
    """Whom a test that needs no password has asked for one."""

    def new(self) -> str:
        raise AssertionError("A password was asked for.")

    existing = new


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "home" / ".config" / "dfx"


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
def make(root: Path, tmp_path: Path, said: Said) -> Make:
    def identities(selected: str | None = None, seed: int | None = None) -> Identities:
        entropy = os.urandom if seed is None else lambda size: bytes([seed]) * size
        return Identities(
            str(root),
            str(tmp_path / "data"),
            say=said.append,
            passwords=Nobody(),
            random_bytes=entropy,
            selected=selected,
        )

    return identities


def test_the_first_run_makes_default_and_says_so(make: Make, root: Path, said: Said) -> None:
    name = make(seed=7).current()

    key = NEW_KEY.format(
        pem=root / "identity" / "default" / "identity.pem", phrase=new_phrase(bytes([7]) * 32)
    )
    assert name == "default"
    assert "\n".join([*said, ""]) == FIRST_RUN.format(key=key)


def test_the_first_run_leaves_exactly_dfxs_files(make: Make, root: Path) -> None:
    make(seed=7).current()

    assert files(root) == {
        ".originstamp.lock": (0o600, b""),
        "identity": (0o700, None),
        "identity.json": (0o600, b'{\n  "default": "default"\n}'),
        "identity/default": (0o700, None),
        "identity/default/identity.pem": (0o400, pem_of_phrase(new_phrase(bytes([7]) * 32))),
    }
    assert [mode(folder) for folder in (root, root.parent, root.parent.parent)] == [0o700] * 3


def test_the_second_run_says_nothing(make: Make, said: Said) -> None:
    first = make().principal()
    said.clear()

    assert make().principal() == first
    assert make().current() == "default"
    assert said == []


def test_a_default_key_already_in_place_is_kept(make: Make, root: Path, said: Said) -> None:
    pem = place(root, "default", "ed25519-v2.pem")

    principal = make().principal()

    assert principal.text == ED25519_PRINCIPAL
    assert "\n".join([*said, ""]) == FIRST_RUN.format(
        key=f"  - using key already in place at {pem}"
    )
    assert (root / "identity.json").read_text() == '{\n  "default": "default"\n}'


@pytest.mark.parametrize("act", ["names", "use", "create", "override", "named"])
def test_whatever_comes_first_makes_default(act: str, make: Make, said: Said) -> None:
    acts: dict[str, Callable[[], object]] = {
        "names": lambda: make().names(),
        "use": lambda: make().use("default"),
        "create": lambda: make().create("alice", PLAINTEXT),
        "override": lambda: make("default").current(),
        "named": lambda: make().principal("default"),
    }

    acts[act]()

    assert said[0] == 'Creating the "default" identity.'


def test_anonymous_acts_without_touching_the_disk(make: Make, root: Path, said: Said) -> None:
    identities = make("anonymous")

    assert identities.current() == "anonymous"
    assert identities.principal() == ANONYMOUS
    assert make().principal("anonymous").text == "2vxsx-fae"
    assert not root.parent.parent.exists()
    assert said == []


def test_anonymous_can_be_selected(make: Make) -> None:
    make().use("anonymous")

    assert make().current() == "anonymous"
    assert make().principal() == ANONYMOUS


def test_names_are_sorted_with_anonymous_among_them(make: Make, root: Path) -> None:
    for name in ("zoe", "alice", "Bob"):
        make().create(name, PLAINTEXT)
    (root / "identity" / "empty").mkdir()
    (root / "identity" / "___temp___x").mkdir()
    (root / "identity" / "___temp___x" / "identity.pem").touch()
    (root / "identity" / "a file").touch()

    assert make().names() == ["Bob", "alice", "anonymous", "default", "zoe"]


def test_a_new_identity_is_made_in_plaintext(make: Make, root: Path, said: Said) -> None:
    make().current()
    said.clear()

    make(seed=9).create("alice", PLAINTEXT)

    phrase = new_phrase(bytes([9]) * 32)
    assert said == [
        f"Your seed phrase for identity 'alice': {phrase}",
        (
            "This can be used to reconstruct your key in case of emergency, "
            "so write it down in a safe place."
        ),
        'Created identity: "alice".',
    ]
    assert files(root / "identity" / "alice") == {
        "identity.json": (0o600, SETTINGS.encode()),
        "identity.pem": (0o400, pem_of_phrase(phrase)),
    }
    assert make().principal("alice") == principal_of(pem_of_phrase(phrase))


def test_a_new_identity_is_not_selected(make: Make) -> None:
    make().create("alice", PLAINTEXT)

    assert make().current() == "default"
    assert make().principal("alice") != make().principal()


def test_use_selects(make: Make, said: Said) -> None:
    make().create("alice", PLAINTEXT)
    said.clear()

    make().use("alice")

    assert said == ['Using identity: "alice".']
    assert make().current() == "alice"
    assert make().principal() == make().principal("alice")


def test_an_override_does_not_change_the_selection(make: Make) -> None:
    make().create("alice", PLAINTEXT)

    assert make("alice").current() == "alice"
    assert make("alice").principal() == make().principal("alice")
    assert make().current() == "default"


def test_force_replaces_the_key_and_keeps_the_selection(make: Make) -> None:
    make().create("alice", PLAINTEXT)
    make().use("alice")
    before = make().principal()

    make().create("alice", PLAINTEXT, force=True)

    assert make().current() == "alice"
    assert make().principal() != before


def test_force_replaces_an_identity_in_another_storage(make: Make, root: Path) -> None:
    folder = stored(root, "alice", {"encryption": {"pw_salt": "00", "file_nonce": [0] * 12}})
    (folder / "identity.pem.encrypted").write_bytes(b"sealed")

    make(seed=3).create("alice", PLAINTEXT, force=True)

    assert set(files(folder)) == {"identity.pem", "identity.json"}
    assert make().principal("alice") == principal_of(pem_of_phrase(new_phrase(bytes([3]) * 32)))


@pytest.mark.parametrize("name", ["i_den.ti-ty", "i_den@ti-ty", "A9", "...", "-"])
def test_these_names_are_accepted(name: str, make: Make) -> None:
    make().create(name, PLAINTEXT)

    assert name in make().names()
    assert make(name).current() == name


def place(root: Path, name: str, file: str) -> Path:
    pem = root / "identity" / name / "identity.pem"
    pem.parent.mkdir(parents=True)
    pem.write_bytes((FILES / file).read_bytes())
    return pem


def stored(root: Path, name: str, settings: dict[str, object]) -> Path:
    folder = root / "identity" / name
    folder.mkdir(parents=True)
    nothing = {"hsm": None, "encryption": None, "keyring_identity_suffix": None}
    (folder / "identity.json").write_text(json.dumps({**nothing, **settings}, indent=2))
    return folder


def files(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    return {
        str(path.relative_to(folder)): (mode(path), path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
