"""Approvals, and transfers by the approved, exactly as ICRC-37 has them, whatever the policy.

Where the standard leaves the choice: the result of `icrc37_approve_collection` is the one that its
text describes, not the one of its published interface, by which no `Ok` could be told. An approval
that has expired by its last nanosecond does not stand. Nobody needs to own a token to approve for
all tokens. Lists are in order of the spender's bytes. A call that would revoke more than it may
stops there; what follows in the batch is not begun.
"""

from collections.abc import Callable

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger import approvals, core
from originstamp_cli.canister.ledger.accounts import account, account_key, is_wellformed
from originstamp_cli.canister.ledger.approvals import Approval, Revocation
from originstamp_cli.canister.ledger.collection import (
    DEFAULT_TAKE,
    MAX_APPROVALS,
    MAX_QUERY_BATCH,
    MAX_REVOKED,
    MAX_TAKE,
    MAX_UPDATE_BATCH,
)
from originstamp_cli.canister.ledger.refusals import (
    ALREADY_EXPIRED,
    TOO_MANY_APPROVALS,
    TOO_MANY_REVOKED,
    generic,
    refuse_form,
    refuse_holder,
    refuse_time,
    refuse_transfer,
)
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Call, query, update


@query
def icrc37_max_approvals_per_token_or_collection(_call: Call) -> int:
    """Return how many approvals may stand for one token, or of one principal for its accounts."""
    return MAX_APPROVALS


@query
def icrc37_max_revoke_approvals(_call: Call) -> int:
    """Return how many approvals one call may revoke."""
    return MAX_REVOKED


# --- approving ---


@update
def icrc37_approve_tokens(call: Call, requests: list[Document]) -> list[Tag]:
    """Let others move tokens of the caller; answer each approval's block, or why there is none."""
    return [
        _approve(call, _approval(call, request["token_id"], request["approval_info"]))
        for request in requests[:MAX_UPDATE_BATCH]
    ]


@update
def icrc37_approve_collection(call: Call, requests: list[Document]) -> list[Tag]:
    """Let others move whatever is in an account of the caller, now and later."""
    return [
        _approve(call, _approval(call, None, request["approval_info"]))
        for request in requests[:MAX_UPDATE_BATCH]
    ]


def _approval(call: Call, token_id: int | None, info: Document) -> Approval:
    return Approval(
        token_id,
        holder=account(call.caller, info["from_subaccount"]),
        spender=info["spender"],
        expires_at=info["expires_at"],
        memo=info["memo"],
        created_at=info["created_at_time"],
    )


def _approve(call: Call, asked: Approval) -> Tag:
    refusal = _refuse_approval(call, asked) or _refuse_token(call, asked)
    if refusal:
        return Tag("Err", refusal)
    if not approvals.has_room(call.state, asked, call.now, MAX_APPROVALS):
        message = f"There are {MAX_APPROVALS} approvals already, which is the most."
        return Tag("Err", generic(TOO_MANY_APPROVALS, message))
    return Tag("Ok", approvals.approve(call.state, asked, call.now))


def _refuse_approval(call: Call, asked: Approval) -> Tag | None:
    """Refuse what no ledger could do, whatever it holds, in the order of the checks."""
    refusal = refuse_form(asked.memo, asked.holder, asked.spender)
    if refusal:
        return refusal
    if asked.spender["owner"] == call.caller:
        return Tag("InvalidSpender")
    refusal = refuse_time(call, asked.created_at)
    if refusal is None and asked.expires_at is not None and asked.expires_at <= call.now:
        return generic(ALREADY_EXPIRED, "The approval would have expired already.")
    return refusal


def _refuse_token(call: Call, asked: Approval | Revocation) -> Tag | None:
    """Refuse what is about a token that the caller does not hold in the account named."""
    if asked.token_id is None:
        return None
    return refuse_holder(core.find_token(call.state, asked.token_id), asked.holder)


# --- revoking ---


@update
def icrc37_revoke_token_approvals(call: Call, requests: list[Document]) -> list[Tag]:
    """End approvals for tokens of the caller, of one spender or of all."""
    return _revoke_each(call, requests, lambda request: request["token_id"])


@update
def icrc37_revoke_collection_approvals(call: Call, requests: list[Document]) -> list[Tag]:
    """End approvals for all that is in an account of the caller, of one spender or of all."""
    return _revoke_each(call, requests, lambda _request: None)


