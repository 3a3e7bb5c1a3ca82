"""What a controller does to a canister itself: see how it is, start, stop, deploy and empty it."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from originstamp_cli import __version__
from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.canister import logs, memory
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.lifecycle import (
    OWNER_NUMBER,
    RUNNING,
    STOPPED,
    read_canister,
    write_canister,
)
from originstamp_cli.canister.records import CANISTER, NETWORK, TABLES, Document
from originstamp_cli.canister.runtime import Canister, Host
from originstamp_cli.errors import OriginStampError, rejection
from originstamp_cli.store import State

INSTALL_CODE = "install_code"  # the one method whose failures dfx tells in words of their own


class ManagementRejected(OriginStampError):
    """The network refused to manage a canister; `method` is that of the management canister."""

    def __init__(
        self,
        reason: str,
        *,
        method: str,
        canister: Principal,
        error_code: str,
        kind: str = "update",
    ) -> None:
        super().__init__(f"{reason.rstrip('.')}.")
        self._impersonated = f"Failed to submit management canister call: {reason} ({error_code})"
        calling = "query call" if kind == "query" else "call update"  # dfx's own order of words
        attempt: tuple[str, ...] = (
            f"Failed to {calling} function '{method}' regarding canister '{canister.text}'.",
            f"{kind.capitalize()} call (without wallet) failed.",
        )
        if method == INSTALL_CODE:
            attempt = ("Failed during wasm installation call",)
        self._chain = (*attempt, rejection(reason, error_code))

    def within(self, *contexts: str, impersonated: bool = False) -> OriginStampError:
        """Return the failure as dfx tells it: what was attempted, then down to the reason."""
        return self._chained(contexts, impersonated=impersonated)

    def _chained(self, contexts: tuple[str, ...], *, impersonated: bool) -> OriginStampError:
        chain = (*contexts, *((self._impersonated,) if impersonated else self._chain))
        return OriginStampError(chain[0], causes=chain[1:], plainly=self.message)


class NotController(ManagementRejected):
    """Somebody else than a controller tried to manage the canister."""

    def __init__(self, caller: Principal, canister: Principal, method: str) -> None:
        super().__init__(
            f"Only controllers of canister {canister.text} can call ic00 method {method}",
            method=method,
            canister=canister,
            error_code="IC0512",
        )
        self.message = self.plainly = (
            "Each canister has a set of controllers. Only those controllers have access to the "
            "canister's management functions (like install_code or stop_canister).\n"
            "The principal you are using to call a management function is not part of the "
            f"controllers.\nThe principal is {caller.text}, and the function is {method} of "
            f"canister {canister.text}."
        )
        self.fix = (
            "Ask a controller to add you with 'dfx canister update-settings --add-controller "
            "<controller principal to add> <canister id/name or --all> (--network ic)', or "
            "act as a controller with --identity."
        )

    def within(self, *contexts: str, impersonated: bool = False) -> OriginStampError:
        """Return the failure as dfx tells it: the diagnosis, after the chain if asked for more."""
        chained = self._chained(contexts, impersonated=impersonated)
        if impersonated:
            return chained
        self.undiagnosed = "\n".join((chained.message, *chained.causes))
        return self


class Managed:
    """A canister that is being managed: its record, which may be changed, in an open state.

    `owner` is the record of the state's owner, the same one where that is managed.
    """

    __slots__ = ("canister", "id", "owner", "record", "state")

    def __init__(self, state: State, canister: Canister) -> None:
        self.state = state
        self.canister = canister
        self.owner = read_canister(state, OWNER_NUMBER)
        is_owner = canister.NUMBER == OWNER_NUMBER
        self.record = self.owner if is_owner else read_canister(state, canister.NUMBER)
        self.id = Principal.from_text(self.record["id"])

    @property
    def is_owner(self) -> bool:
        """Whether the state is this canister's own."""
        return self.record is self.owner

    @property
    def memory_size(self) -> int:
        """The bytes of the canister's own records."""
        return memory.used(self.state) if self.is_owner else 0

    def adopt(self, caller: Principal) -> None:
        """Where nobody controls it, have the state's controllers do, and first of all the caller.

        A canister is controlled by whoever made it; a fresh state counts as made by who comes.
        """
        somebody = [] if caller == ANONYMOUS else [caller.text]
        self.owner["controllers"] = self.owner["controllers"] or somebody
        self.record["controllers"] = self.record["controllers"] or [*self.owner["controllers"]]

    def admit(self, caller: Principal, method: str) -> None:
        """Adopt, then raise `NotController` for a caller who does not control the canister."""
        self.adopt(caller)
        if caller.text not in self.record["controllers"]:
            raise NotController(caller, self.id, method)

    def forget_everything(self) -> None:
        """Where the state is its own, empty every table but the network's; counters begin anew."""
        if not self.is_owner:
            return
        for table in TABLES:
            if table not in {CANISTER, NETWORK}:
                self.state.table(table).truncate()
        self.record["photos"] = 0

    def save(self) -> None:
        """Keep the changed records."""
        write_canister(self.state, OWNER_NUMBER, self.owner)
        if not self.is_owner:
            write_canister(self.state, self.canister.NUMBER, self.record)


