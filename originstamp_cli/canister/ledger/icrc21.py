"""Consent messages: what a signer shows to its user before it signs a call (ICRC-21).

Names of tokens and of the collection are anybody's text: they are shortened, and what a screen or
Markdown might obey is escaped. In the message, "you" are whoever is to sign.
"""

from collections.abc import Callable
from string import punctuation
from typing import NamedTuple

from originstamp_cli.candid import CandidError, decode_args
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account_text, is_wellformed
from originstamp_cli.canister.ledger.collection import MAX_MEMO_BYTES, MAX_UPDATE_BATCH
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Call, ok, update_that_keeps_nothing

LANGUAGE = "en"
LONGEST_NAME = 80  # characters
_SECOND = 1_000_000_000
_MINUTE = 60
_LAST_DAY = 253_402_300_799  # in seconds: the end of the year 9999
_ESCAPED = str.maketrans({each: f"\\{each}" for each in punctuation})

Fields = list[tuple[str, object]]  # what is told by its name: text, or a `Moment`


class Moment(int):
    """A time in nanoseconds since 1970."""

    __slots__ = ()


class Untrusted(str):
    """Text that somebody chose who may want to mislead."""

    __slots__ = ()


class _Described(NamedTuple):
    """What is said of a method: what it does, of each element of its batch, and what to beware."""

    intent: str
    fields: Callable[[Call, Document], Fields]
    warning: str = ""


@update_that_keeps_nothing
def icrc21_canister_call_consent_message(call: Call, request: Document) -> Tag:
    """Return what a call would do in words, for the six methods that change something."""
    described = _DESCRIBED.get(request["method"])
    if described is None:
        return _refused("UnsupportedCanisterCall", f"No words for {request['method']!a:.100}.")
    try:
        ((batch,), _) = decode_args(request["arg"], nft.interface().methods[request["method"]].args)
    except CandidError as error:
        return _refused(
            "UnsupportedCanisterCall", f"The argument is another: {error.message[:500]}"
        )
    if not batch:
        return _refused("ConsentMessageUnavailable", "The call asks for nothing.")
    asked = request["user_preferences"]
    metadata = {
        "language": _language(asked["metadata"]["language"]),
        "utc_offset_minutes": asked["metadata"]["utc_offset_minutes"],
    }
    is_short = asked["device_spec"] == Tag("FieldsDisplay")
    shown = _in_fields if is_short else _in_markdown
    message = shown(call, described, batch, metadata["utc_offset_minutes"] or 0)
    return ok({"consent_message": message, "metadata": metadata})


def _refused(kind: str, why: str) -> Tag:
    return Tag("Err", Tag(kind, {"description": why}))


def _language(asked: str) -> str:
    """Return the language of the message: the English that is asked for, or simply English."""
    return asked if asked.lower().split("-")[0] == LANGUAGE else LANGUAGE


# --- the two ways to show it ---


def _in_markdown(call: Call, described: _Described, batch: list[Document], offset: int) -> Tag:
    collection = _markdown(_collection(call), offset)
    parts = [f"# {described.intent}", f"**Collection:** {collection}"]
    parts += [f"**Warning:** {described.warning}"] if described.warning else []
    for number, element in enumerate(batch[:MAX_UPDATE_BATCH], start=1):
        parts += [f"## {number} of {len(batch)}"] if len(batch) > 1 else []
        fields = described.fields(call, element)
        parts += [f"**{name}:** {_markdown(value, offset)}" for name, value in fields]
    parts += [_unprocessed(batch)] if len(batch) > MAX_UPDATE_BATCH else []
    return Tag("GenericDisplayMessage", "\n\n".join(parts))


def _in_fields(call: Call, described: _Described, batch: list[Document], _offset: int) -> Tag:
    fields: list[tuple[str, Tag]] = [("Collection", _value(_collection(call)))]
    fields += [("Warning", _value(described.warning))] if described.warning else []
    for number, element in enumerate(batch[:MAX_UPDATE_BATCH], start=1):
        place = f"{number}/{len(batch)} " if len(batch) > 1 else ""
        fields += [
            (f"{place}{name}", _value(value)) for name, value in described.fields(call, element)
        ]
    fields += [("Note", _value(_unprocessed(batch)))] if len(batch) > MAX_UPDATE_BATCH else []
    return Tag("FieldsDisplayMessage", {"intent": described.intent, "fields": fields})


def _unprocessed(batch: list[Document]) -> str:
    return f"Only the first {MAX_UPDATE_BATCH} of {len(batch)} are processed."


