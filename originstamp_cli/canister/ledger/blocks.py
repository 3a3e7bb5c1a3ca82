"""The log of the ledger: blocks linked by their hashes (ICRC-3).

A block is a tree of Python values: `int` stands for Nat and `Int` for Int, `str` for Text, `bytes`
for Blob, `list` for Array and `dict` for Map.
"""

from functools import lru_cache
from hashlib import sha256

from originstamp_cli.candid.leb128 import write_signed, write_unsigned
from originstamp_cli.canister.records import BLOCKS, LEDGER, ONLY, Document, read_only_one
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, where

MINT = "7mint"
BURN = "7burn"
TRANSFER = "7xfer"
UPDATE = "7update_token"
APPROVE = "37approve"
APPROVE_ALL = "37approve_coll"
REVOKE = "37revoke"
REVOKE_ALL = "37revoke_coll"
TRANSFER_FROM = "37xfer"

_REMEMBERED = (TRANSFER, TRANSFER_FROM)  # an approval may be given again

_BLOB = "#"
_INT = "#int"  # no key of a Map is stored so: of one that begins with `#` it is doubled
_SHORT = 48  # letters: a longer text is rarely met twice
_PAIR = 2  # items of an attribute: its type and its value
_PLAIN = (str, int)  # what JSON holds as it is


class Int(int):
    """A whole number of the type Int; a plain `int` is a Nat, which hashes unlike most of these."""

    __slots__ = ()


def hash_value(value: object) -> bytes:
    """Return the representation-independent hash of a value, 32 bytes (ICRC-3, "Value hash")."""
    if isinstance(value, str):
        return _text_hash(value) if len(value) <= _SHORT else sha256(value.encode()).digest()
    if isinstance(value, dict):
        return _dict_hash(value)
    if isinstance(value, list):
        hashes = [
            _dict_hash(item) if isinstance(item, dict) else hash_value(item) for item in value
        ]
        return sha256(b"".join(hashes)).digest()
    return sha256(_leaf(value)).digest()


def _dict_hash(value: Document) -> bytes:
    items = tuple(value.items())
    if len(items) == _PAIR and type(items[0][1]) is str and type(items[1][1]) is str:
        return _pair_hash(items)
    return _map_hash(items)


def _map_hash(items: tuple[tuple[str, object], ...]) -> bytes:
    pairs = [
        _text_hash(key)
        + (_text_hash(item) if isinstance(item, str) and len(item) <= _SHORT else hash_value(item))
        for key, item in items
    ]
    pairs.sort()
    return sha256(b"".join(pairs)).digest()


# Most of a token's attributes are those of its session, and so of its other tokens.
_pair_hash = lru_cache(4096)(_map_hash)


