"""The group `candid`: text to bytes and back, interfaces checked and compared."""

from pathlib import Path

import pytest
from conftest import Result, World

from originstamp_cli.candid import parse_args, parse_service, show_args

SHOP = """\
type Price = variant { Known : nat; Unknown };
service : { price : (title : text) -> (Price) query; sell : (text, opt nat) -> () }
"""
SOLD = "4449444c016e7d027100036f696c0105"


@pytest.fixture
def shop(fresh: World, tmp_path: Path) -> World:
    """A world that stands in a folder with an interface."""
    (tmp_path / "shop.did").write_text(SHOP)
    return fresh


def candid(world: World, *words: str, typed: str = "") -> Result:
    """Run `candid` with these words."""
    return world.run("candid", *words, typed=typed)


def refused(*lines: str) -> Result:
    """Return what a refusal leaves behind."""
    return Result(1, "", "".join(f"{line}\n" for line in lines))


def of(tmp_path: Path, method: str, name: str = "shop.did") -> tuple[str, ...]:
    return ("--did", str(tmp_path / name), "--method", method)


def test_an_argument_becomes_the_bytes_that_are_sent(shop: World, tmp_path: Path) -> None:
    argument = '("oil", opt 5)'

    assert candid(shop, "encode", *of(tmp_path, "sell"), argument) == (0, f"{SOLD}\n", "")
    piped = candid(shop, "encode", *of(tmp_path, "sell"), "-", typed=f" {argument}\n")
    assert piped == (0, f"{SOLD}\n", "")


def test_without_an_interface_the_types_are_inferred(shop: World) -> None:
    assert candid(shop, "encode", '(1, "x")') == (0, "4449444c00027c71010178\n", "")
    assert candid(shop, "encode", "()") == (0, "4449444c0000\n", "")
    assert candid(shop, "decode", "4449444c00027c71010178") == (0, '(1 : int, "x")\n', "")


def test_the_interface_is_the_backends_where_none_is_given(shop: World) -> None:
    encoded = candid(shop, "encode", "--method", "get_user_info", '("alice")')

    assert encoded == (0, "4449444c00017105616c696365\n", "")


def test_a_reply_becomes_text_in_each_style(shop: World, tmp_path: Path) -> None:
    known = candid(
        shop, "encode", "(variant { Known = 1000 } : variant { Known : nat; Unknown })"
    ).stdout.strip()

    for style, printed in {
        "pp": "(variant { Known = 1_000 : nat })\n",
        "idl": "(variant { Known = 1_000 : nat })\n",
        "json": '{\n  "Known": "1_000"\n}\n',
    }.items():
        words = ("decode", *of(tmp_path, "price"), "--output", style)
        assert candid(shop, *words, known) == (0, printed, "")
        assert candid(shop, *words, f"0x{known.upper()}") == (0, printed, "")
        assert candid(shop, *words, "-", typed=f"{known}\n") == (0, printed, "")
    assert candid(shop, "decode", known).stdout.startswith("(variant { ")


def test_what_a_method_is_sent_is_read_on_request(shop: World, tmp_path: Path) -> None:
    words = ("decode", *of(tmp_path, "sell"), SOLD)

    assert candid(shop, *words, "--args") == (0, '("oil", opt (5 : nat))\n', "")
    assert candid(shop, *words) == (0, "()\n", "")


def test_values_beyond_the_parameters_are_refused(shop: World, tmp_path: Path) -> None:
    assert candid(shop, "encode", *of(tmp_path, "price"), '("oil", 1)') == refused(
        "error: type error",
        "  ┌─ Candid argument:1:1",
        "  │",
        '1 │ ("oil", 1)',
        "  │ ^^^^^^^^^^ 2 here, where 1 belong",
        "",
        "Error: wrong number of argument values",
    )


