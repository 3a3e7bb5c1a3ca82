"""How a file says that it is ours, and which version of the program's schema it has."""

from originstamp_cli.errors import StateTooNew

APPLICATION = "originstamp"
# The same word in the 32 bits that SQLite has for it: "OStp".
APPLICATION_ID = 0x4F537470

SCHEMA_VERSION = 1


def too_new(path: str, version: int) -> StateTooNew:
    """Return the error for a file that a newer program wrote."""
    return StateTooNew(
        f"The state file {path} has schema version {version}; this program knows up to "
        f"{SCHEMA_VERSION}.",
        fix="Update originstamp, or name another file with --state. Nothing was changed.",
    )
