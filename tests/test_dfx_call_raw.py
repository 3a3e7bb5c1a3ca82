"""`canister call` with bytes instead of text, and with random arguments."""

from pathlib import Path

import pytest
from conftest import Result, World

from originstamp_cli.candid import decode_args, encode_args, parse_args, show_args
from originstamp_cli.candid.types import NAT64, TEXT
from originstamp_cli.canister import backend

EMPTY = "4449444c0000"
HEX_OF_ALICE = encode_args(["alice"], [TEXT]).hex()
RAW = ("--type", "raw")
ANYTHING = ("--random", "")


def dfx(world: World, *words: str) -> Result:
    """Run `canister call backend` with these words."""
    return world.run("canister", "call", "backend", *words)


def no_blob(*causes: str) -> Result:
    """Return what a call leaves behind whose argument could not be made."""
    lines = ["Error: Failed to create argument blob.", *(f"Caused by: {each}" for each in causes)]
    return Result(255, "", "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("method", ["get_user_count", "icrc7_name", "get_health_status"])
def test_raw_output_is_the_bytes_of_what_is_printed_else(world: World, method: str) -> None:
    types = backend.interface().methods[method].results

    raw = dfx(world, method, "--output", "raw")

    assert (raw.exit_code, raw.stderr) == (0, "")
    values, _ = decode_args(bytes.fromhex(raw.stdout.removesuffix("\n")), types)
    if method != "get_health_status":
        assert f"{show_args(values, types)}\n" == dfx(world, method).stdout


def test_raw_output_has_the_canisters_own_types_whatever_the_interface(
    world: World, tmp_path: Path
) -> None:
    did = tmp_path / "own.did"
    did.write_text("service : { get_user_count : () -> (text) query }")

    result = dfx(world, "get_user_count", "--output", "raw", "--candid", str(did))

    assert result == (0, encode_args([0], [NAT64]).hex() + "\n", "")


def test_a_reply_that_does_not_fit_the_interface_is_told_with_its_bytes(
    world: World, tmp_path: Path
) -> None:
    did = tmp_path / "own.did"
    did.write_text("service : { get_user_count : () -> (text) query }")

    result = dfx(world, "get_user_count", "--candid", str(did))

    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (255, "")
    assert lines[0] == f"Error deserializing blob 0x{encode_args([0], [NAT64]).hex()}"
    assert lines[1] == "Error: Failed to deserialize idl blob: Invalid data."
    assert lines[2].startswith("Caused by: ")


def test_raw_bytes_are_sent_as_they_are(world: World) -> None:
    dfx(world, "register_user", '("alice", "secret")')

    by_text = dfx(world, "get_user_info", '("alice")')
    by_bytes = dfx(world, "get_user_info", HEX_OF_ALICE, *RAW)
    in_capitals = dfx(world, "get_user_info", HEX_OF_ALICE.upper(), *RAW)

    assert by_text.stdout.startswith("(opt record")
    assert by_bytes == in_capitals == by_text


def test_bytes_that_are_no_argument_of_the_method_trap(world: World) -> None:
    for argument in ("", EMPTY, "00"):
        result = dfx(world, "get_user_info", argument, *RAW)

        assert (result.exit_code, result.stdout) == (255, "")
        assert result.stderr.startswith("Error: Failed query call.\nCaused by: The replica ")
        assert "`ic0.trap` with message: 'failed to decode call arguments: " in result.stderr


def test_a_method_that_takes_nothing_takes_more(world: World) -> None:
    assert dfx(world, "get_user_count", HEX_OF_ALICE, *RAW) == (0, "(0 : nat64)\n", "")


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("444", "Odd number of digits"),
        ("0x44", "Invalid character 'x' at position 1"),
        ("x0", "Invalid character 'x' at position 0"),
        ("44 4", "Invalid character ' ' at position 2"),
        ("4\n", "Invalid character '\\n' at position 1"),
        ("4'", "Invalid character '\\'' at position 1"),
        ('4"', "Invalid character '\"' at position 1"),
        ("é", "Invalid character 'Ã' at position 0"),
    ],
)
def test_what_is_not_hex_is_refused_in_dfxs_words(world: World, argument: str, why: str) -> None:
    result = dfx(world, "get_user_info", argument, *RAW)

    assert result == no_blob(f"Invalid argument: Argument is not a valid hex string: {why}")


def test_random_arguments_are_shown_and_sent(world: World) -> None:
    result = dfx(world, "get_user_info", *ANYTHING)

    types = backend.interface().methods["get_user_info"].args
    head, sending, argument, blank = result.stderr.split("\n", 3)
    assert (result.exit_code, result.stdout) == (0, "(null)\n")
    assert head == "Random schema is empty, using any random value instead."
    assert sending == "Sending the following random argument:"
    assert show_args(parse_args(argument, types), types) == argument
    assert blank == "\n"


def test_nothing_is_random_where_nothing_is_to_be_chosen(world: World) -> None:
    for method in ("get_user_count", "icrc7_tokens"):
        assert dfx(world, method, *ANYTHING) == dfx(world, method)


def test_a_configuration_of_random_values_is_refused(world: World) -> None:
    configuration = '{ value = Some ["1"] }'

    assert dfx(world, "get_user_info", "--random", configuration) == no_blob(
        f"The random values cannot be configured by {configuration!r}: this version reads no "
        "Dhall. Say --random '' for any values."
    )
    assert dfx(world, "get_user_info", "--random", "{=}").exit_code == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("m", "()", *ANYTHING),
            "the argument '--random <RANDOM>' cannot be used with '[ARGUMENT]'",
        ),
        (
            ("m", "--argument-file", "-", *ANYTHING),
            (
                "the argument '--argument-file <ARGUMENT_FILE>' cannot be used with "
                "'--random <RANDOM>'"
            ),
        ),
        (("m", *RAW), "the following required arguments were not provided:\n  <ARGUMENT>"),
        (
            ("m", "--argument-file", "-", *RAW),
            "the following required arguments were not provided:\n  <ARGUMENT>",
        ),
        (
            ("m", "()", "--type", "hex"),
            "invalid value 'hex' for '--type <TYPE>'\n  [possible values: idl, raw]",
        ),
    ],
)
def test_what_cannot_stand_together_is_refused(
    fresh: World, words: tuple[str, ...], why: str
) -> None:
    result = dfx(fresh, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {why}\n\nUsage: ")


def test_an_argument_may_be_said_to_be_text(world: World) -> None:
    assert dfx(world, "get_user_info", '("alice")', "--type", "idl") == (0, "(null)\n", "")


def test_calls_with_bytes_go_the_light_way_through_the_program(fresh: World) -> None:
    fresh.process("identity", "whoami")

    done = fresh.run_apart(
        "canister", "call", "backend", "get_user_info", HEX_OF_ALICE, *RAW, "--output", "raw"
    )

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("4449444c")
