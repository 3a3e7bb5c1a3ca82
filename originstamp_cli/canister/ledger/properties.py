"""What both canisters tell of the collection in the same words (ICRC-7)."""

from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.runtime import Call, query


@query
def icrc7_name(call: Call) -> object:
    """Return the collection's name."""
    return core.read_collection(call.state)["name"]


@query
def icrc7_total_supply(call: Call) -> int:
    """Return how many tokens there are."""
    return core.supply(call.state)


@query
def icrc7_supply_cap(call: Call) -> object:
    """Return how many tokens there may be, or None for no limit."""
    return core.read_collection(call.state)["max_supply"]
