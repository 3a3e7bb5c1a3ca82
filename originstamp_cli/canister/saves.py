"""The whole state kept under a name, to come back to as often as one likes, while calls go on.

As local chain emulators have it: everything comes back, whoever controls the canisters, their
settings and the clock too. They are snapshots as any other, so that each sort can be listed,
put back and deleted in the way of the other.
"""

import os
import re
from typing import NamedTuple

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import memory, snapshots
from originstamp_cli.canister.lifecycle import (
    OWNER_NUMBER,
    id_of,
    read_canister,
    read_network,
    write_network,
)
from originstamp_cli.canister.management import module_hash
from originstamp_cli.canister.runtime import Canister, Host
from originstamp_cli.errors import UsageError
from originstamp_cli.store import State, files
from originstamp_cli.store.backups import Backups

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_ID_DIGITS = 2 * (8 + len(id_of(OWNER_NUMBER).raw))


class Save(NamedTuple):
    """A snapshot: its name (empty for none), its id, when it was taken, the bytes it holds."""

    name: str
    snapshot_id: str
    taken_at: int
    memory_size: int


def take(host: Host, canister: Canister, name: str | None, *, replace: bool = False) -> str:
    """Keep the whole state, and return the snapshot's name, its id where it has none.

    `canister` is whose state it is. Raises `UsageError` for a name that cannot be, or is taken
    unless it is to be replaced; and `StateError`.
    """
    if name is not None:
        _check_name(name)
    old = None if name is None else _find(listed(host), name)
    if old is not None and not replace:
        raise UsageError(
            f"There is a snapshot {name!r} already.", fix="Choose another name, or give --replace."
        )
    _make_state(host)
    with host.store.read() as state:
        about = {
            "taken_at": host.time_in(state),
            "memory_size": memory.used(state),
            "kind": host.store.kind,
            "module_hash": module_hash(canister),
            "sha256": "",
        } | ({} if name is None else {"name": name})
        owner = Principal.from_text(read_canister(state, OWNER_NUMBER)["id"])
        made = snapshots.make(host, owner, about, state.copy_to)
    if old is not None:
        snapshots.remove(host, old.snapshot_id)
    return name or made.snapshot_id


def revert(host: Host, wanted: str | None, *, keep: bool = True) -> str | None:
    """Put back a snapshot, the newest if none is named; wholly or not at all.

    Returns the backup that what it replaced becomes if that is to be kept. Raises `UsageError` for
    a snapshot that is not there, and `StateError`.
    """
    save = _chosen(host, wanted)
    folder = snapshots.place_of(host, save.snapshot_id)
    snapshots.read_about(folder, host.store.kind)
    keep = not _make_state(host) and keep
    backup: str | None = None

    def carry(old: State, new: State) -> None:
        nonlocal backup
        if keep:
            backup = Backups(host.store).copy(host.clock())
        _stay_the_same_network(old, new)

    try:
        host.store.restore(os.path.join(folder, snapshots.COPY), carry)
    except BaseException:
        if backup is not None:
            files.remove(backup)
        raise
    return backup


def listed(host: Host) -> list[Save]:
    """Return the snapshots there are, the oldest first."""
    found = []
    for snapshot_id in snapshots.names(host.store.path):
        about = snapshots.read_about(snapshots.place_of(host, snapshot_id))
        name = about.get("name", "")
        found.append(Save(name, snapshot_id, about["taken_at"], about["memory_size"]))
    return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or re.fullmatch(f"[0-9a-f]{{{_ID_DIGITS}}}", name):
        raise UsageError(
            f"{name!r} cannot be the name of a snapshot.",
            fix="Use letters, digits, underscores, dots and dashes, 64 at most.",
        )


def _make_state(host: Host) -> bool:
    """Have an empty state be a file, and return whether it was none: one can come back to that."""
    if os.path.lexists(host.store.path):
        return False
    with host.store.write() as state:
        write_network(state, read_network(state))
    return True


def _chosen(host: Host, wanted: str | None) -> Save:
    """Return the snapshot that is meant; raises `UsageError` where there is none."""
    known = listed(host)
    if not known:
        raise UsageError(
            "There is no snapshot of this state yet.",
            fix="Take one with originstamp state snapshot.",
        )
    save = known[-1] if wanted is None else _find(known, wanted)
    if save is None:
        raise UsageError(
            f"There is no snapshot {wanted!r} of this state.",
            fix="See them with originstamp state snapshots.",
        )
    return save


def _find(known: list[Save], wanted: str) -> Save | None:
    return next((each for each in known if wanted in {each.name, each.snapshot_id}), None)


def _stay_the_same_network(old: State, new: State) -> None:
    """Have projects find again the ids that they keep for this network."""
    then, now = read_network(new), read_network(old)
    if now["id"] and not then["id"]:
        write_network(new, then | {"id": now["id"]})
