"""Tokens in the application's own shapes, as the backend answers about them."""

import hashlib
import re
from collections.abc import Callable, Iterable

import pytest
from conftest import World
from test_sessions import err

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.records import TABLES
from originstamp_cli.canister.tokens import token_hash
from originstamp_cli.store import Store

OpenSession = Callable[..., str]
ZEROS = "\\00" * 32


def account(principal: str, subaccount: str | None = None) -> str:
    """Return an account in Candid text."""
    given = "null" if subaccount is None else f'opt blob "{subaccount}"'
    return f'record {{ owner = principal "{principal}"; subaccount = {given} }}'


def mint(world: World, session: str, to: str, *options: str, extra: str = "") -> str:
    """Mint from a session to an account and return what was printed."""
    argument = f'("{session}", {to}, vec {{ {extra} }})'
    return world.call("mint_nft_from_session", argument, *options)


def mint_directly(world: World, owner: str, numbers: Iterable[int]) -> None:
    """Mint tokens of these ids through the ledger core, without a call for each."""
    holder = core_account(Principal.from_text(owner))
    with Store(str(world.state), TABLES).write() as state:
        for number in numbers:
            core.mint(
                state,
                number,
                to=holder,
                minter=holder,
                metadata={"icrc7:name": "T", "icrc7:attributes": []},
                session_id=None,
                now=number,
            )


def transfer(world: World, token: int, sender: str, to: str, *options: str) -> str:
    """Transfer a token and return what was printed, on one line."""
    request = (
        f"record {{ from = {sender}; to = {to}; token_id = {token}; "
        "memo = null; created_at_time = null }"
    )
    return world.call("icrc7_transfer", f"(vec {{ {request} }})", "--output", "idl", *options)


def answered(token: int, result: str) -> str:
    """Return how the answer to one transfer prints."""
    number = f"{token:_}"
    return f"(vec {{ record {{ result = variant {{ {result} }}; token_id = {number} : nat64;}};}})"


@pytest.fixture
def people(world: World) -> dict[str, str]:
    """The principals of the three identities; default is the controller."""
    world.call("register_user", '("owner", "pw")')
    return {name: world.principal(name) for name in ("default", "bob", "carol")}


