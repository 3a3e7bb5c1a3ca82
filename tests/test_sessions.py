"""Physical art sessions, as the backend answers about them."""

import re
from collections.abc import Callable

import pytest
from conftest import World

OpenSession = Callable[..., str]
OK = "(variant { Ok = true })"


def err(why: str) -> str:
    """Return how an Err prints."""
    flat = f'(variant {{ Err = "{why}" }})'
    return flat if len(flat) <= 80 else f'(\n  variant {{\n    Err = "{why}"\n  }},\n)'


def test_a_session_has_an_id_of_16_hex_digits_and_begins_as_a_draft(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()

    assert re.fullmatch("[0-9a-f]{16}", session)
    shown = world.call("get_session_details", f'("{session}")')
    moment = re.search(r"created_at = ([\d_]+)", shown)
    assert moment
    assert shown == (
        "(\n  opt record {\n"
        '    status = "draft";\n'
        f"    updated_at = {moment[1]} : nat64;\n"
        "    uploaded_photos = vec {};\n"
        '    username = "alice";\n'
        f'    session_id = "{session}";\n'
        '    art_title = "Harbour";\n'
        '    description = "Oil on linen";\n'
        f"    created_at = {moment[1]} : nat64;\n"
        "  },\n)"
    )


def test_text_is_kept_exactly_as_given(world: World) -> None:
    title = 'إنسان 🎨 ñ e\\u{301} \\"quoted\\"'

    reply = world.call("create_physical_art_session", f'("alice", "{title}", "line\\n\\ttab")')
    session = reply.split('"')[1]

    shown = world.call("get_session_details", f'("{session}")', "--output", "idl")
    assert 'art_title = "إنسان 🎨 ñ e\\u{301} \\"quoted\\""' in shown
    assert 'description = "line\\n\\ttab"' in shown


def test_photos_are_kept_in_order_and_once(world: World, session_of: OpenSession) -> None:
    session = session_of()
    for name in ("b.jpg", "a.jpg", "b.jpg"):
        photo = f'("{session}", "https://example.com/{name}")'
        assert world.call("upload_photo_to_session", photo) == OK

    shown = world.call("get_session_details", f'("{session}")', "--output", "idl")

    assert 'vec { "https://example.com/b.jpg"; "https://example.com/a.jpg";}' in shown


def test_a_repeated_photo_is_kept_twice_as_deployed(
    faithful: World, session_of: OpenSession
) -> None:
    session = session_of()
    for _ in range(2):
        faithful.call("upload_photo_to_session", f'("{session}", "any text")')

    shown = faithful.call("get_session_details", f'("{session}")', "--output", "idl")

    assert 'vec { "any text"; "any text";}' in shown


def test_removing_a_photo_removes_every_equal_one_and_is_fine_with_none(
    faithful: World, session_of: OpenSession
) -> None:
    session = session_of()
    for url in ("x", "y", "x"):
        faithful.call("upload_photo_to_session", f'("{session}", "{url}")')

    assert faithful.call("remove_photo_from_session", f'("{session}", "x")') == OK
    assert faithful.call("remove_photo_from_session", f'("{session}", "x")') == OK

    assert 'vec { "y" }' in faithful.call("get_session_details", f'("{session}")')


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "ftp://host/a",
        "javascript:alert(1)",
        "https://",
        "https://a\\u{0}b",
        "x" * 3,
    ],
)
def test_what_is_no_photo_address_is_refused(
    world: World, session_of: OpenSession, url: str
) -> None:
    session = session_of()

    reply = world.call("upload_photo_to_session", f'("{session}", "{url}")')

    assert reply == err("Invalid photo URL")


@pytest.mark.parametrize("scheme", ["http", "https", "s3", "ipfs", "file", "HTTPS"])
def test_photos_live_under_five_schemes(world: World, session_of: OpenSession, scheme: str) -> None:
    assert world.call("upload_photo_to_session", f'("{session_of()}", "{scheme}://a/b")') == OK


def test_a_photo_address_has_at_most_2048_characters(world: World, session_of: OpenSession) -> None:
    session = session_of()
    longest = "https://" + "x" * 2040

    assert world.call("upload_photo_to_session", f'("{session}", "{longest}")') == OK
    reply = world.call("upload_photo_to_session", f'("{session}", "{longest}y")')
    assert reply == err("Invalid photo URL")