# The keys of every block are the same few words, and most of their texts come again too.
@lru_cache(4096)
def _text_hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _leaf(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, Int):
        return sleb128(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return leb128(value)
    raise TypeError(f"a block cannot hold {value!r}")


@lru_cache(256)  # a block tells its time more than once
def leb128(number: int) -> bytes:
    """Return a natural number in unsigned LEB128."""
    digits = bytearray()
    write_unsigned(digits, number)
    return bytes(digits)


def sleb128(number: int) -> bytes:
    """Return a whole number in signed LEB128."""
    digits = bytearray()
    write_signed(digits, number)
    return bytes(digits)


def append(
    state: State, kind: str, now: int, transaction: Document, ledger: Document | None = None
) -> int:
    """Add a block of this kind to the log, linked to the one before, and return its index.

    `ledger` is the ledger's own record as it was read, where something else is to change in it.
    """
    ledger = read_ledger(state) if ledger is None else ledger
    block: Document = {"btype": kind, "ts": now, "tx": transaction}
    if ledger["tip"] is not None:
        block["phash"] = bytes.fromhex(ledger["tip"])
    tip = hash_value(block).hex()
    kept: Document = {"hash": tip, "block": to_stored(block)}
    if "tid" in transaction:
        kept["token"] = transaction["tid"]
    if "ts" in transaction and kind in _REMEMBERED:
        kept["request"] = _request_key(kind, transaction)
    state.table(BLOCKS).insert(kept)
    index: int = ledger["blocks"]
    state.table(LEDGER).put(ledger | {"tip": tip, "blocks": index + 1}, ONLY)
    return index


def find_same(state: State, kind: str, transaction: Document) -> int | None:
    """Return the index of the block of this kind that holds exactly this transaction, or None.

    Only those are found whose sender said when they were made: others may be meant twice.
    """
    kept = state.table(BLOCKS).get(where("request") == _request_key(kind, transaction))
    return None if kept is None else int(kept.doc_id) - 1


def _request_key(kind: str, transaction: Document) -> str:
    return hash_value([kind, transaction]).hex()


def check_tail(state: State) -> str | None:
    """Return what is wrong with the newest block and its link, or None."""
    try:
        ledger = read_ledger(state)
        newest = ledger["blocks"] - 1
        return None if newest < 0 else _check_link(state, newest, ledger["tip"])
    except StateDamaged as damage:
        return damage.message
    except (KeyError, TypeError, ValueError):
        return "the newest block or the one before it cannot be read"


def _check_link(state: State, index: int, tip: str) -> str | None:
    newest, before = block_at(state, index), block_at(state, index - 1)
    if newest is None or hash_value(newest).hex() != tip:
        return f"block {index} does not have the hash that the ledger kept"
    if (hash_value(before) if before else None) != newest.get("phash"):
        return f"block {index} does not follow the block before it"
    return None


def block_at(state: State, index: int) -> Document | None:
    """Return the block of this index, or None."""
    if index < 0:
        return None
    kept = state.table(BLOCKS).get(doc_id=index + 1)
    return from_stored(kept["block"]) if isinstance(kept, dict) else None


def needed_block(state: State, index: int) -> Document:
    """Return a block that has to be there; raises `StateDamaged` where it is not."""
    try:
        block = block_at(state, index)
    except (KeyError, TypeError, ValueError):
        block = None
    if block is None:
        raise StateDamaged(
            f"The token ledger is damaged: block {index} cannot be read.",
            fix="Put a backup in its place, or name another file with --state.",
        )
    return block


def history(
    state: State, token_id: int, *, after: int | None, limit: int, newest: bool
) -> list[int]:
    """Return the indexes of up to `limit` blocks about a token, behind the one that is `after`."""
    page = state.table(BLOCKS).page(
        where("token") == token_id,
        after=None if after is None else after + 1,
        limit=limit,
        descending=newest,
    )
    return [kept.doc_id - 1 for kept in page]


def read_ledger(state: State) -> Document:
    """Return the ledger's own record: its length, its tip and the last id given.

    Raises `StateDamaged` where it does not tell of as many blocks as there are: what was added to
    such a log would begin another chain.
    """
    ledger = read_only_one(state, LEDGER) or {"blocks": 0, "tip": None, "last_id": 0}
    if ledger["blocks"] != len(state.table(BLOCKS)):
        raise StateDamaged(
            f"The token ledger is damaged: its record tells of {ledger['blocks']} blocks, "
            f"and there are {len(state.table(BLOCKS))}.",
            fix="Put a backup in its place, or name another file with --state.",
        )
    return ledger


def to_stored(value: object) -> object:
    """Return a value as JSON can hold it: blobs as `{"#": hex}` and Ints as `{"#int": n}`.

    A `#` at the beginning of any other key is doubled.
    """
    if isinstance(value, dict):
        return {
            _BLOB + key if key.startswith(_BLOB) else key: (
                item if type(item) in _PLAIN else to_stored(item)
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [item if type(item) in _PLAIN else to_stored(item) for item in value]
    if isinstance(value, Int):
        return {_INT: int(value)}
    return {_BLOB: value.hex()} if isinstance(value, bytes) else value


def from_stored(kept: object) -> Document:
    """Return the block that `to_stored` was given."""
    block = _from_stored(kept)
    if not isinstance(block, dict):
        raise TypeError("a block is a Map")
    return block


def _from_stored(kept: object) -> object:
    if isinstance(kept, list):
        return [_from_stored(item) for item in kept]
    if not isinstance(kept, dict):
        return kept
    if _BLOB in kept:
        return bytes.fromhex(kept[_BLOB])
    if _INT in kept:
        return Int(kept[_INT])
    return {key.removeprefix(_BLOB): _from_stored(item) for key, item in kept.items()}
