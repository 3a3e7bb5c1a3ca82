"""`canister call` on the dfx face: what is printed where, and the exit code."""

from pathlib import Path

import pytest
from conftest import BACKEND, Result, World

USER = '("alice", "secret")'
WELCOME = """\
(
  record {
    username = opt "alice";
    message = "User registered successfully";
    success = true;
  },
)
"""
CALL_USAGE = (
    "\n\nUsage: dfx canister call [OPTIONS] <CANISTER_NAME> <METHOD_NAME> [ARGUMENT]"
    "\n\nFor more information, try '--help'.\n\n"
)


def dfx(world: World, *words: str, typed: str = "") -> Result:
    """Run `canister call` with these words."""
    return world.run("canister", "call", *words, typed=typed)


def failed(*lines: str) -> Result:
    """Return what a failed call leaves behind."""
    return Result(255, "", "".join(f"{line}\n" for line in lines))


def unserializable(why: str) -> tuple[str, str]:
    """Return the two lines of an argument that does not fit its type."""
    twice = "Unable to serialize Candid values: Invalid data: Unable to serialize Candid values: "
    return "Error: Failed to create argument blob.", f"Caused by: Invalid data: {twice}{why}"


def test_a_reply_is_pretty_printed_on_stdout(world: World) -> None:
    assert dfx(world, "backend", "register_user", USER) == (0, WELCOME, "")


def test_a_canister_is_called_by_its_id_too(world: World) -> None:
    assert dfx(world, BACKEND, "register_user", USER) == (0, WELCOME, "")


def test_a_reply_is_printed_on_one_line_or_as_json_on_request(world: World) -> None:
    dfx(world, "backend", "register_user", USER)

    idl = dfx(world, "backend", "login", USER, "--output", "idl")
    json = dfx(world, "backend", "login", USER, "--output=json")

    fields = 'username = opt "alice"; message = "Login successful"; success = true;'
    assert idl == (0, f"(record {{ {fields}}})\n", "")
    assert json == (
        0,
        (
            '{\n  "message": "Login successful",\n  "success": true,\n'
            '  "username": [\n    "alice"\n  ]\n}\n'
        ),
        "",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--identity", "bob", "canister", "call", "backend", "debug_info"),
        ("canister", "--identity", "bob", "call", "backend", "debug_info"),
        ("canister", "call", "--identity", "bob", "backend", "debug_info"),
        ("canister", "call", "backend", "--identity=bob", "debug_info"),
        ("canister", "call", "backend", "debug_info", "--identity", "bob"),
        (
            "-v",
            "--network",
            "local",
            "canister",
            "call",
            "backend",
            "debug_info",
            "()",
            "--identity",
            "bob",
        ),
    ],
)
def test_options_stand_anywhere(world: World, words: tuple[str, ...]) -> None:
    result = world.run(*words)

    assert result.exit_code == 0
    assert f'caller = principal "{world.principal("bob")}"' in result.stdout


def test_the_flag_beats_the_environment_which_beats_the_selection(world: World) -> None:
    world.run("identity", "use", "bob")
    assert world.principal("bob") in dfx(world, "backend", "debug_info").stdout

    world.variables["DFX_IDENTITY"] = "carol"
    assert world.principal("carol") in dfx(world, "backend", "debug_info").stdout
    by_flag = dfx(world, "backend", "debug_info", "--identity", "anonymous").stdout
    assert 'caller = principal "2vxsx-fae"' in by_flag


def test_an_err_is_a_success(world: World) -> None:
    result = dfx(world, "backend", "update_session_status", '("nope", "draft")')

    assert result == (0, '(variant { Err = "Session not found" })\n', "")


def test_the_argument_comes_from_a_file_or_standard_input(world: World, tmp_path: Path) -> None:
    file = tmp_path / "argument"
    file.write_text(USER)

    assert dfx(world, "--argument-file", str(file), "backend", "register_user").stdout == WELCOME
    by_stdin = dfx(world, "backend", "login", "--argument-file", "-", typed=USER)
    assert '"Login successful"' in by_stdin.stdout


