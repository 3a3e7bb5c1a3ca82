"""Who may do what: the one place that decides it.

The faithful policy decides nothing here: as deployed, anyone acts for anyone. Each function returns
the reason of a refusal, or None.
"""

from originstamp_cli.canister.ledger.accounts import account_key
from originstamp_cli.canister.records import USERS, Document, find
from originstamp_cli.canister.runtime import Call

NOT_ANONYMOUS = "Anonymous calls not allowed"
NOT_YOUR_SESSION = "Unauthorized: caller does not own this session"
NOT_THE_HOLDER = "Unauthorized: only the account that holds a token may burn it"
NOT_YOUR_NAME = "Unauthorized: this username belongs to another principal"


def is_manager(call: Call) -> bool:
    """Tell whether the caller is a controller of the canister."""
    return call.caller.text in call.settings["controllers"]


def refuse_anonymous(call: Call) -> str | None:
    """Refuse an update by the anonymous principal."""
    return NOT_ANONYMOUS if call.hardened and call.anonymous else None


def refuse_session(call: Call, session: Document) -> str | None:
    """Refuse whoever neither made the session nor manages the canister."""
    if not call.hardened or session["principal"] == call.caller.text or is_manager(call):
        return None
    return NOT_YOUR_SESSION


def refuse_user(call: Call, user: Document | None) -> str | None:
    """Refuse whoever acts in a registered user's name without being that user or a manager."""
    if not call.hardened or user is None or is_manager(call):
        return None
    return None if call.caller.text in user["principals"] else NOT_YOUR_NAME


def refuse_username(call: Call, username: str) -> str | None:
    """Refuse as `refuse_user`; a name that nobody registered is free to all."""
    return refuse_user(call, find(call.state, USERS, "username", username))


def refuse_unmanaged(call: Call, what: str) -> str | None:
    """Refuse whoever is not a controller; `what` completes "may …"."""
    if not call.hardened or is_manager(call):
        return None
    return (
        f"Unauthorized: only a controller may {what}; a controller adds another with: "
        f"dfx canister update-settings backend --add-controller {call.caller.text}"
    )


def refuse_burn(call: Call, holder: Document, owner: Document) -> str | None:
    """Refuse whoever does not act as the account that holds the token, a controller too."""
    if account_key(holder) == account_key(owner):
        return refuse_anonymous(call)
    return refuse_anonymous(call) or NOT_THE_HOLDER


def refuse_correction(call: Call, session: Document | None) -> str | None:
    """Refuse whoever may not act on the session that a token came from; without one: managers."""
    if session is None:
        return refuse_unmanaged(call, "correct a token that came from no session")
    return refuse_session(call, session)
