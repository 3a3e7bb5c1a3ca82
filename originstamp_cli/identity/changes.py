"""Selects, renames and removes identities.

Each step leaves all that is named usable. A renamed one is there under both names before the old
one goes, and the selection moves between; an entry in the keyring outlives what points to it.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from originstamp_cli.errors import IdentityError
from originstamp_cli.identity.folder import (
    ANONYMOUS_NAME,
    SETTINGS_FILE,
    SUFFIX,
    WALLETS_FILE,
    Folder,
    read_object,
    read_small,
)
from originstamp_cli.identity.remembered import Remembered
from originstamp_cli.identity.safe import Safe, as_json
from originstamp_cli.identity.swapping import discard, place, settle
from originstamp_cli.identity.writing import one_at_a_time, write_whole

T = TypeVar("T")

_WALLETS = "identities"


class Changes:
    """Changes a folder of identities, telling the user through `say` what was done.

    Every method raises `IdentityError` where the disk or the keyring will not have it.
    """

    def __init__(
        self, folder: Folder, safe: Safe, remembered: Remembered, say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._safe = safe
        self._remembered = remembered
        self._say = say

    def undisturbed(self, look: Callable[[], T]) -> T:
        """Return what `look` sees while nobody changes anything and nothing is half done.

        Where nothing can be written, nobody changes anything.
        """
        try:
            with one_at_a_time(self._folder.root):
                settle(self._folder)
                return look()
        except IdentityError:
            return look()

    def select(self, name: str) -> None:
        """Make `name` the one that acts from now on, for dfx as well."""
        with one_at_a_time(self._folder.root):
            if name != ANONYMOUS_NAME:
                self._settle_with(name)
            self.write_selection(name)

    def write_selection(self, name: str) -> None:
        """Select while other processes wait already."""
        write_whole(self._folder.selection, as_json({"default": name}), 0o600)

    def remove(self, name: str, *, drop_wallets: bool) -> None:
        """Have no identity `name`; its key is gone for ever.

        Raises `IdentityError` for the selected one, and for one that has wallets unless they may
        be dropped.
        """
        with one_at_a_time(self._folder.root):
            self._settle_with(name)
            if name == self._folder.selected():
                raise IdentityError(
                    "Cannot delete the default identity.",
                    fix="Select another one first with `identity use NAME`.",
                )
            self._check_wallets(name, drop=drop_wallets)
            entry = self.entry(name)
            discard(self._folder, name)
            if entry is not None:
                self.drop_entry(entry)
        self._say(f'Removed identity "{name}".')

    def rename(self, name: str, to: str) -> None:
        """Have the identity `name` under the name `to`, still selected if it was."""
        with one_at_a_time(self._folder.root):
            self._settle_with(name)
            if self._folder.exists(to):
                raise IdentityError("Identity already exists.", fix="Choose another name.")
            entry = self.entry(name)
            self._copy(name, to, entry)
            selected = self._folder.selected() == name
            if selected:
                self.write_selection(to)
            discard(self._folder, name)
            if entry is not None:
                self.drop_entry(entry)
        self._say(f'Renamed identity "{name}" to "{to}".')
        if selected:
            self._say(f'Now using identity: "{to}".')

    def entry(self, name: str) -> str | None:
        """Return how the identity's entry in the keyring ends, or None where it has none."""
        try:
            suffix = self._folder.settings(name).get(SUFFIX)
        except IdentityError:  # what is damaged can be removed all the same
            return None
        return suffix if isinstance(suffix, str) else None

    def drop_entry(self, entry: str) -> None:
        """Have no such entry in the keyring; where that cannot be, say so: all else is done."""
        try:
            self._safe.keyring.delete(entry)
        except IdentityError as error:
            self._say(f"WARNING: The old key stays in the keyring. {error.message}")

    def forget(self, name: str) -> None:
        """Know nothing any more of whose key there is, if there is one."""
        with suppress(IdentityError):
            self._remembered.forget(self._folder.stored(name).content)

    def _settle_with(self, name: str) -> None:
        settle(self._folder)
        if not self._folder.exists(name):
            raise IdentityError(f"Another process has just removed the identity '{name}'.")

    def _copy(self, name: str, to: str, entry: str | None) -> None:
        files = self._files(name)
        config = read_object(self._folder.path(name, WALLETS_FILE)) or {}
        wallets = _wallets(config)
        if name in wallets:
            wallets[to] = wallets.pop(name)
            files[WALLETS_FILE] = as_json({**config, _WALLETS: wallets})
        principal = None
        if entry is not None:
            principal = self._remembered.get(self._folder.stored(name).content)
            self._safe.keyring.put(to, self._safe.keyring.get(entry))
            files[SETTINGS_FILE] = as_json({**self._folder.settings(name), SUFFIX: to})
        place(self._folder, to, files, replace=False)
        if principal is not None:
            self._remembered.add(self._folder.stored(to).content, principal)

    def _files(self, name: str) -> dict[str, bytes]:
        found = os.listdir(self._folder.path(name))
        return {file: read_small(self._folder.path(name, file)) or b"" for file in found}

    def _check_wallets(self, name: str, *, drop: bool) -> None:
        try:
            config = read_object(self._folder.path(name, WALLETS_FILE)) or {}
        except IdentityError:
            if drop:
                return
            raise
        by_network = _wallets(config).get(name)
        if not isinstance(by_network, dict) or not by_network:
            return
        for network, wallet in by_network.items():
            self._say(f"identity '{name}' on network '{network}' has wallet {wallet}")
        if not drop:
            raise IdentityError(
                "If you want to remove an identity with configured wallets, "
                "please use the --drop-wallets flag."
            )


def _wallets(config: dict[str, object]) -> dict[str, object]:
    """Return what dfx knows of wallets: of each identity, by network."""
    found = config.get(_WALLETS)
    return dict(found) if isinstance(found, dict) else {}
