"""What a stopped canister holds is kept, and put back exactly."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BACKEND, PATIENCE, PROGRAM, World
from test_managing import NOT_A_CONTROLLER, field, status

from originstamp_cli.canister.records import CANISTER, TABLES
from originstamp_cli.store import Store

OpenSession = Callable[..., str]

SNAPSHOT = ("canister", "snapshot")
NONE = "No snapshots found in canister backend\n"


def take(world: World, *options: str) -> str:
    """Take a snapshot and return its id; the canister must be stopped."""
    result = world.run(*SNAPSHOT, "create", "backend", *options)
    found = re.fullmatch(
        r"Created a new snapshot of canister backend\. Snapshot ID: ([0-9a-f]{36})\n", result.stdout
    )
    assert found, result
    assert (result.exit_code, result.stderr) == (0, "")
    return found[1]


def stop(world: World) -> None:
    assert world.run("canister", "stop", "backend").exit_code == 0


def start(world: World) -> None:
    assert world.run("canister", "start", "backend").exit_code == 0


def everything(world: World) -> dict[str, object]:
    """Return all that a state holds of the canister's own: documents by id, and the next ids."""
    found: dict[str, object] = {}
    with Store(str(world.state), TABLES).read(scans=True) as state:
        for table in TABLES:
            rows = [(each.doc_id, dict(each)) for each in state.table(table)]
            if table is CANISTER:
                rows = [(number, {"photos": each.get("photos")}) for number, each in rows]
            next_id = state._session.rows(table).next_id  # noqa: SLF001 - it is part of the state
            found[table.name] = (rows, next_id)
    return found


@pytest.fixture
def full(world: World, session_of: OpenSession) -> World:
    """A world with a bit of everything in its state, and the canister stopped."""
    world.call("register_user", '("alice", "pw")')
    session = session_of()
    world.call("upload_photo_to_session", f'("{session}", "https://a/b")')
    owner = f'record {{ owner = principal "{world.principal("bob")}" }}'
    world.call("mint_nft_from_session", f'("{session}", {owner}, vec {{}})')
    world.call("update_collection_metadata", '("Harbours", null, null, opt 9)')
    stop(world)
    return world


def change(world: World, session_of: OpenSession) -> None:
    """Change a bit of everything, and leave the canister stopped."""
    start(world)
    session = session_of(title="Another")
    world.call("upload_photo_to_session", f'("{session}", "https://c/d")')
    owner = f'record {{ owner = principal "{world.principal("carol")}" }}'
    world.call("mint_nft_from_session", f'("{session}", {owner}, vec {{}})')
    world.call("register_user", '("carol", "pw")')
    world.call("update_collection_metadata", '("Bridges", null, null, null)')
    stop(world)


def test_a_snapshot_put_back_restores_everything_exactly(
    full: World, session_of: OpenSession
) -> None:
    before = everything(full)
    made = take(full)
    change(full, session_of)
    assert everything(full) != before

    loaded = full.run(*SNAPSHOT, "load", "backend", made)

    assert loaded == (0, "", f"Loaded snapshot {made} in canister backend\n")
    assert everything(full) == before
    start(full)
    assert full.call("get_user_count") == "(1 : nat64)"
    owner = f'record {{ owner = principal "{full.principal("bob")}" }}'
    session = session_of()
    minted = full.call("mint_nft_from_session", f'("{session}", {owner}, vec {{}})')
    assert minted == "(variant { Ok = 2 : nat64 })"
    assert 'status = "healthy"' in full.call("get_health_status")


def test_who_controls_it_its_settings_and_its_status_are_not_put_back(full: World) -> None:
    made = take(full)
    settings = ("--add-controller", "carol", "--memory-allocation", "1GB", "--policy", "faithful")
    full.run("canister", "update-settings", "backend", *settings)
    before = status(full)

    assert full.run(*SNAPSHOT, "load", "backend", made, "--identity", "carol").exit_code == 0

    assert status(full) == before
    assert field(before, "Status") == "Stopped"
    start(full)
    assert '"faithful"' in full.call("debug_info")


