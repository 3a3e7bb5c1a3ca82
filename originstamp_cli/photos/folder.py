"""Photos on this machine, where no S3 store is configured: files named by their content."""

import os
from collections.abc import Callable
from contextlib import suppress

from originstamp_cli.errors import StateUnwritable
from originstamp_cli.photos.photo import Photo
from originstamp_cli.store import files

DRAFT = ".new"


def beside(state_path: str) -> str:
    """Return the folder that holds the photos of a state file."""
    return f"{os.path.abspath(state_path)}.photos"


def keep(photo: Photo, folder: str, on_bytes: Callable[[int], None]) -> str:
    """Keep a photo in a folder, whole and to last, and return its `file://` address.

    `on_bytes` is told of each chunk's length. Raises `StateUnwritable` where there is no room or
    no permission, `UsageError` when the file changes meanwhile; then nothing is kept.
    """
    from urllib.parse import quote

    path = os.path.join(folder, photo.name)
    draft = f"{path}.{os.urandom(8).hex()}{DRAFT}"
    try:
        files.make_folders(folder)
        files.write_all_synced(draft, photo.chunks(on_bytes))
        os.rename(draft, path)
        files.sync_folder(folder)
    except OSError as error:
        raise StateUnwritable(
            f"The photo cannot be kept in {folder}: {error.strerror}.",
            fix="Make room there, or check who may write to it.",
        ) from error
    finally:
        files.remove(draft)
    return f"file://{quote(os.fsencode(path))}"


def size(folder: str) -> int:
    """Return how many bytes of photos a folder holds; none where it cannot be looked into."""
    total = 0
    with suppress(OSError), os.scandir(folder) as found:
        for each in found:
            if not each.name.endswith(DRAFT):  # one that is being written may be gone by now
                total += each.stat().st_size
    return total
