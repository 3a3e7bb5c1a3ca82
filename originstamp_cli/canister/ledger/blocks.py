"""The log of the ledger: blocks linked by their hashes (ICRC-3)."""

from collections.abc import Sequence
from typing import NamedTuple

from originstamp_cli.canister.ledger.hashing import (
    from_stored,
    hash_of_pairs,
    hash_value,
    sealed_members,
)
from originstamp_cli.canister.records import BLOCKS, LEDGER, ONLY, Document, read_only_one
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, where

MINT = "7mint"
BURN = "7burn"
TRANSFER = "7xfer"
UPDATE = "7update_token"
APPROVE = "37approve"
APPROVE_ALL = "37approve_coll"
REVOKE = "37revoke"
REVOKE_ALL = "37revoke_coll"
TRANSFER_FROM = "37xfer"

_REMEMBERED = (TRANSFER, TRANSFER_FROM)


class Unlinked(NamedTuple):
    """A block as it is before its place in the log is known: all of it that takes work."""

    pairs: list[bytes]  # what its hash is made of
    text: str  # the JSON that is kept of it, between its hash and its link
    found_by: Document


def unlinked(kind: str, now: int, transaction: Document) -> Unlinked:
    """Return a block of this kind that `append_all` can add to the log."""
    pairs, members = sealed_members({"btype": kind, "ts": now, "tx": transaction})
    text = f'"block":{{{members}'
    found_by: Document = {}
    request = request_key(kind, transaction)
    if request is not None:
        found_by["request"] = request
        text = f'"request":"{request}",{text}'
    if "tid" in transaction:
        found_by["token"] = transaction["tid"]
        text = f'"token":{transaction["tid"]},{text}'
    return Unlinked(pairs, text, found_by)


def append(state: State, kind: str, now: int, transaction: Document) -> int:
    """Add a block of this kind to the log, linked to the one before, and return its index."""
    return append_all(state, [unlinked(kind, now, transaction)], read_ledger(state))[0]


def append_all(state: State, added: Sequence[Unlinked], ledger: Document) -> range:
    """Add blocks to the log, each linked to the one before it, and return their indexes.

    `ledger` is the ledger's own record as it was read; what else changed in it is kept too.
    """
    kept = []
    tip = ledger["tip"]
    for block in added:
        tip, text = _linked(block, tip)
        kept.append((text, block.found_by))
    state.table(BLOCKS).insert_encoded(kept)
    first, length = ledger["blocks"], ledger["blocks"] + len(kept)
    state.table(LEDGER).put(ledger | {"tip": tip, "blocks": length}, ONLY)
    return range(first, length)


def _linked(block: Unlinked, tip: str | None) -> tuple[str, str]:
    """Return a block's hash, behind the one that has this hash, and the JSON that is kept of it."""
    pairs, text = block.pairs, block.text
    if tip is not None:
        link, member = sealed_members({"phash": bytes.fromhex(tip)})
        pairs, text = pairs + link, f"{text},{member}"
    digest = hash_of_pairs(pairs).hex()
    return digest, f'{{"hash":"{digest}",{text}}}}}'


def find_same(state: State, kind: str, transaction: Document) -> int | None:
    """Return the index of the block of this kind that holds exactly this transaction, or None.

    Only those are found whose sender said when they were made: others may be meant twice.
    """
    try:
        key = request_key(kind, transaction)
    except ValueError:  # a number that is too long for any block
        return None
    kept = None if key is None else state.table(BLOCKS).get(where("request") == key)
    return None if kept is None else int(kept.doc_id) - 1


def request_key(kind: str, transaction: Document) -> str | None:
    """Return the key of what a sender asked for at a time of its own, None without one.

    There is none for approvals either: one may be given again.
    """
    if "ts" not in transaction or kind not in _REMEMBERED:
        return None
    return hash_value([kind, transaction]).hex()


def check_tail(state: State) -> str | None:
    """Return what is wrong with the newest block and its link, or None."""
    try:
        ledger = read_ledger(state)
        newest = ledger["blocks"] - 1
        return None if newest < 0 else _check_link(state, newest, ledger["tip"])
    except StateDamaged as damage:
        return damage.message
    except (KeyError, TypeError, ValueError):
        return "the newest block or the one before it cannot be read"


def _check_link(state: State, index: int, tip: str) -> str | None:
    newest, before = block_at(state, index), block_at(state, index - 1)
    if newest is None or hash_value(newest).hex() != tip:
        return f"block {index} does not have the hash that the ledger kept"
    if (hash_value(before) if before else None) != newest.get("phash"):
        return f"block {index} does not follow the block before it"
    return None


def block_at(state: State, index: int) -> Document | None:
    """Return the block of this index, or None."""
    kept = kept_at(state, index)
    return None if kept is None else from_stored(kept)


def kept_at(state: State, index: int) -> Document | None:
    """Return the block of this index as it is kept, or None."""
    kept = state.table(BLOCKS).get(doc_id=index + 1) if index >= 0 else None
    return kept["block"] if isinstance(kept, dict) else None


def needed_block(state: State, index: int) -> Document:
    """Return a block that has to be there; raises `StateDamaged` where it is not."""
    try:
        block = block_at(state, index)
    except (KeyError, TypeError, ValueError):
        block = None
    if block is None:
        raise StateDamaged(
            f"The token ledger is damaged: block {index} cannot be read.",
            fix="Put a backup in its place, or name another file with --state.",
        )
    return block


def history(
    state: State, token_id: int, *, after: int | None, limit: int, newest: bool
) -> list[int]:
    """Return the indexes of up to `limit` blocks about a token, behind the one that is `after`."""
    page = state.table(BLOCKS).page(
        where("token") == token_id,
        after=None if after is None else after + 1,
        limit=limit,
        descending=newest,
    )
    return [kept.doc_id - 1 for kept in page]


def read_ledger(state: State) -> Document:
    """Return the ledger's own record: its length, its tip and the last id given.

    Raises `StateDamaged` where it does not tell of as many blocks as there are: what was added to
    such a log would begin another chain.
    """
    ledger = read_only_one(state, LEDGER) or {"blocks": 0, "tip": None, "last_id": 0}
    if ledger["blocks"] != len(state.table(BLOCKS)):
        raise StateDamaged(
            f"The token ledger is damaged: its record tells of {ledger['blocks']} blocks, "
            f"and there are {len(state.table(BLOCKS))}.",
            fix="Put a backup in its place, or name another file with --state.",
        )
    return ledger
