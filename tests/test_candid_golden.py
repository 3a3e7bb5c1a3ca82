"""Candid against 1,097 answers of the official implementation (tests/candid/).

A row of kind drift, quirk or panic is one where the official program that made it is known to
differ from what is wanted.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from originstamp_cli.candid import (
    CandidError,
    Service,
    decode_args,
    encode_args,
    parse_args,
    parse_service,
    show_args,
)
from originstamp_cli.candid.types import Type

Row = dict[str, Any]

GOLDEN = Path(__file__).parent / "candid" / "golden_public.jsonl"
ROWS: list[Row] = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
TEXT_ROWS = [row for row in ROWS if "input" in row and "decode_idl" not in row]

# What is wanted where it is not what the row says (rules that changed after candid 0.10.10).
ANSWERED_OTHERWISE = {
    # The official decoder drops a field named `_`.
    "quirk-002": "(vec { record { _ = 1 : nat } })",
    # It panics on a comma in a tag.
    "quirk-003": '(variant { "a,b" = 1 : nat })',
    # Its lexer accepts `0X`, its parser panics.
    "panic-002": "(1 : nat)",
    # Since candid 0.10.20 a missing `null` field is filled in.
    "drift-019": "(record { a = null : null })",
    "drift-020": "(record { a = null : null; c = null })",
}
REFUSED_OTHERWISE = {
    # Mixed vecs are sent as garbage by the official tools.
    "untyped-031": "the elements of a vec are of different types: opt int, null",
    "untyped-032": "the elements of a vec are of different types: variant { a }, variant { b }",
    # The official program ignores imports that it cannot follow, and says this of no service.
    "did-039": "import is not supported: put the imported definitions into the interface",
    "error-method-002": "the interface defines no service",
}
# Methods that the row's interface does not have: the rows test another part of their harness.
NO_SUCH_METHOD = [
    row["id"]
    for row in TEXT_ROWS
    if row["kind"] == "backend-error" and row["method"] not in row["idl"]
]
WRAPPINGS = (
    ("Failed to parse arguments `", "`."),
    ("Failed to convert idl args to bytes due to `Could not encode args to bytes ", "`."),
    ("Failed to parse the provided candid idl `", "`."),
    ("Validation failed due to `", "`."),
)


@cache
def interface(idl: str) -> Service:
    return parse_service(idl)


def types_of(row: Row, idl: str = "idl") -> list[Type] | None:
    service = interface(row[idl])
    if row["method"] is None:
        return None
    method = service.methods[row["method"]]
    return method.results if row.get("dir") == "rets" else method.args


def official_message(error: str) -> str:
    for opening, closing in WRAPPINGS:
        if error.startswith(opening):
            return error.removeprefix(opening).removesuffix(closing)
    return error


def printed(row: Row) -> str:
    """Return the row's text as it prints that was sent and received."""
    types = types_of(row)
    message = encode_args(parse_args(row["input"], types)[: row_length(types)], types)
    return show_args(*decode_args(message, types))


def row_length(types: list[Type] | None) -> int | None:
    """Return how many values of a text are sent: not more than the types, as officially."""
    return None if types is None else len(types)


ANSWERED = [
    row
    for row in TEXT_ROWS
    if (row["id"] in ANSWERED_OTHERWISE or "pretty" in row) and row["id"] not in REFUSED_OTHERWISE
]
REFUSED = [row for row in TEXT_ROWS if row not in ANSWERED and row["id"] not in NO_SUCH_METHOD]


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row["id"])
def test_an_argument_is_read_and_printed_as_officially(row: Row) -> None:
    expected = ANSWERED_OTHERWISE.get(row["id"]) or row["pretty"]

    assert printed(row) == expected


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["id"])
def test_what_is_wrong_is_refused_in_the_official_words(row: Row) -> None:
    otherwise = REFUSED_OTHERWISE.get(row["id"])
    expected = otherwise or official_message(row["error"])

    with pytest.raises(CandidError) as caught:
        printed(row)

    assert caught.value.message == expected
    assert 0 <= caught.value.start <= caught.value.end <= len(caught.value.text)


