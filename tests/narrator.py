"""How the demo is told: plain lines in a pipe, a page of its own on a terminal.

Plain lines never change their form: `## ` begins a chapter, `# ` what is told, `$ ` a command,
`= ` what the demo found out for itself, and all else is what the command printed.
"""

import re
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

SIGNED = re.compile(r"(\?X-Amz-Algorithm=)[^\s\"']+")
FRAME = re.compile("^[┏┃┡│└]")
OPTION = r"(?<=\s)--?[a-z][a-z-]*"
QUOTED = r"'[^']*'|\"[^\"]*\""
MARGIN = 2  # columns left of what a command printed


class Narrator:
    """Tells the demo in plain lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def chapter(self, number: int, title: str) -> None:
        """Begin a chapter."""
        self._line(f"\n## {number}. {title}")

    def say(self, text: str) -> None:
        """Tell what comes next."""
        self._line(f"\n# {text}")

    def command(self, line: str) -> None:
        """Show a command as it is typed."""
        self._line(f"$ {line}")

    def printed(self, text: str) -> None:
        """Show what a command printed."""
        self._line(text)

    def refusal(self, text: str) -> None:
        """Show what a command said when it refused."""
        self._line(text)

    def found(self, fact: str) -> None:
        """Show what the demo found out for itself."""
        self._line(f"= {fact}")

    def end(self, text: str) -> None:
        """Tell how it all ended."""
        self.say(text)

    def _line(self, text: str) -> None:
        print(without_signatures(text), file=self._stream, flush=True)


class TerminalNarrator(Narrator):
    """Tells the demo on a terminal.

    No colour but those that read on a dark and on a light background alike.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)

    def chapter(self, number: int, title: str) -> None:
        name = Text(f"{number}  {title}", style="bold cyan")
        self._console.print("", Rule(name, align="left", style="cyan"), sep="\n")

    def say(self, text: str) -> None:
        self._console.print("", Text(text), sep="\n")

    def command(self, line: str) -> None:
        shown = Text(without_signatures(line), style="bold", overflow="fold")
        shown.highlight_regex(QUOTED, "not bold green")
        shown.highlight_regex(OPTION, "not bold cyan")
        self._marked(Text("$", style="dim"), shown)

    def printed(self, text: str) -> None:
        text = without_signatures(text)
        if FRAME.match(text):
            self._as_it_is(text)
        elif "\t" in text:
            self._console.print(Padding(_columns(text), (0, 0, 0, MARGIN)))
        else:
            self._console.print(Padding(Text(text, overflow="fold"), (0, 0, 0, MARGIN)))

    def refusal(self, text: str) -> None:
        self._marked(Text("✗", style="magenta"), Text(text, style="magenta"))

    def found(self, fact: str) -> None:
        self._marked(Text("✓", style="bold green"), Text(fact, style="green", overflow="fold"))

    def end(self, text: str) -> None:
        self._console.print("", Rule(style="cyan"), Text(text, style="bold green"), "", sep="\n")

    def _marked(self, mark: Text, text: Text) -> None:
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_row(mark, text)
        self._console.print(grid)

    def _as_it_is(self, text: str) -> None:
        """Show a table, beside the margin only where the terminal has room for both."""
        lines = text.splitlines()
        room = MARGIN + max(map(len, lines)) <= self._console.width
        for line in lines:
            self._console.print(Text(" " * MARGIN * room + line, no_wrap=True), soft_wrap=True)


def _columns(text: str) -> Table:
    rows = [line.split("\t") for line in text.splitlines()]
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in rows[0]:
        grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    return grid


def without_signatures(text: str) -> str:
    """Return text whose signed addresses end where nobody reads on."""
    return SIGNED.sub(r"\1…", text)


def narrator_for(stream: TextIO, variables: Mapping[str, str]) -> Narrator:
    """Return who tells the demo on a stream: plain lines unless it is a terminal with colours."""
    plain = variables.get("NO_COLOR") or variables.get("TERM") in {None, "", "dumb"}
    if plain or not stream.isatty():
        return Narrator(stream)
    return TerminalNarrator(stream)
