"""What a canister says of the calls that change it, and who may read it."""

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import BACKEND, PATIENCE, PROGRAM, START, World
from hypothesis import given
from hypothesis import strategies as st

from originstamp_cli.candid.values import Some, Tag
from originstamp_cli.canister.logs import outcome_of
from originstamp_cli.store import log_file
from originstamp_cli.store.log_file import LogFile

OpenSession = Callable[..., str]

SECOND = 10**9
LINE = re.compile(r"\[(\d+)\. (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d*[1-9])?Z)\]: (.*)")


OF_THREE = "1 of 3 refused: Unauthorized"  # as a standard's errors are told


def logs(world: World, *options: str) -> list[str]:
    """Return the lines of the log of the backend, none where it printed one empty line."""
    result = world.run("canister", "logs", "backend", *options)
    assert (result.exit_code, result.stderr) == (0, ""), result
    assert result.stdout.endswith("\n")
    return [] if result.stdout == "\n" else result.stdout.removesuffix("\n").split("\n")


def messages(world: World, *options: str) -> list[str]:
    """Return what the lines of the log say."""
    found = [LINE.fullmatch(line) for line in logs(world, *options)]
    assert all(found)
    return [each[3] for each in found if each]


def log_of(world: World) -> Path:
    """Return the file of a state's log."""
    return Path(f"{world.state}.log")


# --- what is said ---


def test_each_update_is_a_line_that_says_who_called_what_and_what_came_of_it(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    world.call("upload_photo_to_session", '("nope", "https://a/b")', "--identity", "bob")
    world.call("get_session_count")
    world.call("get_session_count", None, "--update")

    default, bob = world.principal("default"), world.principal("bob")
    assert messages(world) == [
        f"create_physical_art_session called by {default}: ok",
        f"upload_photo_to_session called by {bob}: refused: Session not found",
        f"get_session_count called by {default}: ok",
    ]


def test_a_log_line_has_its_number_and_its_time_in_utc(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    session_of()

    lines = logs(world)

    assert [line.partition(".")[0] for line in lines] == ["[0", "[1"]
    assert all(line.partition(". ")[2].startswith("2023-11-14T22:13:20.00") for line in lines)


def test_traps_and_rejections_are_told_with_their_reason_but_never_an_argument(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    call = ("canister", "call", "backend")
    world.run(*call, "register_user", '("alice", "sec"ret", 5)', "--candid", "none.did")
    world.run(*call, "register_user", '(opt "secret", 5)', "--candid", "none.did")
    world.run(*call, "no_such\n[9. forged]", "()")
    world.run("canister", "stop", "backend")
    world.run(*call, "register_user", '("alice", "secret")')

    who = f"called by {world.principal('default')}: failed:"
    assert messages(world)[1:] == [
        f"register_user {who} its arguments are of other types",
        f"no_such\\n[9. forged] {who} The canister has no update method 'no_such\\n[9. forged]'.",
        f"register_user {who} Canister {BACKEND} is stopped.",
    ]
    assert "secret" not in log_of(world).read_text()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (None, "ok"),
        (True, "ok"),
        (False, "refused"),
        (5, "ok"),
        ("a password", "ok"),
        ({"success": True, "message": "Login successful"}, "ok"),
        ({"success": False, "message": "Invalid password"}, "refused: Invalid password"),
        ([], "ok"),
        ([False, True], "ok"),
        ([Some(Tag("Ok", 5)), None, Some(Tag("Err", Tag("Unauthorized")))], OF_THREE),
    ],
)
def test_an_answer_comes_to_a_word(answer: object, outcome: str) -> None:
    assert outcome_of(answer) == outcome


def test_transfers_that_were_refused_are_counted(world: World, session_of: OpenSession) -> None:
    session = session_of()
    mine, other = world.principal("default"), world.principal("bob")
    mine_record = f'record {{ owner = principal "{mine}" }}'
    world.call("mint_nft_from_session", f'("{session}", {mine_record}, vec {{}})')
    requests = "; ".join(
        f'record {{ from = {mine_record}; to = record {{ owner = principal "{other}" }}; '
        f"token_id = {token} }}"
        for token in (1, 7)
    )

    world.call("icrc7_transfer", f"(vec {{ {requests} }})")

    assert messages(world, "--tail", "1") == [
        f"icrc7_transfer called by {mine}: 1 of 2 refused: Token not found"
    ]


def test_a_refused_first_call_and_a_query_leave_no_log(fresh: World) -> None:
    fresh.run("identity", "whoami")
    fresh.call("upload_photo_to_session", '("nope", "https://a/b")')
    fresh.call("get_session_count")
    assert not list(fresh.state.parent.iterdir())

    fresh.call("create_physical_art_session", '("alice", "Harbour", "")')
    log = log_of(fresh)
    before = log.read_bytes(), log.stat().st_mtime_ns
    fresh.call("get_session_count")
    fresh.run("canister", "logs", "backend")

    assert (log.read_bytes(), log.stat().st_mtime_ns) == before
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_trap_is_undone_but_told(world: World, session_of: OpenSession) -> None:
    session_of()
    world.run("canister", "update-settings", "backend", "--memory-allocation", "1KB")
    before = world.state.read_bytes()

    world.run("create-session", "alice", "x" * 900)

    assert world.state.read_bytes() == before
    assert "its memory allocation is 1000 bytes." in messages(world, "--tail", "1")[0]


def test_a_log_that_cannot_be_written_fails_no_call(world: World, session_of: OpenSession) -> None:
    log_of(world).parent.mkdir(parents=True)
    log_of(world).mkdir()

    session_of()

    assert world.call("get_session_count") == "(1 : nat64)"


# --- which of it is shown ---


@pytest.fixture
def five(world: World, session_of: OpenSession) -> World:
    """A world with five lines in its log, a second apart."""
    for second in range(5):
        world.ticks = itertools.count(START + second * SECOND)
        session_of(title=f"Harbour {second}")
    world.ticks = itertools.count(START + 5 * SECOND)
    return world


def numbers(world: World, *options: str) -> list[int]:
    """Return the numbers of the lines that are shown."""
    return [int(line[1 : line.index(".")]) for line in logs(world, *options)]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), [0, 1, 2, 3, 4]),
        (("--tail", "1"), [4]),
        (("--tail", "3"), [2, 3, 4]),
        (("--tail", "99"), [0, 1, 2, 3, 4]),
        (("--tail", "0"), []),
        (("--since", "2s"), [3, 4]),
        (("--since", "2"), [3, 4]),
        (("--since", "3S"), [2, 3, 4]),
        (("--since", "1m"), [0, 1, 2, 3, 4]),
        (("--since", "1h"), [0, 1, 2, 3, 4]),
        (("--since", "1d"), [0, 1, 2, 3, 4]),
        (("--since", "0s"), []),
        (("--since-time", str(START + 3 * SECOND)), [3, 4]),
        (("--since-time", "2023-11-14T22:13:22Z"), [2, 3, 4]),
        (("--since-time", "2023-11-14t23:13:23.5+01:00"), [4]),
        (("--since-time", "2099-01-01T00:00:00Z"), []),
    ],
)
def test_only_the_newer_lines_are_shown(
    five: World, options: tuple[str, ...], shown: list[int]
) -> None:
    assert numbers(five, *options) == shown


