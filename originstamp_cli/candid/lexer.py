"""The words of Candid text, for values and for interfaces, and what literals and labels mean.

Kinds of tokens are the names that official messages use: a keyword or a mark stands for itself,
the others are `id text decimal hex float bool sign`; the end of the text is `""`.

A quoted literal is bytes and only perhaps UTF-8. It is read to a `str` in which a byte that is not
part of UTF-8 is a lone surrogate (Python's `surrogateescape`), so that a blob can have its bytes
back and a text be refused.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from .errors import CandidError, byte_offset, parse_error
from .escapes import plain_label, quote_debug
from .nodes import Entry
from .types import Field

# What a label may be written as.
LABEL_KINDS = ("decimal", "hex", "id", "text")

_KEYWORDS = frozenset(
    (
        *("null", "vec", "record", "variant", "func", "service", "oneway", "query"),
        *("composite_query", "blob", "type", "import", "opt", "principal"),
    )
)
# The kinds of words that are no names.
_WORDS = {**{word: word for word in _KEYWORDS}, "true": "bool", "false": "bool"}

# The first of two alternatives wins where both match: a number that could be longer comes first.
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r"(?P<mark>==|!=|!:|->|[(){};,:=])"
    r"|(?P<id>[A-Za-z_][A-Za-z0-9_]*)"
    r'|(?P<text>"[^"\\]*")'
    r"|(?P<float>[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+|[0-9]+[eE][+-]?[0-9]+)"
    r"|(?P<hex>0[xX][0-9a-fA-F][_0-9a-fA-F]*)"
    r"|(?P<decimal>[0-9][_0-9]*)"
    r"|(?P<sign>[+-])"
    r"|(?P<dot>\.)"
    r"|(?P<comment>//[^\n]*)"
    r"|(?P<other>.)"
    r"|(?P<nothing>\Z))",
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

    __slots__ = ("_next", "comments", "end", "kind", "last_end", "start", "text", "value")

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = self.end = self.last_end = 0
        self.kind = self.value = ""
        # Where `//` comments stand between the last token and this one.
        self.comments: list[tuple[int, int]] = []
        self._go_to(0)
        self.advance()

    def _go_to(self, at: int) -> None:
        self._next: Callable[[], re.Match[str]] = _TOKEN.finditer(self.text, at).__next__

    def advance(self) -> None:
        """Go to the next token."""
        self.last_end = self.end
        if self.comments:
            self.comments = []
        while True:
            match = self._next()
            group = match.lastgroup or ""
            value = match[group]
            self.start, self.end = match.span(group)
            if group == "mark":
                self.kind = self.value = value
            elif group == "id":
                self.kind = _WORDS.get(value, "id")
                self.value = value
            elif group == "text":
                self.kind = group
                self.value = value[1:-1]
            elif self._is_comment(group):
                continue
            else:
                self._take_rare(group, value)
            return

    def _is_comment(self, group: str) -> bool:
        if group == "comment":
            self.comments.append((self.start, self.end))
        elif group == "other" and self.text.startswith("/*", self.start):
            self._go_to(self._skip_block(self.start))
        else:
            return False
        return True

    def _take_rare(self, group: str, value: str) -> None:
        if group == "nothing":
            self.kind = self.value = ""
            self._go_to(self.end)  # where it stays
        elif group == "other":
            self._take_other(value)
        else:
            self.kind = "." if group == "dot" else group
            value = value.replace("_", "") if group in ("decimal", "hex") else value
            self.value = value[2:] if group == "hex" else value

    def _take_other(self, value: str) -> None:
        if value != '"':
            raise parse_error(f"Unknown token {value}", self.text, (self.start, self.end))
        self.kind = "text"
        self.value, self.end = _read_string(self.text, self.start)
        self._go_to(self.end)

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
        if kind in _KEYWORDS:
            return "".join(part.capitalize() for part in kind.split("_"))
        if kind == "hex" and self.text.startswith("0X", self.start):
            value = f"0X{value}"  # of which only a small x is taken off, officially
        return f"{kind.capitalize()}({quote_debug(value)})"


def _expected_line(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f"\nExpected one of {names[0]}"
    return f"\nExpected one of {', '.join(names[:-1])} or {names[-1]}"


# --- literals ---

_PIECE = re.compile(
    r'(?P<plain>[^"\\]+)'
    r"|\\(?P<byte>[0-9a-fA-F]{2})"
    r"|\\u\{(?P<point>[0-9a-fA-F][_0-9a-fA-F]*)\}"
    r"|(?P<broken>\\u\{[0-9a-fA-F][_0-9a-fA-F]*|\\(?=\n|$))"
    r"|\\(?P<letter>[^\n])"
    r'|(?P<end>")',
    re.DOTALL,
)
_LETTERS = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\", '"': b'"', "'": b"'"}
_MAX_POINT = 0x10FFFF
_MAX_U32 = 0xFFFFFFFF


def _read_string(text: str, start: int) -> tuple[str, int]:
    """Return the literal that opens at `start` and the place after its closing quote.

    Raises `CandidError` where it has no end or an escape that does not exist.
    """
    data = bytearray()
    at = start + 1
    while match := _PIECE.match(text, at):
        at = match.end()
        if match.lastgroup == "end":
            return data.decode("utf-8", "surrogateescape"), at
        data += _piece(match, text)
    raise parse_error("Unclosed string", text, (start, len(text)))


def _piece(match: re.Match[str], text: str) -> bytes:
    group = match.lastgroup or ""
    value = match[group]
    if group == "plain":
        return literal_bytes(value)
    if group == "byte":
        return bytes.fromhex(value)
    if group == "point":
        return _point(value.replace("_", ""), text, match.span())
    if group == "letter" and value in _LETTERS:
        return _LETTERS[value]
    if group == "broken":
        raise parse_error(f"Unexpected string {value}", text, match.span())
    # The official lexer takes any letter for one byte.
    raise parse_error(f"Unknown escape character {value}", text, match.span(), size=2)


def _point(digits: str, text: str, span: tuple[int, int]) -> bytes:
    number = int(digits, 16)
    if number > _MAX_U32:
        raise parse_error("Not a valid hex escape", text, span)
    if number > _MAX_POINT or 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        raise parse_error(f"Unicode escape out of range {digits}", text, span)
    return chr(number).encode()


def text_of(text: str, value: str, span: tuple[int, int]) -> str | CandidError:
    """Return the text that a literal is, or the error of one that is no UTF-8."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return parse_error("Not valid unicode text", text, span)
    return value


