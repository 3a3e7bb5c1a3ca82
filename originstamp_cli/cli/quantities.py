"""Sizes, percentages and numbers of the command line, with the limits and errors of dfx."""

import re
from decimal import Decimal

from originstamp_cli.cli.managing import invalid
from originstamp_cli.errors import UsageError

_GIB = 2**30
_TIB = 2**40
_MOST_PERCENT = 100

# Powers of 1000 alone or with B, powers of 1024 with iB, in any case.
_SIZE = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+) *(?:([kmgt])(i?)(b?)|b)?", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
# The most that each may be, and what is said of anything else.
_LIMITS = {
    "--memory-allocation": (12 * _GIB, "Must be a value between 0..12 GiB inclusive."),
    "--wasm-memory-limit": (
        256 * _TIB,
        "Must be a value between 0..256 TiB inclusive (e.g. `2GiB`).",
    ),
    "--wasm-memory-threshold": (
        256 * _TIB,
        "Must be a value between 0..256 TiB inclusive (e.g. `2GiB`).",
    ),
}


def bytes_of(option: str, text: str | None) -> int | None:
    """Return the bytes that a size such as `4GB` or `1.5 GiB` means; raises `UsageError`."""
    if text is None:
        return None
    most, why = _LIMITS[option]
    found = _SIZE.fullmatch(text.strip())
    size = _multiplied(found) if found else None
    if size is None or size > most:
        raise _invalid(option, text, why)
    return size


def _multiplied(found: re.Match[str]) -> int | None:
    number, unit, binary, byte = found.groups()
    if binary and not byte:  # `Ki` is no unit
        return None
    base = 1024 if binary else 1000
    return int(Decimal(number.replace("_", "")) * base ** _POWERS.get((unit or "").lower(), 0))


def percent_of(option: str, text: str | None) -> int | None:
    """Return a percentage from 0 to 100; raises `UsageError`."""
    if text is None:
        return None
    number = _digits(text)
    if number is None or number > _MOST_PERCENT:
        raise _invalid(option, text, "Must be a percent between 0 and 100")
    return number


def whole_number(option: str, text: str | None, *, bits: int) -> int | None:
    """Return a whole number of so many bits; raises `UsageError`."""
    if text is None:
        return None
    number = _digits(text)
    if number is None or number >= 2**bits:
        raise _invalid(option, text, f"Must be a value between 0..2^{bits}-1 inclusive")
    return number


def _digits(text: str) -> int | None:
    return int(text.replace("_", "")) if re.fullmatch("[0-9][0-9_]{0,60}", text) else None


def _invalid(option: str, text: str, why: str) -> UsageError:
    return invalid(f"{option} <{option[2:].upper().replace('-', '_')}>", text, why)
