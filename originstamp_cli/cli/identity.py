"""`identity`: who acts. Files, texts and exit codes are dfx's."""

from typing import Annotated

import typer

from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.errors import UsageError

app = typer.Typer(help="Manage the identities that you act as.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of an identity.")]


@dfx_command(app)
def new(
    console: Console,
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Replace one of that name.")] = False,
    storage_mode: Annotated[
        str, typer.Option("--storage-mode", help="How the key is kept: plaintext.")
    ] = "plaintext",
    disable_encryption: Annotated[  # noqa: ARG001 - older scripts say it, and so it is
        bool, typer.Option("--disable-encryption", hidden=True)
    ] = False,
) -> None:
    """Make an identity with a key of its own.

    Example: dfx identity new collector --storage-mode plaintext
    """
    if storage_mode != "plaintext":
        raise UsageError(
            f"invalid value '{storage_mode}' for '--storage-mode <STORAGE_MODE>'\n"
            "  [possible values: plaintext]"
        )
    try:
        console.identities.create(name, force=force)
    except UsageError as error:
        raise UsageError(f"invalid value '{name}' for '<NEW_IDENTITY>': {error.message}") from error


@dfx_command(app, name="list")
def list_(console: Console) -> None:
    """List identities, one a line; the selected one is marked on standard error.

    Example: dfx identity list
    """
    selected = console.identities.current()
    for name in console.identities.names():
        console.environment.show(name, end="")
        if name == selected:
            console.environment.stderr.write(" *")
            console.environment.stderr.flush()
        console.environment.show("")


@dfx_command(app)
def use(console: Console, name: Name) -> None:
    """Act as an identity from now on.

    Example: dfx identity use collector
    """
    console.identities.use(name)


@dfx_command(app)
def whoami(console: Console) -> str:
    """Print the name of the identity that acts.

    Example: dfx identity whoami
    """
    return console.identities.current()


@dfx_command(app, name="get-principal")
def get_principal(console: Console) -> str:
    """Print the principal of the identity that acts.

    Example: dfx identity get-principal --identity collector
    """
    return console.identities.principal().text
