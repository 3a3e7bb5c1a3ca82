"""Arguments in their plainest spelling are read in one go, to the same values as by the grammar."""

from typing import Any

import pytest
from candid_strategies import TYPED, values_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_candid_text_laws import EDITS, edited

from originstamp_cli.candid import parse_args, show_args
from originstamp_cli.candid.quick import quick_reader
from originstamp_cli.candid.types import (
    BOOL,
    INT8,
    NAT,
    NAT8,
    NAT64,
    PRIMS,
    PRINCIPAL,
    RANGES,
    TEXT,
    Field,
    Opt,
    Record,
    Ref,
    Scope,
    Type,
    Vec,
)
from originstamp_cli.canister import nft

ACCOUNT = Record([Field("owner", PRINCIPAL), Field("subaccount", Opt(Vec(NAT8)))])
PAIRS = Vec(Record([Field(0, TEXT), Field(1, TEXT)]))
LEAVES = st.sampled_from([BOOL, INT8, NAT64, PRINCIPAL, TEXT])
NAMES = st.sampled_from(["owner", "to", "token_id", "_", "A1"])


def containers(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    fields = st.lists(st.builds(Field, NAMES, inner), min_size=1, unique_by=lambda field: field.id)
    tuples = st.lists(inner, min_size=1, max_size=3).map(
        lambda types: Record([Field(at, type_) for at, type_ in enumerate(types)])
    )
    return st.one_of(inner.map(Opt), inner.map(Vec), fields.map(Record), tuples)


PLAIN = st.recursive(LEAVES, containers, max_leaves=6)
PLAIN_TYPED = PLAIN.flatmap(lambda type_: st.tuples(st.just(type_), values_of(type_)))


def same(read: list[Any] | None, expected: list[Any]) -> bool:
    return read == expected and repr(read) == repr(expected)  # 1 is no True


@given(
    st.lists(PLAIN_TYPED | TYPED, max_size=3), EDITS | st.just([]), st.sampled_from(["pp", "idl"])
)
@settings(max_examples=1_000)
def test_what_is_read_in_one_go_is_what_the_grammar_reads(
    typed: list[tuple[Type, Any]], edits: list[tuple[float, int, str]], style: str
) -> None:
    types = [type_ for type_, _ in typed]
    text = edited(show_args([value for _, value in typed], types, style), edits)

    read = quick_reader(types)(text)

    assert read is None or same(read, parse_args(text, types))


@pytest.mark.parametrize(
    ("types", "text", "values"),
    [
        ([], "()", []),
        ([NAT64], "(17)", [17]),
        ([NAT64], " ( 17 : nat64 , ) ", [17]),
        ([NAT], "(12345678901234567890)", [12345678901234567890]),
        ([INT8, BOOL], "(-128, false)", [-128, False]),
        ([TEXT, TEXT], '("", "Zürich // 日本")', ["", "Zürich // 日本"]),
        ([Opt(TEXT), Opt(TEXT)], '(null, opt "a")', [None, "a"]),
        ([Vec(NAT8)], '(blob "\\00\\fF")', [b"\0\xff"]),
        ([PAIRS, PAIRS], '(vec {}, vec { record { "a"; "b" }; })', [[], [("a", "b")]]),
    ],
)
def test_the_plainest_spellings_are_read_in_one_go(
    types: list[Type], text: str, values: list[Any]
) -> None:
    assert same(quick_reader(types)(text), values)
    assert same(parse_args(text, types), values)


@pytest.mark.parametrize(
    "written",
    [
        'record { owner = principal "aaaaa-aa"; subaccount = null }',
        'record{subaccount=null;owner=principal"AAAAA-AA";}',
        'record { owner = principal "aaaaa-aa" }',
    ],
)
def test_the_fields_of_a_record_come_in_the_order_of_its_type(written: str) -> None:
    (read,) = quick_reader([ACCOUNT])(f"({written})") or [{}]

    assert list(read) == ["owner", "subaccount"]
    assert same([read], parse_args(f"({written})", [ACCOUNT]))


@pytest.mark.parametrize(
    ("types", "text"),
    [
        ([NAT64], "(0x11)"),
        ([NAT64], "(1_000)"),
        ([NAT64], "(17 : nat)"),
        ([NAT64], "((17))"),
        ([NAT64], "(17, 18)"),
        ([NAT64], "(18446744073709551616)"),
        ([NAT64], "(1.0)"),
        ([NAT64], "(/* a year */ 17)"),
        ([NAT64], "17"),
        ([NAT64], "(17) (18)"),
        ([NAT64, NAT64], "(17)"),
        ([NAT64, NAT64], "(17 18)"),
        ([], "(17)"),
        ([TEXT], '("a\\n")'),
        ([TEXT], '("\udc80")'),
        ([TEXT], "(text)"),
        ([BOOL], "(trues)"),
        ([Opt(BOOL)], "(opttrue)"),
        ([PRINCIPAL], '(principal "aaaaa-ab")'),
        ([ACCOUNT], "(record { subaccount = null })"),
        ([ACCOUNT], '(record { owner = principal "aaaaa-aa"; owner = principal "aaaaa-aa" })'),
        ([ACCOUNT], '(record { owner = principal "aaaaa-aa"; name = "a" })'),
        ([ACCOUNT], '(record { "owner" = principal "aaaaa-aa" })'),
        ([ACCOUNT], '(record { owner = principal "aaaaa-aa" subaccount = null })'),
        ([PAIRS], '(vec { record { "a" } })'),
        ([PAIRS], '(vec { record { "a"; "b"; "c" } })'),
        ([PAIRS], '(vec { record { "a"; "b" };; })'),
        ([Record([Field("opt", TEXT)])], '(record { opt = "a" })'),
        ([Record([Field("a b", TEXT)])], '(record { "a b" = "a" })'),
    ],
)
def test_all_else_is_left_to_the_grammar(types: list[Type], text: str) -> None:
    assert quick_reader(types)(text) is None


def test_a_type_that_holds_itself_is_left_to_the_grammar() -> None:
    scope = Scope()
    scope.types["Tree"] = Vec(Ref("Tree", scope))

    assert quick_reader([Ref("Tree", scope)])("(vec {})") is None


def test_a_method_reads_either_way() -> None:
    method = nft.interface().methods["icrc7_owner_of"]

    assert method.parse("(vec { 1; 2 })") == method.parse("(vec { 1 /* one */; 0x2 })") == [[1, 2]]


def test_every_whole_number_has_its_range() -> None:
    for kind, (low, high) in RANGES.items():
        read = quick_reader([PRIMS[kind]])

        assert read(f"({low})") == [low]
        assert read(f"({high})") == [high]
        assert read(f"({high + 1})") is None
