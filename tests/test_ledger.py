"""The ledger core: value hashes, the chain of blocks, account text."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from originstamp_cli.candid import decode_args, encode_args, parse_service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger import blocks, core, hashing
from originstamp_cli.canister.ledger.accounts import (
    account,
    account_key,
    account_text,
    parse_account,
    raw_key,
)
from originstamp_cli.canister.ledger.values import candid_value, native_value
from originstamp_cli.canister.records import BLOCKS, LEDGER, TABLES, TOKENS
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, Store, contents, where

VECTORS = json.loads(Path(__file__).with_name("icrc-vectors.json").read_text())
ALICE = Principal.from_text("k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae")
BOB = Principal.from_text("rrkah-fqaaa-aaaaa-aaaaq-cai")
MINTER = Principal.from_text("rdmx6-jaaaa-aaaaa-aaadq-cai")
ONE = bytes(31) + b"\x01"
VALUE = (
    parse_service(
        """
        type Value = variant { Blob : blob; Text : text; Nat : nat; Int : int; Array : vec Value;
                               Map : vec record { text; Value } };
        service : { f : (Value) -> () };
        """
    )
    .methods["f"]
    .args
)


def native(value: dict[str, Any]) -> Any:
    """Return a value of the vectors as blocks hold it."""
    ((kind, content),) = value.items()
    if kind == "Nat":
        return int(content)
    if kind == "Int":
        return hashing.Int(content)
    if kind == "Blob":
        return bytes.fromhex(content)
    if kind == "Array":
        return [native(item) for item in content]
    if kind == "Map":
        return {key: native(item) for key, item in content}
    return content


@pytest.mark.parametrize("row", VECTORS["value_hash"], ids=lambda row: row["sha256"][:8])
def test_a_value_has_the_hash_of_the_standard(row: dict[str, Any]) -> None:
    assert hashing.hash_value(native(row["value"])).hex() == row["sha256"]


@pytest.mark.parametrize("block", VECTORS["chain"], ids=range(len(VECTORS["chain"])))
def test_the_worked_chain_of_the_standard_reproduces(block: dict[str, Any]) -> None:
    assert hashing.hash_value(native(block["block"])).hex() == block["hash"]


@pytest.mark.parametrize("value", [-1, 1.5, None, True, object()])
def test_what_a_block_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        hashing.hash_value({"x": value})


# A machine that is busy with other things draws slowly, and that is no fault.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.recursive(
    st.integers(min_value=0) | st.integers().map(hashing.Int) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def as_kept(value: object) -> Any:
    """Return what a document has of a value, whose text is as the store itself would write it."""
    _, text = hashing.seal(value)
    kept = json.loads(text)
    assert text == contents.encode(kept)
    return kept


@unhurried
@given(st.dictionaries(st.text(), values))
def test_a_block_is_read_back_as_it_was_kept(block: dict[str, Any]) -> None:
    kept = as_kept(block)

    read = hashing.from_stored(kept)

    assert read == block
    assert as_kept(read) == kept, "an Int is still one"


@unhurried
@given(values)
def test_a_value_is_the_same_after_candid(value: Any) -> None:
    tag = candid_value(value)
    sent = encode_args([tag], VALUE)
    ((received,), _) = decode_args(sent, VALUE)

    assert received == tag
    assert as_kept(native_value(received)) == as_kept(value)
    assert hashing.hash_value(native_value(received)) == hashing.hash_value(value)


def test_a_map_with_a_key_twice_is_refused() -> None:  # I3-03: no block of ours is one
    twice = Tag("Map", [("a", Tag("Nat", 1)), ("a", Tag("Nat", 1))])

    with pytest.raises(ValueError, match="a Map has a key twice"):
        native_value(twice)


def test_a_mint_and_a_transfer_are_the_first_blocks_of_the_worked_chain(tmp_path: Path) -> None:
    """The core writes what the standard's example shows, hashes included."""
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        core.mint(
            state,
            1,
            to=account(ALICE),
            minter=account(MINTER),
            metadata={
                "icrc7:name": "Token #1",
                "icrc7:image": "https://example.com/1.png",
            },
            session_id=None,
            now=1_700_000_000_000_000_000,
        )

        assert blocks.read_ledger(state)["tip"] == VECTORS["chain"][0]["hash"]
        token = core.find_token(state, 1)
        assert token
        asked = core.Transfer(1, sender=account(ALICE), to=account(BOB, ONE))
        index = core.transfer(state, token, asked, 1_700_000_001_000_000_000)

        block = blocks.block_at(state, 1)
        assert index == 1
        assert block == {
            "btype": "7xfer",
            "phash": bytes.fromhex(VECTORS["chain"][0]["hash"]),
            "ts": 1_700_000_001_000_000_000,
            "tx": {"tid": 1, "from": [ALICE.raw], "to": [BOB.raw, ONE]},
        }


