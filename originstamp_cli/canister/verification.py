"""Whether the state holds together: what refers to what, what is counted, and the whole log.

What is found is a sentence that names the record, so that an operator can look at it.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import approvals, blocks, replay
from originstamp_cli.canister.ledger.accounts import account_key, loaded_account, raw_key
from originstamp_cli.canister.lifecycle import OWNER_NUMBER, read_canister
from originstamp_cli.canister.records import (
    APPROVALS,
    BLOCKS,
    CANISTER,
    COLLECTION,
    LEDGER,
    NETWORK,
    SESSIONS,
    STORAGE,
    TOKENS,
    USERS,
    Document,
)
from originstamp_cli.errors import StateDamaged
from originstamp_cli.store import State, Store, where

MOST = 10  # of one kind are told
_OFTEN = 500
_REMEMBERED = 4096

Watch = Callable[[str, int], object]  # told what is being done, and how much of it is done


def flaws(store: Store, watch: Watch) -> Iterator[str]:
    """Yield everything that is wrong with the state, a sentence for each.

    What needs sound records is not looked at where some are not. Raises `StateError`.
    """
    found = False
    for each in store.flaws(lambda done: watch("records", done)):
        found = True
        yield each
    if found:
        return
    with store.read() as state:
        for each in _loose_ends(state, watch):
            found = True
            yield each
        if not found:
            yield from _log_flaws(state, watch)


def first_flaw(store: Store) -> str | None:
    """Return what does not hold together in a state of sound records, or None."""
    with store.read() as state:
        return next(_loose_ends(state, lambda *_: None), None)


def _log_flaws(state: State, watch: Watch) -> Iterator[str]:
    """Yield where the log does not lead to the tokens that are there."""
    flaw = replay.verify(state, lambda done, _: watch("blocks", done))
    if flaw:
        yield flaw.rstrip(".")


def _loose_ends(state: State, watch: Watch) -> Iterator[str]:
    """Yield what refers to nothing, and what was counted otherwise; some of each kind."""
    try:
        for find in (_single_flaws, _principal_flaws, _photo_flaws, _approval_flaws):
            yield from islice(find(state), MOST)
        yield from islice(_token_flaws(state, watch), MOST)
        flaw = blocks.check_tail(state)
        if flaw:
            yield flaw
    except StateDamaged as damage:
        yield damage.message.rstrip(".")


def _single_flaws(state: State) -> Iterator[str]:
    for table in (NETWORK, STORAGE, COLLECTION, LEDGER):
        for kept in state.table(table).page(after=1, limit=1):
            yield f"record {kept.doc_id} of {table.name!r} is one too many"


def _principal_flaws(state: State) -> Iterator[str]:
    """Yield the canisters and users that are said to belong to what is no principal."""
    for table, field in ((CANISTER, "controllers"), (USERS, "principals")):
        for kept in state.table(table, scans=True):
            wrong = [each for each in kept[field] if not _is_principal(str(each))]
            if wrong:
                yield f"record {kept.doc_id} of {table.name!r} names {wrong[0]!r} in its {field}"


def _photo_flaws(state: State) -> Iterator[str]:
    kept = read_canister(state, OWNER_NUMBER)["photos"]
    found = sum(len(each["uploaded_photos"]) for each in state.table(SESSIONS, scans=True))
    if kept != found:
        yield f"the kept number of photos is {kept}, and there are {found} in the sessions"


def _approval_flaws(state: State) -> Iterator[str]:
    """Yield the approvals for tokens that are not there, which go when a token does."""
    for kept in state.table(APPROVALS, scans=True):
        token_id = kept.get("token_id")
        if token_id is None:
            continue
        scope = approvals.token_scope(token_id)
        if kept["scope"] != scope or not state.table(TOKENS).contains(where("id") == token_id):
            yield f"record {kept.doc_id} of {APPROVALS.name!r} is for token {token_id}, not there"


def _token_flaws(state: State, watch: Watch) -> Iterator[str]:
    @lru_cache(_REMEMBERED)
    def has_session(session_id: str) -> bool:
        return state.table(SESSIONS).contains(where("session_id") == session_id)

    for done, token in enumerate(state.table(TOKENS, scans=True)):
        if done % _OFTEN == 0:
            watch("tokens", done)
        session_id = token.get("session_id")
        if session_id is not None and not has_session(session_id):
            yield f"token {token['id']} is of a session {session_id!r} that is not there"
        if not _is_owned_properly(token):
            yield f"token {token['id']} has an owner whose forms differ or cannot be read"
        if not _is_described(state, token):
            yield f"token {token['id']} is described by a block that does not tell of it"


def _is_owned_properly(token: Document) -> bool:
    """Tell whether an owner's account, its two keys and its principal are of one account."""
    owner = token["owner"]
    try:
        forms = _forms(owner["owner"], owner["subaccount"])
    except (KeyError, TypeError, ValueError):
        return False
    return forms == tuple(token.get(each) for each in ("account", "raw_account", "principal"))


@lru_cache(_REMEMBERED)
def _forms(owner: str, subaccount: str | None) -> tuple[str, str, str]:
    loaded = loaded_account({"owner": owner, "subaccount": subaccount})
    return account_key(loaded), raw_key(loaded), loaded["owner"].text


def _is_described(state: State, token: Document) -> bool:
    """Tell whether the block that holds a token's metadata is of this token."""
    kept = state.table(BLOCKS).get(doc_id=token["described_in"] + 1)
    try:
        block = kept["block"]
        return bool(
            block["btype"] in {blocks.MINT, blocks.UPDATE} and block["tx"]["tid"] == token["id"]
        )
    except (KeyError, TypeError):
        return False


@lru_cache(_REMEMBERED)
def _is_principal(text: str) -> bool:
    try:
        return Principal.from_text(text).text == text
    except ValueError:
        return False
