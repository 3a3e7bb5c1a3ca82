"""The log as `nft` tells it (ICRC-3). Ids are of its rules."""

import re
from typing import Any

import pytest
from conftest import World
from ledger_story import LATER, NOW, TYPES, served, told
from wallet import ONE, ask, done, give, log, mint, of, transfer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import blocks, hashing
from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store

HUGE = 2**100

# What a transaction of each type must say and may say, besides a memo and a time.
SCHEMAS: dict[str, tuple[str, str]] = {
    "7mint": ("tid to meta", "from"),
    "7burn": ("tid from", "to"),
    "7xfer": ("tid from to", ""),
    "7update_token": ("tid meta", "from"),
    "37approve": ("tid from spender", "exp"),
    "37approve_coll": ("from spender", "exp"),
    "37revoke": ("tid from", "spender"),
    "37revoke_coll": ("from", "spender"),
    "37xfer": ("tid spender from to", ""),
}


def is_account(value: Any) -> bool:
    """Tell whether a value is an account: an Array of the owner, and the subaccount if given."""
    owner, *rest = value
    return (
        isinstance(owner, bytes) and len(owner) <= 29 and [len(each) for each in rest] in ([], [32])
    )


def fits(field: str, value: Any) -> bool:
    """Tell whether a field of a transaction is of the type that the standard has for it."""
    if field in {"tid", "exp", "ts"}:
        return type(value) is int
    if field == "meta":
        return list(value) == ["icrc7:token_metadata"] and all(
            isinstance(each, dict) for each in value.values()
        )
    return isinstance(value, bytes) if field == "memo" else is_account(value)


def test_a_block_of_every_type_has_the_fields_of_its_standard(world: World) -> None:
    # I3-04, I3-10 to I3-19, I3-26, I3-50, I3-52, W-07
    told(world)

    _, found = served(world, (0, 100))

    assert [block["btype"] for _, block in found] == TYPES
    assert set(TYPES) == set(SCHEMAS)
    for index, block in found:
        required, optional = (set(names.split()) for names in SCHEMAS[block["btype"]])
        assert set(block) == {"btype", "ts", "tx"} | ({"phash"} if index else set())
        assert re.fullmatch("[1-9][0-9]*[a-z][a-z0-9_-]*", block["btype"])
        assert type(block["ts"]) is int
        assert required <= set(block["tx"]) <= required | optional | {"memo", "ts"}
        assert all(fits(field, value) for field, value in block["tx"].items()), block["tx"]


def test_a_block_says_what_was_asked_and_nothing_else(world: World) -> None:
    # I3-15, I3-27, I3-52
    alice, bob, carol = (Principal.from_text(each).raw for each in told(world))

    _, found = served(world, (2, 7))

    transactions = [block["tx"] for _, block in found]
    approved = {"tid": 1, "from": [bob], "exp": LATER, "memo": b"may", "ts": NOW}
    assert transactions == [
        {"tid": 2, "from": [bob], "to": [bob, ONE], "memo": b"moved", "ts": NOW},
        approved | {"spender": [alice]},
        approved | {"spender": [carol]},
        {"tid": 1, "from": [bob], "spender": [alice], "memo": b"no"},
        {"tid": 1, "from": [bob], "to": [carol], "spender": [carol]},
        {"from": [carol], "spender": [alice], "ts": NOW},
        {"from": [carol]},
    ]


def test_the_blocks_told_are_those_that_were_hashed(world: World) -> None:
    # I3-11, I3-14, I3-16, I3-18, I3-44
    told(world)

    length, found = served(world, (0, 100))

    assert [index for index, _ in found] == list(range(length)) == list(range(len(TYPES)))
    previous: bytes | None = None
    for _, block in found:
        assert block.get("phash") == previous
        previous = hashing.hash_value(block)
    times = [block["ts"] for _, block in found]
    assert times == sorted(times)
    with Store(str(world.state), TABLES).read() as state:
        assert previous
        assert blocks.read_ledger(state)["tip"] == previous.hex()


