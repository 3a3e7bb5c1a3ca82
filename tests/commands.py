"""Every command of both faces, read off the program itself."""

from typing import Any, NamedTuple

import typer

from originstamp_cli.cli.app import DFX_COMMANDS, build

EXAMPLE = "Example: "


class NoExample(Exception):
    """A command or a method lacks the one example that it should have."""


class Command(NamedTuple):
    """A command: the words that call it, the panel of the help it is in, and how it is declared."""

    words: tuple[str, ...]
    panel: str
    declared: Any

    @property
    def name(self) -> str:
        """The words in one."""
        return " ".join(self.words)

    @property
    def line(self) -> str:
        """How the command is typed, without arguments."""
        return f"{'dfx' if self.words[0] in DFX_COMMANDS else 'originstamp'} {self.name}"

    @property
    def description(self) -> str:
        """What help says of it, but for the example."""
        return str(self.declared.help).partition(EXAMPLE)[0].strip()

    @property
    def example(self) -> str:
        """The one example that help shows; raises `NoExample`."""
        found = [
            line.removeprefix(EXAMPLE)
            for line in str(self.declared.help).splitlines()
            if line.startswith(EXAMPLE)
        ]
        if len(found) != 1:
            raise NoExample(
                f"The help of `{self.line}` has {len(found)} lines that begin with `{EXAMPLE}`, "
                "not one: write it as the last line of the function's docstring."
            )
        return found[0]


def commands(app: typer.Typer | None = None) -> list[Command]:
    """Return the commands of an application, by default ours, in the order of its help."""
    root: Any = typer.main.get_command(build(None) if app is None else app)
    return [
        each
        for name, declared in root.commands.items()
        for each in _below((name,), str(declared.rich_help_panel), declared)
    ]


def _below(words: tuple[str, ...], panel: str, declared: Any) -> list[Command]:
    """Return a command, or those of a group, which may hold groups too."""
    below = getattr(declared, "commands", None)
    if below is None:
        return [Command(words, panel, declared)]
    return [each for name in below for each in _below((*words, name), panel, below[name])]
