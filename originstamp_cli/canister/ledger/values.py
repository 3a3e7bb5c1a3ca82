"""The values of metadata and blocks as Candid has them: the type `Value` of ICRC-3.

Inside, `int` stands for Nat, `str` for Text, `bytes` for Blob, `list` for Array and `dict` for Map.
"""

from typing import Any, TypeAlias

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger.blocks import leb128
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
    return Tag("Blob" if isinstance(value, bytes) else "Nat", value)


def candid_pairs(entries: Document) -> list[tuple[str, Tag]]:
    """Return a Map's entries as Candid has them, in their order."""
    return [(key, candid_value(value)) for key, value in entries.items()]


def encoded_size(value: Value) -> int:
    """Return how many bytes a value takes in a Candid message, without the types."""
    if isinstance(value, dict):
        entries = (_blob_size(key.encode()) + encoded_size(item) for key, item in value.items())
        return 1 + len(leb128(len(value))) + sum(entries)
    if isinstance(value, list):
        return 1 + len(leb128(len(value))) + sum(encoded_size(item) for item in value)
    if isinstance(value, int):
        return 1 + len(leb128(value))
    return 1 + _blob_size(value.encode() if isinstance(value, str) else value)


def _blob_size(data: bytes) -> int:
    return len(leb128(len(data))) + len(data)
