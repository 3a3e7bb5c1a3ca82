"""The subtype relation, and what is said where it does not hold."""

import pytest

from originstamp_cli.candid import parse_service
from originstamp_cli.candid.subtype import is_subtype, why_not_subtype
from originstamp_cli.candid.types import NAT, Field, Opt, Record, Ref, Scope, Type, Vec


def types_of(text: str, definitions: str = "") -> list[Type]:
    """Return the parameter types that a method declared as `(text) -> ()` has."""
    return parse_service(f"{definitions} service : {{ m : ({text}) -> () }}").methods["m"].args


HOLDS = [
    "nat, int",
    "nat, reserved",
    "empty, nat",
    "null, opt nat",
    "nat, opt nat",
    "nat, opt text",
    "opt nat, opt int",
    "opt text, opt nat",
    "vec nat, vec int",
    "blob, vec nat8",
    "record { a : nat; b : text }, record { a : int }",
    "record {}, record { a : opt nat; b : null; c : reserved }",
    "variant { a : nat }, variant { a : int; b }",
    "variant {}, variant { a }",
    "func (int) -> (nat), func (nat) -> (int)",
    "func () -> (nat, text), func (nat) -> (nat)",
    "func (nat, opt text) -> (), func (nat) -> (opt nat)",
    "service { a : () -> (); b : () -> () }, service { a : () -> () }",
    "service { a : () -> (nat) }, service { a : () -> (int) }",
    "service {}, principal",
    "record { nat; text }, record { 0 : nat }",
]
FAILS = [
    ("int, nat", "int is no subtype of nat"),
    ("nat8, nat", "nat8 is no subtype of nat"),
    ("reserved, null", "reserved is no subtype of null"),
    ("opt nat, nat", "opt is no subtype of nat"),
    ("null, nat", "null is no subtype of nat"),
    ("principal, service {}", "principal is no subtype of service"),
    ("func () -> (), principal", "func is no subtype of principal"),
    ("vec text, vec nat", "element: text is no subtype of nat"),
    ("record { a : text }, record { a : nat }", "record field a: text is no subtype of nat"),
    ("record {}, record { a : nat }", "record field a is missing and not optional"),
    ("variant { a; b }, variant { a }", "variant field b is not expected"),
    ('variant { "a b" : nat }, variant { "a b" }', 'variant field "a b": nat is no subtype of'),
    ("func (nat) -> (), func (int) -> ()", "parameter 1: int is no subtype of nat"),
    ("func (nat, nat) -> (), func (nat) -> ()", "parameter 2 is missing on the other side"),
    ("func () -> (), func () -> (nat)", "result 1 is missing on the other side"),
    ("func () -> () query, func () -> ()", "the function is query, not update"),
    ("service {}, service { a : () -> () }", "method a is missing"),
    (
        "service { a : () -> (opt nat, vec text) }, service { a : () -> (opt text, vec nat) }",
        "method a: result 2: element: text is no subtype of nat",
    ),
]


@pytest.mark.parametrize("text", HOLDS)
def test_a_subtype_is_one(text: str) -> None:
    sub, sup = types_of(text)

    assert why_not_subtype(sub, sup) is None
    assert is_subtype(sub, sup)


@pytest.mark.parametrize(("text", "reason"), FAILS)
def test_what_is_no_subtype_is_told_with_the_way_there(text: str, reason: str) -> None:
    sub, sup = types_of(text)

    found = why_not_subtype(sub, sup)

    assert found is not None
    assert found.startswith(reason)
    assert not is_subtype(sub, sup)


DEFINITIONS = """
type List = opt record { nat; List };
type Other = opt record { int; Other };
type Tree = variant { leaf : nat; fork : record { Tree; Tree } };
type Wide = variant { leaf : int; fork : record { Wide; Wide }; none };
type Again = service { next : () -> (Again) };
type Further = service { next : () -> (Further); more : () -> () };
"""


@pytest.mark.parametrize("text", ["List, Other", "Tree, Wide", "Further, Again", "Tree, Tree"])
def test_recursive_types_are_compared_by_what_they_unfold_to(text: str) -> None:
    sub, sup = types_of(text, DEFINITIONS)

    assert is_subtype(sub, sup)


def test_recursive_types_that_differ_are_told_apart() -> None:
    wide, tree = types_of("Wide, Tree", DEFINITIONS)
    again, further = types_of("Again, Further", DEFINITIONS)

    assert not is_subtype(wide, tree)
    assert why_not_subtype(again, further) == "method more is missing"


def chain(levels: int, end: Type) -> Type:
    type_ = end
    for _ in range(levels):
        type_ = Vec(type_)
    return type_


def test_types_of_any_depth_are_compared() -> None:
    levels = 20_000

    assert is_subtype(chain(levels, NAT), chain(levels, NAT))
    found = why_not_subtype(chain(levels, NAT), chain(levels, Vec(NAT)))
    assert found is not None
    assert found.endswith("element: nat is no subtype of vec")


def test_types_with_too_many_pairs_are_refused_in_bounded_time() -> None:
    def ring(size: int) -> Type:
        scope = Scope()
        for at in range(size):
            following = Ref(f"t{(at + 1) % size}", scope)
            scope.types[f"t{at}"] = Record([Field("a", Vec(following)), Field("b", Opt(following))])
        return Ref("t0", scope)

    # Rings of coprime lengths meet in every one of their pairs.
    with pytest.raises(ValueError, match="too many parts to be compared"):
        is_subtype(ring(499), ring(503))
