"""Commands about users."""

from typing import Annotated

import typer

from originstamp_cli.cli.common import Console, Secret, command
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import Refused
from originstamp_cli.render import Answer, Lines

PANEL = "Users"
FEW = 1_000  # users to look through for one that was meant
app = typer.Typer()

Username = Annotated[str, typer.Argument(metavar="USERNAME", help="The name to sign in with.")]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input."),
]
_SOURCES = ("--password-stdin", "ORIGINSTAMP_PASSWORD")
PASSWORD = Secret("password", *_SOURCES)
FIRST_PASSWORD = Secret("password", *_SOURCES, confirmed=True)
NEW_PASSWORD = Secret(
    "new password", "--password-stdin", "ORIGINSTAMP_NEW_PASSWORD", confirmed=True
)


@command(app, panel=PANEL)
def register_user(
    console: Console, username: Username, password_stdin: PasswordStdin = False
) -> Answer:
    """Register a user, tied to your identity. Prints the username.

    The first to take a name keeps it. The password is asked for unseen, or read from standard
    input or ORIGINSTAMP_PASSWORD.

    Example: originstamp register-user alice
    """
    password = console.secret(FIRST_PASSWORD, from_stdin=password_stdin)
    answer = console.call("register_user", username, password)
    return answer.showing(answer.value["username"])


@command(app, panel=PANEL)
def login(console: Console, username: Username, password_stdin: PasswordStdin = False) -> Answer:
    """Check a password. Prints the username.

    Your identity may act for the user from then on.

    Example: originstamp login alice
    """
    password = console.secret(PASSWORD, from_stdin=password_stdin)
    answer = console.call("login", username, password)
    return answer.showing(answer.value["username"])


@command(app, panel=PANEL)
def change_password(
    console: Console, username: Username, password_stdin: PasswordStdin = False
) -> Answer:
    """Give a user another password. Prints the username.

    The password until now and the new one are asked for unseen, or read as two lines of standard
    input, or from ORIGINSTAMP_PASSWORD and ORIGINSTAMP_NEW_PASSWORD.

    Example: originstamp change-password alice
    """
    old = console.secret(PASSWORD, from_stdin=password_stdin)
    new = console.secret(NEW_PASSWORD, from_stdin=password_stdin)
    answer = console.call("change_password", username, old, new)
    return answer.showing(answer.value["username"])


@command(app, panel=PANEL)
def rename_user(
    console: Console,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The name until now.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name from now on.")],
    password_stdin: PasswordStdin = False,
) -> Answer:
    """Rename a user, and the sessions that are theirs. Prints the new name.

    Example: originstamp rename-user alice alicia
    """
    password = console.secret(PASSWORD, from_stdin=password_stdin)
    answer = console.call("update_username", old, new, password)
    return answer.showing(answer.value["username"])


@command(app, panel=PANEL)
def list_users(console: Console) -> Answer:
    """List usernames, in order of registration.

    Example: originstamp list-users
    """
    answer = console.call("get_all_users")
    return answer.showing(Lines(["username"], [[name] for name in answer.value]))


@command(app, panel=PANEL)
def get_user(console: Console, username: Username) -> Answer:
    """Show a user and when they registered, in nanoseconds since 1970.

    Example: originstamp get-user alice
    """
    answer = console.call("get_user_info", username)
    if answer.value is None:
        few = console.call("get_user_count").value <= FEW
        near = nearest(username, console.call("get_all_users").value) if few else ""
        raise Refused(f"There is no user {username!r}.{near}", fix="See originstamp list-users.")
    name, created_at = answer.value
    answer.value = {"username": name, "created_at": created_at}
    return answer.showing(Lines(["username", "created_at"], [[name, created_at]]))


@command(app, panel=PANEL)
def get_user_count(console: Console) -> Answer:
    """Print how many users there are.

    Example: originstamp get-user-count
    """
    return console.call("get_user_count")
