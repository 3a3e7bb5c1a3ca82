"""Whether a new interface serves the clients of an old one."""

import pytest
from candid_strategies import TYPES
from hypothesis import given
from hypothesis import strategies as st

from originstamp_cli.candid import Service, parse_service, why_not_upgrade
from originstamp_cli.candid.show import show_type
from originstamp_cli.canister import backend


def service(methods: str, types: str = "") -> Service:
    return parse_service(f"{types} service : {{ {methods} }}")


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("m : () -> ()", "m : () -> ()"),
        ("m : () -> (); added : (nat) -> (nat)", "m : () -> ()"),
        ("m : () -> ()", ""),
        ("m : (opt nat) -> ()", "m : (nat) -> ()"),
        ("m : (nat, opt text) -> ()", "m : (nat) -> ()"),
        ("m : () -> ()", "m : (nat) -> ()"),
        ("m : () -> (nat, text)", "m : () -> (nat)"),
        ("m : () -> (nat)", "m : () -> (int)"),
        ("m : (record { a : nat; b : opt nat }) -> ()", "m : (record { a : nat }) -> ()"),
        ("m : () -> (variant { a })", "m : () -> (variant { a; b })"),
        ("m : () -> () query", "m : () -> () query"),
    ],
)
def test_what_only_grows_may_take_the_place(new: str, old: str) -> None:
    assert why_not_upgrade(service(new), service(old)) == []


@pytest.mark.parametrize(
    ("new", "old", "reasons"),
    [
        ("", "m : () -> ()", ["method m is missing"]),
        ("", '"odd name" : () -> ()', ['method "odd name" is missing']),
        (
            "m : (text) -> ()",
            "m : (nat) -> ()",
            ["method m: parameter 1: nat is no subtype of text"],
        ),
        (
            "m : () -> (text)",
            "m : () -> (nat)",
            ["method m: result 1: text is no subtype of nat"],
        ),
        ("m : () -> () query", "m : () -> ()", ["method m: the function is query, not update"]),
        (
            "m : () -> () oneway; n : () -> (nat)",
            "m : () -> (); n : () -> (text)",
            [
                "method m: the function is oneway, not update",
                "method n: result 1: nat is no subtype of text",
            ],
        ),
        (
            "m : () -> (variant { a; b })",
            "m : () -> (variant { a })",
            ["method m: result 1: variant field b is not expected"],
        ),
        (
            "m : (record { a : nat; b : nat }) -> ()",
            "m : (record { a : nat }) -> ()",
            ["method m: parameter 1: record field b is missing and not optional"],
        ),
    ],
)
def test_what_breaks_clients_is_told_method_by_method(
    new: str, old: str, reasons: list[str]
) -> None:
    assert why_not_upgrade(service(new), service(old)) == reasons


def test_recursive_types_are_compared() -> None:
    old = service("m : () -> (L)", "type L = opt record { nat; L };")
    new = service("m : () -> (K)", "type K = opt record { nat; K2 }; type K2 = K;")

    assert why_not_upgrade(new, old) == []


def test_an_interface_may_stay_as_it_is() -> None:
    assert why_not_upgrade(backend.interface(), parse_service(backend.did())) == []


@given(st.lists(TYPES, max_size=2), st.lists(TYPES, max_size=2))
def test_any_interface_may_take_its_own_place(args: list, results: list) -> None:  # type: ignore[type-arg]
    shown = [", ".join([show_type(type_) for type_ in types]) for types in (args, results)]
    text = f"m : ({shown[0]}) -> ({shown[1]})"

    assert why_not_upgrade(service(text), service(text)) == []
