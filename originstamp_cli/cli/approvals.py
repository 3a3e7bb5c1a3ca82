"""Commands about approvals: who else may move a token, or all tokens of an account."""

from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.canister import clock, nft
from originstamp_cli.canister.ledger.accounts import account, account_text
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.moments import expiry
from originstamp_cli.cli.token_options import (
    PANEL,
    RECIPIENT_HELP,
    FromSubaccount,
    Memo,
    To,
    Token,
    TokenIfAny,
    Yes,
    blob,
    own_account,
)
from originstamp_cli.cli.transaction import WORDS, transact
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.network import connect
from originstamp_cli.render import Answer, Lines

app = typer.Typer()

_HEADER = ["spender", "expires", "created", "memo"]

Collection = Annotated[
    bool, typer.Option("--collection", help="All tokens of your account, now and later.")
]


@command(app, panel=PANEL)
def approve(
    console: Console,
    spender: Annotated[str, typer.Option("--spender", metavar="RECIPIENT", help=RECIPIENT_HELP)],
    token: TokenIfAny = None,
    collection: Collection = False,
    from_subaccount: FromSubaccount = None,
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="WHEN", help="Until this time, or for 7d or 12h."),
    ] = None,
    memo: Memo = None,
) -> Answer:
    """Let somebody else move a token of yours, or all of them. Prints the block's index.

    For a token it ends with the next transfer. Of one spender a new approval replaces the old.

    Example: originstamp approve 2 --spender collector --expires 7d
    """
    what = _what(token, collection=collection)
    approved = console.recipient(spender)
    holder = own_account(console, from_subaccount)
    now = _now(console)
    info = {
        "spender": approved,
        "from_subaccount": holder["subaccount"],
        "expires_at": _until(expires, now),
        "memo": blob(memo),
        "created_at_time": now,
    }
    method = "icrc37_approve_collection" if collection else "icrc37_approve_tokens"
    return transact(console, method, what | {"approval_info": info}, holder=holder)


def _what(token: int | None, *, collection: bool) -> dict[str, Value]:
    """Return what an approval is for, as a request has it; raises `UsageError`."""
    if (token is None) is not collection:
        raise UsageError(
            "An approval is for one token, or for all of an account.",
            fix="Give either TOKEN or --collection.",
        )
    return {} if token is None else {"token_id": token}


def _now(console: Console) -> int:
    """Return the time at which a call would be made now."""
    reading = clock.read(connect(console.settings).host)
    return max(reading.time, reading.newest)


def _until(text: str | None, now: int) -> int | None:
    try:
        return None if text is None else expiry(text, now)
    except ValueError as error:
        raise UsageError(
            f"{text!r} cannot be when it expires: {error}.", fix="Give a time, or 7d or 12h."
        ) from None


@command(app, panel=PANEL)
def revoke(
    console: Console,
    token: TokenIfAny = None,
    collection: Collection = False,
    spender: Annotated[
        str | None,
        typer.Option("--spender", metavar="RECIPIENT", help="Only the approval of this one."),
    ] = None,
    from_subaccount: FromSubaccount = None,
) -> Answer:
    """End the approvals for a token of yours, or for all of them. Prints the block's index.

    Those of a token and those for all tokens of an account are apart: each is ended by itself.

    Example: originstamp revoke 2 --spender collector
    """
    what = _what(token, collection=collection)
    approved = None if spender is None else console.recipient(spender)
    holder = own_account(console, from_subaccount)
    request = what | {
        "spender": approved,
        "from_subaccount": holder["subaccount"],
        "memo": None,
        "created_at_time": None,
    }
    kind = "collection" if collection else "token"
    return transact(console, f"icrc37_revoke_{kind}_approvals", request, holder=holder)


@command(app, panel=PANEL)
def list_approvals(
    console: Console,
    token: TokenIfAny = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="RECIPIENT", help="For all tokens of this account."),
    ] = None,
) -> Answer:
    """List the approvals for a token, or those for all tokens of an account: yours, or another.

    Example: originstamp list-approvals 2
    """
    if token is not None and owner is not None:
        raise UsageError("TOKEN and --owner ask for two lists.", fix="Leave one of them out.")
    if token is None:
        holder = account(console.identities.principal()) if owner is None else None
        answer = _all(
            console, "icrc37_get_collection_approvals", holder or console.recipient(str(owner))
        )
        found = answer.value
    else:
        _check_token(console, token)
        answer = _all(console, "icrc37_get_token_approvals", token)
        found = [each["approval_info"] for each in answer.value]
    return answer.showing(Lines(_HEADER, [_line(each) for each in found]))


def _check_token(console: Console, token: int) -> None:
    """Raise `Refused` where there is no such token: it has no approvals either."""
    if console.call("icrc7_owner_of", [token], canister=nft.NAME).value[0] is None:
        words = WORDS["NonExistingTokenId"]
        raise Refused(words.sentence.format(token=token), fix=words.fix)


def _all(console: Console, method: str, of: Value) -> Answer:
    """Return all that a list holds, in as many calls as it has pages."""
    found: list[Value] = []
    while True:
        last = found[-1] if found else None
        answer = console.call(method, of, last, None, canister=nft.NAME)
        if not answer.value:
            answer.narrow(found)
            return answer
        found += answer.value


def _line(approval: dict[str, Value]) -> list[Value]:
    return [
        account_text(approval["spender"]),
        approval["expires_at"],
        approval["created_at_time"],
        _readable(approval["memo"]),
    ]


def _readable(memo: bytes | None) -> str | None:
    """Return a memo as the text that it most likely is, or in hex."""
    if memo is None:
        return None
    try:
        return memo.decode()
    except UnicodeDecodeError:
        return f"0x{memo.hex()}"


@command(app, panel=PANEL)
def transfer_from(
    console: Console,
    token: Token,
    holder: Annotated[str, typer.Option("--from", metavar="RECIPIENT", help="Who holds it.")],
    to: To,
    spender_subaccount: Annotated[
        str | None,
        typer.Option(
            "--spender-subaccount", metavar="HEX", help="The subaccount that was approved."
        ),
    ] = None,
    memo: Memo = None,
    yes: Yes = False,
) -> Answer:
    """Move a token that its owner approved you for. Asks first on a terminal.

    Prints the block's index.

    Example: originstamp transfer-from 2 --from collector --to default
    """
    giver, taker = console.recipient(holder), console.recipient(to)
    spender = own_account(console, spender_subaccount)
    question = f"Transfer token {token} from {account_text(giver)} to {account_text(taker)}?"
    if not console.confirmed(question, yes=yes):
        raise Refused("Nothing was transferred.")
    request = {
        "spender_subaccount": spender["subaccount"],
        "from": giver,
        "to": taker,
        "token_id": token,
        "memo": blob(memo),
        "created_at_time": None,
    }
    return transact(console, "icrc37_transfer_from", request, holder=giver)
