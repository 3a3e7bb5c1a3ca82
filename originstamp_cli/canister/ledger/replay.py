"""The log played again from its first block: whatever it comes to is what the state must hold.

What is kept in memory is a few words for each token and approval, not the blocks.
"""

from collections.abc import Callable, Iterator

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import approvals, blocks, core, hashing
from originstamp_cli.canister.ledger.accounts import (
    account,
    account_key,
    from_block,
    raw_key,
)
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister
from originstamp_cli.canister.records import APPROVALS, BLOCKS, LEDGER, TOKENS, Document
from originstamp_cli.canister.records import read_only_one as only_one
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, TableSpec, where

_AT_ONCE = 100  # documents read together
_WATCHED = 1_000  # blocks between two reports

Watch = Callable[[int, int], object]  # how many are done, and of how many


class Differs(Exception):
    """The log is not what the ledger writes, or the state is not what the log comes to."""


class Replayed:
    """What a log comes to: owners, where each token is described, and approvals by their keys.

    An account is held as its raw key; an approval as all that its document must say.
    """

    __slots__ = (
        *("approvals", "described_in", "last_id", "minted_at", "owners", "scopes"),
        *("tip", "ts"),
    )

    def __init__(self) -> None:
        self.owners: dict[int, str] = {}
        self.described_in: dict[int, int] = {}
        self.minted_at: dict[int, int] = {}
        self.approvals: dict[str, Document] = {}
        self.scopes: dict[str, set[str]] = {}  # the keys of the approvals of a token or account
        self.last_id = 0  # that of the record is not lower: numbers may skip ids
        self.tip: bytes | None = None
        self.ts = 0

    def active(self, now: int) -> set[str]:
        """Return the keys of the approvals that stand at a time."""
        return {key for key, kept in self.approvals.items() if approvals.is_active(kept, now)}


def verify(state: State, watch: Watch = lambda _done, _of: None) -> str | None:
    """Return what first differs between the log and itself or the state, or None.

    Every hash and link is computed anew; then owners, metadata, supply, approvals that stand and
    the record of the ledger are compared. `watch` is told now and then how far it is.
    """
    try:
        replayed = replay(state, watch)
        _compare_ledger(state, replayed)
        _compare_tokens(state, replayed)
        _compare_approvals(state, replayed)
    except Differs as difference:
        return str(difference)
    except StateDamaged as damage:
        return damage.message
    return None


# --- playing the log ---


def replay(state: State, watch: Watch = lambda _done, _of: None) -> Replayed:
    """Return what the log comes to; raises `Differs` at the first block that it cannot have."""
    replayed = Replayed()
    length = len(state.table(BLOCKS))
    for index, (doc_id, kept) in enumerate(_documents(state, BLOCKS)):
        if index % _WATCHED == 0:
            watch(index, length)
        if doc_id != index + 1:
            raise Differs(f"Block {index} is missing.")
        try:
            block = hashing.from_stored(kept["block"])
            _link(replayed, index, kept, block)
            _apply(replayed, index, block)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as failure:
            raise Differs(f"Block {index} is not one that the ledger writes.") from failure
    watch(length, length)
    return replayed


def _documents(state: State, table: TableSpec) -> Iterator[tuple[int, Document]]:
    """Yield each document of a table with its id, in order of these, read a page at a time."""
    after = 0
    while page := state.table(table).page(after=after, limit=_AT_ONCE):
        yield from ((kept.doc_id, kept) for kept in page)
        after = page[-1].doc_id


def _link(replayed: Replayed, index: int, kept: Document, block: Document) -> None:
    """Raise `Differs` unless the block follows the one before it and has the hash it is kept by."""
    if block.get("phash") != replayed.tip:
        raise Differs(f"Block {index} does not follow the block before it.")
    found = hashing.hash_value(block)
    if found.hex() != kept["hash"]:
        raise Differs(f"Block {index} does not have the hash that the ledger kept.")
    if block["ts"] < replayed.ts:
        raise Differs(f"Block {index} is older than the block before it.")
    if kept.get("token") != block["tx"].get("tid"):
        raise Differs(f"Block {index} is not found under its token.")
    if kept.get("request") != blocks.request_key(block["btype"], block["tx"]):
        raise Differs(f"Block {index} is not found by what its sender asked for.")
    replayed.tip, replayed.ts = found, block["ts"]


