"""Dated backups of a state: what `start --clean`, a reinstallation or a deletion leaves behind.

`state.db` becomes `state.20261125T191231Z.db` in the same folder, and what stands beside it (its
photos, log and snapshots) goes under the same name. Everything is a rename, so no moment has less
than it had before.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from time import gmtime, strftime
from typing import NamedTuple

from originstamp_cli.errors import StateDamaged, StateTooNew

from . import files
from .store import Store

PHOTOS, LOG, SNAPSHOTS = ".photos", ".log", ".snapshots"
BESIDE = (PHOTOS, LOG, SNAPSHOTS)

# What SQLite still needs of a file that a killed process left in the middle of a change.
_JOURNALS = ("-journal", "-wal")
_PATIENCE = 10.0  # seconds
_STAMP = r"(\d{8}T\d{6}Z(?:-\d+)?)"


class Backup(NamedTuple):
    """A backup: its path, its time (`20261125T191231Z`), and its bytes on disk."""

    path: str
    stamp: str
    size: int


class Backups:
    """The backups of one state, and what makes them. Raises `StateError`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._place = store.path  # where photos and the log stand, whatever a link leads to
        self._file = os.path.realpath(store.path)

    def listed(self) -> list[Backup]:
        """Return the backups there are, the newest first."""
        stem, ending = os.path.splitext(os.path.basename(self._file))
        pattern = re.compile(rf"{re.escape(stem)}\.{_STAMP}{re.escape(ending)}")
        found = []
        for name in self._names():
            match = pattern.fullmatch(name)
            if match:
                path = os.path.join(os.path.dirname(self._file), name)
                found.append(Backup(path, match[1], os.stat(path).st_size))
        return sorted(found, key=lambda each: _order(each.stamp), reverse=True)

    def set_aside(self, now: int) -> str | None:
        """Move the state and all that stands beside it away; return the backup, None for nothing.

        What stands beside goes first. Killed in between, the state is still in its place, and the
        next time it follows under the same date. `now` is in nanoseconds since 1970.
        """
        if not os.path.lexists(self._file):
            moved = self._present(BESIDE)
            self._move(moved, self._stamp(now, moved))
            return None
        with self._alone():
            if not os.path.lexists(self._file):
                return None  # somebody else was first
            moved = self._present(BESIDE)
            stamp = self._stamp(now, moved)
            self._move(moved, stamp)
            with files.in_our_words(self._file, writing=True):
                for ending in _JOURNALS:
                    with suppress(FileNotFoundError):
                        os.rename(f"{self._file}{ending}", f"{self._named(stamp)}{ending}")
                os.rename(self._file, self._named(stamp))
                files.sync_folder(os.path.dirname(self._file))
            return self._named(stamp)

    def copy(self, now: int) -> str | None:
        """Copy the state file, which nobody may write meanwhile; None where there is no file."""
        if not os.path.lexists(self._file):
            return None
        target = self._named(self._stamp(now, ()))
        draft = f"{target}.new"
        try:
            with files.in_our_words(target, writing=True):
                files.remove(draft)
                # Whoever opens and closes the file itself gives up the locks that this process has.
                with self._store.read() as state:
                    state.copy_to(draft)
                os.rename(draft, target)
                files.sync_folder(os.path.dirname(target))
        finally:
            files.remove(draft)
        return target

    def move_beside(self, backup: str, endings: Iterable[str]) -> None:
        """Move what stands beside the state to a backup that was copied."""
        stamp = next(each.stamp for each in self.listed() if each.path == backup)
        self._move(self._present(endings), stamp)

    def restore(self, backup: Backup, now: int) -> str | None:
        """Put a backup in the place of the state, which becomes a backup itself; return that one.

        What stands beside comes back first, so that killed in between it can be done again.
        """
        with self._nothing_there(now) as kept, files.in_our_words(self._file, writing=True):
            for ending in BESIDE:
                with suppress(FileNotFoundError):
                    os.rename(self._beside(backup.stamp) + ending, self._place + ending)
            for ending in _JOURNALS:
                with suppress(FileNotFoundError):
                    os.rename(f"{backup.path}{ending}", f"{self._file}{ending}")
            os.rename(backup.path, self._file)
            files.sync_folder(os.path.dirname(self._file))
        return kept

    @contextmanager
    def _nothing_there(self, now: int) -> Iterator[str | None]:
        """Set the state aside, give that backup, and let nobody make a new one meanwhile."""
        kept = None
        lock = files.Lock(self._file, _PATIENCE)
        while True:
            if os.path.lexists(self._file):
                kept = self.set_aside(now)
            lock.acquire()
            if not os.path.lexists(self._file):
                break
            lock.release()  # a first call was faster than we: what it made is not to be lost
        try:
            yield kept
        finally:
            lock.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from writing; a state that cannot be opened has nobody who writes."""
        transaction = self._store.write()
        try:
            transaction.__enter__()
        except (StateDamaged, StateTooNew):
            yield
            return
        try:
            yield
        finally:
            transaction.__exit__(None, None, None)

    def _present(self, endings: Iterable[str]) -> tuple[str, ...]:
        return tuple(ending for ending in endings if os.path.lexists(self._place + ending))

    def _move(self, endings: Iterable[str], stamp: str) -> None:
        with files.in_our_words(self._place, writing=True):
            for ending in endings:
                os.rename(self._place + ending, self._beside(stamp) + ending)

    def _stamp(self, now: int, moved: Iterable[str]) -> str:
        """Return the date of a new backup, or of one that was begun and not ended."""
        begun = [stamp for stamp in self._begun() if not self._taken(stamp, moved)]
        if begun:
            return max(begun, key=_order)
        stamp = first = strftime("%Y%m%dT%H%M%SZ", gmtime(now // 10**9))
        count = 1
        while self._taken(stamp, BESIDE):
            count += 1
            stamp = f"{first}-{count}"
        return stamp

    def _begun(self) -> list[str]:
        """Return the dates under which something was moved, but no state."""
        stem, ending = os.path.splitext(os.path.basename(self._place))
        besides = "|".join(re.escape(each) for each in BESIDE)
        pattern = re.compile(rf"{re.escape(stem)}\.{_STAMP}{re.escape(ending)}(?:{besides})")
        return [match[1] for name in self._names() if (match := pattern.fullmatch(name))]

    def _taken(self, stamp: str, endings: Iterable[str]) -> bool:
        besides = (self._beside(stamp) + ending for ending in endings)
        return any(os.path.lexists(path) for path in (self._named(stamp), *besides))

    def _names(self) -> list[str]:
        folders = {os.path.dirname(self._file), os.path.dirname(self._place)}
        found: list[str] = []
        for folder in folders:
            with suppress(OSError):  # where nothing can be looked into there is nothing to list
                found += os.listdir(folder)
        return found

    def _named(self, stamp: str) -> str:
        return _dated(self._file, stamp)

    def _beside(self, stamp: str) -> str:
        return _dated(self._place, stamp)


def _dated(path: str, stamp: str) -> str:
    stem, ending = os.path.splitext(path)
    return f"{stem}.{stamp}{ending}"


def _order(stamp: str) -> tuple[str, int]:
    date, _, count = stamp.partition("-")
    return date, int(count or 1)


def bytes_beside(path: str) -> int:
    """Return the bytes of what stands beside a state."""
    total = 0
    for ending in BESIDE:
        for folder, _, names in os.walk(path + ending):
            total += sum(os.lstat(os.path.join(folder, name)).st_size for name in names)
        if os.path.isfile(path + ending):
            total += os.stat(path + ending).st_size
    return total
