"""A photo file as it was read: what its bytes are, and the bytes again to send or to keep."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from originstamp_cli.errors import UsageError
from originstamp_cli.photos.kinds import HEAD_BYTES, LARGEST_BYTES, content_type_of, suffix_of

CHUNK_BYTES = 256 * 1024
_KINDS = "a JPEG, PNG, GIF, WebP, TIFF, HEIC or AVIF"


class Photo:
    """A photo file: its path and content type, its size in bytes, and what its bytes hash to."""

    __slots__ = ("content_type", "md5", "path", "sha256", "size")

    def __init__(self, path: str, content_type: str, size: int, sha256: str, md5: bytes) -> None:
        self.path = path
        self.content_type = content_type
        self.size = size
        self.sha256 = sha256
        self.md5 = md5

    @property
    def name(self) -> str:
        """What it is stored as: its SHA-256 and a suffix, so that the same photo is one object."""
        return f"{self.sha256}{suffix_of(self.content_type)}"

    def chunks(self, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
        """Read the same bytes again, telling `on_bytes` of each chunk's length once it was used.

        Raises `UsageError` where they are not the same any more.
        """
        from hashlib import sha256

        left, seen = self.size, sha256()
        with _opened(self.path) as file:
            while chunk := file.read(min(CHUNK_BYTES, left)):
                seen.update(chunk)
                left -= len(chunk)
                if not left and seen.hexdigest() != self.sha256:
                    break  # before the last of it: whoever gets less than was announced keeps none
                yield chunk
                on_bytes(len(chunk))
        if seen.hexdigest() != self.sha256:
            raise UsageError(f"The file {self.path!r} changed while it was read.", fix="Try again.")


def describe(path: str) -> tuple[str, int]:
    """Return a photo file's content type, told from its first bytes, and its size in bytes.

    Raises `UsageError` for a file that cannot be read or is no photo.
    """
    with _opened(path) as file:
        return _kind(path, file), os.fstat(file.fileno()).st_size


def read(path: str) -> Photo:
    """Read a photo file of at most 100 MB; raises `UsageError` for anything else."""
    from hashlib import md5, sha256

    name, checksum, size = sha256(), md5(usedforsecurity=False), 0
    with _opened(path) as file:
        _check_size(path, os.fstat(file.fileno()).st_size)
        content_type = _kind(path, file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            name.update(chunk)
            checksum.update(chunk)
            size += len(chunk)
            _check_size(path, size)  # it may be growing still
    return Photo(path, content_type, size, name.hexdigest(), checksum.digest())


def _check_size(path: str, size: int) -> None:
    if size > LARGEST_BYTES:
        raise UsageError(
            f"The file {path!r} is larger than {LARGEST_BYTES // 10**6} MB.",
            fix="Make it smaller, such as by saving it as a JPEG.",
        )


def _kind(path: str, file: BinaryIO) -> str:
    head = file.read(HEAD_BYTES)
    content_type = content_type_of(head)
    if content_type is None:
        why = f"its bytes are not those of {_KINDS}" if head else "it is empty"
        raise UsageError(f"The file {path!r} is no photo: {why}.", fix="Choose a photo.")
    return content_type


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """Open a regular file: a pipe would hold us up, a device would never end."""
    from stat import S_ISREG

    try:
        if not S_ISREG(os.stat(path).st_mode):
            raise UsageError(f"{path!r} is not a regular file.", fix="Choose a photo.")
        with open(path, "rb") as file:
            yield file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"The file {path!r} cannot be read: {reason}.", fix="Check the path."
        ) from error