@contextmanager
def managing(host: Host, caller: Principal, canister: Principal, method: str) -> Iterator[Managed]:
    """Give a canister to a controller to change; raises `NotController`, `ManagementRejected`."""
    with host.store.write() as state:
        managed = admitted(state, caller, canister, method)
        yield managed
        managed.save()


@contextmanager
def inspecting(
    host: Host, caller: Principal, canister: Principal, method: str
) -> Iterator[Managed]:
    """Give a canister to a controller to look at; raises as `managing`."""
    with host.store.read() as state:
        yield admitted(state, caller, canister, method)


def admitted(state: State, caller: Principal, canister: Principal, method: str) -> Managed:
    """Return a canister for one of its controllers; raises as `managing`."""
    managed = find(state, canister)
    if managed is None:
        raise not_found(canister, method)
    managed.admit(caller, method)
    return managed


def find(state: State, canister: Principal) -> Managed | None:
    """Return the canister that has an id, or None."""
    for each in CANISTERS.values():
        managed = Managed(state, each)
        if managed.record["exists"] and managed.id == canister:
            return managed
    return None


def not_found(canister: Principal, method: str, kind: str = "update") -> ManagementRejected:
    """Return the refusal for an id that no canister has."""
    return ManagementRejected(
        f"Canister {canister.text} not found",
        method=method,
        canister=canister,
        error_code="IC0301",
        kind=kind,
    )


def status(host: Host, caller: Principal, canister: Principal) -> Document:
    """Return the record of a canister with its `memory_size` and `module_hash` (None if empty)."""
    with inspecting(host, caller, canister, "canister_status") as managed:
        return {
            **managed.record,
            "memory_size": managed.memory_size,
            "module_hash": _hash_of(managed),
        }


def info(host: Host, caller: Principal, canister: Principal) -> Document | None:
    """Return a canister's `controllers` and `module_hash`, which anyone may know; None if none."""
    with host.store.read() as state:
        managed = find(state, canister)
        if managed is None:
            return None
        managed.adopt(caller)
        return {
            "controllers": managed.record["controllers"],
            "module_hash": _hash_of(managed),
        }


def metadata(host: Host, canister: Principal, name: str) -> str | None:
    """Return a canister's public metadata, such as `candid:service`; None where there is none."""
    with host.store.read() as state:
        managed = find(state, canister)
        if managed is None or not managed.record["installed"]:
            return None
        return managed.canister.did() if name == "candid:service" else None


def start(host: Host, caller: Principal, canister: Principal) -> None:
    """Have a canister take calls; raises `NotController`, `ManagementRejected`."""
    with managing(host, caller, canister, "start_canister") as managed:
        managed.record["status"] = RUNNING


def stop(host: Host, caller: Principal, canister: Principal) -> None:
    """Have a canister take no more calls; raises as `start`."""
    with managing(host, caller, canister, "stop_canister") as managed:
        managed.record["status"] = STOPPED


def uninstall(host: Host, caller: Principal, canister: Principal) -> None:
    """Remove a canister's code and all that it remembers; raises as `start`.

    What the network keeps of it stays: its id, controllers, settings, policy and status.
    """
    with managing(host, caller, canister, "uninstall_code") as managed:
        managed.record["installed"] = False
        managed.forget_everything()
    logs.drop(host, managed.canister.NUMBER)


def _hash_of(managed: Managed) -> str | None:
    return module_hash(managed.canister) if managed.record["installed"] else None


def module_hash(canister: Canister) -> str:
    """Return the hash that stands for a canister's code: of its version and interface, in hex."""
    return sha256(f"{__version__}\n{canister.did()}".encode()).hexdigest()