def some_token(state: State, token_id: int = 1) -> None:
    """Mint a token to ALICE through the core."""
    core.mint(
        state,
        token_id,
        to=account(ALICE),
        minter=account(MINTER),
        metadata={"icrc7:name": f"T{token_id}"},
        session_id=None,
        now=1,
    )


def test_the_log_alone_holds_metadata_and_a_transfer_leaves_it_there(tmp_path: Path) -> None:
    # I7-084
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        some_token(state)
        token = core.find_token(state, 1)
        assert token
        assert "metadata" not in token
        assert core.metadata_of(state, token) == {"icrc7:name": "T1"}
        core.transfer(state, token, core.Transfer(1, sender=account(ALICE), to=account(BOB)), 2)

        moved = core.find_token(state, 1)
        assert moved
        assert core.metadata_of(state, moved) == {"icrc7:name": "T1"}


def test_an_update_replaces_all_metadata_and_is_a_block(tmp_path: Path) -> None:
    # I7-084, I7-174
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        some_token(state)
        token = core.find_token(state, 1)
        assert token
        index = core.update_metadata(
            state, token, by=account(MINTER), metadata={"icrc7:name": "New"}, now=2
        )

        updated = core.find_token(state, 1)
        assert updated
        assert core.metadata_of(state, updated) == {"icrc7:name": "New"}
        block = blocks.block_at(state, index)
        assert block
        assert (block["btype"], block["tx"]) == (
            "7update_token",
            {
                "tid": 1,
                "from": [MINTER.raw],
                "meta": {"icrc7:token_metadata": {"icrc7:name": "New"}},
            },
        )


def test_the_number_of_a_burned_token_is_never_given_again(tmp_path: Path) -> None:
    # I7-173; whether its id was numbered or chosen
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        for token_id in (1, 2, 4):
            some_token(state, token_id)
        for token_id in (2, 4):
            token = core.find_token(state, token_id)
            assert token
            index = core.burn(state, token, holder=account(ALICE), now=2, memo=b"m")

        assert core.find_token(state, 4) is None
        assert core.supply(state) == 1
        assert core.next_id(state, blocks.read_ledger(state)) == 3
        some_token(state, 3)
        assert core.next_id(state, blocks.read_ledger(state)) == 5
        block = blocks.block_at(state, index)
        assert block
        assert block["btype"] == "7burn"
        assert block["tx"] == {"tid": 4, "from": [ALICE.raw], "memo": b"m"}


def test_the_history_of_a_token_is_found_by_its_id(tmp_path: Path) -> None:
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        for token_id in (2**70, 2):
            some_token(state, token_id)
        token = core.find_token(state, 2**70)
        assert token
        core.burn(state, token, holder=account(ALICE), now=2)

        found = state.table(BLOCKS).page(where("token") == 2**70)

        assert [kept["block"]["btype"] for kept in found] == ["7mint", "7burn"]


@pytest.mark.parametrize("described_in", [7, 1, -1])
def test_a_token_whose_block_does_not_describe_it_is_damage(
    tmp_path: Path, described_in: int
) -> None:
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        for token_id in (1, 2):
            some_token(state, token_id)
        state.table(TOKENS).update({"described_in": described_in}, where("id") == 1)
        token = core.find_token(state, 1)
        assert token

        with pytest.raises(StateDamaged, match=r"does not describe token 1"):
            core.metadata_of(state, token)


def test_every_block_names_the_hash_of_the_one_before(world: World) -> None:
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    to = f'record {{ owner = principal "{world.principal("bob")}"; subaccount = null }}'
    for _ in range(3):
        world.call("mint_nft_from_session", f'("{session}", {to}, vec {{}})')

    with Store(str(world.state), TABLES).read() as state:
        chain = [blocks.block_at(state, index) for index in range(3)]
        assert blocks.block_at(state, 3) is None
        assert blocks.check_tail(state) is None

    hashes = [hashing.hash_value(block) for block in chain]
    assert [block["btype"] for block in chain if block] == ["7mint"] * 3
    assert [block.get("phash") for block in chain if block] == [None, *hashes[:2]]


