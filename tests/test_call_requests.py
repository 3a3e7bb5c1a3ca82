"""Calls that nobody waits for: the id that `--async` prints, and what `request-status` tells."""

import re
import stat
from pathlib import Path

import pytest
from conftest import PROGRAM, Result, World
from fixture_canister import ID

from originstamp_cli.canister.ingress import KEPT_NS, MOST_KEPT, Outcomes, request_id

pytestmark = pytest.mark.usefixtures("fixture_canister")

UNKNOWN = "a" * 64
NOT_THE_CALLER = (
    "Error: Failed to fetch request status.\n"
    "Caused by: The replica returned an HTTP Error: Http Error: status 403 Forbidden, content type "
    '"text/plain; charset=utf-8", content: The user tries to access Request ID not signed by the '
    "caller.\n"
)


def submit(world: World, method: str, *words: str) -> str:
    """Make a call that is not waited for and return its id."""
    result = world.run("canister", "call", "--async", "fixture", method, *words)
    assert (result.exit_code, result.stderr) == (0, "Request ID: ")
    assert re.fullmatch("0x[0-9a-f]{64}\n", result.stdout)
    return result.stdout.strip()


def status(world: World, id_: str, *words: str, canister: str = "fixture") -> Result:
    """Run `canister request-status`."""
    return world.run("canister", "request-status", id_, canister, *words)


def test_a_call_that_is_not_waited_for_prints_an_id_and_is_made(world: World) -> None:
    id_ = submit(world, "write", "1337")

    assert world.run("canister", "call", "fixture", "read").stdout == "(1_337 : nat)\n"
    assert status(world, id_) == (0, "()\n", "")


def test_a_script_captures_the_id_alone(world: World) -> None:
    world.variables["PATH"] = f"{Path(PROGRAM).parent}:{world.variables['PATH']}"

    done = world.shell(
        "ID=$(originstamp canister call --async backend get_user_count 2>/dev/null) && "
        'originstamp canister request-status "$ID" backend'
    )

    assert done == (0, "(0 : nat64)\n", "")


def test_the_greeting_of_a_query_method_comes_back(world: World) -> None:
    id_ = submit(world, "greet", "Blueberry")

    assert status(world, id_, canister=ID) == (0, '("Hello, Blueberry!")\n', "")


def test_the_reply_is_printed_in_three_forms_without_the_names_of_fields(world: World) -> None:
    id_ = submit(world, "echo_record", '(record { foo = "baz"; bar = 42 })')

    pp = '(record { 4_895_187 = 42 : int; 5_097_222 = "baz" })\n'
    assert status(world, id_) == (0, pp, "")
    assert status(world, id_, "--output", "pp") == (0, pp, "")
    assert status(world, id_, "--output=idl") == (
        0,
        '(record { 4_895_187 = 42 : int; 5_097_222 = "baz";})\n',
        "",
    )
    raw = status(world, id_, "--output", "raw")
    assert (raw.exit_code, raw.stderr) == (0, "")
    assert bytes.fromhex(raw.stdout.strip()).endswith(b"\x03baz")


def test_the_raw_reply_to_a_greeting(world: World) -> None:
    id_ = submit(world, "greet", '("Bongalo")')

    assert status(world, id_, "--output", "raw") == (
        0,
        "4449444c0001710f48656c6c6f2c20426f6e67616c6f21\n",
        "",
    )


def test_two_calls_alike_have_two_ids(world: World) -> None:
    assert submit(world, "inc") != submit(world, "inc")
    assert world.run("canister", "call", "fixture", "read").stdout == "(2 : nat)\n"


def test_a_rejected_call_shows_why_later(world: World) -> None:
    id_ = submit(world, "reject", "no")

    assert status(world, id_) == (
        255,
        "",
        (
            "Error: The replica returned a rejection error: reject code CanisterReject, "
            'reject message no, error code Some("IC0406")\n'
        ),
    )


def test_a_call_that_is_refused_at_the_door_has_no_id(world: World) -> None:
    result = world.run("canister", "call", "--async", "fixture", "inspected")

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.startswith("Error: Failed update call.\nCaused by: ")
    assert "Canister rejected the message" in result.stderr
    assert not Path(f"{world.state}.requests").exists()


def test_a_query_method_without_waiting_makes_no_state(world: World) -> None:
    id_ = submit(world, "read")

    assert status(world, id_) == (0, "(0 : nat)\n", "")
    assert not world.state.exists()


