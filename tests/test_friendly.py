"""The commands for people: one value or lines on stdout, all else on stderr, and the exit code."""

import json
import re
from pathlib import Path

import pytest
from commands import Command
from commands import commands as every_command
from conftest import PROGRAM, START, World
from terminal import run_on_terminal
from test_storage import PHOTO, config

ID = re.compile(r"[0-9a-f]{16}\n")


@pytest.fixture
def opened(world: World) -> str:
    """Register alice and open a session in her name; return its id."""
    world.run("register-user", "alice", "--password-stdin", typed="pw\n")
    return world.run("create-session", "alice", "Harbour", "Oil on linen").stdout.strip()


def test_registering_prints_the_username(world: World) -> None:
    result = world.run("register-user", "alice", "--password-stdin", typed="pw\n")

    assert result == (0, "alice\n", "")
    assert world.run("get-user-count") == (0, "1\n", "")


def test_a_refusal_is_told_on_stderr_and_ends_with_1(world: World) -> None:
    world.run("register-user", "alice", "--password-stdin", typed="pw\n")

    result = world.run("register-user", "alice", "--password-stdin", typed="pw\n")

    assert result == (
        1,
        "",
        ("Error: Username already exists\nTo fix: Choose another, or use originstamp login.\n"),
    )


def test_the_password_comes_from_the_environment_too(world: World) -> None:
    world.variables["ORIGINSTAMP_PASSWORD"] = "from outside"

    assert world.run("register-user", "alice") == (0, "alice\n", "")
    assert "true" in world.call("login", '("alice", "from outside")')


def test_without_anybody_to_ask_a_password_is_not_waited_for(world: World) -> None:
    result = world.run("register-user", "alice")

    assert result == (
        2,
        "",
        (
            "Error: A password is needed and nobody is there to ask.\n"
            "To fix: Pipe it in with --password-stdin, or set ORIGINSTAMP_PASSWORD.\n"
        ),
    )


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(world: World) -> None:
    ended = run_on_terminal(
        [PROGRAM, "register-user", "alice"],
        world.variables,
        [("Password: ", "s3cret\n"), ("Password again: ", "s3cret\n")],
    )

    assert ended == (0, "Password: \nPassword again: \nalice\n", "")


def test_two_different_entries_are_refused(world: World) -> None:
    ended = run_on_terminal(
        [PROGRAM, "register-user", "alice"],
        world.variables,
        [("Password: ", "one\n"), ("Password again: ", "two\n")],
    )

    assert ended.exit_code == 2
    assert "Error: The two entries differ." in ended.shown
    assert world.call("get_user_count") == "(0 : nat64)"


@pytest.mark.parametrize(("answer", "code", "owner"), [("n\n", 1, "default"), ("y\n", 0, "bob")])
def test_on_a_terminal_a_transfer_asks_first(
    world: World, opened: str, answer: str, code: int, owner: str
) -> None:
    world.run("mint", opened, "--to", "default")

    ended = run_on_terminal(
        [PROGRAM, "transfer", "1", "--to", "bob"], world.variables, [("[y/N] ", answer)]
    )

    assert ended.exit_code == code, ended.shown
    assert f"Transfer token 1 to {world.principal('bob')}?" in ended.shown
    assert world.run("balance", owner).stdout == "1\n"


def test_a_session_is_opened_shown_and_moved_on(world: World, opened: str) -> None:
    assert ID.fullmatch(f"{opened}\n")
    assert world.run("add-photo", opened, "https://a/b\\c.jpg") == (0, "", "")
    assert world.run("set-status", opened, "completed") == (0, "", "")

    shown = world.run("show-session", opened)

    lines = shown.stdout.splitlines()
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert lines[:7] == [
        "field\tvalue",
        f"session_id\t{opened}",
        "username\talice",
        "art_title\tHarbour",
        "description\tOil on linen",
        "uploaded_photos\thttps://a/b\\\\c.jpg",
        "status\tcompleted",
    ]
    assert [line.split("\t")[0] for line in lines[7:]] == ["created_at", "updated_at"]


def test_a_session_is_natural_json_on_request(world: World, opened: str) -> None:
    result = world.run("show-session", opened, "--output", "json")

    shown = json.loads(result.stdout)
    assert list(shown) == sorted(shown)
    assert shown["session_id"] == opened
    assert shown["created_at"] >= START
    assert shown["uploaded_photos"] == []


def test_a_reply_is_candid_on_request(world: World, opened: str) -> None:
    result = world.run("set-status", opened, "completed", "--output", "idl")

    assert result == (0, "(variant { Ok = true })\n", "")


def test_text_that_could_play_tricks_on_a_terminal_is_made_visible(world: World) -> None:
    session = world.run("create-session", "alice", "red \x1b[31m\ttab\nnew").stdout.strip()

    shown = world.run("show-session", session).stdout

    assert "art_title\tred \\u{1b}[31m\\ttab\\nnew\n" in shown
    assert "\x1b" not in world.run("show-session", session, "--output", "table").stdout


