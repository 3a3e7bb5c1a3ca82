"""REFERENCE.md is what the program says of itself today, and nothing in it lacks an example."""

import re
import sys
import tempfile
from pathlib import Path

import pytest
import reference
import typer
from commands import NoExample, commands
from stage import HOME, stage

from originstamp_cli.canister.canisters import CANISTERS

TEXT = reference.FILE.read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)


def test_the_reference_is_that_of_the_program() -> None:
    assert reference.reference() == TEXT, "stale: run `make generate`"


def test_every_command_and_every_method_has_an_entry_of_its_own() -> None:
    headings = re.findall(r"^#{3,4} (.*)$", PROSE, re.MULTILINE)

    wanted = [command.line for command in commands()]
    wanted += [method.heading for name in CANISTERS for method in reference.methods(name)]
    assert sorted(wanted) == sorted(each for each in headings if not each.startswith("About "))


def test_every_link_leads_to_one_heading() -> None:
    anchors = [
        reference.anchor(heading) for heading in re.findall(r"^#+ (.*)$", PROSE, re.MULTILINE)
    ]
    linked = re.findall(r"\]\(#(.*?)\)", PROSE)
    readme = (reference.FILE.parent / "README.md").read_text(encoding="utf-8")
    elsewhere = re.findall(r"\]\(README\.md#(.*?)\)", PROSE)

    assert len(anchors) == len(set(anchors))
    assert set(linked) <= set(anchors)
    assert set(elsewhere) <= {
        reference.anchor(heading) for heading in re.findall(r"^#+ (.*)$", readme, re.MULTILINE)
    }


def test_nothing_of_the_machine_is_shown() -> None:
    folders = (reference.FILE.parent, tempfile.gettempdir(), sys.prefix, Path.home())
    for name in {str(folder) for folder in folders} - {HOME, "/"}:  # which are anybody's
        assert name not in TEXT
    assert not re.search(r"(?:\b[a-z]+ ){23}[a-z]+\b", TEXT), "a seed phrase"


def app_with(help_text: str) -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)

    def draw() -> None: ...

    draw.__doc__ = help_text
    app.command("draw")(draw)
    return app


@pytest.mark.parametrize(
    ("help_text", "count"),
    [("Draw.", 0), ("Draw.\n\nExample: originstamp draw\nExample: originstamp draw 2", 2)],
)
def test_a_command_without_one_example_is_named(help_text: str, count: int) -> None:
    (command,) = commands(app_with(help_text))

    with pytest.raises(NoExample, match=f"^The help of `originstamp draw` has {count} lines"):
        reference.command_examples([command])


def test_a_method_without_an_example_is_named() -> None:
    names = [method.name for method in reference.methods()]

    with pytest.raises(NoExample, match=r"^The method burn has no line in tests/examples\.py"):
        reference.method_examples([*names, "burn"])


def test_an_example_that_fails_is_told_with_its_reason() -> None:
    with stage() as alice, pytest.raises(NoExample, match="ended with 1: Error: There is no user"):
        reference.played(alice, "originstamp get-user nobody")
