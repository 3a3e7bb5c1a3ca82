"""Odd corners of values as text, each as an official program answered it."""

import pytest

from originstamp_cli.candid import (
    CandidError,
    encode_args,
    parse_args,
    parse_service,
    show_args,
    to_json,
)
from originstamp_cli.candid.show import text_width
from originstamp_cli.candid.types import FLOAT32, FLOAT64, TEXT, Type


def types_of(parameters: str) -> list[Type]:
    return parse_service(f"service : {{ m : ({parameters}) -> () }}").methods["m"].args


def refusal(text: str, types: list[Type] | None) -> CandidError:
    with pytest.raises(CandidError) as caught:
        parse_args(text, types)
    assert 0 <= caught.value.start <= caught.value.end <= len(text)
    return caught.value


# --- numbers ---


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (1125899906842624.25, "1125899906842624.3"),
        (1125899906842625.25, "1125899906842625.3"),
        (-1366011830879262.25, "-1366011830879262.3"),
        (139070869809916.625, "139070869809916.63"),
        (562949953421312.125, "562949953421312.1"),
        (1125899906842624.75, "1125899906842624.8"),
        (1e23, "100000000000000000000000.0"),
        (4.355957413761707e16, "43559574137617070.0"),
    ],
)
def test_of_two_shortest_floats_as_near_the_larger_is_printed(number: float, printed: str) -> None:
    assert show_args([number], [FLOAT64]) == f"({printed} : float64)"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (48847.5625, "48847.563"),
        (48847.3125, "48847.313"),
        (48847.4375, "48847.438"),
        (-2097152.25, "-2097152.3"),
        (8388608.0, "8388608.0"),
    ],
)
def test_so_it_is_of_floats_of_32_bits(number: float, printed: str) -> None:
    assert show_args([number], [FLOAT32]) == f"({printed} : float32)"


def test_json_prints_the_even_one() -> None:
    assert to_json([1125899906842624.25], [FLOAT64]) == "1125899906842624.2"


@pytest.mark.parametrize("written", ["0X1f", "0x1F", "0x1_f", "31", "3_1_", "031", "+31", "+ 31"])
def test_a_number_has_many_spellings(written: str) -> None:
    assert parse_args(f"({written})", types_of("nat")) == [31]


@pytest.mark.parametrize("written", ["-31", "- 31", "-/* so */31", "- // so\n 0x1f"])
def test_so_has_a_negative_one(written: str) -> None:
    assert parse_args(f"({written})", types_of("int")) == [-31]


@pytest.mark.parametrize("written", ["1_000.5", ".5e3", "1.5_0", "0x_f", "--1", "1e", "0x1.8"])
def test_what_is_nearly_a_number_is_refused(written: str) -> None:
    assert refusal(f"({written})", types_of("float64")).kind == "parse"


def test_a_capital_x_is_quoted_with_its_number() -> None:
    message = refusal("(1 0X2)", None).message

    assert 'Unrecognized token `Hex("0X2")` found at 3:6' in message


# --- text ---


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("c\ufe0f", 1),
        ("é\ufe0f", 1),
        ("0\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("☺", 1),
        ("☺\ufe0f", 2),
        ("©\ufe0f", 2),
        ("日\ufe0f", 2),
        ("日\ufe0e", 2),
        ("⌚", 2),
        ("⌚\ufe0e", 1),
        ("0\u0301\ufe0f", 1),
        ("👩a\ufe0f", 3),
        ("\ufe0f\ufe0f", 0),
    ],
)
def test_a_selector_widens_and_narrows_emoji_only(text: str, columns: int) -> None:
    assert text_width(text) == columns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('("\\日")', "Unknown escape character 日 at 2..4"),
        ('("ab\\é" 1', "Unknown escape character é at 4..6"),
        ('("\\u{41x}")', "Unexpected string \\u{41 at 2..7"),
        ('("\\', "Unexpected string \\ at 2..3"),
        ('("abcé', "Unclosed string at 1..7"),
        ("(1 /* é ", "Unclosed comment at 3..8"),
    ],
)
def test_a_bad_literal_is_refused_at_the_official_place(text: str, message: str) -> None:
    assert refusal(text, [TEXT]).message == f"Candid parser error: {message}"


# --- the order in which the official parser looks at things ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('("x" : resered;', "Unbound type identifier resered at 7..14"),
        ("(vec {} : b}trueb)", "Unbound type identifier b at 10..11"),
        (
            '(variant { 5 = "x"  : nat )',
            'type mismatch: "x" cannot be of type nat at 15..18',
        ),
        (
            "(null : func () -> ()",
            (
                'Unrecognized EOF found at 21\nExpected one of ")", ",", "composite_query", '
                '"oneway" or "query"'
            ),
        ),
        (
            "(1 : nat }",
            'Unrecognized token `RBrace` found at 9:10\nExpected one of ")" or ","',
        ),
        ('(record { a = 1; "\\ff" ) 3 })', "Not valid unicode text at 17..22"),
        ('(variant { "\\ff" , })', "Not valid unicode text at 11..16"),
        (
            '(record { a = 1; "\\ff" + 3 })',
            (
                "Unrecognized token `Sign('+')` found at 23:24\n"
                'Expected one of ":", ";", "=" or "}"'
            ),
        ),
    ],
)
def test_the_meaning_is_looked_at_before_the_next_token(text: str, message: str) -> None:
    assert refusal(text, None).message == f"Candid parser error: {message}"


