"""A transaction on an SQLite file, existing or yet to get its name, and what its failures mean."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from originstamp_cli.errors import StateError

from . import contents, files
from .indexes import TableSpec
from .session import NotUnique, Session
from .sqlite_rows import SqliteRows
from .sqlite_words import CATALOG, TABLE_NAMES

# A damaged schema can end up in SQLite's message, which Python then fails to decode.
FAILURES = (sqlite3.Error, UnicodeDecodeError)

_NO_SUCH = "no such "
_NOT_TEXT = "Could not decode to UTF-8"
_ENTRY_EXISTS = ".key"

# Else an adapter is looked for with every key, in vain and with an error that nobody sees.
sqlite3.register_adapter(bytes, bytes)

_PAGE = 4096
_LARGE_CACHE_KIB = 128 * 1024


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
        self._expects_much = False

    def begin(self) -> None:
        """Begin, and refuse a file that is not ours or is too new; raises `sqlite3.Error` too."""
        application, version = self._started()
        if application != contents.APPLICATION_ID:
            raise contents.damaged(self.path, "it is a database of another program")
        contents.refuse_newer(self.path, version)
        if version < 1:
            raise contents.damaged(self.path, "its version cannot be read")
        self.version = version

    def _started(self) -> tuple[int, int]:
        """Return what the file says of itself, as soon as nobody is in the way.

        SQLite's own waiting cannot be interrupted: Ctrl-C would do nothing for as long as it lasts.
        """
        deadline = time.monotonic() + self._wait_seconds
        pause = files.FIRST_PAUSE
        while True:
            try:
                return self._start()
            except sqlite3.OperationalError as failure:
                left = deadline - time.monotonic()
                if failure.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or left <= 0:
                    raise
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            time.sleep(min(pause, left))
            pause = min(pause * 2, files.LONGEST_PAUSE)

    def _start(self) -> tuple[int, int]:
        if self.writable:
            self._connection.execute("PRAGMA synchronous=EXTRA")
        self._connection.execute("BEGIN IMMEDIATE" if self.writable else "BEGIN")
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if self.writable:  # to commit, it may still have to wait for readers
            self._connection.execute(f"PRAGMA busy_timeout={round(self._wait_seconds * 1000)}")
        return application, version

    def check_length(self, size: int) -> None:
        """Refuse a file that does not end where a page does; to be called with its lock held.

        SQLite notices that whole pages are missing, but reads the rest of a page as zeros.
        """
        if size % _PAGE:
            (page,) = self._connection.execute("PRAGMA page_size").fetchone()
            if size % page:
                raise contents.damaged(self.path, "it is cut short")

    def run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows that a statement answers; `StateError`, and no commit, if it fails."""
        if self.failure is not None:
            raise self.failure
        try:
            return self._connection.execute(statement, values).fetchall()
        except FAILURES as failure:
            raise self._failed(failure) from failure

    def run_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement with each row of values; fails as `run` does."""
        if self.failure is not None:
            raise self.failure
        try:
            self._connection.executemany(statement, rows)
        except FAILURES as failure:
            raise self._failed(failure) from failure

    def expect_much(self) -> None:
        """Make room in memory for the pages of a long transaction: each is written once then."""
        if not self._expects_much:
            self._expects_much = True
            self.run(f"PRAGMA cache_size=-{_LARGE_CACHE_KIB}")

    def _failed(self, failure: Exception) -> Exception:
        # SQLite may have rolled back by itself, and what follows would then be written outside
        # any transaction; so nothing follows.
        self.failure = translated(failure, self.path, self._wait_seconds, writing=self.writable)
        return self.failure

    def _flush(self) -> None:
        for rows in self._rows.values():
            rows.flush()

    def stream(self, statement: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        """Yield the rows that a statement answers, which are not held in memory."""
        try:
            yield from self._connection.execute(statement, values)
        except FAILURES as failure:
            raise translated(failure, self.path, self._wait_seconds, writing=False) from failure

    def integrity(self, most: int) -> list[str]:
        """Return what SQLite finds wrong with the file, at most so many sentences."""
        try:
            found = run_interruptibly(self._connection, f"PRAGMA integrity_check({most})")
        except FAILURES as failure:
            raise translated(failure, self.path, self._wait_seconds, writing=False) from failure
        # A sentence may stand below a line that says which database it is about.
        told = [text.splitlines()[-1] for (text,) in found if text != "ok"]
        return [f"SQLite finds the file damaged: {line}" for line in told]

    def bring_up(self) -> None:
        """Have the file say that it is of the version that this program writes."""
        super().bring_up()
        self.run(f"PRAGMA user_version={contents.SCHEMA_VERSION}")

    def table_names(self) -> list[str]:
        """Return the names of the tables in the file, whether or not we declare them."""
        self._flush()
        return [name for (name,) in self.run(TABLE_NAMES)]

    def copy_to(self, path: str) -> None:
        """Write what is seen here as a new file of the same kind; raises `StateError`."""
        self._flush()
        with files.in_our_words(path, writing=True):
            files.write_synced(path)
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as target:
                self._connection.backup(target)
        except FAILURES as failure:
            raise translated(failure, path, self._wait_seconds, writing=True) from failure

    def commit(self) -> None:
        """Make the transaction last, or raise `StateError` with nothing changed."""
        try:
            self._flush()
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

    def begin(self) -> None:
        """Begin and lay out the new file; raises `sqlite3.Error`."""
        # Nobody else sees this file, and after a crash it is removed, so no journal is needed.
        self._connection.execute("PRAGMA journal_mode=MEMORY")
        self._connection.execute(f"PRAGMA page_size={_PAGE}")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("BEGIN IMMEDIATE")
        for line in CATALOG:
            self._connection.execute(line)
        self._connection.execute(f"PRAGMA application_id={contents.APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version={contents.SCHEMA_VERSION}")

    def commit(self) -> None:
        """Put the file in its place; `StateError` with no file there if that fails."""
        try:
            self._flush()
            if not self.wrote:
                return
            self.run("COMMIT")
            self._connection.close()
            with files.in_our_words(self.path, writing=True):
                self._lock.put_in_place()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End the transaction; what was not committed leaves no file."""
        if not self.over:
            self.over = True
            self._connection.close()
            self._lock.release()


