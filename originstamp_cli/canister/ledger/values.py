"""The values of metadata and blocks as Candid has them: the type `Value` of ICRC-3.

Inside, `int` stands for Nat and `Int` for Int, `str` for Text, `bytes` for Blob, `list` for Array
and `dict` for Map.
"""

from typing import Any, TypeAlias

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger.hashing import Int, leb128, sleb128
from originstamp_cli.canister.records import Document

Value: TypeAlias = Any  # any of these


def candid_value(value: Value) -> Tag:
    """Return a value as a Candid `Value`."""
    if isinstance(value, dict):
        return Tag("Map", candid_pairs(value))
    if isinstance(value, list):
        return Tag("Array", [candid_value(item) for item in value])
    if isinstance(value, str):
        return Tag("Text", value)
    if isinstance(value, Int):
        return Tag("Int", int(value))
    return Tag("Blob" if isinstance(value, bytes) else "Nat", value)


def candid_pairs(entries: Document) -> list[tuple[str, Tag]]:
    """Return a Map's entries as Candid has them, in their order."""
    return [(key, candid_value(value)) for key, value in entries.items()]


def native_value(tag: Tag) -> Value:
    """Return the value that `candid_value` was given.

    Raises `ValueError` for a Map that has a key twice: no block of ours does (ICRC-3 allows it).
    """
    content: Value = tag.value
    if tag.name == "Map":
        entries = {key: native_value(item) for key, item in content}
        if len(entries) != len(content):
            raise ValueError("a Map has a key twice")
        return entries
    if tag.name == "Array":
        return [native_value(item) for item in content]
    return Int(content) if tag.name == "Int" else content


def encoded_size(value: Value) -> int:
    """Return how many bytes a value takes in a Candid message, without the types."""
    if isinstance(value, dict):
        entries = (_blob_size(key.encode()) + encoded_size(item) for key, item in value.items())
        return 1 + len(leb128(len(value))) + sum(entries)
    if isinstance(value, list):
        return 1 + len(leb128(len(value))) + sum(encoded_size(item) for item in value)
    if isinstance(value, int):
        return 1 + len(sleb128(value) if isinstance(value, Int) else leb128(value))
    return 1 + _blob_size(value.encode() if isinstance(value, str) else value)


def _blob_size(data: bytes) -> int:
    return len(leb128(len(data))) + len(data)
