"""Physical art sessions: one work being made, how far along it is, and its photos so far."""

from collections.abc import Callable
from functools import wraps

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import access
from originstamp_cli.canister.records import SESSIONS, Document, find, session_record
from originstamp_cli.canister.runtime import Call, err, ok, query, update
from originstamp_cli.canister.users import has_controls
from originstamp_cli.photos.signing import without_signature
from originstamp_cli.store import where

DRAFT = "draft"

MAX_TITLE = 1_000
MAX_DESCRIPTION = 10_000
MAX_STATUS = 64
MAX_PHOTOS = 1_000
MAX_URL = 2_048
URL_SCHEMES = ("http://", "https://", "s3://", "ipfs://", "file://")

NOT_FOUND = "Session not found"


def find_session(call: Call, session_id: str) -> Document | None:
    """Return the stored session of this id, or None."""
    return find(call.state, SESSIONS, "session_id", session_id)


def refuse(call: Call, session: Document | None) -> str | None:
    """Return why the caller may not act on a session: anonymous, not there, or not theirs."""
    return access.refuse_anonymous(call) or (
        NOT_FOUND if session is None else access.refuse_session(call, session)
    )


def on_own_session(method: Callable[..., Tag]) -> Callable[..., Tag]:
    """Give a method the session that its first argument names, or answer why not."""

    @wraps(method)
    def checked(call: Call, session_id: str, *arguments: object) -> Tag:
        session = find_session(call, session_id)
        refusal = refuse(call, session)
        return err(refusal) if refusal else method(call, session, *arguments)

    return checked


@query
def why_not_add_photos(call: Call, session_id: str) -> str | None:
    """Return why a photo of the caller's would be refused, before there is one; of no interface."""
    return refuse(call, find_session(call, session_id))


@update
def create_physical_art_session(call: Call, username: str, art_title: str, description: str) -> Tag:
    """Open a session for a work; it belongs to the caller. Answers its id."""
    refusal = (
        access.refuse_anonymous(call)
        or access.refuse_username(call, username)
        or (_refuse_texts(username, art_title, description) if call.hardened else None)
    )
    if refusal:
        return err(refusal)
    session_id = _unused_id(call)
    call.state.table(SESSIONS).insert(
        {
            "session_id": session_id,
            "username": username,
            "art_title": art_title,
            "description": description,
            "uploaded_photos": [],
            "status": DRAFT,
            "created_at": call.now,
            "updated_at": call.now,
            "principal": call.caller.text,
        }
    )
    return ok(session_id)


def _refuse_texts(username: str, art_title: str, description: str) -> str | None:
    if not username.strip() or not art_title.strip():
        return "Username and title cannot be empty"
    if len(art_title) > MAX_TITLE:
        return f"Title must be at most {MAX_TITLE} characters"
    if len(description) > MAX_DESCRIPTION:
        return f"Description must be at most {MAX_DESCRIPTION} characters"
    return None


def _unused_id(call: Call) -> str:
    while True:
        candidate = call.host.random_bytes(8).hex()
        if find_session(call, candidate) is None:
            return candidate


@update
@on_own_session
def upload_photo_to_session(call: Call, session: Document, url: str) -> Tag:
    """Record a photo's address; hardened: one already there is not added again."""
    photos: list[str] = session["uploaded_photos"]
    if call.hardened:
        url = without_signature(url)
        if not is_photo_url(url):
            return err("Invalid photo URL")
        if url in photos:
            return ok(value=True)
        if len(photos) >= MAX_PHOTOS:
            return err(f"A session holds at most {MAX_PHOTOS} photos")
    return _keep_photos(call, session, [*photos, url])


def is_photo_url(url: str) -> bool:
    """Tell whether a photo can have this address."""
    if len(url) > MAX_URL or has_controls(url):
        return False
    scheme = next((known for known in URL_SCHEMES if url.lower().startswith(known)), url)
    return len(url) > len(scheme)


@update
@on_own_session
def remove_photo_from_session(call: Call, session: Document, url: str) -> Tag:
    """Forget a photo's address, every time that it is there."""
    # Under either policy it may have been recorded with its signature, or without.
    equal = {url, without_signature(url)} if call.hardened else {url}
    kept = [photo for photo in session["uploaded_photos"] if photo not in equal]
    return _keep_photos(call, session, kept)


def _keep_photos(call: Call, session: Document, photos: list[str]) -> Tag:
    call.settings["photos"] += len(photos) - len(session["uploaded_photos"])
    return _change(call, session, {"uploaded_photos": photos})


@update
@on_own_session
def update_session_status(call: Call, session: Document, status: str) -> Tag:
    """Set how far a work is; any text is a status."""
    if call.hardened and not 1 <= len(status) <= MAX_STATUS:
        return err(f"Status must be 1-{MAX_STATUS} characters")
    return _change(call, session, {"status": status})


def _change(call: Call, session: Document, changes: Document) -> Tag:
    changes["updated_at"] = call.now
    call.state.table(SESSIONS).update(changes, where("session_id") == session["session_id"])
    return ok(value=True)


@query
def get_session_details(call: Call, session_id: str) -> Document | None:
    """Return a session."""
    session = find_session(call, session_id)
    return session_record(session) if session else None


@query
def get_user_sessions(call: Call, username: str) -> list[Document]:
    """Return the sessions in a user's name, in order of creation."""
    found = call.state.table(SESSIONS).page(where("username") == username)
    return [session_record(session) for session in found]


@query
def get_session_count(call: Call) -> int:
    """Return how many sessions there are."""
    return len(call.state.table(SESSIONS))


@query
def get_recent_sessions(call: Call, limit: int) -> list[Document]:
    """Return at most `limit` sessions, newest first."""
    sessions = call.state.table(SESSIONS)
    newest = sessions.page(limit=min(limit, len(sessions)), descending=True)
    return [session_record(session) for session in newest]
