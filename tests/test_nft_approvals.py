"""Approvals through `nft` as ICRC-37 has them, and the blocks that tell of them. Ids are of rules.

The clock stands still, so that approvals are of its time.
"""

from typing import Any

import pytest
from conftest import World
from test_nft_transfer import DAY, DRIFT, NOW, holder, stop_clock
from test_tokens import account, answered
from test_tokens import transfer as transfer_by_application
from wallet import (
    ONE,
    ZEROS,
    approval,
    approve,
    approve_all,
    approved,
    ask,
    batch,
    done,
    failed,
    give,
    log,
    mint,
    of,
    record,
    revocation,
    take,
    transfer,
    vec,
)

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.ledger.collection import MAX_APPROVALS, MAX_REVOKED
from originstamp_cli.canister.records import APPROVALS, TABLES
from originstamp_cli.store import Store

MARKET = "rrkah-fqaaa-aaaaa-aaaaq-cai"
OTHER = "rdmx6-jaaaa-aaaaa-aaadq-cai"
TOO_LONG = failed("GenericError", error_code=111, message="The memo has more than 512 bytes.")
ODD = failed("GenericError", error_code=110, message="A subaccount must have 32 bytes.")
EXPIRED = failed("GenericError", error_code=121, message="The approval would have expired already.")
FULL = failed(
    "GenericError", error_code=120, message="There are 100 approvals already, which is the most."
)


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


def token_approvals(world: World, token: int, prev: str = "null", most: str = "null") -> list[Any]:
    """Return what is said of a token's approvals."""
    found = ask(world, "icrc37_get_token_approvals", f"({token}, {prev}, {most})")
    assert all(each["token_id"] == str(token) for each in found)
    return [each["approval_info"] for each in found]


def spenders(found: list[Any]) -> list[str]:
    """Return the principals that were approved."""
    return [each["spender"]["owner"] for each in found]


def collection_approvals(
    world: World, owner: str, prev: str = "null", most: str = "null"
) -> list[Any]:
    """Return what is said of an account's approvals."""
    found: list[Any] = ask(world, "icrc37_get_collection_approvals", f"({owner}, {prev}, {most})")
    return found


def stored(world: World) -> int:
    """Return how many approvals the state holds."""
    with Store(str(world.state), TABLES).read() as state:
        return len(state.table(APPROVALS))


# --- for one token ---


def test_an_approval_is_told_as_it_was_submitted(world: World, bob: str) -> None:
    # I37-020, I37-030, I37-095, I3-52
    result = approve(
        world,
        1,
        approval(of(MARKET, ZEROS), at=NOW - 5, sub=ZEROS, until=NOW + DAY, memo=b"\x00\x01"),
    )

    assert result == done(4)
    assert log(world)[4]["btype"] == "37approve"
    assert log(world)[4]["tx"] == {
        "tid": 1,
        "from": [Principal.from_text(bob).raw, ZEROS],
        "spender": [Principal.from_text(MARKET).raw, ZEROS],
        "exp": NOW + DAY,
        "memo": b"\x00\x01",
        "ts": NOW - 5,
    }
    assert token_approvals(world, 1) == [
        {
            "spender": {"owner": MARKET, "subaccount": [[0] * 32]},
            "from_subaccount": [[0] * 32],
            "expires_at": [f"{NOW + DAY}"],
            "memo": [[0, 1]],
            "created_at_time": f"{NOW - 5}",
        }
    ]


@pytest.mark.usefixtures("bob")
def test_a_block_of_an_approval_tells_only_what_was_given(world: World) -> None:  # I3-52
    approve(world, 1, approval(of(MARKET), at=NOW))

    assert set(log(world)[4]["tx"]) == {"tid", "from", "spender", "ts"}


