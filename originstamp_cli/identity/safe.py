"""Where keys are kept: in plain files, under a password, or in the system's keyring."""

import json
from collections.abc import Callable
from typing import Protocol

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import (
    ENCRYPTED_FILE,
    KEY_FILE,
    KEYRING,
    PASSWORD,
    PLAINTEXT,
    SETTINGS_FILE,
    SUFFIX,
    Stored,
    damaged,
)
from originstamp_cli.identity.keyrings import Keyring, find

_NOTHING = {"hsm": None, "encryption": None, SUFFIX: None}


class Passwords(Protocol):
    """Whom to ask for passwords; both raise `IdentityError` where there is nobody."""

    def new(self) -> str:
        """Return a password to protect a key with."""

    def existing(self) -> str:
        """Return the password that protects a key."""


class Safe:
    """Loads keys and prepares them to be kept.

    `stand_in` names the file that stands for the system's keyring.
    """

    def __init__(
        self,
        stand_in: str | None,
        passwords: Passwords,
        say: Callable[[str], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._stand_in = stand_in
        self._passwords = passwords
        self._say = say
        self._random_bytes = random_bytes

    @property
    def keyring(self) -> Keyring:
        """The keyring; raises `IdentityError` where there is none."""
        found = find(self._stand_in)
        if found is None:
            raise IdentityError(
                "The key is in the system's keyring, and none can be used here.",
                fix="Make the keyring available that has it, or act as another identity.",
            )
        return found

    def mode(self, wanted: str | None) -> str:
        """Return how a new key is kept: without a wish in the keyring, and without one sealed.

        As for dfx, to wish for a keyring is no more than that.
        """
        if wanted in {PASSWORD, PLAINTEXT}:
            return str(wanted)
        return KEYRING if find(self._stand_in) else PASSWORD

    def files(self, name: str, pem: bytes, mode: str) -> dict[str, bytes]:
        """Return the files of an identity whose key is kept so; one in the keyring is not yet."""
        if mode == KEYRING:
            return {SETTINGS_FILE: as_json({**_NOTHING, SUFFIX: name})}
        if mode == PLAINTEXT:
            return {KEY_FILE: pem, SETTINGS_FILE: as_json(_NOTHING)}
        from originstamp_cli.identity.sealing import seal

        sealed, encryption = seal(pem, self._passwords.new(), self._random_bytes)
        settings = as_json({**_NOTHING, "encryption": encryption})
        return {ENCRYPTED_FILE: sealed, SETTINGS_FILE: settings}

    def pem(self, stored: Stored) -> bytes:
        """Return the PEM text of a key; raises `IdentityError` where it cannot be had."""
        if stored.mode == KEYRING:
            return self.keyring.get(stored.suffix)
        return self._unsealed(stored) if stored.mode == PASSWORD else stored.content

    def _unsealed(self, stored: Stored) -> bytes:
        from originstamp_cli.identity.sealing import BadSettings, WrongPassword, check, unseal

        try:
            check(stored.encryption)
            pem = unseal(stored.content, self._passwords.existing(), stored.encryption)
        except BadSettings:
            raise damaged(stored.path.removesuffix(ENCRYPTED_FILE) + SETTINGS_FILE) from None
        except WrongPassword:
            raise IdentityError(
                f"Failed to decrypt PEM file at {stored.path}",
                fix="Try again with the password that it was made with.",
            ) from None
        self._say("Decryption complete.")
        return pem


def as_json(value: object) -> bytes:
    """Return what a file of settings holds, as dfx writes it."""
    return json.dumps(value, indent=2).encode()
