"""The binary form by the rules of its specification, as tables of assertions (tests/candid/).

A table is lines. One in parentheses is the types wanted from then on, and those with `type` are
their definitions. Then comes an assertion a line, with a sentence at its end:

    == BYTES | TEXT | …    the bytes are read as the values that the text is
    != BYTES | TEXT | …    as others
    :  BYTES | …           the bytes are read
    !  BYTES | …           the bytes are refused
    =t TEXT | TEXT | …     both texts are the same values
    !t TEXT | …            the text is refused
    <: TYPE | TYPE | …     a function that returns the one is read as one that returns the other
    !< TYPE | TYPE | …     it is not, so below an `opt` it is absent

Bytes are written in hexadecimal, as texts in quotes, or as keywords, which stand for their codes.
`DIDL` comes before them except behind `raw`. `x*N` is the byte x N times.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from originstamp_cli.candid import (
    CandidError,
    FuncRef,
    Principal,
    decode_args,
    encode_args,
    is_subtype,
    parse_args,
    parse_service,
    show_args,
)
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.wire import CODES, MAGIC

FOLDER = Path(__file__).parent / "candid"
# So many assertions of each kind has the suite of the specification.
LEAST = {
    "prim": 168,
    "construct": 164,
    "reference": 50,
    "subtypes": 58,
    "overshoot": 10,
    "spacebomb": 17,
}


class Assertion(NamedTuple):
    """One line of a table."""

    definitions: str
    types: str
    sign: str
    given: str
    expected: str
    sentence: str


def assertions(kind: str) -> list[Assertion]:
    """Return the assertions of a table, each with the types it is about."""
    definitions, types, found = "", "", []
    for line in (FOLDER / f"{kind}.txt").read_text("utf-8").splitlines():
        if line.startswith("type "):
            definitions += line
        elif line.startswith("("):
            types = line
        elif line and not line.startswith("//"):
            sign, _, rest = line.partition(" ")
            given, *expected, sentence = [part.strip() for part in rest.split(" | ")]
            found.append(Assertion(definitions, types, sign, given, "".join(expected), sentence))
    return found


TABLES = {kind: assertions(kind) for kind in LEAST}
ALL = [
    pytest.param(each, id=f"{kind}: {each.types} {each.sentence}")
    for kind, table in TABLES.items()
    for each in table
]


@cache
def types_of(definitions: str, types: str) -> list[Type]:
    return parse_service(f"{definitions} service : {{ m : {types} -> () }}").methods["m"].args


def bytes_of(written: str) -> bytes:
    """Return the bytes that are written down in an assertion."""
    raw = written.startswith("raw")
    out = bytearray() if raw else bytearray(MAGIC)
    for word in re.findall(r'"[^"]*"|\S+', written.removeprefix("raw")):
        if word.startswith('"'):
            out += word[1:-1].encode()
        elif word in CODES:
            out.append(CODES[word] & 0x7F)
        else:
            byte, _, times = word.partition("*")
            out += bytes.fromhex(byte) * int(times or 1)
    return bytes(out)


def is_read_as(each: Assertion) -> bool:
    """Return whether a function that returns the one type is read as one that returns the other."""
    sub = types_of(each.definitions, f"(func () -> ({each.given}))")
    sup = types_of(each.definitions, f"(opt func () -> ({each.expected}))")
    function = FuncRef(Principal(b""), "m")
    [read], _ = decode_args(encode_args([function], sub), sup)
    assert read in (function, None)
    assert is_subtype(*types_of(each.definitions, f"({each.given}, {each.expected})")) is (
        read is not None
    )
    return read is not None


@pytest.mark.parametrize("each", ALL)
def test_the_rules_of_the_specification_hold(each: Assertion) -> None:
    types = types_of(each.definitions, each.types)

    if each.sign in ("<:", "!<"):
        assert is_read_as(each) is (each.sign == "<:")
    elif each.sign == "!t":
        with pytest.raises(CandidError):
            parse_args(each.given, types)
    elif each.sign == "=t":
        assert parse_args(each.given, types) == parse_args(each.expected, types)
    elif each.sign == "!":
        data = bytes_of(each.given)
        with pytest.raises(CandidError) as caught:
            decode_args(data, types)
        assert caught.value.kind == "binary"
        assert 0 <= caught.value.start <= caught.value.end <= len(data)
    else:
        values, read_at = decode_args(bytes_of(each.given), types)
        assert read_at == types
        shown = show_args(values, types)
        # What was read is a right value of its type, and stays what it is.
        assert show_args(*decode_args(encode_args(values, types), types)) == shown
        if each.sign != ":":
            expected = show_args(parse_args(each.expected, types), types)
            assert (shown == expected) is (each.sign == "==")


@pytest.mark.parametrize("kind", LEAST)
def test_there_are_as_many_assertions_as_in_the_suite_of_the_specification(kind: str) -> None:
    table = TABLES[kind]

    assert len(table) >= LEAST[kind]
    assert {each.sign for each in table} <= {"==", "!=", ":", "!", "=t", "!t", "<:", "!<"}
    same = Counter((each.types, each.sign, each.given, each.expected) for each in table)
    assert [each for each, times in same.items() if times > 1] == []
    assert all(each.sentence for each in table)
