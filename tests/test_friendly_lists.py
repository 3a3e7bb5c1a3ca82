"""The commands for people that list, look up and describe."""

import json

import pytest
from conftest import START, World
from object_store import ObjectStore
from test_storage import config


@pytest.fixture
def peopled(world: World) -> World:
    """A world with users bob, then alice."""
    for name in ("bob", "alice"):
        world.run("register-user", name, "--password-stdin", typed="pw\n")
    return world


@pytest.fixture
def sessions(peopled: World) -> list[str]:
    """Three sessions: two of alice's and one of bob's, the second completed."""
    opened = [
        peopled.run("create-session", name, title).stdout.strip()
        for name, title in (("alice", "one"), ("bob", "two"), ("alice", "three"))
    ]
    peopled.run("set-status", opened[1], "completed")
    return opened


def column(world: World, name: str, *words: str) -> list[str]:
    """Return one column of the lines that a command prints."""
    result = world.run(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    header, *lines = [line.split("\t") for line in result.stdout.splitlines()]
    return [line[header.index(name)] for line in lines]


def test_a_login_prints_the_username_or_why_not(peopled: World) -> None:
    right = peopled.run("login", "alice", "--password-stdin", typed="pw\n")
    wrong = peopled.run("login", "alice", "--password-stdin", typed="no\n")
    nobody = peopled.run("login", "carol", "--password-stdin", typed="pw\n")

    assert right == (0, "alice\n", "")
    assert wrong == (1, "", "Error: Invalid password\n")
    assert nobody == (
        1,
        "",
        "Error: User not found\nTo fix: See the names with originstamp list-users.\n",
    )


def test_a_user_is_renamed(peopled: World, sessions: list[str]) -> None:
    renamed = peopled.run("rename-user", "alice", "alicia", "--password-stdin", typed="pw\n")

    assert renamed == (0, "alicia\n", "")
    assert column(peopled, "username", "list-users") == ["bob", "alicia"]
    assert column(peopled, "session_id", "list-sessions", "--user", "alicia") == [
        sessions[0],
        sessions[2],
    ]


def test_users_are_lines_under_a_header_or_json(peopled: World) -> None:
    assert peopled.run("list-users") == (0, "username\nbob\nalice\n", "")
    as_json = peopled.run("list-users", "--output", "json")
    assert as_json == (0, '[\n  "bob",\n  "alice"\n]\n', "")
    assert peopled.run("list-users", "--output", "idl") == (0, '(vec { "bob"; "alice";})\n', "")


def test_no_users_are_a_header_alone(world: World) -> None:
    assert world.run("list-users") == (0, "username\n", "")
    assert world.run("list-users", "--output", "json") == (0, "[]\n", "")


def test_a_user_is_shown_with_the_time_of_registration(peopled: World) -> None:
    names = column(peopled, "username", "get-user", "alice")
    times = column(peopled, "created_at", "get-user", "alice")

    assert names == ["alice"]
    assert int(times[0]) >= START
    missing = peopled.run("get-user", "carol")
    assert missing == (
        1,
        "",
        ("Error: There is no user 'carol'.\nTo fix: See originstamp list-users.\n"),
    )


def test_sessions_are_listed_in_order_and_with_a_limit_newest_first(
    peopled: World, sessions: list[str]
) -> None:
    one, two, three = sessions

    assert column(peopled, "session_id", "list-sessions") == [one, two, three]
    assert column(peopled, "session_id", "list-sessions", "--limit", "2") == [three, two]
    assert column(peopled, "session_id", "list-sessions", "--user", "alice") == [one, three]
    newest = ("list-sessions", "--user", "alice", "--limit", "1")
    assert column(peopled, "session_id", *newest) == [three]
    assert column(peopled, "session_id", "list-sessions", "--status", "completed") == [two]
    drafts = ("list-sessions", "--status", "draft", "--limit", "5")
    assert column(peopled, "session_id", *drafts) == [three, one]


def test_sessions_as_json_are_whole_and_the_same_ones(peopled: World, sessions: list[str]) -> None:
    result = peopled.run("list-sessions", "--status", "completed", "--output", "json")

    (shown,) = json.loads(result.stdout)
    assert shown["session_id"] == sessions[1]
    assert shown["uploaded_photos"] == []


def test_sessions_as_candid_are_the_same_ones_too(peopled: World, sessions: list[str]) -> None:
    words = ("list-sessions", "--user", "alice", "--limit", "1", "--output", "idl")

    shown = peopled.run(*words).stdout

    assert [session in shown for session in sessions] == [False, False, True]


def test_a_table_of_80_columns_folds_what_is_long_and_cuts_nothing(peopled: World) -> None:
    peopled.run("create-session", "alice", "A long title of a work that goes on and on and on")
    (session,) = column(peopled, "session_id", "list-sessions")

    lines = peopled.run("list-sessions", "--output", "table").stdout.splitlines()

    assert {len(line) for line in lines} == {80}
    first = [line.split("│")[1].strip() for line in lines if line.startswith("│")]
    assert "".join(first) == session


def test_a_photo_is_counted_and_forgotten(peopled: World, sessions: list[str]) -> None:
    peopled.run("add-photo", sessions[0], "https://a/b")
    assert column(peopled, "photos", "list-sessions") == ["1", "0", "0"]

    assert peopled.run("remove-photo", sessions[0], "https://a/b") == (0, "", "")

    assert column(peopled, "photos", "list-sessions") == ["0", "0", "0"]
    missing = peopled.run("remove-photo", "nope", "https://a/b")
    assert missing == (
        1,
        "",
        ("Error: Session not found\nTo fix: See the ids with originstamp list-sessions.\n"),
    )


def test_a_photo_is_forgotten_by_the_address_it_was_uploaded_to(
    peopled: World, sessions: list[str]
) -> None:
    signed = "https://b.example/k.jpg?X-Amz-Signature=ff"
    peopled.run("add-photo", sessions[0], signed)

    peopled.run("remove-photo", sessions[0], signed)

    assert column(peopled, "photos", "list-sessions")[0] == "0"


def test_tokens_are_listed_by_id_session_and_owner(peopled: World, sessions: list[str]) -> None:
    for session, to in ((sessions[0], "bob"), (sessions[1], "carol"), (sessions[0], "bob")):
        peopled.run("mint", session, "--to", to)

    assert column(peopled, "id", "list-tokens") == ["1", "2", "3"]
    assert column(peopled, "name", "list-tokens") == ["one - #1", "two - #2", "one - #3"]
    assert column(peopled, "owner", "list-tokens")[1] == peopled.principal("carol")
    assert column(peopled, "id", "list-tokens", "--limit", "1", "--after", "1") == ["2"]
    assert column(peopled, "id", "list-tokens", "--owner", "bob") == ["1", "3"]
    assert column(peopled, "id", "list-tokens", "--owner", "bob", "--after", "1") == ["3"]
    of_session = ("list-tokens", "--session", sessions[0])
    assert column(peopled, "id", *of_session) == ["1", "3"]
    assert column(peopled, "id", *of_session, "--after", "1", "--limit", "5") == ["3"]
    assert column(peopled, "id", "list-tokens", "--session", "nope") == []


def test_two_lists_at_once_are_refused(world: World) -> None:
    result = world.run("list-tokens", "--session", "s", "--owner", "bob")

    assert result == (
        2,
        "",
        ("Error: --session and --owner ask for two lists.\nTo fix: Leave one of them out.\n"),
    )


def test_the_collection_keeps_what_is_not_given(world: World) -> None:
    assert world.run("set-collection", "--name", "Harbours", "--max-supply", "7") == (0, "", "")
    assert world.run("set-collection", "--symbol", "HARB") == (0, "", "")
    assert world.run("set-collection", "--image", "https://a/logo") == (0, "", "")

    assert world.run("collection") == (
        0,
        (
            "field\tvalue\n"
            "name\tHarbours\n"
            "symbol\tHARB\n"
            "description\tNFTs representing physical art pieces authenticated through "
            "Origin Stamp\n"
            "image\thttps://a/logo\n"
            "max_supply\t7\n"
            "total_supply\t0\n"
        ),
        "",
    )
    refused = world.run("set-collection", "--name", "Mine", "--identity", "bob")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: Unauthorized: only a controller may change")


def test_the_status_of_s3_is_told(world: World, object_store: ObjectStore) -> None:
    assert world.run("s3-status") == (
        0,
        ("field\tvalue\nconfigured\tfalse\nanswers\t\ndetail\tskipped: S3 is not configured\n"),
        "",
    )
    world.call("configure_s3", config(endpoint='opt "http://127.0.0.1:9"'))
    gone = world.run("s3-status").stdout
    assert "configured\ttrue\nanswers\tfalse\ndetail\tThe object storage cannot be reached" in gone

    world.run(
        *("configure-s3", "--bucket", object_store.bucket, "--region", object_store.region),
        *("--endpoint", object_store.url, "--access-key", object_store.access_key),
        "--secret-stdin",
        typed=f"{object_store.secret}\n",
    )
    there = world.run("s3-status").stdout
    assert "configured\ttrue\nanswers\ttrue\n" in there


def test_what_an_operator_asks_is_a_record(world: World) -> None:
    world.run("register-user", "alice", "--password-stdin", typed="pw\n")

    assert world.run("dashboard") == (
        0,
        "field\tvalue\ntotal_users\t1\ntotal_sessions\t0\ntotal_certificates\t0\n",
        "",
    )
    debug = json.loads(world.run("debug-info", "--output", "json").stdout)
    assert debug["policy"] == "hardened"
    assert debug["controllers"] == [world.principal("default")]
    stats = json.loads(world.run("storage-stats", "--output", "json").stdout)
    assert stats["total_bytes"] == world.state.stat().st_size
    assert world.run("storage-stats").stdout.startswith("field\tvalue\nstate_file\t")
