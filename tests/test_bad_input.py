"""What people and scripts get wrong: answered clearly, without a traceback, changing nothing."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PROGRAM, Result, World
from hypothesis import given, settings
from hypothesis import strategies as st

from originstamp_cli.canister import backend

MEGABYTE = "x" * 1_000_000
COUNT = ("canister", "call", "backend", "get_user_count")
REGISTER = ("canister", "call", "backend", "register_user", '("bob", "pw")')


def digest(world: World) -> str | None:
    """Return what stands for the state file's bytes, None where there is no file."""
    return hashlib.sha256(world.state.read_bytes()).hexdigest() if world.state.exists() else None


def test_strings_of_a_megabyte_are_answered(world: World) -> None:
    result = world.run(
        *("canister", "call", "backend", "register_user", "--argument-file", "-"),
        typed=f'("{MEGABYTE}", "pw")',
    )
    assert result.exit_code == 0
    assert "Username must be 1-64 characters" in result.stdout

    result = world.run(
        *("canister", "call", "backend", "create_physical_art_session", "--argument-file", "-"),
        typed=f'("alice", "{MEGABYTE}", "")',
    )
    assert result.stdout == ('(variant { Err = "Title must be at most 1000 characters" })\n')


def test_a_megabyte_is_kept_whole_as_deployed(faithful: World) -> None:
    result = faithful.run(
        *("canister", "call", "backend", "create_physical_art_session", "--argument-file", "-"),
        typed=f'("alice", "{MEGABYTE}", "")',
    )
    session = result.stdout.split('"')[1]

    shown = faithful.call("get_session_details", f'("{session}")', "--output", "idl")

    assert f'art_title = "{MEGABYTE}"' in shown


@pytest.mark.parametrize(
    "text",
    [
        "🎨🖼️👩‍🎨",
        "שלום עולם",
        "مرحبا",
        "日本語",
        "e\u0301clair",
        "\u202eevil\u202c",
        "\u200b",
        "\ufeff",
        "a\x00b\x1b[2Jc",
        "'; DROP TABLE users; --",
        "$(reboot)`id`",
        "%s%n{0}",
    ],
)
def test_any_text_is_kept_and_given_back(world: World, text: str) -> None:
    escaped = "".join(f"\\u{{{ord(letter):x}}}" for letter in text)
    reply = world.call("create_physical_art_session", f'("{escaped}", "{escaped}", "{escaped}")')

    shown = world.run("show-session", reply.split('"')[1], "--output", "json")

    import json

    kept = json.loads(shown.stdout)
    assert (kept["username"], kept["art_title"], kept["description"]) == (text, text, text)


def test_an_argument_that_is_not_utf8_is_refused(world: World) -> None:
    result = world.process("canister", "call", "backend", "get_user_info", b'("\xff")')

    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"error: invalid UTF-8 was detected in one or more arguments\n")


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_text_is_utf8_whatever_the_locale(world: World, locale: dict[str, str]) -> None:
    world.variables |= locale
    argument = '("é🎨", "título", "")'.encode()

    made = world.process("canister", "call", "backend", "create_physical_art_session", argument)
    session = made.stdout.split(b'"')[1]
    shown = world.process("show-session", session)

    assert (made.returncode, made.stderr) == (0, b"")
    assert "username\té🎨\nart_title\ttítulo\n".encode() in shown.stdout


def test_a_friendly_argument_that_is_not_utf8_is_refused(world: World) -> None:
    result = world.process("create-session", "alice", b"caf\xe9")

    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Traceback" not in result.stderr
    assert b"UTF-8" in result.stderr


def test_an_argument_file_that_is_not_utf8_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "argument").write_bytes(b'("\xff", "pw")')

    result = world.run(
        *("canister", "call", "backend", "register_user"),
        *("--argument-file", str(tmp_path / "argument")),
    )

    assert (result.exit_code, result.stdout) == (255, "")
    assert "Failed to read the argument from" in result.stderr


@pytest.mark.parametrize("standard_input", [b'("\xff", "pw")', b"\xff"])
def test_standard_input_that_is_not_utf8_is_refused(world: World, standard_input: bytes) -> None:
    result = world.process(
        *("canister", "call", "backend", "register_user", "--argument-file", "-"),
        typed=standard_input,
    )

    assert (result.returncode, result.stdout) == (255, b"")
    assert b"Traceback" not in result.stderr
    assert world.call("get_user_count") == "(0 : nat64)"


