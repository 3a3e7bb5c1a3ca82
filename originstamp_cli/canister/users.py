"""Users: a name, an Argon2id password hash and the principals that may act in that name."""

from contextlib import suppress
from typing import TYPE_CHECKING

from originstamp_cli.canister import access
from originstamp_cli.canister.records import SESSIONS, USERS, Document, find
from originstamp_cli.canister.runtime import Ahead, Call, Stale, prepared_by, query, update
from originstamp_cli.store import where

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MAX_PASSWORD_BYTES = 1024
MAX_USERNAME = 64
MAX_PRINCIPALS = 10

EMPTY = "Username and password cannot be empty"
BAD_USERNAME = "Username must be 1-64 characters without control characters"
NO_USER = "User not found"
SAME_NAME = "New username must be different from current username"
SAME_PASSWORD = "New password must be different from current password"  # noqa: S105 - an answer
LONG_PASSWORD = f"Password must be at most {MAX_PASSWORD_BYTES} bytes"


def _welcome(message: str, username: str) -> Document:
    return {"success": True, "message": message, "username": username}


def _refused(why: str) -> Document:
    return {"success": False, "message": why, "username": None}


def find_user(call: Call, username: str) -> Document | None:
    """Return the stored user of this name, or None."""
    return find(call.state, USERS, "username", username)


# --- passwords: hashing and checking take tens of milliseconds, so they happen before the lock ---


def _fits(password: str) -> bool:
    return len(password.encode()) <= MAX_PASSWORD_BYTES


def _hash_ahead(ahead: Ahead, username: str, password: str) -> str | None:
    with ahead.peek() as call:
        if _refuse_registration(call, username, password):
            return None
    return _hasher().hash(password)


def _check_ahead(ahead: Ahead, username: str, password: str) -> "Verdict | None":
    with ahead.peek() as call:
        user = find_user(call, username)
    return Verdict(user["password_hash"], password) if user else None


def _check_rename_ahead(ahead: Ahead, old: str, _new: str, password: str) -> "Verdict | None":
    return _check_ahead(ahead, old, password)


def _check_change_ahead(ahead: Ahead, username: str, old: str, new: str) -> "Verdict | None":
    verdict = _check_ahead(ahead, username, old)
    if verdict and verdict.right and _fits(new):
        verdict.renewed = _hasher().hash(new)
    return verdict


class Verdict:
    """Whether a password is right for a stored hash, and a new hash when that one is dated."""

    __slots__ = ("checked", "renewed", "right")

    def __init__(self, stored: str, password: str) -> None:
        from argon2.exceptions import InvalidHashError, VerificationError

        hasher = _hasher()
        self.checked = stored
        self.right: bool = False
        if _fits(password):
            with suppress(VerificationError, InvalidHashError):
                self.right = hasher.verify(stored, password)
        dated = self.right and hasher.check_needs_rehash(stored)
        self.renewed = hasher.hash(password) if dated else None


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


def _verdict(call: Call, user: Document) -> bool:
    """Return whether the password was right; `Stale` when the user changed since it was checked."""
    verdict = call.prepared
    if not isinstance(verdict, Verdict) or verdict.checked != user["password_hash"]:
        raise Stale
    return verdict.right


# --- methods ---


@prepared_by(_hash_ahead)
@update
def register_user(call: Call, username: str, password: str) -> Document:
    """Create a user tied to the caller; the first to take a name keeps it."""
    refusal = _refuse_registration(call, username, password)
    if refusal:
        return _refused(refusal)
    if call.prepared is None:
        raise Stale
    call.state.table(USERS).insert(
        {
            "username": username,
            "password_hash": call.prepared,
            "created_at": call.now,
            "principals": [] if call.anonymous else [call.caller.text],
        }
    )
    return _welcome("User registered successfully", username)


def _refuse_registration(call: Call, username: str, password: str) -> str | None:
    if _empty(call, username, password):
        return EMPTY
    if find_user(call, username):
        return "Username already exists"
    if not _acceptable(call, username):
        return BAD_USERNAME
    return None if _fits(password) else LONG_PASSWORD


