"""What makes and unmakes canisters: create, install, delete; and the network that they run on.

The state belongs to `backend`: to reinstall or delete it takes what it remembers, of which a dated
backup stays. Of any other canister only whether it answers changes.
"""

from typing import NamedTuple

from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.canister import logs
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.lifecycle import (
    RUNNING,
    id_of,
    read_canister,
    read_network,
    write_canister,
    write_network,
)
from originstamp_cli.canister.management import (
    INSTALL_CODE,
    Managed,
    ManagementRejected,
    module_hash,
)
from originstamp_cli.canister.records import CANISTER, TABLES, Document
from originstamp_cli.canister.runtime import Canister, Host
from originstamp_cli.errors import OriginStampError
from originstamp_cli.store import State, Store
from originstamp_cli.store.backups import Backup as Backup  # noqa: PLC0414 - for rooms above
from originstamp_cli.store.backups import Backups
from originstamp_cli.store.beside import PHOTOS, SNAPSHOTS

INSTALL, REINSTALL, UPGRADE, AUTO = "install", "reinstall", "upgrade", "auto"
DELETE_CANISTER = "delete_canister"
DONE = {INSTALL: "Installed", REINSTALL: "Reinstalled", UPGRADE: "Upgraded"}

# What a canister is to be made with, beside the settings of its record.
Settings = dict[str, object]


class Installed(NamedTuple):
    """What an installation did: the mode it came to, and whether the code was there already."""

    mode: str
    unchanged: bool
    backup: str | None


class Created(NamedTuple):
    """What became of a canister to be created: its id, and whether it was made now."""

    id: str
    is_new: bool


def create(
    host: Host,
    canister: Canister,
    caller: Principal,
    settings: Settings | None = None,
    specified: Principal | None = None,
) -> Created:
    """Make a canister without code, unless it is there; the caller becomes its controller.

    On a fresh network it gets its own id, after a deletion the network's next one. `settings` are
    fields of its record. Raises `OriginStampError` for the anonymous principal.
    """
    with host.store.write() as state:
        kept = state.table(CANISTER).get(doc_id=canister.NUMBER)
        if kept is None:  # it answered all the while, so only who controls it may take it over
            record = _admitted(state, canister, caller, "create_canister").record
        else:
            record = read_canister(state, canister.NUMBER)
            if record["exists"]:
                return Created(record["id"], is_new=False)
        refuse_nobody(caller)
        if specified or kept:
            record["id"] = specified.text if specified else next_id(state)
        record.update({"exists": True, "installed": False, "controllers": [caller.text]})
        record.update(settings or {})
        write_canister(state, canister.NUMBER, record)
        return Created(record["id"], is_new=True)


def next_id(state: State) -> str:
    """Return the id that the network gives next, and count it."""
    network = read_network(state)
    network["canisters"] += 1
    write_network(state, network)
    return id_of(network["canisters"] - 1).text


def new_id(host: Host) -> str:
    """Return an id for a canister that has a name in a project but no code here."""
    with host.store.write() as state:
        return next_id(state)


def network_id(host: Host, *, make: bool = False) -> str:
    """Return what tells this network from the one after a `start --clean`.

    It is empty until somebody had to have it; `make` draws one.
    """
    with host.store.read() as state:
        known = str(read_network(state)["id"])
    if known or not make:
        return known
    with host.store.write() as state:
        network = read_network(state)
        network["id"] = network["id"] or host.random_bytes(16).hex()
        write_network(state, network)
        return str(network["id"])


def install(
    host: Host, canister: Canister, caller: Principal, mode: str, policy: str | None = None
) -> Installed:
    """Give a canister its code; a `policy` replaces the one in force.

    Raises `NotController`, and `ManagementRejected` for a mode that does not fit what is there.
    """
    with host.store.write() as state:
        managed = _admitted(state, canister, caller, INSTALL_CODE)
        record = managed.record
        if mode == INSTALL and state.table(CANISTER).get(doc_id=canister.NUMBER) is None:
            record["installed"] = False  # of a fresh network nobody has installed anything yet
        mode = _fitting(managed, mode)
        digest = module_hash(canister)
        unchanged = mode == UPGRADE and record.get("module_hash", digest) == digest
        backup = _wipe(host, managed) if mode == REINSTALL else None
        record.update({"installed": True, "module_hash": digest})
        if policy:
            record["policy"] = policy
        write_canister(state, canister.NUMBER, record)
    _move_beside(host, backup, PHOTOS)
    return Installed(mode, unchanged, backup)


def _fitting(managed: Managed, mode: str) -> str:
    """Return the mode that `auto` means; raises `ManagementRejected` where the mode cannot be."""
    there, text = managed.record["installed"], managed.id.text
    if mode == AUTO:
        return UPGRADE if there else INSTALL
    if mode == INSTALL and there:
        why = (
            f"Canister {text} cannot be installed because the canister is not empty. "
            "Try installing with mode='reinstall' instead."
        )
        raise ManagementRejected(why, method=INSTALL_CODE, canister=managed.id, error_code="IC0514")
    if mode == UPGRADE and not there:
        why = (
            f"Error from Canister {text}: Attempted to execute a message on canister "
            f"{text}, but the canister contains no Wasm module"
        )
        raise ManagementRejected(why, method=INSTALL_CODE, canister=managed.id, error_code="IC0537")
    return mode


