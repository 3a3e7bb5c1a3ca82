"""Transfers by the approved through `nft`, as ICRC-37 has them. Ids are of its rules."""

from typing import Any

import pytest
from conftest import World
from test_ledger import ALICE, BOB, MINTER, VECTORS
from test_nft_transfer import DAY, DRIFT, NOW, holder, stop_clock
from test_tokens import account
from wallet import (
    ONE,
    ZEROS,
    approval,
    approve,
    approve_all,
    ask,
    batch,
    done,
    failed,
    give,
    log,
    mint,
    of,
    take,
    transfer,
    vec,
)

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import approvals, blocks, core, hashing
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store

MARKET = "rrkah-fqaaa-aaaaa-aaaaq-cai"


@pytest.fixture
def bob(world: World) -> str:
    """Bob's principal; he has the tokens 1 to 4, in blocks 0 to 3, and the clock stands still."""
    principal = world.principal("bob")
    mint(world, principal, range(1, 5))
    stop_clock(world)
    return principal


@pytest.fixture
def carol(world: World) -> str:
    """Carol's principal."""
    return world.principal("carol")


def take_all(world: World, *elements: str, by: str = "carol") -> list[Any]:
    """Transfer by approval, in one batch, and return each result."""
    return batch(world, "icrc37_transfer_from", *elements, by=by)


def test_the_approved_spender_moves_a_token(world: World, bob: str, carol: str) -> None:
    # I37-020, I37-107
    approve(world, 1, approval(of(carol), at=NOW))

    element = take(1, of(bob, ZEROS), of(MARKET, ONE), memo=b"\x01", at=NOW - 5)
    assert take_all(world, element) == [done(5)]

    raw = Principal.from_text(bob).raw
    assert log(world)[5] == {
        "btype": "37xfer",
        "phash": hashing.hash_value(log(world)[4]),
        "ts": NOW,
        "tx": {
            "tid": 1,
            "spender": [Principal.from_text(carol).raw],
            "from": [raw, ZEROS],
            "to": [Principal.from_text(MARKET).raw, ONE],
            "memo": b"\x01",
            "ts": NOW - 5,
        },
    }
    assert holder(world, 1) == MARKET
    assert take_all(world, take(1, of(MARKET, ONE), of(carol))) == [failed("Unauthorized")]


def test_a_spender_cannot_use_the_holders_method(world: World, bob: str, carol: str) -> None:
    # I7-121
    approve(world, 1, approval(of(carol), at=NOW))
    approve_all(world, approval(of(carol), at=NOW))

    assert transfer(world, give(1, of(MARKET)), by="carol") == [failed("Unauthorized")]
    assert holder(world, 1) == bob


def test_a_spender_is_an_account(world: World, bob: str, carol: str) -> None:
    # I7-003, I37-010, I37-100
    approve(world, 1, approval(of(carol, ONE), at=NOW))
    approve(world, 2, approval(of(carol, ZEROS), at=NOW))

    assert take_all(world, take(1, of(bob), of(carol))) == [failed("Unauthorized")]
    assert take_all(world, take(1, of(bob), of(carol), sub=ONE), take(2, of(bob), of(carol))) == [
        done(6),
        done(7),
    ]
    assert log(world)[6]["tx"]["spender"] == [Principal.from_text(carol).raw, ONE]


def test_the_holder_needs_no_approval(world: World, bob: str, carol: str) -> None:
    # I37-101, I37-107, 2.3
    mint(world, bob, [8], subaccount=ONE)

    results = take_all(
        world, take(1, of(bob), of(carol), sub=ONE), take(8, of(bob, ONE), of(carol)), by="bob"
    )

    assert results == [done(5), done(6)]
    raw = Principal.from_text(bob).raw
    assert [block["tx"]["spender"] for block in log(world)[5:]] == [[raw, ONE], [raw]]


def test_a_token_is_taken_from_where_it_lies(world: World, bob: str, carol: str) -> None:
    # I37-103, 2.3: a third party's account is refused though the real holder approved
    default = world.principal("default")
    approve(world, 1, approval(of(carol), at=NOW))
    approve_all(world, approval(of(carol), at=NOW), by="default")

    elements = [take(1, of(source), of(carol)) for source in (default, MARKET)]
    elements += [take(1, of(bob, ONE), of(carol)), take(1, of(carol), of(MARKET))]

    assert take_all(world, *elements) == [failed("Unauthorized")] * 4
    assert holder(world, 1) == bob


