"""A message that is being read, how far, and how much it may still make."""

from .depth import MAX_NESTING
from .errors import CandidError

# What a message may make without any bytes for it: values, each of a record's fields one, too.
_FREE_VALUES = 1_000_000
_VALUES_PER_BYTE = 4


class Source:
    """The bytes of a message with the place of the next one.

    A message may make a million values, and four more for each of its bytes; what is skipped
    counts too, and a value that is read twice twice. So a message of real data is never too large:
    nearly every value of it takes a byte or more. One of a few bytes that claims a thousand million
    `null`s is refused. Values may be nested about as deep as text may, 1,000 levels.
    """

    __slots__ = ("at", "data", "depth", "left")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.depth = 0
        self.left = _FREE_VALUES + _VALUES_PER_BYTE * len(data)

    def charge(self, values: int) -> None:
        """Count values that are about to be made; raises `CandidError` where they are too many."""
        self.left -= values
        if self.left < 0:
            raise self.error("the message makes more values than its size allows")

    def enter(self, levels: int) -> None:
        """Count levels of nesting; raises `CandidError` where they are too many."""
        self.depth += levels
        if self.depth > MAX_NESTING:
            raise self.error(f"values nested more than {MAX_NESTING} deep")

    def take(self, size: int) -> bytes:
        """Return the next bytes; raises `CandidError` where there are not as many."""
        end = self.at + size
        if end > len(self.data):
            raise self.error(f"{size} bytes are announced, {len(self.data) - self.at} are left")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def error(self, reason: str) -> CandidError:
        """Return the error of bytes that are wrong at the place reached."""
        return CandidError(reason, "binary", span=(self.at, self.at))


class MismatchError(Exception):
    """A value that is right in itself, but not of the type that is wanted, and why it is not.

    Under an `opt` it is read as an absent one. There may be many, so it carries nothing else.
    """
