"""How a method runs: what it is given, what it may answer, and one call that is all or nothing.

A method is a plain function marked `@query` or `@update` whose first argument is a `Call`. `Err` is
an answer and keeps what the method wrote before it; `Trapped` is an exception and undoes all of it,
as on the Internet Computer.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from sys import modules
from typing import Any, Protocol, cast

from originstamp_cli.candid import Service
from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.lifecycle import (
    HARDENED,
    OWNER_NUMBER,
    RUNNING,
    Known,
    is_near_a_limit,
    read_network,
)
from originstamp_cli.canister.records import Document
from originstamp_cli.store import State, Store
from originstamp_cli.store.vault import Vault


class Trapped(Exception):
    """The method stopped half-way; everything that it changed is undone."""


class Rejected(Exception):
    """The canister did not take the call; `why` completes "Canister <id>".

    `by_its_code` says that the canister's own code looked at the call and would not have it.
    """

    def __init__(self, why: str, error_code: str, *, by_its_code: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.error_code = error_code
        self.by_its_code = by_its_code


class OutOfMemory(Trapped):
    """The method's changes do not fit into the canister's memory; they are undone.

    `reason` completes "Error from Canister <id>: ".
    """

    def __init__(self, why: str, *, reason: str, error_code: str) -> None:
        super().__init__(why)
        self.reason = reason
        self.error_code = error_code


class Stale(Exception):
    """What was prepared before the transaction no longer holds; prepare again."""


def ok(value: object = None) -> Tag:
    """Return the answer `Ok` with `value`."""
    return Tag("Ok", value)


def err(why: str) -> Tag:
    """Return the answer `Err` with the reason."""
    return Tag("Err", why)


class Reject:
    """An answer that is no reply: the method rejects the call, and what it wrote stays."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message


class Host:
    """What the canister runs on: its state, a clock (ns since 1970), randomness and its secrets.

    `clock` is the machine's, for what others compare with theirs; `time` is the network's. `at` is
    the time of everything that is done here, where somebody asked for one. `newest` is the time of
    the newest record, as the last call found it.
    """

    __slots__ = ("at", "clock", "emulated", "newest", "random_bytes", "store", "vault")

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        vault: Vault,
        *,
        at: int | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.random_bytes = random_bytes
        self.vault = vault
        self.at = at
        self.emulated: Document | None = None
        self.newest = 0

    def time(self) -> int:
        """Return the network's time, by the clock that was last seen to be set."""
        if self.at is not None:
            return self.at
        if self.emulated is None:
            return self.clock()
        return int(self.emulated.get("at") or self.clock() + self.emulated["ahead"])

    def time_in(self, state: State) -> int:
        """Return the network's time, by the clock that is set in an open state."""
        self.emulated = read_network(state)["clock"]
        return self.time()


class Call:
    """One call as its method sees it: who calls, when, on what state.

    `settings` is the record of the state's owner (policy, controllers, status, kept counters); a
    method may change it, and it is saved with the call. `own` is that of the canister called, which
    mostly is the same. `prepared` is what the method's `before` returned.
    """

    __slots__ = ("caller", "host", "known", "now", "own", "prepared", "settings", "state")

    def __init__(self, ahead: "Ahead", state: State, known: Known) -> None:
        host = self.host = ahead.host
        self.caller = ahead.caller
        self.state = state
        self.known = known
        self.settings = known.canister(state, OWNER_NUMBER)
        number = ahead.canister.NUMBER
        self.own = self.settings if number == OWNER_NUMBER else known.canister(state, number)
        host.newest = self.settings["last_time"]
        host.emulated = known.network(state)["clock"]
        self.now = max(host.time(), host.newest)
        self.prepared: object = None

    @property
    def canister_id(self) -> Principal:
        """The id of the canister called."""
        return Principal.from_text(self.own["id"])

    @property
    def hardened(self) -> bool:
        """Whether the canister guards who may act and what is accepted."""
        return bool(self.settings["policy"] == HARDENED)

    @property
    def anonymous(self) -> bool:
        """Whether nobody in particular is calling."""
        return self.caller == ANONYMOUS


class Method(Protocol):
    """A function marked `@query` or `@update`; `before` does its slow work, where it has any."""

    __name__: str
    is_query: bool
    writes: bool
    before: Callable[..., object] | None

    def __call__(self, call: Call, /, *arguments: Any) -> object:  # noqa: ANN401 - as declared
        """Answer a call."""


def find_in(rooms: dict[str, tuple[str, ...]], name: str) -> Method | None:
    """Return the method that one of a canister's rooms names, or None; no other room is loaded."""
    for room, names in rooms.items():
        if name in names:
            module = f"originstamp_cli.canister.{room}"
            found: Method = getattr(modules.get(module) or import_module(module), name)
            return found
    return None


class Canister(Protocol):
    """What runs under a name: its number on the network, its interface and its methods."""

    NAME: str
    NUMBER: int

    def find_method(self, name: str, /) -> Method | None:
        """Return the function that answers a method, or None."""

    def interface(self) -> Service:
        """Return the interface that is served."""

    def did(self) -> str:
        """Return the interface's text, which is the `candid:service` metadata."""


