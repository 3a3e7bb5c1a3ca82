"""Commands about the log of the token ledger."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from originstamp_cli.candid.types import NAT64, TEXT, Field, Record, Type
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger import blocks as log
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account_text, from_block
from originstamp_cli.canister.ledger.hashing import hash_value
from originstamp_cli.canister.ledger.values import native_value
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.usage import nat64
from originstamp_cli.errors import Refused, UsageError
from originstamp_cli.network import Reply, connect
from originstamp_cli.render import Answer, Lines

PANEL = "Tokens"
app = typer.Typer()

_AT_ONCE = 100  # blocks that one call is asked for
_HEADER = ["index", "time", "type", "token", "accounts"]
_ACCOUNTS = ("from", "to", "spender")
# What a block says of its transaction, under the names that are used elsewhere.
_FIELDS = {
    "tid": "token",
    **{name: name for name in _ACCOUNTS},
    "exp": "expires_at",
    "memo": "memo",
    "ts": "created_at",
}
_VERIFIED: dict[str, Type] = {"blocks": NAT64, "tokens": NAT64, "tip": TEXT}

Block = Annotated[
    int | None,
    typer.Argument(metavar="INDEX", parser=nat64, help="Show this block; all without."),
]
Token = Annotated[
    int | None,
    typer.Option("--token", metavar="TOKEN", parser=nat64, help="Only those about this token."),
]
Limit = Annotated[
    int, typer.Option("--limit", metavar="N", min=0, max=1000, help="At most so many.")
]
After = Annotated[
    int | None,
    typer.Option("--after", metavar="INDEX", parser=nat64, help="Go on behind this block."),
]
Newest = Annotated[bool, typer.Option("--newest", help="Begin with the newest.")]


@command(app, panel=PANEL)
def blocks(
    console: Console,
    index: Block = None,
    token: Token = None,
    limit: Limit = 100,
    after: After = None,
    newest: Newest = False,
) -> Answer:
    """List the blocks of the token ledger, the oldest first, or show one of them.

    Each tells of one change of a token, and has the hash of the one before it.

    Example: originstamp blocks --token 1
    """
    if index is None:
        return _listed(console, _wanted(console, token, limit, after, newest=newest))
    if token is not None or after is not None or newest:
        raise UsageError(
            "A block and a list of blocks are two requests.", fix="Give INDEX alone, or leave it."
        )
    return _shown(console, index)


def _wanted(
    console: Console, token: int | None, limit: int, after: int | None, *, newest: bool
) -> list[int]:
    """Return the indexes of the blocks to list, in the order of the list."""
    if token is not None:
        with connect(console.settings).host.store.read() as state:
            return log.history(state, token, after=after, limit=limit, newest=newest)
    length = _asked(console, []).value["log_length"]
    if newest:
        end = length if after is None else min(after, length)
        return list(range(end - 1, -1, -1)[:limit])
    return list(range(0 if after is None else after + 1, length)[:limit])


def _asked(console: Console, indexes: list[int]) -> Answer:
    """Return what `nft` answers of these blocks, in as many calls as that takes."""
    found: list[Value] = []
    while True:
        wanted = indexes[len(found) : len(found) + _AT_ONCE]
        ranges = [{"start": each, "length": 1} for each in wanted]
        answer = console.call("icrc3_get_blocks", ranges, canister=nft.NAME)
        found += answer.value["blocks"]
        if len(found) == len(indexes) or not answer.value["blocks"]:
            answer.narrow(answer.value | {"blocks": found})
            return answer


def _listed(console: Console, indexes: list[int]) -> Answer:
    answer = _asked(console, indexes)
    found = [_natural(each) for each in answer.value["blocks"]]
    answer.value = found
    return answer.showing(Lines(_HEADER, [_line(block) for block in found]))


def _natural(told: dict[str, Value]) -> dict[str, Value]:
    """Return a block as people read it: with its hash, and accounts in their text form."""
    block = native_value(told["block"])
    transaction = {
        name: account_text(from_block(value)) if name in _ACCOUNTS else value
        for name, value in block["tx"].items()
    }
    return {
        "index": told["id"],
        "hash": hash_value(block),
        **block,
        "tx": transaction,
    }


def _line(block: dict[str, Any]) -> list[Value]:
    transaction = block["tx"]
    accounts = [f"{name} {transaction[name]}" for name in _ACCOUNTS if name in transaction]
    token = transaction.get("tid")
    return [block["index"], block["ts"], block["btype"], token, " ".join(accounts)]


def _shown(console: Console, index: int) -> Answer:
    length = _asked(console, []).value["log_length"]
    if index >= length:
        raise Refused(
            f"There is no block {index}: the log has {length}.",
            fix="See them with originstamp blocks.",
        )
    answer = _asked(console, [index])
    answer.value = _natural(answer.value["blocks"][0])
    return answer.showing(Lines(["field", "value"], list(_rows(answer.value))))


def _rows(block: dict[str, Any]) -> Iterator[list[Value]]:
    yield ["index", block["index"]]
    yield ["hash", block["hash"]]
    yield ["type", block["btype"]]
    yield ["time", block["ts"]]
    if "phash" in block:
        yield ["previous", block["phash"]]
    for field, name in _FIELDS.items():
        if field in block["tx"]:
            yield [name, block["tx"][field]]
    metadata = block["tx"].get("meta", {}).get(core.METADATA_KEY, {})
    yield from ([f"metadata {key}", value] for key, value in metadata.items())


@command(app, panel=PANEL)
def verify_ledger(console: Console) -> Answer:
    """Check the whole log: every hash and link, and that the state is what the log comes to.

    Owners, metadata, supply and approvals are compared. Names the first block or token that
    differs.

    Example: originstamp verify-ledger
    """
    from originstamp_cli.canister.ledger import replay

    with connect(console.settings).host.store.read() as state:
        why = replay.verify(state, _watch(console))
        if why is not None:
            raise Refused(why, fix="Put a backup in its place: originstamp state restore.")
        ledger = log.read_ledger(state)
        value: Value = {
            "blocks": ledger["blocks"],
            "tokens": core.supply(state),
            "tip": ledger["tip"] or "",
        }
    types = Record([Field(name, kind) for name, kind in _VERIFIED.items()])
    return Answer(Reply([value], [types]), value)


def _watch(console: Console) -> Callable[[int, int], None]:
    """Return what tells how far the work is, on a standard error that is a terminal."""
    environment = console.environment
    dumb = environment.variables.get("TERM", "dumb") == "dumb"
    if dumb or console.settings.loudness < 0 or not environment.stderr.isatty():
        return lambda _done, _of: None

    def tell(done: int, of: int) -> None:
        line = f"Block {done} of {of}" if done < of else ""
        environment.say(f"\r\x1b[K{line}", end="")

    return tell
