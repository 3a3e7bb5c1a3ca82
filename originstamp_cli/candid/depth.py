"""Nested values need nested calls: this lets them go deeper than Python's usual limit."""

import sys
from collections.abc import Callable
from typing import TypeVar

# How deep a text may nest. The official parser has no limit and dies of a full stack instead.
MAX_NESTING = 1_000

_FRAMES = MAX_NESTING * 8

T = TypeVar("T")


def deeply(work: Callable[[], T]) -> T:
    """Return `work()`, done again with room for deeper calls where it ran out of them.

    Raises `ValueError` where even that is not enough, as for a list that contains itself.
    """
    try:
        return work()
    except RecursionError:
        return _with_room(work)


def _with_room(work: Callable[[], T]) -> T:
    # Calls between Python functions use no C stack (since Python 3.11), so the limit guards
    # nothing here but against endless recursion, which the higher limit still ends.
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + _FRAMES)
    try:
        return work()
    except RecursionError:
        raise ValueError("the value is nested too deeply") from None
    finally:
        sys.setrecursionlimit(before)
