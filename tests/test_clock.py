"""The network's clock: set for all calls, or for one; records never go back in time."""

import json
import re
from collections.abc import Callable

import pytest
from conftest import BACKEND, START, World
from hypothesis import given
from hypothesis import strategies as st

from originstamp_cli.canister.clock import shown
from originstamp_cli.cli.moments import duration, moment

SECOND = 10**9
DAY = 24 * 3600 * SECOND
QUERY = ("canister", "call", "backend", "get_session_count")
WINDOW, DRIFT = DAY, 120 * SECOND
NEW_YEAR = 1_893_456_000 * SECOND  # 2030-01-01

Session = Callable[..., str]


def reading(world: World, *words: str) -> dict[str, str]:
    """Return what `state clock` shows, with what it said on standard error."""
    result = world.run("state", "clock", *words)
    assert result.exit_code == 0, result
    rows = dict(line.split("\t", 1) for line in result.stdout.splitlines()[1:])
    return rows | {"said": result.stderr}


def opened(world: World, *options: str) -> int:
    """Open a session and return the time that it has."""
    made = world.call("create_physical_art_session", '("a", "b", "c")', *options).split('"')[1]
    told = world.call("get_session_details", f'("{made}")')
    found = re.search(r"created_at = ([\d_]+)", told)
    assert found
    return int(found[1].replace("_", ""))


def test_the_clock_is_the_machine_s_own_until_it_is_set_and_showing_it_makes_no_file(
    world: World,
) -> None:
    found = reading(world)

    assert found["clock"] == "is the machine's own"
    assert START <= int(found["time"]) < START + SECOND
    assert found["date"].startswith("2023-11-14T22:13:20")
    assert found["said"] == ""
    assert not world.state.exists()
    assert reading(world, "real")["clock"] == "is the machine's own"
    assert not world.state.exists()


def test_a_clock_that_is_set_stands_still_for_every_call_of_both_faces(world: World) -> None:
    assert reading(world, "2030-01-01") == {
        "time": str(NEW_YEAR),
        "date": "2030-01-01T00:00:00Z",
        "clock": "stands still at 2030-01-01T00:00:00Z",
        "said": "",
    }

    assert [opened(world), opened(world)] == [NEW_YEAR, NEW_YEAR]
    assert world.run("create-session", "a", "b", "c").exit_code == 0
    listed = world.run("list-sessions").stdout.splitlines()[1:]
    assert [line.split("\t")[4] for line in listed] == [str(NEW_YEAR)] * 3
    assert f"time = {NEW_YEAR:_} : nat64" in world.call("debug_info")
    logs = world.run("canister", "logs", "backend", "--since", "1s").stdout
    assert logs.count("2030-01-01T00:00:00Z") == 3


def test_a_clock_is_put_forward_from_where_it_is(world: World) -> None:
    reading(world, "2030-01-01")
    assert int(reading(world, "+1d12h")["time"]) == NEW_YEAR + DAY * 3 // 2
    assert opened(world) == NEW_YEAR + DAY * 3 // 2

    reading(world, "real")
    # Records are of 2030 now, and time goes on from them.
    found = reading(world, "+30s")
    assert found["clock"].startswith("runs ")
    assert found["clock"].endswith(" s ahead of the machine's own")
    first, second = opened(world), opened(world)
    assert NEW_YEAR + DAY * 3 // 2 + 30 * SECOND <= first < second < first + SECOND


def test_a_clock_may_go_on_from_a_time(world: World) -> None:
    reading(world, "2030-01-01T00:00:00.5Z", "--running")

    first, second = opened(world), opened(world)

    assert NEW_YEAR + SECOND // 2 < first < second < NEW_YEAR + SECOND


