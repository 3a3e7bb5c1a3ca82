"""The collection as the standard describes it: what it is, its limits, which standards it has.

Every getter answers what `icrc7_collection_metadata` says under the same name (ICRC-7).
"""

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.values import candid_pairs
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Call, query

SYMBOL = "STAMP"  # the application has none
MAX_QUERY_BATCH = 100
MAX_UPDATE_BATCH = 100
DEFAULT_TAKE = 1_000
MAX_TAKE = 10_000
MAX_MEMO_BYTES = 512
WINDOW_SECONDS = 86_400
DRIFT_SECONDS = 120
MAX_APPROVALS = 100  # that stand: for one token, or of one principal for its accounts
MAX_REVOKED = 100  # approvals, by one call

# The addresses are of the form that ICRC-7 demands, but for the one that is described elsewhere.
_STANDARDS = ("ICRC-7", "ICRC-10", "ICRC-37", "ICRC-21")
_STANDARD_URL = "https://github.com/dfinity/ICRC/ICRCs/"
_LOG_STANDARD = {
    "name": "ICRC-3",
    "url": "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-3",
}


@query
def icrc7_collection_metadata(call: Call) -> list[tuple[str, Tag]]:
    """Return all that is said of the collection; what is not set is left out."""
    collection = core.read_collection(call.state)
    known = {
        "icrc7:symbol": SYMBOL,
        "icrc7:name": collection["name"],
        "icrc7:description": collection["description"],
        "icrc7:logo": collection["image"],
        "icrc7:total_supply": core.supply(call.state),
        "icrc7:supply_cap": collection["max_supply"],
        "icrc7:max_query_batch_size": MAX_QUERY_BATCH,
        "icrc7:max_update_batch_size": MAX_UPDATE_BATCH,
        "icrc7:default_take_value": DEFAULT_TAKE,
        "icrc7:max_take_value": MAX_TAKE,
        "icrc7:max_memo_size": MAX_MEMO_BYTES,
        "icrc7:tx_window": WINDOW_SECONDS,
        "icrc7:permitted_drift": DRIFT_SECONDS,
        "icrc37:max_approvals_per_token_or_collection": MAX_APPROVALS,
        "icrc37:max_revoke_approvals": MAX_REVOKED,
    }
    return candid_pairs({key: value for key, value in known.items() if value is not None})


@query
def icrc7_symbol(_call: Call) -> str:
    """Return the collection's short name."""
    return SYMBOL


@query
def icrc7_description(call: Call) -> object:
    """Return what the collection is, or None."""
    return core.read_collection(call.state)["description"]


@query
def icrc7_logo(call: Call) -> object:
    """Return the address of the collection's image, or None."""
    return core.read_collection(call.state)["image"]


@query
def icrc7_max_query_batch_size(_call: Call) -> int:
    """Return how many elements of one query are answered; the rest is left out."""
    return MAX_QUERY_BATCH


@query
def icrc7_max_update_batch_size(_call: Call) -> int:
    """Return how many elements of one update are processed; the rest is left out."""
    return MAX_UPDATE_BATCH


@query
def icrc7_default_take_value(_call: Call) -> int:
    """Return how many ids a page holds where the caller does not say."""
    return DEFAULT_TAKE


@query
def icrc7_max_take_value(_call: Call) -> int:
    """Return how many ids a page holds at most."""
    return MAX_TAKE


@query
def icrc7_max_memo_size(_call: Call) -> int:
    """Return how many bytes a memo may have."""
    return MAX_MEMO_BYTES


@query
def icrc7_atomic_batch_transfers(_call: Call) -> None:
    """Return None: each element of a batch succeeds or fails by itself."""


@query
def icrc7_tx_window(_call: Call) -> int:
    """Return for how many seconds a transfer is known again by its `created_at_time`."""
    return WINDOW_SECONDS


@query
def icrc7_permitted_drift(_call: Call) -> int:
    """Return by how many seconds the clocks of caller and ledger may differ."""
    return DRIFT_SECONDS


@query
def icrc10_supported_standards(_call: Call) -> list[Document]:
    """Return the standards that this canister follows completely."""
    named = [{"name": name, "url": _STANDARD_URL + name} for name in _STANDARDS]
    return [*named, _LOG_STANDARD]
