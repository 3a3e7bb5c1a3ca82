"""Command lines of the dfx face that cannot be read, in the words and with the code of dfx."""

import pytest
from conftest import World

MISSING = "the following required arguments were not provided:"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("canister blurp", "unrecognized subcommand 'blurp'"),
        ("canister id", f"{MISSING}\n  <CANISTER_NAME>"),
        ("identity use", f"{MISSING}\n  <NAME>"),
        ("identity use a b", "unexpected argument 'b' found"),
        ("identity list --foo", "unexpected argument '--foo' found"),
        ("identity use --identity", "a value is required for '--identity' but none was supplied"),
        ("canister update-settings", f"{MISSING}\n  --all"),
        (
            "deploy backend --policy nosuch",
            (
                "invalid value 'nosuch' for '--policy <POLICY>'\n"
                "  [possible values: hardened, faithful]"
            ),
        ),
        (
            "deploy backend -m nosuch",
            (
                "invalid value 'nosuch' for '--mode <MODE>'\n"
                "  [possible values: install, reinstall, upgrade, auto]"
            ),
        ),
        (
            "canister stop backend --log nowhere",
            "invalid value 'nowhere' for '--log <LOGMODE>'\n  [possible values: stderr, tee, file]",
        ),
        (
            "canister stop backend --ic --playground",
            "the argument '--ic' cannot be used with '--playground'",
        ),
        (
            "canister --network local stop backend --ic",
            "the argument '--network <NETWORK>' cannot be used with '--ic'",
        ),
        (
            "identity new a/b",
            (
                "invalid value 'a/b' for '<NEW_IDENTITY>': Invalid identity name. Please only use "
                "the characters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_@0123456789"
            ),
        ),
        (
            "identity new safe --storage-mode nowhere",
            (
                "invalid value 'nowhere' for '--storage-mode <STORAGE_MODE>'\n"
                "  [possible values: keyring, password-protected, plaintext]"
            ),
        ),
    ],
)
def test_it_ends_with_2_and_says_why(world: World, line: str, why: str) -> None:
    result = world.run(*line.split())

    assert result == (2, "", f"error: {why}\n\nFor more information, try '--help'.\n\n")


def test_common_options_that_cannot_be_leave_the_canister_as_it_was(world: World) -> None:
    assert world.run("canister", "stop", "backend", "--log", "nowhere").exit_code == 2
    assert world.run("canister", "stop", "backend", "--network", "local", "--ic").exit_code == 2

    assert world.call("get_user_count") == "(0 : nat64)"


def test_a_log_file_that_is_a_folder_is_told_of_in_plain_words(world: World) -> None:
    said = world.run("canister", "stop", "backend", "--log", "file", "--logfile", str(world.home))

    assert (said.exit_code, said.stdout) == (255, "")
    assert said.stderr.splitlines()[0] == (
        f"Error: The log file {str(world.home)!r} cannot be written: Is a directory."
    )


def test_a_group_alone_explains_itself_on_stderr(world: World) -> None:
    for words in ((), ("canister",), ("identity",)):
        result = world.run(*words)

        assert (result.exit_code, result.stdout) == (2, "")
        assert "Commands" in result.stderr or "Users" in result.stderr


def test_older_scripts_that_ask_for_no_encryption_get_an_identity(world: World) -> None:
    made = world.run("identity", "new", "worker", "--disable-encryption")

    assert (made.exit_code, made.stdout) == (0, "")
    assert 'Created identity: "worker".\n' in made.stderr