def test_a_transfer_answers_its_block_and_clears_approvals_without_one(world: World) -> None:
    # I3-16, I3-53
    _, _, carol = told(world)
    length = len(log(world))

    assert transfer(world, give(1, of(carol, ONE)), by="carol") == [done(length)]

    assert served(world, (length, HUGE))[0] == length + 1
    assert ask(world, "icrc37_get_token_approvals", "(1, null, null)") == []


@pytest.mark.parametrize(
    ("ranges", "wanted"),
    [
        pytest.param([], [], id="I3-20 nothing is asked for"),
        pytest.param([(0, 5)], [0, 1, 2, 3, 4], id="I3-21 all"),
        pytest.param([(3, 9)], [3, 4], id="I3-23 beyond the end"),
        pytest.param([(1, 0), (5, 1), (HUGE, HUGE)], [], id="I3-23 none of these"),
        pytest.param([(3, 2), (0, 1)], [3, 4, 0], id="I3-23 in the order asked"),
        pytest.param([(0, 2), (1, 2)], [0, 1, 1, 2], id="I3-23 overlap"),
        pytest.param([(0, HUGE), (HUGE, 1), (2, HUGE)], [0, 1, 2, 3, 4, 2, 3, 4], id="I3-24 huge"),
    ],
)
def test_ranges_are_answered_one_after_the_other(
    world: World, ranges: list[tuple[int, int]], wanted: list[int]
) -> None:
    mint(world, world.principal("bob"), range(5))

    length, found = served(world, *ranges)

    assert length == 5
    assert [index for index, _ in found] == wanted
    assert all(block == log(world)[index] for index, block in found)


def test_an_empty_log_has_no_blocks(world: World) -> None:  # I3-20
    assert served(world, (0, 10)) == (0, [])


def test_an_answer_holds_100_blocks_and_the_client_asks_on(world: World) -> None:  # I3-24
    mint(world, world.principal("bob"), range(120))

    first = served(world, (0, HUGE))
    rest = served(world, (100, HUGE))

    assert (first[0], len(first[1])) == (120, 100)
    assert [index for index, _ in rest[1]] == list(range(100, 120))
    assert len(served(world, *[(0, 60)] * 50_000)[1]) == 100


def test_blocks_that_would_not_fit_into_a_reply_are_left_for_the_next(world: World) -> None:
    # I3-24, I3-51, I7-045
    mint(world, world.principal("bob"), range(6), metadata={"a:b": "x" * 500_000})

    assert [index for index, _ in served(world, (1, 9))[1]] == [1, 2, 3, 4]
    assert [index for index, _ in served(world, (5, 9))[1]] == [5]


def test_a_block_too_large_for_a_reply_is_told_alone(world: World) -> None:
    mint(world, world.principal("bob"), range(2), metadata={"a:b": "x" * 2_100_000})

    assert [index for index, _ in served(world, (0, 2))[1]] == [0]
    assert [index for index, _ in served(world, (1, 2))[1]] == [1]


@pytest.mark.parametrize("after", ["null", 'opt principal "aaaaa-aa"'])
def test_there_are_no_archives(world: World, after: str) -> None:  # I3-30, I3-32
    assert ask(world, "icrc3_get_archives", f"(record {{ from = {after} }})") == []


def test_there_is_no_certificate_without_a_replica(world: World) -> None:  # I3-43
    assert ask(world, "icrc3_get_tip_certificate") == []
    mint(world, world.principal("bob"), [1])
    assert ask(world, "icrc3_get_tip_certificate") == []


def test_every_type_of_block_is_listed_with_its_standard(world: World) -> None:  # I3-17, I3-55
    listed = ask(world, "icrc3_supported_block_types")

    assert {each["block_type"] for each in listed} == set(SCHEMAS)
    for each in listed:
        standard = "ICRC-37" if each["block_type"].startswith("37") else "ICRC-7"
        address = f"https://github.com/dfinity/ICRC/blob/main/ICRCs/{standard}/{standard}.md"
        assert each["url"] == address


def test_a_log_with_a_block_missing_is_said_to_be_damaged(world: World) -> None:
    mint(world, world.principal("bob"), [1])
    with Store(str(world.state), TABLES).write() as state:
        state.table("blocks").update({"block": {"#": "00"}}, doc_ids=[1])

    result = world.run("blocks")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "block 0 cannot be read" in result.stderr