def deploy(host: Host, caller: Principal, policy: str | None, canister: Canister) -> bool:
    """Make a canister and give it its code, and return whether that was for the first time.

    A `policy` replaces the one in force. Raises `NotController`.
    """
    created = create(host, canister, caller)
    install(host, canister, caller, AUTO, policy)
    return created.is_new


def delete(host: Host, canister: Canister, caller: Principal, *, stop: bool) -> str | None:
    """Delete a canister with all that it remembers; return the backup that stays of that.

    Its id never answers again. `stop` has it stopped first, else one that runs is not deleted.
    Raises `NotController` and `ManagementRejected`.
    """
    with host.store.write() as state:
        managed = _admitted(state, canister, caller, DELETE_CANISTER)
        record = managed.record
        if record["status"] == RUNNING and not stop:
            raise ManagementRejected(
                f"Canister {managed.id.text} must be stopped before it is deleted.",
                method=DELETE_CANISTER,
                canister=managed.id,
                error_code="IC0510",
            )
        backup = _wipe(host, managed)
        last_time = {"last_time": record["last_time"]} if "last_time" in record else {}
        state.table(CANISTER).remove(doc_ids=[canister.NUMBER])
        write_canister(state, canister.NUMBER, _gone() | last_time)
    logs.drop(host, canister.NUMBER)
    _move_beside(host, backup, PHOTOS, SNAPSHOTS)
    return backup


def is_running(host: Host, canister: Canister) -> bool:
    """Tell whether a canister was not stopped."""
    with host.store.read() as state:
        return bool(read_canister(state, canister.NUMBER)["status"] == RUNNING)


def _gone() -> Document:
    """Return the record of a canister that was deleted; the rest is as of a new one."""
    return {"exists": False, "installed": False, "controllers": [], "status": RUNNING}


def _wipe(host: Host, managed: Managed) -> str | None:
    """Have a canister forget everything; return the backup made before, None where it has none."""
    backup = Backups(host.store).copy(host.clock()) if managed.is_owner else None
    managed.forget_everything()
    return backup


def _move_beside(host: Host, backup: str | None, *endings: str) -> None:
    if backup is not None:
        Backups(host.store).move_beside(backup, endings)


def _admitted(state: State, canister: Canister, caller: Principal, method: str) -> Managed:
    """Return a canister for one of its controllers; the first who asks is, where nobody is yet.

    Only its own record is to be kept: of the state's owner, having none tells that it is new.
    Raises `NotController`, and `OriginStampError` where the first is the anonymous principal.
    """
    managed = Managed(state, canister)
    managed.adopt(caller)
    if not managed.record["controllers"]:
        refuse_nobody(caller)
    managed.admit(caller, method)
    return managed


def refuse_nobody(caller: Principal) -> None:
    """Raise `OriginStampError` where nobody in particular would become a controller."""
    if caller == ANONYMOUS:
        raise OriginStampError(
            "The anonymous principal cannot be the first controller.",
            fix="Act as somebody: leave out --identity anonymous.",
        )


def flaws(canister: Canister) -> list[str]:
    """Return where a canister's interface and its functions differ, a sentence for each."""
    methods = canister.interface().methods
    found = []
    for name, signature in methods.items():
        function = canister.find_method(name)
        if function is None:
            found.append(f"The method {name} has no function.")
        elif function.is_query != (signature.mode != "update"):
            kind = "a query" if function.is_query else "an update"
            found.append(f"The method {name} is {signature.mode}, but its function {kind}.")
    rooms: dict[str, tuple[str, ...]] = getattr(canister, "ROOMS", {})
    named = [name for names in rooms.values() for name in names]
    return found + [f"The function {name} has no method." for name in named if name not in methods]


def set_running(host: Host, *, running: bool) -> bool:
    """Start or stop the network, and return whether that changed anything."""
    with host.store.read() as state:
        if read_network(state)["running"] == running:
            return False
    with host.store.write() as state:
        write_network(state, read_network(state) | {"running": running})
    return True


def set_aside(host: Host) -> str | None:
    """Leave an empty state, and return the dated backup of what was there; None for nothing."""
    return Backups(host.store).set_aside(host.clock())


def backups(host: Host) -> list[Backup]:
    """Return the backups of the state, the newest first."""
    return Backups(host.store).listed()


def restore(host: Host, backup: Backup) -> str | None:
    """Put a backup in the place of the state; return the backup that this becomes.

    Raises `StateError` for a backup that cannot be read; then nothing was changed.
    """
    kept = Store(backup.path, TABLES)
    if kept.version() == kept.schema_version:  # else it is brought up to date when it is used
        with kept.read() as state:
            for name in CANISTERS.values():
                read_canister(state, name.NUMBER)
    return Backups(host.store).restore(backup, host.clock())