def test_one_call_is_made_at_a_time_of_its_own(world: World) -> None:
    reading(world, "2030-01-01")

    assert opened(world, "--at", "2031-06-01T12:00:00+02:00") == moment("2031-06-01T10:00:00Z")
    assert opened(world, "--at", str(NEW_YEAR + 2 * 366 * DAY)) == NEW_YEAR + 2 * 366 * DAY
    result = world.run("--at", "2033-01-01", "create-session", "a", "b", "c")
    assert (result.exit_code, result.stderr) == (0, "")
    assert str(moment("2033-01-01")) in world.run("list-sessions").stdout
    assert reading(world)["date"] == "2030-01-01T00:00:00Z"


def test_records_never_go_back_in_time_and_that_is_said(world: World) -> None:
    opened(world, "--at", "2030-01-01")
    late = (
        "WARNING: 2029-12-31T00:00:00Z is before the newest record, and time never runs backwards: "
        "the call was made at 2030-01-01T00:00:00Z.\n"
    )

    for words in (QUERY, ("list-sessions",)):
        result = world.run(*words, "--at", "2029-12-31")
        assert (result.exit_code, result.stderr) == (0, late)
    hushed = world.run(*QUERY, "-qq", "--at", "2029-12-31")
    assert (hushed.exit_code, hushed.stderr) == (0, "")

    assert world.run(*words, "--at", "2030-01-01").stderr == ""
    said = reading(world, "2029-12-31")["said"]
    assert said == (
        "WARNING: The newest record is of 2030-01-01T00:00:00Z, and time never runs backwards: "
        "calls are made at that time until the clock has passed it.\n"
    )
    assert opened(world) == NEW_YEAR
    assert "ns behind the newest record; it stands still at" in world.run("health").stdout


def test_the_clock_is_told_where_somebody_looks_for_what_is_odd(world: World) -> None:
    assert "clock" not in dict(_settings(world))

    reading(world, "2030-01-01")

    assert dict(_settings(world))["clock"] == "stands still at 2030-01-01T00:00:00Z"
    told = world.run("health").stdout
    assert "clock\ttrue\tnot behind the newest record; it stands still at 2030-01-01" in told


def _settings(world: World) -> list[list[str]]:
    shown: list[list[str]] = json.loads(world.run("debug-info", "--output", "json").stdout)[
        "settings"
    ]
    return shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tomorrow", "it is no time"),
        ("2030-13-01", "it is no time"),
        ("2030-01-01T25:00:00Z", "it is no time"),
        ("2030-01-01T00:00:00", "it has no time zone: add Z for UTC, or \\+01:00"),
        ("1700000000", "it is too few nanoseconds to be meant"),
        ("0", "it is too few nanoseconds to be meant"),
        ("99999999999999999999", "it is after July 2554, where time ends"),
        ("9999-12-31", "it is after July 2554, where time ends"),
        ("1969-12-31", "it is before 1970, where time begins"),
        ("", "it is no time"),
    ],
)
def test_what_is_no_time_is_refused_with_what_is_wrong(world: World, text: str, why: str) -> None:
    for words in (
        ("canister", "call", "backend", "get_user_count", "--at", text),
        ("get-user-count", "--at", text),
        ("state", "clock", text),
    ):
        result = world.run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert re.search(why, result.stderr), result
    assert not world.state.exists()


@pytest.mark.parametrize("text", ["+", "+1", "+d", "+1y", "+1d-2h", "+1.5h"])
def test_what_is_no_duration_is_refused(world: World, text: str) -> None:
    result = world.run("state", "clock", text)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "it is no duration: give one as 30s, 5m, 2h, 1d, 1w, or 1d12h." in result.stderr
    assert not world.state.exists()


@pytest.mark.parametrize("words", [("--running",), ("real", "--running"), ("+1d", "--running")])
def test_running_goes_with_a_time(world: World, words: tuple[str, ...]) -> None:
    assert world.run("state", "clock", *words).exit_code == 2
    assert not world.state.exists()


def test_the_clock_cannot_be_put_beyond_the_end_of_time(world: World) -> None:
    reading(world, "2554-01-01")

    result = world.run("state", "clock", "+99w")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "2554-01-01T00:00:00Z cannot be put forward that far." in result.stderr
    assert reading(world)["date"] == "2554-01-01T00:00:00Z"


