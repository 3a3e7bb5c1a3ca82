"""Lines as they come in: from a file or a pipe, in stretches, without waiting for more than one."""

import io
import os
import select
from collections.abc import Iterator
from typing import NamedTuple, TextIO

MOST_LINES = 2_000  # in a stretch
MOST_BYTES = 2 * 1024 * 1024
LONGEST = 8 * 1024 * 1024  # bytes of a line; a call takes 2 MiB of argument
_PART = 256 * 1024

Source = io.FileIO | io.BytesIO


class Line(NamedTuple):
    """A line: its number from 1, and its bytes, None where there are too many of them."""

    number: int
    content: bytes | None


def opened(path: str, stdin: TextIO) -> Source:
    """Return a file to read bytes of, `-` for standard input; raises `OSError`."""
    if path != "-":
        return io.FileIO(path)
    try:
        return io.FileIO(stdin.fileno(), closefd=False)
    except io.UnsupportedOperation:  # nothing of the system's is behind it
        return io.BytesIO(stdin.read().encode("utf-8", "surrogateescape"))


def stretches(source: Source) -> Iterator[list[Line]]:
    """Yield lines in stretches, each as long as may be without waiting for what is yet to come."""
    found: list[Line] = []
    lines = _lines(source)
    size = 0
    for line in lines:
        if line is not None:
            found.append(line)
            size += len(line.content or b"")
        if found and (line is None or len(found) >= MOST_LINES or size >= MOST_BYTES):
            yield found
            found, size = [], 0
    if found:
        yield found


def _lines(source: Source) -> Iterator[Line | None]:
    """Yield each line, and None before anything has to be waited for."""
    number, rest, is_too_long = 1, bytearray(), False
    while True:
        if not _is_ready(source):
            yield None
        part = source.read(_PART)
        if not part:
            break
        *whole, last = part.split(b"\n")
        for piece in whole:
            yield Line(number, None if is_too_long else bytes(rest + piece))
            number, is_too_long = number + 1, False
            rest.clear()
        rest += last
        if len(rest) > LONGEST:  # the rest of it is read, but not kept
            is_too_long = True
            rest.clear()
    if rest or is_too_long:
        yield Line(number, None if is_too_long else bytes(rest))


def _is_ready(source: Source) -> bool:
    """Return whether there is something to read, or the end, without waiting."""
    if isinstance(source, io.BytesIO):
        return True
    return bool(select.select([source], [], [], 0)[0])


def size_of(source: Source) -> int | None:
    """Return how many bytes there are to read, None where that is not known."""
    if isinstance(source, io.BytesIO):
        return len(source.getbuffer())
    status = os.fstat(source.fileno())
    return status.st_size or None
