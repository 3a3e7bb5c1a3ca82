"""Tokens and transfers exactly as ICRC-7 has them, over the ledger core, whatever the policy.

A batch is answered as far as its limit reaches, in order; an element never fails the others.
"""

from itertools import accumulate

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account, account_key, is_wellformed, normal
from originstamp_cli.canister.ledger.collection import (
    DEFAULT_TAKE,
    MAX_QUERY_BATCH,
    MAX_TAKE,
    MAX_UPDATE_BATCH,
)
from originstamp_cli.canister.ledger.hashing import leb128
from originstamp_cli.canister.ledger.refusals import refuse_holder, refuse_transfer
from originstamp_cli.canister.ledger.values import candid_pairs, encoded_size
from originstamp_cli.canister.records import TOKENS, Document
from originstamp_cli.canister.runtime import Call, query, update
from originstamp_cli.store import QueryLike, where

# What a reply may take on the platform is 2 MiB; 4 KiB of it are for the description of its types.
MAX_REPLY_BYTES = 2 * 1024 * 1024 - 4 * 1024


# --- reading ---


@query
def icrc7_token_metadata(call: Call, ids: list[int]) -> list[list[tuple[str, Tag]] | None]:
    """Return each token's metadata, or None for an id that is not there."""
    answers: list[list[tuple[str, Tag]] | None] = []
    room = MAX_REPLY_BYTES
    for token_id in ids[:MAX_QUERY_BATCH]:
        token = core.find_token(call.state, token_id)
        metadata = core.metadata_of(call.state, token) if token else None
        room -= 1 if metadata is None else encoded_size(metadata)
        if room < 0:
            break
        answers.append(None if metadata is None else candid_pairs(metadata))
    return answers


@query
def icrc7_owner_of(call: Call, ids: list[int]) -> list[Document | None]:
    """Return each token's owner, or None for an id that is not there.

    None also where the owner is no account of the standard, which only a canister as deployed
    allows; the default account has no subaccount.
    """
    found = [core.find_token(call.state, token_id) for token_id in ids[:MAX_QUERY_BATCH]]
    owners = [core.owner_of(token) if token else None for token in found]
    return [normal(owner) if owner and is_wellformed(owner) else None for owner in owners]


@query
def icrc7_balance_of(call: Call, accounts: list[Document]) -> list[int]:
    """Return how many tokens each account owns."""
    tokens = call.state.table(TOKENS)
    return [
        tokens.count(_held_by(owner)) if is_wellformed(owner) else 0
        for owner in accounts[:MAX_QUERY_BATCH]
    ]


@query
def icrc7_tokens(call: Call, prev: int | None, take: int | None) -> list[int]:
    """Return ids of tokens after `prev`, ascending."""
    return _ids(call, None, prev, take)


@query
def icrc7_tokens_of(call: Call, owner: Document, prev: int | None, take: int | None) -> list[int]:
    """Return ids of an account's tokens after `prev`, ascending."""
    return _ids(call, _held_by(owner), prev, take) if is_wellformed(owner) else []


def _held_by(owner: Document) -> QueryLike:
    held: QueryLike = where("account") == account_key(owner)
    return held


def _ids(call: Call, held: QueryLike | None, prev: int | None, take: int | None) -> list[int]:
    limit = DEFAULT_TAKE if take is None else min(take, MAX_TAKE)
    page = call.state.table(TOKENS).page(held, order="id", after=prev, limit=limit)
    return _fitting([token["id"] for token in page])


def _fitting(ids: list[int]) -> list[int]:
    """Return as many ids from the first on as one reply has room for; the last is the longest."""
    room = MAX_REPLY_BYTES
    if not ids or len(leb128(ids[-1])) * len(ids) <= room:
        return ids
    sizes = accumulate(len(leb128(number)) for number in ids)
    return ids[: sum(1 for size in sizes if size <= room)]


# --- transfer ---


@update
def icrc7_transfer(call: Call, requests: list[Document]) -> list[Tag]:
    """Give the caller's tokens to others and answer each transfer's block, or why there is none."""
    return [_transfer(call, request) for request in requests[:MAX_UPDATE_BATCH]]


def _transfer(call: Call, request: Document) -> Tag:
    """Answer one element; the order of the checks lets a repeated one learn of the first."""
    asked = core.Transfer(
        request["token_id"],
        sender=account(call.caller, request["from_subaccount"]),
        to=request["to"],
        memo=request["memo"],
        created_at=request["created_at_time"],
    )
    refusal = refuse_transfer(call, asked)
    if refusal:
        return Tag("Err", refusal)
    token = core.find_token(call.state, asked.token_id)
    refusal = refuse_holder(token, asked.sender)
    if refusal or token is None:
        return Tag("Err", refusal)
    return Tag("Ok", core.transfer(call.state, token, asked, call.now))
