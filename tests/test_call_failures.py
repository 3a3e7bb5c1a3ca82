"""Every way in which dfx says that a call failed, with its exit code; nothing is on stdout."""

from pathlib import Path

import pytest
from conftest import Result, World
from fixture_canister import ID, NUMBER

from originstamp_cli.canister.lifecycle import read_canister, read_network, write_canister
from originstamp_cli.canister.records import NETWORK, TABLES, write_only_one
from originstamp_cli.store import Store

pytestmark = pytest.mark.usefixtures("fixture_canister")

SENTENCE = "The replica returned a rejection error: reject code"
DOCS = "https://internetcomputer.org/docs/current/references/execution-errors"
NO_INTERFACE = (
    "WARNING: Cannot fetch Candid interface for {}, sending arguments with inferred types."
)
NOBODY = "2vxsx-fae"


def dfx(world: World, *words: str) -> Result:
    """Run `canister call` with these words."""
    return world.run("canister", "call", *words)


def failed(*lines: str) -> Result:
    """Return what a failed call leaves behind."""
    return Result(255, "", "".join(f"{line}\n" for line in lines))


def rejected(kind: str, code: str, message: str, error_code: str) -> Result:
    """Return what a rejected call leaves behind."""
    return failed(
        f"Error: Failed {kind} call.",
        f'Caused by: {SENTENCE} {code}, reject message {message}, error code Some("{error_code}")',
    )


def change(world: World, **changes: object) -> None:
    """Change what the network keeps of the canister."""
    with Store(str(world.state), TABLES).write() as state:
        write_canister(state, NUMBER, read_canister(state, NUMBER) | changes)


def trapped(message: str) -> str:
    """Return the reject message of a trap."""
    return (
        f"Error from Canister {ID}: Canister called `ic0.trap` with message: '{message}'.\n"
        "Consider gracefully handling failures from this canister or altering the canister to "
        f"handle exceptions. See documentation: {DOCS}#trapped-explicitly"
    )


def test_a_name_that_is_nobodys(world: World) -> None:
    assert dfx(world, "nobody", "greet", "x") == failed(
        "Error: Cannot find canister id. Please issue 'dfx canister create nobody'."
    )


@pytest.mark.parametrize(("flags", "kind"), [((), "update"), (("--query",), "query")])
def test_an_id_that_is_nobodys(world: World, flags: tuple[str, ...], kind: str) -> None:
    id_ = "rrkah-fqaaa-aaaaa-aaaaq-cai"

    result = dfx(world, id_, "greet", "()", *flags)

    expected = rejected(kind, "DestinationInvalid", f"Canister {id_} not found", "IC0301")
    assert result == expected._replace(stderr=f"{NO_INTERFACE.format('greet')}\n{expected.stderr}")


@pytest.mark.parametrize(("flags", "kind"), [((), "update"), (("--query",), "query")])
def test_a_method_that_is_not_there(world: World, flags: tuple[str, ...], kind: str) -> None:
    result = dfx(world, "fixture", "zzz", *flags)

    expected = rejected(
        kind,
        "CanisterError",
        f"Error from Canister {ID}: Canister has no {kind} method 'zzz'..\n"
        "Check that the method being called is exported by the target canister. "
        f"See documentation: {DOCS}#method-not-found",
        "IC0536",
    )
    assert result == expected._replace(stderr=f"{NO_INTERFACE.format('zzz')}\n{expected.stderr}")


def test_an_update_method_of_an_unknown_interface_cannot_be_queried(world: World) -> None:
    result = dfx(world, "fixture", "inc", "()", "--query", "--candid", "/nowhere.did")

    assert result.exit_code == 255
    assert "Canister has no query method 'inc'.." in result.stderr


def test_an_update_method_is_not_queried(world: World) -> None:
    assert dfx(world, "fixture", "inc", "--query") == failed(
        "Error: inc is an update method, not a query method.",
        "To fix: Run the command without '--query'.",
    )


def test_text_that_is_no_candid(world: World) -> None:
    assert dfx(world, "fixture", "write", "everyone") == failed(
        "error: parser error",
        "  ┌─ Candid argument:1:1",
        "  │",
        "1 │ everyone",
        "  │ ^^^^^^^^ Unexpected token",
        "  │",
        '  = Expects "("',
        "",
        "Error: Failed to create argument blob.",
        "Caused by: Invalid data: Unable to serialize Candid values: Invalid argument: Invalid "
        'Candid values: Candid parser error: Unrecognized token `Id("everyone")` found at 0:8',
        'Expected one of "("',
    )


@pytest.mark.parametrize(
    ("method", "argument", "why"),
    [
        ("write", '("x")', 'type mismatch: "x" cannot be of type nat'),
        ("write", "(-1)", "Cannot parse BigUint"),
        ("opt_only", "(null)", "wrong number of argument values"),
        ("echo_record", '(record { foo = "x" })', "record field bar not found"),
        ("echo_variant", "(variant { z })", "variant field z not found"),
    ],
)
def test_values_that_do_not_fit(world: World, method: str, argument: str, why: str) -> None:
    result = dfx(world, "fixture", method, argument)

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.endswith(
        "Error: Failed to create argument blob.\n"
        "Caused by: Invalid data: Unable to serialize Candid values: Invalid data: "
        f"Unable to serialize Candid values: {why}\n"
    )


def test_no_argument_where_one_is_needed_and_nobody_can_be_asked(world: World) -> None:
    missing = failed(
        "Error: Failed to create argument blob.",
        "Caused by: Invalid data: Expected arguments but found none.",
    )

    assert dfx(world, "fixture", "greet") == missing
    assert dfx(world, "fixture", "opt_only") == (0, '("None None")\n', "")
    assert dfx(world, "fixture", "opt_only", "--always-assist") == missing