def run_interruptibly(connection: sqlite3.Connection, statement: str) -> list[Any]:
    """Return the rows of a statement that may take long; Ctrl-C undoes it.

    SQLite does not come back to Python meanwhile but for this, and what Python would raise then is
    an error of SQLite's.
    """
    connection.set_progress_handler(lambda: 0, 100_000)
    try:
        return connection.execute(statement).fetchall()
    except sqlite3.OperationalError as failure:
        if failure.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from failure
        raise
    finally:
        connection.set_progress_handler(None, 0)


def translated(failure: Exception, path: str, wait_seconds: float, *, writing: bool) -> Exception:
    """Return what a failure means for the state file, or the failure itself if it is a bug."""
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    name = getattr(failure, "sqlite_errorname", "")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return files.busy(path, wait_seconds)
    if code == sqlite3.SQLITE_CONSTRAINT and str(failure).endswith(_ENTRY_EXISTS):
        return NotUnique(f"A document with this value is there already: {failure}.")
    if code == sqlite3.SQLITE_FULL or "WRITE" in name or "FSYNC" in name:
        # A quota or a limit on file sizes arrives as a failed write, not as a full disk.
        return files.no_room(path, str(failure))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _refused(failure, path, writing=writing)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PROTOCOL):
        return StateError(f"The state file {path} cannot be used: {failure} ({name}).")
    return (
        contents.damaged(path, look(path) or str(failure)) if _is_damage(failure, code) else failure
    )


def _is_damage(failure: Exception, code: int) -> bool:
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT):
        return True
    if isinstance(failure, UnicodeDecodeError):
        return True
    # A table that every file of ours has is not there; or text that is none, which Python reports.
    message = str(failure)
    return (code == sqlite3.SQLITE_ERROR and message.startswith(_NO_SUCH)) or (
        code == 0 and message.startswith(_NOT_TEXT)
    )


def _refused(failure: Exception, path: str, *, writing: bool) -> StateError:
    """Return why a file could not be opened, which SQLite doesn't tell."""
    try:
        files.size_of(path, writing=writing)
        with open(path, "r+b" if writing else "rb"):
            pass
    except OSError as reason:
        return files.refused(reason, path, writing=writing)
    except StateError as reason:
        return reason
    if writing:
        return files.unwritable(path, f"{failure}; its folder must be writable too")
    return StateError(f"The state file {path} cannot be read: {failure}.")


def look(path: str) -> str | None:
    """Return what the file seems to be instead, None if that can't be told."""
    try:
        with open(path, "rb") as file:
            start = file.read(16).lstrip()
    except OSError:
        return None
    if start.startswith(b"{"):
        return "it holds JSON, but its name does not end in .json"
    return None if start.startswith(b"SQLite format 3") else "it is not an SQLite database"
