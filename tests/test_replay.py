"""The log played again: what `verify-ledger` finds, and that it finds nothing where all is well."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import World
from ledger_story import LATER, NOW, TYPES, approval, told, update
from wallet import log, mint, of

from originstamp_cli.canister.ledger import hashing, replay
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister, write_canister
from originstamp_cli.canister.records import APPROVALS, BLOCKS, LEDGER, TABLES, TOKENS
from originstamp_cli.store import State, Store

APPROVING = "icrc37_approve_tokens"
Tamper = Callable[[State], object]


def change(table: Any, doc_id: int, **fields: Any) -> Tamper:
    """Return what changes fields of a document."""
    return lambda state: state.table(table).update(fields, doc_ids=[doc_id])


def change_block(index: int, *, rehashed: bool = False, **fields: Any) -> Tamper:
    """Return what changes fields of a block, and makes its hash fit where it is `rehashed`."""

    def tamper(state: State) -> None:
        kept = state.table(BLOCKS).get(doc_id=index + 1)
        rewrite(state, kept, hashing.from_stored(kept["block"]) | fields, rehashed=rehashed)

    return tamper


def rewrite(state: State, kept: Any, block: dict[str, Any], *, rehashed: bool) -> None:
    found = hashing.hash_value(block).hex() if rehashed else kept["hash"]
    new = {"block": json.loads(hashing.seal(block)[1]), "hash": found}
    state.table(BLOCKS).update(new, doc_ids=[kept.doc_id])


def revoke_of_another(state: State) -> None:
    kept = state.table(BLOCKS).get(doc_id=TYPES.index("37revoke") + 1)
    block = hashing.from_stored(kept["block"])
    block["tx"]["spender"] = [b"x"]
    rewrite(state, kept, block, rehashed=True)


def drop_last(state: State) -> None:
    state.table(BLOCKS).remove(doc_ids=[len(TYPES)])


def drop_last_quietly(state: State) -> None:
    drop_last(state)
    state.table(LEDGER).update({"blocks": len(TYPES) - 1}, doc_ids=[1])


def drop_first_approval(state: State) -> None:
    state.table(APPROVALS).remove(doc_ids=[state.table(APPROVALS).page(limit=1)[0].doc_id])


def widen_approval(state: State) -> None:
    first = state.table(APPROVALS).page(limit=1)[0]
    state.table(APPROVALS).update({"expires_at": LATER}, doc_ids=[first.doc_id])


def approve_by_hand(state: State) -> None:
    first = dict(state.table(APPROVALS).page(limit=1)[0])
    state.table(APPROVALS).insert(first | {"key": "k", "scope": "token 2", "quota": "token 2"})


def free_of_quota(state: State) -> None:
    first = state.table(APPROVALS).page(limit=1)[0]
    state.table(APPROVALS).update({"quota": "nobody's"}, doc_ids=[first.doc_id])


def copy_token(state: State) -> None:
    token = dict(state.table(TOKENS).page(limit=1)[0])
    state.table(TOKENS).insert(token | {"id": 99})


TAMPERED: list[tuple[str, Tamper, str]] = [
    ("a block", change_block(2, ts=5), "Block 2 does not have the hash that the ledger kept."),
    ("a block, hash too", change_block(2, rehashed=True, ts=0), "Block 2 is older than"),
    (
        "the transaction, hash too",
        change_block(3, rehashed=True, tx={"tid": 1, "from": [b"x"], "spender": [b""], "ts": 1}),
        "Block 3 is about token 1 of somebody who does not own it.",
    ),
    (
        "a link",
        change_block(4, rehashed=True, phash=bytes(32)),
        "Block 4 does not follow the block",
    ),
    ("a hash", change(BLOCKS, 6, hash="00" * 32), "Block 5 does not have the hash"),
    ("a type", change_block(6, rehashed=True, btype="7fly"), "Block 6 is of the type '7fly'"),
    ("no block", change(BLOCKS, 7, block={"ts": None}), "Block 6 does not follow"),
    ("the index of a token", change(BLOCKS, 3, token=9), "Block 2 is not found under its token."),
    ("what was asked", change(BLOCKS, 3, request="00" * 32), "Block 2 is not found by what its"),
    ("a revocation", revoke_of_another, "Block 5 revokes what was not approved."),
    ("the last one gone", drop_last, f"block {len(TYPES) - 1} is the first that is missing"),
    ("the last one gone quietly", drop_last_quietly, "is not the one that the ledger's record"),
    (
        "the first one gone",
        lambda state: state.table(BLOCKS).remove(doc_ids=[1]),
        "Block 0 is miss",
    ),
    ("the counter", change(LEDGER, 1, blocks=3), "The ledger's record tells of 3 blocks, and"),
    ("the tip", change(LEDGER, 1, tip="00" * 32), f"Block {len(TYPES) - 1} is not the one that"),
    ("the last id", change(LEDGER, 1, last_id=0), "id 0 was the last one given"),
    ("a last id to come", change(LEDGER, 1, last_id=3), "id 3 was the last one given"),
    ("an owner", change(TOKENS, 1, raw_account="aaaaa-aa"), "Token 1 has another owner than"),
    (
        "an owner of another kind",
        change(TOKENS, 2, owner={"owner": "aaaaa-aa", "subaccount": None}),
        "Token 2 has another owner than the log says.",
    ),
    ("metadata", change(TOKENS, 1, described_in=0), "Token 1 has other metadata than the log says"),
    ("a time", change(TOKENS, 1, created_at=0), "Token 1 was minted at another time"),
    ("a token", lambda state: state.table(TOKENS).remove(doc_ids=[2]), "Token 2 is in the log and"),
    ("one more", copy_token, "Token 99 is in the state and not in the log."),
    ("an approval", widen_approval, "The approval for token 1 is not the one in the log."),
    ("what limits it", free_of_quota, "The approval for token 1 is not the one in the log."),
    ("an approval gone", drop_first_approval, "The approval for token 1 is in the log and not in"),
    ("an approval made", approve_by_hand, "The approval for token 2 is not the one in the log."),
]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    """The story told on either kind of state file."""
    found = {}
    for name in ("state.db", "state.json"):
        folder = tmp_path_factory.mktemp("story")
        found[name] = World(folder / "home", folder / "work" / name).ready()
        told(found[name])
    return found


@pytest.fixture(params=["state.db", "state.json"])
def story(request: pytest.FixtureRequest, stories: dict[str, World]) -> World:
    """A world in which the story was told."""
    return stories[request.param]


def test_all_is_well_after_every_type_of_block(story: World) -> None:  # I3-54
    result = story.run("verify-ledger")

    tip = hashing.hash_value(log(story)[-1]).hex()
    assert result == (0, f"field\tvalue\nblocks\t{len(TYPES)}\ntokens\t2\ntip\t{tip}\n", "")


def test_the_log_comes_to_owners_and_approvals(story: World) -> None:  # I3-54
    with Store(str(story.state), TABLES).read() as state:
        found = replay.replay(state)

    carol = story.principal("carol")
    assert found.owners == {1: carol, 2: f"{story.principal('bob')}.{'00' * 31}01"}
    assert found.described_in == {1: 11, 2: 1}
    assert len(found.active(LATER)) == 2


@pytest.mark.parametrize(
    ("tamper", "why"), [each[1:] for each in TAMPERED], ids=[each[0] for each in TAMPERED]
)
def test_what_was_tampered_with_is_named(story: World, tamper: Tamper, why: str) -> None:
    kept = story.state.read_bytes()
    try:
        with Store(str(story.state), TABLES).write() as state:
            tamper(state)

        result = story.run("verify-ledger")
    finally:
        story.state.write_bytes(kept)

    assert (result.exit_code, result.stdout) == (1, "")
    first, second = result.stderr.splitlines()
    assert first.startswith("Error: ")
    assert why in first
    assert second == "To fix: Put a backup in its place: originstamp state restore."


def test_an_expired_approval_is_as_good_as_none(world: World) -> None:
    alice, bob = world.principal("default"), world.principal("bob")
    mint(world, bob, [1])
    soon = approval(of(alice), expires=NOW + 10**9)
    update(world, APPROVING, f"record {{ token_id = 1; approval_info = {soon} }}", "bob")

    def without(*, at: int) -> str | None:
        with Store(str(world.state), TABLES).write() as state:
            state.table(APPROVALS).truncate()
            owner = read_canister(state, OWNER_NUMBER) | {"last_time": at}
            write_canister(state, OWNER_NUMBER, owner)
            return replay.verify(state)

    assert world.run("verify-ledger").exit_code == 0
    assert without(at=NOW + 10**9 - 1) == (
        "The approval for token 1 is in the log and not in the state."
    )
    assert without(at=NOW + 10**9) is None


def test_who_watches_is_told_how_far_it_is(fresh: World) -> None:
    mint(fresh.ready(), fresh.principal("bob"), range(2_500))
    seen: list[tuple[int, int]] = []

    with Store(str(fresh.state), TABLES).read() as state:
        why = replay.verify(state, lambda done, of: seen.append((done, of)))

    assert why is None
    assert seen == [(0, 2_500), (1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]


def test_a_backend_as_deployed_leaves_a_log_that_agrees(faithful: World) -> None:
    """Accounts of odd subaccounts and both forms of one account are told apart there."""
    bob = faithful.principal("bob")
    session = faithful.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    for subaccount in (None, b"abc", bytes(32)):
        to = of(bob, subaccount)
        faithful.call("mint_nft_from_session", f'("{session}", {to}, vec {{}})')

    assert faithful.run("verify-ledger").exit_code == 0