@pytest.mark.parametrize(
    ("argument", "drawn", "why"),
    [
        (
            "(1",
            "1 │ (1\n  │   ^ Unexpected EOF",
            'Candid parser error: Unrecognized EOF found at 2\nExpected one of ")", "," or ":"',
        ),
        ("(1)", "1 │ (1)\n  │  ^ not of type text", "type mismatch: 1 can not be of type text"),
        ("", "1 │ \n  │ ^ Unexpected EOF", 'Unrecognized EOF found at 0\nExpected one of "("'),
        (
            "(\x1b[31m)",
            "1 │ (\\u{1b}[31m)",
            "Candid parser error: Unknown token \\u{1b} at 1..2",
        ),
    ],
)
def test_bad_text_is_shown_and_refused(
    shop: World, tmp_path: Path, argument: str, drawn: str, why: str
) -> None:
    result = candid(shop, "encode", *of(tmp_path, "price"), argument)

    assert (result.exit_code, result.stdout) == (1, "")
    assert drawn in result.stderr
    assert result.stderr.endswith(f"{why}\n")
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("444", "The message is not hex: Odd number of digits."),
        ("zz", "The message is not hex: Invalid character 'z' at position 0."),
    ],
)
def test_bad_hex_is_a_sentence(shop: World, message: str, why: str) -> None:
    assert candid(shop, "decode", message) == refused(
        f"Error: {why}", "To fix: Give two digits of 0 to 9 and a to f a byte."
    )


@pytest.mark.parametrize("message", ["", "00", "4449444c", "4449444c0001710a", "4449444c000100"])
def test_bytes_that_are_no_message_are_refused(shop: World, message: str) -> None:
    result = candid(shop, "decode", message)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The message cannot be read: ")


def test_a_good_interface_is_checked_in_silence(shop: World, tmp_path: Path) -> None:
    assert candid(shop, "check", str(tmp_path / "shop.did")) == (0, "", "")
    assert candid(shop, "check", "-", typed=SHOP) == (0, "", "")
    assert candid(shop, "check", "-", typed="type T = nat") == (0, "", "")


def test_a_bad_interface_is_shown_with_the_place(shop: World, tmp_path: Path) -> None:
    (tmp_path / "bad.did").write_text("service : {\n  m : (Foo) -> ();\n}")

    assert candid(shop, "check", str(tmp_path / "bad.did")) == refused(
        "error: parser error",
        f"  ┌─ {tmp_path / 'bad.did'}:2:8",
        "  │",
        "2 │   m : (Foo) -> ();",
        "  │        ^^^ Unbound type identifier Foo",
        "",
        "Error: Unbound type identifier Foo",
    )
    piped = candid(shop, "check", "-", typed="type\n 5")
    assert "┌─ standard input:2:2" in piped.stderr


