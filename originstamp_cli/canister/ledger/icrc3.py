"""The log as ICRC-3 tells it, to whoever asks: every block exactly as it was hashed.

All blocks are here, so that there are no archives.
"""

from collections.abc import Iterator

from originstamp_cli.canister.ledger import blocks, hashing
from originstamp_cli.canister.ledger.icrc7 import MAX_REPLY_BYTES
from originstamp_cli.canister.ledger.values import candid_value, encoded_size
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Call, query
from originstamp_cli.store import State

MAX_BLOCKS = 100  # in one answer; the client asks on

_TYPES = {
    "ICRC-7": ("7mint", "7burn", "7xfer", "7update_token"),
    "ICRC-37": ("37approve", "37approve_coll", "37revoke", "37revoke_coll", "37xfer"),
}
_DOCUMENT = "https://github.com/dfinity/ICRC/blob/main/ICRCs/{0}/{0}.md"


@query
def icrc3_get_blocks(call: Call, ranges: list[Document]) -> Document:
    """Return the blocks of each range in turn, as far as one answer reaches.

    What is beyond the end of the log is left out; blocks of two ranges are told twice.
    """
    length: int = blocks.read_ledger(call.state)["blocks"]
    return {
        "log_length": length,
        "blocks": list(_told(call.state, _indexes(ranges, length))),
        "archived_blocks": [],
    }


def _indexes(ranges: list[Document], length: int) -> Iterator[int]:
    """Yield what is asked for and is there; a range may be of any size."""
    for each in ranges:
        yield from range(each["start"], min(each["start"] + each["length"], length))


def _told(state: State, indexes: Iterator[int]) -> Iterator[Document]:
    """Yield blocks until one does not fit.

    The first is told whatever its size: nobody could read on behind it otherwise.
    """
    room = MAX_REPLY_BYTES
    for number, index in zip(range(MAX_BLOCKS), indexes, strict=False):
        block = blocks.needed_block(state, index)
        room -= encoded_size(block) + len(hashing.leb128(index))
        if room < 0 and number:
            return
        yield {"id": index, "block": candid_value(block)}


@query
def icrc3_get_archives(_call: Call, _from: Document) -> list[Document]:
    """Return the canisters that hold older blocks: none."""
    return []


@query
def icrc3_get_tip_certificate(_call: Call) -> None:
    """Return None: there is no certificate where no replica answers."""


@query
def icrc3_supported_block_types(_call: Call) -> list[Document]:
    """Return every type that a block may be of, and the standard that describes it."""
    return [
        {"block_type": kind, "url": _DOCUMENT.format(standard)}
        for standard, kinds in _TYPES.items()
        for kind in kinds
    ]
