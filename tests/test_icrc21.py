"""Consent messages: what `nft` has a signer show before a call (ICRC-21, W-08)."""

import json
from typing import Any

import pytest
from conftest import World
from ledger_story import approval
from wallet import ONE, ask, blob, mint, of, vec

from originstamp_cli.candid import encode_args, parse_args
from originstamp_cli.canister import nft

ANONYMOUS = ("--identity", "anonymous")
METHOD = "icrc21_canister_call_consent_message"
EVENING = 1_700_000_000  # 2023-11-14 22:13:20 UTC
EVIL = "<b>\u202eharm</b>\n# [x](https://evil) `*_~|" + "y" * 200


def message(  # noqa: PLR0913 - all that a signer may say
    world: World,
    method: str,
    argument: str | bytes,
    *,
    language: str = "en",
    offset: int | None = None,
    device: str | None = None,
    by: str = "anonymous",
) -> Any:
    """Return what is answered about a call with this argument."""
    if isinstance(argument, str):
        types = nft.interface().methods[method].args
        argument = encode_args(parse_args(argument, types), types)
    minutes = "null" if offset is None else f"opt {offset}"
    shown = "null" if device is None else f"opt variant {{ {device} }}"
    asked = (
        f'record {{ method = "{method}"; arg = {blob(argument)}; user_preferences = record {{ '
        f'metadata = record {{ language = "{language}"; utc_offset_minutes = {minutes} }}; '
        f"device_spec = {shown} }} }}"
    )
    return ask(world, METHOD, f"({asked})", "--identity", by)


def text(world: World, method: str, argument: str, **asked: Any) -> str:
    """Return the message as Markdown."""
    answer = message(world, method, argument, **asked)["Ok"]
    shown: str = answer["consent_message"]["GenericDisplayMessage"]
    return shown


def give_bob(world: World) -> tuple[str, str]:
    """Mint token 1 to bob and return his principal and carol's."""
    bob, carol = world.principal("bob"), world.principal("carol")
    mint(world, bob, [1], metadata={"icrc7:name": "Dawn", "icrc7:attributes": []})
    return bob, carol


def test_a_transfer_is_told_to_nobody_in_particular(world: World) -> None:
    _, carol = give_bob(world)

    asked = f"(vec {{ record {{ token_id = 1; to = {of(carol)}; memo = opt {blob(b'hi')} }} }})"

    assert text(world, "icrc7_transfer", asked).split("\n\n") == [
        "# Transfer tokens",
        "**Collection:** Origin Stamp Art NFTs",
        "**Token:** 1",
        "**Name:** Dawn",
        "**From:** your account",
        f"**To:** {carol}",
        "**Memo:** 0x6869",
    ]


def test_a_short_display_gets_the_same_as_fields(world: World) -> None:
    _, carol = give_bob(world)
    info = approval(of(carol, ONE), expires=EVENING * 10**9 + 5)

    answer = message(
        world,
        "icrc37_approve_tokens",
        f"(vec {{ record {{ token_id = 1; approval_info = {info} }} }})",
        device="FieldsDisplay",
    )

    shown = answer["Ok"]["consent_message"]["FieldsDisplayMessage"]
    assert shown["intent"] == "Let others transfer tokens"
    fields = {field["0"]: field["1"] for field in shown["fields"]}
    assert list(fields) == [
        *("Collection", "Warning", "Token", "Name", "From", "Spender", "Expires"),
    ]
    assert fields["Expires"] == {"TimestampSeconds": {"amount": str(EVENING)}}
    assert fields["Spender"]["Text"]["content"].startswith(carol)
    assert fields["Spender"]["Text"]["content"].endswith(".1")


CAROL = "aaaaa-aa"
ELEMENTS = [
    ("icrc37_approve_tokens", "token_id = 1; approval_info = {info}", "Let others transfer tokens"),
    ("icrc37_approve_collection", "approval_info = {info}", "Let others transfer all your tokens"),
    ("icrc37_revoke_token_approvals", "token_id = 1", "Revoke approvals of tokens"),
    ("icrc37_revoke_collection_approvals", "", "Revoke approvals of all your tokens"),
    (
        "icrc37_transfer_from",
        "token_id = 1; from = {spender}; to = {spender}",
        "Transfer tokens of others",
    ),
]


@pytest.mark.parametrize(("method", "element", "intent"), ELEMENTS)
def test_each_method_that_changes_something_has_its_words(
    fresh: World, method: str, element: str, intent: str
) -> None:
    fresh.ready()
    spender = of(CAROL)
    argument = element.format(info=approval(spender), spender=spender)

    shown = text(fresh, method, f"(vec {{ record {{ {argument} }} }})").split("\n\n")

    assert shown[0] == f"# {intent}"
    assert ("**Token:** 1 (there is none)" in shown) is ("token_id" in element)
    assert ("**Expires:** never" in shown) is ("approve" in method)
    assert ("**Spender:** all" in shown) is ("revoke" in method)
    assert any(each.startswith("**Warning:**") for each in shown) is ("_approve_" in method)


