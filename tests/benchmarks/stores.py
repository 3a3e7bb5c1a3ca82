"""Our store beside stock TinyDB and bare sqlite3, each with the same records.

Each operation is done in one transaction of many, whose commit counts; of TinyDB, which reads and
writes its whole file each time, once or twice.
"""

import json
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from measuring import PYTHON, Bound, Report, Table, beside, cost
from surroundings import NO_KEYRING
from tinydb import TinyDB, where

from originstamp_cli.store import Index, Store, TableSpec

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MOST_IN_TINYDB = 100_000
TOGETHER = 1_000
RUNS = 15

THINGS = TableSpec("things", indexes=(Index("name", unique=True),))
OPERATIONS = ("open", "get by id", "get by field", "insert", "update")
GET, INSERT = 3.0, 2.0
BOUNDS = {"get by id": GET, "get by field": GET, "insert": INSERT}

Work = Callable[[], int]  # does something and returns how often


def record(number: int) -> dict[str, object]:
    """Return a record of the size that a session has."""
    return {
        "name": f"name-{number:07d}",
        "title": "Harbour at dawn",
        "description": "Oil on linen, 60 x 80 cm, signed on the back",
        "photos": [f"https://photos.example/{number}/{photo}.jpg" for photo in range(3)],
        "created_at": 1_700_000_000_000_000_000 + number,
    }


class Ours:
    """Our store; of size 0 for what is there already, as the others below."""

    def __init__(self, path: Path, size: int) -> None:
        self._store = Store(str(path), (THINGS,))
        self._size = size
        self._next = count(size + 1)
        if size:
            with self._store.write() as state:
                state.table(THINGS).insert_multiple(map(record, range(1, size + 1)))

    def open(self) -> int:
        with self._store.read() as state:
            state.table(THINGS).get(doc_id=1)
        return 1

    def get_by_id(self) -> int:
        with self._store.read() as state:
            table = state.table(THINGS)
            for number in drawn(self._size):
                table.get(doc_id=number)
        return TOGETHER

    def get_by_field(self) -> int:
        with self._store.read() as state:
            table = state.table(THINGS)
            for number in drawn(self._size):
                table.get(where("name") == f"name-{number:07d}")
        return TOGETHER

    def insert(self) -> int:
        with self._store.write() as state:
            for _ in range(TOGETHER):
                state.table(THINGS).insert(record(next(self._next)))
        return TOGETHER

    def update(self) -> int:
        with self._store.write() as state:
            for number in drawn(self._size):
                change = {"title": str(next(self._next))}
                state.table(THINGS).update(change, where("name") == f"name-{number:07d}")
        return TOGETHER


