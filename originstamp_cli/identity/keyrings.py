"""Keys in the keyring of the system, under the names that dfx gives them: hex of the PEM text.

A file may stand for the keyring, as in dfx's own tests: DFX_CI_MOCK_KEYRING_LOCATION names it, and
an empty name stands for a keyring that refuses.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import damaged, read_object
from originstamp_cli.identity.writing import write_whole

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "internet_computer_identities"
_RECOMMENDED = 1  # the priority from which the library holds a keyring to be secure
_ENTRIES = "kv_store"
_ELSEWHERE = "Unlock it, or keep the key elsewhere with `--storage-mode`."


class Keyring:
    """The system's keyring, or the file that stands for it.

    Every method raises `IdentityError` where it refuses or breaks; nothing of a key is in that.
    """

    def __init__(self, backend: "KeyringBackend | FileKeyring") -> None:
        self._backend = backend

    def get(self, suffix: str) -> bytes:
        """Return the key of the entry whose name ends in `suffix`."""
        with _told():
            text = self._backend.get_password(SERVICE, _entry(suffix))
        if text is None:
            raise IdentityError(
                f"The keyring has no entry '{_entry(suffix)}' of '{SERVICE}'.",
                fix="Make the keyring available that has it, or act as another identity.",
            )
        try:
            return bytes.fromhex(text)
        except ValueError:
            # `from None`: the error it replaces may hold what was there.
            raise IdentityError(
                f"What the keyring has for '{_entry(suffix)}' of '{SERVICE}' is not a key.",
                fix="Make the identity anew with `--force`.",
            ) from None

    def put(self, suffix: str, pem: bytes) -> None:
        """Keep a key in place of what the entry has, and make sure that it is kept."""
        with _told():
            self._backend.set_password(SERVICE, _entry(suffix), pem.hex())
            kept = self._backend.get_password(SERVICE, _entry(suffix)) == pem.hex()
        if not kept:
            raise IdentityError("The keyring did not keep the key.", fix=_ELSEWHERE)

    def delete(self, suffix: str) -> None:
        """Have no such entry."""
        with _told():
            if self._backend.get_password(SERVICE, _entry(suffix)) is not None:
                self._backend.delete_password(SERVICE, _entry(suffix))


class FileKeyring:
    """A file that stands for a keyring, as dfx has it: {"kv_store": {ENTRY: PASSWORD}}."""

    def __init__(self, path: str) -> None:
        self._path = path

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - has but one
        """Return what an entry has, or None."""
        return self._entries().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002 - as above
        """Put an entry in place of an old one."""
        self._write({**self._entries(), username: password})

    def delete_password(self, service: str, username: str) -> None:  # noqa: ARG002 - as above
        """Have no such entry."""
        self._write({name: text for name, text in self._entries().items() if name != username})

    def _entries(self) -> dict[str, str]:
        entries = (read_object(self._path) or {_ENTRIES: {}}).get(_ENTRIES)
        if not isinstance(entries, dict) or not all(isinstance(v, str) for v in entries.values()):
            raise damaged(self._path)
        return entries

    def _write(self, entries: dict[str, str]) -> None:
        write_whole(self._path, json.dumps({_ENTRIES: entries}).encode(), 0o600)


def find(stand_in: str | None) -> Keyring | None:
    """Return the keyring of this system, or the file that stands for it; None if there is none.

    One that the library holds to be insecure is none.
    """
    if stand_in is not None:
        return Keyring(FileKeyring(stand_in)) if stand_in else None
    import logging

    import keyring

    # Without a handler, the library's complaints about broken plugins go to standard error.
    logging.getLogger("keyring").addHandler(logging.NullHandler())
    with _told():
        found = keyring.get_keyring()
        return Keyring(found) if found.priority >= _RECOMMENDED else None


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except IdentityError:
        raise
    except Exception as failure:  # noqa: BLE001 - a backend raises what it likes
        # Only the kind of failure is told: what a backend says may hold anything.
        raise IdentityError(
            f"The system's keyring cannot be used: {type(failure).__name__}.", fix=_ELSEWHERE
        ) from None


def _entry(suffix: str) -> str:
    return f"internet_computer_identity_{suffix}"
