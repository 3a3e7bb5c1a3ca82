"""What holds for all types, values and texts (Hypothesis)."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from candid_strategies import TYPED, TYPES, floats
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from originstamp_cli.candid import (
    CandidError,
    Service,
    Some,
    Tag,
    parse_args,
    parse_dfx_argument,
    parse_service,
    show_args,
    to_json,
)
from originstamp_cli.candid.number_text import show_float, to_float32
from originstamp_cli.candid.service import pack_types, unpack_types
from originstamp_cli.candid.types import (
    NAT,
    PRIMS,
    TEXT,
    Field,
    Opt,
    Record,
    Ref,
    Scope,
    Type,
    Variant,
    Vec,
)


@given(TYPED, st.sampled_from(["pp", "idl"]))
@example((Opt(Opt(NAT)), Some(None)), "pp")
@example((Vec(Record([Field("a b", TEXT)])), [{"a b": "x"}] * 11), "pp")
def test_what_is_printed_reads_back_to_the_same(typed: tuple[Type, Any], style: str) -> None:
    type_, value = typed
    # In the one-line form such a tag is printed without its quotes, as officially.
    assume(not has_odd_bare_tag(type_))

    printed = show_args([value], [type_], style)

    read = parse_args(printed, [type_])
    assert read == [value]
    assert show_args(read, [type_], style) == printed


def has_odd_bare_tag(type_: Type) -> bool:
    """Return whether a type has a tag without payload that needs quotes."""
    if isinstance(type_, Opt | Vec):
        return has_odd_bare_tag(type_.inner)
    if isinstance(type_, Variant | Record):
        return any(
            (isinstance(type_, Variant) and field.type.kind == "null" and needs_quotes(field.label))
            or has_odd_bare_tag(field.type)
            for field in type_.fields
        )
    return False


def needs_quotes(label: str | int) -> bool:
    unit = Variant([Field(label, PRIMS["null"])])
    return '"' in show_args([Tag(label)], [unit])


@given(TYPED)
def test_lines_end_without_blanks_and_json_is_json(typed: tuple[Type, Any]) -> None:
    type_, value = typed

    lines = show_args([value], [type_]).splitlines()
    document = json.loads(to_json([value], [type_]))

    assert lines
    assert isinstance(document, str | int | float | list | dict | bool | None)


FRAGMENTS = st.sampled_from(
    [
        *("(", ")", "{", "}", ";", ",", ":", "=", ".", "-", "+", "->", "==", "$", "é", "日"),
        *("record", "variant", "vec", "opt", "blob", "principal", "service", "func", "null"),
        *("true", "nat", "text", "nat8", "a", "1", "0x1", "1.5", "1_0", '"x"', '"\\ff"', '"'),
        *('"aaaaa-aa"', "/*", "*/", "//", "\n", " ", "\\", "\\u{41}", "query", "type", "import"),
    ]
)
NOISE = st.one_of(st.text(), st.lists(FRAGMENTS, max_size=25).map(" ".join))


def outcome(work: Callable[[], object]) -> object:
    try:
        return work()
    except CandidError as error:
        return error


@given(NOISE.map(lambda noise: f"({noise}") | NOISE, st.lists(TYPES, max_size=2) | st.none())
@settings(max_examples=300)
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str, types: list[Type] | None) -> None:
    result = outcome(lambda: parse_dfx_argument(text, types))

    if isinstance(result, CandidError):
        assert 0 <= result.start <= result.end <= len(text)
        assert result.kind in ("parse", "type")
        assert result.message
        assert result.frame("text").startswith("error: ")
    else:
        assert isinstance(result, list)
        assert types is None or len(result) == len(types)


@given(NOISE.map(lambda noise: f"service : {{ m : {noise}") | NOISE)
@settings(max_examples=300)
def test_any_interface_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    result = outcome(lambda: parse_service(text))

    if isinstance(result, CandidError):
        assert 0 <= result.start <= result.end <= len(text)
        assert result.kind == "did"
    else:
        assert isinstance(result, Service)
        assert Service.unpack(result.pack()) == result


@given(st.lists(TYPES, max_size=3))
def test_types_survive_being_packed(types: list[Type]) -> None:
    unpacked = unpack_types(pack_types(types), Scope())

    assert unpacked == types
    assert [hash(type_) for type_ in unpacked] == [hash(type_) for type_ in types]


@given(floats(32))
@example(2.0**-149)
@example(9.007199254740992e15)
@example(2.0**-96)
def test_a_float_of_32_bits_has_the_fewest_digits_that_name_it(number: float) -> None:
    printed = show_float(number, single=True)

    assert to_float32(float(printed)) == number
    assert "e" not in printed
    digits = printed.lstrip("-").replace(".", "").strip("0")
    assert len(digits) <= 9


@given(floats(64))
def test_a_float_reads_back_and_has_no_exponent(number: float) -> None:
    assert float(show_float(number)) == number
    assert "e" not in show_float(number)


@pytest.mark.parametrize("digits", [4_000, 4_301, 20_001])
def test_numbers_of_any_size_are_read_and_printed(digits: int) -> None:
    written = "9" * digits

    values = parse_args(f"({written}, -{written})", [NAT, PRIMS["int"]])

    assert values == [10**digits - 1, 1 - 10**digits]
    printed = show_args(values, [NAT, PRIMS["int"]])
    assert printed.replace("_", "").split() == [
        *("(", written, ":", "nat,", f"-{written}", ":", "int,", ")")
    ]
    assert parse_args(printed, [NAT, PRIMS["int"]]) == values


# --- depth and size ---


def nested(levels: int) -> Type:
    scope = Scope()
    scope.types["R"] = Record([Field("x", Opt(Ref("R", scope)))])
    assert levels
    return Ref("R", scope)


@pytest.mark.parametrize("opening", ["opt ", "(", "vec {", "record {", "variant { a = "])
@pytest.mark.parametrize("types", [None, [NAT]])
def test_ten_thousand_levels_are_refused(opening: str, types: list[Type] | None) -> None:
    text = "(" + opening * 10_000 + "1"

    with pytest.raises(CandidError, match="values nested more than 1000 deep") as caught:
        parse_args(text, types)

    assert caught.value.start < len(text)


def test_nine_hundred_levels_are_read_and_printed_at_the_usual_limit() -> None:
    type_ = nested(450)
    text = "(" + "record { x = opt " * 450 + "record { x = null " + "}" * 451 + ")"
    limit = sys.getrecursionlimit()

    values = parse_args(text, [type_])

    printed = show_args(values, [type_])
    assert printed.count("record") == 451
    assert parse_args(printed, [type_])[0]["x"]["x"] is not None
    assert to_json(values, [type_]).count('"x"') == 451
    assert show_args(parse_args(text, None), None).count("record") == 451
    assert sys.getrecursionlimit() == limit


def test_a_deep_value_of_the_wrong_type_is_quoted_in_its_error() -> None:
    text = "(" + "record { x = opt " * 450 + "1" + "}" * 450 + ")"

    with pytest.raises(CandidError, match="type mismatch: record") as caught:
        parse_args(text, [NAT])

    assert caught.value.message.count("record") == 450


def test_a_list_that_contains_itself_is_refused() -> None:
    scope = Scope()
    scope.types["L"] = Vec(Ref("L", scope))
    endless: list[Any] = []
    endless.append(endless)

    for show in (show_args, to_json):
        with pytest.raises(ValueError, match="nested too deeply"):
            show([endless], [Ref("L", scope)])


def seconds_to_print(count: int) -> float:
    type_ = Vec(Record([Field("name", TEXT), Field("id", NAT), Field("tags", Vec(TEXT))]))
    value = [{"name": f"é{at}", "id": at, "tags": ["x", "y"]} for at in range(count)]
    started = time.process_time()
    printed = show_args([value], [type_])
    taken = time.process_time() - started
    assert printed.count("name = ") == count
    return taken


def test_a_reply_ten_times_as_long_takes_about_ten_times_as_long() -> None:
    short = min(seconds_to_print(2_000) for _ in range(3))
    long = min(seconds_to_print(20_000) for _ in range(2))

    assert long < 40 * short