@pytest.mark.usefixtures("bob")
def test_a_second_approval_takes_the_place_of_the_first(world: World) -> None:
    # I37-010, I37-024, I37-027: nor is the same one a duplicate; the spender in either spelling
    first = approval(of(MARKET), at=NOW, memo=b"1")

    assert approve(world, 1, first) == done(4)
    assert approve(world, 1, first) == done(5)
    assert approve(world, 1, approval(of(MARKET, ZEROS), at=NOW + 1, until=NOW + 9)) == done(6)

    (kept,) = token_approvals(world, 1)
    assert kept["memo"] == []
    assert kept["expires_at"] == [f"{NOW + 9}"]
    assert kept["created_at_time"] == f"{NOW + 1}"
    assert stored(world) == 1


@pytest.mark.usefixtures("bob")
def test_a_token_has_several_spenders_in_the_order_of_their_bytes(world: World) -> None:
    # I37-025, I37-091
    for spender in (of(OTHER), of(MARKET, ONE), of("aaaaa-aa"), of(MARKET)):
        approve(world, 1, approval(spender, at=NOW))

    found = token_approvals(world, 1)

    assert spenders(found) == ["aaaaa-aa", MARKET, MARKET, OTHER]
    assert [len(each["spender"]["subaccount"]) for each in found] == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("token", "told", "wanted"),
    [
        pytest.param(
            99, {"memo": b"m" * 513, "to_self": ONE, "at": 0, "until": 1}, TOO_LONG, id="1 memo"
        ),
        pytest.param(
            99, {"sub": b"x", "to_self": ONE, "at": 0, "until": 1}, ODD, id="1 the subaccount"
        ),
        pytest.param(99, {"to_self": b"x", "at": 0}, ODD, id="1 the spender's subaccount"),
        pytest.param(
            99,
            {"to_self": ONE, "at": 0, "until": 1},
            failed("InvalidSpender"),
            id="2 the spender (I37-021: another subaccount is oneself too)",
        ),
        pytest.param(99, {"at": 0, "until": 1}, failed("TooOld"), id="3 too old (I37-026)"),
        pytest.param(
            99,
            {"at": 2**64 - 1, "until": 1},
            failed("CreatedInFuture", ledger_time=NOW),
            id="3 in future (I37-026)",
        ),
        pytest.param(99, {"at": NOW, "until": NOW}, EXPIRED, id="4 the expiry (I37-029)"),
        pytest.param(99, {"at": NOW}, failed("NonExistingTokenId"), id="5 (I37-023)"),
        pytest.param(1, {"at": NOW, "sub": ONE}, failed("Unauthorized"), id="6 (I37-022)"),
        pytest.param(9, {"at": NOW}, failed("Unauthorized"), id="6 another's (I37-022)"),
    ],
)
def test_the_first_reason_against_an_approval_is_told(
    world: World, bob: str, token: int, told: dict[str, Any], wanted: Any
) -> None:
    # I37-031
    mint(world, world.principal("carol"), [9])
    rest = dict(told)
    own = rest.pop("to_self", None)
    spender = of(MARKET) if own is None else of(bob, own)

    assert approve(world, token, approval(spender, **rest)) == wanted
    assert (stored(world), len(log(world))) == (0, 5)


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (NOW - DAY - DRIFT - 1, failed("TooOld")),
        (NOW - DAY - DRIFT, done(4)),
        (NOW + DRIFT, done(4)),
        (NOW + DRIFT + 1, failed("CreatedInFuture", ledger_time=NOW)),
    ],
    ids=["too old", "oldest", "nearest", "future"],
)
@pytest.mark.usefixtures("bob")
def test_the_window_of_approvals_ends_at_the_nanosecond(world: World, at: int, wanted: Any) -> None:
    # I37-026, I37-048
    assert approve(world, 1, approval(of(MARKET), at=at)) == wanted


