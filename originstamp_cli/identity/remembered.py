"""Principals of keys seen before, by the SHA-256 of what is on disk of them.

Loading a key costs a call more than all the rest of it together, and where a password protects it
somebody has to type that. The file is ours, not dfx's, and nothing depends on it: absent, damaged
or unwritable, it is as if no key had been seen. It is as safe as the keys are: who can write it
could as well write them. Who acts so without a password gains nothing: a call on the embedded
network is signed with no key, and whoever can make it can write the state file itself.
"""

import json
import os
from hashlib import sha256

from originstamp_cli.candid.principal import Principal
from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import read_small

_MOST = 256
_KEY_BYTES = 29
_KEY_KIND = 2


class Remembered:
    """The file `principals.json` in our data folder, which need not exist."""

    def __init__(self, data_folder: str) -> None:
        self._folder = data_folder
        self._path = os.path.join(data_folder, "principals.json")

    def get(self, content: bytes) -> Principal | None:
        """Return the principal of this key if it was seen before."""
        text = self._read().get(_digest(content))
        try:
            principal = Principal.from_text(text) if isinstance(text, str) else None
        except ValueError:
            return None
        return principal if principal is not None and _is_of_a_key(principal) else None

    def add(self, content: bytes, principal: Principal) -> None:
        """Remember the principal of this key, if the disk lets us."""
        seen = self._read()
        seen.pop(_digest(content), None)
        kept = dict(list(seen.items())[-(_MOST - 1) :])
        kept[_digest(content)] = principal.text
        self._write(kept)

    def forget(self, content: bytes) -> None:
        """Know nothing of this key any more."""
        seen = self._read()
        if seen.pop(_digest(content), None) is not None:
            self._write(seen)

    def _write(self, kept: dict[str, object]) -> None:
        from originstamp_cli.identity.writing import make_folder, write_whole

        try:
            make_folder(self._folder)
            write_whole(self._path, json.dumps(kept, indent=2).encode(), 0o600)
        except IdentityError:
            return

    def _read(self) -> dict[str, object]:
        try:
            value = json.loads(read_small(self._path) or b"{}")
        except (IdentityError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _is_of_a_key(principal: Principal) -> bool:
    return len(principal.raw) == _KEY_BYTES and principal.raw[-1] == _KEY_KIND
