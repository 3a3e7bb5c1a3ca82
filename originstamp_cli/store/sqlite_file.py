"""The state as one SQLite file: opening it, its transactions, and what it says when they fail.

A rollback journal, not a write-ahead log: between calls the state is a single file, and it can be
read in a folder where nothing can be written. `synchronous=EXTRA` syncs the folder too once the
journal is gone, without which a loss of power could bring a journal back and undo a call that was
acknowledged.
"""

import os
import sqlite3
from collections.abc import Callable

from originstamp_cli.errors import StateError

from . import bodies, failures, files
from .memory import MemorySession
from .session import Session
from .sqlite_failures import FAILURES, look, translated
from .sqlite_session import NewSqliteSession, SqliteSession

Trace = Callable[[str], object]

_SMALLEST = 512  # the smallest page that a database can have
_SAFE = frozenset(b"/-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class SqliteFile:
    """Opens transactions on one SQLite file."""

    def __init__(self, path: str, wait_seconds: float, trace: Trace | None) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._trace = trace

    def read(self) -> Session:
        """Return a snapshot of the file, empty for a missing one; raises `StateError`."""
        if self._size(writing=False) is None:
            return MemorySession(self._path)
        try:
            return self._snapshot()
        except FAILURES as failure:
            if getattr(failure, "sqlite_errorcode", 0) != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise translated(
                    failure, self._path, self._wait_seconds, writing=False
                ) from failure
        self._recover()
        try:
            return self._snapshot()
        except FAILURES as failure:
            raise translated(failure, self._path, self._wait_seconds, writing=False) from failure

    def write(self) -> Session:
        """Return a transaction with the sole right to write; raises `StateError`."""
        while True:
            there = self._size(writing=True) is not None
            session = self._begin() if there else self._create()
            if session is not None:
                return session

    def _size(self, *, writing: bool) -> int | None:
        size = failures.size_of(self._path, writing=writing)
        if size is not None and size < _SMALLEST:
            # SQLite takes such a file for a new database; we never leave one, so something emptied
            # it, and carrying on as if nothing had ever been there would hide that.
            why = look(self._path) or "it is cut short"
            raise bodies.damaged(self._path, why if size else "it is empty")
        return size

    def _snapshot(self) -> "SqliteSession":
        session = self._session(self._connect(self._path, "ro"), writable=False)
        try:
            session.begin("BEGIN")
            session.check_length(os.stat(self._path).st_size)
        except BaseException:
            session.abandon()
            raise
        return session

    def _recover(self) -> None:
        """Undo what a killed writer left half done, which a reader's connection is not able to."""
        try:
            connection = self._connect(self._path, "rw")
            try:
                connection.execute("PRAGMA user_version")
            finally:
                connection.close()
        except FAILURES as failure:
            code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_BUSY:
                raise translated(
                    failure, self._path, self._wait_seconds, writing=False
                ) from failure
            raise StateError(
                f"The state file {self._path} was left in the middle of a change, which cannot be "
                f"undone from here: {failure}.",
                fix="Run any command as a user who may write to the file and its folder.",
            ) from failure

    def _begin(self) -> "SqliteSession | None":
        """Return a transaction on the file, None if another file has taken its place meanwhile."""
        try:
            before = os.stat(self._path)
            connection = self._connect(self._path, "rw")
        except FileNotFoundError:
            return None
        except FAILURES as failure:
            raise translated(failure, self._path, self._wait_seconds, writing=True) from failure
        session = self._session(connection, writable=True)
        try:
            connection.execute("PRAGMA synchronous=EXTRA")
            session.begin("BEGIN IMMEDIATE")
            # While we waited, a reset or an import may have moved the file away: what we wrote
            # would go with it.
            now = os.stat(self._path)
            if os.path.samestat(before, now):
                session.check_length(now.st_size)
                return session
        except FileNotFoundError:
            pass
        except FAILURES as failure:
            session.abandon()
            raise translated(failure, self._path, self._wait_seconds, writing=True) from failure
        except BaseException:
            session.abandon()
            raise
        session.abandon()
        return None

    def _create(self) -> "SqliteSession | None":
        """Return a transaction on a new file, which takes its name when it is committed.

        So a first call that fails leaves nothing, and nobody ever meets half a file.
        """
        lock = files.Lock(self._path, self._wait_seconds)
        beside = f"{self._path}.new"
        try:
            files.make_folders(os.path.dirname(self._path))
            lock.acquire()
        except OSError as failure:
            raise failures.of_system(failure, self._path, writing=True) from failure
        try:
            if self._size(writing=True) is not None:
                lock.release()
                return None
            # A journal of a file that is gone would be played back into the new one.
            for debris in (beside, f"{self._path}-journal", f"{self._path}-wal"):
                files.remove(debris)
            os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            session = NewSqliteSession(
                self._path, self._wait_seconds, self._connect(beside, "rw"), lock
            )
            session.begin("BEGIN IMMEDIATE")
        except BaseException as failure:
            files.remove(beside)
            lock.release()
            if isinstance(failure, OSError):
                raise failures.of_system(failure, self._path, writing=True) from failure
            if isinstance(failure, FAILURES):
                raise translated(failure, self._path, self._wait_seconds, writing=True) from failure
            raise
        return session

    def _session(self, connection: sqlite3.Connection, *, writable: bool) -> SqliteSession:
        return SqliteSession(self._path, self._wait_seconds, connection, writable=writable)

    def _connect(self, path: str, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file://{_quoted(path)}?mode={mode}",
            uri=True,
            timeout=self._wait_seconds,
            isolation_level=None,
        )
        if self._trace is not None:
            connection.set_trace_callback(self._trace)
        return connection


def _quoted(path: str) -> str:
    """Return a path for a URI; by hand, since `urllib.parse` costs more than opening the file."""
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in os.fsencode(path))