def _revoke_each(
    call: Call, requests: list[Document], token_of: Callable[[Document], int | None]
) -> list[Tag]:
    answers: list[Tag] = []
    left = MAX_REVOKED
    for request in requests[:MAX_UPDATE_BATCH]:
        asked = Revocation(
            token_of(request),
            holder=account(call.caller, request["from_subaccount"]),
            spender=request["spender"],
            memo=request["memo"],
            created_at=request["created_at_time"],
        )
        refusal = _refuse_revocation(call, asked)
        revoked = [] if refusal else approvals.find_revoked(call.state, asked, call.now)
        left -= len(revoked)
        if left < 0:
            return [*answers, Tag("Err", _too_many_revoked())]
        if not revoked:
            answers.append(Tag("Err", refusal or Tag("ApprovalDoesNotExist")))
        else:
            answers.append(Tag("Ok", approvals.revoke(call.state, asked, revoked, call.now)))
    return answers


def _refuse_revocation(call: Call, asked: Revocation) -> Tag | None:
    accounts = [asked.holder, *([asked.spender] if asked.spender else [])]
    return (
        refuse_form(asked.memo, *accounts)
        or refuse_time(call, asked.created_at)
        or _refuse_token(call, asked)
    )


def _too_many_revoked() -> Tag:
    message = f"One call may revoke {MAX_REVOKED} approvals; nothing was done from here on."
    return Tag("GenericBatchError", {"error_code": TOO_MANY_REVOKED, "message": message})


# --- reading ---


@query
def icrc37_is_approved(call: Call, requests: list[Document]) -> list[bool]:
    """Tell of each token whether an approval lets the spender move it out of the subaccount."""
    return [_is_approved(call, request) for request in requests[:MAX_QUERY_BATCH]]


def _is_approved(call: Call, request: Document) -> bool:
    token = core.find_token(call.state, request["token_id"])
    if token is None:
        return False
    owner = core.owner_of(token)
    named = account(owner["owner"], request["from_subaccount"])
    return account_key(owner) == account_key(named) and approvals.is_approved(
        call.state, token["id"], owner, request["spender"], call.now
    )


@query
def icrc37_get_token_approvals(
    call: Call, token_id: int, prev: Document | None, take: int | None
) -> list[Document]:
    """Return approvals for one token after `prev`, in order of their spenders."""
    if prev is not None and prev["token_id"] > token_id:
        return []
    after = None if prev is None or prev["token_id"] < token_id else prev["approval_info"]
    page = _page(call, approvals.token_scope(token_id), after, take)
    return [{"token_id": token_id, "approval_info": info} for info in page]


@query
def icrc37_get_collection_approvals(
    call: Call, owner: Document, prev: Document | None, take: int | None
) -> list[Document]:
    """Return approvals for all that is in one account after `prev`, in order of their spenders."""
    if not is_wellformed(owner):
        return []
    return _page(call, approvals.account_scope(owner), prev, take)


def _page(call: Call, scope: str, prev: Document | None, take: int | None) -> list[Document]:
    """Return what was approved as it was submitted; of `prev` the spender alone counts."""
    after = None if prev is None else prev["spender"]
    limit = DEFAULT_TAKE if take is None else min(take, MAX_TAKE)
    found = approvals.listed(call.state, scope, after, limit, call.now)
    return [
        {
            "spender": approval.spender,
            "from_subaccount": approval.holder["subaccount"],
            "expires_at": approval.expires_at,
            "memo": approval.memo,
            "created_at_time": approval.created_at,
        }
        for approval in found
    ]


# --- transfer ---


@update
def icrc37_transfer_from(call: Call, requests: list[Document]) -> list[Tag]:
    """Move tokens that the caller holds or was approved for."""
    return [_transfer_from(call, request) for request in requests[:MAX_UPDATE_BATCH]]


def _transfer_from(call: Call, request: Document) -> Tag:
    spender = account(call.caller, request["spender_subaccount"])
    asked = core.Transfer(
        request["token_id"],
        sender=request["from"],
        to=request["to"],
        spender=spender,
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
    # Who holds a token needs no approval, in whichever subaccount.
    if asked.sender["owner"] != call.caller and not approvals.is_approved(
        call.state, asked.token_id, asked.sender, spender, call.now
    ):
        return Tag("Err", Tag("Unauthorized"))
    return Tag("Ok", core.transfer(call.state, token, asked, call.now))
