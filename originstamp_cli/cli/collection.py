"""Commands about the collection that all tokens are in."""

from typing import Annotated

import typer

from originstamp_cli.canister import backend, upkeep
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.token_options import PANEL
from originstamp_cli.cli.usage import nat64
from originstamp_cli.errors import UsageError
from originstamp_cli.render import Answer

app = typer.Typer()


@command(app, panel=PANEL)
def collection(console: Console) -> Answer:
    """Show what is said of the collection, and how many tokens it has.

    Example: originstamp collection
    """
    answer = console.call("icrc7_collection_metadata")
    symbol = console.perform(upkeep.symbol, [], upkeep.SYMBOL).value
    answer.value = {"name": answer.value["name"], "symbol": symbol, **answer.value}
    return answer.showing(answer.value)


@command(app, panel=PANEL)
def set_collection(
    console: Console,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Its name.")] = None,
    symbol: Annotated[
        str | None, typer.Option("--symbol", metavar="TEXT", help="Its short name.")
    ] = None,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is.")
    ] = None,
    image: Annotated[str | None, typer.Option("--image", metavar="URL", help="Its image.")] = None,
    max_supply: Annotated[
        int | None,
        typer.Option(
            "--max-supply", metavar="N", parser=nat64, help="How many tokens there may be."
        ),
    ] = None,
) -> Answer:
    """Describe the collection; what is not given is kept. For controllers.

    Example: originstamp set-collection --name 'Harbours' --max-supply 100
    """
    given = {
        "name": name,
        "symbol": symbol,
        "description": description,
        "image": image,
        "max_supply": max_supply,
    }
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise UsageError(
            "There is nothing to set.",
            fix="Give --name, --symbol, --description, --image or --max-supply.",
        )
    results = backend.interface().methods["update_collection_metadata"].results
    return console.perform(upkeep.set_collection, [changes], results).showing(None)
