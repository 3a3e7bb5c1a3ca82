"""Who may move whose tokens: the approvals of ICRC-37 that stand, and their blocks. No Candid here.

An approval is for one token, which ends with the token's next transfer, or for all tokens of an
account, now and later. For either a spender has at most one; a new one takes its place. One that
has expired is as good as none, and the next approval of anyone removes it from the state.
"""

from originstamp_cli.canister.ledger import blocks
from originstamp_cli.canister.ledger.accounts import (
    account_key,
    block_account,
    loaded_account,
    normal,
    stored_account,
)
from originstamp_cli.canister.records import APPROVALS, Document
from originstamp_cli.store import State, where

_AT_ONCE = 10  # expired approvals that are looked for together
_LONG = 2**256


class _Asked:
    """What a holder asked for; the accounts, the memo and the times are raw.

    Without a token it is about all tokens of the holder's account.
    """

    __slots__ = ("created_at", "holder", "memo", "spender", "token_id")

    def __init__(
        self,
        token_id: int | None,
        *,
        holder: Document,
        spender: Document | None,
        memo: bytes | None,
        created_at: int | None,
    ) -> None:
        self.token_id = token_id
        self.holder = holder
        self.spender = spender
        self.memo = memo
        self.created_at = created_at

    @property
    def scope(self) -> str:
        """What the approvals that it is about are kept under."""
        if self.token_id is not None:
            return token_scope(self.token_id)
        return account_scope(self.holder)

    @property
    def transaction(self) -> Document:
        """What a block says of it: only what was given (ICRC-3)."""
        told = {
            "tid": self.token_id,
            "from": block_account(self.holder),
            "spender": self.spender and block_account(self.spender),
            "memo": self.memo,
            "ts": self.created_at,
        }
        return {name: value for name, value in told.items() if value is not None}


class Revocation(_Asked):
    """A revocation as it was asked for; without a spender it is of all of them."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        """The type of its block."""
        return blocks.REVOKE_ALL if self.token_id is None else blocks.REVOKE


class Approval(_Asked):
    """An approval as it was asked for."""

    __slots__ = ("expires_at",)

    spender: Document

    def __init__(  # noqa: PLR0913 - the fields of the standard
        self,
        token_id: int | None,
        *,
        holder: Document,
        spender: Document,
        expires_at: int | None,
        memo: bytes | None,
        created_at: int,
    ) -> None:
        super().__init__(token_id, holder=holder, spender=spender, memo=memo, created_at=created_at)
        self.expires_at = expires_at

    @property
    def kind(self) -> str:
        """The type of its block."""
        return blocks.APPROVE_ALL if self.token_id is None else blocks.APPROVE

    @property
    def transaction(self) -> Document:
        """What a block says of it: only what was given (ICRC-3)."""
        expiry = {} if self.expires_at is None else {"exp": self.expires_at}
        return super().transaction | expiry

    @property
    def quota(self) -> str:
        """What the number of approvals is limited for: the token, or the holder's principal."""
        if self.token_id is not None:
            return self.scope
        return f"principal {self.holder['owner'].text}"


def token_scope(token_id: int) -> str:
    """Return what the approvals for one token are kept under."""
    # Python refuses to write very long numbers in decimal.
    return f"token {token_id}" if token_id < _LONG else f"token {token_id:#x}"


def account_scope(holder: Document) -> str:
    """Return what the approvals for all tokens of an account are kept under, however it is told."""
    return f"account {account_key(holder)}"


def key_of(scope: str, spender: Document) -> str:
    """Return what no two approvals that stand may share."""
    return f"{scope} {place_of(spender)}"


def place_of(spender: Document) -> str:
    """Return where a spender stands in a list: in order of the owner's bytes, then of the others.

    The dot sorts before all digits, so that a shorter owner comes before a longer one.
    """
    subaccount = normal(spender)["subaccount"]
    return f"{spender['owner'].raw.hex()}.{'' if subaccount is None else subaccount.hex()}"


# --- changing ---