def test_a_snapshot_brings_back_what_uninstalling_erased(full: World) -> None:
    before = everything(full)
    made = take(full)
    full.run("canister", "uninstall-code", "backend")

    full.run(*SNAPSHOT, "load", "backend", made)

    assert everything(full) == before
    start(full)
    assert full.call("get_session_count") == "(1 : nat64)"


def test_a_running_canister_is_neither_kept_nor_put_back(world: World) -> None:
    stop(world)
    made = take(world)
    start(world)
    before = world.state.read_bytes()

    for words, what in ((("create",), "taken of"), (("load", made), "applied to")):
        assert world.run(*SNAPSHOT, words[0], "backend", *words[1:]) == (
            255,
            "",
            (
                f"Error: Canister backend is running and snapshots should not be {what} running "
                "canisters. Run `dfx canister stop` first\n"
            ),
        )
    assert world.state.read_bytes() == before


def test_snapshots_are_listed_oldest_first_with_size_and_time(full: World) -> None:
    assert full.run(*SNAPSHOT, "list", "backend") == (0, "", NONE)

    ids = [take(full), take(full)]

    size = field(status(full), "Memory Size").split()[0].replace("_", "")
    shown = f"{int(size) / 1024:.2f} KiB"
    assert full.run(*SNAPSHOT, "list", BACKEND) == (
        0,
        "".join(f"{each}: {shown}, taken at 2023-11-14 22:13:20 UTC\n" for each in ids),
        "",
    )


def test_a_deleted_snapshot_is_gone_and_its_id_never_comes_again(full: World) -> None:
    made = take(full)

    assert full.run(*SNAPSHOT, "delete", "backend", made) == (
        0,
        "",
        f"Deleted snapshot {made} from canister backend\n",
    )
    assert full.run(*SNAPSHOT, "list", "backend") == (0, "", NONE)
    assert list(Path(f"{full.state}.snapshots").iterdir()) == []
    assert take(full) != made


def test_one_snapshot_replaces_another(full: World) -> None:
    old = take(full)

    new = take(full, "--replace", old)

    listed = full.run(*SNAPSHOT, "list", "backend").stdout
    assert listed.startswith(f"{new}: ")
    assert old not in listed


@pytest.mark.parametrize(
    ("words", "context", "method"),
    [
        (("create", "--replace"), "take snapshot of", "take_canister_snapshot"),
        (("load",), "load snapshot {} in", "load_canister_snapshot"),
        (("delete",), "delete snapshot {} in", "delete_canister_snapshot"),
    ],
)
def test_a_snapshot_that_is_not_there_is_told(
    full: World, words: tuple[str, ...], context: str, method: str
) -> None:
    wanted = "00" * 18
    before = full.state.read_bytes()

    assert full.run(*SNAPSHOT, words[0], "backend", *words[1:], wanted) == (
        255,
        "",
        (
            f"Error: Failed to {context.format(wanted)} canister backend\n"
            f"Caused by: Failed to call update function '{method}' regarding canister "
            f"'{BACKEND}'.\n"
            "Caused by: Update call (without wallet) failed.\n"
            "Caused by: The replica returned a rejection error: reject code DestinationInvalid, "
            f"reject message Could not find the snapshot ID {wanted} for canister {BACKEND}., "
            'error code Some("IC0305")\n'
        ),
    )
    assert full.state.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("123", "Odd number of digits"),
        ("zz", "Invalid character 'z' at position 0"),
        ("../../..", "Invalid character '.' at position 0"),
    ],
)
@pytest.mark.parametrize("command", ["load", "delete"])
def test_an_id_that_is_not_hexadecimal_is_a_usage_error(
    world: World, command: str, text: str, why: str
) -> None:
    assert world.run(*SNAPSHOT, command, "backend", text) == (
        2,
        "",
        (
            f"error: invalid value '{text}' for '<SNAPSHOT>': {why}\n\n"
            "For more information, try '--help'.\n\n"
        ),
    )


