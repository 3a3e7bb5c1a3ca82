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
