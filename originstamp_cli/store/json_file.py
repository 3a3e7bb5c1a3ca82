"""The state as TinyDB's own JSON: read whole, written whole beside the file and renamed over it.

Stock TinyDB opens the file. What it does not know is in the table `_meta`: that the file is ours,
its schema version, and the next id of each table. Readers need no lock, since a rename is all or
nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from originstamp_cli.errors import StateError

from . import contents, files
from .memory import Documents, MemorySession
from .session import Session

_META = "_meta"
_SQLITE = b"SQLite format 3\x00"

# The tables, the next id of each, and the version of the schema.
_Contents = tuple[dict[str, Documents], dict[str, int], int]


class JsonFile:
    """Opens transactions on one JSON file."""

    def __init__(self, path: str, wait_seconds: float) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    def read(self) -> MemorySession:
        """Return the file's tables, none for a missing file; raises `StateError`."""
        tables, next_ids, version = self._contents(writing=False)
        session = MemorySession(self._path, tables, next_ids)
        session.version = version
        return session

    def write(self) -> "JsonSession":
        """Return the file's tables with the sole right to replace them; raises `StateError`."""
        files.size_of(self._path, writing=True)  # makes no lock beside what can't be a file of ours
        lock = files.Lock(self._path, self._wait_seconds)
        lock.acquire()
        try:
            tables, next_ids, version = self._contents(writing=True)
        except BaseException:
            lock.release()
            raise
        session = JsonSession(self._path, lock, tables, next_ids)
        session.version = version
        return session

    @contextmanager
    def replacing(self, path: str) -> Iterator[tuple[Session, Session]]:
        """Give the state and a copy of one, to be changed, which then takes its place.

        Raises `StateError`, with the old state in place if anything fails.
        """
        session = self.write()
        try:
            tables, next_ids, version = _load(path)
            copy = MemorySession(path, tables, next_ids, writable=True)
            copy.version = version
            yield session, copy
        except BaseException:
            session.abandon()
            raise
        session.become(copy)
        session.commit()

    def copy_to(self, path: str) -> None:
        """Copy the file as it is; raises `StateError`."""
        with files.in_our_words(path, writing=True):
            files.copy_synced(self._path, path)

    def compact(self) -> None:
        """Write the file again, as short as it can be; raises `StateError`."""
        session = self.write()
        session.bring_up()
        session.commit()

    def _contents(self, *, writing: bool) -> _Contents:
        """Return the file's tables and their next ids, none for a missing file."""
        while files.size_of(self._path, writing=writing) is not None:
            try:
                return _load(self._path)
            except StateError as failure:
                # It may be moved away before it is opened; then another may be there, or none.
                if not isinstance(failure.__cause__, FileNotFoundError):
                    raise
        return {}, {}, contents.SCHEMA_VERSION


class JsonSession(MemorySession):
    """A writing transaction on a JSON file."""

    def __init__(
        self,
        path: str,
        lock: files.Lock,
        tables: dict[str, Documents],
        next_ids: dict[str, int],
    ) -> None:
        super().__init__(path, tables, next_ids, writable=True)
        self._lock = lock
        self._is_another = False

    def become(self, other: MemorySession) -> None:
        """Have the tables of another transaction, which changed some of them."""
        self._is_another = True
        other.keep_next_ids()
        self.tables, self.next_ids = other.tables, other.next_ids
        self.failure = other.failure
        self._rows = {}  # those of the tables until now

    def commit(self) -> None:
        """Replace the file; `StateUnwritable` with the old one in place if that fails."""
        if self.failure is not None:
            self.abandon()
            raise self.failure
        try:
            if self.wrote or self._is_another:
                self._replace()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End the transaction and let others write."""
        if not self.over:
            self.over = True
            self._lock.release()

    def _replace(self) -> None:
        self.keep_next_ids()
        text = dump(self.tables, self.next_ids)
        with files.in_our_words(self.path, writing=True):
            files.write_synced(self._lock.draft, text.encode("ascii"))
            self._lock.put_in_place()


def dump(tables: dict[str, Documents], next_ids: dict[str, int]) -> str:
    """Return the text of a file that holds these tables."""
    meta = {
        "application": contents.APPLICATION,
        "schema": contents.SCHEMA_VERSION,
        "next": next_ids,
    }
    parts = [f'"{_META}":{{"1":{contents.encode(meta)}}}']
    for name, documents in tables.items():
        # Documents that nobody touched are as read, the others are text already.
        rows = (
            f'"{doc_id}":{body if isinstance(body, str) else contents.encode(body)}'
            for doc_id, body in documents.items()
        )
        parts.append(f"{contents.encode(name)}:{{{','.join(rows)}}}")
    return "{" + ",\n".join(parts) + "}\n"


def _load(path: str) -> _Contents:
    with files.in_our_words(path, writing=False), open(path, "rb") as file:
        content = file.read()
    if content.startswith(_SQLITE):
        raise contents.damaged(path, "its name ends in .json, but it holds an SQLite database")
    try:
        text = content.decode()
    except UnicodeDecodeError as failure:
        raise contents.damaged(path, "it is not text") from failure
    whole = contents.decode(text, path)
    next_ids, version = _about(whole.pop(_META, None), path)
    tables = {name: _documents(table, path) for name, table in whole.items()}
    return tables, next_ids, version


def _about(meta: Any, path: str) -> tuple[dict[str, int], int]:  # noqa: ANN401 - whatever the file holds
    """Return the next ids and the version from `_meta`, which also says that the file is ours."""
    try:
        own = meta["1"]
        ours = own["application"] == contents.APPLICATION
        version, next_ids = own["schema"], dict(own["next"])
    except (KeyError, TypeError, ValueError):
        ours = False
    if not ours:
        raise contents.damaged(path, "it is not a state that this program wrote")
    if not all(type(number) is int and number >= 1 for number in (version, *next_ids.values())):
        raise contents.damaged(path, "its version or its counters cannot be read")
    contents.refuse_newer(path, version)
    return next_ids, version


def _documents(table: Any, path: str) -> Documents:  # noqa: ANN401 - whatever the file holds
    if not isinstance(table, dict) or not all(isinstance(body, dict) for body in table.values()):
        raise contents.damaged(path, "it is not laid out as TinyDB does")
    try:
        return {int(doc_id): body for doc_id, body in table.items()}
    except ValueError as failure:
        raise contents.damaged(path, "it holds a record without a number") from failure