class Bare:
    """SQLite as one would use it by hand: JSON in a column, the field beside it with an index."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = str(path)
        self._size = size
        self._next = count(size + 1)
        if not size:
            return
        with closing(self._connected()) as connection:
            connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, body TEXT)")
            connection.execute("CREATE UNIQUE INDEX by_name ON things (name)")
            self._insert(connection, range(1, size + 1))

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA synchronous=EXTRA")
        return connection

    @staticmethod
    def _insert(connection: sqlite3.Connection, numbers: range) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for number in numbers:
            one = record(number)
            row = one["name"], json.dumps(one)
            connection.execute("INSERT INTO things (name, body) VALUES (?, ?)", row)
        connection.execute("COMMIT")

    def open(self) -> int:
        with closing(self._connected()) as connection:
            self._get(connection, "id", 1)
        return 1

    @staticmethod
    def _get(connection: sqlite3.Connection, field: str, value: object) -> object:
        found = connection.execute(f"SELECT body FROM things WHERE {field} = ?", (value,))  # noqa: S608 - a field's name
        return json.loads(found.fetchone()[0])

    def get_by_id(self) -> int:
        with closing(self._connected()) as connection:
            for number in drawn(self._size):
                self._get(connection, "id", number)
        return TOGETHER

    def get_by_field(self) -> int:
        with closing(self._connected()) as connection:
            for number in drawn(self._size):
                self._get(connection, "name", f"name-{number:07d}")
        return TOGETHER

    def insert(self) -> int:
        first = next(self._next)
        numbers = range(first, first + TOGETHER)
        self._next = count(first + TOGETHER)
        with closing(self._connected()) as connection:
            self._insert(connection, numbers)
        return TOGETHER

    def update(self) -> int:
        with closing(self._connected()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for number in drawn(self._size):
                name = f"name-{number:07d}"
                (body,) = connection.execute(
                    "SELECT body FROM things WHERE name = ?", (name,)
                ).fetchone()
                one = json.loads(body) | {"title": str(next(self._next))}
                values = json.dumps(one), name
                connection.execute("UPDATE things SET body = ? WHERE name = ?", values)
            connection.execute("COMMIT")
        return TOGETHER


class Stock:
    """TinyDB as it comes, on its JSON file."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = str(path)
        self._size = size
        self._next = count(size + 1)
        if size:
            with TinyDB(self._path) as db:
                db.table("things").insert_multiple(map(record, range(1, size + 1)))

    def open(self) -> int:
        return self.get_by_id()

    def get_by_id(self) -> int:
        with TinyDB(self._path) as db:
            db.table("things").get(doc_id=max(1, self._size // 2))
        return 1

    def get_by_field(self) -> int:
        with TinyDB(self._path) as db:
            db.table("things").get(where("name") == f"name-{self._size // 2:07d}")
        return 1

    def insert(self) -> int:
        with TinyDB(self._path) as db:
            db.table("things").insert(record(next(self._next)))
        return 1

    def update(self) -> int:
        with TinyDB(self._path) as db:
            change = {"title": str(next(self._next))}
            db.table("things").update(change, where("name") == f"name-{self._size // 2:07d}")
        return 1


KINDS: dict[str, Callable[[Path, int], Ours | Bare | Stock]] = {
    "ours": Ours,
    "sqlite3": Bare,
    "TinyDB": Stock,
}
ENDINGS = {"ours": "db", "sqlite3": "sqlite", "TinyDB": "json"}


def drawn(size: int) -> list[int]:
    """Return ids to ask for, the same each time."""
    return random.Random(size).choices(range(1, size + 1), k=TOGETHER)  # noqa: S311 - no secret


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> Report:
    """Return the figures of the stores."""
    rows, memory, bounds = [], [], []
    for size in sizes:
        kinds = [kind for kind in KINDS if kind != "TinyDB" or size <= MOST_IN_TINYDB]
        paths = {kind: folder / f"things-{size}.{ENDINGS[kind]}" for kind in kinds}
        opened = {kind: KINDS[kind](path, size) for kind, path in paths.items()}
        for operation in OPERATIONS:
            took = _timed({kind: _work(each, operation) for kind, each in opened.items()})
            ratio = beside(took["ours"], took["sqlite3"])
            told = [f"{min(took[kind]):,.1f}" if kind in took else "" for kind in KINDS]
            rows.append([f"{size:,}", operation, *told, f"{ratio:.2f}"])
            if operation in BOUNDS:
                what = f"store: {operation} / bare sqlite3, {size:,} records"
                bounds.append(Bound(what, ratio, BOUNDS[operation]))
        peaks = [_peak(kind, paths[kind]) if kind in paths else "" for kind in KINDS]
        memory.append([f"{size:,}", *peaks])
    columns = ["records", "operation", *KINDS, "ours / sqlite3"]
    return Report(
        [
            Table("Stores: CPU µs an operation", columns, rows),
            Table("Stores: peak MiB of a process that opens and gets", ["records", *KINDS], memory),
        ],
        bounds,
    )


def _work(store: Ours | Bare | Stock, operation: str) -> Work:
    work: Work = getattr(store, operation.replace(" ", "_"))
    return work


def _timed(works: dict[str, Work]) -> dict[str, list[float]]:
    """Return the CPU microseconds of each run, done in turn; of what takes long, fewer runs."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    slow: dict[str, int] = {}
    for _ in range(RUNS):
        for name, work in works.items():
            if slow.get(name, 0) > 1:
                continue
            started = time.process_time()
            often = work()
            seconds = time.process_time() - started
            slow[name] = slow.get(name, 0) + (seconds > 0.2)
            taken[name].append(seconds / often * 1e6)
    return taken


def _peak(kind: str, path: Path) -> str:
    """Return the peak memory of a process of its own, in MiB."""
    variables = {"PYTHONPATH": ":".join(sys.path)} | NO_KEYRING
    found = cost([PYTHON, __file__, kind, str(path)], variables)
    return f"{found.memory / 1024:.1f}"


def _open_and_get(kind: str, path: Path) -> None:
    store = KINDS[kind](path, 0)
    _work(store, "open")()


if __name__ == "__main__":
    _open_and_get(sys.argv[1], Path(sys.argv[2]))
