"""The `nft` canister: the ledger of `backend` as the standards have it, for wallets and markets.

Everything that it tells belongs to `backend`; of its own it has only whether it answers.
"""

from os.path import dirname, join

from originstamp_cli.candid import Service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.runtime import Method, find_in

NAME = "nft"
NUMBER = 2
ID = Principal.from_text("bd3sg-teaaa-aaaaa-qaaba-cai")

ROOMS = {
    "ledger.properties": (
        "icrc7_name",
        "icrc7_total_supply",
        "icrc7_supply_cap",
    ),
    "ledger.collection": (
        "icrc7_description",
        "icrc7_collection_metadata",
        "icrc7_symbol",
        "icrc7_logo",
        "icrc7_max_query_batch_size",
        "icrc7_max_update_batch_size",
        "icrc7_default_take_value",
        "icrc7_max_take_value",
        "icrc7_max_memo_size",
        "icrc7_atomic_batch_transfers",
        "icrc7_tx_window",
        "icrc7_permitted_drift",
        "icrc10_supported_standards",
    ),
    "ledger.icrc7": (
        "icrc7_token_metadata",
        "icrc7_owner_of",
        "icrc7_balance_of",
        "icrc7_tokens",
        "icrc7_tokens_of",
        "icrc7_transfer",
    ),
    "ledger.icrc37": (
        "icrc37_max_approvals_per_token_or_collection",
        "icrc37_max_revoke_approvals",
        "icrc37_approve_tokens",
        "icrc37_approve_collection",
        "icrc37_revoke_token_approvals",
        "icrc37_revoke_collection_approvals",
        "icrc37_is_approved",
        "icrc37_get_token_approvals",
        "icrc37_get_collection_approvals",
        "icrc37_transfer_from",
    ),
    "ledger.icrc3": (
        "icrc3_get_blocks",
        "icrc3_get_archives",
        "icrc3_get_tip_certificate",
        "icrc3_supported_block_types",
    ),
    "ledger.icrc21": ("icrc21_canister_call_consent_message",),
}


def find_method(name: str) -> Method | None:
    """Return the function that answers a method, or None; no other room is loaded."""
    return find_in(ROOMS, name)


def interface() -> Service:
    """Return the interface, compiled beforehand: parsing it would cost every call."""
    from originstamp_cli.canister.interfaces import NFT

    return Service.unpack(NFT)


def did() -> str:
    """Return the interface's text, which is the canister's `candid:service` metadata."""
    with open(join(dirname(__file__), "nft.did"), encoding="utf-8") as file:
        return file.read()
