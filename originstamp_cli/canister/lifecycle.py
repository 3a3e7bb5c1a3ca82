"""What is kept of each canister on the network: its id, who controls it, whether it answers.

A fresh state has no records and counts as started, with every canister created and installed; a
record is written when something is first decided.
"""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.records import (
    CANISTER,
    NETWORK,
    Document,
    read_only_one,
    write_only_one,
)
from originstamp_cli.store import State, Store

HARDENED = "hardened"
FAITHFUL = "faithful"

RUNNING = "running"
STOPPED = "stopped"

# What a canister is until somebody decides otherwise (dfx-asserted defaults of a new canister).
_FRESH: Document = {
    "id": None,
    "exists": True,
    "installed": True,
    "controllers": [],
    "status": RUNNING,
    "memory_allocation": 0,
    "compute_allocation": 0,
    "freezing_threshold": 2_592_000,
    "reserved_cycles_limit": 5_000_000_000_000,
    "wasm_memory_limit": 3_221_225_472,
    "wasm_memory_threshold": 0,
    "log_visibility": "controllers",
    "log_viewers": [],
}
# What the state's owner keeps besides.
_FRESH_OWNER: Document = {"policy": HARDENED, "last_time": 0, "photos": 0}

OWNER_NUMBER = 1
# How many canisters a fresh network has, those of the network's own included (PocketIC counts its
# first id, `bnz7o-…`, for the page that shows interfaces).
_FRESH_NETWORK: Document = {"running": True, "canisters": 3, "id": "", "clock": None}


# More than one call can add to a state: a message to a canister has at most 2 MiB.
_ONE_CALL = 64 * 1024 * 1024


def is_near_a_limit(record: Document, stored_bytes: int) -> bool:
    """Tell whether one more call could fill a canister's memory, which holds that much at most."""
    reach = stored_bytes + _ONE_CALL
    allocation, limit = record["memory_allocation"], record["wasm_memory_limit"]
    return bool(0 < allocation < reach or 0 < limit < reach)


def id_of(number: int) -> Principal:
    """Return the id that the network gives to its canister of this number (PocketIC's range)."""
    return Principal((0x8000_0000_0010_0000 + number).to_bytes(8, "big") + b"\x01\x01")


def read_canister(state: State, number: int) -> Document:
    """Return what is kept of a canister, completed by what holds where nothing is."""
    kept = state.table(CANISTER).get(doc_id=number)
    owner = _FRESH_OWNER if number == OWNER_NUMBER else {}
    record: Document = {**_FRESH, **owner, **(kept or {})}
    record["id"] = record["id"] or id_of(number).text
    return record


def write_canister(state: State, number: int, record: Document) -> None:
    """Keep what is known of a canister."""
    state.table(CANISTER).put(record, number)


def read_network(state: State) -> Document:
    """Return whether the network runs, how many canisters it has made, its `id` and its `clock`.

    The id tells it from the network that a `start --clean` leaves; it is empty until it is needed.
    The clock is None for the machine's own, `{"at": ns}` for one that stands still, and
    `{"ahead": ns}` for one that runs so far ahead.
    """
    return _FRESH_NETWORK | (read_only_one(state, NETWORK) or {})


def write_network(state: State, record: Document) -> None:
    """Keep what is known of the network."""
    write_only_one(state, NETWORK, record)


class Known:
    """What the calls of one transaction know of the network, without reading it for each of them.

    Nobody else writes meanwhile, and what manages canisters has transactions of its own. So only
    the records of canisters change, and only by the updates among these calls.
    """

    __slots__ = ("_canisters", "_network", "_size")

    def __init__(self) -> None:
        self._canisters: dict[int, Document] = {}
        self._network: Document | None = None
        self._size: int | None = None

    def canister(self, state: State, number: int) -> Document:
        """Return what is kept of a canister, as `read_canister` does, for the caller to change."""
        known = self._canisters.get(number)
        if known is None:
            known = self._canisters[number] = read_canister(state, number)
        return dict(known)

    def network(self, state: State) -> Document:
        """Return what `read_network` does, not to be changed."""
        if self._network is None:
            self._network = read_network(state)
        return self._network

    def size(self, store: Store) -> int:
        """Return the bytes of the state's file, as they were before these calls changed it."""
        if self._size is None:
            self._size = store.size()
        return self._size

    def keep_owner(self, state: State, record: Document) -> None:
        """Keep the record of the state's owner after an update, which may have kept another."""
        write_canister(state, OWNER_NUMBER, record)
        self._canisters = {OWNER_NUMBER: record}
