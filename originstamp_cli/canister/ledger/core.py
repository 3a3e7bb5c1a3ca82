"""The ledger core: tokens and their owners. Every change is also a block of the log."""

from collections.abc import Sequence
from functools import partial
from itertools import count as counting_from
from itertools import filterfalse, islice
from typing import NamedTuple

from originstamp_cli.canister.ledger import approvals, blocks
from originstamp_cli.canister.ledger.accounts import (
    account_key,
    block_account,
    loaded_account,
    raw_key,
    stored_account,
)
from originstamp_cli.canister.ledger.hashing import from_stored
from originstamp_cli.canister.records import (
    BLOCKS,
    COLLECTION,
    TOKENS,
    Document,
    exists,
    find,
    read_only_one,
    write_only_one,
)
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, where

METADATA_KEY = "icrc7:token_metadata"

_DEFAULT_COLLECTION: Document = {
    "name": "Origin Stamp Art NFTs",
    "description": "NFTs representing physical art pieces authenticated through Origin Stamp",
    "image": None,
    "max_supply": None,
    "symbol": "OSTAMP",
}


def read_collection(state: State) -> Document:
    """Return what is said of the collection, its symbol, and how many tokens there may be."""
    return _DEFAULT_COLLECTION | (read_only_one(state, COLLECTION) or {})


def write_collection(state: State, collection: Document) -> None:
    """Keep what is said of the collection; the symbol stays where it is not among it."""
    write_only_one(state, COLLECTION, collection)


def find_token(state: State, token_id: int) -> Document | None:
    """Return the stored token of this id, or None."""
    return find(state, TOKENS, "id", token_id)


def next_id(state: State, ledger: Document) -> int:
    """Return the id of the next token that is numbered: 1, 2, 3 …, skipping those ever given.

    `ledger` is the ledger's own record. The log tells which ids were given: that of a token that
    was burned is not given to another work.
    """
    return next_ids(state, ledger, 1)[0]


def next_ids(state: State, ledger: Document, count: int) -> Sequence[int]:
    """Return the ids of the next so many tokens that are numbered, as `next_id` gives them."""
    last: int = ledger["last_id"]
    if count > 1 and not state.table(BLOCKS).page(order="token", after=last, limit=1):
        return range(last + 1, last + 1 + count)
    free = filterfalse(partial(exists, state, BLOCKS, "token"), counting_from(last + 1))
    return list(islice(free, count))


class Mint(NamedTuple):
    """A mint as it is before its place in the log is known: all of it that takes work."""

    token: Document
    block: blocks.Unlinked


def unlinked_mint(  # noqa: PLR0913 - a token is made of these; a class for them would have one use
    token_id: int,
    *,
    to: Document,
    minter: Document,
    metadata: Document,
    session_id: str | None,
    now: int,
) -> Mint:
    """Return the mint of a token with metadata (a Map of ICRC-3 values), for `mint_all`."""
    transaction = {
        "tid": token_id,
        "from": block_account(minter),
        "to": block_account(to),
        "meta": {METADATA_KEY: metadata},
    }
    token = {
        "id": token_id,
        "described_in": None,
        "created_at": now,
        "session_id": session_id,
        **owned_by(to),
    }
    return Mint(token, blocks.unlinked(blocks.MINT, now, transaction))


def mint_all(state: State, mints: Sequence[Mint], ledger: Document) -> range:
    """Create tokens and return their blocks' indexes.

    `ledger` is the ledger's own record; its `last_id` is the last by then of those numbered.
    """
    indexes = blocks.append_all(state, [mint.block for mint in mints], ledger)
    tokens = [
        mint.token | {"described_in": index} for mint, index in zip(mints, indexes, strict=True)
    ]
    state.table(TOKENS).insert_multiple(tokens)
    return indexes


def mint(  # noqa: PLR0913 - as above
    state: State,
    token_id: int,
    *,
    to: Document,
    minter: Document,
    metadata: Document,
    session_id: str | None,
    now: int,
    ledger: Document | None = None,
) -> int:
    """Create a token and return its block's index.

    `ledger` is the record for which `next_id` gave the id. Any other id may be of any size, and the
    numbers go on as if it were not there.
    """
    numbered = ledger is not None
    ledger = blocks.read_ledger(state) if ledger is None else ledger
    if numbered or token_id == ledger["last_id"] + 1:
        ledger["last_id"] = token_id
    ready = unlinked_mint(
        token_id, to=to, minter=minter, metadata=metadata, session_id=session_id, now=now
    )
    return mint_all(state, [ready], ledger)[0]


