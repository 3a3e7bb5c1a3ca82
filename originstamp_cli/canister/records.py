"""What is stored, and how a stored document becomes a Candid value.

A document holds only what JSON can: principals are kept as text, subaccounts and hashes as hex.
Times are nanoseconds since 1970, as the Internet Computer counts them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from originstamp_cli.store import Index, State, Store, TableSpec, where

Document = dict[str, Any]

# One record for each canister, under its own number; the first is the state's owner.
CANISTER: Final = TableSpec("canister", fields={"controllers": list, "status": str})
NETWORK: Final = TableSpec("network", fields={"running": bool, "canisters": int})
USERS: Final = TableSpec(
    "users",
    indexes=(Index("username", unique=True),),
    fields={"username": str, "password_hash": str, "created_at": int, "principals": list},
)
SESSIONS: Final = TableSpec(
    "sessions",
    indexes=(Index("session_id", unique=True), Index("username")),
    fields={
        "session_id": str,
        "username": str,
        "art_title": str,
        "description": str,
        "uploaded_photos": list,
        "status": str,
        "created_at": int,
        "updated_at": int,
        "principal": str,
    },
)
STORAGE: Final = TableSpec(
    "storage",
    fields=dict.fromkeys(("bucket_name", "region", "access_key_id", "secret_access_key"), str),
)
COLLECTION: Final = TableSpec("collection", fields={"name": str})
LEDGER: Final = TableSpec("ledger", fields={"blocks": int, "tip": str, "last_id": int})
TOKENS: Final = TableSpec(
    "tokens",
    indexes=(
        Index("id", unique=True),
        Index("account", "id", counted=True),
        Index("raw_account", "id", counted=True),
        Index("principal", "id"),
        Index("session_id", "id"),
    ),
    fields={"id": int, "owner": dict, "described_in": int, "created_at": int},
)
# Both kinds of approval of ICRC-37: `scope` is the token or the account that it is for, `quota`
# what its number is limited for, `place` where it stands in lists, `key` scope and place together.
APPROVALS: Final = TableSpec(
    "approvals",
    indexes=(
        Index("key", unique=True),
        Index("scope", "place"),
        Index("quota", counted=True),
        Index("expires_at"),
    ),
    fields={"key": str, "scope": str, "quota": str, "place": str, "spender": dict},
)
# A token's blocks are found by its id. One whose transaction has a time is found by all that its
# sender asked for.
BLOCKS: Final = TableSpec(
    "blocks",
    indexes=(Index("request"), Index("token")),
    fields={"hash": str, "block": dict},
)

TABLES: Final = (
    *(CANISTER, NETWORK, USERS, SESSIONS, STORAGE, COLLECTION),
    *(LEDGER, TOKENS, APPROVALS, BLOCKS),
)


class Upgrade:
    """How a state that an older program wrote becomes one of these tables (`store.Upgrade`)."""

    __slots__ = ("_clock",)

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock

    @contextmanager
    def keeping(self, store: Store) -> Iterator[None]:
        """Keep the state as it is, as a dated backup, unless what follows fails."""
        from originstamp_cli.store.backups import Backups

        backups = Backups(store)
        kept = backups.keep(self._clock())
        try:
            yield
        except BaseException:
            backups.discard(kept)
            raise

    def run(self, state: State, version: int) -> None:
        """Take the state through every version that there was since."""
        from originstamp_cli.canister.migrations import migrate

        migrate(state, version)


ONLY = 1  # the document id of a table that holds one record

_SESSION_FIELDS = (
    "session_id",
    "username",
    "art_title",
    "description",
    "uploaded_photos",
    "status",
    "created_at",
    "updated_at",
)


def session_record(session: Document) -> Document:
    """Return a stored session as a `PhysicalArtSession`: without the principal that owns it."""
    return {field: session[field] for field in _SESSION_FIELDS}


_field = lru_cache(where)  # the same few are asked for in every call


def find(state: State, table: TableSpec, field: str, value: object) -> Document | None:
    """Return the document of a table whose field has this value, or None."""
    found: Document | None = state.table(table).get(_field(field) == value)
    return found


def exists(state: State, table: TableSpec, field: str, value: object) -> bool:
    """Tell whether a table has a document whose field, which has an index, has this value."""
    return state.table(table).contains(_field(field) == value)


def read_only_one(state: State, table: TableSpec) -> Document | None:
    """Return the one record of a table, or None."""
    kept: Document | None = state.table(table).get(doc_id=ONLY)
    return None if kept is None else dict(kept)


def write_only_one(state: State, table: TableSpec, record: Document) -> None:
    """Keep the one record of a table."""
    if not state.table(table).update(record, doc_ids=[ONLY]):
        state.table(table).insert(record)