# --- vecs of several types, no interface known ---


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("(vec { 1 : nat; 2; })", "4449444c016d7d0100020102"),
        ("(vec { 1; 2 : nat })", "4449444c016d7c0100020102"),
        ("(vec { 1 : nat8; 2 })", "4449444c016d7b0100020102"),
        ("(vec { record {1}; record {2 : int} })", "4449444c026d016c01007c0100020102"),
        ("(vec { record {a=1}; record { 97=2 } })", "4449444c026d016c01617c0100020102"),
        ("(vec { vec {1}; vec {} })", "4449444c026d016d7c010002010100"),
        ('(vec { blob "x"; vec { 1 } })', "4449444c026d016d7b01000201780101"),
        ("(vec { opt 1; null : opt int})", "4449444c026d016e7c010002010100"),
        ("(vec { opt 1; null : opt empty})", "4449444c026d016e7c010002010100"),
        ("(vec { vec {}; vec {1} })", "4449444c026d016d7c010002000101"),
    ],
)
def test_a_bare_number_and_an_empty_vec_stand_beside_any(text: str, sent: str) -> None:
    assert encode_args(parse_args(text, None), None).hex() == sent


@pytest.mark.parametrize(
    "text",
    [
        '(vec { 1; "a" })',
        "(vec { opt 1; null })",
        "(vec { variant { a }; variant { b } })",
        "(vec { record { a = 1 }; record { a = 1; b = 2 } })",
        "(vec { 1.0; 1.5 : float32 })",
        "(vec { 1; 2 : nat8 })",
        "(vec { true; null : reserved })",
        "(vec { vec { 1 }; vec { true } })",
        "(vec { opt 1; vec { 1 } })",
        "(vec { 1; 2.0 })",
    ],
)
def test_elements_that_would_be_garbage_are_refused(text: str) -> None:
    assert refusal(text, None).message.startswith("the elements of a vec are of different types: ")


def test_a_bare_number_must_be_in_the_range_of_those_beside_it() -> None:
    assert "too large" in refusal("(vec { 1 : nat8; 256 })", None).message
    assert refusal("(vec { 1 : nat; -1 })", None).message == "Cannot parse BigUint"


# --- what is said beside the official words ---


@pytest.mark.parametrize(
    ("parameters", "text", "label", "hint"),
    [
        (
            "record { art_title : text }",
            '(record { art_titel = "x" })',
            "field art_title is missing",
            "field `art_titel` is not in the record; did you mean `art_title`?",
        ),
        ("record { a : nat }", "(record { zzz = 1 })", "field a is missing", ""),
        (
            "variant { Ok; Err }",
            "(variant { ok })",
            "no such tag",
            "the variant has no tag `ok`; did you mean `Ok`?",
        ),
        ("variant { Ok; Err }", "(variant { q })", "no such tag", "the tags are `Ok`, `Err`"),
        ("variant {}", "(variant { q })", "no such tag", ""),
        (
            "opt nat",
            "(5)",
            "not of type opt nat",
            "a value that is there is written `opt value`, one that is not `null`",
        ),
        ("float64", "(5)", "not of type float64", "a float has a point: write `5.0`"),
        (
            "principal",
            '("aaaaa-aa")',
            "not of type principal",
            'a principal is written `principal "…"`',
        ),
        ("nat", "(-1)", "a nat cannot be negative", ""),
        ("nat8", "(256)", "too large for a nat8", ""),
        ("int8", "(-129)", "too small for a int8", ""),
        ("nat, nat", "(1)", "1 here, where 2 belong", ""),
        (
            "record { a : record { b : record { c : text; d : text; e : text; f : text } } }",
            "(1)",
            "not of type record",
            "",
        ),
    ],
)
def test_a_misfit_says_where_and_what_was_perhaps_meant(
    parameters: str, text: str, label: str, hint: str
) -> None:
    error = refusal(text, types_of(parameters))

    assert (error.label, error.hint) == (label, hint)
    assert error.frame().startswith("error: type error\n")
    assert (f"  = {hint}\n" in error.frame()) == bool(hint)


def test_the_place_of_a_misfit_is_that_of_the_part() -> None:
    text = '(vec { record { 1; "x" }; record { 2; 3 } })'

    error = refusal(text, types_of("vec record { nat; text }"))

    assert text[error.start : error.end] == "3"


def test_more_values_than_types_are_refused_on_request() -> None:
    assert parse_args("(1, 2)", types_of("nat")) == [1]
    with pytest.raises(CandidError, match="wrong number of argument values"):
        parse_args("(1, 2)", types_of("nat"), exact=True)
