"""Makes identities: `default` at the first run, new ones, and those whose key comes from elsewhere.

A key is whole before anything names it. A password is asked for before other processes have to
wait, and what was true before they were done is looked at again.
"""

from collections.abc import Callable

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.changes import Changes
from originstamp_cli.identity.folder import (
    DEFAULT_NAME,
    KEY_FILE,
    KEYRING,
    PASSWORD,
    Folder,
    read_small,
)
from originstamp_cli.identity.remembered import Remembered
from originstamp_cli.identity.safe import Safe
from originstamp_cli.identity.swapping import place, settle
from originstamp_cli.identity.writing import one_at_a_time

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


class Creation:
    """Makes identities in a folder, telling the user through `say` what was made."""

    def __init__(
        self,
        folder: Folder,
        safe: Safe,
        remembered: Remembered,
        *,
        say: Callable[[str], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._folder = folder
        self._safe = safe
        self._remembered = remembered
        self._changes = Changes(folder, safe, remembered, say)
        self._say = say
        self._random_bytes = random_bytes

    def first_run(self) -> str:
        """Make and select `default`, unless another process did meanwhile; return who is selected.

        A key that is there already stays. Raises `IdentityError` where the disk will not have it.
        """
        with one_at_a_time(self._folder.root):
            settle(self._folder)
            selected = self._folder.selected()
            if selected is None:
                self._make_default()
                selected = DEFAULT_NAME
        return selected

    def new(self, name: str, wanted: str | None, *, replace: bool) -> bool:
        """Make `name` with a fresh key, kept as is wanted; tell whether a password protects it.

        Raises `IdentityError` where there is one that is not to be replaced, or its key cannot be
        kept so.
        """
        from originstamp_cli.identity import keys

        phrase = keys.new_phrase(self._random_bytes(keys.PHRASE_ENTROPY_BYTES))
        mode = self._keep(name, keys.pem_of_phrase(phrase), wanted, replace=replace)
        self._say(f"Your seed phrase for identity '{name}': {phrase}")
        self._say(_KEEP_IT)
        self._say(f'Created identity: "{name}".')
        return mode == PASSWORD

    def imported(self, name: str, pem: bytes, wanted: str | None, *, replace: bool) -> bool:
        """Make `name` with a key that there is; as `new` otherwise.

        Raises `IdentityError` also where the key cannot be used.
        """
        from originstamp_cli.identity.keys import BadKey, principal_of

        self._refuse_another(name, replace=replace)
        try:
            principal_of(pem)
        except BadKey as error:
            raise IdentityError(
                "Failed to validate pem file", causes=("Failed to validate PEM content", str(error))
            ) from error
        mode = self._keep(name, pem, wanted, replace=replace)
        self._say(f'Imported identity: "{name}".')
        return mode == PASSWORD

    def _keep(self, name: str, pem: bytes, wanted: str | None, *, replace: bool) -> str:
        """Keep a key as is wanted, and return how."""
        self._refuse_another(name, replace=replace)
        mode = self._safe.mode(wanted)
        if mode == PASSWORD and wanted != PASSWORD:
            self._say("There is no keyring here: a password will protect the key.")
        files = self._safe.files(name, pem, mode)
        with one_at_a_time(self._folder.root):
            settle(self._folder)
            self._refuse_another(name, replace=replace)
            self._put(name, pem, files, in_keyring=mode == KEYRING, replace=replace)
        return mode

    def _put(
        self, name: str, pem: bytes, files: dict[str, bytes], *, in_keyring: bool, replace: bool
    ) -> None:
        old = self._changes.entry(name)
        if in_keyring:
            # Who is stopped between these steps has the new key under files that stand for the old
            # one; so what was known of it must go first.
            self._changes.forget(name)
            self._safe.keyring.put(name, pem)
        place(self._folder, name, files, replace=replace)
        if old is not None and not (in_keyring and old == name):
            self._changes.drop_entry(old)
        self._remember(name, pem)

    def _refuse_another(self, name: str, *, replace: bool) -> None:
        if self._folder.exists(name) and not replace:
            raise IdentityError(
                "Identity already exists.",
                fix=f"Choose another name, or replace the key of '{name}' for ever with `--force`.",
            )

    def _make_default(self) -> None:
        for line in _FIRST_WORDS:
            self._say(line)
        path = self._folder.path(DEFAULT_NAME, KEY_FILE)
        legacy = read_small(self._folder.legacy_key)
        if self._folder.exists(DEFAULT_NAME):
            self._say(f"  - using key already in place at {path}")
        elif legacy is not None:
            self._say(f"  - migrating key from {self._folder.legacy_key} to {path}")
            place(self._folder, DEFAULT_NAME, {KEY_FILE: legacy}, replace=False)
        else:
            self._say(f"  - generating new key at {path}")
            self._say(f"Your seed phrase: {self._make_first_key()}")
            self._say(_KEEP_IT)
        self._changes.write_selection(DEFAULT_NAME)
        self._say('Created the "default" identity.')

    def _make_first_key(self) -> str:
        from originstamp_cli.identity import keys

        phrase = keys.new_phrase(self._random_bytes(keys.PHRASE_ENTROPY_BYTES))
        pem = keys.pem_of_phrase(phrase)
        place(self._folder, DEFAULT_NAME, {KEY_FILE: pem}, replace=False)
        self._remember(DEFAULT_NAME, pem)
        return phrase

    def _remember(self, name: str, pem: bytes) -> None:
        from originstamp_cli.identity.keys import principal_of

        self._remembered.add(self._folder.stored(name).content, principal_of(pem))
