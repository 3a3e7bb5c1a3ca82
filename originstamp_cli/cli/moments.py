"""Times and durations on a command line, in nanoseconds since 1970 and in nanoseconds."""

import re
from datetime import datetime

SECOND = 10**9
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LARGEST = 2**64 - 1  # of the numbers that times are on the Internet Computer
# Fewer nanoseconds than these are over before May 1970: whoever gives them counts in other units.
_SMALLEST = 10**16
_MOST_DIGITS = 40

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_RFC3339 = re.compile(rf"({_DATE})[Tt ]({_CLOCK})(?:\.([0-9]+))?([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})")
_NO_ZONE = re.compile(rf"{_DATE}[Tt ][0-9:.]+")
_PART = r"[0-9]{1,12}[smhdw]"
_LIKE = "give one as 2026-11-25T19:00:00Z, a date, or nanoseconds since 1970"


def moment(text: str) -> int:
    """Return the time that a text means; raises `ValueError` with what is wrong with it.

    It is RFC 3339 (a zone is a must), a date for its beginning in UTC, or nanoseconds.
    """
    nanoseconds = _nanoseconds(text)
    if nanoseconds < 0:
        raise ValueError("it is before 1970, where time begins")
    if nanoseconds > _LARGEST:
        raise ValueError("it is after July 2554, where time ends")
    if nanoseconds < _SMALLEST and text.isdigit():
        raise ValueError(f"it is too few nanoseconds to be meant: {_LIKE}")
    return nanoseconds


def _nanoseconds(text: str) -> int:
    if re.fullmatch("[0-9]+", text):
        return int(text[:_MOST_DIGITS])
    if _NO_ZONE.fullmatch(text):
        raise ValueError("it has no time zone: add Z for UTC, or +01:00")
    try:
        return from_rfc3339(f"{text}T00:00:00Z" if re.fullmatch(_DATE, text) else text)
    except ValueError:
        raise ValueError(f"it is no time: {_LIKE}") from None


def from_rfc3339(text: str) -> int:
    """Return the nanoseconds since 1970 of a moment such as 2026-11-25T19:00:00.5+01:00.

    Raises `ValueError` for anything else.
    """
    found = _RFC3339.fullmatch(text)
    date, clock, fraction, zone = found.groups() if found else ("", "", "", "")
    whole = datetime.fromisoformat(f"{date}T{clock}{zone.upper()}")
    return int(whole.timestamp()) * SECOND + int(f"{fraction or ''}000000000"[:9])


def duration(text: str) -> int:
    """Return the nanoseconds of a duration such as `90s` or `1d12h`; raises `ValueError`."""
    if not re.fullmatch(f"(?:{_PART})+", text):
        raise ValueError("it is no duration: give one as 30s, 5m, 2h, 1d, 1w, or 1d12h")
    parts = re.findall(_PART, text)
    return sum(int(part[:-1]) * _UNITS[part[-1]] for part in parts) * SECOND
