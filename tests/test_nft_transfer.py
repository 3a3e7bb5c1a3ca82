"""Transfers through `nft` as ICRC-7 has them, and the blocks that tell of them. Ids are of rules.

Times are nanoseconds; the clock stands still where a rule is about them.
"""

import itertools
from pathlib import Path
from typing import Any

import pytest
from conftest import START, World
from test_ledger import ALICE, BOB, MINTER, VECTORS
from test_ledger import ONE as FIRST
from test_tokens import account, answered
from test_tokens import transfer as transfer_by_application
from wallet import ONE, ZEROS, ask, done, failed, give, log, mint, numbers, of, transfer, vec

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import blocks, core, hashing
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store, TableSpec

DAY = 86_400 * 10**9
DRIFT = 120 * 10**9
NOW = START + 10 * DAY


def stop_clock(world: World, at: int = NOW) -> None:
    """Let it be `at` from now on."""
    world.ticks = itertools.repeat(at)  # type: ignore[assignment]  # counts no more


def holder(world: World, token: int) -> str:
    """Return the principal that owns a token."""
    ((owner,),) = ask(world, "icrc7_owner_of", f"(vec {{ {token} }})")
    return str(owner["owner"])


@pytest.fixture
def bob(world: World) -> str:
    """Bob's principal; he has the tokens 1 to 4, in blocks 0 to 3."""
    principal = world.principal("bob")
    mint(world, principal, range(1, 5))
    return principal


@pytest.fixture
def carol(world: World) -> str:
    """Carol's principal."""
    return world.principal("carol")


# --- one transfer ---


def test_the_bobgives_a_token_away(world: World, bob: str, carol: str) -> None:
    # I7-020, I7-120, I7-127, I3-14, I3-15
    stop_clock(world)

    results = transfer(world, give(1, of(carol, ONE), memo=b"\x00\x01", at=NOW - 5))

    assert results == [done(4)], "the index of its block"
    assert log(world)[4] == {
        "btype": "7xfer",
        "phash": hashing.hash_value(log(world)[3]),
        "ts": NOW,
        "tx": {
            "tid": 1,
            "from": [Principal.from_text(bob).raw],
            "to": [Principal.from_text(carol).raw, ONE],
            "memo": b"\x00\x01",
            "ts": NOW - 5,
        },
    }
    assert ask(world, "icrc7_owner_of", "(vec { 1 })") == [
        [{"owner": carol, "subaccount": [[*ONE]]}]
    ]
    both = vec([of(bob), of(carol), of(carol, ONE)])
    assert numbers(world, "icrc7_balance_of", f"({both})") == [3, 0, 1]
    assert numbers(world, "icrc7_tokens_of", f"({of(bob)}, null, null)") == [2, 3, 4]


@pytest.mark.usefixtures("bob")
def test_a_block_tells_only_what_was_given(world: World, carol: str) -> None:  # I3-15
    transfer(world, give(1, of(carol)))

    assert set(log(world)[4]["tx"]) == {"tid", "from", "to"}


def test_accounts_in_blocks_are_as_they_were_given(world: World, bob: str, carol: str) -> None:
    # I3-27
    transfer(world, give(1, of(carol, ZEROS), sub=ZEROS))

    transaction = log(world)[4]["tx"]
    assert transaction["from"] == [Principal.from_text(bob).raw, ZEROS]
    assert transaction["to"] == [Principal.from_text(carol).raw, ZEROS]


@pytest.mark.parametrize("kept", [None, ZEROS], ids=["none", "zeros"])
@pytest.mark.parametrize("named", [None, ZEROS], ids=["by none", "by zeros"])
def test_the_default_subaccount_has_two_spellings(
    world: World, kept: bytes | None, named: bytes | None
) -> None:
    # I7-002
    mint(world, world.principal("bob"), [1], subaccount=kept)

    assert transfer(world, give(1, of("aaaaa-aa"), sub=named)) == [done(1)]


def test_no_subaccount_never_means_any(world: World, carol: str) -> None:  # I7-003, I7-123
    mint(world, world.principal("bob"), [1], subaccount=ONE)

    assert transfer(world, give(1, of(carol))) == [failed("Unauthorized")]
    assert transfer(world, give(1, of(carol), sub=ONE)) == [done(1)]


def test_one_may_give_to_another_subaccount_of_ones_own(world: World, bob: str) -> None:
    # I7-122
    assert transfer(world, give(1, of(bob, ONE))) == [done(4)]
    assert transfer(world, give(1, of(bob, ONE), sub=ONE)) == [failed("InvalidRecipient")]


def test_nobody_in_particular_may_hold_and_give_tokens(world: World, carol: str) -> None:
    # I7-130
    mint(world, "2vxsx-fae", [1])

    assert transfer(world, give(1, of(carol)), by="anonymous") == [done(1)]


