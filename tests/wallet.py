"""What the tests of `nft` share: a wallet that asks it, and tokens that are simply there."""

import json
from collections.abc import Iterable
from typing import Any

from conftest import World
from test_tokens import account

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import blocks, core
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store

ZEROS = bytes(32)
ONE = bytes(31) + b"\x01"
NAMED = {"icrc7:name": "T", "icrc7:attributes": []}


def ask(world: World, method: str, argument: str | None = None, *options: str) -> Any:
    """Return what `nft` answers, as JSON has it: numbers as text, `opt` as a list of one or none.

    A long argument is given on standard input, as a shell would have to.
    """
    words = [] if argument is None else ["--argument-file", "-"]
    result = world.run(
        *("canister", "call", "nft", method, "--output", "json", *words, *options),
        typed=argument or "",
    )
    assert (result.exit_code, result.stderr) == (0, ""), result
    return json.loads(result.stdout)


def numbers(world: World, method: str, argument: str | None = None) -> list[int]:
    """Return numbers that `nft` answers."""
    return [int(number) for number in ask(world, method, argument)]


def vec(items: Iterable[object]) -> str:
    """Return a vector in Candid text."""
    return f"vec {{ {'; '.join(str(item) for item in items)} }}"


def blob(data: bytes) -> str:
    """Return bytes in Candid text."""
    return 'blob "{}"'.format("".join(f"\\{byte:02x}" for byte in data))


def of(principal: str, subaccount: bytes | None = None) -> str:
    """Return an account in Candid text."""
    raw = None if subaccount is None else "".join(f"\\{byte:02x}" for byte in subaccount)
    return account(principal, raw)


def give(
    token: int,
    to: str,
    *,
    sub: bytes | None = None,
    memo: bytes | None = None,
    at: int | None = None,
) -> str:
    """Return one element of a batch of transfers in Candid text; what is None is left out."""
    parts = [f"token_id = {token}", f"to = {to}"]
    parts += [] if sub is None else [f"from_subaccount = opt {blob(sub)}"]
    parts += [] if memo is None else [f"memo = opt {blob(memo)}"]
    parts += [] if at is None else [f"created_at_time = opt {at}"]
    return f"record {{ {'; '.join(parts)} }}"


def transfer(world: World, *elements: str, by: str = "bob") -> list[Any]:
    """Transfer in one batch and return each result; none may be null, which we never answer."""
    answers = ask(world, "icrc7_transfer", f"({vec(elements)})", "--identity", by)
    return [answer for (answer,) in answers]


def done(index: int) -> dict[str, Any]:
    """Return the result of a transfer that is told in this block."""
    return {"Ok": str(index)}


def failed(name: str, **content: object) -> dict[str, Any]:
    """Return the result of a transfer that was refused."""
    told = {field: str(value) for field, value in content.items()}
    return {"Err": {name: told or None}}


def mint(
    world: World,
    owner: str,
    ids: Iterable[int],
    *,
    subaccount: bytes | None = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Mint tokens of these ids through the ledger core."""
    holder = core_account(Principal.from_text(owner), subaccount)
    with Store(str(world.state), TABLES).write() as state:
        for number in ids:
            core.mint(
                state,
                number,
                to=holder,
                minter=holder,
                metadata=NAMED if metadata is None else metadata,
                session_id=None,
                now=1,
            )


def log(world: World) -> list[dict[str, Any]]:
    """Return every block."""
    with Store(str(world.state), TABLES).read() as state:
        length = blocks.read_ledger(state)["blocks"]
        found = [blocks.block_at(state, index) for index in range(length)]
    return [block for block in found if block]


def record(**fields: str | None) -> str:
    """Return a record in Candid text; a field that is None is left out."""
    return f"record {{ {'; '.join(f'{k} = {v}' for k, v in fields.items() if v is not None)} }}"


def opt(value: object) -> str | None:
    """Return an optional value in Candid text, None for none."""
    return None if value is None else f"opt {blob(value) if isinstance(value, bytes) else value}"


def approval(
    spender: str,
    *,
    at: int,
    sub: bytes | None = None,
    until: int | None = None,
    memo: bytes | None = None,
) -> str:
    """Return what is said of an approval in Candid text; what is None is left out."""
    return record(
        spender=spender,
        from_subaccount=opt(sub),
        expires_at=opt(until),
        memo=opt(memo),
        created_at_time=str(at),
    )


def take(  # noqa: PLR0913 - the fields of the standard
    token: int,
    sender: str,
    to: str,
    *,
    sub: bytes | None = None,
    memo: bytes | None = None,
    at: int | None = None,
) -> str:
    """Return one element of `icrc37_transfer_from` in Candid text; what is None is left out."""
    return record(
        spender_subaccount=opt(sub),
        **{"from": sender},
        to=to,
        token_id=str(token),
        memo=opt(memo),
        created_at_time=opt(at),
    )


def revocation(
    token: int | None = None,
    spender: str | None = None,
    *,
    sub: bytes | None = None,
    memo: bytes | None = None,
    at: int | None = None,
) -> str:
    """Return one element of a batch of revocations in Candid text; what is None is left out."""
    return record(
        token_id=None if token is None else str(token),
        spender=opt(spender),
        from_subaccount=opt(sub),
        memo=opt(memo),
        created_at_time=opt(at),
    )


def batch(world: World, method: str, *elements: str, by: str = "bob") -> list[Any]:
    """Call an update of `nft` with a batch and return each result; none may be null."""
    answers = ask(world, method, f"({vec(elements)})", "--identity", by)
    return [answer for (answer,) in answers]


def approve(world: World, token: int, info: str, by: str = "bob") -> Any:
    """Approve for one token and return the result."""
    (result,) = batch(
        world, "icrc37_approve_tokens", record(token_id=str(token), approval_info=info), by=by
    )
    return result


def approve_all(world: World, info: str, by: str = "bob") -> Any:
    """Approve for all that is in an account and return the result."""
    (result,) = batch(world, "icrc37_approve_collection", record(approval_info=info), by=by)
    return result


def approved(
    world: World, token: int, spender: str, sub: bytes | None = None, *more: str
) -> list[bool]:
    """Return what `icrc37_is_approved` says of one token, and of what else is asked for."""
    asked = record(spender=spender, from_subaccount=opt(sub), token_id=str(token))
    answers: list[bool] = ask(world, "icrc37_is_approved", f"({vec([asked, *more])})")
    return answers
