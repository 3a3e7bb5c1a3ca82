"""Named identities on disk, in dfx's own formats: which there are, which acts, its principal.

folder.py       reads the folder, as dfx lays it out
remembered.py   principals of keys seen before, so that a call need not load its key
creation.py     makes and selects identities
writing.py      files that are there whole or not at all
keys.py         PEM and seed phrases; the only user of cryptography and the BIP libraries

A call by a key seen before loads the first two and nothing else.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.errors import IdentityError, UsageError
from originstamp_cli.identity.folder import (
    ANONYMOUS_NAME,
    KEY_FILE,
    NAME_RULE,
    SETTINGS_FILE,
    Folder,
    is_name,
)
from originstamp_cli.identity.remembered import Remembered

if TYPE_CHECKING:
    from originstamp_cli.identity.creation import Creation

__all__ = ["Identities"]


class Identities:
    """Named identities below `config_folder`, which dfx may share.

    `selected` names the one that acts, whatever the folder says. `say` is given each line meant
    for the user. `data_folder` is ours alone, and may be lost.

    Except where the only name in play is `anonymous`, the first thing done on a machine makes the
    identity `default`, as dfx does, and says so. Everything raises `IdentityError` for files that
    cannot be read or written, with the path of the file.
    """

    def __init__(
        self,
        config_folder: str,
        data_folder: str,
        *,
        say: Callable[[str], None],
        random_bytes: Callable[[int], bytes] = os.urandom,
        selected: str | None = None,
    ) -> None:
        self._folder = Folder(config_folder)
        self._remembered = Remembered(data_folder)
        self._say = say
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

    def create(self, name: str, *, force: bool = False) -> None:
        """Make `name` with a fresh key in a plain file, and say its seed phrase.

        With `force` it replaces one of that name, which stays selected if it was. Raises
        `UsageError` for what cannot be a name, `IdentityError` for `anonymous` and a name in use.
        """
        if not is_name(name):
            raise UsageError(
                NAME_RULE,
                fix="Choose another name; `.`, `..` and `___temp___…` are not free.",
            )
        if name == ANONYMOUS_NAME:
            raise IdentityError("Cannot create an anonymous identity.")
        self._selected()
        self._creation().new(name, replace=force)

    def use(self, name: str) -> None:
        """Make `name` the one that acts from now on, where nothing overrides it.

        Says so first, as dfx does, then raises `IdentityError` where there is none of this name.
        """
        if is_name(name):
            self._selected()
            self._say(f'Using identity: "{name}".')
        self._existing(name, "Identity must exist")
        self._creation().select(name)

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
        if not self._folder.exists(name):
            place = self._folder.path(name, SETTINGS_FILE)
            raise IdentityError(
                refusal,
                fix=f"Use one of {', '.join(self.names())}; "
                f"`identity new {name}` would make this one.",
                causes=(f"Identity {name} does not exist at '{place}'.",),
                plainly=f"There is no identity {name!r}.",
            )
        return name

    def _principal_on_disk(self, name: str) -> Principal:
        pem = self._folder.key(name)
        principal = self._remembered.get(pem)
        if principal is None:
            principal = self._load(name, pem)
            self._remembered.add(pem, principal)
        return principal

    def _load(self, name: str, pem: bytes) -> Principal:
        from originstamp_cli.identity.keys import BadKey, principal_of

        try:
            return principal_of(pem)
        except BadKey as error:
            path = self._folder.path(name, KEY_FILE)
            raise IdentityError(
                f"The key of the identity '{name}' in '{path}' cannot be used.",
                fix="Put a key that dfx can use in its place, or act as another identity.",
                causes=(str(error),),
            ) from error

    def _creation(self) -> "Creation":
        from originstamp_cli.identity.creation import Creation

        return Creation(self._folder, self._remembered, self._say, self._random_bytes)
