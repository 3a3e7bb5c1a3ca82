"""Candid text against 1,097 answers of the official implementation (tests/candid/).

Rows that need the binary form (`hex_in`, `decode_idl`) wait for it. A row of kind drift, quirk or
panic is one where the official program that made it is known to differ from what is wanted.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from originstamp_cli.candid import (
    CandidError,
    Service,
    Tag,
    Typed,
    parse_args,
    parse_service,
    show_args,
)
from originstamp_cli.candid.types import INT, NUMBER, Field, Opt, Record, Type, Variant, Vec

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


def types_of(row: Row) -> list[Type] | None:
    service = interface(row["idl"])
    if row["method"] is None:
        return None
    method = service.methods[row["method"]]
    return method.results if row.get("dir") == "rets" else method.args


def official_message(error: str) -> str:
    for opening, closing in WRAPPINGS:
        if error.startswith(opening):
            return error.removeprefix(opening).removesuffix(closing)
    return error


def sent_and_read_back(typed: Typed) -> Typed:
    """Return a value as one gets it that was sent without an interface: ids instead of names."""
    type_: Type = typed.type
    value: Any = typed.value
    if type_ == NUMBER:
        return Typed(value, INT)
    if isinstance(type_, Opt) and value is not None and not type_.wraps:
        inner = sent_and_read_back(Typed(value, type_.inner))
        return Typed(inner.value, Opt(inner.type))
    if isinstance(type_, Vec) and not type_.is_blob and value:
        items = [sent_and_read_back(Typed(item, type_.inner)) for item in value]
        return Typed([item.value for item in items], Vec(items[0].type))
    if isinstance(type_, Variant):
        field = type_.fields[0]
        carried = sent_and_read_back(Typed(value.value, field.type))
        return Typed(Tag(field.id, carried.value), Variant([Field(field.id, carried.type)]))
    if isinstance(type_, Record):
        members = list(value) if type_.is_tuple else [value[field.label] for field in type_.fields]
        sent = {
            field.id: sent_and_read_back(Typed(member, field.type))
            for field, member in zip(type_.fields, members, strict=True)
        }
        record = Record([Field(id_, member.type) for id_, member in sent.items()])
        values = {id_: member.value for id_, member in sent.items()}
        return Typed(tuple(values.values()) if record.is_tuple else values, record)
    return typed


def printed(row: Row) -> str:
    types = types_of(row)
    values = parse_args(row["input"], types)
    if types is None:
        values = [sent_and_read_back(value) for value in values]
    return show_args(values, types)


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


def test_every_row_of_text_is_covered() -> None:
    left_out = [row for row in TEXT_ROWS if row not in ANSWERED and row not in REFUSED]

    assert sorted(row["id"] for row in left_out) == sorted(NO_SUCH_METHOD)
    assert (len(ANSWERED), len(REFUSED), len(NO_SUCH_METHOD)) == (717, 254, 6)
    assert Counter("hex_in" in row for row in ROWS)[True] == 48
    assert sum("decode_idl" in row for row in ROWS) == 72