def test_an_unapproved_caller_moves_nothing(world: World, bob: str, carol: str) -> None:
    # I37-103
    approve(world, 2, approval(of(carol), at=NOW))
    approve(world, 1, approval(of(MARKET), at=NOW))

    for by in ("carol", "default", "anonymous"):
        element = take(1, of(bob), of(carol))
        assert take_all(world, element, by=by) == [failed("Unauthorized")]
    assert (holder(world, 1), len(log(world))) == (bob, 6)


def test_one_approval_moves_a_token_once(world: World, bob: str, carol: str) -> None:
    # I37-105
    approve(world, 1, approval(of(carol), at=NOW))
    approve_all(world, approval(of(carol), at=NOW))
    default = world.principal("default")

    elements = [take(1, of(bob), of(default)), take(1, of(default), of(bob))]
    assert take_all(world, *elements) == [done(6), failed("Unauthorized")]
    approve_all(world, approval(of(carol), at=NOW), by="default")
    assert take_all(world, elements[1]) == [done(8)], "by the new holder's approval for all"
    assert take_all(world, elements[0]) == [done(9)], "bob's for all stands as before"


@pytest.mark.parametrize(
    ("token", "told", "wanted"),
    [
        pytest.param(
            99,
            {"memo": b"m" * 513, "to": None, "at": 0},
            failed("GenericError", error_code=111, message="The memo has more than 512 bytes."),
            id="1 the memo",
        ),
        pytest.param(
            99,
            {"sub": b"x", "to": None, "at": 0},
            failed("GenericError", error_code=110, message="A subaccount must have 32 bytes."),
            id="1 the subaccount",
        ),
        pytest.param(
            99, {"to": ZEROS, "at": 0}, failed("InvalidRecipient"), id="2 (I37-102: either form)"
        ),
        pytest.param(99, {"at": 0}, failed("TooOld"), id="3"),
        pytest.param(
            99, {"at": 2**64 - 1}, failed("CreatedInFuture", ledger_time=NOW), id="3 in future"
        ),
        pytest.param(99, {"at": NOW}, failed("NonExistingTokenId"), id="5 (I37-104)"),
        pytest.param(1, {"at": NOW}, failed("Unauthorized"), id="7"),
    ],
)
def test_the_first_reason_against_a_transfer_by_approval_is_told(
    world: World, bob: str, token: int, told: dict[str, Any], wanted: Any
) -> None:
    # I37-109
    rest = dict(told)
    to = of(bob, rest.pop("to")) if "to" in rest else of(MARKET)

    assert take_all(world, take(token, of(bob), to, **rest)) == [wanted]
    assert len(log(world)) == 4


def test_a_repeated_transfer_by_approval_learns_of_the_first(
    world: World, bob: str, carol: str
) -> None:
    # I37-106, I7-143, I7-150: the approval is spent and the token gone
    approve(world, 1, approval(of(carol), at=NOW))
    element = take(1, of(bob), of(MARKET), memo=b"m", at=NOW)

    assert take_all(world, element) == [done(5)]
    stop_clock(world, NOW + DAY + DRIFT)
    assert take_all(world, element) == [failed("Duplicate", duplicate_of=5)]
    stop_clock(world, NOW + DAY + DRIFT + 1)
    assert take_all(world, element) == [failed("TooOld")]
    assert len(log(world)) == 6


@pytest.mark.parametrize(
    "change",
    [
        {"memo": b""},
        {"memo": None},
        {"at": NOW + 1},
        {"at": None},
        {"sub": ZEROS},
        {"kept": ZEROS},
        {"to": ZEROS},
        {"token": 2},
    ],
    ids=str,
)
def test_what_differs_in_anything_is_another_transfer(
    world: World, bob: str, carol: str, change: dict[str, Any]
) -> None:
    # I37-106, I7-144, I7-145
    approve_all(world, approval(of(carol), at=NOW))
    first = {"token": 1, "kept": None, "to": None, "memo": b"m", "at": NOW, "sub": None}

    def element(told: dict[str, Any]) -> str:
        rest = {name: told[name] for name in ("memo", "at", "sub")}
        return take(told["token"], of(bob, told["kept"]), of(carol, told["to"]), **rest)

    assert take_all(world, element(first)) == [done(5)]
    assert transfer(world, give(1, of(bob)), by="carol") == [done(6)]
    assert take_all(world, element(first | change)) == [done(7)]
    assert take_all(world, element(first)) == [failed("Duplicate", duplicate_of=5)]


