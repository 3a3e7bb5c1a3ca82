"""A dfx project: the folder with a dfx.json, what it says, and the ids that its canisters have.

files.py      the JSON files of dfx, guarded by pydantic
networks.py   which networks have a name, and which of them is the one of this machine
ids.py        canister_ids.json: who has which id on which network

A call to a canister that this program runs needs nothing of this, and loads nothing of it.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from originstamp_cli.errors import OriginStampError

if TYPE_CHECKING:
    from originstamp_cli.project.files import CanisterConfig, DfxJson

FILE_NAME = "dfx.json"


class Project:
    """A folder with a dfx.json, which is read when something in it is first asked for."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @cached_property
    def config(self) -> "DfxJson":
        """What dfx.json says; raises `OriginStampError` with its full path where it is corrupt."""
        from originstamp_cli.project.files import DfxJson, read

        return read(os.path.join(self.folder, FILE_NAME), DfxJson) or DfxJson()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other commands from writing in the project; it ends with the process."""
        with open(os.path.join(self.folder, FILE_NAME), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def canister(self, name: str) -> "CanisterConfig":
        """Return what is said of a canister, which is nothing where it is not named."""
        from originstamp_cli.project.files import CanisterConfig

        return self.config.canisters.get(name) or CanisterConfig()

    def with_dependencies(self, names: Iterable[str]) -> list[str]:
        """Return canisters, each behind those that it depends on; raises `OriginStampError`."""
        ordered: list[str] = []
        for name in names:
            self._add(name, ordered, ())
        return ordered

    def _add(self, name: str, ordered: list[str], above: tuple[str, ...]) -> None:
        if name in above:
            circle = " -> ".join([*above[above.index(name) :], name])
            raise OriginStampError(
                f"The dependencies of dfx.json go in a circle: {circle}.",
                fix="Take one of them out of its list of dependencies.",
            )
        if above and name not in self.config.canisters:
            raise OriginStampError(
                f"Canister '{name}' not found in dfx.json.",
                fix=f"It is among the dependencies of '{above[-1]}'.",
            )
        if name in ordered:
            return
        for needed in self.canister(name).dependencies:
            self._add(needed, ordered, (*above, name))
        ordered.append(name)


def find_project(folder: str) -> Project | None:
    """Return the project that a folder is in: its own, or that of the nearest folder above."""
    here = os.path.realpath(folder)
    while not os.path.isfile(os.path.join(here, FILE_NAME)):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return Project(here)


def no_project() -> OriginStampError:
    """Return the error for what can be done only inside of a project."""
    return OriginStampError(
        "Cannot find dfx configuration file in the current working directory. "
        "Did you forget to create one?"
    )
