"""Files and folders: made so that a crash leaves the old or the new, and why one can't be used.

Locks, private modes, fsync and rename; and what the operating system reports, said in the words of
the state file.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from originstamp_cli.errors import StateBusy, StateError, StateUnwritable

PATIENCE = 10.0  # seconds, for who makes the same file
FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.05

_PIECE = 1024 * 1024  # of a file that may be large
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Lock:
    """The sole right to create or replace a file, for as long as `path.lock` is held.

    What is to be the file is written as `draft` first; unless it was put in place, it goes with
    the lock. The lock file is there only meanwhile; one that a killed process left behind holds
    nothing.
    """

    def __init__(self, path: str, wait_seconds: float) -> None:
        self.draft = f"{path}.new"
        self._lock_path = f"{path}.lock"
        self._path = path
        self._wait_seconds = wait_seconds
        self._descriptor = -1

    def acquire(self) -> None:
        """Return when the lock is ours, with the folders there and no draft.

        Raises `StateBusy` after the limit, or `StateUnwritable`.
        """
        with in_our_words(self._path, writing=True):
            make_folders(os.path.dirname(self._path))
        deadline = time.monotonic() + self._wait_seconds
        pause = FIRST_PAUSE
        while not self._try():
            left = deadline - time.monotonic()
            if left <= 0:
                raise busy(self._path, self._wait_seconds)
            time.sleep(min(pause, left))
            pause = min(pause * 2, LONGEST_PAUSE)
        remove(self.draft)

    def put_in_place(self) -> None:
        """Make the draft the file; raises `OSError`, or `StateError` where it may not last."""
        os.rename(self.draft, self._path)
        try:
            sync_folder(os.path.dirname(self._path))
        except OSError as failure:
            raise StateError(
                f"The state file {self._path} was changed, but the change may not survive a loss "
                f"of power: {failure.strerror}.",
                fix="Do not repeat the call; see to the disk.",
            ) from failure

    def release(self) -> None:
        """Give the lock back and remove its file."""
        remove(self.draft)
        # Removed while still ours: whoever waits for this file sees that it is gone and makes
        # a new one, so two can't both believe that they hold the lock.
        remove(self._lock_path)
        os.close(self._descriptor)

    def _try(self) -> bool:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        with in_our_words(self._path, writing=True):
            descriptor = os.open(self._lock_path, flags, 0o600)
            try:
                if _is_ours(descriptor, self._lock_path):
                    self._descriptor = descriptor
                    return True
            except OSError:
                os.close(descriptor)
                raise
        os.close(descriptor)
        return False


@contextmanager
def replaced(path: str) -> Iterator[str]:
    """Give the path of a draft that becomes the file at the end; of one that fails nothing stays.

    Raises `StateError`, as the lock that it is made under.
    """
    lock = Lock(os.path.abspath(path), PATIENCE)
    lock.acquire()
    try:
        with in_our_words(path, writing=True):
            yield lock.draft
            lock.put_in_place()
    finally:
        lock.release()


def _is_ours(descriptor: int, path: str) -> bool:
    """Return whether an open file could be locked while it still had its name."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except (BlockingIOError, FileNotFoundError):
        return False


def make_folders(folder: str) -> None:
    """Make a folder and the missing ones above it, for the owner only; raises `OSError`."""
    if os.path.isdir(folder):
        return
    above = os.path.dirname(folder)
    make_folders(above)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        return
    sync_folder(above)


def write_synced(path: str, *chunks: bytes) -> None:
    """Write a new file for the owner only, to last once its folder is synced; raises `OSError`."""
    write_all_synced(path, chunks)


def write_all_synced(path: str, chunks: Iterable[bytes]) -> None:
    """Write a new file as `write_synced` does, of as many chunks as there are."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)  # a umask may have taken away even the owner's part
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def copy_synced(path: str, to: str) -> None:
    """Copy a file to a new one as `write_synced` does, a piece at a time; raises `OSError`."""
    with open(path, "rb") as file:
        write_all_synced(to, iter(lambda: file.read(_PIECE), b""))


def sync_folder(folder: str) -> None:
    """Make the names in a folder survive a loss of power; raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: str) -> None:
    """Remove a file if it is there and can be."""
    with suppress(OSError):
        os.unlink(path)


def size_of(path: str, *, writing: bool) -> int | None:
    """Return the size of a file, None if there is none; `StateError` if it cannot be one of ours.

    Also keeps us from waiting for ever on a pipe, or from writing to a device.
    """
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise refused(failure, path, writing=writing) from failure
    if stat.S_ISREG(found.st_mode):
        return found.st_size
    kind = "is a folder" if stat.S_ISDIR(found.st_mode) else "is not a regular file"
    error = StateUnwritable if writing else StateError
    raise error(f"The state file {path} {kind}.", fix="Name a file with --state.")


@contextmanager
def in_our_words(path: str, *, writing: bool) -> Iterator[None]:
    """Raise what the operating system reports as the `StateError` that it means."""
    try:
        yield
    except OSError as failure:
        raise refused(failure, path, writing=writing) from failure


def refused(failure: OSError, path: str, *, writing: bool) -> StateError:
    """Return the error to raise for a failed call to the operating system."""
    if failure.errno in _NO_ROOM:
        return no_room(path, str(failure.strerror))
    why = f"{failure.strerror}: {os.fsdecode(failure.filename or path)}"
    if writing:
        return unwritable(path, why)
    return StateError(
        f"The state file {path} cannot be read: {why}.",
        fix="Check who may read the file and its folders, or name another file with --state.",
    )


def unwritable(path: str, why: str) -> StateUnwritable:
    """Return the error for a file that cannot be written."""
    return StateUnwritable(
        f"The state file {path} cannot be written: {why}.",
        fix="Check who may write to the file and its folder, or name another file with --state. "
        "Nothing was changed.",
    )


def no_room(path: str, why: str) -> StateUnwritable:
    """Return the error for a disk that has no room for what is to be written."""
    return StateUnwritable(
        f"The state file {path} cannot be written: the disk is full ({why}).",
        fix="Make room on the disk, then try again. Nothing was changed.",
    )


def busy(path: str, seconds: float) -> StateBusy:
    """Return the error for a lock that another process did not give back in time."""
    unit = "second" if seconds == 1 else "seconds"
    return StateBusy(
        f"Another process has held the state file {path} for {seconds:g} {unit}.",
        fix="Try again when it is done; `fuser` with the file's name says which process it is.",
    )
