"""Makes identities: `default` at the first run, and those that are asked for.

Files are written in an order that leaves every moment usable: a key is whole before anything names
it, and of two that follow each other the old one works until the new one does. Two processes that
make identities wait for each other.
"""

import json
import os
from collections.abc import Callable

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import (
    DEFAULT_NAME,
    ENCRYPTED_FILE,
    KEY_FILE,
    SETTINGS_FILE,
    Folder,
)
from originstamp_cli.identity.remembered import Remembered
from originstamp_cli.identity.writing import make_folder, one_at_a_time, remove, write_whole

_FIRST_WORDS = (
    'Creating the "default" identity.',
    (
        'WARNING: The "default" identity is not stored securely. '
        "Do not use it to control a lot of cycles/ICP."
    ),
    (
        "To create a more secure identity, create and use an identity that is protected by a "
        "password using the following commands:"
    ),
    "    dfx identity new <my-secure-identity-name> # creates a password protected identity",
    "    dfx identity use <my-secure-identity-name> # uses this identity by default",
    "",
)
_KEEP_IT = (
    "This can be used to reconstruct your key in case of emergency, "
    "so write it down in a safe place."
)
_IN_PLAINTEXT = {"hsm": None, "encryption": None, "keyring_identity_suffix": None}


class Creation:
    """Makes identities in a folder, telling the user through `say` what was made."""

    def __init__(
        self,
        folder: Folder,
        remembered: Remembered,
        say: Callable[[str], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._folder = folder
        self._remembered = remembered
        self._say = say
        self._random_bytes = random_bytes

    def first_run(self) -> str:
        """Make and select `default`, unless another process did meanwhile; return who is selected.

        A key that is there already stays. Raises `IdentityError` where the disk will not have it.
        """
        with one_at_a_time(self._folder.root):
            selected = self._folder.selected()
            if selected is None:
                self._make_default()
                selected = DEFAULT_NAME
        return selected

    def new(self, name: str, *, replace: bool) -> None:
        """Make `name` with a fresh key in a plain file, in place of an old one if so asked.

        Raises `IdentityError` where there is one and it should stay, or the disk will not have it.
        """
        with one_at_a_time(self._folder.root):
            if self._folder.exists(name) and not replace:
                raise IdentityError(
                    "Identity already exists.",
                    fix=f"Choose another name, or replace the key of '{name}' for ever "
                    "with `--force`.",
                )
            phrase = self._make_key(name)
            self._write_json(self._folder.path(name, SETTINGS_FILE), _IN_PLAINTEXT)
            for left_over in (ENCRYPTED_FILE, "wallets.json"):
                remove(self._folder.path(name, left_over))
        self._say(f"Your seed phrase for identity '{name}': {phrase}")
        self._say(_KEEP_IT)
        self._say(f'Created identity: "{name}".')

    def select(self, name: str) -> None:
        """Make `name` the one that acts from now on, for dfx as well."""
        self._write_json(self._folder.selection, {"default": name})

    def _make_default(self) -> None:
        for line in _FIRST_WORDS:
            self._say(line)
        path = self._folder.path(DEFAULT_NAME, KEY_FILE)
        if self._folder.exists(DEFAULT_NAME):
            self._say(f"  - using key already in place at {path}")
        else:
            self._say(f"  - generating new key at {path}")
            self._say(f"Your seed phrase: {self._make_key(DEFAULT_NAME)}")
            self._say(_KEEP_IT)
        self.select(DEFAULT_NAME)
        self._say('Created the "default" identity.')

    def _make_key(self, name: str) -> str:
        from originstamp_cli.identity import keys

        phrase = keys.new_phrase(self._random_bytes(keys.PHRASE_ENTROPY_BYTES))
        pem = keys.pem_of_phrase(phrase)
        path = self._folder.path(name, KEY_FILE)
        make_folder(os.path.dirname(path))
        write_whole(path, pem, 0o400)
        self._remembered.add(pem, keys.principal_of(pem))
        return phrase

    def _write_json(self, path: str, value: object) -> None:
        write_whole(path, json.dumps(value, indent=2).encode(), 0o600)