def test_files_that_cannot_be_read_are_named(shop: World, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xff")

    assert candid(shop, "check", "/nowhere.did") == refused(
        "Error: '/nowhere.did' cannot be read: No such file or directory.",
        "To fix: Check the path; - is standard input.",
    )
    assert candid(shop, "check", str(tmp_path)).exit_code == 1
    assert candid(shop, "check", str(tmp_path / "latin")) == refused(
        f"Error: {str(tmp_path / 'latin')!r} is not valid UTF-8 text.",
        "To fix: Encode it as UTF-8.",
    )
    assert candid(shop, "check", "a\0b").exit_code == 1


def test_an_interface_that_only_grows_may_take_the_place(shop: World, tmp_path: Path) -> None:
    (tmp_path / "new.did").write_text(
        "service : { price : (opt text, opt nat) -> (variant { Known : nat }, text) query;"
        " sell : (text, opt nat) -> (bool); added : () -> () }"
    )
    (tmp_path / "old.did").write_text(SHOP)

    same = candid(shop, "subtype", str(tmp_path / "shop.did"), str(tmp_path / "old.did"))
    assert same == (0, "", "")
    assert candid(shop, "subtype", "-", str(tmp_path / "old.did"), typed=SHOP) == (0, "", "")
    grown = candid(shop, "subtype", str(tmp_path / "new.did"), str(tmp_path / "old.did"))
    assert grown == (0, "", "")


def test_an_interface_that_breaks_clients_may_not(shop: World, tmp_path: Path) -> None:
    new, old = str(tmp_path / "new.did"), str(tmp_path / "shop.did")
    (tmp_path / "new.did").write_text("service : { price : (nat) -> (nat) query }")

    assert candid(shop, "subtype", new, old) == refused(
        f"Error: {new} cannot take the place of {old}:",
        "  method price: parameter 1: text is no subtype of nat",
        "  method sell is missing",
    )


@pytest.mark.parametrize(
    ("label", "number"),
    [("name", 1224700491), ("Ok", 17724), ("", 0), ("5", 53), ("no name", 4121433738)],
)
def test_a_name_has_its_number(shop: World, label: str, number: int) -> None:
    assert candid(shop, "hash", label) == (0, f"{number}\n", "")


def test_random_arguments_are_the_same_for_a_seed(shop: World, tmp_path: Path) -> None:
    words = ("random", *of(tmp_path, "sell"), "--seed")

    first = candid(shop, *words, "7")

    types = parse_service(SHOP).methods["sell"].args
    assert first == candid(shop, *words, "7")
    assert first.stdout != candid(shop, *words, "8").stdout
    assert show_args(parse_args(first.stdout, types, exact=True), types) == first.stdout.strip()
    assert candid(shop, "encode", *of(tmp_path, "sell"), "-", typed=first.stdout).exit_code == 0
    for style in ("pp", "idl", "json"):
        assert candid(shop, *words, "7", "--output", style).exit_code == 0
    assert candid(shop, "random", *of(tmp_path, "sell")).exit_code == 0


def test_types_without_values_have_no_random_ones(shop: World, tmp_path: Path) -> None:
    (tmp_path / "odd.did").write_text("service : { m : (record { empty }) -> () }")

    assert candid(shop, "random", *of(tmp_path, "m", "odd.did")) == refused(
        "Error: there is no value of the type record { empty }"
    )


def test_a_method_that_is_not_there_is_named_with_one_that_is(shop: World, tmp_path: Path) -> None:
    for command in ("encode", "decode"):
        assert candid(shop, command, *of(tmp_path, "pricé"), "()") == refused(
            "Error: The interface has no method 'pricé'. Did you mean 'price'?"
        )
    assert "no method 'nope'.\n" in candid(shop, "random", "--method", "nope").stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("encode",), "Missing argument 'TEXT'."),
        (("random",), "Missing option '--method'."),
        (("encode", "()", "--did", "x"), "An interface is given, but no method of it."),
        (("decode", "00", "--output", "raw"), "--output cannot be 'raw': it is none of pp, idl"),
        (("hash",), "Missing argument 'LABEL'."),
        (("subtype", "-", "-"), "Standard input can be only one of them."),
        (("encode", "-", "--did", "-", "--method", "m"), "Standard input can be only one"),
        (("subtype", "a"), "Missing argument 'OLD'."),
        (("random", "--method", "login", "--seed", "-1"), "--seed"),
        (("blurp",), "No such command 'blurp'."),
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(
    fresh: World, words: tuple[str, ...], why: str
) -> None:
    result = candid(fresh, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert why in result.stderr


def test_nothing_is_made_and_nobody_asked(shop: World) -> None:
    assert shop.run("--identity", "nobody", "candid", "hash", "a") == (0, "97\n", "")
    assert candid(shop, "hash", "a", "--state", "/nowhere/state") == (0, "97\n", "")
    assert not shop.home.exists()
    assert not shop.state.exists()


def test_the_group_alone_explains_itself(fresh: World) -> None:
    result = candid(fresh)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "encode" in result.stderr
