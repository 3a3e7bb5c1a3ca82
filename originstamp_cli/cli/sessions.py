"""Commands about physical art sessions."""

from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.usage import LARGEST, nat64, nearest
from originstamp_cli.errors import Refused
from originstamp_cli.render import Answer, Lines

PANEL = "Sessions"
FEW = 100  # sessions to look through for one that was meant
STATUSES = ["draft", "in_progress", "completed", "archived"]
LISTED = ["session_id", "username", "art_title", "status", "created_at", "photos"]
app = typer.Typer()

Session = Annotated[str, typer.Argument(metavar="SESSION", help="The id of a session.")]
Url = Annotated[str, typer.Argument(metavar="URL", help="http, https, s3, ipfs or file.")]


@command(app, panel=PANEL)
def create_session(
    console: Console,
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="The artist's username.")],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title of the work.")],
    description: Annotated[
        str, typer.Argument(metavar="DESCRIPTION", help="What the work is.", show_default=False)
    ] = "",
) -> Answer:
    """Open a session for a work in progress. Prints its id.

    Example: originstamp create-session alice 'Harbour at dawn' 'Oil on linen'
    """
    return console.call("create_physical_art_session", username, title, description)


@command(app, panel=PANEL)
def show_session(console: Console, session: Session) -> Answer:
    """Show a session: whose it is, how far along, and its photos.

    Example: originstamp show-session 3f9c2a7be01d4c55
    """
    return found(console, session)


def found(console: Console, session: str) -> Answer:
    """Return the session of this id; raises `Refused` when there is none."""
    answer = console.call("get_session_details", session)
    if answer.value is None:
        newest = [each["session_id"] for each in console.call("get_recent_sessions", FEW).value]
        raise Refused(
            f"There is no session {session!r}.{nearest(session, newest)}",
            fix="See the ids with originstamp list-sessions.",
        )
    return answer


@command(app, panel=PANEL)
def list_sessions(
    console: Console,
    user: Annotated[
        str | None, typer.Option("--user", metavar="USERNAME", help="Only in this user's name.")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help="Only of this status.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", parser=nat64, help="The newest so many."),
    ] = None,
) -> Answer:
    """List sessions in order of creation; with --limit, newest first.

    Example: originstamp list-sessions --user alice --limit 5
    """
    if user is None:
        # Without a status to look for, no more need be read than are shown.
        wanted = LARGEST if limit is None or status is not None else limit
        answer = console.call("get_recent_sessions", wanted)
    else:
        answer = console.call("get_user_sessions", user)
        answer.value = answer.value[::-1]
    newest = [each for each in answer.value if status in {None, each["status"]}]
    answer.narrow(newest[::-1] if limit is None else newest[:limit])
    return answer.showing(Lines(LISTED, [_line(each) for each in answer.value]))


def _line(session: dict[str, Value]) -> list[Value]:
    return [*(session[name] for name in LISTED[:-1]), len(session["uploaded_photos"])]


@command(app, panel=PANEL)
def set_status(
    console: Console,
    session: Session,
    status: Annotated[
        str,
        typer.Argument(metavar="STATUS", help="draft, in_progress, completed, archived, or any."),
    ],
) -> Answer:
    """Say how far along a work is.

    Example: originstamp set-status 3f9c2a7be01d4c55 completed
    """
    answer = console.call("update_session_status", session, status)
    near = "" if status in STATUSES else nearest(status, STATUSES)
    if near:
        console.environment.say(f"Note: the status is now {status!r}.{near}")
    return answer.showing(None)


@command(app, panel=PANEL)
def add_photo(console: Console, session: Session, url: Url) -> Answer:
    """Record the address of a photo; one that is there already is not added again.

    An upload address may be given as it is: its signature is not kept.

    Example: originstamp add-photo 3f9c2a7be01d4c55 https://example.com/1.png
    """
    return console.call("upload_photo_to_session", session, url).showing(None)


@command(app, panel=PANEL)
def remove_photo(console: Console, session: Session, url: Url) -> Answer:
    """Forget the address of a photo; the photo itself stays where it is.

    Example: originstamp remove-photo 3f9c2a7be01d4c55 https://example.com/1.png
    """
    return console.call("remove_photo_from_session", session, url).showing(None)
