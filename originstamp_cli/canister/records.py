"""What is stored, and how a stored document becomes a Candid value.

A document holds only what JSON can: principals are kept as text, subaccounts and hashes as hex.
Times are nanoseconds since 1970, as the Internet Computer counts them.
"""

from typing import Any, Final

from originstamp_cli.store import Index, State, TableSpec, where

Document = dict[str, Any]

CANISTER: Final = TableSpec("canister")
USERS: Final = TableSpec("users", indexes=(Index("username", unique=True),))
SESSIONS: Final = TableSpec(
    "sessions", indexes=(Index("session_id", unique=True), Index("username"))
)
STORAGE: Final = TableSpec("storage")
COLLECTION: Final = TableSpec("collection")
LEDGER: Final = TableSpec("ledger")
TOKENS: Final = TableSpec(
    "tokens",
    indexes=(
        Index("id", unique=True),
        Index("account", "id", counted=True),
        Index("raw_account", "id", counted=True),
        Index("principal", "id"),
        Index("session_id", "id"),
    ),
)
BLOCKS: Final = TableSpec("blocks")

TABLES: Final = (CANISTER, USERS, SESSIONS, STORAGE, COLLECTION, LEDGER, TOKENS, BLOCKS)

_ONLY = 1  # the document id of a table that holds one record

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


def find(state: State, table: TableSpec, field: str, value: object) -> Document | None:
    """Return the document of a table whose field has this value, or None."""
    found: Document | None = state.table(table).get(where(field) == value)
    return found


def read_only_one(state: State, table: TableSpec) -> Document | None:
    """Return the one record of a table, or None."""
    kept: Document | None = state.table(table).get(doc_id=_ONLY)
    return None if kept is None else dict(kept)


def write_only_one(state: State, table: TableSpec, record: Document) -> None:
    """Keep the one record of a table."""
    if not state.table(table).update(record, doc_ids=[_ONLY]):
        state.table(table).insert(record)