def test_a_block_that_was_tampered_with_is_found_at_the_tail(world: World) -> None:
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    to = f'record {{ owner = principal "{world.principal("bob")}"; subaccount = null }}'
    world.call("mint_nft_from_session", f'("{session}", {to}, vec {{}})')
    assert '"healthy"' in world.call("get_health_status")

    with Store(str(world.state), TABLES).write() as state:
        kept = state.table(BLOCKS).get(doc_id=1)
        assert isinstance(kept, dict)
        state.table(BLOCKS).update({"block": {**kept["block"], "ts": 5}}, doc_ids=[1])

    reply = world.call("get_health_status")
    assert 'status = "unhealthy"' in reply
    assert "block 0 does not have the hash that the ledger kept" in reply


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ({"phash": {"#": "zz"}}, "the newest block or the one before it cannot be read"),
        ({"ts": None}, "the newest block or the one before it cannot be read"),
        ({}, "block 0 does not have the hash that the ledger kept"),
        (7, "has no proper"),
    ],
)
def test_a_block_that_cannot_be_read_is_told_and_no_crash(
    world: World, block: object, why: str
) -> None:
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    to = f'record {{ owner = principal "{world.principal("bob")}"; subaccount = null }}'
    world.call("mint_nft_from_session", f'("{session}", {to}, vec {{}})')
    with Store(str(world.state), TABLES).write() as state:
        state.table(BLOCKS).update({"block": block}, doc_ids=[1])

    reply = world.call("get_health_status")

    assert 'status = "unhealthy"' in reply
    assert why in reply


def test_a_ledger_that_has_lost_its_record_is_refused_before_the_chain_forks(world: World) -> None:
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    to = f'record {{ owner = principal "{world.principal("bob")}"; subaccount = null }}'
    world.call("mint_nft_from_session", f'("{session}", {to}, vec {{}})')
    with Store(str(world.state), TABLES).write() as state:
        state.table(LEDGER).remove(doc_ids=[1])

    again = world.run(
        "canister", "call", "backend", "mint_nft_from_session", f'("{session}", {to}, vec {{}})'
    )

    assert (again.exit_code, again.stdout) == (255, "")
    assert "its record tells of 0 blocks, and there are 1" in again.stderr
    assert 'status = "unhealthy"' in world.call("get_health_status")
    assert world.call("icrc7_total_supply") == "(1 : nat64)"


@pytest.mark.parametrize(("owner", "subaccount", "text"), VECTORS["account_text_ok"])
def test_an_account_has_its_standard_text(owner: str, subaccount: str, text: str) -> None:
    # I7-007
    given_account = account(Principal.from_text(owner), bytes.fromhex(subaccount))

    assert account_text(given_account) == text
    assert account_key(parse_account(text)) == account_key(given_account)


@pytest.mark.parametrize("text", VECTORS["account_text_bad"])
def test_text_that_is_no_canonical_account_is_refused(text: str) -> None:
    # I7-007
    with pytest.raises(ValueError, match=r"."):
        parse_account(text)


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (".1", "the checksum before the dot must have 7 characters"),
        ("-q6bn32y.", "the default subaccount is written without a dot"),
        ("-q6bn32y.0", "a subaccount is written without leading zeros"),
        ("-6cc627i.01", "a subaccount is written without leading zeros"),
        ("-6cc627i.1G", "a subaccount is at most 64 hexadecimal digits in lower case"),
        ("-6cc627i." + "1" * 65, "a subaccount is at most 64 hexadecimal digits in lower case"),
        ("-6cc627j.1", "the checksum before the dot is not that of this account"),
    ],
)
def test_an_account_says_what_is_wrong_with_its_text(rest: str, why: str) -> None:
    # IA-02 to IA-07
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse_account(ALICE.text + rest)


principals = st.binary(max_size=29).map(Principal)
subaccounts = st.none() | st.just(bytes(32)) | st.binary(min_size=32, max_size=32)


@given(principals, subaccounts)
def test_account_text_is_read_back(owner: Principal, subaccount: bytes | None) -> None:
    given_account = account(owner, subaccount)

    assert account_key(parse_account(account_text(given_account))) == account_key(given_account)


def test_no_subaccount_and_32_zero_bytes_are_one_account_in_two_forms() -> None:
    plain, zeros = account(ALICE), account(ALICE, bytes(32))

    assert account_key(plain) == account_key(zeros)
    assert raw_key(plain) != raw_key(zeros)
    assert account_key(account(ALICE, ONE)) != account_key(plain)


@given(st.binary(max_size=29))
def test_principal_text_is_read_back(raw: bytes) -> None:
    text = Principal(raw).text

    assert Principal.from_text(text).raw == raw
    assert Principal.from_text(text.upper()).raw == raw


def test_an_int_is_kept_as_one() -> None:
    kept = {"a": [{"#int": -5}], "##int": {"#int": 5}, "b": {"#int": 0}}

    assert as_kept(hashing.from_stored(kept)) == kept
    assert hashing.from_stored(kept) == {"a": [-5], "#int": 5, "b": 0}
