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
            "invalid value 'nosuch' for '--policy'\n  [possible values: hardened, faithful]",
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


def test_a_group_alone_explains_itself_on_stderr(world: World) -> None:
    for words in ((), ("canister",), ("identity",)):
        result = world.run(*words)

        assert (result.exit_code, result.stdout) == (2, "")
        assert "Commands" in result.stderr or "Users" in result.stderr


def test_older_scripts_that_ask_for_no_encryption_get_an_identity(world: World) -> None:
    made = world.run("identity", "new", "worker", "--disable-encryption")

    assert (made.exit_code, made.stdout) == (0, "")
    assert 'Created identity: "worker".\n' in made.stderr