def test_the_window_is_the_same_for_every_update(world: World, bob: str, carol: str) -> None:
    # I37-048, I37-068
    approve(world, 1, approval(of(MARKET), at=NOW))
    approve_all(world, approval(of(MARKET), at=NOW))
    for at, wanted in (
        (NOW - DAY - DRIFT - 1, failed("TooOld")),
        (NOW + DRIFT + 1, failed("CreatedInFuture", ledger_time=NOW)),
    ):
        assert approve_all(world, approval(of(MARKET), at=at)) == wanted
        elements = {
            "icrc37_revoke_token_approvals": revocation(1, at=at),
            "icrc37_revoke_collection_approvals": revocation(at=at),
            "icrc37_transfer_from": take(1, of(bob), of(carol), at=at),
        }
        for method, element in elements.items():
            assert batch(world, method, element) == [wanted], method
    assert len(log(world)) == 6


# --- expiry ---


@pytest.mark.usefixtures("carol")
def test_an_expired_approval_is_as_good_as_none(world: World, bob: str) -> None:
    # I37-007, I37-008, I37-009, I37-063, I37-094: at its last nanosecond it stands no more
    for scope in (
        approve(world, 1, approval(of(MARKET), at=NOW, until=NOW + 9)),
        approve_all(world, approval(of(MARKET), at=NOW, until=NOW + 9)),
    ):
        assert "Ok" in scope
    carol = world.principal("carol")
    approve(world, 1, approval(of(carol), at=NOW, until=NOW + 9))

    stop_clock(world, NOW + 8)
    assert approved(world, 1, of(MARKET)) == [True]
    assert len(token_approvals(world, 1)) == 2
    assert len(collection_approvals(world, of(bob))) == 1

    stop_clock(world, NOW + 9)
    assert approved(world, 1, of(MARKET)) == [False]
    assert token_approvals(world, 1) == []
    assert collection_approvals(world, of(bob)) == []
    absent = failed("ApprovalDoesNotExist")
    for spender in (None, of(MARKET)):
        assert batch(world, "icrc37_revoke_token_approvals", revocation(1, spender)) == [absent]
        assert batch(world, "icrc37_revoke_collection_approvals", revocation(None, spender)) == [
            absent
        ]
    element = take(1, of(bob), of(OTHER))
    assert batch(world, "icrc37_transfer_from", element, by="carol") == [failed("Unauthorized")]
    assert len(log(world)) == 7, "no block"


@pytest.mark.usefixtures("bob")
def test_expired_approvals_do_not_pile_up(world: World) -> None:
    # I7-180, I37-009: whoever approves next removes them, for whichever token
    for token in (1, 2, 3):
        elements = [
            record(
                token_id=str(token),
                approval_info=approval(of(MARKET, bytes([n]) * 32), at=NOW, until=NOW + n),
            )
            for n in range(1, 16)
        ]
        batch(world, "icrc37_approve_tokens", *elements)
    assert stored(world) == 45

    stop_clock(world, NOW + 14)
    assert approve(world, 4, approval(of(MARKET), at=NOW)) == done(49)

    assert stored(world) == 3 + 1


# --- limits ---


def many(count: int, first: int = 0, **told: Any) -> list[str]:
    """Return approvals of as many spenders."""
    return [
        approval(of(Principal(n.to_bytes(4, "big")).text), at=NOW, **told)
        for n in range(first, first + count)
    ]


@pytest.mark.usefixtures("bob")
def test_a_token_has_as_many_approvals_as_the_limit_says(world: World) -> None:
    # I37-028: replacing is not one more, and expired ones do not count
    infos = [*many(MAX_APPROVALS - 1), *many(1, 500, until=NOW + 5)]
    results = batch(
        world,
        "icrc37_approve_tokens",
        *(record(token_id="1", approval_info=info) for info in infos),
    )
    assert all("Ok" in result for result in results)

    assert approve(world, 1, approval(of(MARKET), at=NOW)) == FULL
    assert "Ok" in approve(world, 1, infos[0])
    assert "Ok" in approve(world, 2, approval(of(MARKET), at=NOW)), "each token has its own"

    stop_clock(world, NOW + 5)
    assert "Ok" in approve(world, 1, approval(of(MARKET), at=NOW))
    assert approve(world, 1, approval(of(OTHER), at=NOW)) == FULL
    assert len(token_approvals(world, 1)) == MAX_APPROVALS


