"""Who may move whose tokens: the approvals of ICRC-37 that are kept. No Candid here."""

from originstamp_cli.canister.records import APPROVALS
from originstamp_cli.store import State, where


def clear(state: State, token_id: int) -> None:
    """Forget all that was approved for one token; what was for a whole account stays."""
    state.table(APPROVALS).remove(where("scope") == token_scope(token_id))


def token_scope(token_id: int) -> str:
    """Return what one token's approvals are kept under."""
    return f"token {token_id}"
