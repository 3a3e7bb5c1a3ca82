"""What the operating system and SQLite report, said in the words of the state file."""

import errno
import os
import stat

from originstamp_cli.errors import StateBusy, StateError, StateUnwritable

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def of_system(failure: OSError, path: str, *, writing: bool) -> StateError:
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


def size_of(path: str, *, writing: bool) -> int | None:
    """Return the size of a file, None if there is none; `StateError` if it cannot be one of ours.

    Also keeps us from waiting for ever on a pipe, or from writing to a device.
    """
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise of_system(failure, path, writing=writing) from failure
    if stat.S_ISREG(found.st_mode):
        return found.st_size
    kind = "is a folder" if stat.S_ISDIR(found.st_mode) else "is not a regular file"
    refused = StateUnwritable if writing else StateError
    raise refused(f"The state file {path} {kind}.", fix="Name a file with --state.")