def _apply(replayed: Replayed, index: int, block: Document) -> None:
    apply = _PLAYED.get(block["btype"])
    if apply is None:
        raise Differs(f"Block {index} is of the type {block['btype']!r}, which there is none of.")
    why = apply(replayed, index, block)
    if why:
        raise Differs(f"Block {index} {why}.")


def _mint(replayed: Replayed, index: int, block: Document) -> str | None:
    token = block["tx"]["tid"]
    if token in replayed.owners:
        return f"mints token {token}, which there is already"
    if token == replayed.last_id + 1:
        replayed.last_id = token
    replayed.minted_at[token] = block["ts"]
    _own(replayed, token, block["tx"]["to"])
    return _describe(replayed, index, block)


def _describe(replayed: Replayed, index: int, block: Document) -> str | None:
    token, metadata = block["tx"]["tid"], block["tx"]["meta"][core.METADATA_KEY]
    if token not in replayed.owners:
        return f"describes token {token}, which there is not"
    if not isinstance(metadata, dict):
        return f"does not describe token {token}"
    replayed.described_in[token] = index
    return None


def _own(replayed: Replayed, token: int, owner: list[bytes]) -> None:
    replayed.owners[token] = raw_key(from_block(owner))


def _not_of(replayed: Replayed, block: Document) -> str | None:
    """Return why a block cannot be about its token: it is not there, or is another's."""
    token = block["tx"]["tid"]
    held = replayed.owners.get(token)
    if held is None:
        return f"is about token {token}, which there is not"
    given = from_block(block["tx"]["from"])
    # The same account in either form: a backend as deployed tells them apart, `nft` does not.
    if held in {raw_key(given), account_key(given)}:
        return None
    owner, _, subaccount = held.partition(".")
    holder = account(Principal.from_text(owner), bytes.fromhex(subaccount) or None)
    if account_key(holder) == account_key(given):
        return None
    return f"is about token {token} of somebody who does not own it"


def _transfer(replayed: Replayed, _index: int, block: Document) -> str | None:
    token = block["tx"]["tid"]
    why = _not_of(replayed, block)
    if why is None:
        _own(replayed, token, block["tx"]["to"])
        _forget(replayed, approvals.token_scope(token))
    return why


def _transfer_from(replayed: Replayed, index: int, block: Document) -> str | None:
    from_block(block["tx"]["spender"])
    return _transfer(replayed, index, block)


def _burn(replayed: Replayed, _index: int, block: Document) -> str | None:
    token = block["tx"]["tid"]
    why = _not_of(replayed, block)
    if why is None:
        for kept in (replayed.owners, replayed.described_in, replayed.minted_at):
            del kept[token]
        _forget(replayed, approvals.token_scope(token))
    return why


def _approve(replayed: Replayed, _index: int, block: Document) -> str | None:
    why = _not_of(replayed, block) if "tid" in block["tx"] else None
    if why is None:
        kept = _approval(block["tx"])
        replayed.approvals[kept["key"]] = kept
        replayed.scopes.setdefault(kept["scope"], set()).add(kept["key"])
    return why


def _approval(transaction: Document) -> Document:
    """Return an approval's document as a block has it."""
    return approvals.document_of(
        approvals.Approval(
            transaction.get("tid"),
            holder=from_block(transaction["from"]),
            spender=from_block(transaction["spender"]),
            expires_at=transaction.get("exp"),
            memo=transaction.get("memo"),
            created_at=transaction["ts"],
        )
    )


def _scope(transaction: Document) -> str:
    if "tid" in transaction:
        return approvals.token_scope(transaction["tid"])
    return approvals.account_scope(from_block(transaction["from"]))