def test_the_standard_is_the_same_where_the_backend_is_as_deployed(faithful: World) -> None:
    bob, carol = faithful.principal("bob"), faithful.principal("carol")
    mint(faithful, bob, [1], subaccount=ZEROS)

    refused = transfer_by_application(
        faithful, 1, account(bob), account(carol), "--identity", "bob"
    )
    given = transfer(faithful, give(1, of(carol)))

    assert refused == answered(1, 'Err = "Token not owned by from account"'), "compared raw"
    assert given == [done(1)], "compared as the standard has it"


def test_ids_of_any_size_are_transferred(world: World, carol: str) -> None:  # I7-005
    sizes = (0, 2**64 - 1, 2**64, 2**128, 2**300)
    mint(world, world.principal("bob"), sizes)

    results = transfer(
        world, *(give(number, of(carol)) for number in sizes), give(2**301, of(carol))
    )

    assert results == [*map(done, range(5, 10)), failed("NonExistingTokenId")]
    assert numbers(world, "icrc7_tokens_of", f"({of(carol)}, null, null)") == list(sizes)
    assert log(world)[9]["tx"]["tid"] == 2**300


def test_the_backend_does_not_tell_ids_that_its_types_cannot_hold(world: World) -> None:
    mint(world, world.principal("bob"), [1, 2**64])
    bob = world.principal("bob")

    assert world.call("icrc7_tokens") == "(vec { 1 : nat64 })"
    assert world.call("icrc7_tokens_of", f"({of(bob)}, null, null)") == "(vec { 1 : nat64 })"
    assert " id = 1 : nat64" in world.call("get_user_nfts", f'(principal "{bob}")')


# --- refusals ---


@pytest.mark.parametrize(
    ("element", "wanted"),
    [
        pytest.param(
            {"memo": b"m" * 513, "to_self": True, "at": 0, "token": 99},
            failed("GenericError", error_code=111, message="The memo has more than 512 bytes."),
            id="1 the memo (I7-044)",
        ),
        pytest.param(
            {"sub": b"abc", "to_self": True, "at": 0, "token": 99},
            failed("GenericError", error_code=110, message="A subaccount must have 32 bytes."),
            id="1 the subaccount (I7-009)",
        ),
        pytest.param(
            {"to_self": True, "at": 0, "token": 99}, failed("InvalidRecipient"), id="2 (I7-122)"
        ),
        pytest.param({"at": 0, "token": 99}, failed("TooOld"), id="3 (I7-141)"),
        pytest.param(
            {"at": 2**64 - 1, "token": 99},
            failed("CreatedInFuture", ledger_time=NOW),
            id="4 (I7-142)",
        ),
        pytest.param({"token": 99}, failed("NonExistingTokenId"), id="6 (I7-124)"),
        pytest.param({"token": 1, "sub": ONE}, failed("Unauthorized"), id="7 (I7-123)"),
    ],
)
def test_the_first_reason_in_the_order_of_the_checks_is_told(
    world: World, bob: str, carol: str, element: dict[str, Any], wanted: Any
) -> None:
    stop_clock(world)
    told = dict(element)
    to = of(bob, told.get("sub", ZEROS)) if told.pop("to_self", False) else of(carol)

    results = transfer(world, give(told.pop("token"), to, **told))

    assert results == [wanted]
    assert len(log(world)) == 4, "I7-021: no block"
    assert holder(world, 1) == bob


def test_a_controller_cannot_give_what_another_holds(world: World, bob: str, carol: str) -> None:
    # I7-121, I7-123
    assert transfer(world, give(1, of(carol)), by="default") == [failed("Unauthorized")]
    assert holder(world, 1) == bob


def test_a_recipient_has_a_subaccount_of_32_bytes(world: World, bob: str, carol: str) -> None:
    # I7-009
    (odd,) = transfer(world, give(1, of(carol, b"\x01" * 33)))

    assert odd["Err"]["GenericError"]["error_code"] == "110"
    assert holder(world, 1) == bob


@pytest.mark.usefixtures("bob")
def test_a_memo_of_the_largest_size_is_kept(world: World, carol: str) -> None:
    # I7-043, I7-044
    memo = bytes(range(256)) * 2

    assert transfer(world, give(1, of(carol), memo=memo)) == [done(4)]
    assert log(world)[4]["tx"]["memo"] == memo
    assert holder(world, 1) == carol


# --- batches ---


@pytest.mark.usefixtures("bob")
def test_elements_are_answered_in_order_and_fail_alone(world: World, carol: str) -> None:
    # I7-010, I7-018, I7-021, I7-022, I7-019, I7-075; no atomic mode: I7-128, I7-129
    results = transfer(world, *(give(token, of(carol)) for token in (2, 99, 1)))

    assert results == [done(4), failed("NonExistingTokenId"), done(5)]
    assert [block["tx"]["tid"] for block in log(world)[4:]] == [2, 1]