@pytest.mark.usefixtures("bob")
def test_a_principal_has_as_many_collection_approvals_as_the_limit_says(world: World) -> None:
    # I37-047: over all its subaccounts
    infos = [*many(60), *many(MAX_APPROVALS - 60, sub=ONE)]
    results = batch(
        world, "icrc37_approve_collection", *(record(approval_info=info) for info in infos)
    )
    assert all("Ok" in result for result in results)

    assert approve_all(world, approval(of(MARKET), at=NOW)) == FULL
    assert "Ok" in approve_all(world, infos[0])
    assert "Ok" in approve_all(world, approval(of(MARKET), at=NOW), by="carol")
    assert "Ok" in approve(world, 1, approval(of(MARKET), at=NOW))


@pytest.mark.usefixtures("bob")
def test_a_call_revokes_no_more_than_the_limit_says(world: World) -> None:
    # I37-067, I7-015: the element that would exceed it stops the batch
    for token in (1, 2):
        batch(
            world,
            "icrc37_approve_tokens",
            *(record(token_id=str(token), approval_info=info) for info in many(60)),
        )
    before = len(log(world))

    results = batch(
        world,
        "icrc37_revoke_token_approvals",
        *(revocation(token) for token in (1, 2)),
        revocation(1),
    )

    message = f"One call may revoke {MAX_REVOKED} approvals; nothing was done from here on."
    assert results == [
        done(before),
        failed("GenericBatchError", error_code=123, message=message),
    ], "I7-014: what was not begun is left out"
    assert (stored(world), len(log(world))) == (60, before + 1)
    assert batch(world, "icrc37_revoke_token_approvals", revocation(2)) == [done(before + 1)]


# --- for all that is in an account ---


def test_a_collection_approval_is_for_tokens_to_come(world: World, bob: str, carol: str) -> None:
    # I37-040, I37-041, I37-044, I37-049
    assert approve_all(world, approval(of(carol), at=NOW)) == done(4)
    assert log(world)[4]["btype"] == "37approve_coll"
    assert log(world)[4]["tx"] == {
        "from": [Principal.from_text(bob).raw],
        "spender": [Principal.from_text(carol).raw],
        "ts": NOW,
    }
    mint(world, bob, [9])

    assert approved(world, 9, of(carol)) == [True]
    assert token_approvals(world, 9) == []
    elements = [take(token, of(bob), of(carol)) for token in (9, 1)]
    assert batch(world, "icrc37_transfer_from", *elements, by="carol") == [done(6), done(7)]
    assert spenders(collection_approvals(world, of(bob))) == [carol]


@pytest.mark.usefixtures("bob")
def test_one_collection_approval_stands_for_each_account_and_spender(world: World) -> None:
    # I37-042
    bob = world.principal("bob")
    for info in (
        approval(of(MARKET), at=NOW, memo=b"1"),
        approval(of(MARKET, ZEROS), at=NOW, sub=ZEROS, memo=b"2"),
        approval(of(MARKET), at=NOW, sub=ONE, memo=b"3"),
    ):
        assert "Ok" in approve_all(world, info)

    assert [each["memo"] for each in collection_approvals(world, of(bob))] == [[[*b"2"]]]
    assert [each["memo"] for each in collection_approvals(world, of(bob, ZEROS))] == [[[*b"2"]]]
    assert [each["memo"] for each in collection_approvals(world, of(bob, ONE))] == [[[*b"3"]]]


