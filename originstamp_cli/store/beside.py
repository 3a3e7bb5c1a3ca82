"""What stands beside a state file: the photos of this machine, the log, the snapshots.

Photos and snapshots are never changed once they are there, so a copy of them takes no room: it is
made of further names for the same files wherever the disk can do that.
"""

import os
import shutil

from . import files

PHOTOS, LOG, SNAPSHOTS = ".photos", ".log", ".snapshots"
BESIDE = (PHOTOS, LOG, SNAPSHOTS)

# What is being written, or removed, at the time.
_PASSING = shutil.ignore_patterns("*.new", "*.gone")


def present(path: str, endings: tuple[str, ...] = BESIDE) -> tuple[str, ...]:
    """Return the endings of what stands beside a state."""
    return tuple(ending for ending in endings if os.path.lexists(path + ending))


def size(path: str, ending: str) -> int:
    """Return the bytes of one of the things beside a state."""
    total = 0
    for folder, _, names in os.walk(path + ending):
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in names)
    if os.path.isfile(path + ending):
        total += os.stat(path + ending).st_size
    return total


def copy(path: str, to: str, endings: tuple[str, ...] = BESIDE) -> None:
    """Have what stands beside one state stand beside another too; raises `OSError`.

    What stood there before is replaced. Of what fails, nothing stays.
    """
    made = []
    try:
        for ending in present(path, endings):
            remove(to, (ending,))
            made.append(ending)
            if os.path.isdir(path + ending):
                shutil.copytree(path + ending, to + ending, copy_function=share, ignore=_PASSING)
            else:
                files.copy_synced(path + ending, to + ending)
    except BaseException:
        remove(to, tuple(made))
        raise


def remove(path: str, endings: tuple[str, ...] = BESIDE) -> None:
    """Remove what stands beside a state."""
    for ending in endings:
        if os.path.isdir(path + ending):
            shutil.rmtree(path + ending)
        else:
            files.remove(path + ending)


def share(source: str, target: str) -> str:
    """Give a file a second name, or copy it where that cannot be; raises `OSError`."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        pass  # it was removed meanwhile
    except OSError:
        files.copy_synced(source, target)
    return target
