"""Tokens in the application's own shapes, over the ledger core."""

from collections.abc import Iterable
from hashlib import sha256

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import access
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account, account_key, is_wellformed, raw_key
from originstamp_cli.canister.ledger.blocks import read_ledger
from originstamp_cli.canister.records import TOKENS, Document
from originstamp_cli.canister.runtime import Call, err, ok, query, update
from originstamp_cli.canister.sessions import on_own_session
from originstamp_cli.canister.token_metadata import (
    TOO_LARGE,
    attributes_of,
    is_too_large,
    profile,
)
from originstamp_cli.store import QueryLike, State, where

DEFAULT_TAKE = 100
MAX_TAKE = 1_000
_LARGEST_ID = 2**64 - 1
BAD_SUBACCOUNT = "Invalid subaccount: must be 32 bytes"


# --- the collection ---


@query
def icrc7_description(call: Call) -> object:
    """Return the collection's description."""
    return core.read_collection(call.state)["description"]


@query
def icrc7_collection_metadata(call: Call) -> Document:
    """Return all that is said of the collection."""
    collection = core.read_collection(call.state)
    told = {field: collection[field] for field in ("name", "description", "image", "max_supply")}
    return told | {"total_supply": core.supply(call.state)}


@update
def update_collection_metadata(
    call: Call, name: str, description: str | None, image: str | None, max_supply: int | None
) -> Tag:
    """Replace all four of the collection's properties; None clears one."""
    refusal = access.refuse_anonymous(call) or access.refuse_unmanaged(
        call, "change the collection"
    )
    if refusal:
        return err(refusal)
    collection = {
        "name": name,
        "description": description,
        "image": image,
        "max_supply": max_supply,
    }
    core.write_collection(call.state, collection)
    return ok(value=True)


# --- reading tokens ---


def _take(take: int | None) -> int:
    return DEFAULT_TAKE if take is None else min(take, MAX_TAKE)


def _holder(call: Call, owner: Document) -> QueryLike:
    """Return the query for an owner's tokens; faithful: of exactly this form of the account."""
    field, key = ("account", account_key) if call.hardened else ("raw_account", raw_key)
    found: QueryLike = where(field) == key(owner)
    return found


@query
def icrc7_tokens(call: Call, prev: int | None, take: int | None) -> list[int]:
    """Return ids of tokens after `prev`, ascending."""
    page = call.state.table(TOKENS).page(order="id", after=prev, limit=_take(take))
    return [token["id"] for token in _told(page)]


@query
def icrc7_tokens_of(call: Call, owner: Document, prev: int | None, take: int | None) -> list[int]:
    """Return ids of an account's tokens after `prev`, ascending."""
    page = call.state.table(TOKENS).page(
        _holder(call, owner), order="id", after=prev, limit=_take(take)
    )
    return [token["id"] for token in _told(page)]


@query
def icrc7_balance_of(call: Call, accounts: list[Document]) -> list[int]:
    """Return how many tokens each account owns."""
    tokens = call.state.table(TOKENS)
    return [tokens.count(_holder(call, owner)) for owner in accounts]


@query
def icrc7_owner_of(call: Call, ids: list[int]) -> list[Document | None]:
    """Return each token's owner, or None for an id that is not there."""
    found = [core.find_token(call.state, token_id) for token_id in ids]
    return [core.owner_of(token) if token else None for token in found]


@query
def icrc7_token_metadata(call: Call, ids: list[int]) -> list[Document | None]:
    """Return each token's metadata, or None for an id that is not there."""
    found = [core.find_token(call.state, token_id) for token_id in ids]
    return [_metadata(call.state, token) if token else None for token in found]


@query
def get_token_details(call: Call, token_id: int) -> Document | None:
    """Return a token."""
    token = core.find_token(call.state, token_id)
    return _token(call.state, token) if token else None


@query
def get_session_nfts(call: Call, session_id: str) -> list[Document]:
    """Return the tokens minted from a session, in ascending order of id."""
    found = call.state.table(TOKENS).page(where("session_id") == session_id, order="id")
    return [_token(call.state, token) for token in found]


@query
def get_user_nfts(call: Call, owner: Principal) -> list[Document]:
    """Return the tokens of a principal, in all its subaccounts, in ascending order of id."""
    found = call.state.table(TOKENS).page(where("principal") == owner.text, order="id")
    return [_token(call.state, token) for token in _told(found)]


def _told(tokens: Iterable[Document]) -> list[Document]:
    """Return the tokens whose ids the application's types can tell; `nft` tells them all."""
    return [token for token in tokens if token["id"] <= _LARGEST_ID]


