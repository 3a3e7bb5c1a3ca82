"""Values of blocks: their hashes (ICRC-3), and the JSON that they are kept as.

A value is a tree of Python's own: `int` stands for Nat and `Int` for Int, `str` for Text, `bytes`
for Blob, `list` for Array and `dict` for Map. Every block needs both, so that both are worked out
in one walk, and remembered together for the many parts that blocks have in common.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias

from originstamp_cli.candid.leb128 import write_signed, write_unsigned
from originstamp_cli.canister.records import Document

# A value's hash, 32 bytes, and its JSON, in ASCII: blobs are `{"#": hex}`, Ints are `{"#int": n}`.
# A `#` at the beginning of any other key is doubled.
Sealed: TypeAlias = tuple[bytes, str]

_encode = json.JSONEncoder().encode
_BLOB = "#"
_INT = "#int"  # no key of a Map is stored so: of one that begins with `#` it is doubled
_SHORT = 48  # letters or bytes: what is longer is rarely met twice
_PAIR = 2  # items of an attribute: its type and its value


class Int(int):
    """A whole number of the type Int; a plain `int` is a Nat, which hashes unlike most of these."""

    __slots__ = ()


def hash_value(value: object) -> bytes:
    """Return the representation-independent hash of a value, 32 bytes (ICRC-3, "Value hash")."""
    return seal(value)[0]


def seal(value: object) -> Sealed:
    """Return a value's hash and its JSON; `TypeError` or `ValueError` for what none can hold."""
    sealed = _SEALED.get(type(value))
    if sealed is None:
        raise TypeError(f"a block cannot hold {value!r}")
    return sealed(value)


def _sealed_map(value: Document) -> Sealed:
    if len(value) == _PAIR:
        (first, one), (second, other) = value.items()
        if type(one) is str and type(other) is str:
            return _sealed_texts(first, one, second, other)
    pairs, members = sealed_members(value)
    return hash_of_pairs(pairs), f"{{{members}}}"


def sealed_members(value: Document) -> tuple[list[bytes], str]:
    """Return what `hash_of_pairs` makes a Map's hash of, and its JSON without the braces."""
    pairs, members = [], []
    for key, item in value.items():
        digest, text = seal(item)
        key_digest, key_text = _sealed_key(key)
        pairs.append(key_digest + digest)
        members.append(key_text + text)
    return pairs, ",".join(members)


def hash_of_pairs(pairs: list[bytes]) -> bytes:
    """Return the hash of a Map whose keys and values, in pairs, have these hashes."""
    return sha256(b"".join(sorted(pairs))).digest()


# Most of a token's attributes are those of its session, and so of its other tokens.
@lru_cache(512)
def _sealed_texts(first: str, one: str, second: str, other: str) -> Sealed:
    """Return the sealed form of a Map of two texts, each with its key before it.

    The walk of `sealed_members` comes to the same, and each token has two that are its own.
    """
    (first_key, start), (second_key, middle) = _sealed_key(first), _sealed_key(second)
    (one_digest, one_text), (other_digest, other_text) = _sealed_text(one), _sealed_text(other)
    digest = hash_of_pairs([first_key + one_digest, second_key + other_digest])
    return digest, f"{{{start}{one_text},{middle}{other_text}}}"


# The keys of every block are the same few words.
@lru_cache(256)
def _sealed_key(key: str) -> Sealed:
    kept = _encode(_BLOB + key if key.startswith(_BLOB) else key)
    return sha256(key.encode()).digest(), f"{kept}:"


def _sealed_text(text: str) -> Sealed:
    return _sealed_short(text) if len(text) <= _SHORT else _sealed_long(text)


def _sealed_long(text: str) -> Sealed:
    return sha256(text.encode()).digest(), _encode(text)


# Most short texts come again, those of one session in each of its tokens.
_sealed_short = lru_cache(512)(_sealed_long)


def _sealed_list(values: list[object]) -> Sealed:
    if len(values) == 1 and type(values[0]) is bytes and len(values[0]) <= _SHORT:
        return _sealed_account(values[0])
    sealed = [seal(value) for value in values]
    digest = sha256(b"".join([digest for digest, _ in sealed])).digest()
    return digest, f"[{','.join([text for _, text in sealed])}]"


# The same few principals act again and again.
@lru_cache(512)
def _sealed_account(owner: bytes) -> Sealed:
    """Return the sealed form of an account without a subaccount, which is a list of one blob."""
    digest, text = _sealed_blob(owner)
    return sha256(digest).digest(), f"[{text}]"


def _sealed_blob(blob: bytes) -> Sealed:
    return sha256(blob).digest(), f'{{"{_BLOB}":"{blob.hex()}"}}'


@lru_cache(256)  # a block tells its time more than once
def _sealed_nat(value: int) -> Sealed:
    if value < 0:
        raise TypeError(f"a block cannot hold {value!r}")
    return sha256(leb128(value)).digest(), str(value)


def _sealed_int(value: Int) -> Sealed:
    return sha256(sleb128(value)).digest(), f'{{"{_INT}":{value}}}'


_SEALED: dict[type, Callable[[Any], Sealed]] = {
    str: _sealed_text,
    dict: _sealed_map,
    list: _sealed_list,
    bytes: _sealed_blob,
    int: _sealed_nat,
    Int: _sealed_int,
}


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


def from_stored(kept: object) -> Document:
    """Return the Map that was kept so; `TypeError` and `ValueError` where it is none."""
    value = _from_stored(kept)
    if not isinstance(value, dict):
        raise TypeError("that is no Map")
    return value


def _from_stored(kept: object) -> object:
    if isinstance(kept, dict):
        if _BLOB in kept:
            return bytes.fromhex(kept[_BLOB])
        if _INT in kept:
            return Int(kept[_INT])
        return {
            key.removeprefix(_BLOB): item if type(item) is str else _from_stored(item)
            for key, item in kept.items()
        }
    return [_from_stored(item) for item in kept] if isinstance(kept, list) else kept