def _empty(call: Call, *texts: str) -> bool:
    return not all(text.strip() if call.hardened else text for text in texts)


def _acceptable(call: Call, username: str) -> bool:
    if not call.hardened:
        return True
    return len(username) <= MAX_USERNAME and not has_controls(username)


def has_controls(text: str) -> bool:
    """Tell whether a text holds a control character (Unicode categories C0, DEL and C1)."""
    return any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in text)


@prepared_by(_check_ahead)
@update
def login(call: Call, username: str, password: str) -> Document:
    """Check a password; another principal that knows it is tied to the user as well, up to ten."""
    if _empty(call, username, password):
        return _refused(EMPTY)
    user = find_user(call, username)
    if user is None:
        return _refused(NO_USER)
    if not _verdict(call, user):
        return _refused("Invalid password")
    changes = _renewed_hash(call) | _linked_principal(call, user)
    if changes:
        call.state.table(USERS).update(changes, where("username") == username)
    return _welcome("Login successful", username)


def _renewed_hash(call: Call) -> Document:
    verdict = call.prepared
    renewed = verdict.renewed if isinstance(verdict, Verdict) else None
    return {"password_hash": renewed} if renewed else {}


def _linked_principal(call: Call, user: Document) -> Document:
    known: list[str] = user["principals"]
    if call.anonymous or call.caller.text in known or len(known) >= MAX_PRINCIPALS:
        return {}
    return {"principals": [*known, call.caller.text]}


@prepared_by(_check_rename_ahead)
@update
def update_username(call: Call, old: str, new: str, password: str) -> Document:
    """Rename a user, and the sessions that its own principals made in that name."""
    user = find_user(call, old)
    refusal = _refuse_change(call, user, (old, new, password), SAME_NAME if old == new else None)
    if refusal or user is None:
        return _refused(refusal or NO_USER)
    if find_user(call, new):
        return _refused("New username already exists")
    if not _acceptable(call, new):
        return _refused(BAD_USERNAME)
    call.state.table(USERS).update(
        {"username": new} | _renewed_hash(call), where("username") == old
    )
    if call.hardened:
        _rename_sessions(call, user, new)
    return _welcome("Username updated successfully", new)


def _refuse_change(
    call: Call, user: Document | None, texts: tuple[str, ...], same: str | None
) -> str | None:
    """Return why a user is not changed: the caller, the texts, or the password is not right."""
    return (
        access.refuse_anonymous(call)
        or (EMPTY if _empty(call, *texts) else None)
        or same
        or (NO_USER if user is None else None)
        or access.refuse_user(call, user)
        or (None if user and _verdict(call, user) else "Invalid password")
    )


@prepared_by(_check_change_ahead)
@update
def change_password(call: Call, username: str, old: str, new: str) -> Document:
    """Give a user another password; the one until now must be known."""
    user = find_user(call, username)
    refusal = _refuse_change(
        call, user, (username, old, new), SAME_PASSWORD if old == new else None
    )
    if refusal:
        return _refused(refusal)
    if not _fits(new):
        return _refused(LONG_PASSWORD)
    call.state.table(USERS).update(_renewed_hash(call), where("username") == username)
    return _welcome("Password changed successfully", username)


def _rename_sessions(call: Call, user: Document, new: str) -> None:
    sessions = call.state.table(SESSIONS)
    own = [
        session.doc_id
        for session in sessions.search(where("username") == user["username"])
        if session["principal"] in user["principals"]
    ]
    sessions.update({"username": new}, doc_ids=own)


@query
def get_all_users(call: Call) -> list[str]:
    """Return every username, in order of registration."""
    return [user["username"] for user in call.state.table(USERS, scans=True)]


@query
def get_user_info(call: Call, username: str) -> tuple[str, int] | None:
    """Return a user's name and time of registration."""
    user = find_user(call, username)
    return (user["username"], user["created_at"]) if user else None


@query
def get_user_count(call: Call) -> int:
    """Return how many users there are."""
    return len(call.state.table(USERS))
