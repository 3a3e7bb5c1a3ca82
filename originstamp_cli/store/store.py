"""A state file and its transactions."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from originstamp_cli.errors import StateDamaged, StateError, StateTooNew, StateUnwritable

from .contents import SCHEMA_VERSION, too_old
from .indexes import TableSpec
from .session import Session
from .state import State

_JSON = ".json"

Watch = Callable[[int], object]  # told how much is done


class Upgrade(Protocol):
    """What brings a file of an older schema up to date."""

    def keep(self, store: "Store", /) -> object:
        """Keep the file as it is; nobody writes meanwhile."""

    def run(self, state: State, version: int, /) -> object:
        """Change a state of an older version to what is written now."""


class Store:
    """One state file: SQLite, or TinyDB's JSON if its name ends in `.json`.

    Making a store touches nothing. `trace` is called with each SQL statement, as it runs.

    A file of an older schema is brought up to date before anything else is done with it:
    `upgrade` does it in a transaction of its own, with the sole right to write, so that it is done
    once, wholly or not at all.
    """

    schema_version = SCHEMA_VERSION

    def __init__(
        self,
        path: str,
        tables: tuple[TableSpec, ...],
        *,
        wait_seconds: float = 10.0,
        trace: Callable[[str], object] | None = None,
        upgrade: Upgrade | None = None,
    ) -> None:
        if "\x00" in path:
            raise StateError(f"No state file can be called {path!r}.")
        try:
            self.path = os.path.abspath(path)
        except OSError as failure:
            raise StateError(
                "The current folder is gone, so no state file can be found."
            ) from failure
        self.kind = "json" if path.endswith(_JSON) else "sqlite"
        self._tables = tables
        self._upgrade = upgrade
        # Where a link leads: what is renamed into place must replace the file, not the link.
        self._file = self._opener(os.path.realpath(path), wait_seconds, trace)

    @contextmanager
    def read(self, *, scans: bool = False) -> Iterator[State]:
        """Give a consistent view of the state, empty if there is no file; raises `StateError`."""
        session = self._up_to_date(self._file.read)
        try:
            yield State(session, self._tables, scans=scans)
        finally:
            session.abandon()

    @contextmanager
    def write(self, *, scans: bool = False) -> Iterator[State]:
        """Give the state to change: all of it lasts, or after any exception none of it.

        Waits its turn; raises `StateBusy` after the limit and other kinds of `StateError`.
        """
        session = self._up_to_date(self._file.write)
        try:
            yield State(session, self._tables, scans=scans)
        except BaseException:
            session.abandon()
            raise
        session.commit()

    def restore(self, path: str, carry: Callable[[State, State], object]) -> None:
        """Put a copy that `State.copy_to` made in the place of the state, wholly or not at all.

        `carry` is given the state and the copy before, to bring over what is to stay; whatever it
        raises leaves the state as it was. Raises `StateError`.
        """
        self._up_to_date(self._file.read).abandon()
        with self._file.replacing(path) as (old, new):
            self._bring_up(new)
            carry(State(old, self._tables, scans=False), State(new, self._tables, scans=False))

    def dump(self, watch: Watch = lambda _: None) -> Iterator[str]:
        """Yield the state as the text of a `.json` state, which stock TinyDB opens, in pieces.

        `watch` is told now and then how many records are done. Raises `StateError`.
        """
        from .exchange import dump

        session = self._up_to_date(self._file.read)
        try:
            yield from dump(session, self._tables, watch)
        finally:
            session.abandon()

    def load(self, read: Callable[[int], str], source: str, watch: Watch = lambda _: None) -> int:
        """Make the file, which must not be there, from such a text; return how many records.

        `read(count)` gives some of the text, nothing at its end; `source` is what errors call it.
        `watch` is told how many characters are done. Raises `StateError`, and nothing is made.
        """
        from .exchange import Loader

        session: Session = self._file.write()
        try:
            if os.path.lexists(self.path):  # of a new file there is nothing yet but a draft
                raise StateError(f"{self.path} is there already.", fix="Nothing was changed.")
            loader = Loader(session, self._tables, source)
            loader.load(read, watch)
            if loader.version < SCHEMA_VERSION:
                session.version = loader.version
                self._bring_up(session)
                loader.check()
            session.wrote = True
            session.commit()
        finally:
            session.abandon()
        return loader.records

    def copy_to(self, path: str) -> None:
        """Write the file to another, private and synced, whatever its schema is.

        It may be done while this process holds the right to write. Raises `StateError`.
        """
        self._file.copy_to(path)

    def compact(self) -> None:
        """Give back the room that removed records left in the file; raises `StateError`."""
        self._up_to_date(self._file.read).abandon()
        self._file.compact()

    def flaws(self, watch: Watch = lambda _: None) -> Iterator[str]:
        """Yield what is wrong with the file itself, its records, indexes and kept counts.

        Each is a sentence that names a record; raises `StateError` where nothing can be read.
        """
        from .checking import flaws

        session = self._up_to_date(self._file.read)
        try:
            yield from flaws(session, self._tables, watch)
        finally:
            session.abandon()

    def _up_to_date(self, begin: Callable[[], Session]) -> Session:
        """Return a transaction on a file of our schema; raises `StateError`."""
        session = begin()
        while session.version < SCHEMA_VERSION:
            session.abandon()
            self._bring_up_file(session.version)
            session = begin()
        return session

    def _bring_up_file(self, version: int) -> None:
        """Bring the file up to date, unless somebody else has meanwhile."""
        if self._upgrade is None:
            raise too_old(self.path, version)
        try:
            session: Session = self._file.write()
            try:
                if session.version < SCHEMA_VERSION:
                    self._upgrade.keep(self)
                    self._bring_up(session)
                    session.commit()
            finally:
                session.abandon()
        except StateUnwritable as failure:
            raise StateUnwritable(
                f"The state file {self.path} has schema version {version} and has to be brought "
                f"up to {SCHEMA_VERSION} before it is used. {failure.message}",
                fix=failure.fix,
            ) from failure

    def _bring_up(self, session: Session) -> None:
        """Change what a transaction sees to our schema."""
        if session.version < SCHEMA_VERSION:
            if self._upgrade is None:
                raise too_old(session.path, session.version)
            # Its documents are not yet what their tables ask for.
            tables = tuple(spec.unchecked() for spec in self._tables)
            self._upgrade.run(State(session, tables, scans=True), session.version)
            session.bring_up()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from writing; a file that cannot be opened has nobody who writes."""
        try:
            session: Session = self._file.write()
        except (StateDamaged, StateTooNew):
            yield
            return
        try:
            yield
        finally:
            session.abandon()

    def version(self) -> int:
        """Return the schema version of the file, ours if there is none; raises `StateError`."""
        session: Session = self._file.read()
        session.abandon()
        return session.version

    def size(self) -> int:
        """Return the bytes on disk, 0 if there is no file; raises `StateError`."""
        try:
            return os.stat(self.path).st_size
        except FileNotFoundError:
            return 0
        except OSError as failure:
            raise StateError(f"The state file {self.path} cannot be seen: {failure}.") from failure

    def why_not_writable(self) -> str | None:
        """Return what keeps this user from writing the state, None if nothing does."""
        if os.path.exists(self.path) and not os.access(self.path, os.W_OK):
            return f"{self.path} may not be written by this user"
        folder = os.path.dirname(self.path)
        while not os.path.exists(folder):
            folder = os.path.dirname(folder)
        return None if os.access(folder, os.W_OK) else f"{folder} may not be written by this user"

    def _opener(self, path: str, wait_seconds: float, trace: Callable[[str], object] | None) -> Any:  # noqa: ANN401 - either kind of file, and only one of them is loaded
        if self.kind == "json":
            from .json_file import JsonFile

            return JsonFile(path, wait_seconds)
        from .sqlite_file import SqliteFile

        return SqliteFile(path, wait_seconds, trace)
