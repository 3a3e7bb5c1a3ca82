"""What a call does not load: each of these would make every call in a loop slower."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import World

HEAVY = {
    *("typer", "click", "pydantic", "rich", "boto3", "botocore", "argon2", "cryptography"),
    *("dataclasses", "inspect", "importlib.resources", "importlib.metadata", "platformdirs"),
    *("difflib", "originstamp_cli.candid.did", "originstamp_cli.candid.json_text"),
    *(f"originstamp_cli.candid.{name}" for name in ("decode", "encode", "infer", "misfit")),
    *("originstamp_cli.candid.encode", "originstamp_cli.candid.decode"),
    *("mnemonic", "slip10", "asyncio", "socket", "ssl", "subprocess", "argparse", "keyring"),
}

LIST_MODULES = """
import sys
sys.argv = ["originstamp", *sys.argv[1:]]
from originstamp_cli.__main__ import main
code = main()
sys.stderr.write(" ".join(sys.modules))
sys.exit(code)
"""


def loaded(world: World, *words: str) -> set[str]:
    """Return the modules that a command loads, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *words],
        env=world.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "words",
    [
        ("backend", "get_user_count"),
        ("backend", "get_token_details", "(1)"),
        ("backend", "create_physical_art_session", '("alice", "Harbour", "")'),
        ("backend", "upload_photo_to_session", '("nope", "https://a/b")'),
        (
            *("backend", "mint_nft_from_session"),
            '("x", record { owner = principal "aaaaa-aa" }, vec {})',
        ),
        ("nft", "icrc7_tokens"),
        (
            *("nft", "icrc7_transfer"),
            '(vec { record { to = record { owner = principal "aaaaa-aa" }; token_id = 1 } })',
        ),
    ],
    ids=lambda words: words[1],
)
def test_a_call_loads_nothing_heavy(fresh: World, words: tuple[str, ...]) -> None:
    fresh.process("identity", "whoami")
    fresh.process("canister", "call", *words)

    modules = loaded(fresh, "canister", "call", *words)

    assert not HEAVY & modules
    assert "tinydb" in modules, "the probe does see what is loaded"


@pytest.mark.parametrize("mode", ["plaintext", "password-protected", "keyring"])
def test_a_call_by_an_identity_seen_before_loads_nothing_heavy(fresh: World, mode: str) -> None:
    fresh.variables["ORIGINSTAMP_IDENTITY_PASSWORD"] = "correct horse"
    fresh.variables["DFX_CI_MOCK_KEYRING_LOCATION"] = str(fresh.home / "keyring.json")
    fresh.process("identity", "new", "safe", "--storage-mode", mode)
    fresh.process("identity", "use", "safe")
    words = ("canister", "call", "backend", "get_user_count")
    fresh.process(*words)

    modules = loaded(fresh, *words)

    assert not (HEAVY | {"getpass", "shutil"}) & modules


def test_a_count_loads_no_room_that_it_does_not_need(fresh: World) -> None:
    fresh.process("identity", "whoami")
    fresh.process("canister", "call", "backend", "get_user_count")

    modules = loaded(fresh, "canister", "call", "backend", "get_user_count")

    ours = {name for name in modules if name.startswith("originstamp_cli.canister.")}
    assert "originstamp_cli.canister.users" in ours
    assert not ours & {f"originstamp_cli.canister.{room}" for room in ("tokens", "diagnostics")}


def test_an_update_is_logged_without_what_manages_canisters(fresh: World) -> None:
    fresh.process("identity", "whoami")
    argument = '("alice", "Harbour", "")'

    modules = loaded(fresh, "canister", "call", "backend", "create_physical_art_session", argument)

    assert "originstamp_cli.canister.logs" in modules
    assert not modules & {f"originstamp_cli.canister.{room}" for room in ("management", "memory")}


def test_a_query_loads_no_log(fresh: World) -> None:
    fresh.process("identity", "whoami")

    modules = loaded(fresh, "canister", "call", "backend", "get_session_count")

    assert not modules & {"originstamp_cli.canister.logs", "originstamp_cli.store.log_file"}


@pytest.mark.parametrize("command", ["status", "stop", "logs"])
def test_a_command_of_a_group_loads_its_own_file_and_no_other(fresh: World, command: str) -> None:
    fresh.process("identity", "whoami")

    modules = loaded(fresh, "canister", command, "backend")

    files = {name for name in modules if name.startswith("originstamp_cli.cli.canister_")}
    assert len(files) == 1
    assert "originstamp_cli.cli.canister_snapshots" not in files


def test_a_friendly_command_loads_no_rich_and_no_boto3(fresh: World) -> None:
    fresh.process("get-user-count")

    modules = loaded(fresh, "get-user-count")

    assert "typer" in modules
    assert not modules & {"rich", "boto3", "botocore", "argon2", "cryptography"}


def test_the_program_starts_without_the_development_extra(fresh: World, tmp_path: Path) -> None:
    """No module of the package imports what only the tests install."""
    blocked = "import sys\nfor n in ('pytest','hypothesis','swift'): sys.modules[n] = None\n"

    done = subprocess.run(
        [sys.executable, "-c", blocked + LIST_MODULES, "get-user-count"],
        env=fresh.variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "0\n")