@pytest.mark.usefixtures("bob")
def test_a_token_may_be_named_twice(world: World, carol: str) -> None:  # I7-017
    assert transfer(world, *[give(1, of(carol))] * 2) == [done(4), failed("Unauthorized")]
    assert holder(world, 1) == carol


def test_what_is_beyond_the_limit_is_not_begun(world: World, carol: str) -> None:
    # I7-011, I7-013, I7-014, I7-041, I7-073, I7-181
    mint(world, world.principal("bob"), range(120))

    results = transfer(world, *(give(token, of(carol)) for token in range(120)))

    assert results == [done(index) for index in range(120, 220)]
    assert numbers(world, "icrc7_balance_of", f"({vec([of(carol)])})") == [100]
    assert len(log(world)) == 220


# --- deduplication ---


def test_without_a_time_a_transfer_may_be_meant_twice(world: World, bob: str, carol: str) -> None:
    # I7-140
    there, back = give(1, of(carol), memo=b"m"), give(1, of(bob))

    assert transfer(world, there) == [done(4)]
    assert transfer(world, back, by="carol") == [done(5)]
    assert transfer(world, there) == [done(6)]


def test_a_repeated_transfer_learns_of_the_first(world: World, bob: str, carol: str) -> None:
    # I7-143, I7-150; the token is no longer the caller's
    stop_clock(world)
    element = give(1, of(carol), memo=b"m", at=NOW)

    assert transfer(world, element) == [done(4)]
    stop_clock(world, NOW + DAY + DRIFT)
    assert transfer(world, element) == [failed("Duplicate", duplicate_of=4)]
    assert (len(log(world)), holder(world, 1)) == (5, carol)
    assert transfer(world, give(1, of(bob)), by="carol") == [done(5)]
    assert transfer(world, element) == [failed("Duplicate", duplicate_of=4)], "nor is it again"
    assert holder(world, 1) == bob


def test_what_was_forgotten_is_too_old(world: World, bob: str, carol: str) -> None:  # I7-149
    stop_clock(world)
    element = give(1, of(carol), at=NOW)
    transfer(world, element)
    transfer(world, give(1, of(bob)), by="carol")

    stop_clock(world, NOW + DAY + DRIFT + 1)

    assert transfer(world, element) == [failed("TooOld")]
    assert holder(world, 1) == bob


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (NOW - DAY - DRIFT - 1, failed("TooOld")),
        (NOW - DAY - DRIFT, done(4)),
        (NOW - DAY - DRIFT + 1, done(4)),
        (NOW + DRIFT - 1, done(4)),
        (NOW + DRIFT, done(4)),
        (NOW + DRIFT + 1, failed("CreatedInFuture", ledger_time=NOW)),
    ],
    ids=["too old", "oldest", "old", "near", "nearest", "future"],
)
@pytest.mark.usefixtures("bob")
def test_the_window_ends_at_the_nanosecond(world: World, carol: str, at: int, wanted: Any) -> None:
    # I7-141, I7-142, I7-151
    stop_clock(world)

    assert transfer(world, give(1, of(carol), at=at)) == [wanted]


def test_the_window_reaches_to_the_beginning_of_time(world: World, carol: str) -> None:
    # I7-151: now - window - drift is not below zero
    mint(world, world.principal("bob"), [1])
    stop_clock(world, 5)

    assert transfer(world, give(1, of(carol), at=0)) == [done(1)]


@pytest.mark.parametrize(
    "change",
    [
        {"memo": b""},
        {"memo": b"n"},
        {"memo": None},
        {"at": NOW + 1},
        {"at": None},
        {"sub": ZEROS},
        {"token": 2},
        {"to_sub": ZEROS},
        {"to_sub": ONE},
    ],
    ids=str,
)
def test_what_differs_in_anything_is_no_duplicate(
    world: World, bob: str, carol: str, change: dict[str, Any]
) -> None:
    # I7-144, I7-145: raw, so that another spelling of the same account is another request
    stop_clock(world)
    first: dict[str, Any] = {"token": 1, "to_sub": None, "memo": b"m", "at": NOW, "sub": None}

    def element(told: dict[str, Any]) -> str:
        rest = {name: told[name] for name in ("memo", "at", "sub")}
        return give(told["token"], of(carol, told["to_sub"]), **rest)

    assert transfer(world, element(first)) == [done(4)]
    assert transfer(world, give(1, of(bob)), by="carol") == [done(5)]
    assert transfer(world, element(first | change)) == [done(6)]
    assert transfer(world, element(first)) == [failed("Duplicate", duplicate_of=4)]


