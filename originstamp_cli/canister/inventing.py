"""Invented users, sessions and tokens: the same for the same seed. Nothing of a state is needed."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.ledger.blocks import Unlinked
from originstamp_cli.canister.ledger.core import Mint, unlinked_mint
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.tokens import minted_metadata

STEP = 1_000  # nanoseconds that records are apart
# Argon2id of "originstamp", under a salt that is the same each time: it protects nobody.
_PASSWORD_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$b3JpZ2luc3RhbXBzZWVkcw"  # noqa: S105 - as above
    "$KJJ1zeCiD5xM/fvfxpO+6ULSHv0hxQBT6ZbfvpKjx0w"
)
_WORKS = ("Harbour", "Orchard", "Nocturne", "Self-portrait", "Still life", "Winter", "Terrace")
_MEDIA = ("Oil on linen", "Charcoal on paper", "Bronze", "Pigment print on cotton paper")
_SELF_AUTHENTICATING = b"\x02"  # ends the principal of a key (interface specification)
_AT_ONCE = 2_000  # so many that processes seldom wait for each other

Packed: TypeAlias = list[tuple[Document, tuple[Any, ...]]]


class Amounts(NamedTuple):
    """How many of each there are, or are to be."""

    users: int
    sessions: int
    tokens: int

    def __str__(self) -> str:
        told = [
            f"{count:,} {name.removesuffix('s') if count == 1 else name}"
            for name, count in self._asdict().items()
        ]
        return f"{told[0]}, {told[1]} and {told[2]}"


class Inventor:
    """What there is to invent, each by its number; the same for the same seed and base."""

    def __init__(self, seed: int, base: Amounts, wanted: Amounts) -> None:
        self._seed = seed
        self._base = base
        self._wanted = wanted
        self.session = lru_cache(8)(self._session)  # the tokens of one come one after the other
        self.owner = lru_cache(4096)(self._owner)
        self._collector = lru_cache(8)(self._drawn_collector)

    def user(self, number: int, now: int) -> Document:
        """Return a user, as it is kept."""
        return {
            "username": self._name(number),
            "password_hash": _PASSWORD_HASH,
            "created_at": now,
            "principals": [self.owner(number).text],
        }

    def opened_session(self, number: int, now: int) -> Document:
        """Return a session, as it is kept."""
        return self.session(number) | {"created_at": now, "updated_at": now}

    def _name(self, number: int) -> str:
        """Return a user's name."""
        return f"artist-{self._base.users + number % self._wanted.users + 1:06d}"

    def _owner(self, number: int) -> Principal:
        """Return a user's principal."""
        name = self._base.users + number % self._wanted.users
        return Principal(self._drawn("user", name)[:28] + _SELF_AUTHENTICATING)

    def collector(self, session: int, number: int) -> Principal:
        """Return whom a token is minted to: one of two who collect from a session."""
        return self._collector(2 * (self._base.sessions + session) + number % 2)

    def _drawn_collector(self, number: int) -> Principal:
        drawn = self._drawn("collectors", number)
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
            "username": self._name(number),
            "art_title": f"{_WORKS[drawn[9] % len(_WORKS)]} {drawn[10] + 1}",
            "description": _MEDIA[drawn[11] % len(_MEDIA)],
            "uploaded_photos": [f"https://photos.example/{session_id}.jpg"],
            "status": "completed",
            "principal": self.owner(number).text,
        }

    def _drawn(self, what: str, number: int) -> bytes:
        return sha256(f"{self._seed} {what} {number}".encode()).digest()

    def mints(
        self, ids: Sequence[int], begins: int, turn: tuple[int, int] = (0, 1)
    ) -> Iterator[list[Mint]]:
        """Yield the mints of tokens with these ids, some thousands at a time, from a time on.

        Where several take turns, `turn` is whose mints they are, from 0, and of how many.
        """
        mine, of = turn
        for first in range(mine * _AT_ONCE, len(ids), of * _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, len(ids)))
            yield [self._mint(number, ids[number], begins + number * STEP) for number in numbers]

    def _mint(self, number: int, token_id: int, now: int) -> Mint:
        opened = self.session_of(number)
        session = self.session(opened)
        return unlinked_mint(
            token_id,
            to=account(self.collector(opened, number)),
            minter=account(self.owner(opened)),
            metadata=minted_metadata(token_id, session, [], now),
            session_id=session["session_id"],
            now=now,
        )


def packed_mints(
    inventor: tuple[int, tuple[int, ...], tuple[int, ...]],
    ids: Sequence[int],
    begins: int,
    turn: tuple[int, int],
) -> Iterator[Packed]:
    """Yield what `Inventor.mints` does; this takes and gives what can be sent to a process."""
    seed, base, wanted = inventor
    for mints in Inventor(seed, Amounts(*base), Amounts(*wanted)).mints(ids, begins, turn):
        yield [(mint.token, tuple(mint.block)) for mint in mints]


def unpacked(mints: Packed) -> list[Mint]:
    """Return the mints that were packed."""
    return [Mint(token, Unlinked(*block)) for token, block in mints]
