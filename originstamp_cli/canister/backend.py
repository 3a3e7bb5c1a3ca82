"""The `backend` canister: its id, its interface, and which room answers which method."""

from os.path import dirname, join

from originstamp_cli.candid import Service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.lifecycle import OWNER_NUMBER
from originstamp_cli.canister.runtime import Method, find_in

NAME = "backend"
NUMBER = OWNER_NUMBER
ID = Principal.from_text("bkyz2-fmaaa-aaaaa-qaaaq-cai")

ROOMS = {
    "users": (
        "register_user",
        "login",
        "update_username",
        "change_password",
        "get_all_users",
        "get_user_info",
        "get_user_count",
    ),
    "sessions": (
        "create_physical_art_session",
        "upload_photo_to_session",
        "remove_photo_from_session",
        "update_session_status",
        "get_session_details",
        "get_user_sessions",
        "get_session_count",
        "get_recent_sessions",
    ),
    "storage": (
        "configure_s3",
        "set_s3_config",
        "get_s3_config",
        "get_s3_config_status",
        "generate_upload_url",
    ),
    "ledger.properties": (
        "icrc7_name",
        "icrc7_total_supply",
        "icrc7_supply_cap",
    ),
    "tokens": (
        "icrc7_description",
        "icrc7_collection_metadata",
        "icrc7_tokens",
        "icrc7_tokens_of",
        "icrc7_owner_of",
        "icrc7_balance_of",
        "icrc7_token_metadata",
        "icrc7_transfer",
        "mint_nft_from_session",
        "get_token_details",
        "get_session_nfts",
        "get_user_nfts",
        "update_collection_metadata",
    ),
    "diagnostics": (
        "get_dashboard_metrics",
        "debug_info",
        "get_storage_stats",
        "get_health_status",
    ),
}


def find_method(name: str) -> Method | None:
    """Return the function that answers a method, or None; no other room is loaded."""
    return find_in(ROOMS, name)


def interface() -> Service:
    """Return the interface, compiled beforehand: parsing it would cost every call."""
    from originstamp_cli.canister.interfaces import BACKEND

    return Service.unpack(BACKEND)


def did() -> str:
    """Return the interface's text, which is the canister's `candid:service` metadata."""
    with open(join(dirname(__file__), "backend.did"), encoding="utf-8") as file:
        return file.read()
