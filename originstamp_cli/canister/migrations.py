"""What becomes of a state that an older program wrote: a step for each version of the schema.

Loaded for such a state only. A step changes documents in place, whatever their shape; it is not
changed once there are states that it made.
"""

from collections.abc import Callable, MutableMapping
from typing import Any, Final

from originstamp_cli.canister.records import BLOCKS, TOKENS
from originstamp_cli.store import State, where


def migrate(state: State, version: int) -> None:
    """Take a state of an older version through all the steps to the one that is written now."""
    for step in _STEPS[version - 1 :]:
        step(state)


def _name_the_block_that_describes(state: State) -> None:
    """Have a token name the block with its metadata instead of repeating it, a block its token."""
    blocks, tokens = state.table(BLOCKS), state.table(TOKENS)
    for kept in blocks:
        token_id = kept["block"]["tx"]["tid"]
        blocks.update({"token": token_id}, doc_ids=[kept.doc_id])
        if kept["block"]["btype"] == "7mint":
            tokens.update(_described_in(kept.doc_id - 1), where("id") == token_id)


def _described_in(index: int) -> Callable[[MutableMapping[str, Any]], None]:
    def change(token: MutableMapping[str, Any]) -> None:
        token.pop("metadata", None)
        token["described_in"] = index

    return change


# The first takes version 1 to version 2.
_STEPS: Final = (_name_the_block_that_describes,)
