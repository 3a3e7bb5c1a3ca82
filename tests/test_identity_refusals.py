"""Every refusal of an identity: what it says, and that nothing was changed."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_identity import FILES, Make, Nobody, Said, files, make, place, root, said, stored

from originstamp_cli.errors import IdentityError, UsageError
from originstamp_cli.identity import Identities
from originstamp_cli.identity import creation as _loaded_before_rights_are_dropped  # noqa: F401
from originstamp_cli.identity.folder import PLAINTEXT

__all__ = ["make", "root", "said"]

NAME_RULE = (
    "Invalid identity name. Please only use the characters "
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_@0123456789"
)
BAD_NAMES = ["", "%", "a b", "$", "\\", "/", "../x", "a/b", ".", "..", "é", "x\n", "___temp___a"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_these_names_are_refused_before_the_disk_is_touched(
    name: str, make: Make, root: Path, said: Said
) -> None:
    with pytest.raises(UsageError) as refusal:
        make().create(name, PLAINTEXT)
    assert refusal.value.message == NAME_RULE
    assert refusal.value.exit_code == 2

    for act in (make(name).current, make(name).principal, lambda: make().principal(name)):
        expect(act, "The specified identity must exist", NAME_RULE)
    expect(lambda: make().use(name), "Identity must exist", NAME_RULE)

    assert not root.parent.parent.exists()
    assert said == []


def test_an_unknown_override_is_refused(make: Make, root: Path) -> None:
    make().create("alice", PLAINTEXT)
    cause = f"Identity bob does not exist at '{root}/identity/bob/identity.json'."

    error = expect(make("bob").current, "The specified identity must exist", cause)
    expect(make("bob").principal, "The specified identity must exist", cause)

    assert error.fix == (
        "Use one of alice, anonymous, default; `identity new bob` would make this one."
    )


def test_using_an_unknown_identity_is_announced_then_refused(
    make: Make, root: Path, said: Said
) -> None:
    make().current()
    said.clear()

    expect(
        lambda: make().use("bob"),
        "Identity must exist",
        f"Identity bob does not exist at '{root}/identity/bob/identity.json'.",
    )

    assert said == ['Using identity: "bob".']
    assert make().current() == "default"


def test_anonymous_cannot_be_created(make: Make) -> None:
    expect(lambda: make().create("anonymous", PLAINTEXT), "Cannot create an anonymous identity.")
    expect(
        lambda: make().create("anonymous", PLAINTEXT, force=True),
        "Cannot create an anonymous identity.",
    )


def test_an_existing_identity_is_not_created_again(make: Make) -> None:
    make().create("alice", PLAINTEXT)
    before = make().principal("alice")

    expect(lambda: make().create("alice", PLAINTEXT), "Identity already exists.")
    expect(lambda: make().create("default", PLAINTEXT), "Identity already exists.")

    assert make().principal("alice") == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"default": 7}',
        b'{"default": "../x"}',
        b"\xff",
        b"[" * 60_000,
    ],
)
def test_a_damaged_selection_is_named(content: bytes, make: Make, root: Path, said: Said) -> None:
    root.mkdir(parents=True)
    (root / "identity.json").write_bytes(content)

    for act in (
        make().current,
        make().principal,
        make().names,
        lambda: make().create("a", PLAINTEXT),
    ):
        expect(act, f"The file '{root}/identity.json' is damaged.")

    assert (root / "identity.json").read_bytes() == content
    assert said == []


def test_a_key_in_a_hardware_module_is_refused(make: Make, root: Path) -> None:
    stored(root, "alice", {"hsm": {"pkcs11_lib_path": "/lib", "key_id": "ab"}})

    error = expect(
        make("alice").principal,
        "The key of the identity 'alice' is in a hardware security module (HSM), "
        "which cannot be used here.",
    )

    assert error.fix is not None
    assert "identity new NAME" in error.fix
    assert make("alice").current() == "alice"
    assert "alice" in make().names()


def test_damaged_settings_of_an_identity_are_named(make: Make, root: Path) -> None:
    (stored(root, "alice", {}) / "identity.json").write_text("nonsense")

    expect(make("alice").principal, f"The file '{root}/identity/alice/identity.json' is damaged.")


def test_a_selected_identity_without_its_key_is_named(make: Make, root: Path) -> None:
    make().current()
    pem = root / "identity" / "default" / "identity.pem"
    pem.unlink()

    expect(
        make().principal,
        f"The key of the identity 'default' is missing: there is no file '{pem}'.",
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is not a PEM file: no block from BEGIN to END is in it."),
        (b"\x00garbage", "It is not a PEM file: no block from BEGIN to END is in it."),
        (
            (FILES / "p256-alone.pem").read_bytes(),
            "It is a key of another kind (secp256r1); secp256k1 and Ed25519 can be used.",
        ),
        (
            (FILES / "ed25519-v1.pem").read_bytes(),
            (
                "Ed25519 v1 keys (those generated by OpenSSL) are not supported. "
                "Try again with a v2 key"
            ),
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_with_its_path(
    content: bytes, why: str, make: Make, root: Path
) -> None:
    pem = place(root, "default", "sec1.pem")
    pem.write_bytes(content)

    expect(make().principal, f"The key of the identity 'default' in '{pem}' cannot be used.", why)


def test_a_key_of_ten_megabytes_is_not_read(make: Make, root: Path) -> None:
    pem = place(root, "default", "sec1.pem")
    pem.write_bytes(pem.read_bytes() + bytes(10_000_000))

    expect(
        make().principal,
        f"The file '{pem}' is too large to be what it should be: over 65,536 bytes.",
    )


def test_a_folder_in_the_place_of_a_key_is_named(make: Make, root: Path) -> None:
    pem = root / "identity" / "default" / "identity.pem"
    pem.mkdir(parents=True)

    expect(make().principal, f"Cannot read '{pem}': Is a directory.")


def test_a_file_in_the_place_of_the_folder_is_named(make: Make, root: Path) -> None:
    root.parent.mkdir(parents=True)
    root.touch()

    expect(make().current, f"Cannot read '{root}/identity.json': Not a directory.")


def test_a_name_too_long_for_the_disk_is_refused(make: Make, root: Path) -> None:
    name = "a" * 300

    expect(
        lambda: make().create(name, PLAINTEXT),
        f"Cannot write '{root}/identity/{name}': File name too long.",
    )


@pytest.mark.parametrize("what", ["file", "full folder", "dangling link"])
def test_what_is_no_identity_is_in_the_way_and_replaced_by_force_only(
    what: str, make: Make, root: Path
) -> None:
    make().current()
    place = root / "identity" / "alice"
    if what == "full folder":
        (place / "notes").mkdir(parents=True)
    elif what == "file":
        place.write_text("mine")
    else:
        place.symlink_to(root / "nowhere")

    expect(
        lambda: make().create("alice", PLAINTEXT),
        f"'{place}' is in the way: something is there, but no identity.",
    )
    assert (place / "notes").exists() is (what == "full folder")

    make().create("alice", PLAINTEXT, force=True)

    assert set(files(place)) == {"identity.pem", "identity.json"}
    assert sorted(os.listdir(place.parent)) == ["alice", "default"]


def test_what_was_left_half_done_is_not_in_the_way(make: Make, root: Path) -> None:
    make().create("alice", PLAINTEXT)
    before = make().pem("alice")
    (root / "identity" / "___temp___~alice").write_text("in the way of a step aside")
    (root / "identity" / "___temp___~").write_text("in the way of what is prepared")

    make().create("alice", PLAINTEXT, force=True)

    assert make().pem("alice") != before
    assert sorted(os.listdir(root / "identity")) == ["alice", "default"]


def test_a_read_only_home_is_named_and_left_as_it_was(said: Said) -> None:
    with home_of_another() as home:
        identities = Identities(
            f"{home}/.config/dfx", f"{home}/data", say=said.append, passwords=Nobody()
        )

        error = expect(identities.current, f"Cannot write '{home}/.config': Permission denied.")

        assert os.listdir(home) == []
    assert error.fix is not None
    assert "--identity anonymous" in error.fix
    assert said == []


def test_a_key_of_another_user_is_named(said: Said) -> None:
    with home_of_another(put="sec1.pem") as home:
        identities = Identities(home, f"{home}/data", say=said.append, passwords=Nobody())

        expect(
            identities.principal,
            f"Cannot read '{home}/identity/default/identity.pem': Permission denied.",
        )


def expect(act: Callable[[], object], message: str, *causes: str) -> IdentityError:
    with pytest.raises(IdentityError) as refusal:
        act()
    assert refusal.value.message == message
    assert refusal.value.causes == causes
    assert refusal.value.exit_code == 2
    return refusal.value


@contextlib.contextmanager
def home_of_another(put: str | None = None) -> Iterator[str]:
    """A folder that the process may look into but not write; root would write it all the same."""
    with tempfile.TemporaryDirectory() as home:
        if put is not None:
            place(Path(home), "default", put).chmod(0o000)
            (Path(home) / "identity.json").write_text('{"default": "default"}')
        Path(home).chmod(0o555)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(65_534)
        try:
            yield home
        finally:
            if was_root:
                os.seteuid(0)
            Path(home).chmod(0o700)
