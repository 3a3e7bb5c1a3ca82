"""Accounts: a principal and a subaccount, as values, as keys, as text and inside blocks.

An account is kept as it was given and found by its normal form, in which the subaccount of 32 zero
bytes and none at all are the same (ICRC-7).
"""

from binascii import crc32

from originstamp_cli.candid.principal import Principal, base32_encode
from originstamp_cli.canister.records import Document

SUBACCOUNT_BYTES = 32
_CHECKSUM_LETTERS = 7
_DEFAULT = bytes(SUBACCOUNT_BYTES)


def account(owner: Principal, subaccount: bytes | None = None) -> Document:
    """Return an account as Candid has it."""
    return {"owner": owner, "subaccount": subaccount}


def is_wellformed(given: Document) -> bool:
    """Tell whether the subaccount, where there is one, has 32 bytes."""
    return given["subaccount"] is None or len(given["subaccount"]) == SUBACCOUNT_BYTES


def account_key(given: Document) -> str:
    """Return the key under which all forms of one account are found."""
    return raw_key(normal(given))


def normal(given: Document) -> Document:
    """Return the form in which the default account has no subaccount."""
    return account(given["owner"]) if given["subaccount"] == _DEFAULT else given


def raw_key(given: Document) -> str:
    """Return the key of exactly this form of an account."""
    owner: str = given["owner"].text
    return owner if given["subaccount"] is None else f"{owner}.{given['subaccount'].hex()}"


def stored_account(given: Document) -> Document:
    """Return an account as a document holds it."""
    subaccount = given["subaccount"]
    return {
        "owner": given["owner"].text,
        "subaccount": None if subaccount is None else subaccount.hex(),
    }


def loaded_account(kept: Document) -> Document:
    """Return an account as Candid has it, from a document."""
    subaccount = kept["subaccount"]
    return account(
        Principal.from_text(kept["owner"]),
        None if subaccount is None else bytes.fromhex(subaccount),
    )


def block_account(given: Document) -> list[object]:
    """Return an account as blocks hold it: the owner's bytes, then the subaccount's if given.

    Raw, so that the log says what was asked (ICRC-3).
    """
    subaccount = given["subaccount"]
    return [given["owner"].raw] if subaccount is None else [given["owner"].raw, subaccount]


def from_block(given: list[bytes]) -> Document:
    """Return the account that `block_account` was given."""
    owner, *subaccounts = given
    return account(Principal(owner), *subaccounts)


def account_text(given: Document) -> str:
    """Return the text form of an account (ICRC-1, "Textual encoding of accounts")."""
    owner: Principal = given["owner"]
    subaccount = given["subaccount"]
    if subaccount is None or subaccount == _DEFAULT:
        return owner.text
    return f"{owner.text}-{_checksum(owner, subaccount)}.{subaccount.hex().lstrip('0')}"


def parse_account(text: str) -> Document:
    """Return the account that `text` spells, which must be its canonical form.

    Raises `ValueError` with a sentence that says what is wrong.
    """
    before, dot, digits = text.partition(".")
    if not dot:
        return account(_canonical_principal(text))
    owner_text, _, checksum = before.rpartition("-")
    if len(checksum) != _CHECKSUM_LETTERS:
        raise ValueError("the checksum before the dot must have 7 characters")
    owner = _canonical_principal(owner_text)
    subaccount = _subaccount(digits)
    if checksum != _checksum(owner, subaccount):
        raise ValueError("the checksum before the dot is not that of this account")
    return account(owner, subaccount)


def _canonical_principal(text: str) -> Principal:
    principal = Principal.from_text(text)
    if principal.text != text:
        raise ValueError("a principal is written in lower case")
    return principal


def _subaccount(digits: str) -> bytes:
    if not digits:
        raise ValueError("the default subaccount is written without a dot")
    if digits.startswith("0"):
        raise ValueError("a subaccount is written without leading zeros")
    if len(digits) > 2 * SUBACCOUNT_BYTES or set(digits) - set("0123456789abcdef"):
        raise ValueError("a subaccount is at most 64 hexadecimal digits in lower case")
    return bytes.fromhex(digits.rjust(2 * SUBACCOUNT_BYTES, "0"))


def _checksum(owner: Principal, subaccount: bytes) -> str:
    checked = crc32(owner.raw + subaccount).to_bytes(4, "big")
    return base32_encode(checked)
