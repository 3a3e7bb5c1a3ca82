"""What a token says of itself, in the keys that wallets and markets read, side by side (ICRC-7).

Text of a session may be anything: inside of another language it is escaped.
"""

import json
from binascii import b2a_base64

from originstamp_cli.canister.ledger.values import encoded_size
from originstamp_cli.canister.records import Document

# Above this the JSON is left out: it says once more what stands beside it, and a reply has bounds.
LARGEST_JSON = 256 * 1024
LARGEST = 1024 * 1024  # bytes of all of it, so that its block fits into a message (I3-51)
TOO_LARGE = "The metadata would be larger than 1 MiB"

_MOST_BYTES = 4  # of a letter in UTF-8
_AROUND = 16  # bytes around a text at most

_PROFILE = {
    *("icrc7:name", "icrc7:description", "icrc7:image", "icrc7:attributes"),
    *("icrc7:metadata:uri:image", "icrc97:metadata"),
}
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
# What could end the script or the comment of a page that the JSON is put into, as JSON escapes it.
_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\x7f", "\\u007f"))


def profile(
    name: str, description: str | None, image: str | None, attributes: list[tuple[str, str]]
) -> Document:
    """Return metadata in the wallet-friendly profile: a Map of ICRC-3 values."""
    told: Document = {"icrc7:name": name}
    if description is not None:
        told["icrc7:description"] = description
    if image is not None:
        told["icrc7:image"] = image
    traits = [{"trait_type": trait, "value": value} for trait, value in attributes]
    told["icrc7:attributes"] = traits
    if image is not None:
        told["icrc7:metadata:uri:image"] = image
    text = _json(name, description, image, traits)
    if len(text) <= LARGEST_JSON:
        told["icrc97:metadata"] = [_data_uri(text)]
    return told


def is_too_large(metadata: Document) -> bool:
    """Tell whether metadata would take more than `LARGEST` bytes in a message.

    It seldom comes near, and then only the number of its letters is looked at.
    """
    texts = [text for each in metadata["icrc7:attributes"] for text in each.values()]
    texts += [value for value in metadata.values() if isinstance(value, str)]
    most = sum(map(len, texts)) * _MOST_BYTES + len(texts) * _AROUND
    return most + 2 * LARGEST_JSON > LARGEST and encoded_size(metadata) > LARGEST


def _json(name: str, description: str | None, image: str | None, traits: list[Document]) -> str:
    """Return the JSON of ERC-721, in ASCII: it stays whole where bytes are taken for letters.

    The three texts are required there, so that what is not known is empty.
    """
    told = {"name": name, "description": description or "", "image": image or ""}
    text = _encode(told | {"attributes": traits})
    for letter, escaped in _ESCAPES:
        text = text.replace(letter, escaped)
    return text


def _data_uri(text: str) -> str:
    return "data:application/json;base64," + b2a_base64(text.encode(), newline=False).decode()


def changed(kept: Document, changes: Document) -> Document:
    """Return metadata with other texts, and attributes set beside those that it has.

    `changes` may have name, description, image, and `attributes`, a list of pairs.
    """
    told = profile(
        str(changes.get("name", kept.get("icrc7:name", ""))),
        changes.get("description", kept.get("icrc7:description")),
        changes.get("image", kept.get("icrc7:image")),
        _corrected(attributes_of(kept), dict(changes.get("attributes", []))),
    )
    return told | {key: value for key, value in kept.items() if key not in _PROFILE}


def _corrected(kept: list[tuple[str, str]], values: dict[str, str]) -> list[tuple[str, str]]:
    """Return attributes with other values where they are given, and the new ones after them."""
    known = {name for name, _ in kept}  # a name may be there more than once
    corrected = [(name, values.get(name, value)) for name, value in kept]
    return corrected + [(name, value) for name, value in values.items() if name not in known]


def attributes_of(kept: Document) -> list[tuple[str, str]]:
    """Return a token's attributes, each a name and a value."""
    return [(item["trait_type"], item["value"]) for item in kept.get("icrc7:attributes", [])]
