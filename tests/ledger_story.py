"""A story in which the ledger writes a block of every type, and how its log is read."""

from typing import Any

from conftest import World
from wallet import ONE, ask, blob, give, of, transfer, vec

from originstamp_cli.candid import decode_args
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.ledger.values import native_value
from originstamp_cli.canister.records import TABLES
from originstamp_cli.store import Store

NOW = 1_700_000_000_000_000_000
LATER = NOW + 10**15
TYPES = [
    *("7mint", "7mint", "7xfer", "37approve", "37approve", "37revoke", "37xfer"),
    *("37approve_coll", "37revoke_coll", "37approve", "37approve_coll", "7update_token"),
    *("7mint", "7burn"),
]


def approval(spender: str, *, expires: int | None = None, memo: bytes | None = None) -> str:
    """Return an `ApprovalInfo` in Candid text; what is None is left out."""
    parts = [f"spender = {spender}", f"created_at_time = {NOW}"]
    parts += [] if expires is None else [f"expires_at = opt {expires}"]
    parts += [] if memo is None else [f"memo = opt {blob(memo)}"]
    return f"record {{ {'; '.join(parts)} }}"


def update(world: World, method: str, element: str, by: str) -> int:
    """Make a change of one element and return the index of its block."""
    (((kind, index),),) = (
        each[0].items() for each in ask(world, method, f"(vec {{ {element} }})", "--identity", by)
    )
    assert kind == "Ok", index
    return int(index)


def told(world: World) -> list[str]:
    """Tell the story, with all that the log can say of it, and return the three who are in it.

    In the end bob has token 2 in a subaccount, carol has token 1, and both kinds of approval stand.
    """
    alice, bob, carol = (world.principal(name) for name in ("default", "bob", "carol"))
    session = world.call("create_physical_art_session", '("a", "Harbour", "Oil")').split('"')[1]
    for owner in (bob, bob):
        world.call("mint_nft_from_session", f'("{session}", {of(owner)}, vec {{}})')
    transfer(world, give(2, of(bob, ONE), memo=b"moved", at=NOW))
    approve, collection = "icrc37_approve_tokens", "icrc37_approve_collection"
    for spender in (alice, carol):
        info = approval(of(spender), expires=LATER, memo=b"may")
        update(world, approve, f"record {{ token_id = 1; approval_info = {info} }}", "bob")
    revoked = f"record {{ token_id = 1; spender = opt {of(alice)}; memo = opt {blob(b'no')} }}"
    update(world, "icrc37_revoke_token_approvals", revoked, "bob")
    moved = f"from = {of(bob)}; to = {of(carol)}; token_id = 1"
    update(world, "icrc37_transfer_from", f"record {{ {moved} }}", "carol")
    update(world, collection, f"record {{ approval_info = {approval(of(alice))} }}", "carol")
    update(world, "icrc37_revoke_collection_approvals", "record {}", "carol")
    info = approval(of(alice, ONE), memo=b"may")
    update(world, approve, f"record {{ token_id = 1; approval_info = {info} }}", "carol")
    update(world, collection, f"record {{ approval_info = {approval(of(alice))} }}", "bob")
    _change_by_hand(world, carol)
    return [alice, bob, carol]


def _change_by_hand(world: World, carol: str) -> None:
    """Describe token 1 anew, and mint and burn another, which no method of the canisters does."""
    holder = account(Principal.from_text(carol))
    now = world.clock()
    with Store(str(world.state), TABLES).write() as state:
        token = core.find_token(state, 1)
        assert token
        new = {"icrc7:name": "Harbour II", "icrc7:attributes": []}
        core.update_metadata(state, token, by=holder, metadata=new, now=now)
        core.mint(state, 7, to=holder, minter=holder, metadata=new, session_id=None, now=now)
        burned = core.find_token(state, 7)
        assert burned
        core.burn(state, burned, holder=holder, now=now, memo=b"gone")


def served(world: World, *ranges: tuple[int, int]) -> tuple[int, list[tuple[int, Any]]]:
    """Return the length of the log and the blocks that `nft` tells of some ranges."""
    asked = vec(f"record {{ start = {start}; length = {count} }}" for start, count in ranges)
    data = world.call("icrc3_get_blocks", f"({asked})", "--output", "raw", canister="nft")
    types = nft.interface().methods["icrc3_get_blocks"].results
    ((answer,), _) = decode_args(bytes.fromhex(data), types)
    assert answer["archived_blocks"] == []  # I3-22 has no case: all blocks are here
    return answer["log_length"], [
        (each["id"], native_value(each["block"])) for each in answer["blocks"]
    ]
