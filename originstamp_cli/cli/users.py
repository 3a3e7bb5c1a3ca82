"""Commands about users."""

from typing import Annotated

import typer

from originstamp_cli.cli.common import Console, command
from originstamp_cli.render import Answer

PANEL = "Users"
app = typer.Typer()

Username = Annotated[str, typer.Argument(metavar="USERNAME", help="The name to sign in with.")]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input."),
]
PASSWORD_VARIABLE = "ORIGINSTAMP_PASSWORD"  # noqa: S105 - the name of a variable


@command(app, panel=PANEL)
def register_user(
    console: Console, username: Username, password_stdin: PasswordStdin = False
) -> Answer:
    """Register a user, tied to your identity. Prints the username.

    The first to take a name keeps it. The password is asked for unseen, or read from standard
    input or ORIGINSTAMP_PASSWORD.

    Example: originstamp register-user alice
    """
    password = console.secret(
        "password", variable=PASSWORD_VARIABLE, from_stdin=password_stdin, confirm=True
    )
    answer = console.call("register_user", username, password)
    return answer.showing(answer.value["username"])


@command(app, panel=PANEL)
def get_user_count(console: Console) -> Answer:
    """Print how many users there are.

    Example: originstamp get-user-count
    """
    return console.call("get_user_count")
