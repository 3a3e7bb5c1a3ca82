"""An append-only file of numbered records, shared by many processes and bounded in size.

Each line is JSON: `[canister, index, time, message, next]`, where `next` holds the next index of
every canister, so that the last line is all that an append has to read. A line without an index
marks that what the canister said before is dropped. When the file has grown too long, the newest
part of it takes its place by a rename, so a reader needs no lock.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

LARGEST = 5 * 1024 * 1024
KEPT = 4 * 1024 * 1024
LONGEST_MESSAGE = 1_000  # characters

_FIRST_BLOCK = 4 * 1024  # enough for the last line, mostly: all that an append reads
_BLOCK = 256 * 1024
_PAUSE = 0.001
_PATIENCE = 5.0
_AT_ONCE = 4_000  # records in one write, so that a log never grows far beyond its bound

_CANISTER, _INDEX, _TIME, _MESSAGE, _NEXT = range(5)
_SHAPE: tuple[Any, ...] = (int, (int, type(None)), int, str, dict)

_encode = json.JSONEncoder(separators=(",", ":")).encode

_Line = list[Any]
Record = tuple[int, int, str]  # its index, when (ns since 1970), and the message
Entry = tuple[int, int, str]  # whose it is to be, when (ns since 1970), and the message


class LogFile:
    """The log beside a state file. Making one touches nothing."""

    def __init__(self, path: str) -> None:
        self._path = path

    def append(self, canister: int, time_ns: int, message: str) -> None:
        """Add a record, as `extend` adds several."""
        self.extend([(canister, time_ns, message)])

    def extend(self, entries: Sequence[Entry]) -> None:
        """Add records, none earlier than the one before it; raises `OSError`.

        They are not synced: what the last seconds before a loss of power said may be lost.
        """
        for first in range(0, len(entries), _AT_ONCE):
            with self._locked() as descriptor:
                size, last = _end(descriptor)
                self._add(descriptor, size, _following(last, entries[first : first + _AT_ONCE]))

    def drop(self, canister: int) -> None:
        """Let what a canister said be forgotten; its numbers go on. Raises `OSError`."""
        if not os.path.exists(self._path):
            return
        with self._locked() as descriptor:
            size, last = _end(descriptor)
            self._add(descriptor, size, [[canister, None, last[_TIME], "", last[_NEXT]]])

    def newest_first(self, canister: int) -> Iterator[Record]:
        """Yield a canister's records from the newest on, reading no more than is asked for."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        try:
            for line in _lines_back(descriptor, os.fstat(descriptor).st_size):
                if line[_CANISTER] != canister:
                    continue
                if line[_INDEX] is None:
                    return
                yield line[_INDEX], line[_TIME], line[_MESSAGE]
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Give the file, made if need be, to write to alone; raises `OSError`."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        deadline = time.monotonic() + _PATIENCE
        while True:
            descriptor = os.open(self._path, flags, 0o600)
            try:
                if self._is_ours(descriptor):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)
            if time.monotonic() > deadline:
                raise TimeoutError("Another process has held the log for too long.")
            time.sleep(_PAUSE)

    def _is_ours(self, descriptor: int) -> bool:
        """Return whether an open file could be locked while it still was the log."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path))
        except (BlockingIOError, FileNotFoundError):
            return False

    def _add(self, descriptor: int, size: int, lines: Iterable[_Line]) -> None:
        texts = map(_encode, lines)
        data = "".join(f"{text}\n" for text in texts).encode()
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data  # a killed writer left half a line
        if os.write(descriptor, data) < len(data):
            os.ftruncate(descriptor, size)  # no room for the rest: better none than half of one
        elif size + len(data) > LARGEST:
            self._shorten(descriptor, size + len(data))

    def _shorten(self, descriptor: int, size: int) -> None:
        """Put the newest lines in the place of the file."""
        draft = f"{self._path}.new"
        tail = os.pread(descriptor, KEPT, size - KEPT)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
            file.write(tail[tail.index(b"\n") + 1 :])
        os.rename(draft, self._path)


def _following(last: _Line, entries: Iterable[Entry]) -> Iterator[_Line]:
    """Yield the lines that come after the last one of a log."""
    _, _, moment, _, following = last
    for canister, time_ns, message in entries:
        index = following.get(str(canister), 0)
        following = following | {str(canister): index + 1}
        moment = max(time_ns, moment)
        yield [canister, index, moment, message[:LONGEST_MESSAGE], following]


def _end(descriptor: int) -> tuple[int, _Line]:
    """Return the size of an open log and its last line, one before all where there is none."""
    size = os.fstat(descriptor).st_size
    return size, next(_lines_back(descriptor, size), [0, None, 0, "", {}])


def _lines_back(descriptor: int, size: int) -> Iterator[_Line]:
    """Yield the lines of an open log from the last on; what is not a whole line is passed over."""
    rest, block = b"", _FIRST_BLOCK
    while size > 0:
        start = max(0, size - block)
        pieces = (os.pread(descriptor, size - start, start) + rest).split(b"\n")
        size, block = start, _BLOCK
        rest = pieces.pop(0) if start else b""
        for piece in reversed(pieces):
            line = _read(piece)
            if line is not None:
                yield line


def _read(piece: bytes) -> _Line | None:
    if not piece.startswith(b"["):
        return None
    try:
        line = json.loads(piece)
    except ValueError:
        return None
    shaped = zip(line, _SHAPE, strict=False)
    fits = len(line) == len(_SHAPE) and all(isinstance(each, kind) for each, kind in shaped)
    return line if fits and all(type(each) is int for each in line[_NEXT].values()) else None
