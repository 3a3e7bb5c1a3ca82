"""`batch`: many calls in one process, each whole or not at all, which last together."""

import json
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM, Result, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from terminal import run_on_terminal

OPEN = 'create_physical_art_session ("alice", "Harbour", "Oil on linen")'
COUNT = "get_session_count ()"


def told(result: Result) -> list[dict[str, Any]]:
    """Return the results that a batch printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def batch(world: World, *lines: str, options: tuple[str, ...] = ()) -> Result:
    return world.run("batch", "-", *options, typed="\n".join(lines))


def sessions(world: World) -> str:
    return world.call("get_session_count")


def test_results_come_in_order_each_with_its_line(world: World) -> None:
    result = batch(world, "# two sessions", OPEN, "", OPEN, COUNT)

    assert (result.exit_code, result.stderr) == (0, "")
    first, second, count = told(result)
    assert [first["line"], second["line"]] == [2, 4]
    assert first["reply"] != second["reply"]
    assert count == {"line": 5, "status": "ok", "reply": 2}
    assert sessions(world) == "(2 : nat64)"


def test_a_line_without_an_end_and_one_that_ends_in_a_carriage_return_are_lines(
    world: World,
) -> None:
    result = world.run("batch", "-", typed=f"{COUNT}\r\n  {COUNT}  ")

    assert [each["reply"] for each in told(result)] == [0, 0]


def test_a_batch_without_lines_does_nothing_and_makes_no_file(world: World) -> None:
    assert world.run("batch", "-") == (0, "", "")
    assert not world.state.exists()


def test_queries_make_no_file(world: World) -> None:
    assert batch(world, COUNT, "nft.icrc7_name").exit_code == 0
    assert not world.state.exists()


def test_a_refusal_is_told_and_the_rest_is_done(world: World) -> None:
    result = batch(world, OPEN, 'update_session_status ("nope", "done")', OPEN)

    assert result.exit_code == 1
    assert told(result)[1] == {
        "line": 2,
        "status": "err",
        "error": "Session not found",
        "reply": {"Err": "Session not found"},
    }
    assert result.stderr == "Refused: 1 of 3 calls.\n"
    assert sessions(world) == "(2 : nat64)"


def test_a_query_that_answers_no_is_not_refused(world: World) -> None:
    result = batch(world, "get_s3_config_status ()")

    assert (result.exit_code, told(result)[0]["reply"]) == (0, False)


def test_one_of_several_transfers_that_is_refused_is_a_refusal(world: World) -> None:
    result = batch(
        world,
        'nft.icrc7_transfer (vec { record { to = record { owner = principal "aaaaa-aa" }; '
        "token_id = 1 } })",
    )

    assert result.exit_code == 1
    assert told(result)[0]["status"] == "err"
    assert told(result)[0]["error"].startswith("1 of 1 refused: ")


def test_a_method_that_is_not_there_is_rejected(world: World) -> None:
    result = batch(world, "nope ()")

    assert result.exit_code == 1
    assert told(result)[0]["status"] == "rejected"
    assert told(result)[0]["code"] == "IC0536"


def test_what_traps_is_undone_and_the_rest_lasts(world: World) -> None:
    config = dict.fromkeys(("bucket_name", "region", "access_key_id", "secret_access_key"), "a")
    configure = {"method": "configure_s3", "args": [config]}

    result = batch(world, OPEN, json.dumps(configure | {"identity": "bob"}), OPEN, COUNT)

    assert [each["status"] for each in told(result)] == ["ok", "rejected", "ok", "ok"]
    assert told(result)[1]["code"] == "IC0503"
    assert told(result)[3]["reply"] == 2


def test_each_line_sees_what_the_lines_before_it_left_in_the_canister(world: World) -> None:
    (opened,) = told(batch(world, OPEN))
    photo = f'upload_photo_to_session ("{opened["reply"]}", "https://a.example/%s.jpg")'
    status = f'update_session_status ("{opened["reply"]}", "")'
    lines = (photo % 1, "get_storage_stats ()", status, photo % 2, "get_storage_stats ()")

    results = told(batch(world, *lines))

    assert [each["status"] for each in results] == ["ok", "ok", "err", "ok", "ok"]
    assert [results[at]["reply"]["photos"] for at in (1, 4)] == [1, 2]
    assert "photos = 2" in world.call("get_storage_stats")


def test_the_first_who_changes_anything_controls_the_canister_for_the_next_lines(
    world: World,
) -> None:
    change = 'update_collection_metadata ("Works", null, null, null)'
    arguments = change.partition(" ")[2]
    by_bob = {"method": "update_collection_metadata", "args": arguments, "identity": "bob"}

    results = told(batch(world, change, change, json.dumps(by_bob)))

    assert [each["status"] for each in results] == ["ok", "ok", "err"]


def test_an_argument_may_be_written_in_any_spelling_of_candid(world: World) -> None:
    spelt = ("(2)", "(2 : nat64)", "(0x2)", "((2 : nat64)) // a comment", "2")

    results = told(batch(world, OPEN, *(f"get_recent_sessions {each}" for each in spelt)))

    assert [len(each["reply"]) for each in results[1:]] == [1] * len(spelt)
    assert len({json.dumps(each["reply"]) for each in results[1:]}) == 1


BAD_LINES = (
    ('get_user_info ("alice"', '  get_user_info ("alice"\n'),
    ("icrc7_owner_of (vec { -1 })", "^^"),
    ("()", "A line begins with the name of a method."),
    ("get_user_info", "An argument is needed, and there is none."),
    ('{"method": "get_user_count"', "This is no JSON: EOF while parsing an object."),
    ('{"args": "()"}', "method: field required."),
    ('{"method": "get_user_count", "who": "bob"}', "who: extra inputs are not permitted."),
    ('{"method": 7}', "method: input should be a valid string."),
    ('{"method": "get_user_info", "args": [7]}', "args[0]: a value of text is needed."),
    ('{"method": "get_user_info", "args": []}', "args: 0 values are given, and 1 belong here."),
    ('{"method": "get_user_count", "identity": "nobody"}', "nobody"),
    ("nowhere.get_user_count ()", "Cannot find canister id."),
    (f"get_user_info ({'(' * 5000}", "values nested more than 1000 deep"),
    (f'{{"method": "get_user_info", "args": {"[" * 5000}', "This is no JSON"),
)


@pytest.mark.parametrize(("line", "said"), BAD_LINES)
def test_a_line_that_is_no_call_is_told_with_its_number(world: World, line: str, said: str) -> None:
    result = batch(world, COUNT, line, COUNT)

    assert result.exit_code == 2
    assert [each["status"] for each in told(result)] == ["ok", "invalid", "ok"]
    assert result.stderr.startswith("Line 2: ")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_the_place_of_a_mistake_is_drawn(world: World) -> None:
    result = batch(world, '  icrc7_owner_of (vec { 1; "x" })')

    assert result.stderr == (
        'Line 1: type mismatch: "x" cannot be of type nat64\n'
        '  icrc7_owner_of (vec { 1; "x" })\n'
        "                           ^^^\n"
        "Not a call: 1 line.\n"
    )


def test_a_password_in_a_line_that_is_wrong_is_not_shown(world: World) -> None:
    lines = ('login ("alice", "battery staple"', '{"method": "login", "args": ["a", "staple"')
    result = batch(world, *lines)

    assert result.exit_code == 2
    assert "staple" not in result.stderr + result.stdout


def test_bytes_that_are_no_text_are_told(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_bytes(b"get_user_count\n\xff\xfe\nget_user_count\n")

    result = world.run("batch", str(file))

    assert result.exit_code == 2
    assert result.stderr.startswith("Line 2: Byte 1 is not valid UTF-8 text.\n")
    assert [each["status"] for each in told(result)] == ["ok", "invalid", "ok"]


def test_a_line_of_many_megabytes_is_passed_over(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    with file.open("wb") as out:
        out.write(b'get_user_count\nget_user_info ("' + b"x" * 9 * 2**20 + b'")\nget_user_count\n')

    result = world.run("batch", str(file))

    assert [each["status"] for each in told(result)] == ["ok", "invalid", "ok"]
    assert result.stderr.startswith("Line 2: The line has more than 8 MiB.\n")


def test_a_file_that_is_not_there_is_said(world: World) -> None:
    result = world.run("batch", "nowhere.txt")

    assert result == (
        2,
        "",
        (
            "Error: The file 'nowhere.txt' cannot be read: No such file or directory.\n"
            "To fix: Name another, or - for standard input.\n"
        ),
    )


def test_a_folder_is_no_file(world: World, tmp_path: Path) -> None:
    assert world.run("batch", str(tmp_path)).exit_code == 2


# --- identities and canisters ---


def test_each_line_may_act_in_another_name(world: World) -> None:
    [opened] = told(batch(world, OPEN))
    status = {"method": "update_session_status", "args": [opened["reply"], "done"]}

    result = batch(world, json.dumps(status | {"identity": "bob"}), json.dumps(status))

    assert [each["status"] for each in told(result)] == ["err", "ok"]


def test_the_canister_is_an_option_or_stands_before_the_method(world: World) -> None:
    lines = ("icrc7_supply_cap", "backend.get_user_count", '{"method": "icrc7_name"}')
    result = batch(world, *lines, options=("--canister", "nft"))

    assert [each["reply"] for each in told(result)] == [None, 0, "Origin Stamp Art NFTs"]


def test_a_canister_that_is_not_there_stops_it_at_once(world: World) -> None:
    result = batch(world, COUNT, options=("--canister", "nowhere"))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere" in result.stderr


def test_arguments_may_be_values_of_json(world: World) -> None:
    [opened] = told(batch(world, OPEN))
    owner = world.principal("bob")
    mint = [opened["reply"], {"owner": owner, "subaccount": "00" * 32}, [["medium", "oil"]]]
    lines = (
        {"method": "mint_nft_from_session", "args": mint},
        {"method": "icrc7_owner_of", "args": [["1", 2]]},
        {"method": "icrc7_tokens", "args": []},
    )

    result = batch(world, *map(json.dumps, lines))

    assert [each["reply"] for each in told(result)] == [
        1,
        [{"owner": owner, "subaccount": "00" * 32}, None],
        [1],
    ]


def test_replies_may_be_candid(world: World) -> None:
    result = batch(world, OPEN, COUNT, "nope", options=("--output", "idl"))

    first, count, rejected = result.stdout.splitlines()
    assert first.startswith('(variant { Ok = "')
    assert count == "(1 : nat64)"
    assert rejected.startswith("// line 3: rejected: ")


# --- how it ends ---


def test_it_stops_at_what_fails_where_it_is_told_to(world: World) -> None:
    result = batch(world, OPEN, "nope", OPEN, options=("--stop-on-error",))

    assert result.exit_code == 1
    assert [each["line"] for each in told(result)] == [1, 2]
    assert result.stderr == (
        "Line 2 failed. What the lines up to 2 did lasts; nothing after them was done.\n"
    )
    assert sessions(world) == "(1 : nat64)"


@pytest.mark.parametrize(
    ("failing", "code"), [("nope", 1), ("get_user_info (", 2), ('set_status ("x", "y")', 1)]
)
def test_an_atomic_batch_that_fails_changes_nothing(world: World, failing: str, code: int) -> None:
    batch(world, OPEN)
    before = world.state.read_bytes()

    result = batch(world, OPEN, COUNT, failing, OPEN, options=("--atomic",))

    assert result.exit_code == code
    assert [each["line"] for each in told(result)] == [3]
    assert result.stderr.endswith("Line 3 failed. Nothing was changed.\n")
    assert sessions(world) == "(1 : nat64)"
    assert world.state.suffix != ".json" or world.state.read_bytes() == before


def test_an_atomic_batch_that_fails_makes_no_file(world: World) -> None:
    assert batch(world, OPEN, "nope", options=("--atomic",)).exit_code == 1
    assert not world.state.exists()


def test_an_atomic_batch_is_done_whole(world: World) -> None:
    register = 'register_user ("alice", "correct horse")'
    lines = (COUNT, OPEN, register, register, "get_user_count")
    kept = batch(world, *lines[:3], lines[4], options=("--atomic",))

    assert kept.exit_code == 0
    assert [each["reply"] for each in told(kept)][-1] == 1
    assert batch(world, register, options=("--atomic",)).exit_code == 1


def test_what_was_undone_is_told_in_the_log(world: World) -> None:
    batch(world, OPEN)
    batch(world, OPEN, "nope", options=("--atomic",))

    log = world.run("canister", "logs", "backend").stdout.splitlines()

    assert len(log) == 3
    assert log[1].endswith(": ok (undone with its batch)")


def test_atomic_cannot_keep_going(world: World) -> None:
    result = batch(world, OPEN, options=("--atomic", "--keep-going"))

    assert (result.exit_code, result.stdout) == (2, "")


def test_slow_work_sees_what_the_lines_before_it_did(world: World) -> None:
    lines = (
        'register_user ("alice", "correct horse")',
        'register_user ("alice", "another one")',
        'change_password ("alice", "correct horse", "battery staple")',
        'login ("alice", "correct horse")',
        'login ("alice", "battery staple")',
    )
    for options in ((), ("--stop-on-error",)):
        result = batch(world, *lines, options=options)
        assert result.exit_code == 1
    assert [each["status"] for each in told(batch(world, *lines[3:]))] == ["err", "ok"]


def test_a_stopped_network_is_said_and_exits_4(world: World) -> None:
    world.run("stop")

    result = batch(world, COUNT)

    assert (result.exit_code, result.stdout) == (4, "")


def test_a_damaged_state_is_said_and_exits_3(world: World) -> None:
    world.state.parent.mkdir(parents=True, exist_ok=True)
    world.state.write_bytes(b"nothing of ours" * 100)

    result = batch(world, OPEN)

    assert (result.exit_code, result.stdout) == (3, "")


# --- the same as single calls ---

METHODS = st.sampled_from(
    (
        OPEN,
        COUNT,
        'register_user ("alice", "")',
        'update_session_status ("nope", "x")',
        'update_collection_metadata ("Harbours", null, null, opt 7)',
        "nope",
        "icrc7_collection_metadata",
        'login ("bob", "x")',
        (
            'generate_upload_url ("nope", record { filename = "a"; content_type = "b"; '
            "file_size = 1 })"
        ),
    )
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(st.tuples(METHODS, st.sampled_from(("default", "bob"))), max_size=8),
    kind=st.sampled_from(("state.db", "state.json")),
)
def test_a_batch_answers_and_changes_what_single_calls_do(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], kind: str
) -> None:
    folder = tmp_path_factory.mktemp("same")
    single, grouped = (
        World(folder / name / "home", folder / name / kind).ready() for name in ("one", "many")
    )
    for world in (single, grouped):
        world.clock = lambda: 1_800_000_000_000_000_000  # type: ignore[method-assign]
    answers: list[str] = []
    spoken: list[str] = []
    for text, name in lines:
        method, *argument = text.split(" ", 1)
        words = ("canister", "call", "backend", method, *argument)
        done = single.run(*words, "--identity", name, "--output", "idl")
        answers.append(done.stdout.strip() if done.exit_code == 0 else "//")
        asked = {"method": method, "identity": name}
        spoken.append(json.dumps(asked | ({"args": argument[0]} if argument else {})))

    result = batch(grouped, *spoken, options=("--output", "idl"))

    assert [
        each if each.startswith("(") else "//" for each in result.stdout.splitlines()
    ] == answers
    assert grouped.state.exists() == single.state.exists()
    for query in ("get_recent_sessions", "icrc7_collection_metadata", "get_dashboard_metrics"):
        given_to_it = "(9)" if query == "get_recent_sessions" else None
        assert grouped.call(query, given_to_it) == single.call(query, given_to_it)
    logs = [world.run("canister", "logs", "backend") for world in (single, grouped)]
    assert logs[0] == logs[1]


# --- real processes: pipes, signals, terminals ---


def start(world: World, *words: str, **streams: Any) -> subprocess.Popen[bytes]:
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    options: dict[str, Any] = {**pipes, **streams, "env": world.variables, "bufsize": 0}
    process: subprocess.Popen[bytes] = subprocess.Popen([PROGRAM, "batch", *words], **options)
    return process


def answer(process: subprocess.Popen[bytes]) -> bytes:
    """Return the next line that a batch prints; an answer that does not come raises."""
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 60.0)[0], "no answer came"
    return process.stdout.readline()


def test_a_pipe_is_answered_as_it_comes(world: World) -> None:
    with start(world, "-") as process:
        assert process.stdin is not None
        for number in range(1, 4):
            process.stdin.write(f"{OPEN}\n".encode())
            process.stdin.flush()
            assert json.loads(answer(process))["line"] == number
            assert sessions(world) == f"({number} : nat64)", "what is told lasts"
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_leaves_whole_calls_and_says_how_many(
    fresh: World, number: signal.Signals
) -> None:
    with start(fresh, "-") as process:
        assert process.stdin is not None
        process.stdin.write(f"{OPEN}\n{OPEN}\n".encode())
        process.stdin.flush()
        assert json.loads(answer(process))["line"] == 1
        assert json.loads(answer(process))["line"] == 2
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert errors.decode().endswith(
        "Interrupted. What the lines up to 2 did lasts; nothing after them was done.\n"
    )
    assert sessions(fresh) == "(2 : nat64)"


def test_an_interruption_of_an_atomic_batch_leaves_nothing(world: World) -> None:
    with start(world, "-", "--atomic") as process:
        assert process.stdin is not None
        process.stdin.write(f"{OPEN}\n".encode())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not world.state.parent.exists():  # made when the transaction begins
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        told_of, errors = process.communicate(timeout=60)

    assert (process.returncode, told_of) == (130, b"")
    assert errors.decode() == "Interrupted. Nothing was changed.\n"
    assert not world.state.exists()


def test_an_interruption_in_the_middle_leaves_what_is_told(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text(f"{OPEN}\n" * 20_000, encoding="utf-8")

    with start(world, str(file)) as process:
        answer(process)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=120)

    told_of = 1 + len(rest.splitlines())
    assert process.returncode == 130
    assert errors.decode() == (
        f"Interrupted. What the lines up to {told_of} did lasts; nothing after them was done.\n"
    )
    assert sessions(world) == f"({told_of:_} : nat64)"
    assert told_of < 20_000


def test_a_kill_in_the_middle_leaves_all_that_was_told(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text(f"{OPEN}\n" * 20_000, encoding="utf-8")

    with start(world, str(file)) as process:
        for _ in range(100):
            answer(process)
        process.kill()
        rest, _ = process.communicate(timeout=60)

    count = int(sessions(world).strip("()").split(" ")[0].replace("_", ""))
    assert count >= rest.count(b"\n")
    assert told(batch(world, OPEN))[0]["status"] == "ok", "the next call just works"


def test_a_reader_that_goes_away_ends_it(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text(f"{COUNT}\n" * 20_000, encoding="utf-8")
    done = world.shell(f"{PROGRAM} batch {file} | head -1; echo ${{PIPESTATUS[0]}}")

    assert done.stdout.splitlines()[1] == "141"
    assert done.stderr == ""


def test_others_get_their_turn(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text(f"{OPEN}\n" * 5_000, encoding="utf-8")

    with start(world, str(file), stdout=subprocess.DEVNULL) as process:
        world.call("create_physical_art_session", '("bob", "Quay", "Ink")')
        assert process.wait(120) == 0

    assert sessions(world) == "(5_001 : nat64)"


def test_progress_is_shown_on_a_terminal_and_gone_at_the_end(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text(f"{COUNT}\n" * 600, encoding="utf-8")
    world.variables["TERM"] = "xterm"

    ended = run_on_terminal([PROGRAM, "batch", str(file)], world.variables, stdout=subprocess.PIPE)

    assert ended.exit_code == 0
    assert "calls.txt" in ended.shown
    assert ended.piped.count('"status":"ok"') == 600


def test_a_batch_stays_within_the_memory_limit_though_nothing_of_it_is_in_the_file_yet(
    world: World,
) -> None:
    [opened] = told(batch(world, OPEN))
    session = opened["reply"]
    world.run("canister", "update-settings", "backend", "--wasm-memory-limit", "70MB")
    extra = f'vec {{ record {{ "note"; "{"x" * 900_000}" }} }}'
    to = 'record { owner = principal "aaaaa-aa" }'
    mint = f'mint_nft_from_session ("{session}", {to}, {extra})'

    result = batch(world, *[mint] * 80, options=("--atomic",))

    assert result.exit_code == 1
    [refused] = told(result)
    assert refused == {
        "line": 78,
        "status": "rejected",
        "error": "The canister's records would take 70287383 bytes; its Wasm memory limit is "
        "70000000 bytes.",
        "code": "IC0539",
    }
    assert world.call("get_session_nfts", f'("{session}")') == "(vec {})"
