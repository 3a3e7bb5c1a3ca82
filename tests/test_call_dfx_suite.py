"""What dfx's own end-to-end tests say of calls, asked of a canister like theirs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Result, World
from fixture_canister import DID, FIXTURE, ID, Canister
from fixture_dfx import make_dfx

pytestmark = pytest.mark.usefixtures("fixture_canister")

ALIEN = "yhy6j-huy54-mkzda-m26hc-yklb3-dzz4l-i2ykq-kr7tx-dhxyf-v2c2g-tae"


def dfx(world: World, *words: str, typed: str = "") -> Result:
    """Run `canister call` with these words."""
    return world.run("canister", "call", *words, typed=typed)


class Json(NamedTuple):
    """A method that gives back, what it is given, and how that is printed as JSON."""

    method: str
    argument: str
    printed: str


JSON = (
    Json("greet", '("you")', '"Hello, you!"'),
    Json("echo_opt", "(null)", "[]"),
    Json("echo_opt", '(opt "Hello, world!")', '[\n  "Hello, world!"\n]'),
    Json("echo_opt_opt", "(opt opt 7)", '[\n  [\n    "7"\n  ]\n]'),
    Json("echo_int", "(67)", '"67"'),
    Json(
        "echo_int",
        "(111222333444555666777888999)",
        '"111_222_333_444_555_666_777_888_999"',
    ),
    Json("echo_int32", "(67)", "67"),
    Json("echo_nat8", "(255)", "255"),
    Json("echo_bool", "(false)", "false"),
    Json("echo_float64", "(0.5)", "0.5"),
    Json("echo_principal", f'(principal "{ALIEN}")', f'"{ALIEN}"'),
    Json("echo_variant", "(variant { a })", '{\n  "a": null\n}'),
    Json("echo_variant", '(variant { b = "x" })', '{\n  "b": "x"\n}'),
    Json("echo_variant", "(variant { c = record { d = 5 } })", '{\n  "c": {\n    "d": "5"\n  }\n}'),
    Json("echo_vec", '(vec { "x"; "y" })', '[\n  "x",\n  "y"\n]'),
    Json(
        "echo_record",
        '(record { foo = "baz"; bar = 42 })',
        '{\n  "bar": "42",\n  "foo": "baz"\n}',
    ),
    Json("echo_tuple", '(record { "a"; 1 })', '{\n  "0": "a",\n  "1": "1"\n}'),
    Json("echo_blob", '(blob "abd")', "[\n  97,\n  98,\n  100\n]"),
    Json("echo_null", "(null, 5)", 'null\n"null : reserved"'),
    Json(
        "echo_func",
        '(func "aaaaa-aa".m)',
        '{\n  "code": "m",\n  "principal": "aaaaa-aa"\n}',
    ),
    Json("echo_service", '(service "aaaaa-aa")', '"aaaaa-aa"'),
    Json("echo_nothing", "()", ""),
    Json("three", "()", '"one"\n"2"\ntrue'),
)


@pytest.mark.parametrize("example", JSON, ids=lambda example: example.argument)
def test_call_output_json(world: World, example: Json) -> None:
    result = dfx(world, "fixture", example.method, example.argument, "--output", "json")

    assert result == (0, f"{example.printed}\n", "")


def test_json_of_one_value_is_no_array(world: World) -> None:
    result = dfx(world, "fixture", "read", "--output", "json")

    assert json.loads(result.stdout) == "0"


def test_no_value_is_an_empty_line_but_for_the_pretty_form(world: World) -> None:
    for form, printed in (("idl", "\n"), ("json", "\n"), ("pp", "()\n"), ("raw", "4449444c0000\n")):
        assert dfx(world, "fixture", "inc", "--output", form) == (0, printed, "")


def test_call_candid_path(world: World, tmp_path: Path) -> None:
    own = tmp_path / "own.did"
    own.write_text(DID.replace("foo", "renamed"))
    argument = '(record { foo = "baz"; bar = 42 })'
    named = '(record { bar = 42 : int; foo = "baz" })\n'

    assert dfx(world, "fixture", "echo_record", argument).stdout == named
    assert dfx(world, ID, "echo_record", argument).stdout == named
    unnamed = dfx(
        world,
        *(ID, "echo_record", argument.replace("42", "42 : int")),
        *("--update", "--candid", "/nowhere.did"),
    )
    assert unnamed.stdout == '(record { 4_895_187 = 42 : int; 5_097_222 = "baz" })\n'


def test_accepts_canister_identifier_as_canister_name(world: World) -> None:
    id_ = world.run("canister", "id", "fixture").stdout.strip()

    assert id_ == ID
    assert dfx(world, id_, "greet", '("Names are difficult")') == (
        *(0, '("Hello, Names are difficult!")\n'),
        "",
    )


def test_accepts_raw_argument(world: World) -> None:
    raw = dfx(world, "fixture", "greet", "4449444c00017103726177", "--type", "raw")
    snowman = dfx(world, "fixture", "greet", "--type=raw", "4449444c00017103e29883")

    assert raw == (0, '("Hello, raw!")\n', "")
    assert snowman == (0, '("Hello, ☃!")\n', "")


def test_accepts_argument_from_a_file(world: World, tmp_path: Path) -> None:
    file = tmp_path / "tmp.txt"
    file.write_text('("Names can be very long")')

    result = dfx(world, "--argument-file", str(file), "fixture", "greet")

    assert result == (0, '("Hello, Names can be very long!")\n', "")


def test_accepts_argument_from_stdin(world: World) -> None:
    result = dfx(world, "--argument-file", "-", "fixture", "greet", typed='("stdin")')

    assert result == (0, '("Hello, stdin!")\n', "")


def test_call_random_value_pattern_is_refused_by_a_sentence(world: World) -> None:
    result = dfx(world, "fixture", "greet", "--random", '{ value = Some ["\\"DFINITY\\""] }')

    assert (result.exit_code, result.stdout) == (255, "")
    assert "Dhall" in result.stderr


def test_call_random_value_empty(world: World) -> None:
    result = dfx(world, "fixture", "greet", "--random", "")

    assert result.exit_code == 0
    assert result.stdout.startswith('("Hello, ')
    assert result.stderr.startswith("Random schema is empty, using any random value instead.\n")


def test_error_on_empty_arguments_when_the_method_requires_some(world: World) -> None:
    assert dfx(world, "fixture", "greet").exit_code == 255
    assert dfx(world, "fixture", "opt_only") == (0, '("None None")\n', "")


def test_long_call(world: World) -> None:
    assert dfx(world, "fixture", "fibonacci", "22") == (0, "(17_711 : nat)\n", "")


def test_a_canister_that_left_the_project_answers_by_its_id(
    world: World, fixture_canister: Callable[[Canister], None]
) -> None:
    fixture_canister(Canister("another", FIXTURE.NUMBER + 1, DID, {}))
    id_ = world.run("canister", "id", "another").stdout.strip()

    assert dfx(world, id_, "echo_text", '("x")') == (0, '("x")\n', "")
    assert dfx(world, "another", "echo_text", '("x")') == (0, '("x")\n', "")


def test_greet(world: World) -> None:
    assert dfx(world, "fixture", "greet", '("Banzai")').stdout == '("Hello, Banzai!")\n'
    assert dfx(world, "--query", "fixture", "greet", '("Bongalo")').stdout == (
        '("Hello, Bongalo!")\n'
    )
    for bare in ("Alice", "a b", "", '"quoted"'):
        name = bare.strip('"')
        assert dfx(world, "fixture", "greet", bare).stdout == f'("Hello, {name}!")\n'


def test_counter(world: World) -> None:
    assert dfx(world, "fixture", "read") == (0, "(0 : nat)\n", "")
    assert dfx(world, "fixture", "inc") == (0, "()\n", "")
    assert dfx(world, "fixture", "read") == (0, "(1 : nat)\n", "")
    assert dfx(world, "fixture", "inc") == (0, "()\n", "")
    assert dfx(world, "fixture", "read", "--output", "raw") == (0, "4449444c00017d02\n", "")
    refused = dfx(world, "fixture", "inc", "--query")
    assert refused.exit_code == 255
    assert "inc is an update method, not a query method." in refused.stderr
    assert "Run the command without '--query'." in refused.stderr
    assert dfx(world, "fixture", "write", "1337") == (0, "()\n", "")
    assert dfx(world, "fixture", "read", "--query") == (0, "(1_337 : nat)\n", "")
    assert dfx(world, "fixture", "read", "--update") == (0, "(1_337 : nat)\n", "")


def test_matrix_multiply(world: World) -> None:
    result = dfx(
        world,
        "fixture",
        "matrix_multiply",
        "(vec { vec { 1; 2 }; vec { 3; 4 }; vec { 5; 6 } }, "
        "vec { vec { 1; 2; 3 }; vec { 4; 5; 6 } })",
    )

    assert result.stdout == (
        "(\n  vec {\n    vec { 9 : int; 12 : int; 15 : int };\n"
        "    vec { 19 : int; 26 : int; 33 : int };\n"
        "    vec { 29 : int; 40 : int; 51 : int };\n  },\n)\n"
    )


def test_get_principal_is_the_same_as_the_sender(world: World) -> None:
    for name in ("default", "bob", "anonymous"):
        own = world.principal(name)
        for method in ("whoami", "whoami_query"):
            said = dfx(world, "fixture", method, "--identity", name)
            assert said == (0, f'(principal "{own}")\n', "")


def test_the_first_call_creates_the_default_identity(fresh: World) -> None:
    result = dfx(fresh, "fixture", "whoami")

    assert result.exit_code == 0
    assert 'Creating the "default" identity.\n' in result.stderr
    assert result.stdout == f'(principal "{fresh.principal("default")}")\n'


SCRIPT = """
set -euo pipefail
[ "$(dfx canister call fixture read 2>&1)" = "(0 : nat)" ]
dfx canister call fixture inc
dfx canister call fixture write 1337
dfx canister call fixture read --output json | tr -d '"'
ID=$(dfx canister call --async fixture greet Blueberry)
dfx canister request-status "$ID" "$(dfx canister id fixture)"
if dfx canister call fixture trap boo 2>/dev/null; then exit 9; fi
dfx --identity bob canister --network local call fixture whoami
"""


def test_a_script_talks_to_a_dfx_on_its_path(world: World, tmp_path: Path) -> None:
    folder = make_dfx(tmp_path / "bin").parent
    world.variables["PATH"] = f"{folder}:{world.variables['PATH']}"

    done = world.shell(SCRIPT)

    assert done == (
        0,
        (f'()\n()\n1_337\n("Hello, Blueberry!")\n(principal "{world.principal("bob")}")\n'),
        "Request ID: ",
    )


def test_dfx_help_lists_commands_and_an_invalid_command_fails(world: World, tmp_path: Path) -> None:
    folder = make_dfx(tmp_path / "bin").parent
    world.variables["PATH"] = f"{folder}:{world.variables['PATH']}"

    helped = world.shell("dfx help")
    assert (helped.exit_code, helped.stderr) == (0, "")
    assert "canister" in helped.stdout
    assert (
        world.shell("dfx help canister call").stdout == world.shell("dfx canister help call").stdout
    )
    invalid = world.shell("dfx blurp")
    assert (invalid.exit_code, invalid.stdout) == (2, "")
    assert invalid.stderr.startswith("error: unrecognized subcommand 'blurp'\n")
