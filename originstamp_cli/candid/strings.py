"""Quoted literals with escapes, which are bytes and only perhaps UTF-8.

A literal is read to a `str` in which a byte that is not part of UTF-8 is a lone surrogate (Python's
`surrogateescape`), so that a blob can have its bytes back and a text be refused.
"""

import re

from .errors import parse_error

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


def read_string(text: str, start: int) -> tuple[str, int]:
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
    reason = "Unexpected string" if group == "broken" else "Unknown escape character"
    raise parse_error(f"{reason} {value}", text, match.span())


def _point(digits: str, text: str, span: tuple[int, int]) -> bytes:
    number = int(digits, 16)
    if number > _MAX_U32:
        raise parse_error("Not a valid hex escape", text, span)
    if number > _MAX_POINT or 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        raise parse_error(f"Unicode escape out of range {digits}", text, span)
    return chr(number).encode()


def is_unicode(literal: str) -> bool:
    """Return whether a literal, as read here, is UTF-8 and thus a text."""
    if literal.isascii():
        return True
    try:
        literal.encode()
    except UnicodeEncodeError:
        return False
    return True


def literal_bytes(literal: str) -> bytes:
    """Return the bytes that a literal, as read here, stands for."""
    try:
        return literal.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A surrogate that no byte was: only a caller that made the text itself can have put it in.
        return literal.encode("utf-8", "surrogatepass")