def approve(state: State, asked: Approval, now: int) -> int:
    """Let the spender move what the approval is for, and return the block's index."""
    kept = document_of(asked)
    state.table(APPROVALS).remove(where("key") == kept["key"])
    state.table(APPROVALS).insert(kept)
    return blocks.append(state, asked.kind, now, asked.transaction)


def document_of(asked: Approval) -> Document:
    """Return an approval as it is kept."""
    kept: Document = {
        "key": key_of(asked.scope, asked.spender),
        "scope": asked.scope,
        "quota": asked.quota,
        "place": place_of(asked.spender),
        "spender": stored_account(asked.spender),
        "holder": stored_account(asked.holder),
        "token_id": asked.token_id,
        "memo": None if asked.memo is None else asked.memo.hex(),
        "created_at": asked.created_at,
    }
    if asked.expires_at is not None:  # the index on it is of those alone that expire
        kept["expires_at"] = asked.expires_at
    return kept


def has_room(state: State, asked: Approval, now: int, limit: int) -> bool:
    """Tell whether the approval leaves its token or principal with `limit` of them at most.

    One that takes the place of another always does. Removes all that have expired.
    """
    _forget_expired(state, now)
    table = state.table(APPROVALS)
    if table.count(where("quota") == asked.quota) < limit:
        return True
    return table.contains(where("key") == key_of(asked.scope, asked.spender))


def _forget_expired(state: State, now: int) -> None:
    table = state.table(APPROVALS)
    while True:
        oldest = table.page(order="expires_at", limit=_AT_ONCE)
        gone = [kept.doc_id for kept in oldest if not is_active(kept, now)]
        table.remove(doc_ids=gone)
        if len(gone) < _AT_ONCE:
            return


def revoke(state: State, asked: Revocation, revoked: list[int], now: int) -> int:
    """End the approvals that `find_revoked` found for it, and return the one block's index."""
    state.table(APPROVALS).remove(doc_ids=revoked)
    return blocks.append(state, asked.kind, now, asked.transaction)


def clear(state: State, token_id: int) -> None:
    """Forget all that was approved for one token; what is for a whole account stays."""
    state.table(APPROVALS).remove(where("scope") == token_scope(token_id))


# --- reading ---


def is_active(kept: Document, now: int) -> bool:
    """Tell whether an approval as it is kept has not expired."""
    expires_at = kept.get("expires_at")
    return expires_at is None or expires_at > now


def find_revoked(state: State, asked: Revocation, now: int) -> list[int]:
    """Return the document ids of the approvals that a revocation is of, expired ones left out."""
    table = state.table(APPROVALS)
    if asked.spender is None:
        found = table.search(where("scope") == asked.scope)
    else:
        found = table.search(where("key") == key_of(asked.scope, asked.spender))
    return [kept.doc_id for kept in found if is_active(kept, now)]


def is_approved(state: State, token_id: int, holder: Document, spender: Document, now: int) -> bool:
    """Tell whether a spender may move a token that this account holds.

    That the holder may needs no approval, and is none.
    """
    table = state.table(APPROVALS)
    scopes = (token_scope(token_id), account_scope(holder))
    found = (table.get(where("key") == key_of(scope, spender)) for scope in scopes)
    return any(kept is not None and is_active(kept, now) for kept in found)


def listed(
    state: State, scope: str, after: Document | None, limit: int, now: int
) -> list[Approval]:
    """Return approvals of a scope that stand, after those of a spender, in order of spenders."""
    place = None if after is None else place_of(after)
    # Few: their number is limited, and nobody but one holder makes them.
    found = state.table(APPROVALS).page(where("scope") == scope, order="place", after=place)
    return [_loaded(kept) for kept in found if is_active(kept, now)][:limit]


def _loaded(kept: Document) -> Approval:
    return Approval(
        kept["token_id"],
        holder=loaded_account(kept["holder"]),
        spender=loaded_account(kept["spender"]),
        expires_at=kept.get("expires_at"),
        memo=None if kept["memo"] is None else bytes.fromhex(kept["memo"]),
        created_at=kept["created_at"],
    )