def test_later_than_a_time_is_strictly_later(five: World) -> None:
    moment = json.loads(log_of(five).read_text().splitlines()[3])[2]

    assert numbers(five, "--since-time", str(moment)) == [4]
    assert numbers(five, "--since-time", str(moment - 1)) == [3, 4]


_STAMP = (
    "Invalid timestamp format: {}. Required either nanoseconds since epoch or RFC3339 format "
    "(e.g. '2021-05-06T19:17:10.000000002Z')"
)


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("since", "", "Duration cannot be empty"),
        ("since", "s", "Invalid number format in duration"),
        ("since", "1.5s", "Invalid number format in duration"),
        ("since", "5y", "Unknown duration unit: 'y'. Valid units are s, m, h, d"),
        ("since-time", "now", _STAMP.format("now")),
        ("since-time", "2023-11-14T22:13:22", _STAMP.format("2023-11-14T22:13:22")),
        ("since-time", "2023-13-14T22:13:22Z", _STAMP.format("2023-13-14T22:13:22Z")),
        ("tail", "x", "invalid digit found in string"),
        ("tail", "18446744073709551616", "number too large to fit in target type"),
    ],
)
def test_a_point_in_time_that_is_none_is_a_usage_error(
    world: World, option: str, value: str, why: str
) -> None:
    usage = f"--{option} <{option.upper().replace('-', '_')}>"

    assert world.run("canister", "logs", "backend", f"--{option}={value}") == (
        2,
        "",
        (
            f"error: invalid value '{value}' for '{usage}': {why}\n\n"
            "For more information, try '--help'.\n\n"
        ),
    )