@pytest.mark.parametrize("id_", NO_SUCH_METHOD)
def test_a_method_that_an_interface_does_not_have_is_not_found_in_it(id_: str) -> None:
    row = next(row for row in TEXT_ROWS if row["id"] == id_)

    assert row["method"] not in interface(row["idl"]).methods


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row["id"])
def test_an_interface_that_was_packed_reads_the_same(row: Row) -> None:
    service = interface(row["idl"])
    unpacked = Service.unpack(service.pack())

    assert unpacked == service
    if row["method"] is not None:
        assert unpacked.methods[row["method"]] == service.methods[row["method"]]


# --- as bytes ---

# Labels are compared by their ids now, so two types that differ in them alone are one in the table.
ENCODED_OTHERWISE = {"drift-021": "4449444c026c01007d6c01007d03000101010203"}
DECODED_OTHERWISE = {
    **{id_: ANSWERED_OTHERWISE[id_] for id_ in ("quirk-002", "quirk-003")},
    # Since candid 0.10.20 a value becomes an opt as many times as wanted, …
    "drift-001": "(opt opt (1 : nat))",
    "drift-003": "(record { a = opt opt (1 : nat) })",
    # … and a reserved is no null.
    "drift-004": None,
    "drift-005": "(null)",
}
# Not hexadecimal, and an interface that is refused.
NO_BYTES = ["bytes-015", "did-039"]
DECODING = "Failed to convert bytes to idl args due to `Could not decode args from bytes "

ENCODED = [row for row in ANSWERED if "hex" in row] + [
    row for row in ROWS if "input" in row and "hex" in row and "decode_idl" in row
]
RECEIVED = [row for row in ROWS if "hex" in row and row["id"] not in NO_BYTES]
UNDERSTOOD = [
    row
    for row in RECEIVED
    if (DECODED_OTHERWISE.get(row["id"]) or row.get("pretty")) and row["id"] != "drift-004"
]
NOT_UNDERSTOOD = [row for row in RECEIVED if row not in UNDERSTOOD]


def wanted_types(row: Row) -> list[Type] | None:
    return types_of(row, "decode_idl" if "decode_idl" in row else "idl")


@pytest.mark.parametrize("row", ENCODED, ids=lambda row: row["id"])
def test_a_message_has_the_official_bytes(row: Row) -> None:
    types = types_of(row)
    values = parse_args(row["input"], types)[: row_length(types)]

    message = encode_args(values, types)

    assert message.hex() == ENCODED_OTHERWISE.get(row["id"], row["hex"])


@pytest.mark.parametrize("row", UNDERSTOOD, ids=lambda row: row["id"])
def test_a_message_is_read_as_officially(row: Row) -> None:
    values, types = decode_args(bytes.fromhex(row["hex"]), wanted_types(row))

    assert show_args(values, types) == (DECODED_OTHERWISE.get(row["id"]) or row["pretty"])


@pytest.mark.parametrize("row", NOT_UNDERSTOOD, ids=lambda row: row["id"])
def test_a_wrong_message_is_refused_in_words_that_begin_with_the_official_ones(row: Row) -> None:
    official = row.get("decode_error", "").removeprefix(DECODING).removesuffix("`.")

    with pytest.raises(CandidError) as caught:
        decode_args(bytes.fromhex(row["hex"]), wanted_types(row))

    assert caught.value.kind == "binary"
    assert caught.value.message.startswith(official)


def test_every_row_is_covered() -> None:
    left_out = [row for row in TEXT_ROWS if row not in ANSWERED and row not in REFUSED]

    assert sorted(row["id"] for row in left_out) == sorted(NO_SUCH_METHOD)
    assert (len(ANSWERED), len(REFUSED), len(NO_SUCH_METHOD)) == (717, 254, 6)
    assert len(ROWS) == 1_097
    covered = [row["id"] for row in (*ANSWERED, *REFUSED, *ENCODED, *UNDERSTOOD, *NOT_UNDERSTOOD)]
    assert {row["id"] for row in ROWS} - {*covered, *NO_SUCH_METHOD, *NO_BYTES} == set()
    assert (len(ENCODED), len(UNDERSTOOD), len(NOT_UNDERSTOOD)) == (786, 793, 42)
