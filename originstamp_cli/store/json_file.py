"""The state as TinyDB's own JSON: read whole, written whole beside the file and renamed over it.

Stock TinyDB opens the file. What it does not know is in the table `_meta`: that the file is ours,
its schema version, and the next id of each table. Readers need no lock, since a rename is all or
nothing.
"""

import os
from typing import Any

from . import bodies, failures, files
from .layout import APPLICATION, SCHEMA_VERSION, too_new
from .memory import Documents, MemorySession

_META = "_meta"
_SQLITE = b"SQLite format 3\x00"


class JsonFile:
    """Opens transactions on one JSON file."""

    def __init__(self, path: str, wait_seconds: float) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    def read(self) -> MemorySession:
        """Return the file's tables, none for a missing file; raises `StateError`."""
        if failures.size_of(self._path, writing=False) is None:
            return MemorySession(self._path)
        return MemorySession(self._path, *_load(self._path))

    def write(self) -> "JsonSession":
        """Return the file's tables with the sole right to replace them; raises `StateError`."""
        found = failures.size_of(self._path, writing=True)
        if found is None:
            try:
                files.make_folders(os.path.dirname(self._path))
            except OSError as failure:
                raise failures.of_system(failure, self._path, writing=True) from failure
        lock = files.Lock(self._path, self._wait_seconds)
        lock.acquire()
        try:
            if failures.size_of(self._path, writing=True) is None:
                return JsonSession(self._path, lock, {}, {})
            return JsonSession(self._path, lock, *_load(self._path))
        except BaseException:
            lock.release()
            raise


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

    def commit(self) -> None:
        """Replace the file; `StateUnwritable` with the old one in place if that fails."""
        if self.failure is not None:
            self.abandon()
            raise self.failure
        try:
            if self.changed:
                self._replace()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End the transaction and let others write."""
        if not self.over:
            self.over = True
            self._lock.release()

    def _replace(self) -> None:
        for name, rows in self.changed.items():
            self.next_ids[name] = rows.next_id
        beside = f"{self.path}.new"
        try:
            files.remove(beside)
            _write(beside, _dump(self.tables, self.next_ids))
            os.rename(beside, self.path)
            files.sync_folder(os.path.dirname(self.path))
        except OSError as failure:
            files.remove(beside)
            raise failures.of_system(failure, self.path, writing=True) from failure


def _write(path: str, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _dump(tables: dict[str, Documents], next_ids: dict[str, int]) -> str:
    meta = {"application": APPLICATION, "schema": SCHEMA_VERSION, "next": next_ids}
    parts = [f'"{_META}":{{"1":{bodies.encode(meta)}}}']
    for name, documents in tables.items():
        # Documents that nobody touched are as read, the others are text already.
        rows = (
            f'"{doc_id}":{body if isinstance(body, str) else bodies.encode(body)}'
            for doc_id, body in documents.items()
        )
        parts.append(f"{bodies.encode(name)}:{{{','.join(rows)}}}")
    return "{" + ",\n".join(parts) + "}\n"


def _load(path: str) -> tuple[dict[str, Documents], dict[str, int]]:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as failure:
        raise failures.of_system(failure, path, writing=False) from failure
    if content.startswith(_SQLITE):
        raise bodies.damaged(path, "its name ends in .json, but it holds an SQLite database")
    try:
        text = content.decode()
    except UnicodeDecodeError as failure:
        raise bodies.damaged(path, "it is not text") from failure
    whole = bodies.decode(text, path)
    next_ids = _next_ids(whole.pop(_META, None), path)
    return {name: _documents(table, path) for name, table in whole.items()}, next_ids


def _next_ids(meta: Any, path: str) -> dict[str, int]:  # noqa: ANN401 - whatever the file holds
    """Return the next id of each table from `_meta`, which also says that the file is ours."""
    try:
        own = meta["1"]
        ours = own["application"] == APPLICATION
        version, next_ids = own["schema"], dict(own["next"])
    except (KeyError, TypeError, ValueError):
        ours = False
    if not ours:
        raise bodies.damaged(path, "it is not a state that this program wrote")
    if not all(isinstance(number, int) for number in (version, *next_ids.values())):
        raise bodies.damaged(path, "its version or its counters cannot be read")
    if version > SCHEMA_VERSION:
        raise too_new(path, version)
    return next_ids


def _documents(table: Any, path: str) -> Documents:  # noqa: ANN401 - whatever the file holds
    if not isinstance(table, dict) or not all(isinstance(body, dict) for body in table.values()):
        raise bodies.damaged(path, "it is not laid out as TinyDB does")
    try:
        return {int(doc_id): body for doc_id, body in table.items()}
    except ValueError as failure:
        raise bodies.damaged(path, "it holds a record without a number") from failure
