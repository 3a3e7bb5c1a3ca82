"""The options of `canister call` and of every command: what each does, what it cannot be with."""

import re
from pathlib import Path

import pytest
from conftest import Result, World

from originstamp_cli.cli.quantities import cycles

pytestmark = pytest.mark.usefixtures("fixture_canister")

USAGE = (
    "\n\nUsage: dfx canister call [OPTIONS] <CANISTER_NAME> <METHOD_NAME> [ARGUMENT]"
    "\n\nFor more information, try '--help'.\n\n"
)
STAMP = "[A-Z][a-z]{2} [0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}"


def dfx(world: World, *words: str) -> Result:
    """Run `canister call fixture` with these words."""
    return world.run("canister", "call", "fixture", *words)


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        (("--query", "--async"), "--query", "--async"),
        (("--async", "--query"), "--async", "--query"),
        (("--async", "--update"), "--async", "--update"),
        (("--async", "--output", "pp"), "--async", "--output <OUTPUT>"),
        (("--query", "--update"), "--query", "--update"),
        (("--random", "", "--argument-file", "-"), "--random <RANDOM>", None),
        (("--always-assist", "--random", ""), "--always-assist", "--random <RANDOM>"),
        (("--always-assist", "--argument-file", "-"), "--always-assist", None),
        (("--always-assist", "()"), "--always-assist", "[ARGUMENT]"),
        (("()", "--random", ""), "--random <RANDOM>", "[ARGUMENT]"),
        (("--ic", "--playground"), "--ic", "--playground"),
        (("--playground", "--network", "local"), "--playground", "--network <NETWORK>"),
    ],
)
def test_options_that_cannot_stand_together(
    fresh: World, words: tuple[str, ...], one: str, other: str | None
) -> None:
    beside = other or "--argument-file <ARGUMENT_FILE>"

    assert dfx(fresh, "read", *words) == (
        *(2, ""),
        f"error: the argument '{one}' cannot be used with '{beside}'{USAGE}",
    )
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("--with-cycles", "5"),
            "the following required arguments were not provided:\n  --wallet <WALLET>",
        ),
        (
            ("--type", "raw"),
            "the following required arguments were not provided:\n  <ARGUMENT>",
        ),
        (
            ("--with-cycles", "5f"),
            "invalid value '5f' for '--with-cycles <WITH_CYCLES>': Unknown amount specifier: 'f'",
        ),
        (
            ("--impersonate", "aaaa"),
            "invalid value 'aaaa' for '--impersonate <IMPERSONATE>': Text is too short.",
        ),
        (
            ("--log", "nowhere"),
            (
                "invalid value 'nowhere' for '--log <LOGMODE>'\n"
                "  [possible values: stderr, tee, file]"
            ),
        ),
        (
            ("--output", "-5"),
            "a value is required for '--output <OUTPUT>' but none was supplied",
        ),
        (
            ("-0x5",),
            "unexpected argument '-0' found\n\n  tip: to pass '-0' as a value, use '-- -0'",
        ),
        (
            ("--async=yes",),
            "unexpected value 'yes' for '--async' found; no more were expected",
        ),
        (("--async", "--async"), "the argument '--async' cannot be used multiple times"),
    ],
)
def test_options_that_cannot_be_read(fresh: World, words: tuple[str, ...], why: str) -> None:
    assert dfx(fresh, "read", *words) == (2, "", f"error: {why}{USAGE}")
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("900c", 900),
        ("9_887K", 9_887_000),
        ("0.1M", 100_000),
        ("10TC", 10**13),
        ("1.23t", 1_230_000_000_000),
        ("5_000_000", 5_000_000),
        ("3.5TC", 3_500_000_000_000),
        ("2b", 2 * 10**9),
        ("0", 0),
        ("0.0000000000001t", 0),
        ("000000000000000000000000000000000000000000001", 1),
        (str(2**128 - 1), 2**128 - 1),
    ],
)
def test_amounts_of_cycles(text: str, amount: int) -> None:
    assert cycles(text) == amount


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1f", "Unknown amount specifier: 'f'"),
        ("1kk", "Unknown amount specifier: 'kk'"),
        (str(2**128), "Amount too large."),
        ("9" * 5000, "Amount too large."),
        ("999999999999999999999999999t", "Amount too large."),
        ("", "Failed to parse amount."),
        ("x", "Failed to parse amount."),
        ("1.2.3", "Failed to parse amount."),
        ("٣", "Failed to parse amount."),
    ],
)
def test_amounts_that_are_none(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        cycles(text)


@pytest.mark.parametrize(
    "words",
    [
        ("canister", "call", "fixture", "inc", "--wallet", "w"),
        ("canister", "--wallet", "w", "call", "fixture", "inc", "--with-cycles", "1t"),
        ("canister", "id", "fixture", "--wallet", "w"),
    ],
)
def test_a_wallet_is_refused_by_a_sentence(world: World, words: tuple[str, ...]) -> None:
    assert world.run(*words) == (
        255,
        "",
        (
            "Error: There are no wallets here, so nothing can be sent through 'w'.\n"
            "To fix: Leave out --wallet, and --with-cycles with it.\n"
        ),
    )
    assert not world.state.exists()


def test_a_call_may_be_made_in_anybodys_name(world: World) -> None:
    bob = world.principal("bob")

    for method in ("whoami", "whoami_query"):
        result = dfx(world, method, "--impersonate", bob)
        assert result == (0, f'(principal "{bob}")\n', "")


def test_what_is_told_may_go_into_a_file(world: World, tmp_path: Path) -> None:
    file = tmp_path / "dfx.log"
    file.write_text("of yesterday\n")
    line = "Cannot fetch Candid interface for zzz, sending arguments with inferred types."

    into_file = world.run(
        *("--log", "file", "--logfile", str(file), "canister", "call", "fixture", "zzz")
    )
    assert into_file.exit_code == 255
    assert into_file.stderr.startswith("Error: Failed update call.\n")
    assert re.fullmatch(f"{STAMP} WARN {line}\n", file.read_text())

    both = dfx(world, "zzz", "--log=tee", f"--logfile={file}")
    assert both.stderr.startswith(f"WARNING: {line}\nError: Failed update call.\n")
    assert re.fullmatch(f"{STAMP} WARN {line}\n", file.read_text())


def test_the_file_is_log_txt_where_none_is_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    deployed = world.run("--log", "tee", "deploy", "backend")

    assert (deployed.exit_code, deployed.stdout) == (0, "")
    assert "Deployed canisters.\n" in deployed.stderr
    written = (tmp_path / "log.txt").read_text()
    assert re.search(f"{STAMP} INFO Deploying: backend\n", written)


def test_a_log_file_that_cannot_be_is_told(world: World) -> None:
    result = dfx(world, "inc", "--log", "file", "--logfile", str(world.home))

    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.startswith(f"Error: The log file '{world.home}' cannot be written: ")
    assert not world.state.exists()


def test_warnings_are_hushed_by_two_quiets_and_errors_by_none(world: World) -> None:
    warning = "WARNING: Cannot fetch Candid interface"

    assert dfx(world, "zzz", "-q").stderr.startswith(warning)
    assert dfx(world, "zzz", "-qq").stderr.startswith("Error: Failed update call.\n")
    assert dfx(world, "zzz", "-qqqq").stderr.startswith("Error: Failed update call.\n")
    assert dfx(world, "zzz", "-qq", "-v").stderr.startswith(warning)


@pytest.mark.parametrize(
    "words",
    [
        ("--identity", "bob", "canister", "--network", "local", "call", "fixture", "whoami"),
        ("-v", "--log", "stderr", "--identity=bob", "canister", "call", "fixture", "whoami"),
        ("canister", "call", "--identity", "bob", "fixture", "--update", "whoami", "()"),
        ("canister", "call", "fixture", "--output", "pp", "whoami", "--identity", "bob", "-q"),
    ],
)
def test_options_stand_before_and_behind(world: World, words: tuple[str, ...]) -> None:
    result = world.run(*words)

    assert result == (0, f'(principal "{world.principal("bob")}")\n', "")


def test_help_lists_what_there_is_and_what_is_not_known_fails(world: World) -> None:
    for word in ("--help", "-h"):
        helped = world.run(word)
        assert (helped.exit_code, helped.stderr) == (0, "")
        assert "canister" in helped.stdout
        assert "identity" in helped.stdout

    called = world.run("canister", "call", "--help")
    assert called.exit_code == 0
    for option in ("--async", "--always-assist", "--impersonate", "--argument-file", "--logfile"):
        assert option in called.stdout
    assert world.run("canister", "blurp").exit_code == 2
