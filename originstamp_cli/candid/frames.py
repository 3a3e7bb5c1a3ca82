"""The place of an error in its text, drawn with carets (as codespan draws it, dfx-surface 1.8)."""

from .errors import CandidError
from .layout import text_width

_NOTE_WIDTH = 70
_TAB = 4


def draw(error: CandidError, source_name: str) -> str:
    """Return the drawing, which ends with a newline; of a place of many lines it has the first."""
    text, at = error.text, error.start
    line_start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    column = at - line_start
    before = _columns(line[:column])
    carets = max(1, _columns(line[: error.end - line_start]) - before)
    number = str(text.count("\n", 0, at) + 1)
    margin = " " * len(number)
    lines = [
        "error: parser error",
        f"{margin} ┌─ {source_name}:{number}:{column + 1}",
        f"{margin} │",
        f"{number} │ {line.rstrip().expandtabs(_TAB)}",
        f"{margin} │ {' ' * before}{'^' * carets} {error.label or error.message}",
    ]
    mark = "="
    for note in _note(error.expected):
        if mark == "=":
            lines.append(f"{margin} │")
        lines.append(f"{margin} {mark} {note}")
        mark = " "
    return "\n".join(lines) + "\n"


def _columns(text: str) -> int:
    return text_width(text.expandtabs(_TAB))


def _note(expected: tuple[str, ...]) -> list[str]:
    if not expected:
        return []
    if len(expected) == 1:
        return [f"Expects {expected[0]}"]
    lines = ["Expects one of"]
    for at, name in enumerate(expected, start=1):
        word = name if at == len(expected) else f"{name},"
        if len(lines[-1]) + 1 + len(word) > _NOTE_WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines
