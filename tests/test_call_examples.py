"""The examples of dfx's printers, sent through `canister call` to a method that gives them back."""

import json
from collections.abc import Callable

import pytest
from conftest import Result, World
from fixture_canister import FIXTURE, Canister
from test_candid_dfx_examples import EXAMPLES, LAYOUTS

RAW = {
    1: "4449444c0000",
    2: "4449444c0001710548656c6c6f",
    3: "4449444c0001710a6974277320226f6b220a",
    5: "4449444c00017d87ad4b",
    7: "4449444c00017c985f",
    8: "4449444c00017bff",
    9: "4449444c000179ffffffff",
    10: "4449444c00017800002a36fe9c9717",
    11: "4449444c0001720000000000004540",
    14: "4449444c00017e01",
    15: "4449444c00017f",
    16: "4449444c000168010a80000000001000010101",
    17: "4449444c016d7b010003616263",
    19: "4449444c016d7b010006612227605c0a",
    20: "4449444c016d7b0100030102ff",
    21: "4449444c016e71010000",
    22: "4449444c016e710100010178",
    23: "4449444c016e780100010500000000000000",
    24: "4449444c026e016e7d0100010105",
    25: "4449444c0002717d016101",
    26: "4449444c016c02bfe9a7027bcbe4fdc7047101000703426f62",
    27: "4449444c016c000100",
    28: "4449444c016c020071017d0100016101",
    31: "4449444c016b02bc8a017fc5fed20171010000",
    32: "4449444c016b02bc8a017fc5fed20171010001094e6f7420666f756e64",
    33: "4449444c016b02bc8a017dc5fed20171010000e807",
    36: "4449444c016d7d010000",
    37: "4449444c000170",
}

LISTS = "(opt record { head = 1000; tail = opt record { head = -2000; tail = null } }, "
TYPED_LIST = """\
(
  opt record {
    head = 1_000 : int16;
    tail = opt record { head = -2_000 : int16; tail = null };
  },
  variant { a = 42 : nat },
)
"""
UNTYPED_LIST = """\
(
  opt record {
    1_158_359_328 = 1_000 : int16;
    1_291_237_008 = opt record {
      1_158_359_328 = -2_000 : int16;
      1_291_237_008 = null;
    };
  },
  variant { 97 = 42 : nat },
)
"""
SHORTHAND = "(record { 42; record {}; true; record { 42; 0x2a=42; 42; 42 }; opt 42 })"
SENT_SHORTHAND = """\
(
  record {
    42 : int;
    record {};
    true;
    record { 0 = 42 : int; 42 = 42 : int; 43 = 42 : int; 44 = 42 : int };
    opt (42 : int);
  },
)
"""
LITERALS = "(true, null, 42, 42., 42.42, -42e5, 42.42e-5)"
SENT_LITERALS = """\
(
  true,
  null : null,
  42 : int,
  42.0 : float64,
  42.42 : float64,
  -4200000.0 : float64,
  0.0004242 : float64,
)
"""
ALL = (
    '(43 : int, true, "uftu{[", vec { 2 : nat; 3 : nat; 4 : nat;}, opt record { head = 43 : int; '
    "tail = opt record { head = 44 : int; tail = null;};}, variant { cons = record { 43 : int; "
    "variant { cons = record { 44 : int; variant { nil };} };} })"
)
TEN = "(vec { 1; 2; 3; 4; 5; 6; 7; 8; 9; 10 })"

Echoing = Callable[..., Result]


@pytest.fixture
def echoing(world: World, fixture_canister: Callable[[Canister], None]) -> Echoing:
    """Call a query method of these types that gives back what it is given."""

    def call(types: str, argument: str, *options: str, definitions: str = "") -> Result:
        did = f"{definitions} service : {{ echo : ({types}) -> ({types}) query }}"
        fixture_canister(Canister("examples", FIXTURE.NUMBER + 1, did, {}))
        return world.run("canister", "call", "examples", "echo", argument, *options)

    return call


@pytest.mark.parametrize("number", EXAMPLES)
def test_a_reply_is_printed_in_every_form(echoing: Echoing, number: int) -> None:
    example = EXAMPLES[number]
    idl = example.pp if example.idl is None else example.idl

    assert echoing(example.did, example.written) == (0, f"{example.pp}\n", "")
    assert echoing(example.did, example.written, "--output", "idl") == (0, f"{idl}\n", "")
    assert echoing(example.did, example.written, "--output", "json") == (
        0,
        f"{example.json}\n",
        "",
    )


@pytest.mark.parametrize("number", RAW)
def test_a_reply_is_printed_as_its_bytes(echoing: Echoing, number: int) -> None:
    example = EXAMPLES[number]

    assert echoing(example.did, example.written, "--output", "raw") == (0, f"{RAW[number]}\n", "")


@pytest.mark.parametrize("number", LAYOUTS)
def test_a_wide_reply_is_broken_into_lines(echoing: Echoing, number: int) -> None:
    did, written, expected = LAYOUTS[number]
    # In 46 a label is the keyword `opt`, which only quotes make a label.
    did, written = did.replace("opt_", '"opt"'), written.replace("opt_", '"opt"')

    assert echoing(did, written) == (0, f"{expected}\n", "")


def test_ten_elements_stand_on_lines_of_their_own_and_a_text_of_76_characters_on_one(
    echoing: Echoing,
) -> None:
    lines = "".join(f"    {number} : nat;\n" for number in range(1, 11))

    assert echoing("vec nat", TEN) == (0, f"(\n  vec {{\n{lines}  }},\n)\n", "")
    assert echoing("text", f'("{"x" * 76}")') == (0, f'("{"x" * 76}")\n', "")


def test_a_list_prints_its_names_and_without_an_interface_their_ids(echoing: Echoing) -> None:
    lists = "type List = opt record { head : int16; tail : List };"
    types, argument = "List, variant { a : nat }", f"{LISTS}variant {{ a = 42 }})"

    assert echoing(types, argument, definitions=lists) == (0, TYPED_LIST, "")
    typed = argument.replace("1000", "1000 : int16").replace("-2000", "-2000 : int16")
    untyped = echoing(
        types,
        typed.replace("42", "42 : nat"),
        *("--query", "--candid", "/nowhere.did"),
        definitions=lists,
    )
    assert (untyped.exit_code, untyped.stdout) == (0, UNTYPED_LIST)


def test_without_an_interface_a_bare_number_is_sent_as_an_int(echoing: Echoing) -> None:
    bare = ("--query", "--candid", "/nowhere.did")

    shorthand = echoing(
        "record { int; record {}; bool; "
        "record { 0 : int; 42 : int; 43 : int; 44 : int }; opt int }",
        SHORTHAND,
        *bare,
    )
    literals = echoing("bool, null, int, float64, float64, float64, float64", LITERALS, *bare)

    assert (shorthand.exit_code, shorthand.stdout) == (0, SENT_SHORTHAND)
    assert (literals.exit_code, literals.stdout) == (0, SENT_LITERALS)


@pytest.mark.usefixtures("fixture_canister")
def test_many_values_stand_on_one_line_in_the_idl_form(world: World) -> None:
    result = world.run(
        *("canister", "call", "fixture", "echo_all", ALL.replace(" : nat", "")),
        *("--output", "idl"),
    )

    assert result == (0, f"{ALL}\n", "")


def test_each_value_is_a_json_document_of_its_own(echoing: Echoing) -> None:
    result = echoing("text, nat, bool", '("one", 2, true)', "--output", "json")

    assert [json.loads(line) for line in result.stdout.splitlines()] == ["one", "2", True]
