"""What commands about tokens have in common: how tokens, accounts and memos are typed."""

from string import hexdigits
from typing import Annotated

import typer

from originstamp_cli.candid.principal import ANONYMOUS
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import access
from originstamp_cli.canister.ledger.accounts import SUBACCOUNT_BYTES, account
from originstamp_cli.cli.common import Console, remedy
from originstamp_cli.cli.usage import nat64
from originstamp_cli.errors import Refused, UsageError

PANEL = "Tokens"

RECIPIENT_HELP = "A principal, an account, or the name of one of your identities."

Token = Annotated[int, typer.Argument(metavar="TOKEN", parser=nat64, help="The id of a token.")]
TokenIfAny = Annotated[
    int | None,
    typer.Argument(metavar="TOKEN", parser=nat64, help="The id of a token.", show_default=False),
]
Recipient = Annotated[str, typer.Argument(metavar="RECIPIENT", help=RECIPIENT_HELP)]
To = Annotated[str, typer.Option("--to", metavar="RECIPIENT", help=RECIPIENT_HELP)]
FromSubaccount = Annotated[
    str | None,
    typer.Option("--from-subaccount", metavar="HEX", help="The subaccount that holds it."),
]
Memo = Annotated[
    str | None, typer.Option("--memo", metavar="TEXT", help="A note that stands in the log.")
]
Attributes = Annotated[
    list[str] | None,
    typer.Option("--attribute", metavar="K=V", help="An attribute to add; may be repeated."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def subaccount(digits: str | None) -> bytes | None:
    """Return the subaccount that hexadecimal digits spell; raises `UsageError`."""
    if digits is None:
        return None
    if not 0 < len(digits) <= 2 * SUBACCOUNT_BYTES or set(digits) - set(hexdigits):
        raise UsageError(
            f"{digits!r} is not a subaccount.", fix="Give up to 64 hexadecimal digits."
        )
    return bytes.fromhex(digits.rjust(2 * SUBACCOUNT_BYTES, "0"))


def own_account(console: Console, digits: str | None) -> dict[str, Value]:
    """Return the acting identity's account; raises `Refused` where that is nobody."""
    caller = console.identities.principal()
    if caller == ANONYMOUS:
        raise Refused(access.NOT_ANONYMOUS, fix=remedy(access.NOT_ANONYMOUS))
    return account(caller, subaccount(digits))


def pair(text: str) -> tuple[str, str]:
    """Return the name and the value of an attribute; raises `UsageError`."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(
            f"{text!r} is not an attribute.", fix="Write it as name=value: --attribute medium=oil"
        )
    return name, value


def blob(memo: str | None) -> bytes | None:
    """Return a memo as it stands in the log."""
    return None if memo is None else memo.encode()