def test_dfx_is_lenient_with_the_argument(world: World) -> None:
    dfx(world, "backend", "register_user", USER)

    bare = dfx(world, "backend", "get_user_info", "alice")
    quoted = dfx(world, "backend", "get_user_info", '"alice"')
    number = dfx(world, "backend", "get_recent_sessions", "5")
    extra = dfx(world, "backend", "get_user_count", '("dropped", 1)')
    none = dfx(world, "backend", "icrc7_tokens")

    assert bare.stdout == quoted.stdout
    assert bare.stdout.startswith('(opt record { "alice"; 1_70')
    assert number == (0, "(vec {})\n", "")
    assert extra == (0, "(1 : nat64)\n", "")
    assert none == (0, "(vec {})\n", "")


def test_a_query_is_made_of_a_query_method_by_any_flag(world: World) -> None:
    for flags in ((), ("--query",), ("--update",)):
        assert dfx(world, "backend", "get_user_count", *flags) == (0, "(0 : nat64)\n", "")
    assert dfx(world, "backend", "register_user", USER, "--update") == (0, WELCOME, "")


def test_an_update_method_cannot_be_queried(world: World) -> None:
    result = dfx(world, "backend", "register_user", USER, "--query")

    assert result == failed(
        "Error: register_user is an update method, not a query method.",
        "To fix: Run the command without '--query'.",
    )


def test_more_is_said_of_it_when_asked_for(world: World) -> None:
    result = dfx(world, "-v", "backend", "register_user", USER, "--query")

    assert result == failed(
        "Error: Not a query method.",
        "Error: register_user is an update method, not a query method.",
        "To fix: Run the command without '--query'.",
    )


def test_an_unknown_network_is_named(fresh: World) -> None:
    assert dfx(fresh, "backend", "get_user_count", "--network", "nosuch") == failed(
        "Error: Failed to create AgentEnvironment.", "Caused by: Network not found: nosuch"
    )


def test_an_empty_name_is_nobodys(world: World) -> None:
    assert dfx(world, "backend", "get_user_count", "--identity", "").exit_code == 255
    assert dfx(world, "backend", "get_user_count", "--identity=").exit_code == 255
    assert dfx(world, "backend", "get_user_count", "--state=").exit_code == 255


def test_help_is_an_argument_after_two_dashes(world: World) -> None:
    assert dfx(world, "backend", "get_user_info", "--", "--help") == (0, "(null)\n", "")


def test_an_unknown_canister_is_named(world: World) -> None:
    assert dfx(world, "nosuch", "get_user_count") == failed(
        "Error: Cannot find canister id. Please issue 'dfx canister create nosuch'."
    )


def test_a_canister_id_that_is_not_there_is_rejected(world: World) -> None:
    missing = "rrkah-fqaaa-aaaaa-aaaaq-cai"

    result = dfx(world, missing, "get_user_count")

    assert result == failed(
        "WARNING: Cannot fetch Candid interface for get_user_count, "
        "sending arguments with inferred types.",
        "Error: Failed update call.",
        "Caused by: The replica returned a rejection error: reject code DestinationInvalid, "
        f'reject message Canister {missing} not found, error code Some("IC0301")',
    )


@pytest.mark.parametrize(("flags", "kind"), [((), "update"), (("--query",), "query")])
def test_an_unknown_method_is_rejected(world: World, flags: tuple[str, ...], kind: str) -> None:
    result = dfx(world, "backend", "get_user_cuont", *flags)

    assert result == failed(
        "WARNING: Cannot fetch Candid interface for get_user_cuont, "
        "sending arguments with inferred types.",
        "The interface has no method 'get_user_cuont'; did you mean 'get_user_count'?",
        f"Error: Failed {kind} call.",
        "Caused by: The replica returned a rejection error: reject code CanisterError, reject "
        f"message Error from Canister {BACKEND}: Canister has no {kind} method 'get_user_cuont'..",
        "Check that the method being called is exported by the target canister. See documentation: "
        "https://internetcomputer.org/docs/current/references/execution-errors#method-not-found, "
        'error code Some("IC0536")',
    )