def _value(value: object) -> Tag:
    if isinstance(value, Moment):
        return Tag("TimestampSeconds", {"amount": int(value) // _SECOND})
    return Tag("Text", {"content": _plain(str(value))})


def _markdown(value: object, offset: int) -> str:
    if isinstance(value, Moment):
        return _date(value, offset)
    text = _plain(str(value))
    return text.translate(_ESCAPED) if isinstance(value, Untrusted) else text


def _plain(text: str) -> str:
    """Return text on one line, with nothing in it that a screen might obey."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _date(moment: Moment, offset: int) -> str:
    """Return a time as the clock on the user's wall shows it, so many minutes off UTC."""
    from time import gmtime, strftime

    seconds = moment // _SECOND + offset * _MINUTE
    if not 0 <= seconds <= _LAST_DAY:
        return f"{moment // _SECOND} seconds after 1970"
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    shown = strftime("%Y-%m-%d %H:%M:%S", gmtime(seconds))
    return f"{shown} UTC{zone}" if offset else f"{shown} UTC"


# --- what there is to tell ---


def _collection(call: Call) -> Untrusted:
    return _name(core.read_collection(call.state)["name"])


def _name(text: str) -> Untrusted:
    is_long = len(text) > LONGEST_NAME
    return Untrusted(f"{text[: LONGEST_NAME - 1]}…" if is_long else text)


def _token(call: Call, token_id: int) -> Fields:
    """Return what tells one token from the others: its id, and its name where it has one."""
    token = core.find_token(call.state, token_id)
    told: Fields = [("Token", f"{token_id}" if token else f"{token_id} (there is none)")]
    name = core.metadata_of(call.state, token).get("icrc7:name") if token else None
    return [*told, ("Name", _name(name))] if isinstance(name, str) else told


def _own(subaccount: bytes | None) -> str:
    is_default = subaccount is None or not any(subaccount)
    return "your account" if is_default else f"your subaccount {(subaccount or b'').hex()}"


def _account(given: Document) -> str:
    if is_wellformed(given):
        return account_text(given)
    return f"{given['owner'].text} with subaccount {given['subaccount'].hex()[:64]}"


def _memo(element: Document) -> Fields:
    memo = element["memo"]
    if memo is None:
        return []
    if len(memo) > MAX_MEMO_BYTES:
        return [("Memo", f"{len(memo)} bytes, which is too many")]
    return [("Memo", f"0x{memo.hex()}")]


def _transfer(call: Call, element: Document) -> Fields:
    return [
        *_token(call, element["token_id"]),
        ("From", _own(element["from_subaccount"])),
        ("To", _account(element["to"])),
        *_memo(element),
    ]


def _transfer_from(call: Call, element: Document) -> Fields:
    return [
        *_token(call, element["token_id"]),
        ("From", _account(element["from"])),
        ("To", _account(element["to"])),
        ("Approved for", _own(element["spender_subaccount"])),
        *_memo(element),
    ]


def _approval(approved: Document) -> Fields:
    expires = approved["expires_at"]
    return [
        ("From", _own(approved["from_subaccount"])),
        ("Spender", _account(approved["spender"])),
        ("Expires", "never" if expires is None else Moment(expires)),
        *_memo(approved),
    ]


def _approve_token(call: Call, element: Document) -> Fields:
    return [*_token(call, element["token_id"]), *_approval(element["approval_info"])]


def _approve_collection(_call: Call, element: Document) -> Fields:
    return _approval(element["approval_info"])


def _revocation(element: Document) -> Fields:
    spender = element["spender"]
    return [
        ("From", _own(element["from_subaccount"])),
        ("Spender", "all" if spender is None else _account(spender)),
        *_memo(element),
    ]


def _revoke_token(call: Call, element: Document) -> Fields:
    return [*_token(call, element["token_id"]), *_revocation(element)]


def _revoke_collection(_call: Call, element: Document) -> Fields:
    return _revocation(element)


_DESCRIBED = {
    "icrc7_transfer": _Described("Transfer tokens", _transfer),
    "icrc37_transfer_from": _Described("Transfer tokens of others", _transfer_from),
    "icrc37_approve_tokens": _Described(
        "Let others transfer tokens",
        _approve_token,
        "the spender can take the token away until it expires or you revoke it.",
    ),
    "icrc37_approve_collection": _Described(
        "Let others transfer all your tokens",
        _approve_collection,
        "the spender can take every token of the account away, those to come included.",
    ),
    "icrc37_revoke_token_approvals": _Described("Revoke approvals of tokens", _revoke_token),
    "icrc37_revoke_collection_approvals": _Described(
        "Revoke approvals of all your tokens", _revoke_collection
    ),
}
