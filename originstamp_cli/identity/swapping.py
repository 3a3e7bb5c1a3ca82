"""Folders of identities that are there whole or not at all.

A new one is prepared under a name that can be nobody's, and takes its place in one step. An old one
steps aside before that and is thrown away after it: who is killed between leaves it aside, and
`settle` puts it back. All of this is done by one process at a time.
"""

import os

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import (
    ENCRYPTED_FILE,
    KEY_FILE,
    RESERVED_PREFIX,
    Folder,
    is_name,
)
from originstamp_cli.identity.writing import make_folder, move, remove_all, write_whole

# No name has a `~`, and dfx uses no such folder: its own are the prefix and a name.
_OURS = f"{RESERVED_PREFIX}~"
_NOBODY = _OURS
_READ_ONLY = {KEY_FILE, ENCRYPTED_FILE}


def place(folder: Folder, name: str, files: dict[str, bytes], *, replace: bool) -> None:
    """Have an identity with just these files; keys can be read by their owner only, not written.

    Raises `IdentityError` where the disk will not have it, or files that are no identity's are in
    the place and not to be replaced.
    """
    place = folder.path(name)
    if not replace and os.path.lexists(place) and not _is_empty(place):
        raise IdentityError(
            f"'{place}' is in the way: something is there, but no identity.",
            fix="Move it away, or replace it for ever with `--force`.",
        )
    make_folder(os.path.dirname(place))
    prepared = folder.path(_NOBODY)
    remove_all(prepared)
    make_folder(prepared)
    for file, data in files.items():
        write_whole(os.path.join(prepared, file), data, 0o400 if file in _READ_ONLY else 0o600)
    try:
        if os.path.lexists(place):
            move(place, folder.path(_OURS + name))
        move(prepared, place)
    finally:
        settle(folder)


def discard(folder: Folder, name: str) -> None:
    """Have no such identity; it is gone in one step."""
    prepared = folder.path(_NOBODY)
    remove_all(prepared)
    move(folder.path(name), prepared)
    remove_all(prepared)


def settle(folder: Folder) -> None:
    """Finish what a process that was killed, or that failed, left half done."""
    identities = os.path.dirname(folder.path(_NOBODY))
    if not os.path.isdir(identities):
        return
    for found in os.listdir(identities):
        name = found.removeprefix(_OURS)
        if found == _NOBODY or (found != name and os.path.lexists(folder.path(name))):
            remove_all(folder.path(found))
        elif found != name and is_name(name):
            move(folder.path(found), folder.path(name))


def _is_empty(path: str) -> bool:
    return os.path.isdir(path) and not os.listdir(path)
