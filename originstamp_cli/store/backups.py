"""Dated backups of a state: what `start --clean`, an import or a reinstallation leaves behind.

`state.db` becomes `state.20261125T191231Z.db` in the same folder, and what stands beside it (its
photos, log and snapshots) goes under the same name. No moment has less than it had before: what
takes the place of the state, and what is moved away, goes by renames.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from time import gmtime, strftime
from typing import NamedTuple

from . import beside, files
from .beside import BESIDE
from .store import Store

# What SQLite still needs of a file that a killed process left in the middle of a change.
_JOURNALS = ("-journal", "-wal")
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
            moved = beside.present(self._place)
            self._move(moved, self._stamp(now, moved))
            return None
        with self._store.alone():
            if not os.path.lexists(self._file):
                return None  # somebody else was first
            moved = beside.present(self._place)
            stamp = self._stamp(now, moved)
            self._move(moved, stamp)
            with files.in_our_words(self._file, writing=True):
                _move_journals(self._file, self._named(stamp))
                os.rename(self._file, self._named(stamp))
                files.sync_folder(os.path.dirname(self._file))
            return self._named(stamp)

    def copy(self, now: int, endings: tuple[str, ...] = ()) -> str | None:
        """Copy the state file, which nobody may write meanwhile, with what is named beside it.

        Returns the backup, None where there is no file.
        """
        if not os.path.lexists(self._file):
            return None
        return self._dated(now, self._store.copy_to, endings)

    def keep(self, now: int) -> str | None:
        """Copy the state, which nobody may write meanwhile, with all that stands beside it."""
        return self.copy(now, BESIDE)

    def make(self, now: int, to: str | None = None, *, force: bool = False) -> str | None:
        """Copy the state with all beside it while others go on; return the backup.

        It is dated, or it is the file `to`. If that is there it takes `force` to replace it, else
        nothing is done, and None returned.
        """
        with self._store.read() as state:
            if to is None:
                return self._dated(now, state.copy_to, BESIDE)
            made = self._write(to, state.copy_to, to, BESIDE, anew=not force)
            return to if made else None

    def replace(self, path: str, now: int) -> str | None:
        """Put another file in the place of the state, which becomes a backup; return that one.

        What stands beside stays, and the backup has it too.
        """
        with self._store.alone(), files.in_our_words(self._file, writing=True):
            kept = self._named(self._stamp(now, BESIDE)) if os.path.lexists(self._file) else None
            try:
                if kept:
                    beside.copy(self._place, self._beside_of(kept))
                    self._share(kept)
                    _move_journals(self._file, kept)
                os.rename(path, self._file)
            except BaseException:
                if kept:
                    files.remove(kept)
                    beside.remove(self._beside_of(kept))
                raise
            files.sync_folder(os.path.dirname(self._file))
        return kept

    def move_beside(self, backup: str, endings: Iterable[str]) -> None:
        """Move what stands beside the state to a backup that was copied."""
        stamp = next(each.stamp for each in self.listed() if each.path == backup)
        self._move(beside.present(self._place, tuple(endings)), stamp)

    def restore(self, backup: Backup, now: int) -> str | None:
        """Put a backup in the place of the state, which becomes a backup itself; return that one.

        What stands beside comes back first, so that killed in between it can be done again.
        """
        with self._nothing_there(now) as kept, files.in_our_words(self._file, writing=True):
            for ending in BESIDE:
                with suppress(FileNotFoundError):
                    os.rename(self._beside(backup.stamp) + ending, self._place + ending)
            _move_journals(backup.path, self._file)
            os.rename(backup.path, self._file)
            files.sync_folder(os.path.dirname(self._file))
        return kept

    @contextmanager
    def _nothing_there(self, now: int) -> Iterator[str | None]:
        """Set the state aside, give that backup, and let nobody make a new one meanwhile."""
        kept = None
        lock = files.Lock(self._file, files.PATIENCE)
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

    def _share(self, kept: str) -> None:
        """Give the state file a second name, or copy it where that cannot be."""
        try:
            os.link(self._file, kept)
        except OSError:
            self._store.copy_to(kept)

    def _dated(self, now: int, write: Callable[[str], object], endings: tuple[str, ...]) -> str:
        """Make a backup under a date of its own."""
        while True:
            stamp = self._stamp(now, endings)
            target = self._named(stamp)
            if self._write(target, write, self._beside(stamp), endings, anew=True):
                return target

    def _write(
        self,
        target: str,
        write: Callable[[str], object],
        place: str,
        endings: tuple[str, ...],
        *,
        anew: bool,
    ) -> bool:
        """Make a file with what stands beside it, and return whether that was done.

        It is not where there is one already and the new one is to be made `anew`.
        """
        lock = files.Lock(target, files.PATIENCE)
        lock.acquire()
        try:
            if anew and os.path.lexists(target):
                return False
            write(lock.draft)
            with files.in_our_words(target, writing=True):
                beside.copy(self._place, place, endings)
                lock.put_in_place()
        finally:
            lock.release()
        return True

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
        return _with_date(self._file, stamp)

    def _beside(self, stamp: str) -> str:
        return _with_date(self._place, stamp)

    def _beside_of(self, backup: str) -> str:
        return os.path.join(os.path.dirname(self._place), os.path.basename(backup))


def _with_date(path: str, stamp: str) -> str:
    stem, ending = os.path.splitext(path)
    return f"{stem}.{stamp}{ending}"


def _move_journals(path: str, to: str) -> None:
    for ending in _JOURNALS:
        with suppress(FileNotFoundError):
            os.rename(f"{path}{ending}", f"{to}{ending}")


def _order(stamp: str) -> tuple[str, int]:
    date, _, count = stamp.partition("-")
    return date, int(count or 1)
