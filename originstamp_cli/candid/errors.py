"""What is wrong with a Candid text, in the official words, and where, drawn with carets."""

_TITLES = {"type": "type error"}
_NOTE_WIDTH = 70
_TAB = 4

# Of a line of a megabyte so many characters are drawn, on each side of the place.
_LONGEST = 400


class CandidError(ValueError):
    """A text was refused.

    `message` is the official sentence; `kind` says at which step it was refused: "parse" (not
    Candid), "type" (Candid, but not of the wanted type) or "did" (a bad interface). `start` and
    `end` are character offsets into `text`; the offsets in a message count bytes, as officially.
    """

    # What the drawing says beside the carets, the tokens that could have stood there, and what was
    # perhaps meant.
    label = ""
    expected: tuple[str, ...] = ()
    hint = ""

    def __init__(
        self, message: str, kind: str, text: str = "", span: tuple[int, int] = (0, 0)
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.text = text
        self.start, self.end = span

    def frame(self, source_name: str = "Candid argument") -> str:
        """Return the place in the text, drawn with carets as the official tools draw it.

        It ends with a newline and is followed by a blank line (codespan-reporting 0.11). Of bytes
        it says which; of a value that is neither text nor bytes there is none, and it is empty.
        """
        if self.kind == "binary":
            return f"error: binary error\n ┌─ {source_name}: byte {self.start}\n = {self.message}\n"
        return "" if self.kind == "value" else _draw(self, source_name)


def byte_offset(text: str, at: int) -> int:
    """Return the offset in bytes of the character at `at`, as official messages count."""
    return len(text[:at].encode("utf-8", "surrogatepass"))


def parse_error(
    reason: str, text: str, span: tuple[int, int], *, size: int | None = None
) -> CandidError:
    """Return the error of a text that breaks a rule other than the grammar of its tokens.

    `size` is how many bytes the official message points at, where they are not those of the span.
    """
    start = byte_offset(text, span[0])
    end = byte_offset(text, span[1]) if size is None else start + size
    message = f"Candid parser error: {reason} at {start}..{end}"
    error = CandidError(message, "parse", text, span)
    error.label = reason
    return error


def _draw(error: CandidError, source_name: str) -> str:
    """Return the drawing, which ends with a newline; of a place of many lines it has the first."""
    text, at = error.text, error.start
    line_start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    column = at - line_start
    drawn, cut_at = _cut(line, column)
    before = _columns(drawn[: column - cut_at])
    carets = max(1, _columns(drawn[: max(0, error.end - line_start - cut_at)]) - before)
    number = str(text.count("\n", 0, at) + 1)
    label = (error.label or error.message).partition("\n")[0][:_LONGEST]
    margin = " " * len(number)
    lines = [
        f"error: {_TITLES.get(error.kind, 'parser error')}",
        f"{margin} ┌─ {source_name}:{number}:{column + 1}",
        f"{margin} │",
        f"{number} │ {drawn.rstrip().expandtabs(_TAB)}",
        f"{margin} │ {' ' * before}{'^' * carets} {label}",
    ]
    mark = "="
    for note in [*_note(error.expected), *([error.hint] if error.hint else [])]:
        if mark == "=":
            lines.append(f"{margin} │")
        lines.append(f"{margin} {mark} {note}")
        mark = " "
    return "\n".join(lines) + "\n"


def _cut(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line around a column that is worth drawing, and where it begins."""
    first = max(0, column - _LONGEST)
    return line[first : column + _LONGEST], first


def _columns(text: str) -> int:
    from .show import text_width

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
