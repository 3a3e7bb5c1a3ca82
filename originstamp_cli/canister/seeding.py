"""Invented users, sessions and tokens, to try things out at size: the same for the same seed.

Tokens go through the ledger core as any others, log included. All is written in parts, each one
transaction, so that an interruption leaves whole parts and a state that verifies.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister, write_canister
from originstamp_cli.canister.records import SESSIONS, TOKENS, USERS, Document
from originstamp_cli.canister.runtime import Host
from originstamp_cli.canister.tokens import minted_metadata
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.store import State, TableSpec, where

PART = 50_000  # records of one transaction

# When a fresh state begins, in nanoseconds since 1970, and how far its records are apart.
_BEGINNING = 1_600_000_000_000_000_000
_STEP = 1_000
# Argon2id of "originstamp", under a salt that is the same each time: it protects nobody.
_PASSWORD_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$b3JpZ2luc3RhbXBzZWVkcw"  # noqa: S105 - as above
    "$KJJ1zeCiD5xM/fvfxpO+6ULSHv0hxQBT6ZbfvpKjx0w"
)
_WORKS = ("Harbour", "Orchard", "Nocturne", "Self-portrait", "Still life", "Winter", "Terrace")
_MEDIA = ("Oil on linen", "Charcoal on paper", "Bronze", "Pigment print on cotton paper")
_SELF_AUTHENTICATING = b"\x02"  # ends the principal of a key (interface specification)
_OFTEN = 1_000  # records between two words to whoever watches

Watch = Callable[[str, int], object]  # told what is made, and how many records are done


class Amounts(NamedTuple):
    """How many of each there are, or are to be."""

    users: int
    sessions: int
    tokens: int

    def __str__(self) -> str:
        return f"{self.users:,} users, {self.sessions:,} sessions and {self.tokens:,} tokens"


def amounts(state: State) -> Amounts:
    """Return what a state holds, from kept counts."""
    return Amounts(*(len(state.table(table)) for table in (USERS, SESSIONS, TOKENS)))


class Inventor:
    """What there is to invent, each by its number; the same for the same seed and base."""

    def __init__(self, seed: int, base: Amounts, wanted: Amounts) -> None:
        self._seed = seed
        self._base = base
        self._wanted = wanted
        self.session = lru_cache(8)(self._session)  # the tokens of one come one after the other
        self.owner = lru_cache(4096)(self._owner)

    def name(self, number: int) -> str:
        """Return a user's name."""
        return f"artist-{self._base.users + number % self._wanted.users + 1:06d}"

    def _owner(self, number: int) -> Principal:
        """Return a user's principal."""
        name = self._base.users + number % self._wanted.users
        return Principal(self._drawn("user", name)[:28] + _SELF_AUTHENTICATING)

    def collector(self, number: int) -> Principal:
        """Return whom a token is minted to."""
        drawn = self._drawn("collector", self._base.tokens + number)
        return self.owner(int.from_bytes(drawn[:8], "big") % self._wanted.users)

    def session_of(self, number: int) -> int:
        """Return the session that a token is minted from."""
        return number * self._wanted.sessions // self._wanted.tokens

    def _session(self, number: int) -> Document:
        """Return a session, as it is kept but for its times."""
        drawn = self._drawn("session", self._base.sessions + number)
        session_id = drawn[:8].hex()
        return {
            "session_id": session_id,
            "username": self.name(number),
            "art_title": f"{_WORKS[drawn[9] % len(_WORKS)]} {drawn[10] + 1}",
            "description": _MEDIA[drawn[11] % len(_MEDIA)],
            "uploaded_photos": [f"https://photos.example/{session_id}.jpg"],
            "status": "completed",
            "principal": self.owner(number).text,
        }

    def _drawn(self, what: str, number: int) -> bytes:
        return sha256(f"{self._seed} {what} {number}".encode()).digest()


class Seeding:
    """Fills a state; what it has kept so far is in `made`."""

    def __init__(self, host: Host, wanted: Amounts, *, seed: int, adding: bool) -> None:
        """Raise `UsageError` or `Refused` where it cannot be done."""
        with host.store.read() as state:
            base = amounts(state)
            cap = core.read_collection(state)["max_supply"]
        _check(wanted, base, cap, adding=adding)
        self.made = Amounts(0, 0, 0)
        self.wanted = wanted
        self._host = host
        self._invented = Inventor(seed, base, wanted)

    def run(self, watch: Watch) -> None:
        """Make everything; raises `StateError`."""
        self._in_parts("users", self.wanted.users, self._add_user, watch)
        self._in_parts("sessions", self.wanted.sessions, self._add_session, watch)
        self._in_parts("tokens", self.wanted.tokens, self._add_token, watch)

    def _in_parts(
        self, what: str, count: int, add: Callable[[State, int, int], int], watch: Watch
    ) -> None:
        before = sum(self.made)
        for start in range(0, count, PART):
            stop = min(start + PART, count)
            with self._host.store.write() as state:
                settings = read_canister(state, OWNER_NUMBER)
                now = max(_BEGINNING, settings["last_time"])
                for number in range(start, stop):
                    now += _STEP
                    settings["photos"] += add(state, number, now)
                    if number % _OFTEN == 0:
                        watch(what, before + number)
                write_canister(state, OWNER_NUMBER, settings | {"last_time": now})
            self.made = self.made._replace(**{what: stop})
        watch(what, sum(self.made))

    # Each adds one record and returns how many photos came with it.

    def _add_user(self, state: State, number: int, now: int) -> int:
        user = {
            "username": self._invented.name(number),
            "password_hash": _PASSWORD_HASH,
            "created_at": now,
            "principals": [self._invented.owner(number).text],
        }
        _insert_once(state, USERS, "username", user)
        return 0

    def _add_session(self, state: State, number: int, now: int) -> int:
        session = self._invented.session(number) | {"created_at": now, "updated_at": now}
        _insert_once(state, SESSIONS, "session_id", session)
        return len(session["uploaded_photos"])

    def _add_token(self, state: State, number: int, now: int) -> int:
        opened = self._invented.session_of(number)
        session = self._invented.session(opened)
        token_id = core.next_id(state)
        core.mint(
            state,
            token_id,
            to=account(self._invented.collector(number)),
            minter=account(self._invented.owner(opened)),
            metadata=minted_metadata(token_id, session, [], now),
            session_id=session["session_id"],
            now=now,
            numbered=True,
        )
        return 0


def _check(wanted: Amounts, base: Amounts, cap: int | None, *, adding: bool) -> None:
    if not any(wanted):
        raise UsageError("There is nothing to seed.", fix="Give --tokens, --sessions or --users.")
    if wanted.tokens and not wanted.sessions:
        raise UsageError("Tokens are minted from sessions.", fix="Give --sessions 1 or more.")
    if wanted.sessions and not wanted.users:
        raise UsageError("Sessions are opened by users.", fix="Give --users 1 or more.")
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


def _insert_once(state: State, table: TableSpec, field: str, record: Document) -> None:
    """Add a record; raises `Refused` where somebody took its name."""
    if state.table(table).contains(where(field) == record[field]):
        raise Refused(
            f"The state has {record[field]!r} among its {table.name} already.",
            fix="Seed another file, named with --state.",
        )
    state.table(table).insert(record)
