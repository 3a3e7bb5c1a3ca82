"""What SQLite reports, said in the words of the state file: the one place that translates it."""

import sqlite3

from originstamp_cli.errors import StateError

from . import bodies, failures
from .session import NotUnique

# A damaged schema can end up in SQLite's message, which Python then fails to decode.
FAILURES = (sqlite3.Error, UnicodeDecodeError)

_NO_SUCH = "no such "
_NOT_TEXT = "Could not decode to UTF-8"
_ENTRY_EXISTS = ".key"


def translated(failure: Exception, path: str, wait_seconds: float, *, writing: bool) -> Exception:
    """Return what a failure means for the state file, or the failure itself if it is a bug."""
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    name = getattr(failure, "sqlite_errorname", "")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return failures.busy(path, wait_seconds)
    if code == sqlite3.SQLITE_CONSTRAINT and str(failure).endswith(_ENTRY_EXISTS):
        return NotUnique(f"A document with this value is there already: {failure}.")
    if code == sqlite3.SQLITE_FULL or "WRITE" in name or "FSYNC" in name:
        # A quota or a limit on file sizes arrives as a failed write, not as a full disk.
        return failures.no_room(path, str(failure))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _refused(failure, path, writing=writing)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PROTOCOL):
        return StateError(f"The state file {path} cannot be used: {failure} ({name}).")
    return (
        bodies.damaged(path, look(path) or str(failure)) if _is_damage(failure, code) else failure
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
        failures.size_of(path, writing=writing)
        with open(path, "r+b" if writing else "rb"):
            pass
    except OSError as reason:
        return failures.of_system(reason, path, writing=writing)
    except StateError as reason:
        return reason
    if writing:
        return failures.unwritable(path, f"{failure}; its folder must be writable too")
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
