"""What a state file of either kind holds: documents as text, whose it is, and of which version."""

import json
from collections.abc import Mapping
from typing import Any

from originstamp_cli.errors import StateDamaged, StateTooNew, StateTooOld

APPLICATION = "originstamp"
# The same word in the 32 bits that SQLite has for it: "OStp".
APPLICATION_ID = 0x4F537470

SCHEMA_VERSION = 2

# ASCII, so that lone surrogates (argv that is not UTF-8) survive as escapes: SQLite would refuse
# them, and a text file too. It also makes the length of the text its size in bytes.
# No document of ours holds itself, so nobody has to look for that.
encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode

_BLANK = " \t\r\n"
_read = json.JSONDecoder().raw_decode


def decode(text: str, path: str) -> dict[str, Any]:
    """Return the document that a text holds; `StateDamaged` if it holds none."""
    try:
        text = text.strip(_BLANK)
        document, end = _read(text)
    except (ValueError, TypeError, AttributeError, RecursionError) as failure:
        raise damaged(path, "it holds a record that cannot be read") from failure
    if not isinstance(document, dict) or end != len(text):
        raise damaged(path, "it holds a record that is not one")
    return document


def as_document(document: object) -> dict[str, Any]:
    """Return a plain dictionary, in TinyDB's own words `ValueError` if it is none."""
    if not isinstance(document, (dict, Mapping)):  # most are, and the other question is slow
        raise ValueError("Document is not a Mapping")  # noqa: TRY004 - TinyDB's own choice
    return dict(document)


def refuse_newer(path: str, version: int) -> None:
    """Raise `StateTooNew` for a file that a newer program wrote."""
    if version > SCHEMA_VERSION:
        raise StateTooNew(
            f"The state file {path} has schema version {version}; this program knows up to "
            f"{SCHEMA_VERSION}.",
            fix="Update originstamp, or name another file with --state. Nothing was changed.",
        )


def too_old(path: str, version: int) -> StateTooOld:
    """Return the error for a file that has to be brought up to date and cannot be here."""
    return StateTooOld(
        f"The state file {path} has schema version {version}, of an older program, and this one "
        f"works with {SCHEMA_VERSION}.",
        fix="Any command that uses it brings it up to date. Nothing was changed.",
    )


def damaged(path: str, why: str) -> StateDamaged:
    """Return the error for a file whose content is not what we wrote."""
    return StateDamaged(
        f"The state file {path} is damaged: {why}.",
        fix="Put a backup in its place, or name another file with --state. Nothing was changed.",
    )
