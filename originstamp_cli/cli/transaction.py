"""One transaction of `nft`: what it asks is sent by itself, and what came of it put into words."""

from typing import NamedTuple

from originstamp_cli.candid.values import Tag, Value
from originstamp_cli.canister import clock, nft
from originstamp_cli.canister.ledger.accounts import account_text
from originstamp_cli.canister.ledger.refusals import (
    ALREADY_EXPIRED,
    MEMO_TOO_LONG,
    TOO_MANY_APPROVALS,
)
from originstamp_cli.cli.common import Console
from originstamp_cli.errors import Refused
from originstamp_cli.render import Answer


class Words(NamedTuple):
    """What a refusal means, and what to do about it where there is something to do."""

    sentence: str
    fix: str = ""


_LOOK_AT_OWNER = "See who owns it with originstamp show-token."

# Every error of ICRC-7 and ICRC-37. `{…}` are what the error tells, the token that it is about, and
# the account that holds it as was said.
WORDS = {
    "NonExistingTokenId": Words(
        "There is no token {token}.", "See the ids with originstamp list-tokens."
    ),
    "Unauthorized": Words("Token {token} is not held by {holder}.", _LOOK_AT_OWNER),
    "InvalidRecipient": Words("Token {token} would stay where it is.", "Give another as --to."),
    "InvalidSpender": Words(
        "Nobody needs an approval for tokens of their own.", "Give another as --spender."
    ),
    "ApprovalDoesNotExist": Words(
        "There is no such approval.", "See those that stand with originstamp list-approvals."
    ),
    "Duplicate": Words("This was done before.", "See it with originstamp blocks {duplicate_of}."),
    "TooOld": Words(
        "The request is too old to tell whether it was made before.", "Make it again now."
    ),
    "CreatedInFuture": Words(
        "The request is of a time to come: it is {ledger_time} now.",
        "Set the clock with originstamp state clock.",
    ),
    "GenericError": Words("{message}"),
    "GenericBatchError": Words("{message}"),
}
# The same, where a transaction has more to say of it.
_WORDS_OF = {
    "icrc37_transfer_from Unauthorized": Words(
        "Token {token} is not held by {holder}, or no approval lets you move it.",
        "See originstamp show-token and originstamp list-approvals.",
    )
}
_FIXES = {
    MEMO_TOO_LONG: "Give a shorter one as --memo.",
    TOO_MANY_APPROVALS: "End some of them with originstamp revoke.",
    ALREADY_EXPIRED: "Give a later time as --expires.",
}


def transact(
    console: Console,
    method: str,
    request: dict[str, Value],
    *,
    holder: dict[str, Value],
) -> Answer:
    """Return the answer to a batch of one, whose value and text are the block's index.

    Raises `Refused` in our words where there is none, whatever else `Console.call` raises.
    """
    answer = console.call(method, [request], canister=nft.NAME)
    about = {"token": request.get("token_id"), "holder": account_text(holder)}
    answer.value = block_of(method, answer.value, about)
    return answer.showing(answer.value)


def block_of(method: str, answered: list[Tag | None], about: dict[str, Value]) -> int:
    """Return the block's index that a batch of one was answered; raises `Refused` in our words.

    `about` is the token and its holder, for the sentence. An answer that holds nothing is a failure
    too.
    """
    result = answered[0] if answered else None
    if result is None:
        raise Refused(
            "The ledger did not answer what became of it.",
            fix="See whether it was done with originstamp blocks --newest.",
        )
    value: Value = result.value
    if result.name == "Err":
        raise _refusal(method, value, about)
    index: int = value
    return index


def _refusal(method: str, error: Tag, about: dict[str, Value]) -> Refused:
    """Return what an error of the standards says, as this transaction has it."""
    words = _WORDS_OF.get(f"{method} {error.name}") or WORDS[str(error.name)]
    told = about | (error.value if isinstance(error.value, dict) else {})
    if "ledger_time" in told:
        told["ledger_time"] = clock.shown(told["ledger_time"])
    fix = _FIXES.get(told.get("error_code", 0)) or words.fix.format(**told)
    return Refused(words.sentence.format(**told), fix=fix or None)
