"""Numbers of thousands of digits, which Python refuses to convert at once.

Its limit guards against conversions that take the square of the digits; these halve instead.
"""

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
