"""Values of blocks: their hashes (ICRC-3), and how a document keeps them.

A value is a tree of Python's own: `int` stands for Nat and `Int` for Int, `str` for Text, `bytes`
for Blob, `list` for Array and `dict` for Map. Both are worked out in one walk, because every block
needs both.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias

from originstamp_cli.candid.leb128 import write_signed, write_unsigned
from originstamp_cli.canister.records import Document

# A value's hash, 32 bytes, and the value as JSON can hold it: blobs as `{"#": hex}` and Ints as
# `{"#int": n}`. A `#` at the beginning of any other key is doubled.
Sealed: TypeAlias = tuple[bytes, Any]

_BLOB = "#"
_INT = "#int"  # no key of a Map is stored so: of one that begins with `#` it is doubled
_SHORT = 48  # letters: a longer text is rarely met twice
_PAIR = 2  # items of an attribute: its type and its value


class Int(int):
    """A whole number of the type Int; a plain `int` is a Nat, which hashes unlike most of these."""

    __slots__ = ()


def hash_value(value: object) -> bytes:
    """Return the representation-independent hash of a value, 32 bytes (ICRC-3, "Value hash")."""
    return seal(value)[0]


def to_stored(value: object) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a value as JSON can hold it; not to be changed, since others may share parts of it."""
    return seal(value)[1]


def seal(value: object) -> Sealed:
    """Return a value's hash and stored form; `TypeError` for what no block can hold."""
    if isinstance(value, str):
        return _text_hash(value), value
    if isinstance(value, dict):
        return _sealed_map(value)
    if isinstance(value, list):
        sealed = [_sealed_map(item) if type(item) is dict else seal(item) for item in value]
        digest = sha256(b"".join([digest for digest, _ in sealed])).digest()
        return digest, [stored for _, stored in sealed]
    if isinstance(value, bytes):
        return sha256(value).digest(), {_BLOB: value.hex()}
    if isinstance(value, Int):
        return sha256(sleb128(value)).digest(), {_INT: int(value)}
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return sha256(leb128(value)).digest(), value
    raise TypeError(f"a block cannot hold {value!r}")


def _sealed_map(value: Document) -> Sealed:
    if len(value) == _PAIR:
        (first, one), (second, other) = value.items()
        if type(one) is str and type(other) is str:
            return _sealed_texts(first, one, second, other)
    pairs, stored = sealed_pairs(value)
    return hash_of_pairs(pairs), stored


def sealed_pairs(value: Document) -> tuple[list[bytes], Document]:
    """Return what `hash_of_pairs` makes a Map's hash of, and the Map as JSON can hold it."""
    pairs, stored = [], {}
    for key, item in value.items():
        digest, kept = (_text_hash(item), item) if type(item) is str else seal(item)
        key_digest, kept_key = _sealed_key(key)
        pairs.append(key_digest + digest)
        stored[kept_key] = kept
    return pairs, stored


def hash_of_pairs(pairs: list[bytes]) -> bytes:
    """Return the hash of a Map whose keys and values, in pairs, have these hashes."""
    return sha256(b"".join(sorted(pairs))).digest()


# Most of a token's attributes are those of its session, and so of its other tokens.
@lru_cache(4096)
def _sealed_texts(first: str, one: str, second: str, other: str) -> Sealed:
    """Return the sealed form of a Map of two texts, each with its key before it."""
    first_digest, kept_first = _sealed_key(first)
    second_digest, kept_second = _sealed_key(second)
    low, high = first_digest + _text_hash(one), second_digest + _text_hash(other)
    pairs = low + high if low < high else high + low
    return sha256(pairs).digest(), {kept_first: one, kept_second: other}


# The keys of every block are the same few words.
@lru_cache(256)
def _sealed_key(key: str) -> tuple[bytes, str]:
    digest = sha256(key.encode()).digest()
    return digest, _BLOB + key if key.startswith(_BLOB) else key


def _text_hash(text: str) -> bytes:
    return _short_hash(text) if len(text) <= _SHORT else sha256(text.encode()).digest()


# Most short texts come again, those of one session in each of its tokens.
@lru_cache(4096)
def _short_hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


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