def test_an_upload_address_is_kept_without_its_signature(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()
    signed = "https://b.example/k.jpg?X-Amz-Algorithm=A&v=1&X-Amz-Signature=ff"

    world.call("upload_photo_to_session", f'("{session}", "{signed}")')

    assert 'vec { "https://b.example/k.jpg?v=1" }' in world.call(
        "get_session_details", f'("{session}")'
    )


def test_any_text_of_up_to_64_characters_is_a_status(world: World, session_of: OpenSession) -> None:
    session = session_of()

    assert world.call("update_session_status", f'("{session}", "varnishing 🎨")') == OK
    assert 'status = "varnishing 🎨"' in world.call("get_session_details", f'("{session}")')
    long = world.call("update_session_status", f'("{session}", "{"x" * 65}")')
    assert long == err("Status must be 1-64 characters")
    empty = world.call("update_session_status", f'("{session}", "")')
    assert empty == err("Status must be 1-64 characters")


def test_a_change_moves_the_time_of_update_and_not_that_of_creation(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()

    world.call("update_session_status", f'("{session}", "completed")')

    shown = world.call("get_session_details", f'("{session}")')
    created, updated = (
        int(re.search(rf"{field} = ([\d_]+)", shown)[1])  # type: ignore[index]
        for field in ("created_at", "updated_at")
    )
    assert created < updated


def test_an_unknown_session_is_said_to_be_so_by_every_method(world: World) -> None:
    for method, argument in [
        ("upload_photo_to_session", '("nope", "https://a/b")'),
        ("remove_photo_from_session", '("nope", "https://a/b")'),
        ("update_session_status", '("nope", "draft")'),
    ]:
        assert world.call(method, argument) == err("Session not found")
    assert world.call("get_session_details", '("nope")') == "(null)"
    assert world.call("get_user_sessions", '("nope")') == "(vec {})"


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ('("", "T", "")', "Username and title cannot be empty"),
        ('("alice", " ", "")', "Username and title cannot be empty"),
        (f'("alice", "{"t" * 1001}", "")', "Title must be at most 1000 characters"),
        (f'("alice", "T", "{"d" * 10001}")', "Description must be at most 10000 characters"),
    ],
)
def test_texts_out_of_bounds_are_refused(world: World, argument: str, why: str) -> None:
    assert world.call("create_physical_art_session", argument) == err(why)
    assert world.call("get_session_count") == "(0 : nat64)"


def test_texts_at_their_bounds_are_fine(world: World) -> None:
    argument = f'("alice", "{"t" * 1000}", "{"d" * 10000}")'

    assert "Ok" in world.call("create_physical_art_session", argument)


def test_a_session_holds_a_thousand_photos(world: World, session_of: OpenSession) -> None:
    session = session_of()
    kept = [f"https://a/{number}" for number in range(1000)]
    put_photos(world, session, kept)

    reply = world.call("upload_photo_to_session", f'("{session}", "https://a/one-more")')

    assert reply == err("A session holds at most 1000 photos")


def put_photos(world: World, session: str, photos: list[str]) -> None:
    """Put photos into a session without a call for each."""
    from originstamp_cli.canister.records import SESSIONS, TABLES
    from originstamp_cli.store import Store, where

    with Store(str(world.state), TABLES).write() as state:
        state.table(SESSIONS).update({"uploaded_photos": photos}, where("session_id") == session)


def test_recent_sessions_come_newest_first_and_no_more_than_asked(
    world: World, session_of: OpenSession
) -> None:
    for title in ("one", "two", "three"):
        session_of(title=title)

    two = world.call("get_recent_sessions", "(2)", "--output", "idl")
    all_of_them = world.call("get_recent_sessions", "(18446744073709551615)", "--output", "idl")

    assert re.findall('art_title = "(.*?)"', two) == ["three", "two"]
    assert re.findall('art_title = "(.*?)"', all_of_them) == ["three", "two", "one"]
    assert world.call("get_recent_sessions", "(0)") == "(vec {})"
    assert world.call("get_session_count") == "(3 : nat64)"


def test_a_session_belongs_to_the_principal_that_made_it(
    world: World, session_of: OpenSession
) -> None:
    world.call("register_user", '("owner", "pw")')
    session = session_of("--identity", "bob")
    refused = err("Unauthorized: caller does not own this session")

    for method, argument in [
        ("upload_photo_to_session", f'("{session}", "https://a/b")'),
        ("remove_photo_from_session", f'("{session}", "https://a/b")'),
        ("update_session_status", f'("{session}", "draft")'),
    ]:
        assert world.call(method, argument, "--identity", "carol") == refused
        assert world.call(method, argument, "--identity", "bob") == OK
        assert world.call(method, argument) == OK, "a controller may"


def test_the_anonymous_principal_changes_no_session(world: World, session_of: OpenSession) -> None:
    session = session_of()
    refused = err("Anonymous calls not allowed")
    anonymous = ("--identity", "anonymous")

    assert world.call("create_physical_art_session", '("a", "T", "")', *anonymous) == refused
    assert world.call("update_session_status", '("nope", "draft")', *anonymous) == refused
    assert f'session_id = "{session}"' in world.call(
        "get_session_details", f'("{session}")', *anonymous
    )


def test_anyone_acts_on_any_session_as_deployed(faithful: World, session_of: OpenSession) -> None:
    session = session_of("--identity", "bob")

    status = f'("{session}", "completed")'

    assert faithful.call("update_session_status", status, "--identity", "anonymous") == OK
