"""Users, as the backend answers about them."""

import re

import pytest
from conftest import World


def login_result(message: str, username: str | None = None) -> str:
    """Return how a LoginResult prints."""
    if username is None:
        fields = ["username = null", f'message = "{message}"', "success = false"]
    else:
        fields = [f'username = opt "{username}"', f'message = "{message}"', "success = true"]
    flat = f"(record {{ {'; '.join(fields)} }})"
    if len(flat) <= 80:
        return flat
    lines = "".join(f"    {field};\n" for field in fields)
    return f"(\n  record {{\n{lines}  }},\n)"


def test_a_new_user_is_welcomed_and_counted(world: World) -> None:
    assert world.call("get_user_count") == "(0 : nat64)"

    reply = world.call("register_user", '("alice", "secret")')

    assert reply == login_result("User registered successfully", "alice")
    assert world.call("get_user_count") == "(1 : nat64)"


def test_users_are_listed_in_order_of_registration(world: World) -> None:
    world.call("register_user", '("bob", "pw")')
    world.call("register_user", '("alice", "pw")')

    assert world.call("get_all_users") == '(vec { "bob"; "alice" })'


def test_a_users_time_of_registration_is_that_of_the_call(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    reply = world.call("get_user_info", '("alice")')

    assert re.fullmatch(r'\(opt record \{ "alice"; 1_700_000_000_000_\d{3}_000 : nat64 \}\)', reply)
    assert world.call("get_user_info", '("nobody")') == "(null)"


@pytest.mark.parametrize(
    "argument", ['("", "pw")', '("alice", "")', '("  ", "pw")', '("a", "\\t")']
)
def test_empty_and_blank_credentials_are_refused(world: World, argument: str) -> None:
    refusal = login_result("Username and password cannot be empty")

    assert world.call("register_user", argument) == refusal
    assert world.call("login", argument) == refusal
    assert world.call("get_user_count") == "(0 : nat64)"


def test_a_blank_name_is_accepted_as_deployed(faithful: World) -> None:
    reply = faithful.call("register_user", '("  ", "pw")')

    assert reply == login_result("User registered successfully", "  ")


def test_a_taken_name_is_refused(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    assert world.call("register_user", '("alice", "x")') == login_result("Username already exists")


def test_names_are_case_sensitive(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    assert "true" in world.call("register_user", '("Alice", "pw")')


@pytest.mark.parametrize("name", ["a" * 65, "a\\u{1}b", "a\\nb", "a\\u{85}b"])
def test_a_name_too_long_or_with_controls_is_refused(world: World, name: str) -> None:
    reply = world.call("register_user", f'("{name}", "pw")')

    assert reply == login_result("Username must be 1-64 characters without control characters")


def test_a_name_of_64_characters_of_any_script_is_fine(world: World) -> None:
    name = "שלום🎨" + "é" * 59

    assert len(name) == 64
    assert f'username = opt "{name}"' in world.call("register_user", f'("{name}", "pw")')


def test_a_password_of_1024_bytes_is_the_longest(world: World) -> None:
    too_long = login_result("Password must be at most 1024 bytes")

    assert world.call("register_user", f'("alice", "{"é" * 512}x")') == too_long
    assert "true" in world.call("register_user", f'("alice", "{"é" * 512}")')
    assert "true" in world.call("login", f'("alice", "{"é" * 512}")')


def test_login_tells_the_right_password_from_a_wrong_one(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    assert world.call("login", '("alice", "pw")') == login_result("Login successful", "alice")
    assert world.call("login", '("alice", "PW")') == login_result("Invalid password")
    assert world.call("login", '("bob", "pw")') == login_result("User not found")


def test_the_password_is_kept_as_an_argon2id_hash_and_nowhere_else(world: World) -> None:
    world.call("register_user", '("alice", "correct horse")')

    kept = world.state.read_bytes()

    assert b"$argon2id$v=19$" in kept
    assert b"correct horse" not in kept


def test_a_user_is_renamed_with_the_sessions_that_are_theirs(world: World) -> None:
    world.call("register_user", '("alice", "pw")')
    world.call("create_physical_art_session", '("alice", "Harbour", "")')

    reply = world.call("update_username", '("alice", "alicia", "pw")')

    assert reply == login_result("Username updated successfully", "alicia")
    assert world.call("get_all_users") == '(vec { "alicia" })'
    assert world.call("get_user_sessions", '("alice")') == "(vec {})"
    assert 'art_title = "Harbour"' in world.call("get_user_sessions", '("alicia")')
    assert "true" in world.call("login", '("alicia", "pw")')


def test_a_session_that_another_made_in_a_free_name_keeps_that_name(world: World) -> None:
    world.call("create_physical_art_session", '("alice", "Theirs", "")', "--identity", "bob")
    world.call("register_user", '("alice", "pw")')

    world.call("update_username", '("alice", "alicia", "pw")')

    assert 'art_title = "Theirs"' in world.call("get_user_sessions", '("alice")')


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ('("", "b", "pw")', "Username and password cannot be empty"),
        ('("alice", "", "pw")', "Username and password cannot be empty"),
        ('("alice", "b", "")', "Username and password cannot be empty"),
        ('("alice", "alice", "pw")', "New username must be different from current username"),
        ('("ghost", "b", "pw")', "User not found"),
        ('("alice", "b", "wrong")', "Invalid password"),
        ('("alice", "taken", "pw")', "New username already exists"),
        (
            '("alice", "b\\u{7}", "pw")',
            "Username must be 1-64 characters without control characters",
        ),
    ],
)
def test_a_rename_is_refused_for_each_reason(world: World, argument: str, why: str) -> None:
    world.call("register_user", '("alice", "pw")')
    world.call("register_user", '("taken", "pw")')

    assert world.call("update_username", argument) == login_result(why)
    assert world.call("get_all_users") == '(vec { "alice"; "taken" })'


def test_only_its_principal_renames_a_user(world: World) -> None:
    world.call("register_user", '("alice", "pw")', "--identity", "bob")
    by_carol = ("--identity", "carol")

    reply = world.call("update_username", '("alice", "mine", "pw")', *by_carol)

    assert reply == login_result("Unauthorized: this username belongs to another principal")


def test_logging_in_ties_another_principal_to_the_user(world: World) -> None:
    world.call("get_user_count")
    world.call("register_user", '("first", "pw")')
    world.call("register_user", '("alice", "pw")', "--identity", "bob")
    by_carol = ("--identity", "carol")
    session = ("create_physical_art_session", '("alice", "Harbour", "")', *by_carol)
    assert "Unauthorized" in world.call(*session)

    world.call("login", '("alice", "pw")', *by_carol)

    assert "Ok" in world.call(*session)


def test_at_most_ten_principals_are_tied_to_a_user(world: World) -> None:
    world.call("register_user", '("alice", "pw")')
    for number in range(10):
        name = f"device{number}"
        world.run("identity", "new", name, "--storage-mode", "plaintext")
        assert "true" in world.call("login", '("alice", "pw")', "--identity", name)

    session = ("create_physical_art_session", '("alice", "Harbour", "")', "--identity")

    assert "Ok" in world.call(*session, "device8")
    assert "Unauthorized" in world.call(*session, "device9")


def test_the_anonymous_principal_may_register_and_log_in_but_owns_nothing(world: World) -> None:
    world.call("register_user", '("first", "pw")')
    anonymous = ("--identity", "anonymous")

    assert "true" in world.call("register_user", '("ghost", "pw")', *anonymous)
    assert "true" in world.call("login", '("ghost", "pw")', *anonymous)

    by_bob = world.call("create_physical_art_session", '("ghost", "X", "")', "--identity", "bob")
    assert "Unauthorized" in by_bob
    rename = world.call("update_username", '("ghost", "g", "pw")', *anonymous)
    assert rename == login_result("Anonymous calls not allowed")


def test_anyone_renames_with_the_password_as_deployed(faithful: World) -> None:
    faithful.call("register_user", '("alice", "pw")')

    reply = faithful.call("update_username", '("alice", "b", "pw")', "--identity", "anonymous")

    assert reply == login_result("Username updated successfully", "b")


def test_a_password_is_changed(world: World) -> None:
    world.call("register_user", '("alice", "old")')

    reply = world.call("change_password", '("alice", "old", "new")')

    assert reply == login_result("Password changed successfully", "alice")
    assert world.call("login", '("alice", "new")') == login_result("Login successful", "alice")
    assert world.call("login", '("alice", "old")') == login_result("Invalid password")


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ('("", "old", "new")', "Username and password cannot be empty"),
        ('("alice", " ", "new")', "Username and password cannot be empty"),
        ('("alice", "old", "")', "Username and password cannot be empty"),
        ('("alice", "old", "old")', "New password must be different from current password"),
        ('("nobody", "old", "new")', "User not found"),
        ('("alice", "wrong", "new")', "Invalid password"),
        (f'("alice", "old", "{"x" * 1025}")', "Password must be at most 1024 bytes"),
    ],
)
def test_a_password_that_may_not_be_changed_stays(world: World, argument: str, why: str) -> None:
    world.call("register_user", '("alice", "old")')

    assert world.call("change_password", argument) == login_result(why)

    assert world.call("login", '("alice", "old")') == login_result("Login successful", "alice")