@pytest.mark.parametrize(
    ("offset", "wanted"),
    [
        (None, "2023-11-14 22:13:20 UTC"),
        (120, "2023-11-15 00:13:20 UTC+02:00"),
        (-210, "2023-11-14 18:43:20 UTC-03:30"),
    ],
)
def test_a_time_is_told_by_the_users_clock(fresh: World, offset: int | None, wanted: str) -> None:
    info = approval(of(CAROL), expires=EVENING * 10**9)
    argument = f"(vec {{ record {{ approval_info = {info} }} }})"

    answer = message(fresh.ready(), "icrc37_approve_collection", argument, offset=offset)["Ok"]

    assert f"**Expires:** {wanted}" in answer["consent_message"]["GenericDisplayMessage"]
    told = [] if offset is None else [str(offset)]
    assert [str(each) for each in answer["metadata"]["utc_offset_minutes"]] == told


@pytest.mark.parametrize(("asked", "told"), [("en", "en"), ("en-GB", "en-GB"), ("de", "en")])
def test_the_language_that_is_told_is_that_of_the_message(
    fresh: World, asked: str, told: str
) -> None:
    answer = message(fresh.ready(), "icrc7_transfer", _transfers(1), language=asked)

    assert answer["Ok"]["metadata"]["language"] == told


def _transfers(count: int) -> str:
    return f"({vec([f'record {{ token_id = 1; to = {of(CAROL)} }}'] * count)})"


def test_a_batch_is_numbered_and_what_is_not_processed_is_said(fresh: World) -> None:
    fresh.ready()

    assert "## 2 of 2" in text(fresh, "icrc7_transfer", _transfers(2))
    many = text(fresh, "icrc7_transfer", _transfers(101))
    assert "## 100 of 101" in many
    assert "## 101 of 101" not in many
    assert many.endswith("Only the first 100 of 101 are processed.")


def test_what_somebody_calls_a_token_cannot_mislead(world: World) -> None:  # W-15
    bob = world.principal("bob")
    mint(world, bob, [1], metadata={"icrc7:name": EVIL})
    world.call("update_collection_metadata", '("**Real** <i>", null, null, null)')

    shown = text(world, "icrc7_transfer", _transfers(1)).split("\n\n")
    fields = message(world, "icrc7_transfer", _transfers(1), device="FieldsDisplay")

    assert shown[1] == r"**Collection:** \*\*Real\*\* \<i\>"
    name = shown[3].removeprefix("**Name:** ")
    assert name.startswith("\\<b\\>\ufffdharm\\<\\/b\\>\ufffd\\# \\[x\\]\\(https\\:\\/\\/evil\\)")
    assert name.endswith("y…")
    assert len(name.replace("\\", "")) == 80
    assert "\u202e" not in json.dumps(fields, ensure_ascii=False)


def test_a_memo_that_would_be_refused_is_not_shown(fresh: World) -> None:
    long = blob(b"m" * 513)
    asked = f"(vec {{ record {{ token_id = 1; to = {of(CAROL)}; memo = opt {long} }} }})"

    shown = text(fresh.ready(), "icrc7_transfer", asked)

    assert shown.endswith("**Memo:** 513 bytes, which is too many")


def test_no_call_without_an_effect_is_put_into_words(fresh: World) -> None:
    answer = message(fresh.ready(), "icrc7_transfer", "(vec {})")

    assert answer == {
        "Err": {"ConsentMessageUnavailable": {"description": "The call asks for nothing."}}
    }


@pytest.mark.parametrize(
    ("method", "argument"),
    [
        ("icrc7_owner_of", b"DIDL\x00\x00"),
        ("nothing", b""),
        ("icrc7_transfer", b""),
        ("icrc7_transfer", b"DIDL\x00\x01\x7d\x05"),
        ("icrc37_approve_tokens", b"DIDL\x00\x00"),
    ],
)
def test_what_cannot_be_put_into_words_is_said_to_be_unsupported(
    fresh: World, method: str, argument: bytes
) -> None:
    answer = message(fresh.ready(), method, argument)

    assert list(answer["Err"]) == ["UnsupportedCanisterCall"]
    assert answer["Err"]["UnsupportedCanisterCall"]["description"]


def test_asking_changes_nothing(world: World) -> None:
    give_bob(world)
    kept = world.state.read_bytes()

    message(world, "icrc7_transfer", _transfers(1), by="bob")

    assert world.state.read_bytes() == kept


def test_the_interface_is_public(fresh: World) -> None:  # W-09: signers decode arguments by it
    told = fresh.ready().run("canister", "metadata", "nft", "candid:service", *ANONYMOUS)

    assert told == (0, nft.did(), "")
