"""Numbers as digits and back: floats as Rust writes them, and integers of thousands of digits."""

from math import inf, isfinite, isnan
from struct import pack, unpack

# From 10^16 on and below 10^-5, JSON in Rust takes the exponent.
_LARGEST_PLAIN = 16
_SMALLEST_PLAIN = -5
_FLOAT32_DIGITS = 9


def to_float32(number: float) -> float:
    """Return the nearest float of 32 bits; infinity where there is none as large."""
    try:
        rounded: float = unpack("<f", pack("<f", number))[0]
    except OverflowError:
        return inf if number > 0 else -inf
    return rounded


def show_float(number: float, *, single: bool = False) -> str:
    """Return the number without an exponent and with at least one decimal, as `1.0`."""
    if not isfinite(number):
        return "NaN" if isnan(number) else ("inf" if number > 0 else "-inf")
    sign, digits, point = _decimal(number, single=single)
    return _plain(sign, _half_up(number, digits, point), point)


def _plain(sign: str, digits: str, point: int) -> str:
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    whole = digits[:point].ljust(point, "0")
    return f"{sign}{whole}.{digits[point:] or '0'}"


def show_json_float(number: float) -> str:
    """Return the number as Rust's serde_json writes it: `1e21`, not `1e+21`."""
    sign, digits, point = _decimal(number, single=False)
    if number == 0 or _SMALLEST_PLAIN < point <= _LARGEST_PLAIN:
        return _plain(sign, digits, point)
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1}"


def _decimal(number: float, *, single: bool) -> tuple[str, str, int]:
    """Return sign, digits d and p so that the number is 0.d times ten to the p."""
    written = _shortest_single(number) if single else repr(number)
    sign = "-" if written.startswith("-") else ""
    mantissa, _, exponent = written.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return (sign, digits, point) if digits else (sign, "0", 1)


def _half_up(number: float, digits: str, point: int) -> str:
    """Return the digits, or the next where both are as near: Rust goes up, Python to the even."""
    numerator, denominator = number.as_integer_ratio()
    decimals = len(digits) - point
    # The number itself has as many decimals as its denominator has factors of two.
    if decimals < 0 or denominator.bit_length() - 1 != decimals + 1:
        return digits
    below = int(digits)
    is_tie = 2 * abs(numerator) * 10**decimals == (2 * below + 1) * denominator
    return str(below + 1) if is_tie else digits


def _shortest_single(number: float) -> str:
    """Return the shortest digits that name this float among those of 32 bits."""
    for count in range(_FLOAT32_DIGITS):
        written = f"{number:.{count}e}"
        for candidate in (written, *_neighbours(written)):
            if to_float32(float(candidate)) == number:
                return candidate
    return repr(number)


def _neighbours(written: str) -> list[str]:
    # At a power of two the gap below is half the gap above, so the shortest digits that read back
    # are not always the nearest ones of their length.
    mantissa, _, exponent = written.partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = int(whole + fraction)
    sign = "-" if mantissa.startswith("-") else ""
    scale = int(exponent) - len(fraction)
    return [f"{sign}{near}e{scale}" for near in (digits - 1, digits + 1) if near > 0]


# --- integers ---

_AT_ONCE = 4_000


def read_digits(digits: str) -> int:
    """Return the number that a text of decimal digits spells, with a minus perhaps."""
    if len(digits) <= _AT_ONCE:
        return int(digits)
    if digits.startswith("-"):
        return -read_digits(digits[1:])
    half = len(digits) // 2
    power: int = 10**half
    return read_digits(digits[:-half]) * power + read_digits(digits[-half:])


def write_digits(number: int) -> str:
    """Return the decimal digits of a number of any size."""
    if number < 0:
        return "-" + write_digits(-number)
    # log10(2) is 0.30103 and a bit: too few digits would lose some, a few more do no harm.
    digits = number.bit_length() * 302 // 1000 + 1
    return _padded(number, digits).lstrip("0") or "0"


def _padded(number: int, digits: int) -> str:
    if digits <= _AT_ONCE:
        return str(number).rjust(digits, "0")
    half = digits // 2
    high, low = divmod(number, 10**half)
    return _padded(high, digits - half) + _padded(low, half)