@pytest.mark.parametrize("words", [("create",), ("list",), ("load", "00"), ("delete", "00")])
def test_snapshots_are_for_controllers(full: World, words: tuple[str, ...]) -> None:
    result = full.run(*SNAPSHOT, words[0], "backend", *words[1:], "--identity", "bob")

    assert (result.exit_code, result.stdout) == (255, "")
    assert NOT_A_CONTROLLER in result.stderr


def test_a_status_that_cannot_be_had_is_told(world: World) -> None:
    result = world.run(*SNAPSHOT, "create", "ihrie-w4aaa-aaaaa-qabrq-cai")

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.startswith(
        "Error: Could not retrieve status of canister ihrie-w4aaa-aaaaa-qabrq-cai\n"
        "Caused by: Failed to get canister status of ihrie-w4aaa-aaaaa-qabrq-cai.\n"
    )


def test_the_group_alone_explains_itself_and_global_options_stand_anywhere(full: World) -> None:
    alone = full.run("canister", "snapshot")
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert "download" in alone.stderr

    bob = ("--identity", "bob")
    for words in (
        (*bob, *SNAPSHOT, "list", "backend"),
        ("canister", *bob, "snapshot", "list", "backend"),
        (*SNAPSHOT, *bob, "list", "backend"),
        (*SNAPSHOT, "list", "backend", *bob),
    ):
        assert NOT_A_CONTROLLER in full.run(*words).stderr


# --- download and upload ---


def test_a_snapshot_is_downloaded_and_uploaded_to_another_state(
    full: World, tmp_path: Path
) -> None:
    before = everything(full)
    made = take(full)
    folder = tmp_path / "output"

    saved = full.run(*SNAPSHOT, "download", "backend", made, "--dir", str(folder))
    assert saved == (0, "", f"Snapshot {made} in canister backend saved to '{folder}'\n")
    names = {"metadata.json", "wasm_module.bin", "wasm_memory.bin", "stable_memory.bin"}
    assert {each.name for each in folder.iterdir()} == {*names, "wasm_chunk_store"}
    assert json.loads((folder / "metadata.json").read_text())["snapshot_id"] == made

    full.variables["ORIGINSTAMP_STATE"] = str(tmp_path / "other" / full.state.name)
    full.state = tmp_path / "other" / full.state.name
    stop(full)
    uploaded = full.run(*SNAPSHOT, "upload", "backend", "--dir", str(folder), "--concurrency", "9")
    assert (uploaded.exit_code, uploaded.stdout) == (0, "")
    again = re.fullmatch(
        r"Uploaded a snapshot of canister backend\. Snapshot ID: ([0-9a-f]{36})\n", uploaded.stderr
    )
    assert again
    assert full.run(*SNAPSHOT, "load", "backend", again[1]).exit_code == 0
    assert everything(full) == before


def test_an_upload_replaces_a_snapshot(full: World, tmp_path: Path) -> None:
    made = take(full)
    folder = str(tmp_path / "output")
    full.run(*SNAPSHOT, "download", "backend", made, "--dir", folder)

    full.run(*SNAPSHOT, "upload", "backend", "--dir", folder, "--replace", made)

    assert made not in full.run(*SNAPSHOT, "list", "backend").stdout


def test_a_download_does_not_write_over_other_files_unless_it_is_resumed(
    full: World, tmp_path: Path
) -> None:
    made = take(full)
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "mine").write_text("")
    words = (*SNAPSHOT, "download", "backend", made, "--dir", str(tmp_path / "output"))

    refused = full.run(*words)

    assert (refused.exit_code, refused.stdout) == (255, "")
    assert refused.stderr.startswith(f"Error: The folder '{tmp_path / 'output'}' is not empty.\n")
    assert full.run(*words, "-r").exit_code == 0
    assert full.run(*words, "--resume").exit_code == 0


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (shutil.rmtree, "cannot be read: No such file or directory."),
        (lambda folder: (folder / "metadata.json").write_text("[]"), "does not describe a"),
        (lambda folder: (folder / "metadata.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "wasm_memory.bin").write_text("x"), "is not what metadata.json"),
        (lambda folder: (folder / "wasm_memory.bin").unlink(), "is not what metadata.json"),
    ],
)
def test_a_folder_that_holds_no_whole_snapshot_is_not_uploaded(
    full: World, tmp_path: Path, spoil: Callable[[Path], object], why: str
) -> None:
    made = take(full)
    folder = tmp_path / "output"
    full.run(*SNAPSHOT, "download", "backend", made, "--dir", str(folder))
    spoil(folder)

    result = full.run(*SNAPSHOT, "upload", "backend", "--dir", str(folder))

    assert (result.exit_code, result.stdout) == (255, "")
    assert why in result.stderr
    assert len(full.run(*SNAPSHOT, "list", "backend").stdout.splitlines()) == 1