def test_only_the_user_or_a_manager_changes_a_password(world: World) -> None:
    by_bob = ("--identity", "bob")
    world.run("deploy", "backend")
    world.call("register_user", '("bob", "old")', *by_bob)

    by_carol = world.call("change_password", '("bob", "old", "new")', "--identity", "carol")
    by_nobody = world.call("change_password", '("bob", "old", "new")', "--identity", "anonymous")
    by_the_controller = world.call("change_password", '("bob", "old", "new")')

    assert "Unauthorized" in by_carol
    assert by_nobody == login_result("Anonymous calls not allowed")
    assert by_the_controller == login_result("Password changed successfully", "bob")


def test_change_password_reads_both_passwords_line_by_line(world: World) -> None:
    world.call("register_user", '("alice", "old")')
    piped = ("change-password", "alice", "--password-stdin")

    assert world.run(*piped, typed="old\nnew\n") == (0, "alice\n", "")
    assert world.run(*piped, typed="old\nnewer\n") == (1, "", "Error: Invalid password\n")
    world.variables |= {"ORIGINSTAMP_PASSWORD": "new", "ORIGINSTAMP_NEW_PASSWORD": "newest"}
    assert world.run("change-password", "alice") == (0, "alice\n", "")
    assert "true" in world.call("login", '("alice", "newest")')


def test_without_anybody_to_ask_the_new_password_is_not_waited_for(world: World) -> None:
    world.variables["ORIGINSTAMP_PASSWORD"] = "old"

    assert world.run("change-password", "alice") == (
        2,
        "",
        (
            "Error: A new password is needed and nobody is there to ask.\n"
            "To fix: Pipe it in with --password-stdin, or set ORIGINSTAMP_NEW_PASSWORD.\n"
        ),
    )
