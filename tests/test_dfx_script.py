"""Shell scripts written for dfx, run unchanged with our dfx on their PATH."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PATIENCE, World

SCRIPTS = Path(__file__).parent / "scripts"
S3_VARIABLES = """\
# What the deployed project keeps beside its scripts.
S3_BUCKET_NAME=art
S3_REGION=eu-west-1
S3_ACCESS_KEY_ID=AKIAEXAMPLE
S3_SECRET_ACCESS_KEY=secret/with+signs=
S3_ENDPOINT=https://s3.example
"""

# The command lines that the deployed system's documentation gives, in its order.
DOCUMENTED = [
    "dfx start --clean",
    "dfx deploy backend",
    "dfx canister call backend get_user_count",
    """dfx canister call backend register_user '("testuser", "password123")'""",
    "dfx deploy --network ic",
    "dfx build backend",
    "dfx deploy backend",
    "dfx generate",
    "dfx canister status backend",
    "dfx canister logs backend",
    "dfx canister info backend",
    "dfx canister call backend debug_info",
    "dfx canister call backend get_storage_stats",
    "dfx canister update-settings backend --memory-allocation 4GB",
    "dfx build backend",
    "dfx canister stop backend && dfx canister start backend",
    "dfx canister call backend get_health_status",
    "dfx canister logs backend --follow",
    "dfx ping",
]


@pytest.fixture
def scripted(fresh: World, tmp_path: Path) -> World:
    """A fresh world whose dfx is ours."""
    shim = fresh.process("dfx-shim", str(tmp_path / "bin"))
    assert shim.stdout.decode() == f"{tmp_path / 'bin' / 'dfx'}\n"
    fresh.variables["PATH"] = f"{tmp_path / 'bin'}:{fresh.variables['PATH']}"
    return fresh


def played(
    world: World, script: str, *arguments: str, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script to its end."""
    return subprocess.run(
        [SCRIPTS / script, *arguments],
        env=world.variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_an_artists_whole_path_runs(scripted: World) -> None:
    done = played(scripted, "artist.sh")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "configured\ntoken 1 belongs to the collector\n"


def test_a_set_up_by_eval_compares_what_was_printed(scripted: World, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(S3_VARIABLES)
    scripted.shell("dfx identity whoami")  # the first run of dfx has more to say than `(true)`

    done = played(scripted, "setup-s3.sh", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "🔧 bkyz2-fmaaa-aaaaa-qaaaq-cai",
        "✅ configured",
        "✅ status",
        "✅ upload address",
    ]


def test_a_set_up_without_its_variables_ends_by_itself(scripted: World, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("S3_REGION=eu-west-1\n")

    done = played(scripted, "setup-s3.sh", folder=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "❌ S3_BUCKET_NAME is not set\n"


def test_checks_by_canister_id_all_hold(scripted: World) -> None:
    done = played(scripted, "check-by-id.sh")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("\n20 passed, 0 failed\n")


def test_fifty_users_are_registered_in_a_loop(scripted: World) -> None:
    done = played(scripted, "load-users.sh")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "50 users\nStatus: Running\nMemory allocation: 0 Bytes\n50\n"


def test_every_documented_line_works_in_the_order_of_the_document(
    scripted: World, tmp_path: Path
) -> None:
    scripted.variables["DFX_WARNING"] = "-mainnet_plaintext_identity"
    shown = {}
    for line in DOCUMENTED:
        if line.endswith("--follow"):
            with following(scripted, line) as lines:
                assert "register_user" in next(lines)
            continue
        done = scripted.shell(f"cd {tmp_path} && {line}")
        # All but the deployment to the main network, which is refused.
        assert done.exit_code == (255 if line.endswith("ic") else 0), (line, done)
        shown[line] = done

    assert shown[DOCUMENTED[2]].stdout == "(0 : nat64)\n"
    assert "success = true" in shown[DOCUMENTED[3]].stdout
    assert "Status: Running\n" in shown["dfx canister status backend"].stdout
    assert re.search(
        r"^\[0\. .*register_user", shown["dfx canister logs backend"].stdout, re.MULTILINE
    )
    assert (tmp_path / "src" / "declarations" / "backend" / "backend.did.d.ts").is_file()
    assert "root_key" in shown["dfx ping"].stdout
    refused = shown["dfx deploy --network ic"]
    assert refused.stdout == ""
    assert refused.stderr.startswith("Error: The network 'ic' cannot be called: ")
    after = scripted.shell("dfx canister status backend")
    assert "Memory allocation: 4_000_000_000 Bytes\n" in after.stdout


@contextmanager
def following(world: World, line: str) -> Iterator[Iterator[str]]:
    """Run a line that goes on until it is interrupted; yield what it prints, then interrupt it."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {line}"],
        env=world.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield iter(process.stdout.readline, "")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told) == (0, "")


def test_following_shows_what_another_process_does_until_it_is_interrupted(
    scripted: World,
) -> None:
    register = 'dfx canister call backend register_user \'("{}", "password123")\''
    scripted.shell(register.format("first"))

    with following(scripted, "dfx canister logs backend --follow --interval 1") as lines:
        assert next(lines).startswith("[0. ")
        scripted.shell(register.format("second"))
        assert next(lines).startswith("[1. ")


def test_invoked_as_dfx_it_says_so(scripted: World) -> None:
    said = scripted.shell("dfx --version")

    assert (said.exit_code, said.stdout, said.stderr) == (0, "dfx 0.32.0\n", "")


def test_a_shim_is_made_anew_over_an_old_one_and_never_over_a_file(
    fresh: World, tmp_path: Path
) -> None:
    assert fresh.process("dfx-shim", str(tmp_path / "bin")).returncode == 0
    assert fresh.process("dfx-shim", str(tmp_path / "bin")).returncode == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dfx").write_text("the real one")

    refused = fresh.process("dfx-shim", str(tmp_path / "other"))

    assert refused.returncode == 1
    assert b"cannot be made" in refused.stderr
    assert (tmp_path / "other" / "dfx").read_text() == "the real one"


def test_a_shim_is_never_made_over_a_link_to_another_dfx(fresh: World, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "dfx"
    link.symlink_to("/bin/true")

    refused = fresh.process("dfx-shim", str(tmp_path / "bin"))

    assert refused.returncode == 1
    assert refused.stdout == b""
    assert str(link.readlink()) == "/bin/true"


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.iterdir()))
def test_a_script_knows_no_other_program_than_dfx(script: str) -> None:
    assert "originstamp" not in (SCRIPTS / script).read_text(encoding="utf-8")
    assert os.access(SCRIPTS / script, os.X_OK)
