"""Snapshots: what a canister held at a moment, beside the state, to be put back.

Each is a folder named by the snapshot's id, with a copy of the state and what is known of it. A
snapshot is of what the canister remembers: who controls it, its settings, whether it runs and its
log are not put back, as on the Internet Computer. (`saves` puts back all of it.)
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, NamedTuple

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister, write_canister
from originstamp_cli.canister.management import (
    Managed,
    ManagementRejected,
    admitted,
    inspecting,
    module_hash,
)
from originstamp_cli.canister.records import CANISTER, NETWORK, Document
from originstamp_cli.canister.runtime import Host
from originstamp_cli.errors import OriginStampError, StateUnwritable
from originstamp_cli.store import Numbered, State, files

COPY = "state"
_METADATA = "metadata.json"
# The files of a downloaded snapshot, named as dfx names them.
_MEMORY = "wasm_memory.bin"
_MODULE = "wasm_module.bin"
_STABLE_MEMORY = "stable_memory.bin"
_CHUNKS = "wasm_chunk_store"

_SHAPE = {"taken_at": int, "memory_size": int, "kind": str, "module_hash": str, "sha256": str}
_PIECE = 1024 * 1024
_NEW, _GONE = ".new", ".gone"  # what is being made, and what is being removed


class Snapshot(NamedTuple):
    """A snapshot: its id in hex, when it was taken (ns since 1970), the bytes of its records."""

    snapshot_id: str
    taken_at: int
    memory_size: int


def beside(state_path: str) -> str:
    """Return the folder that holds the snapshots of a state file."""
    return f"{state_path}.snapshots"


def take(host: Host, caller: Principal, canister: Principal, replace: str | None) -> Snapshot:
    """Keep what a canister holds, in place of the snapshot `replace` where that is given.

    Raises `NotController`, `ManagementRejected` where there is no such snapshot, and `StateError`.
    """
    with inspecting(host, caller, canister, "take_canister_snapshot") as managed:
        _check_has_state(managed)
        if replace is not None:
            _folder_of(host, canister, replace, "take_canister_snapshot")
        about = {
            "taken_at": host.time_in(managed.state),
            "memory_size": managed.memory_size,
            "kind": host.store.kind,
            "module_hash": module_hash(managed.canister),
            "sha256": "",
        }
        kept = make(host, canister, about, managed.state.copy_to)
    if replace is not None:
        remove(host, replace)
    return kept


def load(host: Host, caller: Principal, canister: Principal, snapshot_id: str) -> None:
    """Put back what a canister held, wholly or not at all; raises as `take`."""
    method = "load_canister_snapshot"
    with inspecting(host, caller, canister, method) as managed:
        _check_has_state(managed)
    folder = _folder_of(host, canister, snapshot_id, method)
    read_about(folder, host.store.kind)

    def carry(old: State, new: State) -> None:
        admitted(old, caller, canister, method)
        _carry_network(old, new)

    host.store.restore(os.path.join(folder, COPY), carry)


def _carry_network(old: State, new: State) -> None:
    """Bring over what the network keeps, but for what counts the canister's own records."""
    record, then = read_canister(old, OWNER_NUMBER), read_canister(new, OWNER_NUMBER)
    for table in (CANISTER, NETWORK):
        new.table(table).truncate()
        for each in old.table(table, scans=True):
            new.table(table).insert(Numbered(each, each.doc_id))
    record.update(installed=then["installed"], photos=then["photos"])
    write_canister(new, OWNER_NUMBER, record)


def listed(host: Host, caller: Principal, canister: Principal) -> list[Snapshot]:
    """Return a canister's snapshots, oldest first; raises `NotController`, `ManagementRejected`."""
    with inspecting(host, caller, canister, "list_canister_snapshots") as managed:
        if not managed.is_owner:
            return []
    folder = beside(host.store.path)
    return [
        _snapshot(each, read_about(os.path.join(folder, each)))
        for each in names(host.store.path)
        if _is_of(canister, each)
    ]


def names(state_path: str) -> list[str]:
    """Return the ids of a state's snapshots, oldest first, whosever they are."""
    folder = beside(state_path)
    found = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(each for each in found if "." not in each)


def delete(host: Host, caller: Principal, canister: Principal, snapshot_id: str) -> None:
    """Remove a snapshot; raises as `take`."""
    method = "delete_canister_snapshot"
    with inspecting(host, caller, canister, method):
        _folder_of(host, canister, snapshot_id, method)
    remove(host, snapshot_id)


def download(
    host: Host, caller: Principal, canister: Principal, snapshot_id: str, folder: str
) -> None:
    """Write a snapshot into a folder, as the files that dfx has; raises as `take`.

    Its memory is the copy of the state, in which secrets are sealed; its module is the interface.
    """
    method = "read_canister_snapshot_metadata"
    with inspecting(host, caller, canister, method) as managed:
        module = managed.canister.did()
    kept = _folder_of(host, canister, snapshot_id, method)
    about = read_about(kept)
    with _writing(folder):
        files.make_folders(os.path.abspath(os.path.join(folder, _CHUNKS)))
        for name in (_MEMORY, _MODULE, _STABLE_MEMORY, _METADATA):
            files.remove(os.path.join(folder, name))
        memory = os.path.join(folder, _MEMORY)
        files.copy_synced(os.path.join(kept, COPY), memory)
        files.write_synced(os.path.join(folder, _MODULE), module.encode())
        files.write_synced(os.path.join(folder, _STABLE_MEMORY))
        about = {"snapshot_id": snapshot_id, **about, "sha256": _hash_of(memory)}
        text = json.dumps(about, indent=2) + "\n"
        files.write_synced(os.path.join(folder, _METADATA), text.encode())