def test_a_snapshot_of_one_kind_of_file_is_not_for_the_other(full: World, tmp_path: Path) -> None:
    made = take(full)
    folder = str(tmp_path / "output")
    full.run(*SNAPSHOT, "download", "backend", made, "--dir", folder)
    other = str(tmp_path / ("state.json" if full.state.suffix == ".db" else "state.db"))
    full.run("canister", "stop", "backend", "--state", other)

    result = full.run(*SNAPSHOT, "upload", "backend", "--dir", folder, "--state", other)

    assert (result.exit_code, result.stdout) == (255, "")
    assert "Name a state file of that kind with --state." in result.stderr


def test_an_upload_is_one_step_with_nothing_to_resume(full: World, tmp_path: Path) -> None:
    result = full.run(*SNAPSHOT, "upload", "backend", "--dir", str(tmp_path), "-r", "00")

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.startswith("Error: There is no upload 00 to resume")


# --- what can go wrong ---


def test_a_damaged_snapshot_leaves_the_state_as_it_was(full: World) -> None:
    made = take(full)
    (Path(f"{full.state}.snapshots") / made / "state").write_text("nothing of ours" * 100)
    before = full.state.read_bytes()

    result = full.run(*SNAPSHOT, "load", "backend", made)

    assert (result.exit_code, result.stdout) == (255, "")
    assert "is damaged" in result.stderr
    assert full.state.read_bytes() == before
    assert not [each for each in full.state.parent.iterdir() if each.suffix in {".new", ".lock"}]
    start(full)
    assert full.call("get_session_count") == "(1 : nat64)"


def test_a_snapshot_that_cannot_be_written_leaves_none(full: World) -> None:
    Path(f"{full.state}.snapshots").write_text("in the way")

    result = full.run(*SNAPSHOT, "create", "backend")

    assert (result.exit_code, result.stdout) == (255, "")
    assert "cannot be written" in result.stderr


def test_what_is_kept_is_for_its_owner_alone(full: World) -> None:
    made = take(full)
    folder = Path(f"{full.state}.snapshots")

    assert folder.stat().st_mode & 0o777 == (folder / made).stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in (folder / made).iterdir()} == {0o600}


def test_those_who_wait_to_write_meanwhile_write_to_what_was_put_back(tmp_path: Path) -> None:
    """A writer that has opened the old file must not change it after it was replaced."""
    path = tmp_path / "state.db"
    store = Store(str(path), TABLES)
    with store.write() as state:
        state.table("users").insert(
            {"username": "alice", "password_hash": "", "created_at": 1, "principals": []}
        )
    with store.read() as state:
        state.copy_to(str(tmp_path / "copy"))
    script = (
        "import sys\n"
        "from originstamp_cli.canister.records import TABLES\n"
        "from originstamp_cli.store import Store\n"
        "print('ready', flush=True)\n"
        "with Store(sys.argv[1], TABLES).write() as state:\n"
        "    state.table('users').insert({'username': 'bob', 'password_hash': '', "
        "'created_at': 2, 'principals': []})\n"
    )
    writers: list[subprocess.Popen[bytes]] = []

    def carry(_old: object, _new: object) -> None:
        writers.append(
            subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
        )
        assert writers[0].stdout
        assert writers[0].stdout.readline() == b"ready\n"

    store.restore(str(tmp_path / "copy"), carry)

    assert writers[0].wait(PATIENCE) == 0
    writers[0].communicate()
    with store.read(scans=True) as state:
        assert [each["username"] for each in state.table("users")] == ["alice", "bob"]


