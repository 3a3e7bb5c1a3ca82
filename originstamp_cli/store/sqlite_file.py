"""The state as one SQLite file: opening it for a reader, for a writer, and for the first writer.

A rollback journal, not a write-ahead log: between calls the state is a single file, and it can be
read in a folder where nothing can be written. `synchronous=EXTRA` syncs the folder too once the
journal is gone, without which a loss of power could bring a journal back and undo a call that was
acknowledged.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from originstamp_cli.errors import StateError

from . import contents, files
from .memory import MemorySession
from .session import Session
from .sqlite_session import (
    FAILURES,
    NewSqliteSession,
    SqliteSession,
    look,
    run_interruptibly,
    translated,
)

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
        while self._size(writing=False) is not None:
            # It may be moved away before it is opened; then another may be there, or none.
            with suppress(FileNotFoundError), self._in_our_words(writing=False):
                try:
                    return self._snapshot()
                except FAILURES as failure:
                    if getattr(failure, "sqlite_errorcode", 0) != sqlite3.SQLITE_READONLY_ROLLBACK:
                        raise
                self._recover()
                return self._snapshot()
        return MemorySession(self._path)

    def write(self) -> Session:
        """Return a transaction with the sole right to write; raises `StateError`."""
        while True:
            there = self._size(writing=True) is not None
            session = self._begin() if there else self._create()
            if session is not None:
                return session

    @contextmanager
    def replacing(self, path: str) -> Iterator[tuple[Session, Session]]:
        """Give the state and a copy of one, to be changed, which then takes its place.

        Nobody else writes meanwhile. Raises `StateError`, with the old state in place if anything
        fails.
        """
        lock = files.Lock(self._path, self._wait_seconds)
        lock.acquire()
        try:
            with self._to_the_end(self) as old:
                # One that a killed process left would be played back into the copy.
                files.remove(f"{lock.draft}-journal")
                with files.in_our_words(path, writing=True):
                    files.copy_synced(path, lock.draft)
                draft = SqliteFile(lock.draft, self._wait_seconds, self._trace)
                with self._to_the_end(draft) as new:
                    yield old, new
                    new.commit()
                with files.in_our_words(self._path, writing=True):
                    lock.put_in_place()
        finally:
            lock.release()

    def copy_to(self, path: str) -> None:
        """Copy the file as it is; raises `StateError`.

        Through SQLite: whoever opens and closes the file otherwise gives up the locks that this
        process has on it (POSIX, `fcntl`).
        """
        session = self.read()
        try:
            session.copy_to(path)
        finally:
            session.abandon()

    def compact(self) -> None:
        """Write the file again without the room that is free in it; raises `StateError`."""
        with (
            self._in_our_words(writing=True),
            closing(self._connect(self._path, "rw")) as connection,
        ):
            connection.execute(f"PRAGMA busy_timeout={round(self._wait_seconds * 1000)}")
            connection.execute("PRAGMA synchronous=EXTRA")
            run_interruptibly(connection, "VACUUM")

    @staticmethod
    @contextmanager
    def _to_the_end(file: "SqliteFile") -> Iterator[Session]:
        """Give a writing transaction that is undone unless it was committed."""
        session = file.write()
        try:
            yield session
        finally:
            session.abandon()

    def _size(self, *, writing: bool) -> int | None:
        size = files.size_of(self._path, writing=writing)
        if size is not None and size < _SMALLEST:
            # SQLite takes such a file for a new database; we never leave one, so something emptied
            # it, and carrying on as if nothing had ever been there would hide that.
            why = look(self._path) or "it is cut short"
            raise contents.damaged(self._path, why if size else "it is empty")
        return size

    def _snapshot(self) -> SqliteSession:
        session = self._session(writable=False)
        try:
            session.begin()
            session.check_length(os.stat(self._path).st_size)
        except BaseException:
            session.abandon()
            raise
        return session

    def _recover(self) -> None:
        """Undo what a killed writer left half done, which a reader's connection is not able to."""
        try:
            with closing(self._connect(self._path, "rw")) as connection:
                connection.execute(f"PRAGMA busy_timeout={round(self._wait_seconds * 1000)}")
                connection.execute("PRAGMA user_version")
        except FAILURES as failure:
            if getattr(failure, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise
            raise StateError(
                f"The state file {self._path} was left in the middle of a change, which cannot be "
                f"undone from here: {failure}.",
                fix="Run any command as a user who may write to the file and its folder.",
            ) from failure

    def _begin(self) -> SqliteSession | None:
        """Return a transaction on the file, None if another file has taken its place meanwhile."""
        with self._in_our_words(writing=True), suppress(FileNotFoundError):
            before = os.stat(self._path)
            session = self._session(writable=True)
            try:
                session.begin()
                # While we waited, a reset or an import may have moved the file away: what we wrote
                # would go with it.
                now = os.stat(self._path)
                if os.path.samestat(before, now):
                    session.check_length(now.st_size)
                    return session
            except BaseException:
                session.abandon()
                raise
            session.abandon()
        return None

    def _create(self) -> SqliteSession | None:
        """Return a transaction on a new file, None if somebody else has made one meanwhile."""
        lock = files.Lock(self._path, self._wait_seconds)
        lock.acquire()
        try:
            if self._size(writing=True) is None:
                return self._first_session(lock)
        except BaseException:
            lock.release()
            raise
        lock.release()
        return None

    def _first_session(self, lock: files.Lock) -> SqliteSession:
        """Return a transaction on a file that takes its name when it is committed.

        So a first call that fails leaves nothing, and nobody ever meets half a file.
        """
        # A journal of a file that is gone would be played back into the new one.
        files.remove(f"{self._path}-journal")
        files.remove(f"{self._path}-wal")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with files.in_our_words(self._path, writing=True), self._in_our_words(writing=True):
            os.close(os.open(lock.draft, flags, 0o600))
            connection = self._connect(lock.draft, "rw")
            session = NewSqliteSession(self._path, self._wait_seconds, connection, lock)
            session.begin()
        return session

    @contextmanager
    def _in_our_words(self, *, writing: bool) -> Iterator[None]:
        """Raise what SQLite reports as the `StateError` that it means."""
        try:
            yield
        except FAILURES as failure:
            raise translated(failure, self._path, self._wait_seconds, writing=writing) from failure

    def _session(self, *, writable: bool) -> SqliteSession:
        connection = self._connect(self._path, "rw" if writable else "ro")
        return SqliteSession(self._path, self._wait_seconds, connection, writable=writable)

    def _connect(self, path: str, mode: str) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"file://{_quoted(path)}?mode={mode}",
                uri=True,
                timeout=0.0,  # each session waits by itself
                isolation_level=None,
            )
        except sqlite3.OperationalError as failure:
            if not os.path.lexists(path):
                raise FileNotFoundError(path) from failure
            raise
        if self._trace is not None:
            connection.set_trace_callback(self._trace)
        return connection


def _quoted(path: str) -> str:
    """Return a path for a URI; by hand, since `urllib.parse` costs more than opening the file."""
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in os.fsencode(path))