def literal_bytes(literal: str) -> bytes:
    """Return the bytes that a literal, as read here, stands for."""
    try:
        return literal.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A surrogate that no byte was: only a caller that made the text itself can have put it in.
        return literal.encode("utf-8", "surrogatepass")


# --- labels ---

_MAX_ID = 0xFFFFFFFF
_ENOUGH_DIGITS = 20

Labelled = TypeVar("Labelled", Entry, Field)


def label_of(text: str, kind: str, value: str, span: tuple[int, int]) -> str | int:
    """Return the label that a token stands for; raises `CandidError` for one that cannot be."""
    if kind in ("id", "text"):
        label = text_of(text, value, span)
        if isinstance(label, CandidError):
            raise label
        return label
    significant = value.lstrip("0") or "0"
    # Cut off so far behind the largest id that Python's limit on digits is not met.
    number = int(significant[:_ENOUGH_DIGITS], 16 if kind == "hex" else 10)
    return checked_id(number, text, span)


def is_bare(label: str | int) -> bool:
    """Tell whether a label is a name that is written without quotes."""
    is_name = isinstance(label, str) and label.isascii() and label.isidentifier()
    return is_name and label not in _WORDS


def checked_id(number: int, text: str, span: tuple[int, int]) -> int:
    """Return the number, which is a field's id; raises `CandidError` for one that is too large."""
    if number > _MAX_ID:
        raise parse_error("field id out of u32 range", text, span)
    return number


def in_order(fields: list[Labelled], text: str, span: tuple[int, int]) -> list[Labelled]:
    """Return fields in the order of their ids; raises `CandidError` where two have the same."""
    ordered = sorted(fields, key=_id_of)
    if len({field.id for field in fields}) == len(fields):
        return ordered
    for before, field in pairwise(ordered):
        if before.id == field.id:
            label, other = plain_label(field.label), plain_label(before.label)
            raise parse_error(f"label '{label}' hash collision with '{other}'", text, span)
    return ordered


def _id_of(field: Entry | Field) -> int:
    return field.id