def test_a_syntax_error_points_at_its_place(world: World) -> None:
    result = dfx(world, "backend", "register_user", '("alice" "secret")')

    assert result == failed(
        "error: parser error",
        "  ┌─ Candid argument:1:10",
        "  │",
        '1 │ ("alice" "secret")',
        "  │          ^^^^^^^^ Unexpected token",
        "  │",
        '  = Expects one of ")", ",", ":"',
        "",
        "Error: Failed to create argument blob.",
        "Caused by: Invalid data: Unable to serialize Candid values: Invalid argument: Invalid "
        'Candid values: Candid parser error: Unrecognized token `Text("secret")` found at 9:17',
        'Expected one of ")", "," or ":"',
    )


@pytest.mark.parametrize(
    ("method", "argument", "why"),
    [
        ("register_user", '("alice", 1)', "type mismatch: 1 can not be of type text"),
        ("register_user", '("alice")', "wrong number of argument values"),
        ("get_recent_sessions", "(-1)", "ParseIntError: invalid digit found in string"),
        (
            "get_recent_sessions",
            "(18446744073709551616)",
            "ParseIntError: number too large to fit in target type",
        ),
        ("get_recent_sessions", '("5")', 'type mismatch: "5" cannot be of type nat64'),
        ("icrc7_tokens", "(5, 10)", "type mismatch: 5 can not be of type opt nat64"),
        (
            "generate_upload_url",
            '("s", record { filename = "a" })',
            "record field content_type not found",
        ),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(
    world: World, method: str, argument: str, why: str
) -> None:
    result = dfx(world, "backend", method, argument)

    drawing, _, official = result.stderr.partition("\n\n")
    assert (result.exit_code, result.stdout) == (255, "")
    assert official == "".join(f"{line}\n" for line in unserializable(why))
    assert drawing.startswith("error: type error\n  ┌─ Candid argument:1:")


def test_what_does_not_fit_is_pointed_at_with_what_was_perhaps_meant(world: World) -> None:
    argument = '("x", record {\n  ownr = principal "aaaaa-aa" }, vec {})'

    result = dfx(world, "backend", "mint_nft_from_session", argument)

    assert result == failed(
        "error: type error",
        "  ┌─ Candid argument:1:7",
        "  │",
        '1 │ ("x", record {',
        "  │       ^^^^^^^^ field owner is missing",
        "  │",
        "  = field `ownr` is not in the record; did you mean `owner`?",
        "",
        *unserializable("record field owner not found"),
    )


def test_missing_arguments_are_asked_for(world: World) -> None:
    assert dfx(world, "backend", "register_user") == failed(
        "Error: Failed to create argument blob.",
        "Caused by: Invalid data: Expected arguments but found none.",
    )


def test_an_unknown_identity_is_refused(world: World) -> None:
    result = dfx(world, "backend", "get_user_count", "--identity", "nosuch")

    place = world.home / ".config" / "dfx" / "identity" / "nosuch" / "identity.json"
    assert result == failed(
        "Error: Failed to create AgentEnvironment.",
        "Caused by: Failed to create AgentEnvironment for network 'local'.",
        "Caused by: The specified identity must exist",
        f"Caused by: Identity nosuch does not exist at '{place}'.",
    )


@pytest.mark.parametrize(
    "options", [("--network", "ic"), ("--ic",), ("--playground",), ("--network", "https://a.b")]
)
def test_another_network_is_refused_before_anything_happens(
    fresh: World, options: tuple[str, ...]
) -> None:
    result = dfx(fresh, "backend", "register_user", USER, *options)

    name = options[-1].removeprefix("--")
    assert result == failed(
        f"Error: The network '{name}' cannot be called: "
        "this version answers on the local network only.",
        "To fix: Leave out --network, or say --network local.",
    )
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            (),
            (
                "the following required arguments were not provided:"
                "\n  <CANISTER_NAME>\n  <METHOD_NAME>"
            ),
        ),
        (("backend",), "the following required arguments were not provided:\n  <METHOD_NAME>"),
        (("backend", "a", "()", "extra"), "unexpected argument 'extra' found"),
        (
            ("backend", "a", "-5"),
            "unexpected argument '-5' found\n\n  tip: to pass '-5' as a value, use '-- -5'",
        ),
        (
            ("backend", "a", "--query=yes"),
            "unexpected value 'yes' for '--query' found; no more were expected",
        ),
        (
            ("backend", "a", "--outptu", "idl"),
            "unexpected argument '--outptu' found\n\n  tip: a similar argument exists: '--output'",
        ),
        (
            ("backend", "a", "--output", "xml"),
            "invalid value 'xml' for '--output <OUTPUT>'\n  [possible values: idl, raw, pp, json]",
        ),
        (
            ("backend", "a", "--query", "--update"),
            "the argument '--query' cannot be used with '--update'",
        ),
        (
            ("backend", "a", "--identity"),
            "a value is required for '--identity <IDENTITY>' but none was supplied",
        ),
        (
            ("backend", "a", "--output", "pp", "--output", "pp"),
            "the argument '--output <OUTPUT>' cannot be used multiple times",
        ),
        (
            ("backend", "a", "--ic", "--network", "local"),
            "the argument '--ic' cannot be used with '--network <NETWORK>'",
        ),
        (
            ("backend", "a", "--argument-file", "/nowhere"),
            (
                "invalid value '/nowhere' for '--argument-file <ARGUMENT_FILE>': "
                "Path does not exist or is not a file."
            ),
        ),
        (
            ("backend", "a", "()", "--argument-file", "-"),
            "the argument '--argument-file <ARGUMENT_FILE>' cannot be used with '[ARGUMENT]'",
        ),
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(
    fresh: World, words: tuple[str, ...], why: str
) -> None:
    assert dfx(fresh, *words) == (2, "", f"error: {why}{CALL_USAGE}")
    assert not fresh.home.exists()


def test_an_argument_may_begin_with_a_dash_after_two(world: World) -> None:
    result = dfx(world, "backend", "get_user_info", "--", "-5")

    assert result == (0, "(null)\n", "")


def test_a_file_of_ones_own_gives_the_interface(world: World, tmp_path: Path) -> None:
    did = tmp_path / "own.did"
    did.write_text("service : { get_user_count : () -> (n : nat64) query }")

    assert dfx(world, "backend", "get_user_count", "--candid", str(did)).stdout == "(0 : nat64)\n"
    wrong = dfx(world, "backend", "register_user", USER, "--candid", str(did))
    assert wrong.stdout == (
        '(\n  record {\n    1_414_737_063 = opt "alice";\n'.replace(
            "1_414_737_063", field("username")
        )
        + f'    {field("message")} = "User registered successfully";\n'
        f"    {field('success')} = true;\n"
        "  },\n"
        ")\n"
    )
    assert wrong.stderr == (
        "WARNING: Cannot fetch Candid interface for register_user, "
        "sending arguments with inferred types.\n"
    )


def test_an_older_interface_still_calls_and_reads_what_it_knows(
    world: World, tmp_path: Path
) -> None:
    did = tmp_path / "older.did"
    did.write_text(
        """service : {
          register_user : (text, text) -> (record { success : bool; code : opt nat });
          get_recent_sessions : (nat64, text) -> (vec reserved) query;
          get_user_count : () -> (int) query;
        }"""
    )

    registered = dfx(world, "backend", "register_user", USER, "--candid", str(did))
    recent = dfx(world, "backend", "get_recent_sessions", '(5, "x")', "--candid", str(did))
    count = dfx(world, "backend", "get_user_count", "--candid", str(did))

    assert registered == (0, "(record { code = null; success = true })\n", "")
    assert recent == (0, "(vec {})\n", "")
    assert (count.exit_code, count.stdout) == (255, "")
    assert "Fail to decode argument 0 from nat64 to int" in count.stderr


def field(name: str) -> str:
    """Return how a field prints whose name is not known."""
    number = 0
    for byte in name.encode():
        number = (number * 223 + byte) % 2**32
    return f"{number:_}"


def test_a_file_that_is_no_interface_means_that_none_is_known(world: World) -> None:
    result = dfx(world, "backend", "get_user_count", "--candid", "/nowhere.did")

    assert result.exit_code == 0
    assert result.stdout == "(0 : nat64)\n"
    assert "Cannot fetch Candid interface for get_user_count" in result.stderr


def test_an_argument_of_inferred_types_must_be_what_the_method_takes(world: World) -> None:
    result = dfx(world, "backend", "get_recent_sessions", "(5)", "--candid", "/nowhere.did")

    assert (result.exit_code, result.stdout) == (255, "")
    assert "failed to decode call arguments" in result.stderr
    typed = dfx(world, "backend", "get_recent_sessions", "(5 : nat64)", "--candid", "/no.did")
    assert typed.stdout == "(vec {})\n"


def test_canister_id_prints_the_id(world: World) -> None:
    assert world.run("canister", "id", "backend") == (0, f"{BACKEND}\n", "")
    assert world.run("canister", "id", BACKEND) == (0, f"{BACKEND}\n", "")
    assert world.run("canister", "id", BACKEND.upper()) == (0, f"{BACKEND.upper()}\n", "")
    unknown = world.run("canister", "id", "frontend")
    assert unknown == failed(
        "Error: Cannot find canister id. Please issue 'dfx canister create frontend'."
    )


def test_ping_says_that_the_network_is_healthy_and_makes_nothing(fresh: World) -> None:
    result = fresh.run("ping")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        '{\n  "replica_health_status": "healthy",\n  "root_key": [48, 129, 130, 48, 29, 6'
    )
    assert result.stdout.endswith("]\n}\n")
    assert not fresh.home.exists()


