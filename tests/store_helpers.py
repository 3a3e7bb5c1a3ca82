"""What the tests of the store share: tables, and programs to run in other processes."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from originstamp_cli.store import Index, Store, TableSpec, sqlite_pending

USERS = TableSpec("users", indexes=(Index("username", unique=True),))
TOKENS = TableSpec(
    "tokens",
    indexes=(
        Index("id", unique=True),
        Index("account", "id", counted=True),
        Index("principal", "id"),
        Index("session_id"),
    ),
)
TABLES = (USERS, TOKENS)

NAMES = ("state.db", "state.json")  # one of each kind

NOBODY = 65534

_PRELUDE = """
import os, sys
sys.path.insert(0, {tests!r})
from tinydb import where
import originstamp_cli.store.json_file, originstamp_cli.store.sqlite_file
from originstamp_cli.errors import StateError
from store_helpers import *
path = sys.argv[1]
store = open_store(path)
"""


def open_store(path: str, *, wait_seconds: float = 10.0) -> Store:
    """Return a store of users and tokens."""
    return Store(path, TABLES, wait_seconds=wait_seconds)


def store_of_each_kind(*, wait_seconds: float = 10.0) -> Callable[..., Any]:
    """Return a fixture: an empty store, once of each kind."""
    import pytest  # the programs in other processes do without

    @pytest.fixture(params=NAMES)
    def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
        return open_store(str(tmp_path / request.param), wait_seconds=wait_seconds)

    return store


def at_most_pending(documents: int) -> AbstractContextManager[object]:
    """Have SQLite told of changes to a table as soon as more documents than these wait for it."""
    return patch.object(sqlite_pending, "MOST_DOCUMENTS", documents)


def token(number: int) -> dict[str, object]:
    """Return an invented token; three accounts share them all."""
    return {"id": number, "account": f"account-{number % 3}", "session_id": None}


def add_token(store: Store, number: int) -> None:
    """Keep one token in a transaction of its own."""
    with store.write() as state:
        state.table(TOKENS).insert(token(number))


def token_ids(store: Store) -> list[int]:
    """Return the ids of all tokens."""
    with store.read() as state:
        return [document["id"] for document in state.table(TOKENS, scans=True).all()]


def names_beside(store: Store) -> list[str]:
    """Return the names in the folder of the state file."""
    return sorted(found.name for found in Path(store.path).parent.iterdir())


def program(code: str) -> list[str]:
    """Return the command that runs code with `store`, `path` and this module's names."""
    prelude = _PRELUDE.format(tests=str(Path(__file__).parent))
    return [sys.executable, "-c", prelude + textwrap.dedent(code)]


def run(code: str, path: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own and return what it printed."""
    return subprocess.run(
        [*program(code), path], capture_output=True, text=True, check=False, timeout=120
    )


def outcome(code: str, path: str) -> str:
    """Run code, and return the class and the text of the `StateError` that it ended with."""
    indented = textwrap.indent(textwrap.dedent(code), "    ")
    result = run(
        f"try:\n{indented}\nexcept StateError as failure:\n"
        "    print(type(failure).__name__, failure.message, failure.fix)",
        path,
    )
    assert result.stderr == ""
    return result.stdout


def become_nobody() -> None:
    """Give up the rights of root, for whom no permission is ever missing."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
