"""Files made so that a crash leaves the old or the new: locks, private modes, fsync, rename."""

import fcntl
import os
import time
from contextlib import suppress

from . import failures

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05


class Lock:
    """The sole right to create or replace a file, for as long as `path.lock` is held.

    The lock file is there only meanwhile. One that a killed process left behind holds nothing.
    """

    def __init__(self, path: str, wait_seconds: float) -> None:
        self._lock_path = f"{path}.lock"
        self._path = path
        self._wait_seconds = wait_seconds
        self._descriptor = -1

    def acquire(self) -> None:
        """Return when the lock is ours; `StateBusy` after the limit, or `StateUnwritable`."""
        deadline = time.monotonic() + self._wait_seconds
        pause = _FIRST_PAUSE
        while not self._try():
            left = deadline - time.monotonic()
            if left <= 0:
                raise failures.busy(self._path, self._wait_seconds)
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def release(self) -> None:
        """Give the lock back and remove its file."""
        # Removed while still ours: whoever waits for this file sees that it is gone and makes
        # a new one, so two can't both believe that they hold the lock.
        remove(self._lock_path)
        os.close(self._descriptor)

    def _try(self) -> bool:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._descriptor = os.open(self._lock_path, flags, 0o600)
        except OSError as failure:
            raise failures.of_system(failure, self._path, writing=True) from failure
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(self._descriptor), os.stat(self._lock_path)):
                return True
        except (BlockingIOError, FileNotFoundError):
            pass
        except OSError as failure:
            os.close(self._descriptor)
            raise failures.of_system(failure, self._path, writing=True) from failure
        os.close(self._descriptor)
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