def test_tokens_are_numbered_from_one(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()

    replies = [mint(world, session, account(people["bob"])) for _ in range(3)]

    assert replies == [f"(variant {{ Ok = {number} : nat64 }})" for number in (1, 2, 3)]
    assert world.call("icrc7_total_supply") == "(3 : nat64)"


def test_numbers_skip_ids_that_exist_and_are_not_moved_by_large_ones(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    mint_directly(world, people["bob"], (2, 3, 10**30))

    replies = [mint(world, session, account(people["bob"])) for _ in range(3)]

    assert replies == [f"(variant {{ Ok = {number} : nat64 }})" for number in (1, 4, 5)]


def test_a_token_tells_the_story_of_its_work(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    for name in ("one", "two"):
        world.call("upload_photo_to_session", f'("{session}", "https://a/{name}")')
    mint(world, session, account(people["bob"]), extra='record { "medium"; "oil" }')

    shown = world.call("get_token_details", "(1)", "--output", "idl")

    created = re.search(r"created_at = ([\d_]+) : nat64", shown)
    assert created
    moment = created[1].replace("_", "")
    proof = hashlib.sha256(
        (1).to_bytes(8, "big") + session.encode() + int(moment).to_bytes(8, "big")
    ).hexdigest()
    attributes = [
        ("session_id", session),
        ("artist", "alice"),
        ("art_title", "Harbour"),
        ("created_at", moment),
        ("token_hash", proof),
        ("photo_count", "2"),
        ("medium", "oil"),
        ("photo_1", "https://a/one"),
        ("photo_2", "https://a/two"),
    ]
    assert re.findall(r'record \{ "(.*?)"; "(.*?)";\}', shown) == attributes
    assert 'name = "Harbour - #1"' in shown
    assert 'description = opt "Oil on linen"' in shown
    assert 'image = opt "https://a/one"' in shown
    assert f'session_id = opt "{session}"' in shown
    assert f'owner = principal "{people["bob"]}"' in shown


def test_the_token_hash_is_that_of_the_vector() -> None:
    assert token_hash(1, "session-abc", 1_700_000_000_000_000_000) == (
        "1f9b7e3238ad090704949f0a29d6776322ec946a701f99687d7fb70be4fb8630"
    )


def test_a_token_without_photos_has_no_image(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    mint(world, session_of(), account(people["bob"]))

    reply = world.call("icrc7_token_metadata", "(vec { 1; 2 })", "--output", "idl")

    assert "image = null" in reply
    assert reply.endswith("; null;})")


def test_an_unknown_session_mints_nothing(world: World, people: dict[str, str]) -> None:
    assert mint(world, "nope", account(people["bob"])) == err("Session not found")
    assert world.call("icrc7_total_supply") == "(0 : nat64)"


def test_only_the_sessions_owner_mints(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of("--identity", "bob")
    to = account(people["bob"])

    by_carol = mint(world, session, to, "--identity", "carol")

    assert by_carol == err("Unauthorized: caller does not own this session")
    nobody = mint(world, session, to, "--identity", "anonymous")
    assert nobody == err("Anonymous calls not allowed")
    assert "Ok" in mint(world, session, to, "--identity", "bob")


def test_a_subaccount_has_32_bytes(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    wrong = err("Invalid subaccount: must be 32 bytes")

    assert mint(world, session, account(people["bob"], "abc")) == wrong
    mint(world, session, account(people["default"]))
    owner, odd = account(people["default"]), account(people["bob"], "abc")
    refused = 'Err = "Invalid subaccount: must be 32 bytes"'
    assert transfer(world, 1, owner, odd) == answered(1, refused)


def test_the_supply_cap_holds(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    world.call("update_collection_metadata", '("Few", null, null, opt 1)')
    assert world.call("icrc7_supply_cap") == "(opt (1 : nat64))"

    assert "Ok" in mint(world, session, account(people["bob"]))
    assert mint(world, session, account(people["bob"])) == err("Maximum supply reached")


def test_the_supply_cap_is_not_enforced_as_deployed(
    faithful: World, session_of: OpenSession
) -> None:
    session = session_of()
    faithful.call("update_collection_metadata", '("Few", null, null, opt 0)')

    assert "Ok" in mint(faithful, session, account(faithful.principal("bob")))


def test_the_owner_transfers_a_token(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    mint(world, session_of(), account(people["bob"]))
    bob, carol = account(people["bob"]), account(people["carol"])

    reply = transfer(world, 1, bob, carol, "--identity", "bob")

    assert reply == answered(1, "Ok")
    assert people["carol"] in world.call("icrc7_owner_of", "(vec { 1 })")
    balances = world.call("icrc7_balance_of", f"(vec {{ {bob}; {carol} }})")
    assert balances == "(vec { 0 : nat64; 1 : nat64 })"
    assert world.call("icrc7_tokens_of", f"({carol}, null, null)") == "(vec { 1 : nat64 })"
    assert world.call("icrc7_tokens_of", f"({bob}, null, null)") == "(vec {})"


def test_a_transfer_is_refused_for_each_reason_in_order(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    mint(world, session_of(), account(people["bob"]))
    bob, carol, default = (account(people[name]) for name in ("bob", "carol", "default"))
    top = 2**64 - 1

    not_owner = 'Err = "Unauthorized: caller is not the owner"'
    assert transfer(world, 1, bob, carol) == answered(1, not_owner), "even a controller"
    assert transfer(world, top, bob, carol) == answered(top, not_owner)
    assert transfer(world, top, default, carol) == answered(top, 'Err = "Token not found"')
    not_from = 'Err = "Token not owned by from account"'
    assert transfer(world, 1, default, carol) == answered(1, not_from)
    nobody = account("2vxsx-fae")
    anonymous = 'Err = "Anonymous calls not allowed"'
    assert transfer(world, 1, nobody, carol, "--identity", "anonymous") == answered(1, anonymous)
    assert people["bob"] in world.call("icrc7_owner_of", "(vec { 1 })")


def test_one_failed_element_leaves_the_others_alone(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    for _ in range(2):
        mint(world, session, account(people["bob"]))
    bob, carol = account(people["bob"]), account(people["carol"])
    requests = "; ".join(
        f"record {{ from = {bob}; to = {carol}; token_id = {number}; memo = null; "
        "created_at_time = null }"
        for number in (1, 9, 2)
    )

    reply = world.call(
        "icrc7_transfer", f"(vec {{ {requests} }})", "--identity", "bob", "--output", "idl"
    )

    assert re.findall(r"token_id = (\d)", reply) == ["1", "9", "2"]
    assert re.findall(r'Ok|Err = ".*?"', reply) == ["Ok", 'Err = "Token not found"', "Ok"]
    assert world.call("icrc7_transfer", "(vec {})") == "(vec {})"


def test_a_subaccount_of_zeros_is_the_account_without_one(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    mint(world, session_of(), account(people["bob"], ZEROS))
    plain, zeros = account(people["bob"]), account(people["bob"], ZEROS)

    balances = world.call("icrc7_balance_of", f"(vec {{ {plain}; {zeros} }})")

    assert balances == "(vec { 1 : nat64; 1 : nat64 })"
    assert world.call("icrc7_tokens_of", f"({plain}, null, null)") == "(vec { 1 : nat64 })"
    kept = world.call("icrc7_owner_of", "(vec { 1 })")
    assert f'subaccount = opt blob "{ZEROS}"' in kept, "kept as given"
    moved = transfer(world, 1, plain, account(people["carol"]), "--identity", "bob")
    assert moved == answered(1, "Ok")


def test_accounts_are_compared_raw_as_deployed(faithful: World, session_of: OpenSession) -> None:
    bob = faithful.principal("bob")
    mint(faithful, session_of(), account(bob, ZEROS))
    plain, zeros = account(bob), account(bob, ZEROS)

    balances = faithful.call("icrc7_balance_of", f"(vec {{ {plain}; {zeros} }})")

    assert balances == "(vec { 0 : nat64; 1 : nat64 })"
    assert faithful.call("icrc7_tokens_of", f"({plain}, null, null)") == "(vec {})"
    refused = transfer(faithful, 1, plain, zeros, "--identity", "bob")
    assert refused == answered(1, 'Err = "Token not owned by from account"')
    assert transfer(faithful, 1, zeros, plain, "--identity", "bob") == answered(1, "Ok")


def test_tokens_are_paged_by_id(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session = session_of()
    for name in ("bob", "carol", "bob", "bob"):
        mint(world, session, account(people[name]))
    bob = account(people["bob"])

    def ids(reply: str) -> list[str]:
        return re.findall(r"(\d+) : nat64", reply)

    assert ids(world.call("icrc7_tokens", "(null, null)")) == ["1", "2", "3", "4"]
    assert ids(world.call("icrc7_tokens", "(opt 1, opt 2)")) == ["2", "3"]
    assert ids(world.call("icrc7_tokens", "(opt 18446744073709551615, null)")) == []
    assert ids(world.call("icrc7_tokens", "(null, opt 0)")) == []
    assert ids(world.call("icrc7_tokens")) == ["1", "2", "3", "4"], "all opt: none need be given"
    assert ids(world.call("icrc7_tokens_of", f"({bob}, null, null)")) == ["1", "3", "4"]
    assert ids(world.call("icrc7_tokens_of", f"({bob}, opt 2, opt 1)")) == ["3"]


def test_a_page_holds_100_unless_asked_and_1000_at_most(world: World) -> None:
    mint_directly(world, world.principal("bob"), range(1, 1003))

    assert world.call("icrc7_tokens", "(null, null)").count("nat64") == 100
    assert world.call("icrc7_tokens", "(null, opt 5000)").count("nat64") == 1000


def test_a_principals_tokens_are_found_in_all_its_subaccounts(
    world: World, session_of: OpenSession, people: dict[str, str]
) -> None:
    session, other = session_of(), session_of(title="Other")
    mint(world, session, account(people["bob"]))
    mint(world, other, account(people["bob"], "\\01" * 32))
    mint(world, session, account(people["carol"]))

    of_bob = world.call("get_user_nfts", f'(principal "{people["bob"]}")', "--output", "idl")
    of_session = world.call("get_session_nfts", f'("{session}")', "--output", "idl")

    assert re.findall(r"[{;] id = (\d)", of_bob) == ["1", "2"]
    assert re.findall(r"[{;] id = (\d)", of_session) == ["1", "3"]


def test_what_is_not_there_is_null_or_empty(world: World) -> None:
    assert world.call("get_token_details", "(18446744073709551615)") == "(null)"
    assert world.call("icrc7_owner_of", "(vec { 0 })") == "(vec { null })"
    assert world.call("get_session_nfts", '("nope")') == "(vec {})"
    assert world.call("get_user_nfts", '(principal "aaaaa-aa")') == "(vec {})"


def test_the_collection_is_described_until_somebody_describes_it_otherwise(world: World) -> None:
    assert world.call("icrc7_name") == '("Origin Stamp Art NFTs")'
    assert world.call("icrc7_description") == (
        '(opt "NFTs representing physical art pieces authenticated through Origin Stamp")'
    )
    assert world.call("icrc7_supply_cap") == "(null)"

    update = '("Harbours", null, opt "https://a/logo", opt 7)'
    assert world.call("update_collection_metadata", update) == "(variant { Ok = true })"

    assert world.call("icrc7_collection_metadata", "--output", "json") == (
        "{\n"
        '  "description": [],\n'
        '  "image": [\n    "https://a/logo"\n  ],\n'
        '  "max_supply": [\n    "7"\n  ],\n'
        '  "name": "Harbours",\n'
        '  "total_supply": "0"\n'
        "}"
    )


def test_only_a_controller_describes_the_collection(world: World, people: dict[str, str]) -> None:
    update = ("update_collection_metadata", '("Mine", null, null, null)')

    refused = world.call(*update, "--identity", "bob")

    assert "Unauthorized: only a controller may change the collection" in refused
    assert f"dfx canister update-settings backend --add-controller {people['bob']}" in refused
    anonymous = world.call(*update, "--identity", "anonymous")
    assert anonymous == err("Anonymous calls not allowed")


def test_the_added_controller_may(world: World, people: dict[str, str]) -> None:
    added = world.run("canister", "update-settings", "backend", "--add-controller", people["bob"])

    assert added == (0, f'Added as controller of "backend": {people["bob"]}\n', "")
    update = ("update_collection_metadata", '("Mine", null, null, null)')
    assert world.call(*update, "--identity", "bob") == "(variant { Ok = true })"


def test_anyone_describes_the_collection_as_deployed(faithful: World) -> None:
    update = ("update_collection_metadata", '("Mine", null, null, null)')

    assert faithful.call(*update, "--identity", "anonymous") == "(variant { Ok = true })"


def test_a_token_that_would_not_fit_into_a_message_is_not_minted(
    world: World, session_of: Callable[..., str]
) -> None:
    # I3-51
    note = "x" * 2**20
    argument = f'("{session_of()}", {account("aaaaa-aa")}, vec {{ record {{ "note"; "{note}" }} }})'

    result = world.run(
        *("canister", "call", "backend", "mint_nft_from_session", "--argument-file", "-"),
        typed=argument,
    )

    assert result.stdout == '(variant { Err = "The metadata would be larger than 1 MiB" })\n'
    assert world.call("icrc7_total_supply") == "(0 : nat64)"