def test_the_two_methods_of_transfer_never_take_each_other_for_a_duplicate(
    world: World, bob: str, carol: str
) -> None:
    # I7-146
    assert transfer(world, give(1, of(carol), at=NOW)) == [done(4)]
    assert transfer(world, give(1, of(bob)), by="carol") == [done(5)]

    element = take(1, of(bob), of(carol), at=NOW)
    assert take_all(world, element, by="bob") == [done(6)]
    assert take_all(world, element, by="bob") == [failed("Duplicate", duplicate_of=6)]
    assert transfer(world, give(1, of(carol), at=NOW)) == [failed("Duplicate", duplicate_of=4)]


def test_a_batch_by_approval_finds_its_own_duplicates_and_fails_alone(
    world: World, bob: str, carol: str
) -> None:
    # I37-003, I37-108, I7-017, I7-018, I7-148
    approve_all(world, approval(of(carol), at=NOW))
    timed, plain = take(1, of(bob), of(carol), at=NOW), take(2, of(bob), of(carol))

    results = take_all(world, timed, timed, plain, plain, take(3, of(bob), of(carol)))

    assert results == [
        done(5),
        failed("Duplicate", duplicate_of=5),
        done(6),
        failed("Unauthorized"),
        done(7),
    ]
    assert ask(world, "icrc7_atomic_batch_transfers") == []


def test_only_a_transfer_that_was_done_is_remembered(world: World, bob: str, carol: str) -> None:
    # I7-147
    element = take(1, of(bob), of(carol), at=NOW)

    assert take_all(world, element) == [failed("Unauthorized")]
    approve(world, 1, approval(of(carol), at=NOW))
    assert take_all(world, element) == [done(5)]


def test_where_the_backend_is_as_deployed_the_standard_is_the_same(faithful: World) -> None:
    # I37-001: another's approval counts for nothing, whatever the policy
    bob, carol = faithful.principal("bob"), faithful.principal("carol")
    mint(faithful, bob, [1])

    assert take_all(faithful, take(1, of(bob), of(carol))) == [failed("Unauthorized")]
    approve(faithful, 1, approval(of(carol), at=faithful.clock()))
    faithful.call(
        "icrc7_transfer",
        f"(vec {{ record {{ from = {account(bob)}; to = {account(MARKET)}; token_id = 1; "
        "memo = null; created_at_time = null } })",
        "--identity",
        "bob",
    )
    element = take(1, of(MARKET), of(carol))
    assert take_all(faithful, element) == [failed("Unauthorized")]


def test_the_worked_chain_of_the_standard_is_what_the_core_writes(tmp_path: Any) -> None:
    # 3.4: all five blocks of the vectors, hashes included
    alice, bob = core_account(ALICE), core_account(BOB, ONE)
    start = 1_700_000_000_000_000_000
    second = 10**9
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        core.mint(
            state,
            1,
            to=alice,
            minter=core_account(MINTER),
            metadata={"icrc7:name": "Token #1", "icrc7:image": "https://example.com/1.png"},
            session_id=None,
            now=start,
        )

        def move(asked: core.Transfer, now: int) -> None:
            token = core.find_token(state, 1)
            assert token
            core.transfer(state, token, asked, now)

        move(
            core.Transfer(
                1, sender=alice, to=bob, memo=b"\x00\x01", created_at=start + 900_000_000
            ),
            start + second,
        )
        asked = approvals.Approval(
            1,
            holder=bob,
            spender=alice,
            expires_at=1_700_100_000_000_000_000,
            memo=None,
            created_at=start + 2 * second,
        )
        approvals.approve(state, asked, start + 2 * second)
        move(core.Transfer(1, sender=bob, to=alice, spender=alice), start + 3 * second)
        token = core.find_token(state, 1)
        assert token
        core.burn(state, token, holder=alice, now=start + 4 * second)

        found = [blocks.block_at(state, index) for index in range(5)]

    hashes = [hashing.hash_value(block).hex() for block in found]
    assert hashes == [block["hash"] for block in VECTORS["chain"]]


def test_a_batch_by_approval_is_one_call(world: World, bob: str, carol: str) -> None:
    # I7-005, I7-006: ids of any size
    sizes = (0, 2**64, 2**300)
    mint(world, bob, sizes)
    for token in sizes:
        assert "Ok" in approve(world, token, approval(of(carol), at=NOW))

    results = take_all(world, *(take(token, of(bob), of(carol)) for token in sizes))

    assert all("Ok" in result for result in results)
    assert ask(world, "icrc7_balance_of", f"({vec([of(carol)])})") == ["3"]
