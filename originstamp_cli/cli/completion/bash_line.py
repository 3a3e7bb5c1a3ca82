"""A command line of bash up to the cursor, read and written without a shell: nothing is run.

Bash hands a completion its words with their quotes, and split at `:` and `=` too; so it is the line
that is read.
"""

import re

# A character after a backslash; single quotes and double quotes, perhaps still open; plain text.
_PIECE = re.compile(
    r"""\\(?P<escaped>.?) | '(?P<single>[^']*)(?P<end1>'?)
    | "(?P<double>(?:\\.|[^"\\])*\\?)(?P<end2>"?) | (?P<plain>[^\s\\'"]+)""",
    re.VERBOSE | re.DOTALL,
)


class BashLine:
    """The words of a line without their quotes, the last one unfinished."""

    def __init__(self, line: str) -> None:
        self.words: list[str] = []
        self._quote = ""
        end = -1
        for piece in _PIECE.finditer(line):
            if piece.start() != end:  # pieces that touch are one word
                self.words.append("")
            self.words[-1] += _content(piece)
            self._quote = _left_open(piece)
            end = piece.end()
        if end != len(line):
            self.words.append("")

    def reply(self, word: str, replaced: str) -> str:
        """Return what to put in place of `replaced`, the part that readline will, for `word`."""
        kept = len(self.words[-1]) - len(_without_quotes(self._quote + replaced))
        rest = word[max(kept, 0) :]
        if self._quote == "'":
            return rest.replace("'", r"'\''")
        if self._quote == '"':
            return re.sub(r'([$`"\\])', r"\\\1", rest).replace("!", r'"\!"')
        return re.sub(r"([^\w@%+=:,./-])", r"\\\1", rest)


def _without_quotes(word: str) -> str:
    return "".join(map(_content, _PIECE.finditer(word)))


def _content(piece: re.Match[str]) -> str:
    if piece["double"] is not None:
        return re.sub(r'\\([$`"\\])', r"\1", piece["double"])
    return piece["escaped"] or piece["single"] or piece["plain"] or ""


def _left_open(piece: re.Match[str]) -> str:
    """Return the quote that is still open, if one is."""
    return piece[0][0] if "" in {piece["end1"], piece["end2"]} else ""
