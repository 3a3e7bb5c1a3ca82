"""Commands about tokens."""

from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.canister.ledger.accounts import SUBACCOUNT_BYTES, account, account_text
from originstamp_cli.cli.common import Console, command, unwrapped
from originstamp_cli.cli.sessions import Session
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.render import Answer

PANEL = "Tokens"
MAX_TOKEN = 2**64 - 1
app = typer.Typer()

Token = Annotated[
    int, typer.Argument(metavar="TOKEN", min=0, max=MAX_TOKEN, help="The id of a token.")
]
RECIPIENT_HELP = "A principal, an account, or the name of one of your identities."
Recipient = Annotated[str, typer.Argument(metavar="RECIPIENT", help=RECIPIENT_HELP)]
To = Annotated[str, typer.Option("--to", metavar="RECIPIENT", help=RECIPIENT_HELP)]


@command(app, panel=PANEL)
def mint(
    console: Console,
    session: Session,
    to: To,
    attribute: Annotated[
        list[str] | None,
        typer.Option("--attribute", metavar="K=V", help="An attribute to add; may be repeated."),
    ] = None,
) -> Answer:
    """Mint a token from a session. Prints the token's id.

    Example: originstamp mint 3f9c2a7be01d4c55 --to default --attribute medium=oil
    """
    extra = [_pair(text) for text in attribute or []]
    answer = console.call("mint_nft_from_session", session, console.recipient(to), extra)
    _warn_of_local_photos(console, session)
    return answer


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(
            f"{text!r} is not an attribute.", fix="Write it as name=value: --attribute medium=oil"
        )
    return name, value


def _warn_of_local_photos(console: Console, session: str) -> None:
    details = console.call("get_session_details", session).value
    if any(photo.lower().startswith("file:") for photo in details["uploaded_photos"]):
        console.environment.say(
            "Warning: this token names photos by file:// addresses, "
            "which mean nothing on another machine."
        )


@command(app, panel=PANEL)
def transfer(
    console: Console,
    token: Token,
    to: To,
    from_subaccount: Annotated[
        str | None,
        typer.Option("--from-subaccount", metavar="HEX", help="The subaccount that holds it."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> Answer | None:
    """Give a token that you own to somebody else. Asks first on a terminal.

    Example: originstamp transfer 1 --to collector --yes
    """
    recipient = console.recipient(to)
    holder = account(console.identities.principal(), _subaccount(from_subaccount))
    if not console.confirmed(f"Transfer token {token} to {account_text(recipient)}?", yes=yes):
        raise Refused("Nothing was transferred.")
    request = {
        "from": holder,
        "to": recipient,
        "token_id": token,
        "memo": None,
        "created_at_time": None,
    }
    answer = console.call("icrc7_transfer", [request])
    unwrapped(answer.value[0]["result"])
    return answer.showing(None)


def _subaccount(digits: str | None) -> bytes | None:
    if digits is None:
        return None
    try:
        return bytes.fromhex(digits.rjust(2 * SUBACCOUNT_BYTES, "0"))
    except ValueError:
        raise UsageError(
            f"{digits!r} is not a subaccount.", fix="Give up to 64 hexadecimal digits."
        ) from None


@command(app, panel=PANEL)
def show_token(console: Console, token: Token) -> Answer:
    """Show a token: its owner, its metadata and where it came from.

    Example: originstamp show-token 1
    """
    answer = console.call("get_token_details", token)
    if answer.value is None:
        raise Refused(f"There is no token {token}.")
    return answer.showing(_lines(answer.value))


def _lines(token: dict[str, Value]) -> list[tuple[str, Value]]:
    metadata = token["metadata"]
    return [
        ("id", token["id"]),
        ("owner", account_text(token["owner"])),
        ("name", metadata["name"]),
        ("description", metadata["description"]),
        ("image", metadata["image"]),
        # Under a heading of their own: whoever mints names them, and one could be called "owner".
        *((f"attribute {name}", value) for name, value in metadata["attributes"]),
    ]


@command(app, panel=PANEL)
def balance(console: Console, recipient: Recipient) -> Answer:
    """Print how many tokens an account owns.

    Example: originstamp balance default
    """
    answer = console.call("icrc7_balance_of", [console.recipient(recipient)])
    return answer.showing(answer.value[0])
