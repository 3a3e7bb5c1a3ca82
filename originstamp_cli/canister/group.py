"""Calls one after the other, each all or nothing, that are made to last together.

To make a call last the disk has to be waited for, which takes longer than the call; of a group it
is waited for once.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from os.path import exists
from types import TracebackType
from typing import Self

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import logs
from originstamp_cli.canister.lifecycle import Known
from originstamp_cli.canister.runtime import Ahead, Call, Canister, Host, Method, Stale, perform
from originstamp_cli.store import State
from originstamp_cli.store.log_file import Entry


class _Undone(Exception):
    """Ends a transaction without keeping what it wrote."""


class Group:
    """An open transaction that calls run in; left by an exception, what it holds is undone.

    `lasted` is called after each transaction that is kept, when nothing is locked any more. A
    `whole` group is one transaction from its first update on; any other may be several: a call
    with slow work ahead of it begins a new one, and whoever runs it may `end` it at any time.
    `waiting` is held while others are waited for.
    """

    def __init__(
        self,
        host: Host,
        *,
        whole: bool = False,
        lasted: Callable[[], object] = lambda: None,
        waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._host = host
        self._waiting = waiting
        self._whole = whole
        self._lasted = lasted
        self._writing = False
        self._transaction: AbstractContextManager[State] | None = None
        self._state: State | None = None
        self._notes: list[Entry] = []
        self._known = Known()  # of the transaction that is open

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if kind is None:
            self.end()
        else:
            self.abandon()

    @property
    def has_written(self) -> bool:
        """Whether there is anything that does not last yet."""
        return self._state is not None and self._state.changed

    def run(
        self,
        canister: Canister,
        method: Method,
        caller: Principal,
        arguments: list[object],
        *,
        as_query: bool,
    ) -> object:
        """Return what `runtime.run` does, in the group's transaction; raises what that raises."""
        ahead = Ahead(self._host, canister, caller, as_query=as_query)
        while True:
            prepared = self._prepared(ahead, method, arguments)
            state = self._opened(writing=method.writes)
            call = Call(ahead, state, self._known)
            call.prepared = prepared
            try:
                if not method.writes:
                    return perform(call, method, arguments, as_query=as_query)
                with state.savepoint():
                    return perform(call, method, arguments, as_query=as_query)
            except Stale:
                continue

    def note(self, number: int, *, method: str, caller: Principal, outcome: str) -> None:
        """Have it written down what came of an update, once it lasts."""
        if self.has_written or exists(self._host.store.path):
            entry = logs.noted(self._host, number, method=method, caller=caller, outcome=outcome)
            self._notes.append(entry)

    def end(self) -> None:
        """Make everything that ran last, or raise `StateError` with nothing of it kept."""
        transaction, notes = self._closed()
        if transaction is not None:
            transaction.__exit__(None, None, None)
        if notes:
            logs.keep(self._host, notes)
        self._lasted()

    def abandon(self) -> None:
        """Undo everything that ran since the last transaction that was kept."""
        transaction, notes = self._closed()
        if transaction is not None:
            undone = _Undone()
            transaction.__exit__(_Undone, undone, undone.__traceback__)
        if notes and exists(self._host.store.path):
            logs.keep(self._host, [_undone(note) for note in notes])

    def _closed(self) -> tuple[AbstractContextManager[State] | None, list[Entry]]:
        """Return the transaction and the notes of it, which the group has no longer."""
        transaction, self._transaction, self._state = self._transaction, None, None
        notes, self._notes = self._notes, []
        self._known = Known()
        return transaction, notes

    def _prepared(self, ahead: Ahead, method: Method, arguments: list[object]) -> object:
        """Return what a method's slow work gives, done while nothing is locked where that can be.

        It sees what ran before it: that lasts by then, or is in the transaction it looks at.
        """
        if method.before is None:
            return None
        if self._whole:
            ahead.state = self._opened(writing=method.writes)
        else:
            self.end()
        return method.before(ahead, *arguments)

    def _opened(self, *, writing: bool) -> State:
        """Return the state of a transaction that may write, where that is asked for."""
        if self._state is not None and (self._writing or not writing):
            return self._state
        self.end()  # of what was only read nothing has to last
        store = self._host.store
        transaction = store.write() if writing else store.read()
        with self._waiting():
            self._state = transaction.__enter__()
        self._transaction, self._writing = transaction, writing
        return self._state


def _undone(entry: Entry) -> Entry:
    number, time, message = entry
    return number, time, f"{message} (undone with its batch)"