@pytest.mark.parametrize(
    "options",
    [
        ("--tail=1", "--since=1s"),
        ("--tail=1", "--since-time=1"),
        ("--since=1s", "--since-time=1"),
        ("--tail=1", "--follow"),
        ("--since=1s", "--follow"),
    ],
)
def test_one_way_to_choose_does_not_stand_beside_another(
    world: World, options: tuple[str, str]
) -> None:
    result = world.run("canister", "logs", "backend", *options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be used with" in result.stderr


def test_an_empty_log_is_one_empty_line(world: World) -> None:
    assert world.run("canister", "logs", "backend") == (0, "\n", "")


def test_a_reader_that_goes_away_is_no_error(world: World, session_of: OpenSession) -> None:
    session_of()
    done = world.shell(f"{PROGRAM} canister logs backend | grep -c 'create_physical_art_session'")

    assert done == (0, "1\n", "")


# --- who may read it ---


def test_the_log_is_for_controllers_until_viewers_are_allowed_or_it_is_public(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    setting = ("canister", "update-settings", "backend")
    reading = ("canister", "logs", "backend", "--identity")
    bob = world.principal("bob")

    refused = world.run(*reading, "bob")
    assert refused == (
        255,
        "",
        (
            f"Error: Failed to get canister logs of {BACKEND}.\n"
            f"Caused by: Failed to query call function 'fetch_canister_logs' regarding canister "
            f"'{BACKEND}'.\n"
            "Caused by: Query call (without wallet) failed.\n"
            "Caused by: The replica returned a rejection error: reject code CanisterReject, reject "
            f"message Caller {bob} is not allowed to access canister logs, error code "
            'Some("IC0406")\n'
        ),
    )
    world.run(*setting, f"--add-log-viewer={bob}")
    assert world.run(*reading, "bob").exit_code == 0
    assert world.run(*reading, "carol").exit_code == 255
    assert world.run(*reading, "default").exit_code == 0, "a controller always may"
    world.run(*setting, "--remove-log-viewer", "bob")
    assert world.run(*reading, "bob").exit_code == 255
    world.run(*setting, "--log-visibility", "public")
    assert world.run(*reading, "anonymous").exit_code == 0


# --- how long it lasts ---


def test_the_log_outlives_stopping_and_a_snapshot_but_not_the_code(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    world.run("canister", "stop", "backend")
    made = world.run("canister", "snapshot", "create", "backend").stdout.split()[-1]
    world.run("canister", "start", "backend")
    session_of()
    world.run("canister", "stop", "backend")
    assert world.run("canister", "snapshot", "load", "backend", made).exit_code == 0
    world.run("canister", "start", "backend")
    assert numbers(world) == [0, 1]

    world.run("canister", "uninstall-code", "backend")
    assert logs(world) == []
    world.run("deploy", "backend")
    session_of()
    assert numbers(world) == [2], "a number never comes again"


def test_each_canister_has_numbers_of_its_own(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "log"))

    for canister in (1, 2, 1, 1, 2):
        log.append(canister, 5, "said")
    log.drop(2)
    log.append(2, 5, "again")

    assert [idx for idx, _, _ in log.newest_first(1)] == [2, 1, 0]
    assert [idx for idx, _, _ in log.newest_first(2)] == [2]


def test_a_clock_that_goes_back_leaves_the_log_in_order(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "log"))

    for moment in (5, 3, 9):
        log.append(1, moment, "said")

    assert [moment for _, moment, _ in log.newest_first(1)] == [9, 5, 5]


def test_a_long_log_keeps_its_newest_part_and_numbers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 5_000)
    monkeypatch.setattr(log_file, "KEPT", 4_000)
    log = LogFile(str(tmp_path / "log"))

    for number in range(500):
        log.append(1 + number % 2, number, f"said {number}")
        assert (tmp_path / "log").stat().st_size <= 5_100

    assert [path.name for path in tmp_path.iterdir()] == ["log"]
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    kept = list(log.newest_first(2))
    assert kept[0] == (249, 499, "said 499")
    assert [idx for idx, _, _ in kept] == list(range(249, 249 - len(kept), -1))
    assert len(kept) > 20


