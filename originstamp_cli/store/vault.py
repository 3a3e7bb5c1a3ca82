"""Secrets at rest: sealed with a key kept elsewhere, so that a copied state file gives none away.

A sealed secret is text: `v1:` and, in base64, a random nonce of 96 bits followed by what
AES-256-GCM makes of the secret. It opens only under the context it was sealed for.
"""

import os
from collections.abc import Callable
from contextlib import suppress

from originstamp_cli.errors import (
    StateDamaged,
    StateError,
    StateTooNew,
    StateUnwritable,
    UsageError,
)

from . import files

KEY_FILE = "secret.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1"
_SET_AGAIN = "set the secret again: the old one cannot be recovered without its key."


class Vault:
    """Seals and opens secrets with the key in a folder."""

    def __init__(self, folder: str, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        """Use the key in `folder`; folder and key are made when the first secret is sealed.

        `random_bytes(n)` gives n bytes for keys and nonces. It must never repeat itself outside
        of tests: two secrets under one nonce can be read without the key.
        """
        self._folder = folder
        self._random_bytes = random_bytes

    def seal(self, plain: str, *, context: str) -> str:
        """Return a secret as text that is safe to store, and that `open` turns back.

        `context` says what the secret is for; it is not stored, and a secret moved to another
        place does not open there. Sealing twice gives two different texts. A StateError says why
        the key cannot be used or made, a UsageError that the secret is not text.
        """
        from base64 import urlsafe_b64encode

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            secret = plain.encode()
        except UnicodeEncodeError:
            # `from None`: the error it replaces holds the secret.
            raise UsageError("The secret is not valid UTF-8 text.") from None
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key_to_seal()).encrypt(nonce, secret, context.encode())
        return f"{_VERSION}:{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """Return the secret that `seal` made into this text for the same context.

        A StateError says that the key is missing, readable by others or not the one it was sealed
        with, or that the text or the context was changed; it holds nothing of the secret. Creates
        nothing.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        content = _content(sealed)
        nonce, secret = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        cipher = AESGCM(self._key_to_open())
        try:
            return cipher.decrypt(nonce, secret, context.encode()).decode()
        except (InvalidTag, ValueError):
            raise StateError(
                f"A stored secret does not open with the key in {self._key_path()!r}.",
                fix=f"Put back the key it was sealed with, or {_SET_AGAIN}",
            ) from None

    # A key kept elsewhere (a system keyring) replaces these two methods and nothing else.

    def _key_to_seal(self) -> bytes:
        """Return the key; the first to ask makes it."""
        key = _read_key(self._key_path())
        if key is not None:
            return key
        try:
            _write_once(self._key_path(), self._random_bytes(_KEY_BYTES))
        except OSError as error:
            raise StateUnwritable(
                f"The key {self._key_path()!r} cannot be made: {error.strerror}.",
                fix="Make room and make its folder writable to you, or choose another place: "
                "on Linux, with XDG_CONFIG_HOME.",
            ) from error
        return self._key_to_open()  # whoever was first, all use the key that is there now

    def _key_to_open(self) -> bytes:
        """Return the key, which must be there."""
        key = _read_key(self._key_path())
        if key is None:
            raise StateError(
                f"The key {self._key_path()!r} of the stored secrets is missing.",
                fix=f"Put it back, or {_SET_AGAIN}",
            )
        return key

    def _key_path(self) -> str:
        return os.path.join(self._folder, KEY_FILE)


def _content(sealed: str) -> bytes:
    """Return the bytes in a sealed text, of which exactly one spelling is taken."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    version, _, encoded = sealed.partition(":")
    if version != _VERSION and version[:1] == "v" and version[1:].isdecimal():
        raise StateTooNew(
            f"A stored secret has the form {version}, of a newer version of this program.",
            fix="Update originstamp.",
        )
    try:
        content = urlsafe_b64decode(encoded)
    except ValueError:
        content = b""
    # The last character may hold bits that decoding drops: a text that was changed there too is
    # not what we wrote.
    if version != _VERSION or urlsafe_b64encode(content).decode() != encoded:
        raise StateDamaged(
            "A stored secret is damaged.",
            fix="Set the secret again: the old one cannot be recovered.",
        )
    return content


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
            fix=f"Put the right file back, or move it away and {_SET_AGAIN}",
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
