"""What an operator does with the state as a whole: look at it, copy it, carry it elsewhere."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from originstamp_cli.canister.records import TABLES, Upgrade
from originstamp_cli.canister.runtime import Host
from originstamp_cli.errors import StateError, UsageError
from originstamp_cli.store import Store, beside, files
from originstamp_cli.store.backups import Backups
from originstamp_cli.store.json_reader import JsonReader

JSON, SQLITE = "json", "sqlite"

Watch = Callable[[int], object]  # told how much is done


class Table(NamedTuple):
    """A table of the state: its records and their bytes."""

    name: str
    records: int
    size: int


class Imported(NamedTuple):
    """What an import did: the records that came in, and the backup of the state before."""

    records: int
    backup: str | None


def check_there(store: Store) -> None:
    """Raise `StateError` where there is no state file."""
    if not os.path.lexists(store.path):
        raise StateError(
            f"There is no state file {store.path}.",
            fix="Name another with --state; the first call that changes something makes it.",
        )


def tables(host: Host) -> list[Table]:
    """Return the tables of the state, from kept counts."""
    with host.store.read() as state:
        return [Table(*each) for each in state.statistics()]


def records(host: Host) -> int:
    """Return how many records the state has, from kept counts."""
    return sum(table.records for table in tables(host))


def sizes_beside(host: Host) -> dict[str, int]:
    """Return the bytes of the photos, the log and the snapshots beside the state."""
    return {ending[1:]: beside.size(host.store.path, ending) for ending in beside.BESIDE}


def export(host: Host, path: str, watch: Watch, *, force: bool = False) -> int:
    """Write the state as TinyDB's JSON into a file, wholly or not at all.

    Returns how many records were read back from it, which are all. Raises `UsageError` for a file
    that is there, unless with `force`, and `StateError`.
    """
    check_there(host.store)
    with files.replaced(path) as draft:
        check_free(path, force=force)
        count = 0

        def note(done: int) -> None:
            nonlocal count
            count = done
            watch(done)

        pieces = (piece.encode("ascii") for piece in host.store.dump(note))
        files.write_all_synced(draft, pieces)
        with open(draft, encoding="ascii") as file:
            found = sum(1 for _ in JsonReader(file.read).records())
        _compare(count, found - 1, path)  # one record is about the file
    return count


def take_in(host: Host, read: Callable[[int], str], source: str, watch: Watch) -> Imported:
    """Replace the state by what `Store.load` reads, once that is whole and sound.

    What stands beside the state stays. Raises `StateError`, and nothing was changed.
    """
    from originstamp_cli.canister.verification import first_flaw

    with _draft(host) as draft:
        count = draft.load(read, source, watch)
        flaw = first_flaw(draft)
        if flaw:
            raise StateError(
                f"{source} does not hold together: {flaw}.",
                fix="Give a state that originstamp state verify finds sound. Nothing was changed.",
            )
        return Imported(count, Backups(host.store).replace(draft.path, host.clock()))


@contextmanager
def _draft(host: Host) -> Iterator[Store]:
    """Give a store of the same kind beside the state; nothing of it stays."""
    place = f"{os.path.realpath(host.store.path)}.importing"
    path = f"{place}.json" if host.store.kind == JSON else place
    lock = files.Lock(f"{place}.only", files.PATIENCE)
    lock.acquire()
    try:
        files.remove(path)
        yield Store(path, TABLES, upgrade=Upgrade(host.clock))
    finally:
        files.remove(path)
        lock.release()


def migrate(host: Host, to: str, watch: Watch) -> int:
    """Write the state as a file of the other kind; return how many records it has.

    Photos and the log come to stand beside it too; the state itself stays. Raises `UsageError`
    for a file that is there or is of the same kind, and `StateError`.
    """
    target = Store(to, TABLES, upgrade=Upgrade(host.clock))
    if target.kind == host.store.kind:
        raise UsageError(
            f"The state {host.store.path} is {host.store.kind} already, and {to} would be.",
            fix="Copy it with originstamp state backup, or name a file of the other kind: "
            "one that ends in .json is TinyDB's JSON, any other SQLite.",
        )
    if os.path.lexists(target.path):
        raise UsageError(f"{to} is there already.", fix="Name another file, or move that one away.")
    check_there(host.store)
    move = export if target.kind == JSON else _to_sqlite
    count = move(host, target.path, watch)
    try:
        with files.in_our_words(target.path, writing=True):
            beside.copy(host.store.path, target.path, (beside.PHOTOS, beside.LOG))
    except BaseException:
        files.remove(target.path)
        raise
    return count


def _to_sqlite(host: Host, path: str, watch: Watch) -> int:
    target = Store(path, TABLES)
    pieces = host.store.dump(watch)
    count = target.load(lambda _: next(pieces, ""), host.store.path)
    with target.read() as state:
        found = sum(number for _, number, _ in state.statistics())
    if found != count:
        files.remove(path)
    _compare(count, found, path)
    return count


def _compare(wanted: int, found: int, path: str) -> None:
    if wanted != found:
        raise StateError(f"{path} was to have {wanted} records and got {found}; it was removed.")


def back_up(host: Host, to: str | None = None, *, force: bool = False) -> str:
    """Copy the state with all beside it while others go on, and return where the copy is.

    It is dated and beside the state, or the file `to`; with `force` in the place of one that is
    there. Raises `UsageError` for a file that cannot be one, and `StateError`.
    """
    check_there(host.store)
    if to is not None:
        kind = Store(to, TABLES).kind
        if kind != host.store.kind:
            raise UsageError(
                f"{to} would be read as {kind}, and {host.store.path} is {host.store.kind}.",
                fix="A copy of a .json state ends in .json, any other does not; "
                "originstamp state migrate changes the kind.",
            )
    made = Backups(host.store).make(host.clock(), to, force=force)
    if made is None:
        raise _taken(str(to))
    return made


def check_free(path: str, *, force: bool) -> None:
    """Raise `UsageError` where a file is there that is not to be replaced."""
    if os.path.lexists(path) and not force:
        raise _taken(path)


def _taken(path: str) -> UsageError:
    return UsageError(f"{path} is there already.", fix="Name another file, or give --force.")


def compact(host: Host) -> tuple[int, int]:
    """Give back what is free in the state file; return its bytes before and after."""
    check_there(host.store)
    before = host.store.size()
    host.store.compact()
    return before, host.store.size()