class Ahead:
    """What a method's `before` is given: the caller, and the state for as long as it looks.

    Slow work (password hashing, signing, the network) is done there, while nothing is locked. Only
    where several calls are one transaction is that open already: then it is the `state` seen.
    """

    __slots__ = ("as_query", "caller", "canister", "host", "state")

    def __init__(
        self,
        host: Host,
        canister: Canister,
        caller: Principal,
        *,
        as_query: bool = False,
        state: State | None = None,
    ) -> None:
        self.host = host
        self.canister = canister
        self.caller = caller
        self.as_query = as_query
        self.state = state

    @contextmanager
    def peek(self, *, adopting: bool = True) -> Iterator[Call]:
        """Give the call as it would begin now, on a state that can only be read.

        Raises `Rejected` where the canister takes no calls: no work is done for one.
        """
        with self._seen() as state:
            call = Call(self, state, Known())
            _check_answering(call.own, as_query=self.as_query)
            if adopting:
                _adopt(call)
            yield call

    def _seen(self) -> AbstractContextManager[State]:
        return self.host.store.read() if self.state is None else nullcontext(self.state)


def query(function: Callable[..., object]) -> Method:
    """Mark a method that only reads."""
    return _marked(function, is_query=True, writes=False)


def update(function: Callable[..., object]) -> Method:
    """Mark a method that may change the state."""
    return _marked(function, is_query=False, writes=True)


def update_that_keeps_nothing(function: Callable[..., object]) -> Method:
    """Mark an update method that changes nothing, and so need not wait for its turn to write."""
    return _marked(function, is_query=False, writes=False)


def _marked(function: Callable[..., object], *, is_query: bool, writes: bool) -> Method:
    method = cast("Method", function)
    method.is_query = is_query
    method.writes = writes
    method.before = None
    return method


def prepared_by(before: Callable[..., object]) -> Callable[[Method], Method]:
    """Have `before(ahead, *arguments)` do a method's slow work before the state is locked."""

    def attach(method: Method) -> Method:
        method.before = before
        return method

    return attach


def run(  # noqa: PLR0913 - the parts of a call
    host: Host,
    canister: Canister,
    method: Method,
    caller: Principal,
    arguments: list[object],
    *,
    as_query: bool | None = None,
) -> object:
    """Return what `method` answers to `caller`; the state changes wholly or not at all.

    `as_query` says how it is called, where that is not by its own kind. Raises `Rejected` when the
    canister takes no calls, `Trapped` when the method stops half-way (`OutOfMemory` when its
    changes do not fit), `StateError` when the state cannot be used.
    """
    ahead = Ahead(
        host, canister, caller, as_query=method.is_query if as_query is None else as_query
    )
    while True:
        prepared = method.before(ahead, *arguments) if method.before else None
        opened = host.store.write if method.writes else host.store.read
        try:
            with opened() as state:
                call = Call(ahead, state, Known())
                call.prepared = prepared
                return perform(call, method, arguments, as_query=ahead.as_query)
        except Stale:
            continue


def perform(call: Call, method: Method, arguments: list[object], *, as_query: bool) -> object:
    """Return what a method answers in a transaction; raises what `run` does, and `Stale`."""
    _check_answering(call.own, as_query=as_query)
    return _changed(call, method, arguments) if method.writes else method(call, *arguments)


def _changed(call: Call, method: Method, arguments: list[object]) -> object:
    """Return what an update answers, with the record of the state's owner kept where it changed."""
    _adopt(call)
    before = dict(call.settings)
    answer = _within_memory(call, method, arguments)
    if call.state.changed or call.settings != before:
        call.settings["last_time"] = call.now
        call.known.keep_owner(call.state, call.settings)
    return answer


def _within_memory(call: Call, method: Method, arguments: list[object]) -> object:
    """Return an answer, or raise `OutOfMemory` for one too many; sizes are summed near a limit."""
    reached = call.known.size(call.host.store) + call.state.written
    if not is_near_a_limit(call.settings, reached):
        return method(call, *arguments)
    from originstamp_cli.canister import memory

    before = memory.used(call.state)
    answer = method(call, *arguments)
    memory.check(call.state, call.settings, before)
    return answer


def _check_answering(canister: Document, *, as_query: bool) -> None:
    """Raise `Rejected` where the canister takes no calls (interface specification, error codes)."""
    if not canister["exists"]:
        raise Rejected("not found", "IC0301")
    if canister["status"] != RUNNING:
        state = canister["status"]
        context = " and therefore does not have a CallContextManager" if as_query else ""
        raise Rejected(f"is {state}{context}", "IC0508")
    if not canister["installed"]:
        raise Rejected("contains no Wasm module", "IC0537")


def _adopt(call: Call) -> None:
    """Make the first caller of an update, who must be somebody, the first controller."""
    if not call.settings["controllers"] and not call.anonymous:
        call.settings["controllers"] = [call.caller.text]
