"""Named identities on disk, in dfx's own formats: which there are, which acts, its principal.

folder.py       reads the folder, as dfx lays it out
remembered.py   principals of keys seen before, so that a call need not load its key
creation.py     makes identities: the first, new and imported ones
changes.py      selects, renames and removes them
safe.py         where keys are kept: in plain files, and by
  sealing.py      under a password
  keyrings.py     in the system's keyring
swapping.py     folders that are there whole or not at all
writing.py      files that are, and one process at a time
keys.py         PEM and seed phrases; the only user of the BIP libraries

A call by a key seen before loads the first two and nothing else, and asks for no password; an
`export` always does.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.errors import IdentityError, UsageError
from originstamp_cli.identity.folder import (
    ANONYMOUS_NAME,
    NAME_RULE,
    PLAINTEXT,
    SETTINGS_FILE,
    Folder,
    is_name,
)
from originstamp_cli.identity.remembered import Remembered

if TYPE_CHECKING:
    from originstamp_cli.identity.changes import Changes
    from originstamp_cli.identity.creation import Creation
    from originstamp_cli.identity.folder import Stored
    from originstamp_cli.identity.safe import Passwords, Safe

__all__ = ["Identities"]


class Identities:
    """Named identities below `config_folder`, which dfx may share.

    `selected` names the one that acts, whatever the folder says. `say` is given each line meant
    for the user. `keyring_file` stands for the system's keyring. `data_folder` is ours alone, and
    may be lost.

    Except where the only name in play is `anonymous`, the first thing done on a machine makes the
    identity `default`, as dfx does, and says so. Everything raises `IdentityError` for files that
    cannot be read or written, with the path of the file.
    """

    def __init__(  # noqa: PLR0913 - what it stands on, each replaced by tests
        self,
        config_folder: str,
        data_folder: str,
        *,
        say: Callable[[str], None],
        passwords: "Passwords",
        keyring_file: str | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
        selected: str | None = None,
    ) -> None:
        self._folder = Folder(config_folder)
        self._remembered = Remembered(data_folder)
        self._say = say
        self._passwords = passwords
        self._keyring_file = keyring_file
        self._random_bytes = random_bytes
        self._override = selected

    def current(self) -> str:
        """Return the name of the one that acts.

        Raises `IdentityError` where the name that overrides is nobody's.
        """
        if self._override is None:
            return self._selected()
        return self._existing(self._override, "The specified identity must exist")

    def principal(self, name: str | None = None) -> Principal:
        """Return the principal of `name`, or of the one that acts.

        Raises `IdentityError` where there is none of this name, or its key cannot be used.
        """
        if name is None:
            name = self.current()
        else:
            name = self._existing(name, "The specified identity must exist")
        return ANONYMOUS if name == ANONYMOUS_NAME else self._principal_on_disk(name)

    def names(self) -> list[str]:
        """Return all names, sorted; `anonymous` is always among them."""
        self._selected()
        return sorted({ANONYMOUS_NAME, *self._folder.names()})

    def create(self, name: str, mode: str | None, *, force: bool = False) -> bool:
        """Make `name` with a fresh key, and say its seed phrase; tell whether it is encrypted.

        `mode` is how the key is kept, as `--storage-mode` has it; None leaves it to what there is:
        a keyring, else a password. With `force` it replaces one of that name, which stays selected
        if it was. Raises `UsageError` for what cannot be a name, `IdentityError` for `anonymous`,
        a name in use, and a key that cannot be kept so.
        """
        self._check_new(name)
        return self._creation().new(name, mode, replace=force)

    def add(self, name: str, pem: bytes, mode: str | None, *, force: bool = False) -> bool:
        """Make `name` with the key in a PEM text; as `create` otherwise.

        Raises `IdentityError` also for a key that dfx cannot use.
        """
        self._check_new(name)
        return self._creation().imported(name, pem, mode, replace=force)

    def pem(self, name: str) -> bytes:
        """Return the PEM text of a key, byte for byte as it was made or imported.

        Asks for the password where one protects it. Raises `IdentityError` where it has no key.
        """
        name = self._existing(name, "The specified identity does not exist")
        if name == ANONYMOUS_NAME:
            raise IdentityError(
                "Cannot export the anonymous identity.", causes=("It acts without a key.",)
            )
        return self._safe().pem(self._stored(name))

    def remove(self, name: str, *, drop_wallets: bool = False) -> None:
        """Have no identity `name`; its key is gone for ever.

        Raises `IdentityError` for the selected one, for `anonymous`, for a name that is nobody's
        and for one with wallets, unless they may be dropped.
        """
        if name == ANONYMOUS_NAME:
            raise IdentityError("Cannot delete the anonymous identity.")
        self._existing(name, "Identity must exist")
        self._changes().remove(name, drop_wallets=drop_wallets)

    def rename(self, name: str, to: str) -> None:
        """Have the identity `name` under the name `to`, still selected if it was.

        Raises `UsageError` for what cannot be a name, `IdentityError` for `anonymous`, a name that
        is nobody's and one in use.
        """
        self._check_new(to)
        if name == ANONYMOUS_NAME:
            raise IdentityError("Cannot rename the anonymous identity.")
        self._existing(name, "Identity does not exist")
        self._changes().rename(name, to)

    def in_plaintext(self) -> str | None:
        """Return the name of the one that acts if anybody who reads its file has its key.

        Makes no identity: before the first run there is none.
        """
        name = self._override or self._folder.selected()
        if name is None or not is_name(name) or not self._folder.exists(name):
            return None
        return name if self._stored(name).mode == PLAINTEXT else None

    def use(self, name: str) -> None:
        """Make `name` the one that acts from now on, where nothing overrides it.

        Says so first, as dfx does, then raises `IdentityError` where there is none of this name.
        """
        if is_name(name):
            self._selected()
            self._say(f'Using identity: "{name}".')
        self._existing(name, "Identity must exist")
        self._changes().select(name)

    def _check_new(self, name: str) -> None:
        if not is_name(name):
            raise UsageError(
                NAME_RULE,
                fix="Choose another name; `.`, `..` and `___temp___…` are not free.",
            )
        if name == ANONYMOUS_NAME:
            raise IdentityError("Cannot create an anonymous identity.")
        self._selected()

    def _selected(self) -> str:
        return self._folder.selected() or self._creation().first_run()

    def _existing(self, name: str, refusal: str) -> str:
        if name == ANONYMOUS_NAME:
            return name
        if not is_name(name):
            raise IdentityError(
                refusal,
                fix="See the names with originstamp identity list.",
                causes=(NAME_RULE,),
                plainly=f"There is no identity {name!r}.",
            )
        self._selected()
        if not self._there(name):
            place = self._folder.path(name, SETTINGS_FILE)
            raise IdentityError(
                refusal,
                fix=f"Use one of {', '.join(self.names())}; "
                f"`identity new {name}` would make this one.",
                causes=(f"Identity {name} does not exist at '{place}'.",),
                plainly=f"There is no identity {name!r}.",
            )
        return name

    def _there(self, name: str) -> bool:
        # Another process may be about to put one in the place of the other.
        return self._folder.exists(name) or self._changes().undisturbed(
            lambda: self._folder.exists(name)
        )

    def _stored(self, name: str) -> "Stored":
        try:
            return self._folder.stored(name)
        except IdentityError:
            return self._changes().undisturbed(lambda: self._folder.stored(name))  # as above

    def _principal_on_disk(self, name: str) -> Principal:
        stored = self._stored(name)
        principal = self._remembered.get(stored.content)
        if principal is None:
            principal = self._load(name, stored)
            self._remembered.add(stored.content, principal)
        return principal

    def _load(self, name: str, stored: "Stored") -> Principal:
        from originstamp_cli.identity.keys import BadKey, principal_of

        try:
            return principal_of(self._safe().pem(stored))
        except BadKey as error:
            raise IdentityError(
                f"The key of the identity '{name}' in '{stored.path}' cannot be used.",
                fix="Put a key that dfx can use in its place, or act as another identity.",
                causes=(str(error),),
            ) from error

    def _safe(self) -> "Safe":
        from originstamp_cli.identity.safe import Safe

        return Safe(self._keyring_file, self._passwords, self._say, self._random_bytes)

    def _changes(self) -> "Changes":
        from originstamp_cli.identity.changes import Changes

        return Changes(self._folder, self._safe(), self._remembered, self._say)

    def _creation(self) -> "Creation":
        from originstamp_cli.identity.creation import Creation

        return Creation(
            self._folder,
            self._safe(),
            self._remembered,
            say=self._say,
            random_bytes=self._random_bytes,
        )
