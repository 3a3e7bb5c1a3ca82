"""A state file and its transactions."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from originstamp_cli.errors import StateError

from .contents import SCHEMA_VERSION
from .indexes import TableSpec
from .session import Session
from .state import State

_JSON = ".json"


class Store:
    """One state file: SQLite, or TinyDB's JSON if its name ends in `.json`.

    Making a store touches nothing. `trace` is called with each SQL statement, as it runs.
    """

    schema_version = SCHEMA_VERSION

    def __init__(
        self,
        path: str,
        tables: tuple[TableSpec, ...],
        *,
        wait_seconds: float = 10.0,
        trace: Callable[[str], object] | None = None,
    ) -> None:
        if "\x00" in path:
            raise StateError(f"No state file can be called {path!r}.")
        try:
            self.path = os.path.abspath(path)
        except OSError as failure:
            raise StateError(
                "The current folder is gone, so no state file can be found."
            ) from failure
        self.kind = "json" if path.endswith(_JSON) else "sqlite"
        self._tables = tables
        # Where a link leads: what is renamed into place must replace the file, not the link.
        self._file = self._opener(os.path.realpath(path), wait_seconds, trace)

    @contextmanager
    def read(self, *, scans: bool = False) -> Iterator[State]:
        """Give a consistent view of the state, empty if there is no file; raises `StateError`."""
        session: Session = self._file.read()
        try:
            yield State(session, self._tables, scans=scans)
        finally:
            session.abandon()

    @contextmanager
    def write(self, *, scans: bool = False) -> Iterator[State]:
        """Give the state to change: all of it lasts, or after any exception none of it.

        Waits its turn; raises `StateBusy` after the limit and other kinds of `StateError`.
        """
        session: Session = self._file.write()
        try:
            yield State(session, self._tables, scans=scans)
        except BaseException:
            session.abandon()
            raise
        session.commit()

    def restore(self, path: str, carry: Callable[[State, State], object]) -> None:
        """Put a copy that `State.copy_to` made in the place of the state, wholly or not at all.

        `carry` is given the state and the copy before, to bring over what is to stay; whatever it
        raises leaves the state as it was. Raises `StateError`.
        """
        with self._file.replacing(path) as (old, new):
            carry(State(old, self._tables, scans=False), State(new, self._tables, scans=False))

    def size(self) -> int:
        """Return the bytes on disk, 0 if there is no file; raises `StateError`."""
        try:
            return os.stat(self.path).st_size
        except FileNotFoundError:
            return 0
        except OSError as failure:
            raise StateError(f"The state file {self.path} cannot be seen: {failure}.") from failure

    def why_not_writable(self) -> str | None:
        """Return what keeps this user from writing the state, None if nothing does."""
        if os.path.exists(self.path) and not os.access(self.path, os.W_OK):
            return f"{self.path} may not be written by this user"
        folder = os.path.dirname(self.path)
        while not os.path.exists(folder):
            folder = os.path.dirname(folder)
        return None if os.access(folder, os.W_OK) else f"{folder} may not be written by this user"

    def _opener(self, path: str, wait_seconds: float, trace: Callable[[str], object] | None) -> Any:  # noqa: ANN401 - either kind of file, and only one of them is loaded
        if self.kind == "json":
            from .json_file import JsonFile

            return JsonFile(path, wait_seconds)
        from .sqlite_file import SqliteFile

        return SqliteFile(path, wait_seconds, trace)