@given(st.lists(st.sampled_from([b"[1,", b"[]", b"\n", b"x", b'[1,0,5,"m",{"1":"a"}]', b"\xff"])))
def test_what_is_no_whole_line_is_passed_over(
    tmp_path_factory: pytest.TempPathFactory, noise: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("noise") / "log"
    log = LogFile(str(path))
    log.append(1, 5, "before")
    with path.open("ab") as file:
        file.write(b"".join(noise))

    log.append(1, 6, "after")

    assert list(log.newest_first(1)) == [(1, 6, "after"), (0, 5, "before")]


def test_the_tail_of_a_large_log_is_found_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = LogFile(str(tmp_path / "log"))
    log.append(1, 1, "said")
    line = (tmp_path / "log").read_bytes()
    (tmp_path / "log").write_bytes(line * 20_000)
    asked: list[int] = []
    pread = os.pread

    def counted(descriptor: int, count: int, start: int) -> bytes:
        asked.append(count)
        return pread(descriptor, count, start)

    monkeypatch.setattr(os, "pread", counted)
    assert len([next(log.newest_first(1))]) == 1
    log.append(1, 2, "said")

    assert sum(asked) < 40_000


# --- many processes ---


def append_many(path: str, count: int) -> subprocess.Popen[bytes]:
    """Start a process that appends to a log whose bounds are small."""
    script = (
        "import sys\n"
        "from originstamp_cli.store import log_file\n"
        "log_file.LARGEST, log_file.KEPT = 60_000, 40_000\n"
        "for _ in range(int(sys.argv[2])):\n"
        "    log_file.LogFile(sys.argv[1]).append(1, 5, 'said')\n"
    )
    import sys

    return subprocess.Popen([sys.executable, "-c", script, path, str(count)])


def test_eight_processes_share_a_log_without_a_gap_or_a_double(world: World) -> None:
    world.call("create_physical_art_session", '("alice", "Harbour", "")')
    world.run("canister", "update-settings", "backend", "--policy", "faithful")
    line = f'{PROGRAM} canister call backend create_physical_art_session \'("a", "b", "")\''
    script = f"for each in 1 2 3 4 5; do {line} > /dev/null || exit 1; done"

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: world.shell(script), range(8)))

    assert [each.exit_code for each in done] == [0] * 8
    assert numbers(world) == list(range(41))
    assert world.call("get_session_count") == "(41 : nat64)"


def test_a_log_that_is_shortened_while_eight_processes_write_loses_no_number(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log"
    writers = [append_many(str(path), 400) for _ in range(8)]

    assert [writer.wait(PATIENCE) for writer in writers] == [0] * 8
    kept = [idx for idx, _, _ in LogFile(str(path)).newest_first(1)]
    assert kept == list(range(3_199, 3_199 - len(kept), -1))
    assert 40_000 // 60 < len(kept) < 3_200
    assert [each.name for each in tmp_path.iterdir()] == ["log"]


@contextlib.contextmanager
def following(world: World, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run `logs --follow` in a process of its own, which ends with the test."""
    process = subprocess.Popen(
        [PROGRAM, "canister", "logs", "backend", "--follow", *options],
        env=world.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_following_shows_what_there_is_and_what_others_add_until_it_is_stopped(
    world: World, sign: signal.Signals
) -> None:
    call = ("canister", "call", "backend", "create_physical_art_session", '("a", "b", "")')
    world.process(*call)

    with following(world, "--interval", ".05") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("[0. ")
        for number in (1, 2):
            world.process(*call)
            assert process.stdout.readline().startswith(f"[{number}. ")
        process.send_signal(sign)
        rest = process.communicate(timeout=PATIENCE)

    assert rest == ("", "")
    assert process.returncode == 0


def test_following_goes_on_when_the_log_is_shortened(world: World) -> None:
    call = ("canister", "call", "backend", "create_physical_art_session", '("a", "b", "")')
    world.process(*call)

    with following(world, "--interval", "0") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("[0. ")
        log = log_of(world)
        draft = log.with_suffix(".draft")
        draft.write_bytes(log.read_bytes())
        draft.rename(log)
        world.process(*call)
        assert process.stdout.readline().startswith("[1. ")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def test_following_ends_when_one_may_no_longer_read(world: World) -> None:
    call = ("canister", "call", "backend", "create_physical_art_session", '("a", "b", "")')
    world.process(*call)
    world.process("canister", "update-settings", "backend", "--add-controller", "bob")

    with following(world, "--interval", "0.01", "--identity", "bob") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("[0. ")
        world.process("canister", "update-settings", "backend", "--remove-controller", "bob")
        _, stderr = process.communicate(timeout=PATIENCE)

    assert process.returncode == 255
    assert "is not allowed to access canister logs" in stderr


@pytest.mark.parametrize("value", ["-1", "x", "nan", ""])
def test_an_interval_is_a_number_of_seconds(world: World, value: str) -> None:
    result = world.run("canister", "logs", "backend", "--follow", f"--interval={value}")

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"invalid value '{value}' for '--interval <INTERVAL>'" in result.stderr