PIECES = [
    *("(", ")", "{", "}", ";", ",", "=", ":", " ", "\n", "//", "/*", '"', '"a"', "1", "-1", "0x1F"),
    *("1.5", "18446744073709551616", "true", "null", "opt", "vec {", "record {", "variant { Ok }"),
    *('principal "aaaaa-aa"', 'blob "\\ff"', ": nat", "owner", "func", "service", "é", "\u202e"),
]


@given(
    method=st.sampled_from([*backend.interface().methods, "nope"]),
    argument=st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join),
    options=st.sampled_from([(), ("--query",), ("--update",), ("--output", "json")]),
)
@settings(max_examples=150, deadline=None)
def test_any_argument_is_answered_or_refused(
    tmp_path_factory: pytest.TempPathFactory, method: str, argument: str, options: tuple[str, ...]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    world = World(folder / "home", folder / "state.db")
    world.variables["DFX_IDENTITY"] = "anonymous"

    result = world.run("canister", "call", "backend", method, *options, "--", argument)

    assert (result.exit_code, bool(result.stdout)) in {(0, True), (255, False)}
    assert "Traceback" not in result.stderr


def test_ten_thousand_brackets_are_no_crash(world: World) -> None:
    result = world.run(
        *("canister", "call", "backend", "get_user_info", "--argument-file", "-"),
        typed="(" + "opt " * 10_000 + '"x")',
    )

    assert (result.exit_code, result.stdout) == (255, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"this is not a state file" * 100,
        b"SQLite format 3\x00" + b"\xff" * 5000,
        b"",
        bytes(range(256)) * 64,
    ],
    ids=["text", "torn", "empty", "random"],
)
@pytest.mark.parametrize("name", ["state.db", "state.json"])
def test_a_damaged_state_is_refused_and_left_as_it_is(
    world: World, content: bytes, name: str
) -> None:
    world.state = world.state.with_name(name)
    world.variables["ORIGINSTAMP_STATE"] = str(world.state)
    world.state.parent.mkdir(exist_ok=True)
    world.state.write_bytes(content)

    friendly = world.run("get-user-count")
    query = world.run(*COUNT)
    update = world.run(*REGISTER)

    assert (friendly.exit_code, friendly.stdout) == (3, "")
    assert (query.exit_code, query.stdout) == (255, "")
    assert (update.exit_code, update.stdout) == (255, "")
    for result in (friendly, query, update):
        assert result.stderr.startswith(f"Error: The state file {world.state} ")
        assert "\nTo fix: " in result.stderr
        assert "Traceback" not in result.stderr
    assert world.state.read_bytes() == content


def test_a_refused_call_leaves_no_file_and_changes_none(world: World) -> None:
    calls = [
        ("register_user", '("", "")'),
        ("register_user", '("alice")'),
        ("register_user", '("alice", 1)'),
        ("login", '("nobody", "pw")'),
        ("update_session_status", '("nope", "draft")'),
        ("mint_nft_from_session", '("nope", record { owner = principal "aaaaa-aa" }, vec {})'),
        ("icrc7_transfer", "(vec {})"),
        ("no_such_method", "()"),
    ]
    for method, argument in calls:
        world.run("canister", "call", "backend", method, argument)
    assert not world.state.exists()

    world.call("register_user", '("alice", "pw")')
    before = digest(world)
    for method, argument in calls:
        world.run("canister", "call", "backend", method, argument)
    assert digest(world) == before


# Each command is run once before, so that all it needs is loaded: the interpreter itself may be
# where an unprivileged user cannot look.
AS_NOBODY = """
import io, os, sys, tempfile
from originstamp_cli.__main__ import dispatch, main
from originstamp_cli.settings import Environment
with tempfile.TemporaryDirectory() as home:
    for words in (["register-user", "x", "--password-stdin"], ["health"], ["identity", "whoami"]):
        variables = {"HOME": home, "ORIGINSTAMP_STATE": home + "/state.db"}
        streams = {name: io.StringIO("pw") for name in ("stdin", "stdout", "stderr")}
        dispatch(words, Environment(variables=variables, **streams))
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.argv = ["originstamp", *sys.argv[1:]]
sys.exit(main())
"""


