"""A reply on one line of JSON, which is what a batch prints."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originstamp_cli.candid import RESERVED_VALUE, Principal, Some, Tag
from originstamp_cli.render import json_line, plain

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.binary(max_size=8),
    st.binary(max_size=29).map(Principal),
    st.just(RESERVED_VALUE),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(st.text(), inner),
        st.builds(Tag, st.text() | st.integers(0, 9), inner),
        inner.map(Some),
    ),
    max_leaves=12,
)


@given(VALUES)
def test_it_is_natural_json_that_a_terminal_is_not_hurt_by(value: Any) -> None:
    line = json_line(value)

    assert json.loads(line) == plain(value)
    assert not any(each < " " or "\x7f" <= each <= "\x9f" for each in line)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"b": 1, "a": Principal(b"")}, '{"a":"aaaaa-aa","b":1}'),
        ([(1, b"\xff"), Some(None), RESERVED_VALUE], '[[1,"ff"],[null],null]'),
        (Tag("Err", {"é": Tag(7)}), '{"Err":{"é":{"7":null}}}'),
        ("\x1b[31m\u202eé", '"\\u001b[31m\\u202eé"'),
    ],
)
def test_records_are_sorted_and_nothing_is_between(value: Any, line: str) -> None:
    assert json_line(value) == line