def test_a_collection_approval_is_for_its_owners_account_alone(
    world: World, bob: str, carol: str
) -> None:
    # I37-043, 2.3: neither for another's tokens nor for another subaccount's
    default = world.principal("default")
    mint(world, default, [7])
    mint(world, bob, [8], subaccount=ONE)
    approve_all(world, approval(of(carol), at=NOW))

    assert approved(world, 7, of(carol)) == [False]
    assert approved(world, 8, of(carol), ONE) == [False]
    elements = [
        take(7, of(default), of(carol)),
        take(7, of(bob), of(carol)),
        take(8, of(bob, ONE), of(carol)),
        take(8, of(bob), of(carol)),
    ]
    results = batch(world, "icrc37_transfer_from", *elements, by="carol")
    assert results == [failed("Unauthorized")] * 4
    assert (holder(world, 7), holder(world, 8)) == (default, bob)


def test_nobody_needs_a_token_to_approve_for_all(world: World, carol: str) -> None:
    # I37-045, I37-046
    stop_clock(world)

    assert approve_all(world, approval(of(MARKET), at=NOW)) == done(0)
    assert approve_all(world, approval(of(carol, ONE), at=NOW), by="carol") == failed(
        "InvalidSpender"
    )


@pytest.mark.usefixtures("bob")
def test_bad_form_is_refused_in_every_update(world: World) -> None:
    # I7-009, I7-044, I37-001
    bob = world.principal("bob")
    long, odd = {"memo": b"m" * 513}, {"sub": b"x"}
    for told, wanted in ((long, TOO_LONG), (odd, ODD)):
        info = approval(of(MARKET), at=NOW, **told)  # type: ignore[arg-type]
        assert approve_all(world, info) == wanted
        elements = {
            "icrc37_revoke_token_approvals": revocation(1, **told),  # type: ignore[arg-type]
            "icrc37_revoke_collection_approvals": revocation(**told),  # type: ignore[arg-type]
            "icrc37_transfer_from": take(1, of(bob), of(MARKET), **told),  # type: ignore[arg-type]
        }
        for method, element in elements.items():
            assert batch(world, method, element) == [wanted], method
    assert (
        batch(
            world,
            "icrc37_transfer_from",
            take(1, of(bob, b"x"), of(MARKET)),
            take(1, of(bob), of(MARKET, b"x")),
        )
        == [ODD] * 2
    )
    assert batch(world, "icrc37_revoke_token_approvals", revocation(1, of(MARKET, b"x"))) == [ODD]


@pytest.mark.usefixtures("bob")
def test_a_memo_of_32_bytes_is_taken_by_every_update(world: World) -> None:  # I7-043
    bob = world.principal("bob")
    memo = bytes(32)
    info = approval(of(MARKET), at=NOW, memo=memo)
    approve(world, 1, info)
    approve_all(world, info)
    elements = {
        "icrc37_revoke_token_approvals": revocation(1, memo=memo),
        "icrc37_revoke_collection_approvals": revocation(memo=memo),
        "icrc37_transfer_from": take(1, of(bob), of(MARKET), memo=memo),
    }
    for method, element in elements.items():
        assert "Ok" in batch(world, method, element)[0]
    assert [block["tx"].get("memo") for block in log(world)[4:]] == [memo] * 5


# --- revoking ---


@pytest.mark.usefixtures("bob")
def test_one_spender_or_all_are_revoked_for_a_token(world: World) -> None:
    # I37-060, I37-064, I37-066
    bob = world.principal("bob")
    for spender in (MARKET, OTHER, "aaaaa-aa"):
        approve(world, 1, approval(of(spender), at=NOW))
    approve(world, 2, approval(of(MARKET), at=NOW))
    approve_all(world, approval(of(MARKET), at=NOW))

    one = revocation(1, of(MARKET, ZEROS), memo=b"m", at=NOW)
    assert batch(world, "icrc37_revoke_token_approvals", one) == [done(9)]
    assert spenders(token_approvals(world, 1)) == ["aaaaa-aa", OTHER]
    assert batch(world, "icrc37_revoke_token_approvals", revocation(1)) == [done(10)]

    assert token_approvals(world, 1) == []
    assert len(token_approvals(world, 2)) == len(collection_approvals(world, of(bob))) == 1
    assert [block["btype"] for block in log(world)[9:]] == ["37revoke"] * 2
    raw = Principal.from_text(bob).raw
    assert log(world)[9]["tx"] == {
        "tid": 1,
        "from": [raw],
        "spender": [Principal.from_text(MARKET).raw, ZEROS],
        "memo": b"m",
        "ts": NOW,
    }
    assert log(world)[10]["tx"] == {"tid": 1, "from": [raw]}


