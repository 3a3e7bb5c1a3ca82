"""What makes and unmakes canisters: create, install, delete; and the network that they run on.

The state belongs to `backend`: to reinstall or delete it takes what it remembers, of which a dated
backup stays. Of any other canister only whether it answers changes.
"""

from typing import NamedTuple

from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.canister import logs
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.lifecycle import (
    OWNER_NUMBER,
    RUNNING,
    id_of,
    read_canister,
    read_network,
    write_canister,
    write_network,
)
from originstamp_cli.canister.management import NotController, forget_everything, module_hash
from originstamp_cli.canister.records import CANISTER, TABLES, Document
from originstamp_cli.canister.runtime import Canister, Host
from originstamp_cli.errors import OriginStampError
from originstamp_cli.store import State
from originstamp_cli.store.backups import PHOTOS, SNAPSHOTS, Backups, bytes_beside
from originstamp_cli.store.backups import Backup as Backup  # noqa: PLC0414 - for rooms above

INSTALL, REINSTALL, UPGRADE, AUTO = "install", "reinstall", "upgrade", "auto"
DONE = {INSTALL: "Installed", REINSTALL: "Reinstalled", UPGRADE: "Upgraded"}

# What a canister is to be made with, beside the settings of its record.
Settings = dict[str, object]


class NotAllowed(OriginStampError):
    """The network does not do what a controller asked for; the reason is the Internet Computer's.

    `method` is that of the management canister; `reason` and `error_code` are what it says.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one official chain
        self,
        what: str,
        method: str,
        canister: str,
        reason: str,
        error_code: str,
        code: str = "CanisterError",
    ) -> None:
        sentence = (
            f"The replica returned a rejection error: reject code {code}, "
            f'reject message {reason}, error code Some("{error_code}")'
        )
        steps: tuple[str, ...] = (
            f"Failed to call update function '{method}' regarding canister '{canister}'.",
            "Update call (without wallet) failed.",
        )
        if method == "install_code":
            steps = ("Failed during wasm installation call",)
        super().__init__(
            what,
            causes=(*steps, sentence),
            plainly=f"{what} {reason}",
        )


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
        record = read_canister(state, canister.NUMBER)
        if kept and record["exists"]:
            return Created(record["id"], is_new=False)
        if kept is None:  # it answered all the while, so only who controls it may take it over
            manage(state, canister.NUMBER, record, caller, "create_canister")
        refuse_nobody(caller)
        fresh = _identified(state, record, specified, was_there=kept is not None)
        fresh.update({"exists": True, "installed": False, "controllers": [caller.text]})
        fresh.update(settings or {})
        write_canister(state, canister.NUMBER, fresh)
        return Created(fresh["id"], is_new=True)


def _identified(
    state: State, record: Document, specified: Principal | None, *, was_there: bool
) -> Document:
    if specified is not None:
        return record | {"id": specified.text}
    return record | {"id": next_id(state)} if was_there else record


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

    Raises `NotController`, and `NotAllowed` for a mode that does not fit what is there.
    """
    with host.store.write() as state:
        record = read_canister(state, canister.NUMBER)
        manage(state, canister.NUMBER, record, caller, "install_code")
        if mode == INSTALL and state.table(CANISTER).get(doc_id=canister.NUMBER) is None:
            record["installed"] = False  # of a fresh network nobody has installed anything yet
        mode = _fitting(canister, record, mode)
        digest = module_hash(canister)
        unchanged = mode == UPGRADE and record.get("module_hash", digest) == digest
        backup = _wipe(host, state, canister, record) if mode == REINSTALL else None
        record.update({"installed": True, "module_hash": digest})
        if policy:
            record["policy"] = policy
        write_canister(state, canister.NUMBER, record)
    _move_beside(host, backup, PHOTOS)
    return Installed(mode, unchanged, backup)


def _fitting(canister: Canister, record: Document, mode: str) -> str:
    """Return the mode that `auto` means; raises `NotAllowed` where the mode cannot be."""
    there = record["installed"]
    if mode == AUTO:
        return UPGRADE if there else INSTALL
    what = f"Failed to install wasm module to canister '{canister.NAME}'."
    if mode == INSTALL and there:
        why = (
            f"Canister {record['id']} cannot be installed because the canister is not empty. "
            "Try installing with mode='reinstall' instead."
        )
        raise NotAllowed(what, "install_code", record["id"], why, "IC0514")
    if mode == UPGRADE and not there:
        why = (
            f"Error from Canister {record['id']}: Attempted to execute a message on canister "
            f"{record['id']}, but the canister contains no Wasm module"
        )
        raise NotAllowed(what, "install_code", record["id"], why, "IC0537")
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
    Raises `NotController` and `NotAllowed`.
    """
    with host.store.write() as state:
        record = read_canister(state, canister.NUMBER)
        manage(state, canister.NUMBER, record, caller, "delete_canister")
        if record["status"] == RUNNING and not stop:
            why = f"Canister {record['id']} must be stopped before it is deleted."
            what = f"Failed to delete canister {record['id']}."
            raise NotAllowed(what, "delete_canister", record["id"], why, "IC0510")
        backup = _wipe(host, state, canister, record)
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


def _wipe(host: Host, state: State, canister: Canister, record: Document) -> str | None:
    """Have the owner of the state forget everything, and return the backup made before."""
    if canister.NUMBER != OWNER_NUMBER:
        return None
    backup = Backups(host.store).copy(host.clock())
    forget_everything(state, record)
    return backup


def _move_beside(host: Host, backup: str | None, *endings: str) -> None:
    if backup is not None:
        Backups(host.store).move_beside(backup, endings)


def manage(state: State, number: int, record: Document, caller: Principal, method: str) -> None:
    """Check that the caller controls a canister; the first who asks does, where nobody does yet.

    A canister that nobody has managed yet is controlled by those of the state's owner. Raises
    `NotController`, and `OriginStampError` where the first is the anonymous principal.
    """
    if not record["controllers"] and number != OWNER_NUMBER:
        record["controllers"] = list(read_canister(state, OWNER_NUMBER)["controllers"])
    if not record["controllers"]:
        refuse_nobody(caller)
        record["controllers"] = [caller.text]
    if caller.text not in record["controllers"]:
        raise NotController(caller, Principal.from_text(record["id"]), method)


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


def size_beside(host: Host) -> int:
    """Return the bytes of what stands beside the state: photos, log, snapshots."""
    return bytes_beside(host.store.path)


def restore(host: Host, backup: Backup) -> str | None:
    """Put a backup in the place of the state; return the backup that this becomes.

    Raises `StateError` for a backup that cannot be read; then nothing was changed.
    """
    from originstamp_cli.store import Store

    with Store(backup.path, TABLES).read() as state:
        for name in CANISTERS.values():
            read_canister(state, name.NUMBER)
    return Backups(host.store).restore(backup, host.clock())
