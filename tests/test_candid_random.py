"""Random values: of their types, the same for a seed, and never without end."""

from typing import Any

import pytest
from candid_strategies import TYPES
from hypothesis import given, settings
from hypothesis import strategies as st

from originstamp_cli.candid import (
    CandidError,
    decode_args,
    encode_args,
    parse_args,
    parse_service,
    random_args,
    show_args,
)
from originstamp_cli.candid.types import Type
from originstamp_cli.canister import backend

SEEDS = st.integers(0, 2**64)


def types_of(parameters: str, definitions: str = "") -> list[Type]:
    return (
        parse_service(f"{definitions} service : {{ m : ({parameters}) -> () }}").methods["m"].args
    )


@given(st.lists(TYPES, max_size=3), SEEDS)
@settings(max_examples=200)
def test_values_are_of_their_types_and_the_same_for_a_seed(types: list[Type], seed: int) -> None:
    values = random_args(types, seed)

    assert values == random_args(types, seed)
    assert decode_args(encode_args(values, types), types)[0] == values
    assert show_args(values, types)


@pytest.mark.parametrize("method", backend.interface().methods)
@pytest.mark.parametrize("seed", range(5))
def test_every_method_of_the_backend_has_random_arguments(method: str, seed: int) -> None:
    types = backend.interface().methods[method].args

    values = random_args(types, seed)

    assert parse_args(show_args(values, types), types, exact=True) == values


LIST = "type List = opt record { head : nat; tail : List };"
TREE = "type Tree = variant { leaf : nat; node : record { Tree; Tree } };"
ROSE = "type Rose = record { text; vec Rose };"
MUTUAL = "type A = record { b : B }; type B = variant { a : A; none; more : vec A };"


@pytest.mark.parametrize(
    ("parameters", "definitions"),
    [
        ("List", LIST),
        ("Tree", TREE),
        ("Rose", ROSE),
        ("A, B", MUTUAL),
        ("Endless", "type Endless = opt Endless;"),
    ],
)
def test_recursive_types_end(parameters: str, definitions: str) -> None:
    types = types_of(parameters, definitions)

    for seed in range(200):
        values = random_args(types, seed)

        assert depth(values) < 40
        assert len(show_args(values, types)) < 20_000


def depth(value: Any) -> int:
    inner = getattr(value, "value", None)
    parts = value.values() if isinstance(value, dict) else value
    if isinstance(parts, str | bytes) or not hasattr(parts, "__iter__"):
        return 0 if inner is None else 1 + depth(inner)
    return 1 + max(map(depth, parts), default=0)


@pytest.mark.parametrize(
    "parameters",
    [
        "opt empty",
        "vec empty",
        "variant { a : empty; b }",
        "opt record { empty }",
        "vec vec empty",
        "reserved",
        "record {}",
        "func (empty) -> (empty)",
        "service { m : (empty) -> () }",
        "opt opt null",
    ],
)
def test_what_is_empty_within_is_left_out(parameters: str) -> None:
    types = types_of(parameters)

    for seed in range(30):
        values = random_args(types, seed)
        assert decode_args(encode_args(values, types), types)[0] == values


@pytest.mark.parametrize(
    ("parameters", "definitions", "shown"),
    [
        ("empty", "", "empty"),
        ("nat, record { a : empty }", "", "record { a : empty }"),
        ("variant { a : empty }", "", "variant { a : empty }"),
        ("variant {}", "", "variant {}"),
        ("Endless", "type Endless = record { Endless };", "Endless"),
        ("T", "type T = variant { a : record { T }; b : T };", "T"),
    ],
)
def test_types_without_values_are_refused_with_their_name(
    parameters: str, definitions: str, shown: str
) -> None:
    with pytest.raises(CandidError) as caught:
        random_args(types_of(parameters, definitions), 1)

    assert (caught.value.kind, caught.value.message) == (
        "value",
        f"there is no value of the type {shown}",
    )


def test_types_of_enormous_values_only_are_refused() -> None:
    doubled = "".join(
        [f"type D{level} = record {{ D{level - 1}; D{level - 1} }};" for level in range(1, 40)]
    )

    with pytest.raises(CandidError, match="too many parts"):
        random_args(types_of("D39", f"type D0 = nat; {doubled}"), 1)


def test_deep_types_have_values() -> None:
    types = types_of("record { " * 400 + "nat" + " }" * 400)

    assert decode_args(encode_args(random_args(types, 1), types), types)[0]


def test_seeds_matter() -> None:
    types = types_of("text, vec nat, variant { a; b; c; d }")

    assert len({show_args(random_args(types, seed), types) for seed in range(50)}) > 40