@pytest.mark.usefixtures("bob")
def test_one_spender_or_all_are_revoked_for_an_account(world: World) -> None:
    # I37-064, I37-065, I37-066
    bob = world.principal("bob")
    for spender in (MARKET, OTHER, "aaaaa-aa"):
        approve_all(world, approval(of(spender), at=NOW))
    approve_all(world, approval(of(MARKET), at=NOW, sub=ONE))
    approve(world, 1, approval(of(MARKET), at=NOW))

    method = "icrc37_revoke_collection_approvals"
    assert batch(world, method, revocation(None, of(MARKET))) == [done(9)]
    assert spenders(collection_approvals(world, of(bob))) == ["aaaaa-aa", OTHER]
    assert batch(world, method, revocation(sub=ZEROS)) == [done(10)]

    assert collection_approvals(world, of(bob)) == []
    assert len(collection_approvals(world, of(bob, ONE))) == len(token_approvals(world, 1)) == 1
    assert [block["btype"] for block in log(world)[9:]] == ["37revoke_coll"] * 2
    raw = Principal.from_text(bob).raw
    assert log(world)[9]["tx"] == {"from": [raw], "spender": [Principal.from_text(MARKET).raw]}
    assert log(world)[10]["tx"] == {"from": [raw, ZEROS]}


@pytest.mark.usefixtures("bob")
def test_only_the_holder_revokes_what_there_is(world: World) -> None:
    # I37-061, I37-062, I37-063, 2.3: no block of what was not done
    approve(world, 1, approval(of(MARKET), at=NOW))

    method = "icrc37_revoke_token_approvals"
    assert batch(world, method, revocation(1), by="carol") == [failed("Unauthorized")]
    assert batch(
        world,
        method,
        revocation(1, sub=ONE),
        revocation(99),
        revocation(1, of(OTHER)),
        revocation(2),
    ) == [
        failed("Unauthorized"),
        failed("NonExistingTokenId"),
        failed("ApprovalDoesNotExist"),
        failed("ApprovalDoesNotExist"),
    ]
    collection = "icrc37_revoke_collection_approvals"
    assert (
        batch(world, collection, revocation(), revocation(None, of(MARKET)))
        == [failed("ApprovalDoesNotExist")] * 2
    )
    assert (len(log(world)), stored(world)) == (5, 1)


# --- asking and listing ---


def test_a_token_is_approved_out_of_the_subaccount_it_lies_in(world: World, bob: str) -> None:
    # I37-080, I37-081, I37-082, 2.3
    mint(world, bob, [8], subaccount=ONE)
    approve(world, 1, approval(of(MARKET, ONE), at=NOW))
    approve(world, 8, approval(of(MARKET), at=NOW, sub=ONE))

    assert approved(world, 1, of(MARKET, ONE)) == [True]
    assert approved(world, 1, of(MARKET, ONE), ZEROS) == [True]
    assert approved(world, 1, of(MARKET)) == [False]
    assert approved(world, 1, of(MARKET, ONE), ONE) == [False]
    assert approved(world, 8, of(MARKET), ONE) == [True]
    assert approved(world, 8, of(MARKET)) == [False]
    assert approved(world, 99, of(MARKET)) == [False], "no token"
    assert approved(world, 1, of(bob)) == [False], "the holder's right is no approval"
    assert approved(world, 1, of(MARKET, b"x"), b"x") == [False]


