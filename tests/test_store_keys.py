"""Keys sort as their values do, alone and joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from originstamp_cli.store.indexes import END, MISSING, first_part, key_of

EDGES = [0, 1, 255, 256, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**300, 2**2032 - 1, 2**2032, 2**5000]
NUMBERS = some.one_of(
    some.integers(),
    some.sampled_from([edge + near for edge in EDGES for near in (-1, 0, 1)]),
    some.sampled_from([-edge + near for edge in EDGES for near in (-1, 0, 1)]),
)
TEXTS = some.one_of(
    some.text(),
    some.text(alphabet=some.characters(codec=None, exclude_categories=())),
    some.text(alphabet="a\x00\x01\xff"),
)
VALUES = some.one_of(some.none(), NUMBERS, TEXTS)


def rank(value: object) -> tuple[int, object]:
    """Return what sorts as the module says values do: None, numbers, text."""
    if value is None:
        return 0, 0
    return (2, value) if isinstance(value, str) else (1, value)


@given(NUMBERS, NUMBERS)
def test_keys_of_numbers_sort_as_the_numbers(one: int, other: int) -> None:
    assert (key_of(one) < key_of(other)) == (one < other)


@given(TEXTS, TEXTS)
def test_keys_of_texts_sort_as_the_texts(one: str, other: str) -> None:
    assert (key_of(one) < key_of(other)) == (one < other)


@given(some.tuples(VALUES, VALUES), some.tuples(VALUES, VALUES))
def test_joined_keys_sort_by_the_first_value_then_the_second(
    one: tuple[object, object], other: tuple[object, object]
) -> None:
    joined = [b"".join(map(key_of, pair)) for pair in (one, other)]

    assert (joined[0] < joined[1]) == (tuple(map(rank, one)) < tuple(map(rank, other)))


@given(VALUES, VALUES, VALUES)
def test_a_span_holds_exactly_the_keys_that_begin_with_its_value(
    wanted: object, value: object, second: object
) -> None:
    low = key_of(wanted)
    key = key_of(value) + key_of(second)

    assert (low <= key < low + END) == (value == wanted)
    assert (low <= key_of(value) + MISSING < low + END) == (value == wanted)


@given(VALUES, VALUES)
def test_the_first_part_of_a_joined_key_can_be_told(value: object, second: object) -> None:
    assert first_part(key_of(value)) == key_of(value)
    assert first_part(key_of(value) + key_of(second)) == key_of(value)
    assert first_part(key_of(value) + MISSING) == key_of(value)


def test_numbers_that_are_equal_have_one_key() -> None:
    assert key_of(1) == key_of(1.0) == key_of(True)  # noqa: FBT003 - a value like any other
    assert key_of(0) == key_of(-0.0) == key_of(False)  # noqa: FBT003 - as above


@pytest.mark.parametrize("value", [0.5, float("nan"), float("inf"), [], {}, b"x"])
def test_what_has_no_order_has_no_key(value: object) -> None:
    with pytest.raises(TypeError, match="index"):
        key_of(value)