class Transfer:
    """A transfer as it was asked for; the accounts, the memo and the time are raw.

    With a spender it is one of ICRC-37, even where that is the holder.
    """

    __slots__ = ("created_at", "memo", "sender", "spender", "to", "token_id")

    def __init__(  # noqa: PLR0913 - the fields of the standard
        self,
        token_id: int,
        *,
        sender: Document,
        to: Document,
        spender: Document | None = None,
        memo: bytes | None = None,
        created_at: int | None = None,
    ) -> None:
        self.token_id = token_id
        self.sender = sender
        self.to = to
        self.spender = spender
        self.memo = memo
        self.created_at = created_at

    @property
    def kind(self) -> str:
        """The type of its block."""
        return blocks.TRANSFER if self.spender is None else blocks.TRANSFER_FROM

    @property
    def transaction(self) -> Document:
        """What a block says of it: only what was given (ICRC-3)."""
        told: Document = {
            "tid": self.token_id,
            "from": block_account(self.sender),
            "to": block_account(self.to),
        }
        if self.spender is not None:
            told["spender"] = block_account(self.spender)
        if self.memo is not None:
            told["memo"] = self.memo
        if self.created_at is not None:
            told["ts"] = self.created_at
        return told


def transfer(state: State, token: Document, asked: Transfer, now: int) -> int:
    """Give a token to another account, free of approvals, and return the block's index."""
    approvals.clear(state, token["id"])
    state.table(TOKENS).update(owned_by(asked.to), where("id") == token["id"])
    return blocks.append(state, asked.kind, now, asked.transaction)


def burn(
    state: State, token: Document, *, holder: Document, now: int, memo: bytes | None = None
) -> int:
    """Destroy a token and its approvals and return the block's index."""
    approvals.clear(state, token["id"])
    state.table(TOKENS).remove(where("id") == token["id"])
    transaction: Document = {"tid": token["id"], "from": block_account(holder)}
    if memo is not None:
        transaction["memo"] = memo
    return blocks.append(state, blocks.BURN, now, transaction)


def update_metadata(
    state: State, token: Document, *, by: Document, metadata: Document, now: int
) -> int:
    """Replace all of a token's metadata and return the block's index."""
    transaction = {
        "tid": token["id"],
        "from": block_account(by),
        "meta": {METADATA_KEY: metadata},
    }
    index = blocks.append(state, blocks.UPDATE, now, transaction)
    state.table(TOKENS).update({"described_in": index}, where("id") == token["id"])
    return index


def find_transfer(state: State, asked: Transfer) -> int | None:
    """Return the block of a transfer that was done exactly as asked, with its time, or None."""
    return blocks.find_same(state, asked.kind, asked.transaction)


def owner_of(token: Document) -> Document:
    """Return the account that owns a stored token, as it was given."""
    return loaded_account(token["owner"])


def metadata_of(state: State, token: Document) -> Document:
    """Return a stored token's metadata as last given: a Map of ICRC-3 values.

    It is told once, in the log. Raises `StateDamaged` where its block does not have it.
    """
    try:
        kept = blocks.kept_at(state, token["described_in"])
        if kept and kept["tx"]["tid"] == token["id"]:
            return from_stored(kept["tx"]["meta"][METADATA_KEY])
    except (KeyError, TypeError, ValueError):
        pass
    raise StateDamaged(
        f"The token ledger is damaged: block {token['described_in']} does not describe "
        f"token {token['id']}.",
        fix="Put a backup in its place, or name another file with --state.",
    )


def supply(state: State) -> int:
    """Return how many tokens there are."""
    return len(state.table(TOKENS))


def owned_by(owner: Document) -> Document:
    """Return what a token's document says of its owner, for its indexes too."""
    return {
        "owner": stored_account(owner),
        "account": account_key(owner),
        "raw_account": raw_key(owner),
        "principal": owner["owner"].text,
    }
