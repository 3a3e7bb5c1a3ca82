"""How friendly commands end where streams, signals and words are not as one would wish."""

import os
import pty
import signal
import termios
from pathlib import Path

import pytest
from conftest import PROGRAM, World

from originstamp_cli import canister
from originstamp_cli.cli.common import REMEDIES

EXAMPLE = str(Path(__file__).parent.parent / "data" / "s3.env.example")


def with_full_stderr(world: World, *words: str) -> tuple[int, str]:
    """Run a command whose standard error takes nothing; return its exit code and its result."""
    line = " ".join([PROGRAM, *words])
    done = world.shell(f"printf x | {line} 2>/dev/full")
    return done.exit_code, done.stdout


def test_a_full_standard_error_changes_no_exit_code(world: World) -> None:
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run("add-photo", session, "file:///home/alice/1.png")

    assert with_full_stderr(world, "mint", session, "--to", "default") == (0, "1\n")
    assert with_full_stderr(world, "login", "nobody", "--password-stdin") == (1, "")
    assert with_full_stderr(world, "frobnicate") == (2, "")
    assert with_full_stderr(world, "deploy") == (0, "")


@pytest.mark.parametrize("words", ["--help", "login --help", "--version", "canister --help"])
def test_help_that_nobody_reads_to_its_end_is_no_failure(world: World, words: str) -> None:
    done = world.shell(f"{{ {PROGRAM} {words}; echo $? >&2; }} | true")

    # Whether the reader is gone before the first line or after the last is up to the system.
    assert done.stderr in {"141\n", "0\n"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_prompt_that_is_stopped_leaves_the_terminal_as_it_was(
    world: World, number: signal.Signals
) -> None:
    process, terminal = pty.fork()
    if process == 0:
        try:
            os.execve(PROGRAM, ["originstamp", "login", "alice"], world.variables)  # noqa: S606
        finally:
            os._exit(127)
    seen = b""
    while b"Password: " not in seen:
        seen += os.read(terminal, 1024)
    assert not termios.tcgetattr(terminal)[3] & termios.ECHO

    os.kill(process, number)
    _, status = os.waitpid(process, 0)

    assert os.waitstatus_to_exitcode(status) == 130
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    os.close(terminal)


def test_a_path_is_json_and_candid_on_request(world: World) -> None:
    path = world.home / "bin" / "dfx"
    shim = ("dfx-shim", str(path.parent))

    assert world.run(*shim) == (0, f"{path}\n", "")
    assert world.run(*shim, "--output", "json") == (0, f'"{path}"\n', "")
    assert world.run(*shim, "--output", "idl") == (0, f'("{path}")\n', "")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("list-users", "--\x1b[31mz"), "There is no option --\\u{1b}[31mz."),
        (("list-users", "--state", "a\x1b[31m/b"), "\\u{1b}[31m"),
        (("get-user", "\x1b]0;x\x07"), "There is no user '\\x1b]0;x\\x07'."),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible_in_errors(
    world: World, words: tuple[str, ...], shown: str
) -> None:
    (world.home / "a\x1b[31m" / "b").mkdir(parents=True, exist_ok=True)
    words = tuple(word.replace("a\x1b", f"{world.home}/a\x1b") for word in words)

    said = world.run(*words).stderr

    assert "\x1b" not in said
    assert shown in said


def test_a_title_cannot_turn_the_direction_of_a_line(world: World) -> None:
    world.run("create-session", "alice", "Harbour \u202etfard")

    assert "Harbour \\u{202e}tfard\tdraft" in world.run("list-sessions").stdout
    assert "\u202e" not in world.run("list-sessions", "--output", "json").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("configure-s3", "--env-file", EXAMPLE, "--endpoint", ""),
        ("configure-s3", "--env-file", EXAMPLE, "--bucket", ""),
        ("transfer", "1", "--to", "bob", "--from-subaccount", ""),
        ("get-user-count", "--identity", ""),
    ],
)
def test_an_empty_value_is_not_the_same_as_none(world: World, words: tuple[str, ...]) -> None:
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run("mint", session, "--to", "default")

    result = world.run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert world.call("get_s3_config_status") == "(false)"
    assert world.run("balance", "default").stdout == "1\n"


def test_a_secret_handed_to_the_command_counts_for_more_than_a_file(world: World) -> None:
    world.variables["S3_SECRET_KEY"] = "from outside"
    world.run("configure-s3", "--env-file", EXAMPLE)
    world.run("deploy", "backend", "--policy", "faithful")

    assert 'secret_access_key = "from outside"' in world.call("get_s3_config")


def test_an_option_before_the_command_that_nearly_matches_is_suggested(world: World) -> None:
    assert world.run("--outptu", "json", "list-users") == (
        2,
        "",
        (
            "Error: There is no option --outptu. Did you mean '--output'?\n"
            "To fix: See originstamp --help.\n"
        ),
    )


def test_a_word_that_begins_with_a_dash_goes_after_two_of_them(world: World) -> None:
    assert world.run("get-user", "-x") == (
        2,
        "",
        (
            "Error: There is no option -x.\n"
            "To fix: See originstamp get-user --help. "
            "What begins with a dash and is no option goes after --.\n"
        ),
    )
    assert world.run("get-user", "--", "-x").stderr.startswith("Error: There is no user '-x'.")


@pytest.mark.parametrize("option", ["--state", "--identity", "--network", "--output"])
def test_a_line_that_ends_before_a_value_is_told_so(world: World, option: str) -> None:
    result = world.run(option)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: a value is required for '{option} <")


def test_settings_that_cannot_be_signed_with_are_told_with_who_corrects_them(world: World) -> None:
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run("configure-s3", "--env-file", EXAMPLE, "--bucket", "Bad_Bucket")

    assert world.run("upload-url", session, "a.png", "--content-type=image/png", "--size=1") == (
        1,
        "",
        (
            "Error: 'Bad_Bucket' cannot be the name of an S3 bucket.\n"
            "To fix: A controller corrects it with originstamp configure-s3.\n"
        ),
    )


@pytest.mark.parametrize("answer", REMEDIES)
def test_what_there_is_a_remedy_for_is_what_the_canister_says(answer: str) -> None:
    files = (Path(canister.__file__).parent).glob("*.py")

    assert [file for file in files if f'"{answer}"' in file.read_text(encoding="utf-8")]