def test_the_first_call_on_a_machine_makes_the_default_identity(fresh: World) -> None:
    first = dfx(fresh, "backend", "get_user_count")
    second = dfx(fresh, "backend", "get_user_count")

    assert (first.exit_code, first.stdout) == (0, "(0 : nat64)\n")
    assert first.stderr.startswith('Creating the "default" identity.\nWARNING: The "default"')
    assert first.stderr.endswith('Created the "default" identity.\n')
    assert second == (0, "(0 : nat64)\n", "")


def test_deploy_tells_what_dfx_tells(world: World) -> None:
    first = world.run("deploy", "backend")
    again = world.run("deploy", "backend")

    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr == (
        "Deploying: backend\n"
        f"backend canister created with canister id: {BACKEND}\n"
        "Building canister 'backend'.\n"
        f"Installed code for canister backend, with canister ID {BACKEND}\n"
        "Deployed canisters.\n"
        "URLs:\n"
        "  Backend canister via Candid interface:\n"
        f"    backend: http://127.0.0.1:4943/?canisterId=bnz7o-iuaaa-aaaaa-qaaaa-cai&id={BACKEND}\n"
    )
    assert (again.exit_code, again.stdout) == (0, "")
    assert "All canisters have already been created.\n" in again.stderr
    assert " is already installed.\n" in again.stderr
    assert f"Upgraded code for canister backend, with canister ID {BACKEND}\n" in again.stderr
