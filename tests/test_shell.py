"""`shell`: calls at a prompt with completion and history, or piped in."""

import stat
from pathlib import Path

import pytest
from conftest import NFT, PROGRAM, World
from hypothesis import given
from hypothesis import strategies as st
from terminal import Ended, run_on_terminal

from originstamp_cli.canister import backend, nft
from originstamp_cli.cli.spoken import SECRET_METHODS
from originstamp_cli.cli.unfinished import is_unfinished

OPEN = 'create_physical_art_session ("alice", "Harbour", "Oil on linen")'
TAB = "\t"
END = "\x04"
PROMPT = "\x1b[?2004h"  # a terminal is told that a line is edited: keys are read from then on
CTRL_C = "\x03"


def piped(world: World, *lines: str) -> tuple[int, str, str]:
    return world.run("shell", typed="\n".join(lines))


def typed(world: World, *answers: tuple[str, str]) -> Ended:
    """Press keys at the prompt of a shell on a terminal of its own."""
    world.variables.update(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
    ended = ((PROMPT, END),)
    command = [PROGRAM, "shell"]
    return run_on_terminal(command, world.variables, [*answers, *ended], patience=30.0)


def history(world: World) -> Path:
    return world.home / ".local" / "share" / "originstamp" / "shell-history"


# --- piped ---


def test_piped_calls_are_answered_without_a_prompt(world: World) -> None:
    code, stdout, stderr = piped(world, OPEN, "get_session_count", "# nothing", "")

    assert (code, stderr) == (0, "")
    assert stdout.startswith('(variant { Ok = "')
    assert stdout.endswith('" })\n(1 : nat64)\n')


def test_a_call_goes_on_while_something_is_open(world: World) -> None:
    lines = (
        'create_physical_art_session ("alice", /* (',
        '*/ "a (',
        'b",',
        '  "c") // }',
        "get_session_count",
    )

    code, stdout, stderr = piped(world, *lines)

    assert (code, stderr) == (0, "")
    assert stdout.splitlines()[1] == "(1 : nat64)"


def test_a_failure_is_told_as_dfx_does_and_counts_at_the_end(world: World) -> None:
    code, stdout, stderr = piped(world, 'icrc7_owner_of (vec { "x" })', "get_user_count")

    assert (code, stdout) == (1, "(0 : nat64)\n")
    assert stderr.startswith("error: type error\n  ┌─ Candid argument:1:8\n")
    assert "Error: Failed to create argument blob.\n" in stderr


def test_a_call_that_is_never_finished_is_told(world: World) -> None:
    code, stdout, stderr = piped(world, "icrc7_owner_of (vec {")

    assert (code, stdout) == (1, "")
    assert "error: parser error" in stderr


def test_somebody_else_acts_from_where_it_is_said(world: World) -> None:
    lines = (":as bob", OPEN, ":as", ":as nobody", ":canister nft", "icrc7_name", ":canister")
    code, stdout, stderr = piped(world, *lines)

    bob = world.principal("bob")
    said = stdout.splitlines()
    assert code == 1
    assert (said[0], said[2]) == (bob, bob)
    assert said[3:] == [NFT, '("Origin Stamp Art NFTs")', NFT]
    assert "nobody" in stderr
    assert (
        f"called by {bob}: ok"
        in world.run("canister", "logs", "backend", "--identity", "bob").stdout
    )


def test_a_method_of_the_other_canister_is_called_by_both_names(world: World) -> None:
    assert piped(world, "nft.icrc7_name ()") == (0, '("Origin Stamp Art NFTs")\n', "")


def test_what_nobody_knows_is_told(world: World) -> None:
    code, stdout, stderr = piped(world, ":perhaps", "get_usr_count", "()", ":canister nowhere")

    assert (code, stdout) == (1, "")
    assert "There is no command :perhaps." in stderr
    assert "Did you mean get_user_count?" in stderr
    assert "A line begins with the name of a method." in stderr
    assert "Cannot find canister id." in stderr


def test_the_time_is_shown(world: World) -> None:
    code, stdout, _ = piped(world, ":time", ":quit", "nope")

    assert code == 0
    assert stdout.startswith("17000000000")
    assert "(2023-11-14T22:13:20" in stdout


def test_calls_are_made_at_a_time_that_is_said(world: World) -> None:
    create = 'create_physical_art_session ("a", "b", "c")'
    lines = (":time 2030-01-01", create, ":time real", ":time", "get_recent_sessions (1)")
    code, stdout, _ = piped(world, *lines)

    assert code == 0
    assert "1893456000000000000 (2030-01-01T00:00:00Z)" in stdout
    assert "created_at = 1_893_456_000_000_000_000" in stdout
    assert "(2023-11-14T22:13:20" in stdout

    code, stdout, stderr = piped(world, ":time soon")
    assert (code, stdout) == (1, "")
    assert "'soon' cannot be set: it is no time" in stderr


def test_help_tells_of_commands_methods_and_types(world: World) -> None:
    code, stdout, stderr = piped(world, ":help", ":help get_user_info", ":help nope")

    assert code == 1
    assert ":canister" in stdout
    assert "  get_user_count\n" in stdout
    assert "get_user_info : (text) -> (opt record { text; nat64 }) query\n" in stdout
    assert "There is no method nope." in stderr


@given(st.text('(){}"\\/* \n,;ab'))
def test_what_is_closed_stays_closed_at_a_blank(text: str) -> None:
    if not is_unfinished(text):
        assert not is_unfinished(f"{text}\n")


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("get_user_count", False),
        ("a (", True),
        ("a (vec { 1; 2 }", True),
        ('a ("(")', False),
        ('a ("', True),
        (r'a ("\"', True),
        ("a (/* )", True),
        ("a (1) // (", False),
        ("a (}", False),
    ],
)
def test_what_is_open_is_seen(text: str, goes_on: bool) -> None:  # noqa: FBT001 - a table
    assert is_unfinished(text) is goes_on


