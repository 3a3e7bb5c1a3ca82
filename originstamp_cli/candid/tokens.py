"""The words of Candid text, for values and for interfaces.

Kinds of tokens are the names that official messages use: a keyword or a mark stands for itself,
the others are `id text decimal hex float bool sign`; the end of the text is `""`.
"""

import re

from .errors import CandidError, byte_offset, parse_error

KEYWORDS = frozenset(
    (
        *("null", "vec", "record", "variant", "func", "service", "oneway", "query"),
        *("composite_query", "blob", "type", "import", "opt", "principal"),
    )
)

# The first of two alternatives wins where both match: a number that could be longer comes first.
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r"(?P<id>[A-Za-z_][A-Za-z0-9_]*)"
    r'|"(?P<text>[^"\\]*)"'
    r"|(?P<mark>==|!=|!:|->|[(){};,:=])"
    r"|(?P<float>[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+|[0-9]+[eE][+-]?[0-9]+)"
    r"|0[xX](?P<hex>[0-9a-fA-F][_0-9a-fA-F]*)"
    r"|(?P<decimal>[0-9][_0-9]*)"
    r"|(?P<sign>[+-])"
    r"|(?P<dot>\.)"
    r"|(?P<comment>//[^\n]*)"
    r"|(?P<other>.)"
    r"|$)",
    re.DOTALL,
)
_COMMENT_MARK = re.compile(r"/\*|\*/")

_MARK_NAMES = {
    "(": "LParen",
    ")": "RParen",
    "{": "LBrace",
    "}": "RBrace",
    ";": "Semi",
    ",": "Comma",
    ".": "Dot",
    ":": "Colon",
    "=": "Equals",
    "==": "TestEqual",
    "!=": "NotEqual",
    "!:": "NotDecode",
    "->": "Arrow",
}


class Tokens:
    """The tokens of `text`; `kind`, `value`, `start` and `end` are those of the current one.

    `last_end` is where the token before it ended. Raises `CandidError` where no token can be read.
    """

    __slots__ = ("comments", "end", "kind", "last_end", "start", "text", "value")

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = self.end = self.last_end = 0
        self.kind = self.value = ""
        # Where `//` comments stand between the last token and this one.
        self.comments: list[tuple[int, int]] = []
        self.advance()

    def advance(self) -> None:
        """Go to the next token."""
        self.last_end = at = self.end
        if self.comments:
            self.comments = []
        while True:
            match = _TOKEN.match(self.text, at)
            group = match.lastgroup if match else None
            if match is None or group is None:
                self.kind = self.value = ""
                self.start = self.end = len(self.text)
                return
            at = self.end = match.end()
            if group == "comment":
                self.comments.append(match.span(group))
            elif group == "other" and self.text.startswith("/*", match.start(group)):
                at = self._skip_block(match.start(group))
            else:
                break
        self._take(group, match)

    def _take(self, group: str, match: re.Match[str]) -> None:
        value = match[group]
        self.start = match.start(group)
        if group == "id":
            self.kind = value if value in KEYWORDS else "id"
            if value in ("true", "false"):
                self.kind = "bool"
        elif group == "mark":
            self.kind = value
        elif group == "other":
            self._take_other(value)
            return
        else:
            self.kind = "." if group == "dot" else group
            if group in ("decimal", "hex"):
                value = value.replace("_", "")
                self.start -= 2 if group == "hex" else 0
            elif group == "text":
                self.start -= 1
        self.value = value

    def _take_other(self, value: str) -> None:
        if value != '"':
            raise parse_error(f"Unknown token {value}", self.text, (self.start, self.end))
        from .strings import read_string

        self.kind = "text"
        self.value, self.end = read_string(self.text, self.start)

    def _skip_block(self, start: int) -> int:
        depth = 0
        at = start
        while found := _COMMENT_MARK.search(self.text, at):
            at = found.end()
            depth += 1 if found[0] == "/*" else -1
            if not depth:
                return at
        end = len(self.text)
        # A flaw of the official lexer: its span leaves out a last character of one byte.
        is_short = at < end and self.text[-1].isascii()
        raise parse_error("Unclosed comment", self.text, (start, end - is_short))

    def unexpected(self, expected: "tuple[str, ...] | list[str]") -> CandidError:
        """Return the error of finding the current token where only `expected` may stand."""
        names = tuple(sorted(f'"{name}"' for name in expected))
        start, end = byte_offset(self.text, self.start), byte_offset(self.text, self.end)
        if self.kind:
            message = f"Unrecognized token `{self._name()}` found at {start}:{end}"
            label, span = "Unexpected token", (self.start, self.end)
        else:
            end_at = self.last_end
            message = f"Unrecognized EOF found at {byte_offset(self.text, end_at)}"
            label, span = "Unexpected EOF", (end_at, end_at)
        message = f"Candid parser error: {message}{_expected_line(names)}"
        error = CandidError(message, "parse", self.text, span)
        error.label, error.expected = label, names
        return error

    def _name(self) -> str:
        kind, value = self.kind, self.value
        if kind in _MARK_NAMES:
            return _MARK_NAMES[kind]
        if kind == "sign":
            return f"Sign('{value}')"
        if kind == "bool":
            return f"Boolean({value})"
        if kind in KEYWORDS:
            return "".join(part.capitalize() for part in kind.split("_"))
        from .escapes import quote_debug

        return f"{kind.capitalize()}({quote_debug(value)})"


def _expected_line(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f"\nExpected one of {names[0]}"
    return f"\nExpected one of {', '.join(names[:-1])} or {names[-1]}"
