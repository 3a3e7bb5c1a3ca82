"""Amounts of cycles, sizes and shares on a command line, as dfx reads them and refuses them."""

import re
from collections.abc import Callable
from typing import TypeVar

from originstamp_cli.candid.principal import Principal
from originstamp_cli.errors import UsageError

_AMOUNT = re.compile(r"(?P<number>[0-9][0-9_]*(?:\.[0-9_]*)?)(?P<unit>[^0-9_.]*)", re.ASCII)
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_LARGEST = 2**128 - 1
_MOST_DIGITS = 39  # of the largest; below a trillionth of one cycle nothing counts
_UNREADABLE = (
    "Failed to parse amount. Please use digits only or something like 3.5TC, 2t, or 5_000_000."
)
_SIZE = re.compile(r"([0-9_]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)", re.ASCII)
_UNITS = {
    "": 1,
    "b": 1,
    **{unit: 1000**power for power, unit in enumerate("kmgt", 1)},
    **{f"{unit}b": 1000**power for power, unit in enumerate("kmgt", 1)},
    **{f"{unit}ib": 1024**power for power, unit in enumerate("kmgt", 1)},
}
GIB, TIB = 1024**3, 1024**4

Read = TypeVar("Read")


def understood(option: str, text: str | None, read: Callable[[str], Read]) -> Read | None:
    """Return what an option's value means; raises `UsageError` in clap's words."""
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        metavar = option.upper().replace("-", "_")
        raise UsageError(f"invalid value '{text}' for '--{option} <{metavar}>': {error}") from None


def cycles(text: str) -> int:
    """Return an amount of cycles such as `3.5TC`; raises `ValueError` with dfx's sentence."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(_UNREADABLE)
    unit = found["unit"].lower()
    size = _TIMES.get(unit.removesuffix("c"))
    if size is None:
        raise ValueError(f"Unknown amount specifier: '{unit}'")
    whole, _, part = found["number"].replace("_", "").partition(".")
    whole, part = whole.lstrip("0"), part[:_MOST_DIGITS]
    if len(whole) <= _MOST_DIGITS:
        amount: int = int(f"0{whole}{part}") * size // 10 ** len(part)
        if amount <= _LARGEST:
            return amount
    raise ValueError("Amount too large.")


def size_up_to(limit: int, refusal: str) -> Callable[[str], int]:
    """Return a reader of sizes such as `4GB` (powers of 1000) or `4GiB` (powers of 1024)."""

    def read(text: str) -> int:
        match = _SIZE.fullmatch(text.strip())
        if match is None or match[2].lower() not in _UNITS:
            raise ValueError(refusal)
        whole, _, fraction = match[1].replace("_", "").partition(".")
        amount: int = int(whole + fraction) * _UNITS[match[2].lower()] // 10 ** len(fraction)
        if amount > limit:
            raise ValueError(refusal)
        return amount

    return read


memory = size_up_to(12 * GIB, "Must be a value between 0..12 GiB inclusive.")
wasm_memory = size_up_to(256 * TIB, "Must be a value between 0..256 TiB inclusive (e.g. `2GiB`).")


def percent(text: str) -> int:
    """Return a share from 0 to 100; raises ValueError."""
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > 100:  # noqa: PLR2004 - per cent
        raise ValueError("Must be a percent between 0 and 100")
    return int(text)


def whole_of(bits: int) -> Callable[[str], int]:
    """Return a reader of whole numbers of so many bits; it raises ValueError."""

    def read(text: str) -> int:
        number = int(text.replace("_", "")) if re.fullmatch("[0-9][0-9_]{0,60}", text) else None
        if number is None or number >= 2**bits:
            raise ValueError(f"Must be a value between 0..2^{bits}-1 inclusive")
        return number

    return read


number = whole_of(64)
cycles_limit = whole_of(128)


def principal(text: str) -> Principal:
    """Return a principal; raises ValueError."""
    return Principal.from_text(text)
