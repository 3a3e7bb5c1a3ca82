"""A state filled with invented records, to try things out at size.

Tokens go through the ledger core as any others, log included. All is one transaction: it is there
or it is not, and no page of the file is written twice for it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import cycle
from typing import Any, Protocol

from originstamp_cli.canister.inventing import (
    STEP,
    Amounts,
    Inventor,
    Packed,
    packed_mints,
    unpacked,
)
from originstamp_cli.canister.ledger import blocks, core
from originstamp_cli.canister.ledger.core import Mint
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister, write_canister
from originstamp_cli.canister.records import SESSIONS, TOKENS, USERS, Document, exists
from originstamp_cli.canister.runtime import Host
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.store import State, TableSpec

# When a fresh state begins, in nanoseconds since 1970.
_BEGINNING = 1_600_000_000_000_000_000
_AT_ONCE = 500  # records that are added together
WORTH_A_PROCESS = 10_000  # tokens: to start one takes as long as a thousand of them
_PROCESSES = 2  # what one makes takes longer than to write it

Watch = Callable[[str, int], object]  # told what is made, and how many records are done


class WorkingAhead(Protocol):
    """Has another process do work, while this one goes on."""

    def __call__(
        self, work: Callable[..., Iterable[object]], /, *arguments: object
    ) -> AbstractContextManager[Iterator[Any]]:
        """Give what `work(*arguments)` yields, which can be sent from process to process."""


def amounts(state: State) -> Amounts:
    """Return what a state holds, from kept counts."""
    return Amounts(*(len(state.table(table)) for table in (USERS, SESSIONS, TOKENS)))


class Seeding:
    """Fills a state with so many records."""

    def __init__(
        self,
        host: Host,
        wanted: Amounts,
        *,
        seed: int,
        adding: bool,
        ahead: WorkingAhead | None = None,
    ) -> None:
        """Raise `UsageError` where there is nothing that could be made.

        Where there are many tokens, what can be made `ahead` is.
        """
        if not any(wanted):
            raise UsageError(
                "There is nothing to seed.", fix="Give --tokens, --sessions or --users."
            )
        if wanted.tokens and not wanted.sessions:
            raise UsageError("Tokens are minted from sessions.", fix="Give --sessions 1 or more.")
        if wanted.sessions and not wanted.users:
            raise UsageError("Sessions are opened by users.", fix="Give --users 1 or more.")
        self._host = host
        self._wanted = wanted
        self._seed = seed
        self._adding = adding
        self._ahead = ahead if wanted.tokens >= WORTH_A_PROCESS else None

    def run(self, watch: Watch) -> None:
        """Make everything or nothing; raises `Refused` and other kinds of `OriginStampError`."""
        with self._host.store.write() as state:
            base = amounts(state)
            cap = core.read_collection(state)["max_supply"]
            _check(self._wanted, base, cap, adding=self._adding)
            settings = read_canister(state, OWNER_NUMBER)
            begins = max(_BEGINNING, settings["last_time"]) + STEP
            with self._mints(state, base, begins) as mints:  # begun while people are added
                photos = self._add_people(state, base, begins, watch)
                self._add_tokens(state, mints, watch)
            newest = begins + (sum(self._wanted) - 1) * STEP
            record = settings | {"last_time": newest, "photos": settings["photos"] + photos}
            write_canister(state, OWNER_NUMBER, record)

    @contextmanager
    def _mints(self, state: State, base: Amounts, begins: int) -> Iterator[Iterator[list[Mint]]]:
        """Give the mints in their order."""
        users, sessions, tokens = self._wanted
        ids = core.next_ids(state, blocks.read_ledger(state), tokens)
        begins += (users + sessions) * STEP
        if self._ahead is None:
            yield Inventor(self._seed, base, self._wanted).mints(ids, begins)
            return
        what = ((self._seed, tuple(base), tuple(self._wanted)), list(ids), begins)
        with ExitStack() as processes:
            parts = [
                processes.enter_context(self._ahead(packed_mints, *what, (turn, _PROCESSES)))
                for turn in range(_PROCESSES)
            ]
            yield map(unpacked, _in_turn(parts))

    def _add_people(self, state: State, base: Amounts, begins: int, watch: Watch) -> int:
        """Add the users and their sessions, and return how many photos came with them."""
        inventor = Inventor(self._seed, base, self._wanted)
        users, sessions, _ = self._wanted
        for some in _stretches(users):
            watch("users", some.start)
            made = [inventor.user(number, begins + number * STEP) for number in some]
            _insert_once(state, USERS, "username", made, looking=any(base))
        photos, begins = 0, begins + users * STEP
        for some in _stretches(sessions):
            watch("sessions", users + some.start)
            made = [inventor.opened_session(number, begins + number * STEP) for number in some]
            _insert_once(state, SESSIONS, "session_id", made, looking=any(base))
            photos += sum(len(session["uploaded_photos"]) for session in made)
        return photos

    def _add_tokens(self, state: State, mints: Iterator[list[Mint]], watch: Watch) -> None:
        done = self._wanted.users + self._wanted.sessions
        for some in mints:
            watch("tokens", done)
            ledger = blocks.read_ledger(state) | {"last_id": some[-1].token["id"]}
            core.mint_all(state, some, ledger)
            done += len(some)


def _in_turn(parts: list[Iterator[Packed]]) -> Iterator[Packed]:
    """Yield what each part has next, in turn, until one has no more."""
    for part in cycle(parts):
        following = next(part, None)
        if following is None:
            return
        yield following


def _check(wanted: Amounts, base: Amounts, cap: int | None, *, adding: bool) -> None:
    if any(base) and not adding:
        raise Refused(
            f"The state holds {base} already.",
            fix="Add to them with --add, or name another file with --state.",
        )
    if cap is not None and base.tokens + wanted.tokens > cap:
        raise Refused(
            f"The collection may have {cap:,} tokens, and {base.tokens:,} are there.",
            fix="Seed fewer, or raise the limit with originstamp set-collection.",
        )


def _stretches(count: int) -> Iterator[range]:
    for first in range(0, count, _AT_ONCE):
        yield range(first, min(first + _AT_ONCE, count))


def _insert_once(
    state: State, table: TableSpec, field: str, records: list[Document], *, looking: bool
) -> None:
    """Add records; raises `Refused` where somebody took a name, which is looked for."""
    for record in records if looking else ():
        if exists(state, table, field, record[field]):
            raise Refused(
                f"The state has {record[field]!r} among its {table.name} already.",
                fix="Seed another file, named with --state.",
            )
    state.table(table).insert_multiple(records)
