"""`make generate`: write what every command prints into tests/golden/, one file for each command.

Run as `python tests/golden.py`. A golden file is a story on a machine of its own, which knows the
identities default and collector. A line that begins with `$ ` is run; the lines below it are what
came of it, and are written anew: `exit`, `out:` and `err:`. To add a case, write its `$ ` line.
A line that ends in blanks is closed by `⏎`, one without a line end by `…no line end`; `␍` stands
for a carriage return.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stage import Played, stage

FOLDER = Path(__file__).parent / "golden"
PROMPT = "$ "
EXIT, OUT, ERR = "exit ", "out:", "err:"
NO_LINE_END = "…no line end"


class Case(NamedTuple):
    """A line that was run, and the lines that tell what came of it."""

    line: str
    exit_code: list[str]
    stdout: list[str]
    stderr: list[str]


def golden_files() -> list[Path]:
    """Return the golden files, by name."""
    return sorted(FOLDER.glob("*.txt"))


def cases(text: str) -> list[Case]:
    """Return the cases that a golden file holds."""
    found: list[Case] = []
    for line in text.splitlines():
        if line.startswith(PROMPT):
            found.append(Case(line.removeprefix(PROMPT), [], [], []))
        elif line.startswith(EXIT):
            found[-1].exit_code.append(line)
        elif line.startswith(OUT):
            found[-1].stdout.append(line)
        elif line.startswith(ERR):
            found[-1].stderr.append(line)
    return found


def told(line: str, played: Played) -> Case:
    """Return what came of a line in the way that golden files tell it."""
    return Case(
        line,
        [f"{EXIT}{played.exit_code}"],
        _marked(OUT, played.stdout),
        _marked(ERR, played.stderr),
    )


def _marked(mark: str, text: str) -> list[str]:
    lines = [_closed(line) for line in text.replace("\r", "␍").split("\n")]
    if lines[-1]:
        lines[-1] += NO_LINE_END
    else:
        lines.pop()
    return [f"{mark} {line}".rstrip() for line in lines]


def _closed(line: str) -> str:
    return f"{line}⏎" if line != line.rstrip() else line


def played(lines: Iterator[str]) -> Iterator[Case]:
    """Run lines one after the other on one machine, and return what came of each."""
    with stage("collector") as alice:
        for line in lines:
            yield told(line, alice.play(line))


def rewritten(text: str) -> str:
    """Return a golden file as it should be; what stands above its first line is kept."""
    head = text[: text.index(PROMPT)]
    blocks = [
        "\n".join([f"{PROMPT}{case.line}", *case.exit_code, *case.stdout, *case.stderr])
        for case in played(case.line for case in cases(text))
    ]
    return head + "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    for file in golden_files():
        file.write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")