# --- on a terminal ---


def test_a_call_is_typed_and_answered(fresh: World) -> None:
    fresh.process("identity", "whoami")
    ended = typed(fresh, (PROMPT, "get_user_count\r"))

    assert ended.exit_code == 0
    assert "(0 : nat64)\n" in ended.shown


def test_a_call_of_several_lines_is_one(fresh: World) -> None:
    fresh.process("identity", "whoami")
    lines = ((PROMPT, 'create_physical_art_session ("alice",\r'), ("....", '"b", "c")\r'))
    ended = typed(fresh, *lines, (PROMPT, "get_session_count\r"))

    assert ended.exit_code == 0
    assert "(1 : nat64)\n" in ended.shown


def test_ctrl_c_clears_the_line_and_ctrl_d_ends(fresh: World) -> None:
    fresh.process("identity", "whoami")
    ended = typed(fresh, (PROMPT, f"nope nope{CTRL_C}"), (PROMPT, "get_user_count\r"))

    assert ended.exit_code == 0
    assert "no method" not in ended.shown
    assert "(0 : nat64)\n" in ended.shown


@pytest.mark.parametrize(
    ("keys", "offered", "completed"),
    [
        (f"get_user_c{TAB}\r", "ount", "(0 : nat64)"),
        (f"nft.icrc7_n{TAB}\r", "ame", "Origin Stamp Art NFTs"),
        (f":as ano{TAB}\r", "nymous", "2vxsx-fae"),
        (f":canister n{TAB}\r", "ft", "bd3sg-teaaa-aaaaa-qaaba-cai"),
        (f'get_session_details ("{TAB})\r', '("', "Harbour"),
        (f"get_token_details ({TAB})\r", "1\x1b", "Harbour - #1"),
        (
            f'icrc7_balance_of (vec {{ record {{ ow{TAB}principal "aaaaa-aa" }} }})\r',
            "ner =",
            "1 : nat64",
        ),
    ],
)
def test_tab_completes(fresh: World, keys: str, offered: str, completed: str) -> None:
    opened = fresh.process("batch", "-", typed=OPEN).stdout.decode()
    session = opened.split('"reply":"')[1].split('"')[0]
    owner = 'record { owner = principal "aaaaa-aa" }'
    mint = f'mint_nft_from_session ("{session}", {owner}, vec {{}})'
    assert fresh.process("batch", "-", typed=mint).returncode == 0

    word, rest = keys.split(TAB)
    ended = typed(fresh, (PROMPT, f"{word}{TAB}"), (offered, rest))

    assert ended.exit_code == 0
    assert completed in ended.shown


def test_history_is_private_and_keeps_no_secret(fresh: World) -> None:
    fresh.process("identity", "whoami")
    typed(
        fresh,
        (PROMPT, 'register_user ("alice", "correct horse")\r'),
        (PROMPT, 'regster_user ("alice", "battery staple")\r'),
        (PROMPT, "get_user_count\r"),
    )

    kept = history(fresh).read_text(encoding="utf-8")
    assert "+get_user_count\n" in kept
    assert "horse" not in kept
    assert "staple" not in kept
    assert stat.S_IMODE(history(fresh).stat().st_mode) == 0o600


def test_every_method_that_takes_a_secret_is_known_to_be_one() -> None:
    for canister in (backend, nft):
        methods = canister.interface().methods.items()
        secret = {
            name
            for name, method in methods
            if "LoginResult" in repr(method.results) or "S3Config" in repr(method.args)
        }
        assert secret == SECRET_METHODS & {name for name, _ in methods}
    assert "login" in SECRET_METHODS


def test_nothing_of_the_prompt_is_loaded_without_a_terminal(world: World) -> None:
    script = (
        "import sys; sys.argv = ['originstamp', 'shell']\n"
        "from originstamp_cli.__main__ import main\n"
        "code = main()\nassert 'prompt_toolkit' not in sys.modules\nsys.exit(code)"
    )
    program = str(Path(PROGRAM).parent / "python")
    done = world.shell(f'echo get_user_count | {program} -c "{script}"')

    assert (done.exit_code, done.stdout) == (0, "(0 : nat64)\n"), done.stderr
