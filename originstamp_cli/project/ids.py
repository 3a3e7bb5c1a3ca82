"""canister_ids.json: which id each canister of a project has on a network.

For a network that does not last the file is below .dfx, beside a `network-id`: after a
`start --clean`, from wherever it was given, that is another network's and what it lists is gone.
"""

import os
import shutil

from originstamp_cli.project import Project
from originstamp_cli.project.networks import Described
from originstamp_cli.project.writing import write, write_text

FILE_NAME = "canister_ids.json"
CANDID_UI = "__Candid_UI"


class Ids:
    """The ids of a project's canisters on one network.

    `network_id` is what tells this embedded network from the one before it; None where that is
    not known, or does not matter.
    """

    def __init__(self, project: Project, network: Described, network_id: str | None) -> None:
        self._project = project
        self._network = network
        self._network_id = network_id
        lasting = network.persistent
        self.folder = project.folder if lasting else folder_of(project, network)
        self.path = os.path.join(self.folder, FILE_NAME)

    def get(self, name: str) -> str | None:
        """Return the id of a canister: one that dfx.json names itself, or else a kept one."""
        remote = self._project.canister(name).remote
        given = remote.id.get(self._network.name) if remote else None
        return given or self._kept().get(name, {}).get(self._network.name)

    def names(self) -> dict[str, str]:
        """Return the id of every canister that has one on this network."""
        network = self._network.name
        return {name: ids[network] for name, ids in self._kept().items() if network in ids}

    def keep(self, added: dict[str, str]) -> bool:
        """Keep ids, and return whether that made the file; raises `OriginStampError`."""
        with self._project.locked():
            kept = self._kept()
            is_new = not os.path.exists(self.path)
            before = {name: dict(ids) for name, ids in kept.items()}
            for name, text in added.items():
                kept.setdefault(name, {})[self._network.name] = text
            if is_new or kept != before or self._is_stale():
                self._write(kept)
            return is_new

    def drop(self, name: str) -> None:
        """Forget the id of a canister; raises `OriginStampError`."""
        with self._project.locked():
            kept = self._kept()
            if kept.get(name, {}).pop(self._network.name, None) is None:
                return
            if not kept[name]:
                del kept[name]
            self._write(kept)

    def _write(self, kept: dict[str, dict[str, str]]) -> None:
        if not self._network.persistent:
            if self._is_stale():  # what else lies there is of a network that is no more
                shutil.rmtree(self.folder, ignore_errors=True)
            write_text(self._stamp, self._network_id or "")
        write(self.path, kept)

    def _kept(self) -> dict[str, dict[str, str]]:
        if self._is_stale():
            return {}
        from originstamp_cli.project.files import IdsJson, read

        found = read(self.path, IdsJson)
        return found.root if found else {}

    @property
    def _stamp(self) -> str:
        return os.path.join(self.folder, "network-id")

    def _is_stale(self) -> bool:
        """Tell whether what is kept was kept for a network that is no more."""
        if self._network.persistent or not self._network.embedded:
            return False
        try:
            with open(self._stamp, encoding="utf-8") as file:
                return file.read().strip() != self._network_id
        except (OSError, UnicodeDecodeError):
            return os.path.exists(self.path) and self._network_id is not None


def folder_of(project: Project, network: Described) -> str:
    """Return where a project keeps what belongs to a network."""
    return os.path.join(project.folder, ".dfx", network.name)