def _token(state: State, token: Document) -> Document:
    return {
        "id": token["id"],
        "owner": core.owner_of(token),
        "metadata": _metadata(state, token),
        "created_at": token["created_at"],
        "session_id": token["session_id"],
    }


def _metadata(state: State, token: Document) -> Document:
    kept = core.metadata_of(state, token)
    return {
        "name": kept["icrc7:name"],
        "description": kept.get("icrc7:description"),
        "image": kept.get("icrc7:image"),
        "attributes": attributes_of(kept),
    }


# --- minting and transfer ---


@update
@on_own_session
def mint_nft_from_session(
    call: Call, session: Document, recipient: Document, extra: list[tuple[str, str]]
) -> Tag:
    """Mint a token of a session to an account and answer its id."""
    minted = mint(call, session, recipient, extra)
    return minted if isinstance(minted, Tag) else ok(minted[0])


def mint(
    call: Call, session: Document, recipient: Document, extra: list[tuple[str, str]]
) -> tuple[int, int] | Tag:
    """Mint a token of a session and return its id and its block, or the answer why not."""
    refusal = _refuse_mint(call, recipient)
    if refusal:
        return err(refusal)
    ledger = read_ledger(call.state)
    token_id = core.next_id(call.state, ledger)
    metadata = minted_metadata(token_id, session, extra, call.now)
    if call.hardened and is_too_large(metadata):
        return err(TOO_LARGE)
    block = core.mint(
        call.state,
        token_id,
        to=recipient,
        minter=account(call.caller),
        metadata=metadata,
        session_id=session["session_id"],
        now=call.now,
        ledger=ledger,
    )
    return token_id, block


def _refuse_mint(call: Call, recipient: Document) -> str | None:
    if not call.hardened:
        return None
    if not is_wellformed(recipient):
        return BAD_SUBACCOUNT
    cap = core.read_collection(call.state)["max_supply"]
    return "Maximum supply reached" if cap is not None and core.supply(call.state) >= cap else None


def minted_metadata(
    token_id: int, session: Document, extra: list[tuple[str, str]], now: int
) -> Document:
    """Return the metadata of a token that is minted from a session now."""
    photos: list[str] = session["uploaded_photos"]
    attributes = [
        ("session_id", session["session_id"]),
        ("artist", session["username"]),
        ("art_title", session["art_title"]),
        ("created_at", str(now)),
        ("token_hash", token_hash(token_id, session["session_id"], now)),
        ("photo_count", str(len(photos))),
        *extra,
        *((f"photo_{number}", photo) for number, photo in enumerate(photos, start=1)),
    ]
    name = f"{session['art_title']} - #{token_id}"
    image = photos[0] if photos else None
    return profile(name, session["description"], image, attributes) | {
        "originstamp:created_at": now,
        "originstamp:session_id": session["session_id"],
    }


def token_hash(token_id: int, session_id: str, now: int) -> str:
    """Return hex SHA-256 of the id (8 bytes, big-endian), the session id and the time (alike)."""
    data = token_id.to_bytes(8, "big") + session_id.encode() + now.to_bytes(8, "big")
    return sha256(data).hexdigest()


@update
def icrc7_transfer(call: Call, requests: list[Document]) -> list[Document]:
    """Answer each request in order; one that fails leaves the others alone."""
    answers = [(request["token_id"], transfer(call, request)) for request in requests]
    return [
        {"token_id": token_id, "result": answer if answer.name == "Err" else ok()}
        for token_id, answer in answers
    ]


def transfer(call: Call, request: Document) -> Tag:
    """Give a token of the caller's to another account and return its block, or why not."""
    token = core.find_token(call.state, request["token_id"])
    refusal = _refuse_transfer(call, request, token)
    if refusal or token is None:
        return err(refusal or "Token not found")
    asked = core.Transfer(token["id"], sender=request["from"], to=request["to"])
    return ok(core.transfer(call.state, token, asked, call.now))


def _refuse_transfer(call: Call, request: Document, token: Document | None) -> str | None:
    if access.refuse_anonymous(call):
        return access.NOT_ANONYMOUS
    if request["from"]["owner"] != call.caller:
        return "Unauthorized: caller is not the owner"
    if token is None:
        return "Token not found"
    same = account_key if call.hardened else raw_key
    if same(core.owner_of(token)) != same(request["from"]):
        return "Token not owned by from account"
    return BAD_SUBACCOUNT if call.hardened and not is_wellformed(request["to"]) else None