def test_no_form_lets_a_terminal_obey_what_somebody_wrote(world: World) -> None:
    # I7-182
    session = world.run("create-session", "alice", "a\x9b31mb\x7f\x1b").stdout.strip()

    shown = world.run("show-session", session, "--output", "json").stdout

    assert "a\\u009b31mb\\u007f\\u001b" in shown
    assert json.loads(shown)["art_title"] == "a\x9b31mb\x7f\x1b"


def test_a_session_that_is_not_there_is_said_to_be_so(world: World) -> None:
    result = world.run("show-session", "nope")

    assert result == (
        1,
        "",
        (
            "Error: There is no session 'nope'.\n"
            "To fix: See the ids with originstamp list-sessions.\n"
        ),
    )


def test_a_token_is_minted_shown_and_given_away(world: World, opened: str) -> None:
    minted = world.run("mint", opened, "--to", "default", "--attribute", "medium=oil=on linen")
    assert minted == (0, "1\n", "Block 0.\n")

    given = world.run("transfer", "1", "--to", world.principal("bob"))

    assert given == (0, "1\n", "")
    assert world.run("balance", "bob") == (0, "1\n", "")
    assert world.run("balance", "default") == (0, "0\n", "")
    shown = world.run("show-token", "1")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"field\tvalue\nid\t1\nowner\t{world.principal('bob')}\n")
    assert "attribute medium\toil=on linen\n" in shown.stdout


def test_a_token_goes_to_an_account_with_a_subaccount_and_back(world: World, opened: str) -> None:
    from originstamp_cli.candid.principal import Principal
    from originstamp_cli.canister.ledger.accounts import account, account_text

    bob = Principal.from_text(world.principal("bob"))
    text = account_text(account(bob, bytes(31) + b"\x07"))
    world.run("mint", opened, "--to", text)

    assert world.run("balance", text).stdout == "1\n"
    assert world.run("balance", "bob").stdout == "0\n"
    plain = world.run("transfer", "1", "--to", "carol", "--identity", "bob")
    assert plain == (
        1,
        "",
        (
            "Error: Token not owned by from account\n"
            "To fix: See who owns it with originstamp show-token.\n"
        ),
    )
    moved = world.run(
        "transfer", "1", "--to", "carol", "--identity", "bob", "--from-subaccount", "7"
    )
    assert moved == (0, "1\n", "")


def test_a_token_of_local_photos_is_minted_with_a_warning(world: World, opened: str) -> None:
    world.run("add-photo", opened, "file:///home/alice/1.jpg")

    result = world.run("mint", opened, "--to", "default")

    assert (result.exit_code, result.stdout) == (0, "1\n")
    assert result.stderr == (
        "Block 0.\n"
        "Warning: this token names photos by file:// addresses, "
        "which mean nothing on another machine.\n"
    )


@pytest.mark.parametrize("text", ["nobody", "aaaaa-ab", "bkyz2-fmaaa-aaaaa-qaaaq-cai-", "x.1", ""])
def test_who_is_neither_an_identity_nor_an_account_gets_nothing(
    world: World, opened: str, text: str
) -> None:
    result = world.run("mint", opened, "--to", text)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {text!r} is neither an identity nor an account")
    assert "To fix: Give a principal, an account, or one of anonymous, bob, carol, default." in (
        result.stderr
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mint", "s", "--to", "bob", "--attribute", "oil"), "'oil' is not an attribute."),
        (("mint", "s", "--to", "bob", "--attribute", "=oil"), "'=oil' is not an attribute."),
        (
            ("transfer", "1", "--to", "bob", "--from-subaccount", "xyz"),
            "'xyz' is not a subaccount.",
        ),
        (("upload-url", "s", "a.png"), "The content type and the size are part of what is signed."),
        (("upload-url", "s", "a.png", "--file", "/nowhere"), "The file '/nowhere' cannot be read:"),
        (("upload-url", "s", "a.png", "--file", __file__), f"The file {__file__!r} is no photo:"),
    ],
)
def test_what_cannot_be_understood_ends_with_2_and_says_what_to_do(
    world: World, words: tuple[str, ...], message: str
) -> None:
    result = world.run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {message}")
    assert "\nTo fix: " in result.stderr


@pytest.mark.parametrize("token", ["-1", "18446744073709551616", "one"])
def test_a_token_is_a_number_of_64_bits(world: World, token: str) -> None:
    result = world.run("show-token", "--", token)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"TOKEN cannot be '{token}': it is " in result.stderr


def test_a_token_that_is_not_there_is_said_to_be_so(world: World) -> None:
    top = str(2**64 - 1)

    assert world.run("show-token", top) == (
        1,
        "",
        (f"Error: There is no token {top}.\nTo fix: See the ids with originstamp list-tokens.\n"),
    )
    moved = world.run("transfer", top, "--to", "bob")
    assert moved == (
        1,
        "",
        ("Error: Token not found\nTo fix: See the ids with originstamp list-tokens.\n"),
    )