def _revoke(replayed: Replayed, _index: int, block: Document) -> str | None:
    transaction = block["tx"]
    why = _not_of(replayed, block) if "tid" in transaction else None
    if why is not None:
        return why
    scope = _scope(transaction)
    revoked = replayed.scopes.get(scope, set())
    if "spender" in transaction:
        revoked = revoked & {approvals.key_of(scope, from_block(transaction["spender"]))}
    if not any(approvals.is_active(replayed.approvals[key], block["ts"]) for key in revoked):
        return "revokes what was not approved"
    for key in list(revoked):
        del replayed.approvals[key]
        replayed.scopes[scope].discard(key)
    return None


def _forget(replayed: Replayed, scope: str) -> None:
    for key in replayed.scopes.pop(scope, ()):
        del replayed.approvals[key]


_PLAYED: dict[str, Callable[[Replayed, int, Document], str | None]] = {
    blocks.MINT: _mint,
    blocks.BURN: _burn,
    blocks.TRANSFER: _transfer,
    blocks.UPDATE: _describe,
    blocks.APPROVE: _approve,
    blocks.APPROVE_ALL: _approve,
    blocks.REVOKE: _revoke,
    blocks.REVOKE_ALL: _revoke,
    blocks.TRANSFER_FROM: _transfer_from,
}


# --- comparing ---


def _compare_ledger(state: State, replayed: Replayed) -> None:
    length = len(state.table(BLOCKS))
    ledger = only_one(state, LEDGER) or {"blocks": 0, "tip": None, "last_id": 0}
    if ledger["blocks"] != length:
        raise Differs(
            f"The ledger's record tells of {ledger['blocks']} blocks, and there are {length}: "
            f"block {min(ledger['blocks'], length)} is the first that is missing or too many."
        )
    if ledger["tip"] != (replayed.tip.hex() if replayed.tip else None):
        raise Differs(f"Block {length - 1} is not the one that the ledger's record ends with.")
    last_id = ledger["last_id"]
    is_known = last_id == 0 or state.table(BLOCKS).contains(where("token") == last_id)
    if last_id < replayed.last_id or not is_known:
        raise Differs(f"The ledger's record says that id {last_id} was the last one given.")


def _compare_tokens(state: State, replayed: Replayed) -> None:
    """Raise `Differs` unless the state has exactly the tokens that are left in `replayed`."""
    for _, kept in _documents(state, TOKENS):
        token = kept["id"]
        found = (
            replayed.owners.pop(token, None),
            replayed.described_in.get(token),
            replayed.minted_at.get(token),
        )
        if found[0] is None:
            raise Differs(f"Token {token} is in the state and not in the log.")
        if not _is_owned(kept, found[0]):
            raise Differs(f"Token {token} has another owner than the log says.")
        if kept["described_in"] != found[1]:
            raise Differs(f"Token {token} has other metadata than the log says.")
        if kept["created_at"] != found[2]:
            raise Differs(f"Token {token} was minted at another time, as the log says.")
    for token in sorted(replayed.owners):
        raise Differs(f"Token {token} is in the log and not in the state.")


def _is_owned(kept: Document, owner: str) -> bool:
    """Tell whether all that a token's document says of its owner is what the log says."""
    given = core.owner_of(kept)
    return raw_key(given) == owner and kept == kept | core.owned_by(given)


def _compare_approvals(state: State, replayed: Replayed) -> None:
    """Raise `Differs` unless the approvals that stand now are those of the log."""
    now = max(replayed.ts, read_canister(state, OWNER_NUMBER)["last_time"])
    missing = replayed.active(now)
    for _, kept in _documents(state, APPROVALS):
        if kept == replayed.approvals.get(kept["key"]):
            missing.discard(kept["key"])
        elif approvals.is_active(kept, now):
            raise Differs(f"The approval for {kept['scope']} is not the one in the log.")
    for key in sorted(missing):
        scope = replayed.approvals[key]["scope"]
        raise Differs(f"The approval for {scope} is in the log and not in the state.")
