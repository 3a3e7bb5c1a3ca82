"""What is done to tokens and the collection by functions that no interface has.

The friendly face runs them as calls (`network.Local.perform`).
"""

from originstamp_cli.candid.types import NAT, NAT64, TEXT, Field, Opt, Record, Type, Variant
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import access, tokens
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account, is_wellformed
from originstamp_cli.canister.ledger.collection import MAX_MEMO_BYTES
from originstamp_cli.canister.records import SESSIONS, Document, find
from originstamp_cli.canister.runtime import Call, err, ok, query, update
from originstamp_cli.canister.sessions import MAX_DESCRIPTION, is_photo_url, on_own_session
from originstamp_cli.canister.token_metadata import TOO_LARGE, changed, is_too_large
from originstamp_cli.canister.users import has_controls

MAX_NAME = 1_100  # a title and what stands behind it
MAX_SYMBOL = 20
# What the canister found out itself: it is what the token proves.
PROVEN = {"session_id", "created_at", "token_hash"}


def _or_why(answer: Type) -> list[Type]:
    return [Variant([Field("Ok", answer), Field("Err", TEXT)])]


MINTED = _or_why(Record([Field("token", NAT64), Field("block", NAT)]))
BLOCK = _or_why(NAT)
BLOCK_IF_ANY = _or_why(Opt(NAT))
SYMBOL: list[Type] = [TEXT]


@update
@on_own_session
def mint(call: Call, session: Document, to: Document, extra: list[tuple[str, str]]) -> Tag:
    """Mint as `mint_nft_from_session` does, and answer the block too."""
    minted = tokens.mint(call, session, to, extra)
    if isinstance(minted, Tag):
        return minted
    token_id, block = minted
    return ok({"token": token_id, "block": block})


@update
def transfer(call: Call, request: Document) -> Tag:
    """Transfer as `icrc7_transfer` of the application does, and answer the block."""
    return tokens.transfer(call, request)


@update
def burn(call: Call, token_id: int, from_subaccount: bytes | None, memo: bytes | None) -> Tag:
    """Destroy a token that the caller's account holds, and answer the block."""
    token = core.find_token(call.state, token_id)
    if token is None:
        return err(access.refuse_anonymous(call) or "Token not found")
    holder = account(call.caller, from_subaccount)
    refusal = access.refuse_burn(call, holder, core.owner_of(token)) or _refuse_memo(memo)
    if refusal is None and not is_wellformed(holder):
        refusal = tokens.BAD_SUBACCOUNT
    if refusal:
        return err(refusal)
    return ok(core.burn(call.state, token, holder=holder, now=call.now, memo=memo))


def _refuse_memo(memo: bytes | None) -> str | None:
    too_long = memo is not None and len(memo) > MAX_MEMO_BYTES
    return f"A memo has at most {MAX_MEMO_BYTES} bytes" if too_long else None


@update
def update_token(call: Call, token_id: int, changes: Document) -> Tag:
    """Correct what a token says of itself; answer the block, or None where nothing is other."""
    token = core.find_token(call.state, token_id)
    if token is None:
        return err(access.refuse_anonymous(call) or "Token not found")
    session = find(call.state, SESSIONS, "session_id", token["session_id"])
    refusal = (
        access.refuse_anonymous(call)
        or access.refuse_correction(call, session)
        or _refuse_changes(changes)
    )
    if refusal:
        return err(refusal)
    kept = core.metadata_of(call.state, token)
    metadata = changed(kept, changes)
    if is_too_large(metadata):
        return err(TOO_LARGE)
    if list(metadata.items()) == list(kept.items()):
        return ok()
    by = account(call.caller)
    return ok(core.update_metadata(call.state, token, by=by, metadata=metadata, now=call.now))


def _refuse_changes(changes: Document) -> str | None:
    name, description, image = (changes.get(each) for each in ("name", "description", "image"))
    if name is not None and (not name.strip() or len(name) > MAX_NAME):
        return f"A name has 1 to {MAX_NAME} characters and is not blank"
    if description is not None and len(description) > MAX_DESCRIPTION:
        return f"A description has at most {MAX_DESCRIPTION} characters"
    if image is not None and not is_photo_url(image):
        return "Invalid photo URL"
    proven = PROVEN & {attribute for attribute, _ in changes.get("attributes", [])}
    return f"Attribute {min(proven)} is part of the proof and stays as it is" if proven else None


@query
def symbol(call: Call) -> object:
    """Return the collection's short name."""
    return core.read_collection(call.state)["symbol"]


@update
def set_collection(call: Call, changes: Document) -> Tag:
    """Change what is given of the collection: name, description, image, max_supply, symbol."""
    refusal = (
        access.refuse_anonymous(call)
        or access.refuse_unmanaged(call, "change the collection")
        or _refuse_symbol(changes.get("symbol"))
    )
    if refusal:
        return err(refusal)
    core.write_collection(call.state, core.read_collection(call.state) | changes)
    return ok(value=True)


def _refuse_symbol(text: str | None) -> str | None:
    if text is None:
        return None
    is_one_word = len(text.split()) == 1 and text == text.strip() and not has_controls(text)
    if is_one_word and len(text) <= MAX_SYMBOL:
        return None
    return f"A symbol has 1 to {MAX_SYMBOL} characters and no blanks"