@pytest.mark.parametrize(
    ("argument", "why"),
    [("abc", "Odd number of digits"), ("xx", "Invalid character 'x' at position 0")],
)
def test_hex_that_is_none(world: World, argument: str, why: str) -> None:
    assert dfx(world, "fixture", "greet", argument, "--type", "raw") == failed(
        "Error: Failed to create argument blob.",
        f"Caused by: Invalid argument: Argument is not a valid hex string: {why}",
    )


def test_a_stopped_canister_is_told_by_how_it_is_called_not_by_its_method(world: World) -> None:
    change(world, status="stopped")
    update = rejected("update", "CanisterError", f"Canister {ID} is stopped", "IC0508")
    query = rejected(
        "query",
        "CanisterError",
        f"Canister {ID} is stopped and therefore does not have a CallContextManager",
        "IC0508",
    )

    assert dfx(world, "fixture", "inc") == update
    assert dfx(world, "fixture", "read") == query
    assert dfx(world, "fixture", "read", "--update") == update


def test_a_canister_without_code(world: World) -> None:
    change(world, installed=False)

    result = dfx(world, "fixture", "read")

    assert (result.exit_code, result.stdout) == (255, "")
    assert "contains no Wasm module" in result.stderr
    assert "reject code CanisterError" in result.stderr
    assert 'error code Some("IC0537")' in result.stderr


@pytest.mark.parametrize(("method", "kind"), [("trap", "update"), ("trap_query", "query")])
def test_a_trap(world: World, method: str, kind: str) -> None:
    result = dfx(world, "fixture", method, '("it\'s over")')

    assert result == rejected(kind, "CanisterError", trapped("it's over"), "IC0503")


@pytest.mark.parametrize(("method", "kind"), [("reject", "update"), ("reject_query", "query")])
def test_a_reject_by_the_canisters_code(world: World, method: str, kind: str) -> None:
    result = dfx(world, "fixture", method, '("not today")')

    assert result == rejected(kind, "CanisterReject", "not today", "IC0406")


def test_what_was_written_before_a_reject_stays_and_before_a_trap_does_not(world: World) -> None:
    assert dfx(world, "fixture", "write_and_reject", "(5)").exit_code == 255
    assert dfx(world, "fixture", "write_and_trap", "(6)").exit_code == 255

    assert dfx(world, "fixture", "read") == (0, "(5 : nat)\n", "")


def test_a_message_that_the_canister_refuses_to_look_at(world: World) -> None:
    result = dfx(world, "fixture", "inspected")

    assert result == rejected(
        "update",
        "CanisterReject",
        f"Error from Canister {ID}: Canister rejected the message",
        "IC0406",
    )


def test_a_network_that_is_down_is_told_before_the_name_of_the_canister(world: World) -> None:
    with Store(str(world.state), TABLES).write() as state:
        write_only_one(state, NETWORK, read_network(state) | {"running": False})
    down = failed(
        "Error: You are trying to connect to the local replica but dfx cannot connect to it.",
        "To fix: Target a different network or run 'dfx start' to start the local replica.",
    )

    assert dfx(world, "nobody", "greet", "x") == down
    assert world.run("canister", "request-status", f"0x{'a' * 64}", "nobody") == down


def test_a_network_that_is_nobodys(world: World) -> None:
    assert dfx(world, "fixture", "read", "--network", "nosuch") == failed(
        "Error: Failed to create AgentEnvironment.", "Caused by: Network not found: nosuch"
    )


@pytest.mark.parametrize(
    ("method", "argument", "sentence"),
    [
        ("trap", "x", f"Canister call failed: {trapped('x')} (IC0503)"),
        ("reject", "x", "Canister call failed: x (IC0406)"),
        ("reject_query", "x", "Failed to perform query call: x (IC0406)"),
        (
            "inspected",
            "()",
            (
                f"Failed to submit canister call: Error from Canister {ID}: "
                "Canister rejected the message (IC0406)"
            ),
        ),
    ],
)
def test_a_call_in_another_name_fails_without_causes(
    world: World, method: str, argument: str, sentence: str
) -> None:
    result = dfx(world, "fixture", method, argument, "--impersonate", NOBODY)

    assert result == failed(f"Error: {sentence}")


def test_a_call_in_another_name_to_nobody_is_not_even_submitted(world: World) -> None:
    id_ = "rrkah-fqaaa-aaaaa-aaaaq-cai"

    for flags in ((), ("--async",)):
        result = dfx(world, id_, "greet", "()", "--impersonate", NOBODY, *flags)
        assert result == failed(
            NO_INTERFACE.format("greet"),
            f"Error: Failed to submit canister call: Canister {id_} not found (IC0301)",
        )


@pytest.mark.parametrize("network", ["ic", "playground", "https://icp0.io"])
def test_nobody_is_impersonated_elsewhere(world: World, network: str) -> None:
    result = dfx(world, "fixture", "whoami", "--impersonate", NOBODY, "--network", network)

    assert result == failed(
        "Error: Impersonating sender is only supported for a local PocketIC instance."
    )


def test_a_reply_that_does_not_fit_the_interface_is_shown_as_bytes(
    world: World, tmp_path: Path
) -> None:
    result = dfx(world, "fixture", "read", "--candid", _file(tmp_path, "read : () -> (text) query"))

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.startswith(
        "Error deserializing blob 0x4449444c00017d00\n"
        "Error: Failed to deserialize idl blob: Invalid data.\nCaused by: "
    )


def _file(folder: Path, method: str) -> str:
    path = folder / "own.did"
    path.write_text(f"service : {{ {method} }}")
    return str(path)