def test_start_clean_begins_with_the_machine_s_clock(world: World) -> None:
    reading(world, "2030-01-01")

    world.run("start", "--clean", "-q")

    assert reading(world)["clock"] == "is the machine's own"


def test_a_canister_that_is_deleted_and_made_again_has_the_network_s_clock(world: World) -> None:
    opened(world)
    reading(world, "2030-01-01")
    world.run("canister", "stop", "backend")
    assert world.run("canister", "delete", "backend", "-q").exit_code == 0
    assert world.run("deploy", "backend", "-q").exit_code == 0

    assert opened(world) == NEW_YEAR


# --- what time is set for ---


@pytest.fixture
def token(world: World, session_of: Session) -> int:
    """A token of the default identity."""
    owner = f'record {{ owner = principal "{world.principal("default")}" }}'
    minted = world.call("mint_nft_from_session", f'("{session_of()}", {owner}, vec {{}})')
    return int(re.sub(r"\D", "", minted.partition(":")[0]))


@pytest.mark.parametrize(
    ("off", "answer"),
    [
        (0, "Ok"),
        (WINDOW + DRIFT, "Ok"),
        (WINDOW + DRIFT + 1, "TooOld"),
        (-DRIFT, "Ok"),
        (-DRIFT - 1, "CreatedInFuture"),
    ],
)
def test_a_transfer_s_window_is_exact_to_the_nanosecond(
    world: World, token: int, off: int, answer: str
) -> None:
    now = moment("2030-05-05T05:05:05.000000005Z")

    request = _request(world, token, now - off)
    found = world.call("icrc7_transfer", request, "--at", shown(now), canister="nft")

    assert answer in found
    if answer == "CreatedInFuture":
        assert f"ledger_time = {now:_}" in found


def _request(world: World, token: int, created_at: int) -> str:
    to = f'record {{ owner = principal "{world.principal("bob")}" }}'
    return (
        f"(vec {{ record {{ to = {to}; token_id = {token}; "
        f"created_at_time = opt ({created_at} : nat64) }} }})"
    )


def test_a_transfer_is_known_again_until_its_window_has_passed(world: World, token: int) -> None:
    reading(world, "2030-01-01")
    request = _request(world, token, NEW_YEAR)
    assert "Ok" in world.call("icrc7_transfer", request, canister="nft")

    reading(world, "+1d2m")
    # Known again comes before not owned.
    assert "Duplicate" in world.call("icrc7_transfer", request, canister="nft")
    assert "TooOld" in world.call(
        "icrc7_transfer", request, "--at", "2030-01-02T00:02:00.000000001Z", canister="nft"
    )


def test_what_came_of_a_request_is_forgotten_when_its_time_has_passed(world: World) -> None:
    world.call("get_user_count")
    reading(world, "2030-01-01")
    made = world.run("canister", "call", "--async", "backend", "get_user_count").stdout.strip()
    ask = ("canister", "request-status", made, BACKEND)

    assert world.run(*ask).exit_code == 0
    reading(world, "+5m")
    assert world.run(*ask).exit_code == 255


def test_a_signed_address_goes_by_the_machine_s_clock(world: World, session_of: Session) -> None:
    session = session_of()
    assert world.run("configure-s3", *S3, "--secret-stdin", typed="secret\n").exit_code == 0
    reading(world, "2030-01-01")

    found = world.run("upload-url", session, "1.png", "--content-type", "image/png", "--size", "9")

    assert found.exit_code == 0, found
    assert "X-Amz-Date=20231114T2213" in found.stdout


S3 = ("--bucket", "art", "--region", "eu-west-1", "--access-key", "AKIA")


@given(st.integers(10**16, 2**64 - 1))
def test_a_time_is_read_back_as_it_is_shown(nanoseconds: int) -> None:
    assert moment(shown(nanoseconds)) == nanoseconds == moment(str(nanoseconds))


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_durations_add_up(days: int, seconds: int) -> None:
    assert duration(f"{days}d{seconds}s") == days * DAY + seconds * SECOND