@pytest.mark.usefixtures("bob")
def test_as_many_are_told_approved_as_the_limit_says(world: World) -> None:
    # I37-004, I37-083
    approve(world, 2, approval(of(MARKET), at=NOW))
    asked = [record(spender=of(MARKET), token_id=str(token)) for token in (2, 2, 1)]

    assert approved(world, 1, of(MARKET), None, *asked) == [False, True, True, False]
    assert approved(world, 2, of(MARKET), None, *asked * 40) == [True, *[True, True, False] * 33]
    assert ask(world, "icrc37_is_approved", "(vec {})") == []


def test_pages_of_a_tokens_approvals_follow_each_other(world: World, bob: str) -> None:
    # I37-090, I37-091, I37-092, 2.3
    for info in many(5):
        approve(world, 1, info)
    names = [Principal(n.to_bytes(4, "big")).text for n in range(5)]

    def after(spender: str, token: int = 1) -> str:
        info = approval(spender, at=7, memo=b"of no account")
        return f"opt {record(token_id=str(token), approval_info=info)}"

    def page(prev: str, most: str = "null") -> list[str]:
        return spenders(token_approvals(world, 1, prev, most))

    assert page("null") == names
    assert page("null", "opt 2") == names[:2]
    assert page(after(of(names[1])), "opt 2") == names[2:4]
    assert page(after(of(names[3], ZEROS))) == names[4:]
    assert page(after(of(names[4]))) == []
    assert page("null", "opt 0") == []
    assert page("null", f"opt {2**200}") == names
    batch(world, "icrc37_revoke_token_approvals", revocation(1, of(names[1])))
    assert page(after(of(names[1]))) == names[2:], "it need not be there any more"
    assert page(after(of(names[1], b"x" * 33))) == names[2:], "nor be an account"
    assert page(after(of(bob), 0)) == [names[0], *names[2:]], "after another token's"
    assert page(after(of(bob), 2)) == []
    assert token_approvals(world, 99) == [], "I37-094"


@pytest.mark.usefixtures("bob")
def test_pages_of_an_accounts_approvals_follow_each_other(world: World) -> None:
    # I37-093, I37-094
    bob = world.principal("bob")
    batch(world, "icrc37_approve_collection", *(record(approval_info=each) for each in many(5)))
    names = [Principal(n.to_bytes(4, "big")).text for n in range(5)]

    def page(prev: str, most: str = "null") -> list[str]:
        return spenders(collection_approvals(world, of(bob, ZEROS), prev, most))

    assert page("null", "opt 3") == names[:3]
    assert page(f"opt {approval(of(names[2]), at=0)}", "opt 3") == names[3:]
    assert page("null", "opt 0") == []
    assert collection_approvals(world, of(MARKET)) == []
    assert collection_approvals(world, of(bob, ONE)) == []
    assert collection_approvals(world, of(bob, b"x")) == []


# --- batches ---


@pytest.mark.usefixtures("bob")
def test_a_batch_of_approvals_is_answered_in_order(world: World) -> None:
    # I37-003, I7-010, I7-017, I7-018, I7-021
    info = approval(of(MARKET), at=NOW)
    results = batch(
        world,
        "icrc37_approve_tokens",
        *(record(token_id=str(token), approval_info=info) for token in (2, 99, 1, 1)),
    )

    assert results == [done(4), failed("NonExistingTokenId"), done(5), done(6)]
    assert [block["tx"]["tid"] for block in log(world)[4:]] == [2, 1, 1]


@pytest.mark.parametrize(
    "method",
    [
        "icrc37_approve_tokens",
        "icrc37_approve_collection",
        "icrc37_revoke_token_approvals",
        "icrc37_revoke_collection_approvals",
        "icrc37_transfer_from",
    ],
)
def test_every_batch_may_be_empty_and_has_a_limit(world: World, method: str) -> None:
    # I37-003, I7-011, I7-023, I7-041, I7-073, 2.3
    stop_clock(world)
    info = approval(of(MARKET), at=NOW)
    nobody = of("aaaaa-aa")
    element = {
        "icrc37_approve_tokens": record(token_id="1", approval_info=info),
        "icrc37_approve_collection": record(approval_info=info),
        "icrc37_transfer_from": take(1, nobody, of(MARKET)),
    }.get(method, revocation(1 if "token" in method else None))

    assert ask(world, method, "(vec {})") == []
    assert len(batch(world, method, *[element] * 101)) == 100


