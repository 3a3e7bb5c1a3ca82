"""The ledger core: tokens and their owners. Every change is also a block of the log."""

from originstamp_cli.canister.ledger import blocks
from originstamp_cli.canister.ledger.accounts import (
    account_key,
    block_account,
    loaded_account,
    raw_key,
    stored_account,
)
from originstamp_cli.canister.records import TOKENS, Document, find
from originstamp_cli.store import State, where


def find_token(state: State, token_id: int) -> Document | None:
    """Return the stored token of this id, or None."""
    return find(state, TOKENS, "id", token_id)


def next_id(state: State) -> int:
    """Return the id of the next token that is numbered: 1, 2, 3 …, skipping those that exist."""
    candidate: int = blocks.read_ledger(state)["last_id"] + 1
    while find_token(state, candidate):
        candidate += 1
    return candidate


def mint(  # noqa: PLR0913 - a token is made of these; a class for them would have one use
    state: State,
    token_id: int,
    *,
    to: Document,
    minter: Document,
    metadata: Document,
    session_id: str | None,
    now: int,
    numbered: bool = False,
) -> int:
    """Create a token with metadata (a Map of ICRC-3 values) and return its block's index.

    `numbered` says that `next_id` gave the id. Any other id may be of any size, and the numbers go
    on as if it were not there.
    """
    state.table(TOKENS).insert(
        {"id": token_id, "metadata": metadata, "created_at": now, "session_id": session_id}
        | _owned_by(to)
    )
    transaction = {
        "tid": token_id,
        "from": block_account(minter),
        "to": block_account(to),
        "meta": {"icrc7:token_metadata": metadata},
    }
    last_id = blocks.read_ledger(state)["last_id"]
    if numbered or token_id == last_id + 1:
        last_id = token_id
    return blocks.append(state, blocks.MINT, now, transaction, last_id=last_id)


def transfer(state: State, token: Document, to: Document, now: int) -> int:
    """Give a token to another account and return the block's index."""
    state.table(TOKENS).update(_owned_by(to), where("id") == token["id"])
    transaction = {
        "tid": token["id"],
        "from": block_account(owner_of(token)),
        "to": block_account(to),
    }
    return blocks.append(state, blocks.TRANSFER, now, transaction)


def owner_of(token: Document) -> Document:
    """Return the account that owns a stored token, as it was given."""
    return loaded_account(token["owner"])


def supply(state: State) -> int:
    """Return how many tokens there are."""
    return len(state.table(TOKENS))


def _owned_by(owner: Document) -> Document:
    return {
        "owner": stored_account(owner),
        "account": account_key(owner),
        "raw_account": raw_key(owner),
        "principal": owner["owner"].text,
    }