def test_only_the_caller_sees_the_reply(world: World) -> None:
    id_ = submit(world, "greet", "Bob", "--identity", "bob")

    assert status(world, id_) == (255, "", NOT_THE_CALLER)
    assert status(world, id_, "--identity", "bob") == (0, '("Hello, Bob!")\n', "")


def test_a_call_in_another_name_has_an_id_too(world: World) -> None:
    id_ = submit(world, "whoami", "--impersonate", world.principal("bob"))

    assert status(world, id_, "--identity", "bob").stdout == (
        f'(principal "{world.principal("bob")}")\n'
    )


def test_an_id_that_was_never_given_is_told_as_such(world: World) -> None:
    result = status(world, f"0x{UNKNOWN.upper()}")

    assert result == (
        255,
        "",
        (
            f"Error: No request 0x{UNKNOWN} to canister {ID} is known.\n"
            "To fix: What came of a request is kept for 5 minutes: ask in time, or call again.\n"
        ),
    )
    assert not world.state.parent.exists()


def test_an_id_is_that_of_one_canister(world: World) -> None:
    id_ = submit(world, "read")

    assert "is known" in status(world, id_, canister="backend").stderr


@pytest.mark.parametrize(
    ("id_", "why"),
    [
        (UNKNOWN, "A Request ID needs to start with 0x."),
        ("0X" + UNKNOWN, "A Request ID needs to start with 0x."),
        ("0xab", "A Request ID is 64 hexadecimal prefixed with 0x."),
        ("0x" + UNKNOWN + "0", "A Request ID is 64 hexadecimal prefixed with 0x."),
        (
            "0x" + "g" * 64,
            "A Request ID is 64 hexadecimal prefixed with 0x. An invalid character was found.",
        ),
        (
            "0x" + "٣" * 64,
            "A Request ID is 64 hexadecimal prefixed with 0x. An invalid character was found.",
        ),
    ],
)
def test_what_is_no_id_cannot_be_read(fresh: World, id_: str, why: str) -> None:
    assert status(fresh, id_) == (
        2,
        "",
        (
            f"error: invalid value '{id_}' for '<REQUEST_ID>': {why}\n\n"
            "For more information, try '--help'.\n\n"
        ),
    )
    assert not fresh.home.exists()


def test_json_is_not_among_its_forms(fresh: World) -> None:
    result = status(fresh, f"0x{UNKNOWN}", "--output", "json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "error: invalid value 'json' for '--output <OUTPUT>'\n  [possible values: idl, raw, pp]\n"
    )


def test_the_id_is_the_hash_that_the_interface_specification_shows() -> None:
    # Its own example, in "Request ids".
    content: dict[str, str | bytes | int] = {
        "request_type": "call",
        "sender": b"\x04",
        "ingress_expiry": 1_685_570_400_000_000_000,
        "canister_id": bytes.fromhex("00000000000004d2"),
        "method_name": "hello",
        "arg": b"DIDL\x00\xfd*",
    }

    assert request_id(content) == (
        "1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101"
    )


def test_what_came_of_a_call_is_for_its_owner_alone(world: World) -> None:
    submit(world, "read")

    folder = Path(f"{world.state}.requests")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_it_is_forgotten_after_five_minutes(tmp_path: Path) -> None:
    outcomes = Outcomes(str(tmp_path / "state.db"))
    outcomes.keep("old", {"reply": ""}, 1)

    assert outcomes.find("old", KEPT_NS) == {"reply": ""}
    assert outcomes.find("old", KEPT_NS + 1) is None
    outcomes.keep("new", {"reply": ""}, KEPT_NS + 1)
    assert len(list((tmp_path / "state.db.requests").iterdir())) == 1


def test_no_more_than_a_thousand_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "state.db.requests"
    folder.mkdir()
    for number in range(MOST_KEPT):
        (folder / f"{number:020}-{number}").write_text("{}")

    Outcomes(str(tmp_path / "state.db")).keep("newest", {"reply": ""}, MOST_KEPT)

    names = sorted(file.name for file in folder.iterdir())
    assert (len(names), names[0], names[-1]) == (
        MOST_KEPT,
        f"{1:020}-1",
        f"{MOST_KEPT:020}-newest",
    )


def test_a_damaged_outcome_is_told_with_its_file(world: World) -> None:
    id_ = submit(world, "read")
    (kept,) = Path(f"{world.state}.requests").iterdir()
    kept.write_text("{")

    result = status(world, id_)

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr == (
        f"Error: What came of a request cannot be read from {kept}.\n"
        "To fix: Delete the file; the call itself was made.\n"
    )