def test_no_memo_and_an_empty_one_are_told_apart(world: World, bob: str, carol: str) -> None:
    # I7-144
    stop_clock(world)
    without, empty = give(1, of(carol), at=NOW), give(1, of(carol), memo=b"", at=NOW)

    assert transfer(world, without) == [done(4)]
    assert transfer(world, give(1, of(bob)), by="carol") == [done(5)]
    assert transfer(world, empty) == [done(6)]
    assert log(world)[6]["tx"]["memo"] == b""


@pytest.mark.usefixtures("bob")
def test_another_callers_request_is_another(world: World) -> None:
    # I7-145
    stop_clock(world)
    element = give(1, of("aaaaa-aa"), at=NOW)

    assert transfer(world, element) == [done(4)]
    assert transfer(world, element, by="carol") == [failed("Unauthorized")]


@pytest.mark.usefixtures("bob")
def test_only_what_succeeded_is_remembered(world: World, carol: str) -> None:  # I7-147
    stop_clock(world)
    element = give(1, of("aaaaa-aa"), at=NOW)

    assert transfer(world, element, by="carol") == [failed("Unauthorized")]
    transfer(world, give(1, of(carol)), by="bob")
    assert transfer(world, element, by="carol") == [done(5)]


@pytest.mark.usefixtures("bob")
def test_a_batch_finds_its_own_duplicates(world: World, carol: str) -> None:  # I7-148
    stop_clock(world)

    results = transfer(world, *[give(1, of(carol), at=NOW)] * 2)

    assert results == [done(4), failed("Duplicate", duplicate_of=4)]
    assert holder(world, 1) == carol


def test_a_transfer_through_the_application_is_no_duplicate(
    world: World, bob: str, carol: str
) -> None:
    # OSF-03, I7-146: it has neither memo nor time
    stop_clock(world)
    assert transfer(world, give(1, of(carol), memo=b"m", at=NOW)) == [done(4)]
    request = (
        f"record {{ from = {of(carol)}; to = {of(bob)}; token_id = 1; "
        f'memo = opt blob "m"; created_at_time = opt {NOW} }}'
    )

    world.call("icrc7_transfer", f"(vec {{ {request} }})", "--identity", "carol")

    assert set(log(world)[5]["tx"]) == {"tid", "from", "to"}
    assert holder(world, 1) == bob


def test_what_is_remembered_outlives_the_process(world: World, carol: str) -> None:
    # I7-152: it lies in the log of the file
    mint(world, world.principal("bob"), [1])
    stop_clock(world)
    element = give(1, of(carol), at=NOW)
    assert transfer(world, element) == [done(1)]

    with Store(str(world.state), TABLES).read() as state:
        asked = core.Transfer(
            1,
            sender=core_account(Principal.from_text(world.principal("bob"))),
            to=core_account(Principal.from_text(carol)),
            created_at=NOW,
        )
        assert core.find_transfer(state, asked) == 1


def test_a_file_without_the_index_gets_it(world: World, carol: str) -> None:
    """One that was written before transfers were remembered."""
    old = [TableSpec("blocks") if spec.name == "blocks" else spec for spec in TABLES]
    bob = core_account(Principal.from_text(world.principal("bob")))
    with Store(str(world.state), tuple(old)).write() as state:
        for token in (1, 2):
            core.mint(state, token, to=bob, minter=bob, metadata={}, session_id=None, now=token)
    stop_clock(world)

    for _ in range(2):
        first, second = (give(token, of(carol), at=NOW) for token in (1, 2))
        results = transfer(world, first, second)

    assert results == [failed("Duplicate", duplicate_of=index) for index in (2, 3)]


# --- the log ---


def test_a_mint_and_a_transfer_are_the_worked_chain_of_the_standard(tmp_path: Path) -> None:
    """Blocks 0 and 1 of the vectors, with memo and time, hashes included (3.4)."""
    with Store(str(tmp_path / "state.db"), TABLES).write() as state:
        core.mint(
            state,
            1,
            to=core_account(ALICE),
            minter=core_account(MINTER),
            metadata={"icrc7:name": "Token #1", "icrc7:image": "https://example.com/1.png"},
            session_id=None,
            now=1_700_000_000_000_000_000,
        )
        token = core.find_token(state, 1)
        assert token
        asked = core.Transfer(
            1,
            sender=core_account(ALICE),
            to=core_account(BOB, FIRST),
            memo=b"\x00\x01",
            created_at=1_700_000_000_900_000_000,
        )
        core.transfer(state, token, asked, 1_700_000_001_000_000_000)

        assert blocks.read_ledger(state)["tip"] == VECTORS["chain"][1]["hash"]
