"""The table of the token standards' rules: each that binds has a test, and each test is there.

`rules/levels.txt` names the rules; the other files of the folder have a line for each, with the
test that holds it, or with the reason why it cannot apply here.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = HERE / "rules"
BINDING = {"M", "S", "D", "W"}
NOT_APPLICABLE = "not applicable: "
# There are no archives, no certified tip and no web page; discovery and EXT are of others.
EXCUSED = {
    *("I3-22", "I3-25", "I3-31", "I3-33", "I3-40", "I3-41", "I3-42"),
    *("I7-190", "I10-05", "W-11", "W-12", "W-13"),
}


def lines(path: Path) -> list[str]:
    """Return the lines of a table, without its comments."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


LEVELS = dict(line.split() for line in lines(FOLDER / "levels.txt"))
HELD = [
    tuple(line.split(" ", 1))
    for path in sorted(FOLDER.glob("*.txt"))
    if path.name != "levels.txt"
    for line in lines(path)
]


@cache
def names_in(name: str) -> set[str]:
    """Return the names of the tests of a file, those in classes and those made by a name."""
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    functions = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    assigned = {
        target.id
        for each in tree.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    return {name for name in functions | assigned if name.lower().startswith("test")}


def test_every_binding_rule_has_a_line() -> None:
    told = {rule for rule, _ in HELD}

    assert {rule for rule, level in LEVELS.items() if level in BINDING} - told == set()


def test_no_line_is_about_an_unknown_rule() -> None:
    assert {rule for rule, _ in HELD} - set(LEVELS) == set()


@pytest.mark.parametrize(("rule", "test"), HELD, ids=lambda each: each[:60])
def test_a_line_names_a_test_or_a_good_reason(rule: str, test: str) -> None:
    if test.startswith(NOT_APPLICABLE):
        assert rule in EXCUSED, "this rule binds"
        return
    file, _, name = test.partition("::")
    assert name in names_in(file), test


def test_a_rule_is_either_held_or_excused() -> None:
    excused = {rule for rule, test in HELD if test.startswith(NOT_APPLICABLE)}
    held = {rule for rule, test in HELD if not test.startswith(NOT_APPLICABLE)}

    assert excused & held == set()
