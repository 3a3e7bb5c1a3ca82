"""Why an element of a batch is refused, in the words of ICRC-7 and ICRC-37; each decided once.

The codes of `GenericError` and `GenericBatchError`:

    110  a subaccount does not have 32 bytes
    111  the memo is too long
    120  there are as many approvals as there may be
    121  the approval would have expired already
    123  the batch would revoke more approvals than one call may
"""

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import SUBACCOUNT_BYTES, account_key, is_wellformed
from originstamp_cli.canister.ledger.collection import DRIFT_SECONDS, MAX_MEMO_BYTES, WINDOW_SECONDS
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Call

BAD_SUBACCOUNT = 110
MEMO_TOO_LONG = 111
TOO_MANY_APPROVALS = 120
ALREADY_EXPIRED = 121
TOO_MANY_REVOKED = 123

_SECOND = 1_000_000_000


def generic(code: int, message: str) -> Tag:
    """Return the refusal of one element for a reason that the standard does not name."""
    return Tag("GenericError", {"error_code": code, "message": message})


def refuse_form(memo: bytes | None, *accounts: Document) -> Tag | None:
    """Refuse a memo that is too long, then accounts that no token can be held in."""
    if memo is not None and len(memo) > MAX_MEMO_BYTES:
        return generic(MEMO_TOO_LONG, f"The memo has more than {MAX_MEMO_BYTES} bytes.")
    if not all(is_wellformed(given) for given in accounts):
        return generic(BAD_SUBACCOUNT, f"A subaccount must have {SUBACCOUNT_BYTES} bytes.")
    return None


def refuse_time(call: Call, created_at: int | None) -> Tag | None:
    """Refuse what is too old to be known again, or not of our time yet."""
    if created_at is None:
        return None
    drift = DRIFT_SECONDS * _SECOND
    if created_at < call.now - WINDOW_SECONDS * _SECOND - drift:
        return Tag("TooOld")
    if created_at > call.now + drift:
        return Tag("CreatedInFuture", {"ledger_time": call.now})
    return None


def refuse_transfer(call: Call, asked: core.Transfer) -> Tag | None:
    """Refuse a transfer before its token is looked at, the one that was done already included.

    So a repeated one learns of the first, though the token is no longer the sender's.
    """
    accounts = [asked.sender, asked.to]
    refusal = refuse_form(asked.memo, *accounts, *([asked.spender] if asked.spender else []))
    if refusal is None and account_key(asked.to) == account_key(asked.sender):
        return Tag("InvalidRecipient")
    refusal = refusal or refuse_time(call, asked.created_at)
    if refusal or asked.created_at is None:
        return refusal
    done = core.find_transfer(call.state, asked)
    return None if done is None else Tag("Duplicate", {"duplicate_of": done})


def refuse_holder(token: Document | None, holder: Document) -> Tag | None:
    """Refuse a token that is not there, or is not held in this account."""
    if token is None:
        return Tag("NonExistingTokenId")
    held = account_key(core.owner_of(token)) == account_key(holder)
    return None if held else Tag("Unauthorized")
