"""Arguments that are asked for on a terminal, one by one, and sent once they are agreed to."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import World
from fixture_canister import ID
from fixture_dfx import make_dfx
from terminal import Ended, run_on_terminal

ASKED = "This method requires arguments.\n"
SEND = "Do you want to send this message? [y/N] "
CANCELLED = "Error: Failed to create argument blob.\nCaused by: Invalid data: User cancelled.\n"

ADA = """\
(
  record {
    age = 47 : nat8;
    mood = variant { cross = "at rain" };
    name = "Ada";
    address = record { street = "Quai 5"; number = opt (12 : nat16) };
    friends = vec { principal "aaaaa-aa" };
  },
)"""

Calling = Callable[..., Ended]


@pytest.fixture
def calling(fresh: World, tmp_path: Path) -> Calling:
    """Call a method of the fixture canister on a terminal; the answers are typed as it asks."""
    program = str(make_dfx(tmp_path / "bin"))
    fresh.run("identity", "whoami")

    def call(
        method: str, *answers: tuple[str, str], options: tuple[str, ...] = (), **streams: int
    ) -> Ended:
        words = [program, "canister", "call", "fixture", method, *options]
        return run_on_terminal(words, fresh.variables, answers, **streams)

    return call


def sent(ended: Ended) -> tuple[str, str]:
    """Return the arguments that were shown before they were sent, and the reply."""
    _, _, rest = ended.shown.partition("Sending the following argument:\n")
    arguments, _, reply = rest.partition(f"\n\n{SEND}y\n")
    return arguments, reply.removesuffix("\n")


def test_a_text_is_asked_for_shown_and_sent(calling: Calling) -> None:
    ended = calling("greet", ("(text): ", "Alice\n"), ("[y/N] ", "y\n"))

    assert ended == (
        0,
        (
            f"{ASKED}Argument 1 of 1 (text): Alice\n"
            f'Sending the following argument:\n("Alice")\n\n{SEND}y\n("Hello, Alice!")\n'
        ),
        "",
    )


@pytest.mark.parametrize("answer", ["y", "Y", "yes", "Yes", "YES", " y "])
def test_what_dfx_takes_for_a_yes_sends_it(calling: Calling, answer: str) -> None:
    ended = calling("greet", ("(text): ", "\n"), ("[y/N] ", f"{answer}\n"))

    assert ended.exit_code == 0
    assert ended.shown.endswith('("Hello, !")\n')


@pytest.mark.parametrize("answer", ["", "n", "no", "yEs", "ja", "\x04"])
def test_all_else_cancels(calling: Calling, answer: str) -> None:
    end = "" if answer == "\x04" else "\n"
    ended = calling("write", ("(nat): ", "5\n"), ("[y/N] ", f"{answer}{end}"))

    assert ended.exit_code == 255
    assert ended.shown.endswith(f"\n{CANCELLED}")
    assert calling("read").shown == "(0 : nat)\n"


class Slip(NamedTuple):
    """What is typed wrongly at a type, what is said of it, then what is right and what is sent."""

    method: str
    wrong: str
    said: str
    right: str
    argument: str


SLIPS = (
    Slip("echo_nat8", "256", "A whole number from 0 to 255 is needed.", "255", "255 : nat8"),
    Slip("echo_nat8", "-1", "invalid digit found in string", "0x10", "16 : nat8"),
    Slip(
        "echo_int32",
        "3000000000",
        "ParseIntError: number too large to fit in target type",
        "-1_000",
        "-1_000 : int32",
    ),
    Slip("echo_nat", "", "A whole number of 0 or more is needed.", "1_000", "1_000 : nat"),
    Slip("echo_nat", "1, 2", "'1, 2' cannot be taken.", "12", "12 : nat"),
    Slip("echo_int", "x", "A whole number is needed.", "-5", "-5 : int"),
    Slip("echo_bool", "perhaps", "Say yes or no.", "yes", "true"),
    Slip("echo_bool", "1", "Say yes or no.", "false", "false"),
    Slip("echo_float64", "x", "A number is needed.", "42", "42.0 : float64"),
    Slip("echo_float64", '"1"', "A number is needed.", "-1.5e3", "-1500.0 : float64"),
    Slip("echo_text", '"open', "quotation mark", r'"a\n\"b\""', r'"a\n\"b\""'),
    Slip("echo_blob", "0xabc", "Bytes are needed", "0x6162", 'blob "ab"'),
    Slip("echo_blob", "blob x", "Bytes are needed", r'blob "\00a"', r'blob "\00\61"'),
    Slip("echo_blob", "vec { 256 }", "Bytes are needed", "plain", 'blob "plain"'),
    Slip(
        "echo_principal",
        "nobody",
        "A principal, or the name of an identity or a canister, is needed.",
        "anonymous",
        'principal "2vxsx-fae"',
    ),
    Slip(
        "echo_principal",
        "aaaaa-ab",
        "A principal, or the name",
        "fixture",
        f'principal "{ID}"',
    ),
    Slip("echo_principal", "x", "A principal", 'principal "aaaaa-aa"', 'principal "aaaaa-aa"'),
    Slip("echo_func", "x", "A canister and its method", "aaaaa-aa.foo", 'func "aaaaa-aa".foo'),
    Slip("echo_service", "x", "The principal or the name of", "fixture", f'service "{ID}"'),
)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.method} {slip.wrong}")
def test_what_is_wrong_is_asked_for_again(calling: Calling, slip: Slip) -> None:
    ended = calling(
        slip.method, ("): ", f"{slip.wrong}\n"), ("): ", f"{slip.right}\n"), ("[y/N] ", "y\n")
    )

    assert ended.exit_code == 0
    assert slip.said in ended.shown
    assert sent(ended) == (f"({slip.argument})", f"({slip.argument})")


def test_parts_are_asked_for_one_by_one(calling: Calling) -> None:
    ended = calling(
        "echo_person",
        ("age (nat8): ", "47\n"),
        ("Which (its name or number): ", "grumpy\n"),
        ("Which (its name or number): ", "2\n"),
        ("cross (text): ", "at rain\n"),
        ("name (text): ", "Ada\n"),
        ("street (text): ", "Quai 5\n"),
        ("number (opt nat16) may be left out. Give it? [y/N] ", "y\n"),
        ("number (nat16): ", "12\n"),
        ("friends (vec principal) is empty so far. Add an element? [y/N] ", "y\n"),
        ("element 0 (principal): ", "aaaaa-aa\n"),
        ("friends: add another element? [y/N] ", "\n"),
        (SEND, "y\n"),
    )

    assert ended.exit_code == 0
    assert (
        "mood (variant { calm; cross : text }) is one of these:\n  1. calm\n  2. cross : text\n"
        in (ended.shown)
    )
    assert "  There is no 'grumpy' among them.\n" in ended.shown
    assert sent(ended) == (ADA, ADA)


def test_a_tag_is_chosen_by_its_name(calling: Calling) -> None:
    ended = calling("echo_variant", ("number): ", "a\n"), (SEND, "y\n"))

    assert sent(ended) == ("(variant { a })", "(variant { a })")


def test_a_recursive_type_is_asked_for_as_deep_as_is_said(calling: Calling) -> None:
    ended = calling(
        "echo_list",
        ("Give it? [y/N] ", "what\n"),
        ("Give it? [y/N] ", "yes\n"),
        ("head (int): ", "1\n"),
        ("Give it? [y/N] ", "y\n"),
        ("head (int): ", "2\n"),
        ("Give it? [y/N] ", "n\n"),
        (SEND, "y\n"),
        options=("--always-assist",),
    )

    assert sent(ended)[0] == (
        "(\n  opt record {\n    head = 1 : int;\n"
        "    tail = opt record { head = 2 : int; tail = null };\n  },\n)"
    )


def test_an_option_of_an_option_keeps_its_levels(calling: Calling) -> None:
    ended = calling(
        "echo_opt_opt",
        ("[y/N] ", "y\n"),
        ("[y/N] ", "n\n"),
        (SEND, "y\n"),
        options=("--always-assist",),
    )

    assert sent(ended) == ("(opt null)", "(opt null)")


def test_what_has_one_value_is_not_asked_for(calling: Calling) -> None:
    ended = calling("echo_null", (SEND, "y\n"))

    assert sent(ended) == ("(null : null, null : reserved)", "(null : null, null : reserved)")


def test_tuples_are_asked_for_by_position(calling: Calling) -> None:
    ended = calling("echo_tuple", ("0 (text): ", "a\n"), ("1 (nat): ", "1\n"), (SEND, "y\n"))

    assert sent(ended) == ('(record { "a"; 1 : nat })', '(record { "a"; 1 : nat })')


def test_where_all_may_be_left_out_nothing_is_asked_unless_always(calling: Calling) -> None:
    assert calling("opt_only").shown == '("None None")\n'

    ended = calling(
        "opt_only",
        ("Argument 1 of 2 (opt nat) may be left out. Give it? [y/N] ", "y\n"),
        ("(nat): ", "5\n"),
        ("Argument 2 of 2 (opt text) may be left out. Give it? [y/N] ", "\n"),
        (SEND, "y\n"),
        options=("--always-assist",),
    )
    assert sent(ended) == ("(opt (5 : nat), null)", '("5 None")')


def test_a_type_without_a_value_cannot_be_given(calling: Calling) -> None:
    ended = calling("echo_empty")

    assert ended.exit_code == 255
    assert ended.shown.endswith(
        "Error: Argument 1 of 1 is of the type empty, of which there is no value.\n"
    )


def test_a_type_without_an_end_is_given_up(tmp_path: Path, calling: Calling) -> None:
    did = tmp_path / "endless.did"
    did.write_text("type R = record { R }; service : { greet : (R) -> () }")

    ended = calling("greet", options=("--candid", str(did)))

    assert ended.exit_code == 255
    assert "is nested too deep to be asked for.\n" in ended.shown


def test_the_end_of_what_is_typed_cancels(calling: Calling) -> None:
    ended = calling("greet", ("(text): ", "\x04"))

    assert ended == (255, f"{ASKED}Argument 1 of 1 (text): \n{CANCELLED}", "")


def test_ctrl_c_ends_with_130_on_a_line_of_its_own(calling: Calling) -> None:
    ended = calling("greet", ("(text): ", "\x03"))

    assert ended == (130, f"{ASKED}Argument 1 of 1 (text): ^C\n", "")


def test_nobody_is_asked_where_the_reply_goes_into_a_pipe(calling: Calling) -> None:
    ended = calling("greet", stdout=subprocess.PIPE)

    assert ended.exit_code == 255
    assert ended.shown == (
        "Error: Failed to create argument blob.\n"
        "Caused by: Invalid data: Expected arguments but found none.\n"
    )


def test_random_values_are_sent_without_asking(calling: Calling) -> None:
    ended = calling("echo_nat8", options=("--random", ""))

    assert ended.exit_code == 0
    assert "Sending the following random argument:\n" in ended.shown
    assert SEND not in ended.shown
