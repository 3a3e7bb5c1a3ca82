"""Principals: who calls and what is called, as bytes and as text.

Text is base32 (RFC 4648, lower case, no padding) of the CRC-32 of the bytes followed by the bytes,
with a dash after every fifth character (Internet Computer interface specification, "Textual
representation of principals").
"""

from binascii import crc32
from functools import lru_cache

MAX_BYTES = 29
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]  # each stands for ten bits
_LETTERS = frozenset(_ALPHABET)
# Python's own digits to the base of 32 are others.
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")


class Principal:
    """An identifier of at most 29 bytes; equal, hashed and ordered by them."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) > MAX_BYTES:
            raise ValueError("Text is too long.")
        self.raw = raw

    @classmethod
    def from_text(cls, text: str) -> "Principal":
        """Return the principal that `text` spells, in either case.

        Raises `ValueError` with the official sentence where the text is not one.
        """
        return _of_text(text)

    @property
    def text(self) -> str:
        """The canonical text, such as `aaaaa-aa`."""
        return _text_of(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Principal) and self.raw == other.raw

    def __lt__(self, other: "Principal") -> bool:
        return self.raw < other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Principal.from_text({self.text!r})"


_CHECKSUM_BYTES = 4
_MANY = 4096  # principals whose text is kept at hand: the same few act again and again


@lru_cache(_MANY)
def _of_text(text: str) -> Principal:
    lowered = text.lower()
    data = _base32_decode(lowered.replace("-", ""))
    if len(data) < _CHECKSUM_BYTES:
        raise ValueError("Text is too short.")
    principal = Principal(data[_CHECKSUM_BYTES:])
    if data[:_CHECKSUM_BYTES] != _checksum(principal.raw):
        raise ValueError("CRC32 check sequence doesn't match with calculated from Principal bytes.")
    if principal.text != lowered:
        raise ValueError(
            f'Text should be separated by - (dash) every 5 characters: expected "{principal.text}"'
        )
    return principal


@lru_cache(_MANY)
def _text_of(raw: bytes) -> str:
    encoded = base32_encode(_checksum(raw) + raw)
    return "-".join([encoded[at : at + 5] for at in range(0, len(encoded), 5)])


def _checksum(raw: bytes) -> bytes:
    return crc32(raw).to_bytes(_CHECKSUM_BYTES, "big")


def base32_encode(data: bytes) -> str:
    """Return bytes in base32 (RFC 4648), lower case, without padding."""
    # Own lines rather than the standard library's base64: that module costs a call 2 ms to load.
    bits = len(data) * 8
    pairs = -(-bits // 10)
    number = int.from_bytes(data, "big") << (pairs * 10 - bits)
    text = "".join([_PAIRS[number >> at & 1023] for at in range(pairs * 10 - 10, -1, -10)])
    return text[: -(-bits // 5)]


def _base32_decode(text: str) -> bytes:
    if not _LETTERS.issuperset(text):
        raise ValueError("Text must be in valid Base32 encoding.")
    number = int(text.translate(_DIGITS) or "0", 32)
    spare = len(text) * 5 % 8
    if spare >= 5 or number & ((1 << spare) - 1):  # noqa: PLR2004 - five bits make a letter
        raise ValueError("Text must be in valid Base32 encoding.")
    return (number >> spare).to_bytes(len(text) * 5 // 8, "big")


ANONYMOUS = Principal(b"\x04")
