r"""Values as bytes that sort as the values do.

SQLite's integers end at 2^63, a canister's ids at 2^64 and its numbers nowhere, so what an index
holds is neither: it is these bytes. Nothing encodes to the beginning of something else, so that
keys of several fields are put together by joining them, and `encode(x) <= key < encode(x) + END`
holds for exactly the keys that begin with x.

Missing < None < negative numbers < numbers from zero < text. Numbers that Python calls equal (`1`,
`True`, `1.0`) have one key. Depends on nothing.
"""

MISSING = b"\x00"
NULL = b"\x01"
END = b"\xff"

_NEGATIVE = b"\x10"
_NATURAL = b"\x20"
_TEXT = b"\x30"

_LONG = 0xFF
_COMPLEMENT = bytes(range(255, -1, -1))


def encode(value: object) -> bytes:
    """Return the key of a value; `TypeError` if it is not None, a whole number or text."""
    if isinstance(value, str):
        # A zero byte ends the text, so one inside it is marked; `surrogatepass` because argv that
        # is not UTF-8 arrives as lone surrogates, and those are names too.
        text = value.encode("utf-8", "surrogatepass")
        return _TEXT + text.replace(b"\x00", b"\x00\xff") + b"\x00"
    if value is None:
        return NULL
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        if value >= 0:
            return _NATURAL + _magnitude(value)
        return _NEGATIVE + _magnitude(-value).translate(_COMPLEMENT)
    raise TypeError(f"An index cannot hold {value!r}, only whole numbers, text and None.")


def _magnitude(number: int) -> bytes:
    """Return the length, then the digits in base 256: a longer number is a larger one."""
    size = (number.bit_length() + 7) // 8
    length = bytes((size,)) if size < _LONG else END + size.to_bytes(8, "big")
    return length + number.to_bytes(size, "big")


def first(key: bytes) -> bytes:
    """Return the part of a key that stands for its first field."""
    tag = key[:1]
    if tag == _TEXT:
        end = 0
        while True:
            end = key.index(b"\x00", end) + 1
            if key[end : end + 1] != END:
                return key[:end]
    if tag not in (_NATURAL, _NEGATIVE):
        return tag
    size = key[1] if tag == _NATURAL else _LONG - key[1]
    if size < _LONG:
        return key[: 2 + size]
    digits = key[2:10] if tag == _NATURAL else key[2:10].translate(_COMPLEMENT)
    return key[: 10 + int.from_bytes(digits, "big")]
