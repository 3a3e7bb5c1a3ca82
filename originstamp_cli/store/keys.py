"""The keys that secrets are sealed with: in the system keyring, or in a file where there is none.

The keyring is the Secret Service, KWallet or Keychain, as the keyring library finds it. In it a key
is named after the configuration folder; the file is `secret.key` in that folder.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from originstamp_cli.errors import StateDamaged, StateError, StateUnwritable

from . import files

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KEY_FILE = "secret.key"
SERVICE = "originstamp"
RECOMMENDED = 1  # the priority from which the library holds a keyring to be secure
SET_AGAIN = "set the secret again: the old one cannot be recovered without its key."
_KEY_BYTES = 32
_LOCK_SECONDS = 10


class Keys:
    """The keys of one configuration folder."""

    def __init__(self, folder: str, random_bytes: Callable[[int], bytes]) -> None:
        """Use the keys of `folder`; `random_bytes(n)` gives n bytes for a new one."""
        self._path = os.path.join(folder, KEY_FILE)
        self._user = os.path.abspath(folder)
        self._random_bytes = random_bytes

    def to_seal(self) -> bytes:
        """Return the key to seal with, of 32 bytes; the first to ask makes it.

        It is the keyring's, or the file's where no keyring gives one. A StateError says why that
        file cannot be used or made.
        """
        try:
            key = self._of_keyring()
        except Exception:  # noqa: BLE001 - a backend raises what it likes, and the file will do
            key = None
        return self._of_file() if key is None else key

    def to_open(self) -> Iterator[tuple[bytes, str]]:
        """Yield each key that may have sealed a secret, and the place it is in: the file's first.

        The keyring is not asked before the second is wanted. A StateError says why a place cannot
        be looked in, or that there is no key in any. Makes nothing.
        """
        in_file = _read_key(self._path)
        if in_file is not None:
            yield in_file, repr(self._path)
        in_keyring = self._found_in_keyring()
        if in_keyring is not None:
            yield in_keyring, "the system keyring"
        if in_file is None and in_keyring is None:
            raise StateError(
                f"The key {self._path!r} of the stored secrets is missing. "
                "The system keyring does not have it either.",
                fix=f"Put it back, make the keyring that has it available here, or {SET_AGAIN}",
            )

    def _of_keyring(self) -> bytes | None:
        """Return the key in the keyring, made if need be; None if there is no keyring."""
        keyring = _find_keyring()
        if keyring is None:
            return None
        key = _get(keyring, self._user)
        return self._put_once(keyring) if key is None else key

    def _put_once(self, keyring: "KeyringBackend") -> bytes | None:
        """Return the key that the first of several processes puts into the keyring.

        A keyring overwrites what is there, so they take turns. None if it does not keep the key.
        """
        from base64 import b64encode

        lock = files.Lock(os.path.join(self._user, KEY_FILE), _LOCK_SECONDS)
        lock.acquire()
        try:
            key = _get(keyring, self._user)
            if key is not None:
                return key
            key = self._random_bytes(_KEY_BYTES)
            keyring.set_password(SERVICE, self._user, b64encode(key).decode())
            return key if _get(keyring, self._user) == key else None
        finally:
            lock.release()

    def _found_in_keyring(self) -> bytes | None:
        """Return the key in the keyring, None if there is no keyring or no key in it."""
        try:
            keyring = _find_keyring()
            return None if keyring is None else _get(keyring, self._user)
        except StateError:
            raise
        except Exception as failure:  # noqa: BLE001 - a backend raises what it likes
            # Only the kind of failure is told: what a backend says may hold anything.
            raise StateError(
                "The system keyring, which may have the key of the stored secrets, cannot be used: "
                f"{type(failure).__name__}.",
                fix=f"Unlock it, name another one in PYTHON_KEYRING_BACKEND, or {SET_AGAIN}",
            ) from None

    def _of_file(self) -> bytes:
        """Return the key in the file, made if need be."""
        key = _read_key(self._path)
        if key is not None:
            return key
        try:
            _write_once(self._path, self._random_bytes(_KEY_BYTES))
        except OSError as error:
            raise StateUnwritable(
                f"The key {self._path!r} cannot be made: {error.strerror}.",
                fix="Make room and make its folder writable to you, or choose another place: "
                "on Linux, with XDG_CONFIG_HOME.",
            ) from error
        key = _read_key(self._path)  # whoever was first, all use the key that is there now
        if key is None:
            raise StateError(
                f"The key {self._path!r} was removed while it was made.", fix="Try again."
            )
        return key


def _find_keyring() -> "KeyringBackend | None":
    """Return the keyring of this system; None if there is none, or one no safer than our file."""
    import logging

    import keyring

    # Without a handler, the library's complaints about broken plugins go to standard error.
    logging.getLogger("keyring").addHandler(logging.NullHandler())
    found = keyring.get_keyring()
    return found if found.priority >= RECOMMENDED else None


def _get(keyring: "KeyringBackend", user: str) -> bytes | None:
    """Return the key that the keyring has for a user, None if it has none."""
    from base64 import b64decode

    text = keyring.get_password(SERVICE, user)
    if text is None:
        return None
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        # `from None`: the error it replaces may hold what was there.
        raise StateDamaged(
            f"What the system keyring has for {SERVICE!r} and {user!r} is not a key of ours.",
            fix=f"Remove it from the keyring and {SET_AGAIN}",
        ) from None
    return key


def _read_key(path: str) -> bytes | None:
    """Return the key in a file that only its owner can read, None if there is no such file."""
    try:
        # A pipe put in its place must not hold us up; O_NONBLOCK does nothing to a real file.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateUnwritable(
            f"The key {path!r} cannot be read: {error.strerror}.",
            fix="Check who may read it and its folders.",
        ) from error
    try:
        return _checked_key(descriptor, path)
    finally:
        os.close(descriptor)


def _checked_key(descriptor: int, path: str) -> bytes:
    from shlex import quote
    from stat import S_ISREG

    found = os.fstat(descriptor)
    if not S_ISREG(found.st_mode) or found.st_size != _KEY_BYTES:
        raise StateDamaged(
            f"{path!r} is not a key of ours ({_KEY_BYTES} bytes).",
            fix=f"Put the right file back, or move it away and {SET_AGAIN}",
        )
    if found.st_mode & 0o077:
        raise StateError(
            f"The key {path!r} can be used by others (mode {found.st_mode & 0o777:03o}).",
            fix=f"Run `chmod 600 {quote(path)}`.",
        )
    return os.read(descriptor, _KEY_BYTES)


def _write_once(path: str, content: bytes) -> None:
    """Write a file that only its owner can use, unless there is one; nobody sees a part of it.

    It is written under another name and then linked to its own, which only the first of several
    processes can do.
    """
    folder = os.path.dirname(os.path.abspath(path))
    files.make_folders(folder)
    draft = f"{path}.{os.getpid()}.{os.urandom(8).hex()}"
    try:
        files.write_synced(draft, content)
        with suppress(FileExistsError):
            os.link(draft, path)
        files.sync_folder(folder)  # secrets are sealed with what it names
    finally:
        files.remove(draft)
