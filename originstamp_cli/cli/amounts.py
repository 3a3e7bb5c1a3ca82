"""Amounts of cycles as they are typed."""

import re

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_AMOUNT = re.compile(r"(?P<number>[0-9][0-9_]*(?:\.[0-9_]*)?)(?P<unit>[^0-9_.]*)", re.ASCII)
_LARGEST = 2**128 - 1
_MOST_DIGITS = 39  # of the largest; below a trillionth of one cycle nothing counts
_UNREADABLE = (
    "Failed to parse amount. Please use digits only or something like 3.5TC, 2t, or 5_000_000."
)


def cycles(text: str) -> int:
    """Return an amount of cycles such as `3.5TC`; raises `ValueError` with dfx's sentence."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(_UNREADABLE)
    unit = found["unit"].lower()
    size = _UNITS.get(unit.removesuffix("c"))
    if size is None:
        raise ValueError(f"Unknown amount specifier: '{unit}'")
    whole, _, part = found["number"].replace("_", "").partition(".")
    whole, part = whole.lstrip("0"), part[:_MOST_DIGITS]
    if len(whole) <= _MOST_DIGITS:
        amount: int = int(f"0{whole}{part}") * size // 10 ** len(part)
        if amount <= _LARGEST:
            return amount
    raise ValueError("Amount too large.")