def test_s3_is_configured_and_an_address_signed(world: World, opened: str) -> None:
    configured = world.run(
        *("configure-s3", "--bucket", "art", "--region", "eu-west-1", "--access-key", "AK"),
        "--secret-stdin",
        typed="shh\n",
    )
    assert configured == (0, "", "")

    result = world.run("upload-url", opened, "1.png", "--file", str(PHOTO))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"https://art.s3.eu-west-1.amazonaws.com/{opened}/1.png?X-Amz-")
    assert result.stdout.count("\n") == 1


def test_the_upload_is_a_whole_curl_command_on_request(world: World, opened: str) -> None:
    world.call("configure_s3", config())

    words = ("upload-url", opened, "1.png", "--file", str(PHOTO))
    address = world.run(*words).stdout.strip()
    command = world.run(*words, "--curl")

    assert command.exit_code == 0
    assert command.stdout == (
        f"curl --fail --globoff --upload-file {PHOTO} --header 'Content-Type: image/png' "
        f"'{address}'\n"
    )


def test_without_s3_there_is_no_address(world: World, opened: str) -> None:
    result = world.run("upload-url", opened, "1.png", "--file", str(PHOTO))

    assert result == (
        1,
        "",
        (
            "Error: S3 configuration not found. Please configure S3 settings first.\n"
            "To fix: A controller does so with originstamp configure-s3.\n"
        ),
    )


def test_blank_s3_settings_are_refused(world: World) -> None:
    result = world.run(
        *("configure-s3", "--bucket", " ", "--region", "r", "--access-key", "AK", "--secret-stdin"),
        typed="shh\n",
    )

    assert result == (2, "", "Error: Bucket, region, access key and secret must not be blank.\n")


def test_only_a_controller_configures_s3(world: World) -> None:
    world.run("register-user", "alice", "--password-stdin", typed="pw\n")

    result = world.run(
        *("configure-s3", "--bucket", "b", "--region", "r", "--access-key", "AK"),
        *("--secret-stdin", "--identity", "bob"),
        typed="shh\n",
    )

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: Unauthorized: only a controller may configure S3;")


def test_health_is_a_table_of_checks(world: World) -> None:
    result = world.run("health")

    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert lines[0] == ["name", "ok", "detail"]
    assert [line[:2] for line in lines[1:]] == [
        [name, "true"] for name in ("state", "schema", "ledger", "s3", "disk", "clock")
    ]
    table = world.run("health", "--output", "table").stdout
    assert all(len(line) <= 80 for line in table.splitlines())
    assert "ledger" in table


def test_common_options_stand_before_and_after_the_command(world: World, opened: str) -> None:
    before = world.run("--identity", "bob", "mint", opened, "--to", "bob")
    after = world.run("mint", opened, "--to", "bob", "--identity", "bob")

    assert before == after
    assert before == (
        1,
        "",
        (
            "Error: Unauthorized: caller does not own this session\n"
            "To fix: Act as who opened it, with --identity.\n"
        ),
    )


def test_the_state_is_the_file_that_the_flag_names(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    for words in (
        ("--state", str(other), "get-user-count"),
        ("get-user-count", "--state", str(other)),
    ):
        assert world.run(*words) == (0, "0\n", "")
    password = ("--password-stdin",)

    world.run("register-user", "alice", *password, "--state", str(other), typed="pw\n")

    assert other.exists()
    assert world.run("get-user-count").stdout == "0\n"
    assert world.run("get-user-count", "--state", str(other)).stdout == "1\n"


def test_a_command_that_nearly_matches_is_suggested(world: World) -> None:
    result = world.run("creat-session", "alice", "T")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean 'create-session'" in result.stderr


@pytest.mark.parametrize("command", every_command(), ids=lambda command: command.name)
def test_every_command_explains_itself_with_one_example(fresh: World, command: Command) -> None:
    result = fresh.run(*command.words, "--help")

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Usage: originstamp {command.name} " in result.stdout
    # On one line, from where it is copied as it stands.
    assert f" Example: {command.example} " in result.stdout


def test_the_program_explains_itself(fresh: World) -> None:
    result = fresh.run("--help")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "Usage: originstamp" in result.stdout


def test_the_version_is_told(fresh: World) -> None:
    from originstamp_cli import __version__

    assert fresh.run("--version") == (0, f"originstamp {__version__}\n", "")


def test_the_commands_listed_for_a_file_are_those_in_it() -> None:
    from importlib import import_module

    from originstamp_cli.cli.app import GROUPS, PARTS, ROOMS

    parts = [each for group in PARTS.values() for each in group.items()]
    for room, commands in [*ROOMS.items(), *parts]:
        app = import_module(f"originstamp_cli.cli.{room}").app
        if room in GROUPS:
            assert commands == (room,)
            continue
        named = [
            command.name or (command.callback.__name__ if command.callback else "")
            for command in app.registered_commands
        ] + [str(group.name) for group in app.registered_groups]
        assert tuple(name.replace("_", "-") for name in named) == commands


def test_a_reader_that_goes_away_is_no_error(world: World, opened: str) -> None:
    done = world.shell(f"{PROGRAM} show-session {opened} | head -1")

    assert done.stdout == "field\tvalue\n"
    assert done.stderr == ""
