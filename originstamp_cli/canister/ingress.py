"""Calls that nobody waits for: the id of each, and what came of it, for as long as it is kept.

The Internet Computer forgets what came of a call some minutes after; so does this. Each outcome is
a file of its own in a folder beside the state, so that a call that is refused changes no state.
"""

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256

from originstamp_cli.candid.leb128 import write_unsigned
from originstamp_cli.canister.records import Document
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store.files import in_our_words, make_folders, remove, write_synced

KEPT_NS = 300 * 10**9
MOST_KEPT = 1_000
NONCE_BYTES = 16


def request_id(content: Mapping[str, str | bytes | int]) -> str:
    """Return the id of a request, in hex: the representation-independent hash of its content.

    Numbers are hashed as LEB128 (interface specification, "Request ids").
    """
    pairs = [_digest(name) + _digest(value) for name, value in content.items()]
    return sha256(b"".join(sorted(pairs))).hexdigest()


def _digest(value: str | bytes | int) -> bytes:
    if isinstance(value, int):
        number = bytearray()
        write_unsigned(number, value)
        return sha256(number).digest()
    return sha256(value.encode() if isinstance(value, str) else value).digest()


class Outcomes:
    """What came of calls, by the ids of their requests; `path` is that of the state.

    Times are nanoseconds since 1970. Everything raises `StateError` where the disk will not have
    it.
    """

    def __init__(self, path: str) -> None:
        self._folder = f"{path}.requests"

    def keep(self, id_: str, outcome: Document, now: int) -> None:
        """Keep what came of a request, and forget what is too old or too much."""
        path = os.path.join(self._folder, f"{now:020}-{id_}")
        with in_our_words(path, writing=True):
            make_folders(self._folder)
            write_synced(path, json.dumps(outcome).encode())
        names = sorted(self._names())
        fresh = set(_fresh(names[-MOST_KEPT:], now))
        for name in names:
            if name not in fresh:
                remove(os.path.join(self._folder, name))

    def find(self, id_: str, now: int) -> Document | None:
        """Return what came of a request, or None where that is not known."""
        for name in _fresh(self._names(), now):
            if name.endswith(f"-{id_}"):
                return self._read(os.path.join(self._folder, name))
        return None

    def _names(self) -> list[str]:
        try:
            return os.listdir(self._folder)
        except FileNotFoundError:
            return []

    def _read(self, path: str) -> Document:
        try:
            with in_our_words(path, writing=False), open(path, encoding="utf-8") as file:
                outcome: Document = json.load(file)
                return outcome
        except ValueError as error:
            raise StateDamaged(
                f"What came of a request cannot be read from {path}.",
                fix="Delete the file; the call itself was made.",
            ) from error


def _fresh(names: list[str], now: int) -> Iterator[str]:
    """Return the names, of those that begin with a time, that are not too old."""
    for name in names:
        time = name.partition("-")[0]
        if time.isdecimal() and int(time) > now - KEPT_NS:
            yield name
