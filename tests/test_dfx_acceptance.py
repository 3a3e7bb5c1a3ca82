"""Every row of the list by which a dfx of ours is accepted names what holds it here."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parent
LIST = TESTS / "dfx-acceptance.txt"
# How many rows each part of the list has; a row that is lost would be missed by nobody else.
PARTS = {"8.1": 16, "8.2": 7, "8.3": 26, "8.4": 9, "8.5": 12, "8.6": 9, "8.7": 18, "8.8": 22}


class Row(NamedTuple):
    """One row: its part of the list, its mark, what it is about, and what is written below it."""

    part: str
    mark: str
    title: str
    below: list[str]


def rows() -> list[Row]:
    """Return the rows of the list."""
    found: list[Row] = []
    part = ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif line.startswith("    "):
            found[-1].below.append(line.strip())
        elif line and not line.startswith("#"):
            mark, _, title = line.partition(" | ")
            found.append(Row(part, mark, title, []))
    return found


ROWS = rows()


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((TESTS / f"{file}.py").read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_row_is_lost() -> None:
    assert dict(Counter(row.part for row in ROWS)) == PARTS
    assert len({(row.part, row.title) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part} {row.title}")
def test_a_row_is_held_by_tests_that_exist(row: Row) -> None:
    held = [line for line in row.below if re.fullmatch(r"test_\w+::test_\w+", line)]
    said = [line for line in row.below if line not in held]

    for each in held:
        file, _, name = each.partition("::")
        assert name in names_in(file), each
    assert held
    # Only what cannot be here is spoken of instead of tested whole.
    assert all(line.startswith(("not emulated: ", "excepted: ")) for line in said)
    assert not [line for line in said if line.startswith("not") and not row.mark.startswith("N")]
