"""Numbers in groups of seven bits, the lowest first (LEB128; DWARF 5, 7.6), and texts behind them.

Numbers longer than they need be are read like any other, as officially. Long ones are taken apart
and put together by operations on all of their bytes at once, so that a number of a million bytes
takes milliseconds.
"""

from .source import Source

_MORE = 0x80
_BITS = 0x7F
_SIGN = 0x40

# Of what is counted: longer numbers would be too long for an error message, too.
_MAX_BITS = 64

# From so many bytes on, all at once is faster than one by one.
_LONG = 10


def read_unsigned(source: Source) -> int:
    """Return the natural number that the next bytes spell; `IndexError` where they end early."""
    data, at = source.data, source.at
    byte = data[at]
    number = byte & _BITS
    shift = 7
    start = at
    while byte >= _MORE:
        at += 1
        byte = data[at]
        if at - start < _LONG:
            number |= (byte & _BITS) << shift
            shift += 7
    source.at = at + 1
    return number if at - start < _LONG else _join(data[start : at + 1])


def read_signed(source: Source) -> int:
    """Return the integer that the next bytes spell; `IndexError` where they end early."""
    start = source.at
    number = read_unsigned(source)
    at = source.at
    if source.data[at - 1] & _SIGN:
        number -= 1 << 7 * (at - start)
    return number


def read_size(source: Source) -> int:
    """Return a natural number that counts something; raises `CandidError` beyond 64 bits."""
    byte = source.data[source.at]
    if byte < _MORE:
        source.at += 1
        return byte
    size = read_unsigned(source)
    if size >> _MAX_BITS:
        raise source.error(f"a count of more than {_MAX_BITS} bits")
    return size


def read_code(source: Source) -> int:
    """Return the number of a type; raises `CandidError` beyond 64 bits."""
    code = read_signed(source)
    if (code if code >= 0 else ~code) >> _MAX_BITS:
        raise source.error(f"a type of more than {_MAX_BITS} bits")
    return code


def read_text(source: Source) -> str:
    """Return the text that the next bytes are, its length first; raises `CandidError`."""
    taken = source.take(read_size(source))
    try:
        return str(taken, "utf-8")
    except UnicodeDecodeError:
        raise source.error("the bytes of a text are no UTF-8") from None


def write_unsigned(out: bytearray, number: int) -> None:
    """Append a natural number."""
    if number >> 7 * _LONG:
        out += _split(number, -(-number.bit_length() // 7))
        return
    while number >= _MORE:
        out.append(number & _BITS | _MORE)
        number >>= 7
    out.append(number)


def write_signed(out: bytearray, number: int) -> None:
    """Append an integer."""
    if -_SIGN <= number < _SIGN:
        out.append(number & _BITS)
        return
    size = number.bit_length() // 7 + 1
    if number < 0:
        # Two's complement of as many bits as are written; -64 has seven with its sign.
        size = (~number).bit_length() // 7 + 1
        number += 1 << 7 * size
    out += _split(number, size)


def write_text(out: bytearray, text: str) -> None:
    """Append a text: how many bytes it has in UTF-8, and these; raises `ValueError`."""
    try:
        written = text.encode()
    except UnicodeEncodeError:
        raise ValueError("the text has half a surrogate pair, which is no character") from None
    write_unsigned(out, len(written))
    out += written


def _join(groups: bytes) -> int:
    """Return the number of these groups of seven bits, each in a byte."""
    # Eight groups of 7 bits in 8 bytes become four of 14, two of 28 and one of 56, in all of the
    # number at once; then the eighth byte of each eight is empty and is left out.
    words = -(-len(groups) // 8)
    number = int.from_bytes(groups, "little") & _mask(_GROUPS, words)
    for shift, mask in ((1, _PAIRS), (2, _FOURS), (4, _EIGHTS)):
        low = _mask(mask, words)
        number = (number & low) | (number & ~low) >> shift
    packed = bytearray(number.to_bytes(words * 8, "little"))
    del packed[7::8]
    return int.from_bytes(packed, "little")


def _split(number: int, size: int) -> bytes:
    """Return a number in `size` groups of seven bits, each in a byte: `_join` backwards."""
    words = -(-size // 8)
    packed = number.to_bytes(words * 7, "little")
    spread = bytearray(words * 8)
    for at in range(7):
        spread[at::8] = packed[at::7]
    number = int.from_bytes(spread, "little")
    for shift, mask in ((4, _EIGHTS), (2, _FOURS), (1, _PAIRS)):
        low = _mask(mask, words)
        number = (number & low) | (number & ~low) << shift
    groups = number.to_bytes(words * 8, "little")[:size]
    more = int.from_bytes(bytes((_MORE,)) * (size - 1), "little")
    return (int.from_bytes(groups, "little") | more).to_bytes(size, "little")


# The bits that stay where they are, in eight bytes.
_GROUPS = 0x7F7F7F7F7F7F7F7F
_PAIRS = 0x007F007F007F007F
_FOURS = 0x00003FFF00003FFF
_EIGHTS = 0x000000000FFFFFFF


def _mask(pattern: int, words: int) -> int:
    return int.from_bytes(pattern.to_bytes(8, "little") * words, "little")