@pytest.mark.parametrize("name", ["state.db", "state.json"])
def test_a_process_killed_while_it_puts_a_snapshot_back_changes_nothing(
    tmp_path: Path, name: str
) -> None:
    path, copy = tmp_path / name, tmp_path / "copy"
    user = {"username": "alice", "password_hash": "", "created_at": 1, "principals": []}
    store = Store(str(path), TABLES)
    with store.write() as state:
        state.table("users").insert(user)
    with store.read() as state:
        state.copy_to(str(copy))
    with store.write() as state:
        state.table("users").insert(user | {"username": "bob"})
    script = (
        "import os, signal, sys\n"
        "from originstamp_cli.canister.records import TABLES\n"
        "from originstamp_cli.store import Store\n"
        "def carry(old, new):\n"
        "    new.table('users').truncate()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Store(sys.argv[1], TABLES).restore(sys.argv[2], carry)\n"
    )

    killed = subprocess.run(
        [sys.executable, "-c", script, str(path), str(copy)], check=False, timeout=PATIENCE
    )

    assert killed.returncode == -9
    with store.read() as state:
        assert len(state.table("users")) == 2
    store.restore(str(copy), lambda _old, new: new.table("users").get(doc_id=1))
    with store.read() as state:
        assert len(state.table("users")) == 1
    with store.write() as state:
        state.table("users").insert(user | {"username": "carol"})
    assert not {f"{name}.new", f"{name}.new-journal", f"{name}.lock"} & {
        each.name for each in tmp_path.iterdir()
    }


def test_a_large_state_is_copied_without_being_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    filler = "x" * 9_000
    script = (
        "import sys\n"
        "from originstamp_cli.canister.records import TABLES\n"
        "from originstamp_cli.store import Store\n"
        "store = Store(sys.argv[1], TABLES)\n"
        "with store.read() as state:\n"
        "    state.copy_to(sys.argv[2])\n"
        "store.restore(sys.argv[2], lambda old, new: None)\n"
        # Its own peak: what getrusage tells has that of the process it was forked from.
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
    )
    with Store(str(path), TABLES).write() as state:
        state.table("users").insert_multiple(
            {"username": f"{number}", "password_hash": filler, "created_at": 1, "principals": []}
            for number in range(15_000)
        )

    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(tmp_path / "copy")],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )

    size_kib = path.stat().st_size // 1024
    assert size_kib > 130_000
    assert int(done.stdout) < size_kib // 2
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT count(*) FROM users").fetchone() == (15_000,)
    copy.close()


def test_the_row_of_the_acceptance_list_as_a_script(world: World) -> None:
    done = world.shell(
        f"""set -e
        dfx() {{ {PROGRAM} "$@"; }}
        create() {{ dfx canister call backend create_physical_art_session '("a", "b", "c")'; }}
        create > /dev/null
        ! dfx canister snapshot create backend 2>&1
        dfx canister stop backend 2> /dev/null
        id=$(dfx canister snapshot create backend | sed -E 's/.*Snapshot ID: ([0-9a-f]+)$/\\1/')
        dfx canister start backend 2> /dev/null
        create > /dev/null
        dfx canister call backend get_session_count
        dfx canister stop backend 2> /dev/null
        dfx canister snapshot load backend $id 2> /dev/null
        dfx canister start backend 2> /dev/null
        dfx canister call backend get_session_count
        dfx canister snapshot list backend | grep -c "^$id: "
        dfx canister snapshot delete backend $id
        dfx canister snapshot list backend 2>&1
        """
    )

    assert done.exit_code == 0, done
    assert done.stdout == (
        "Error: Canister backend is running and snapshots should not be taken of running "
        "canisters. Run `dfx canister stop` first\n"
        "(2 : nat64)\n(1 : nat64)\n1\n" + NONE
    )