# --- approvals and the rest of the ledger ---


def test_each_way_of_moving_a_token_ends_its_approvals_and_no_others(
    world: World, bob: str, carol: str
) -> None:
    # I7-125, I37-007, I37-105, I37-110, I3-53
    for token in (1, 2, 3, 4):
        for spender in (MARKET, carol):
            approve(world, token, approval(of(spender), at=NOW))
    approve_all(world, approval(of(MARKET), at=NOW))
    length = len(log(world))

    transfer(world, give(1, of(carol)))
    batch(world, "icrc37_transfer_from", take(2, of(bob), of(carol)), by="carol")
    done_by_application = transfer_by_application(
        world, 3, account(bob), account(carol), "--identity", "bob"
    )

    assert done_by_application == answered(3, "Ok")
    assert len(log(world)) == length + 3, "no block but those of the transfers"
    assert [len(token_approvals(world, token)) for token in (1, 2, 3, 4)] == [0, 0, 0, 2]
    assert len(collection_approvals(world, of(bob))) == 1
    assert stored(world) == 3


@pytest.mark.usefixtures("bob")
def test_a_burned_tokens_approvals_end_with_it(world: World) -> None:
    # I7-173, I37-110
    bob = world.principal("bob")
    approve(world, 1, approval(of(MARKET), at=NOW))
    approve(world, 2, approval(of(MARKET), at=NOW))
    with Store(str(world.state), TABLES).write() as state:
        token = core.find_token(state, 1)
        assert token
        core.burn(state, token, holder=core_account(Principal.from_text(bob)), now=NOW)

    assert ask(world, "icrc7_owner_of", "(vec { 1 })") == [[]]
    assert ask(world, "icrc7_token_metadata", "(vec { 1 })") == [[]], "I7-080"
    assert ask(world, "icrc7_total_supply") == "3", "I7-071"
    assert token_approvals(world, 1) == []
    assert stored(world) == 1
    mint(world, bob, [1])
    assert approved(world, 1, of(MARKET)) == [False]


def test_approvals_are_dead_though_the_token_returns(world: World, bob: str, carol: str) -> None:
    # I37-111
    default = world.principal("default")
    approve(world, 1, approval(of(default), at=NOW))
    transfer(world, give(1, of(carol)))
    transfer(world, give(1, of(bob)), by="carol")

    assert holder(world, 1) == bob
    assert approved(world, 1, of(default)) == [False]
    element = take(1, of(bob), of(default))
    assert batch(world, "icrc37_transfer_from", element, by="default") == [failed("Unauthorized")]


def test_a_transfer_that_fails_ends_no_approval(world: World, bob: str, carol: str) -> None:
    # I7-126
    approve(world, 1, approval(of(MARKET), at=NOW))

    refused = transfer(world, give(1, of(carol), sub=ONE), give(1, of(bob), sub=ZEROS))
    element = take(1, of(bob), of(carol))
    refused += batch(world, "icrc37_transfer_from", element, by="carol")

    assert all("Err" in result for result in refused)
    assert len(token_approvals(world, 1)) == 1


def test_an_approval_outlives_the_process(world: World, bob: str) -> None:
    approve(world, 1, approval(of(MARKET), at=NOW))

    argument = vec([record(spender=of(MARKET), token_id="1")])
    later = world.process("canister", "call", "nft", "icrc37_is_approved", f"({argument})")

    assert bob
    assert (later.returncode, later.stdout.strip()) == (0, b"(vec { true })")
