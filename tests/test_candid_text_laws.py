"""What holds for texts that were once right: nothing done to them makes the readers stumble."""

import pytest
from candid_strategies import TYPES
from hypothesis import given, settings
from hypothesis import strategies as st
from test_candid_laws import FRAGMENTS, outcome

from originstamp_cli.candid import (
    CandidError,
    Service,
    parse_args,
    parse_service,
    random_args,
    show_args,
    show_type,
)
from originstamp_cli.candid.did import check_did
from originstamp_cli.candid.types import Type
from originstamp_cli.canister import backend

DIDS = (
    backend.did(),
    "type L = opt record { head : nat; tail : L }; service a : (L) -> { m : (x : L) -> () oneway }",
    'type F = func (nat) -> () query; type S = service { "a b" : F }; service : S',
    "/* c /* n */ */ type V = variant { Ok; 5 : nat; 0x1f : text }; service : { m : (V) -> (V) };",
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), FRAGMENTS | st.just("")), min_size=1, max_size=4
)


def edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    """Return the text with parts of it taken away and others put in."""
    for where, length, put in edits:
        at = int(where * len(text))
        text = text[:at] + put + text[at + length :]
    return text


@given(st.lists(TYPES, max_size=2), st.integers(0, 2**32), EDITS)
@settings(max_examples=300)
def test_an_edited_argument_is_read_or_refused_at_a_place_in_it(
    types: list[Type], seed: int, edits: list[tuple[float, int, str]]
) -> None:
    text = edited(show_args(random_args(types, seed), types), edits)

    for wanted in (types, None):
        result = outcome(lambda wanted=wanted: parse_args(text, wanted))  # type: ignore[misc]

        if isinstance(result, CandidError):
            assert 0 <= result.start <= result.end <= len(text)
            assert result.frame("text").endswith("\n")
        else:
            assert isinstance(result, list)
            printed = show_args(result[: len(types)] if wanted else result, wanted)
            assert printed.startswith("(")


@given(st.sampled_from(DIDS), EDITS)
@settings(max_examples=300)
def test_an_edited_interface_is_read_or_refused_at_a_place_in_it(
    did: str, edits: list[tuple[float, int, str]]
) -> None:
    text = edited(did, edits)

    result = outcome(lambda: parse_service(text))

    if isinstance(result, CandidError):
        assert result.kind == "did"
        assert 0 <= result.start <= result.end <= len(text)
        assert result.frame("text").endswith("\n")
    else:
        assert isinstance(result, Service)
        assert Service.unpack(result.pack()) == result
        check_did(text)


@given(st.lists(TYPES, max_size=3))
def test_a_type_that_is_printed_reads_back_to_the_same(types: list[Type]) -> None:
    printed = ", ".join([show_type(type_) for type_ in types])

    service = parse_service(f"service : {{ m : ({printed}) -> () }}")

    assert [show_type(type_) for type_ in service.methods["m"].args] == [
        show_type(type_) for type_ in types
    ]


@pytest.mark.parametrize("did", DIDS)
def test_every_beginning_of_an_interface_is_read_or_refused(did: str) -> None:
    for end in range(min(len(did), 400)):
        result = outcome(lambda end=end: parse_service(did[:end]))  # type: ignore[misc]

        assert isinstance(result, Service | CandidError)
