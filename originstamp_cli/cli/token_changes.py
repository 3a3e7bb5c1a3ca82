"""Commands that correct or destroy a token, which no interface has."""

from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.canister import upkeep
from originstamp_cli.canister.ledger.accounts import account, account_text
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.token_options import (
    PANEL,
    FromSubaccount,
    Memo,
    Token,
    Yes,
    blob,
    pair,
    subaccount,
)
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.render import Answer

app = typer.Typer()


@command(app, panel=PANEL)
def burn(
    console: Console,
    token: Token,
    from_subaccount: FromSubaccount = None,
    memo: Memo = None,
    yes: Yes = False,
) -> Answer:
    """Destroy a token that you own, for ever. Asks first on a terminal.

    The log keeps its history, and its number is not given again. Prints the block's index.

    Example: originstamp burn 3 --yes
    """
    holder = account(console.identities.principal(), subaccount(from_subaccount))
    if not console.confirmed(f"Destroy token {token} of {account_text(holder)}?", yes=yes):
        raise Refused("Nothing was destroyed.")
    arguments = [token, holder["subaccount"], blob(memo)]
    return console.perform(upkeep.burn, arguments, upkeep.BLOCK)


@command(app, panel=PANEL)
def update_token(
    console: Console,
    token: Token,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Its name.")] = None,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is.")
    ] = None,
    image: Annotated[str | None, typer.Option("--image", metavar="URL", help="Its image.")] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option("--attribute", metavar="K=V", help="One to set; may be repeated."),
    ] = None,
) -> Answer:
    """Correct what a token of your session says; what is not given is kept.

    Prints the block's index, or nothing where nothing is other than it was. What was said before
    stays in the log.

    Example: originstamp update-token 1 --attribute medium=tempera
    """
    texts = {"name": name, "description": description, "image": image}
    changes: dict[str, Value] = {
        field: value for field, value in texts.items() if value is not None
    }
    if attribute:
        changes["attributes"] = [pair(text) for text in attribute]
    if not changes:
        raise UsageError(
            "There is nothing to change.",
            fix="Give --name, --description, --image or --attribute.",
        )
    answer = console.perform(upkeep.update_token, [token, changes], upkeep.BLOCK_IF_ANY)
    if answer.value is None:
        console.inform("Nothing changed: the token says so already.")
    return answer
