"""Commands about tokens."""

from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.canister import upkeep
from originstamp_cli.canister.ledger.accounts import account, account_text
from originstamp_cli.cli.common import Console, command, remedy
from originstamp_cli.cli.sessions import Session
from originstamp_cli.cli.token_options import (
    PANEL,
    Attributes,
    FromSubaccount,
    Recipient,
    To,
    Token,
    Yes,
    pair,
    subaccount,
)
from originstamp_cli.cli.usage import nat64
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.render import Answer, Lines

app = typer.Typer()


@command(app, panel=PANEL)
def mint(console: Console, session: Session, to: To, attribute: Attributes = None) -> Answer:
    """Mint a token from a session. Prints the token's id, and on standard error its block.

    Example: originstamp mint 3f9c2a7be01d4c55 --to default --attribute medium=oil
    """
    extra = [pair(text) for text in attribute or []]
    recipient = console.recipient(to)
    # Looked at first: once the token is minted, nothing may come between it and its id.
    local = _has_local_photos(console, session)
    answer = console.perform(upkeep.mint, [session, recipient, extra], upkeep.MINTED)
    console.inform(f"Block {answer.value['block']}.")
    if local:
        console.environment.say(
            "Warning: this token names photos by file:// addresses, "
            "which mean nothing on another machine."
        )
    return answer.showing(answer.value["token"])


def _has_local_photos(console: Console, session: str) -> bool:
    details = console.call("get_session_details", session).value
    photos = details["uploaded_photos"] if details else []
    return any(photo.lower().startswith("file:") for photo in photos)


@command(app, panel=PANEL)
def transfer(
    console: Console,
    token: Token,
    to: To,
    from_subaccount: FromSubaccount = None,
    yes: Yes = False,
) -> Answer:
    """Give a token that you own to somebody else. Asks first on a terminal.

    Prints the block's index.

    Example: originstamp transfer 1 --to collector --yes
    """
    recipient = console.recipient(to)
    holder = account(console.identities.principal(), subaccount(from_subaccount))
    if not console.confirmed(f"Transfer token {token} to {account_text(recipient)}?", yes=yes):
        raise Refused("Nothing was transferred.")
    request = {
        "from": holder,
        "to": recipient,
        "token_id": token,
        "memo": None,
        "created_at_time": None,
    }
    return console.perform(upkeep.transfer, [request], upkeep.BLOCK)


@command(app, panel=PANEL)
def show_token(console: Console, token: Token) -> Answer:
    """Show a token: its owner, its metadata and where it came from.

    Example: originstamp show-token 1
    """
    answer = console.call("get_token_details", token)
    if answer.value is None:
        raise Refused(f"There is no token {token}.", fix=remedy("Token not found"))
    return answer.showing(Lines(["field", "value"], _lines(answer.value)))


def _lines(token: dict[str, Value]) -> list[list[Value]]:
    metadata = token["metadata"]
    return [
        ["id", token["id"]],
        ["owner", account_text(token["owner"])],
        ["name", metadata["name"]],
        ["description", metadata["description"]],
        ["image", metadata["image"]],
        # Under a heading of their own: whoever mints names them, and one could be called "owner".
        *([f"attribute {name}", value] for name, value in metadata["attributes"]),
    ]


@command(app, panel=PANEL)
def list_tokens(
    console: Console,
    session: Annotated[
        str | None, typer.Option("--session", metavar="SESSION", help="Of this session.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="RECIPIENT", help="Of this account.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=1000, help="At most so many.")
    ] = 100,
    after: Annotated[
        int | None,
        typer.Option("--after", metavar="TOKEN", parser=nat64, help="Ids above this one."),
    ] = None,
) -> Answer:
    """List tokens by id: all, those of a session, or those of an account.

    Example: originstamp list-tokens --owner collector
    """
    if session is not None and owner is not None:
        raise UsageError("--session and --owner ask for two lists.", fix="Leave one of them out.")
    answer = _listed(console, session, owner, after, limit)
    lines = [[each["id"], account_text(each["owner"]), each["name"]] for each in answer.value]
    return answer.showing(Lines(["id", "owner", "name"], lines))


def _listed(
    console: Console, session: str | None, owner: str | None, after: int | None, limit: int
) -> Answer:
    if session is not None:
        answer = console.call("get_session_nfts", session)
        answer.narrow([each for each in answer.value if each["id"] > (after or 0)][:limit])
        answer.value = [
            {"id": each["id"], "owner": each["owner"], "name": each["metadata"]["name"]}
            for each in answer.value
        ]
        return answer
    if owner is None:
        answer = console.call("icrc7_tokens", after, limit)
    else:
        answer = console.call("icrc7_tokens_of", console.recipient(owner), after, limit)
    ids = answer.value
    owners = console.call("icrc7_owner_of", ids).value
    metadata = console.call("icrc7_token_metadata", ids).value
    answer.value = [
        {"id": token, "owner": holder, "name": about["name"]}
        for token, holder, about in zip(ids, owners, metadata, strict=True)
        if holder and about
    ]
    return answer


@command(app, panel=PANEL)
def balance(console: Console, recipient: Recipient) -> Answer:
    """Print how many tokens an account owns.

    Example: originstamp balance collector
    """
    answer = console.call("icrc7_balance_of", [console.recipient(recipient)])
    answer.value = answer.value[0]
    return answer.showing(answer.value)
