"""Durable state: TinyDB's interface over one SQLite file, or over TinyDB's JSON for a `.json` path.

    USERS = TableSpec("users", indexes=(Index("username", unique=True),))
    store = Store("state.db", (USERS,))
    with store.write() as state:
        state.table(USERS).insert({"username": "alice"})
    with store.read() as state:
        state.table(USERS).get(where("username") == "alice")

Knows nothing of what is stored. Depends on TinyDB, the standard library and `errors`;
the vault, where secrets are sealed, on cryptography and keyring too.
"""

from tinydb import where
from tinydb.queries import QueryLike
from tinydb.table import Document as Numbered

from .indexes import FullScan, Index, TableSpec
from .session import NotUnique, ReadOnly
from .state import State
from .store import Store
from .table import StateTable

__all__ = [
    "FullScan",
    "Index",
    "NotUnique",
    "Numbered",
    "QueryLike",
    "ReadOnly",
    "State",
    "StateTable",
    "Store",
    "TableSpec",
    "where",
]