def as_nobody(world: World, *words: str, typed: str = "") -> Result:
    """Run the program as an unprivileged user, to whom permissions mean something."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *words],
        env=world.variables,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shared() -> Iterator[World]:
    """A world that an unprivileged user may enter, with an identity of that user's."""
    with tempfile.TemporaryDirectory(prefix="originstamp-shared-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        home.chmod(0o777)
        world = World(home, folder / "state.db")
        world.variables["DFX_IDENTITY"] = "anonymous"
        yield world
        folder.chmod(0o755)


def test_a_state_that_may_only_be_read_is_read(shared: World) -> None:
    shared.process("register-user", "alice", "--password-stdin", typed="pw\n")
    shared.state.chmod(0o444)
    shared.state.parent.chmod(0o555)

    count = as_nobody(shared, *COUNT)
    update = as_nobody(shared, *REGISTER)
    health = as_nobody(shared, "health")

    assert count == (0, "(1 : nat64)\n", "")
    assert (update.exit_code, update.stdout) == (255, "")
    assert update.stderr.startswith(f"Error: The state file {shared.state} cannot be written: ")
    assert "state\tfalse\t" in health.stdout
    assert health.exit_code == 1


def test_a_folder_without_permission_is_refused(shared: World) -> None:
    locked = shared.home.parent / "locked"
    locked.mkdir(mode=0o555)
    shared.variables["ORIGINSTAMP_STATE"] = str(locked / "below" / "state.db")

    friendly = as_nobody(shared, "register-user", "alice", "--password-stdin", typed="pw")
    dfx = as_nobody(shared, *REGISTER)

    assert (friendly.exit_code, friendly.stdout) == (3, "")
    assert (dfx.exit_code, dfx.stdout) == (255, "")
    assert "Traceback" not in friendly.stderr + dfx.stderr
    assert list(locked.iterdir()) == []


def test_an_identity_folder_that_cannot_be_made_is_named(shared: World) -> None:
    locked = shared.home.parent / "locked"
    locked.mkdir(mode=0o555)
    shared.variables |= {"DFX_CONFIG_ROOT": str(locked), "DFX_IDENTITY": ""}

    result = as_nobody(shared, *COUNT)

    assert (result.exit_code, result.stdout) == (255, "")
    assert "Error: " in result.stderr
    assert str(locked) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", ["get-user-count", "canister call backend get_user_count"])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_crash(world: World, words: str, closed: str) -> None:
    done = world.shell(f"{PROGRAM} {words} {closed}")

    assert (done.exit_code, done.stderr) == (0, "")
    assert bool(done.stdout) is (">&-" not in closed.replace("2>&-", ""))


@pytest.mark.parametrize(
    ("words", "code"),
    [("get-user-count", 1), ("canister call backend get_user_count", 255), ("identity list", 255)],
)
def test_an_output_that_is_full_is_told(world: World, words: str, code: int) -> None:
    done = world.shell(f"{PROGRAM} {words} > /dev/full")

    assert done.exit_code == code
    assert done.stderr.startswith("Error: The call was made, but its answer cannot be written: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["list-users", "canister call backend debug_info"])
def test_a_reader_that_has_gone_ends_it_quietly_with_141(world: World, words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(
        [PROGRAM, *words.split()],
        env=world.variables,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("table", "body", "command"),
    [
        ("canister", '{"last_time": "x"}', "get-user-count"),
        ("users", "{}", "list-users"),
        ("sessions", '{"session_id": 7}', "list-sessions"),
        ("tokens", "{}", "list-tokens"),
    ],
)
def test_a_record_that_is_not_what_we_wrote_is_refused(
    fresh: World, table: str, body: str, command: str
) -> None:
    import sqlite3

    fresh.run("register-user", "alice", "--password-stdin", typed="pw\n")
    session = fresh.run("create-session", "alice", "T").stdout.strip()
    fresh.run("mint", session, "--to", "default")
    connection = sqlite3.connect(fresh.state)
    with connection:
        connection.execute(f"UPDATE {table} SET body = ?", [body])  # noqa: S608 - our own words
    connection.close()

    result = fresh.run(command)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"Error: The state file {fresh.state} is damaged: a record of ")


@pytest.mark.parametrize("how", ["stdin", "environment"])
def test_a_password_that_is_not_utf8_is_refused(world: World, how: str) -> None:
    words = ["register-user", "alice"]
    if how == "environment":
        world.variables["ORIGINSTAMP_PASSWORD"] = "p\udcff"
    else:
        words.append("--password-stdin")

    result = world.process(*words, typed=b"p\xff\n")

    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"Error: The password is not valid UTF-8 text.\n")


def test_an_empty_home_is_the_users_own_and_not_the_root_of_the_disk() -> None:
    import pwd

    from originstamp_cli.settings import Environment, Settings

    own = pwd.getpwuid(os.getuid()).pw_dir

    for variables in ({"HOME": ""}, {}):
        found = Settings(Environment(variables=variables))
        assert found.dfx_folder == f"{own}/.config/dfx"


def test_a_signal_is_heard_while_another_process_holds_the_state(world: World) -> None:
    """Without this, Ctrl-C would do nothing for as long as the waiting lasts."""
    import signal

    from originstamp_cli.canister.records import TABLES, USERS
    from originstamp_cli.store import Store

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    world.call("register_user", '("alice", "pw")')
    waiting = Store(str(world.state), TABLES, wait_seconds=20.0)
    before = signal.signal(signal.SIGALRM, interrupt)
    with Store(str(world.state), TABLES).write() as state:
        state.table(USERS).update({"created_at": 1}, doc_ids=[1])
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt), waiting.write():
            pytest.fail("two held the state at once")
    signal.signal(signal.SIGALRM, before)


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["originstamp", *sys.argv[2:]]
from originstamp_cli.__main__ main
""".replace("__main__ main", "__main__ import main\nsys.exit(main())")


def test_a_full_disk_changes_nothing(world: World) -> None:
    world.call("register_user", '("alice", "pw")')
    before = world.state.read_bytes()
    argument = f'("alice", "T", "{"d" * 9_000}")'

    done = subprocess.run(
        [
            *(sys.executable, "-c", FULL_DISK, "4096", "canister", "call", "backend"),
            *("create_physical_art_session", argument),
        ],
        env=world.variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (255, ""), done.stderr
    assert "the disk is full" in done.stderr
    assert world.state.read_bytes() == before
    assert world.call("get_session_count") == "(0 : nat64)"


def test_a_state_of_a_newer_version_is_refused(world: World) -> None:
    import json
    import sqlite3

    world.call("register_user", '("alice", "pw")')
    if world.state.suffix == ".json":
        kept = json.loads(world.state.read_text())
        kept["_meta"]["1"]["schema"] = 99
        world.state.write_text(json.dumps(kept))
    else:
        with sqlite3.connect(world.state) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    before = digest(world)

    friendly, dfx = world.run("get-user-count"), world.run(*REGISTER)

    assert (friendly.exit_code, dfx.exit_code) == (3, 255)
    assert "has schema version 99" in friendly.stderr
    assert "To fix: Update originstamp" in friendly.stderr
    assert digest(world) == before


def test_eight_processes_at_once_lose_no_update(world: World) -> None:
    command = [PROGRAM, "canister", "call", "backend", "create_physical_art_session"]
    processes = [
        subprocess.Popen(
            [*command, f'("alice", "work {number}", "")'],
            env=world.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]

    answers = [process.communicate() for process in processes]

    assert [process.returncode for process in processes] == [0] * 8
    assert len({answer for answer, _ in answers}) == 8, "each its own id"
    assert {error for _, error in answers} == {""}
    assert world.call("get_session_count") == "(8 : nat64)"


def test_a_name_taken_by_two_at_once_belongs_to_one(world: World) -> None:
    command = [PROGRAM, *REGISTER]
    processes = [
        subprocess.Popen(command, env=world.variables, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    answers = [process.communicate()[0] for process in processes]

    assert sum("success = true" in answer for answer in answers) == 1
    assert sum("Username already exists" in answer for answer in answers) == 3
    assert world.call("get_user_count") == "(1 : nat64)"
