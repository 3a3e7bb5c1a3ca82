"""The network's clock: the machine's own, or one that was set to see what time does.

Local chain emulators have one too: it is put to a time, where it stands still or goes on from, or
put forward. It is kept with the network. Whatever it says, no record is older than one before it:
a call is made at the newest record's time until the clock has passed that.
"""

import time
from typing import NamedTuple

from originstamp_cli.canister.lifecycle import (
    OWNER_NUMBER,
    read_canister,
    read_network,
    write_network,
)
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Host
from originstamp_cli.errors import OriginStampError
from originstamp_cli.store import State

REAL = "is the machine's own"
_SECOND = 10**9
_LARGEST = 2**64 - 1


class Reading(NamedTuple):
    """The network's time, what its clock is, and the time of the newest record (0 for none)."""

    time: int
    clock: str
    newest: int


def read(host: Host) -> Reading:
    """Return what the clock says; raises `StateError`."""
    with host.store.read() as state:
        return _reading(host, state)


def stop_at(host: Host, moment: int) -> Reading:
    """Have the clock stand still at a time."""
    return _set(host, {"at": moment})


def run_from(host: Host, moment: int) -> Reading:
    """Have the clock go on from a time, as fast as the machine's own."""
    return _set(host, {"ahead": moment - host.clock()})


def go_by_the_machine(host: Host) -> Reading:
    """Have the clock be the machine's own again."""
    return _set(host, None)


def advance(host: Host, nanoseconds: int) -> Reading:
    """Put the clock forward from the time at which a call would be made now.

    Raises `OriginStampError` where that is beyond the end of time.
    """
    with host.store.write() as state:
        network = read_network(state)
        then = max(host.time_in(state), _newest(state)) + nanoseconds
        if then > _LARGEST:
            raise OriginStampError(f"{shown(then - nanoseconds)} cannot be put forward that far.")
        stands = "at" in (network["clock"] or {})
        clock = {"at": then} if stands else {"ahead": then - host.clock()}
        write_network(state, network | {"clock": clock})
        return _reading(host, state)


def _set(host: Host, clock: Document | None) -> Reading:
    with host.store.read() as state:
        if read_network(state)["clock"] == clock:
            return _reading(host, state)
    with host.store.write() as state:
        write_network(state, read_network(state) | {"clock": clock})
        return _reading(host, state)


def _reading(host: Host, state: State) -> Reading:
    return Reading(host.time_in(state), described(host.emulated), _newest(state))


def _newest(state: State) -> int:
    return int(read_canister(state, OWNER_NUMBER)["last_time"])


def described(clock: Document | None) -> str:
    """Return what a clock does, to be read after "it"."""
    if clock is None:
        return REAL
    if "at" in clock:
        return f"stands still at {shown(clock['at'])}"
    seconds, fraction = divmod(abs(clock["ahead"]), _SECOND)
    way = "behind" if clock["ahead"] < 0 else "ahead of"
    return f"runs {_decimal(str(seconds), fraction)} s {way} the machine's own"


def shown(nanoseconds: int) -> str:
    """Return a moment in UTC (RFC 3339), its fraction without trailing zeros."""
    seconds, fraction = divmod(nanoseconds, _SECOND)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{_decimal(whole, fraction)}Z"


def _decimal(whole: str, billionths: int) -> str:
    return f"{whole}{f'.{billionths:09}'.rstrip('0').rstrip('.')}"