def upload(
    host: Host, caller: Principal, canister: Principal, folder: str, replace: str | None
) -> Snapshot:
    """Keep a downloaded snapshot again, under a new id; raises as `take`.

    Raises `OriginStampError` too for a folder that does not hold one, whole and of this kind.
    """
    method = "upload_canister_snapshot_metadata"
    with inspecting(host, caller, canister, method) as managed:
        _check_has_state(managed)
    if replace is not None:
        _folder_of(host, canister, replace, method)
    about = read_about(folder, host.store.kind)
    memory = os.path.join(folder, _MEMORY)
    if not os.path.isfile(memory) or _hash_of(memory) != about["sha256"]:
        raise OriginStampError(
            f"{memory} is not what {_METADATA} says.", fix="Download the snapshot again."
        )
    about.pop("name", None)
    made = make(host, canister, about, lambda path: files.copy_synced(memory, path))
    if replace is not None:
        remove(host, replace)
    return made


# ---------------------------------------------------------------------- below


def _check_has_state(managed: Managed) -> None:
    if not managed.is_owner:
        raise OriginStampError(
            f"The canister {managed.canister.NAME} keeps no state of its own.",
            fix="What it shows is backend's: dfx canister snapshot create backend",
        )


def make(
    host: Host, canister: Principal, about: Document, copy_to: Callable[[str], None]
) -> Snapshot:
    """Make a snapshot's folder, which gets its name when it is whole; raises `StateError`."""
    with _writing(beside(host.store.path)), _changing(beside(host.store.path)):
        snapshot_id, draft = _new_folder(host, canister)
        try:
            copy_to(os.path.join(draft, COPY))
            text = json.dumps(about)
            files.write_synced(os.path.join(draft, _METADATA), text.encode())
            files.sync_folder(draft)
            os.rename(draft, draft.removesuffix(_NEW))
            files.sync_folder(beside(host.store.path))
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return _snapshot(snapshot_id, about)


def _new_folder(host: Host, canister: Principal) -> tuple[str, str]:
    """Return an id that was never given out, and a folder to make the snapshot in.

    An id is 8 bytes of a number and the canister's own 10, as on the Internet Computer; the number
    is the time, so that the id of a deleted snapshot never means another.
    """
    number = host.clock()
    while True:
        snapshot_id = number.to_bytes(8, "big").hex() + canister.raw.hex()
        path = place_of(host, snapshot_id)
        if not os.path.exists(path):
            try:
                os.mkdir(f"{path}{_NEW}", 0o700)
            except FileExistsError:
                pass
            else:
                return snapshot_id, f"{path}{_NEW}"
        number += 1


def place_of(host: Host, snapshot_id: str) -> str:
    """Return where a snapshot is."""
    return os.path.join(beside(host.store.path), snapshot_id)


def _is_of(canister: Principal, name: str) -> bool:
    return len(name) == 16 + 2 * len(canister.raw) and name.endswith(canister.raw.hex())


def _folder_of(host: Host, canister: Principal, snapshot_id: str, method: str) -> str:
    """Return where a snapshot is; raises `ManagementRejected` where there is none."""
    path = place_of(host, snapshot_id)
    if not _is_of(canister, snapshot_id) or not os.path.isdir(path):
        raise ManagementRejected(
            f"Could not find the snapshot ID {snapshot_id} for canister {canister.text}.",
            method=method,
            canister=canister,
            error_code="IC0305",
        )
    return path


def remove(host: Host, snapshot_id: str) -> None:
    """Take a snapshot's name away at once, then its files; raises `StateError`."""
    path = place_of(host, snapshot_id)
    with _writing(path), _changing(beside(host.store.path)):
        os.rename(path, f"{path}{_GONE}")
        shutil.rmtree(f"{path}{_GONE}")


@contextmanager
def _changing(folder: str) -> Iterator[None]:
    """Make or remove snapshots, and first what a killed process left of one; raises `OSError`."""
    files.make_folders(folder)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(BlockingIOError):  # somebody is at it: what there is may be theirs
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for name in os.listdir(folder):
                if name.endswith((_NEW, _GONE)):
                    shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def _snapshot(snapshot_id: str, about: Document) -> Snapshot:
    return Snapshot(snapshot_id, about["taken_at"], about["memory_size"])


def read_about(folder: str, kind: str | None = None) -> Document:
    """Return what is known of the snapshot in a folder, which must be of a `kind` of state file.

    It has a `name` where it was given one. Raises `OriginStampError` where that cannot be read, or
    where it is of the other kind.
    """
    path = os.path.join(folder, _METADATA)
    try:
        with open(path, encoding="utf-8") as file:
            about: Any = json.load(file)
        shaped = isinstance(about, dict) and all(
            type(about.get(name)) is wanted for name, wanted in _SHAPE.items()
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OriginStampError(f"{path} cannot be read: {why}.") from error
    if not shaped:
        raise OriginStampError(f"{path} does not describe a snapshot.")
    if kind not in {None, about["kind"]}:
        raise OriginStampError(
            f"The snapshot in {folder} is of a {about['kind']} state file, and this is a {kind} "
            "one.",
            fix="Name a state file of that kind with --state.",
        )
    named = {"name": about["name"]} if isinstance(about.get("name"), str) else {}
    return {name: about[name] for name in _SHAPE} | named


def _hash_of(path: str) -> str:
    digest = sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(_PIECE), b""):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _writing(path: str) -> Iterator[None]:
    """Raise what the operating system reports as the `StateUnwritable` that it means."""
    try:
        yield
    except OSError as error:
        raise StateUnwritable(
            f"The snapshot cannot be written at {path}: {error.strerror}.",
            fix="Make room there, or check who may write to it.",
        ) from error
