"""Files that are there whole or not at all, and one process at a time that changes them.

Everything here raises `IdentityError` with the path where the disk will not have it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from originstamp_cli.errors import IdentityError


def make_folder(path: str) -> None:
    """Have a folder at `path`, for its owner alone if it was not there."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    if parent != path:
        make_folder(parent or os.curdir)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError as error:
        # Another process may have made it since; a file of that name is another matter.
        if not os.path.isdir(path):
            raise _unwritable(path, error) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def write_whole(path: str, data: bytes, mode: int) -> None:
    """Put `data` at `path`: whoever reads it sees all of the old or all of the new."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        _write_new(beside, data, mode)
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise _unwritable(path, error) from error
    _sync_folder(os.path.dirname(path))


def move(path: str, to: str) -> None:
    """Have what is at `path` at `to`, where nothing is or an empty folder."""
    try:
        os.rename(path, to)
    except OSError as error:
        raise _unwritable(to, error) from error
    _sync_folder(os.path.dirname(to))


def remove_all(path: str) -> None:
    """Have nothing at `path`, nor in a folder there; what a link leads to stays."""
    import shutil

    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
    except OSError as error:
        raise _unwritable(path, error) from error


@contextlib.contextmanager
def one_at_a_time(folder: str) -> Iterator[None]:
    """Wait until no other process of ours changes what is in `folder`, made if need be."""
    make_folder(folder)
    # A file of its own: a lock on the folder itself is refused where homes are on NFS.
    path = os.path.join(folder, ".originstamp.lock")
    with contextlib.ExitStack() as stack:
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise _unwritable(path, error) from error
        yield


def _write_new(path: str, data: bytes, mode: int) -> None:
    # A leftover of a killed process with our number would be in the way.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(path: str) -> None:
    # Not every file system can; the file itself is in place and whole by now.
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, descriptor)
        os.fsync(descriptor)


def _unwritable(path: str, error: OSError) -> IdentityError:
    return IdentityError(
        f"Cannot write '{path}': {error.strerror}.",
        fix="Make room and make its folder writable to you, choose another place with "
        "DFX_CONFIG_ROOT, or act as nobody with `--identity anonymous`.",
    )
