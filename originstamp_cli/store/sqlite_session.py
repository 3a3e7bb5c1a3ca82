"""A transaction on an SQLite file: an existing one, or one that is yet to get its name."""

import os
import sqlite3
from typing import Any

from . import bodies, failures, files
from .layout import APPLICATION_ID, SCHEMA_VERSION, too_new
from .session import Session
from .specs import TableSpec
from .sqlite_failures import FAILURES, translated
from .sqlite_rows import CATALOG, TABLE_NAMES, SqliteRows

_PAGE = 4096


class SqliteSession(Session):
    """A transaction on an SQLite file."""

    def __init__(
        self,
        path: str,
        wait_seconds: float,
        connection: sqlite3.Connection,
        *,
        writable: bool,
    ) -> None:
        super().__init__(path, writable=writable)
        self._wait_seconds = wait_seconds
        self._connection = connection
        self._broken: Exception | None = None

    def begin(self, statement: str) -> None:
        """Begin, and refuse a file that is not ours or is too new; raises `sqlite3.Error` too."""
        self._connection.execute(statement)
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise bodies.damaged(self.path, "it is a database of another program")
        if version > SCHEMA_VERSION:
            raise too_new(self.path, version)
        if version < 1:
            raise bodies.damaged(self.path, "its version cannot be read")

    def check_length(self, size: int) -> None:
        """Refuse a file that does not end where a page does; to be called with its lock held.

        SQLite notices that whole pages are missing, but reads the rest of a page as zeros.
        """
        if size % _PAGE:
            (page,) = self._connection.execute("PRAGMA page_size").fetchone()
            if size % page:
                raise bodies.damaged(self.path, "it is cut short")

    def run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows that a statement answers; `StateError`, and no commit, if it fails."""
        if self._broken is not None:
            raise self._broken
        try:
            return self._connection.execute(statement, values).fetchall()
        except FAILURES as failure:
            # SQLite may have rolled back by itself, and what follows would then be written
            # outside any transaction; so nothing follows.
            self._broken = translated(failure, self.path, self._wait_seconds, writing=self.writable)
            raise self._broken from failure

    def table_names(self) -> list[str]:
        """Return the names of the tables in the file, whether or not we declare them."""
        return [name for (name,) in self.run(TABLE_NAMES)]

    def commit(self) -> None:
        """Make the transaction last, or raise `StateError` with nothing changed."""
        try:
            for rows in self._rows.values():
                rows.flush()
            self.run("COMMIT")
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End the transaction; what was not committed is undone."""
        if not self.over:
            self.over = True
            try:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                # The journal stays, and whoever opens the file next undoes the change with it.
                pass
            finally:
                self._connection.close()

    def _open(self, spec: TableSpec) -> SqliteRows:
        return SqliteRows(spec, self)


class NewSqliteSession(SqliteSession):
    """A first transaction, on a file beside the path where it will be."""

    def __init__(
        self, path: str, wait_seconds: float, connection: sqlite3.Connection, lock: files.Lock
    ) -> None:
        super().__init__(path, wait_seconds, connection, writable=True)
        self._lock = lock

    def begin(self, statement: str) -> None:
        """Begin and lay out the new file; raises `sqlite3.Error`."""
        # Nobody else sees this file, and after a crash it is removed, so no journal is needed.
        self._connection.execute("PRAGMA journal_mode=MEMORY")
        self._connection.execute(f"PRAGMA page_size={_PAGE}")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(statement)
        for line in CATALOG:
            self._connection.execute(line)
        self._connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    def commit(self) -> None:
        """Put the file in its place; `StateError` with no file there if that fails."""
        try:
            for rows in self._rows.values():
                rows.flush()
            if not self._rows or self._connection.total_changes == 0:
                return
            self.run("COMMIT")
            self._connection.close()
            os.rename(f"{self.path}.new", self.path)
            files.sync_folder(os.path.dirname(self.path))
        except OSError as failure:
            raise failures.of_system(failure, self.path, writing=True) from failure
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End the transaction; what was not committed leaves no file."""
        if not self.over:
            self.over = True
            self._connection.close()
            files.remove(f"{self.path}.new")
            self._lock.release()
