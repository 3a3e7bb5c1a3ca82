"""Laws of the ledger, whichever of its two facades is asked, in whatever order."""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from conftest import START
from hypothesis import given, settings
from hypothesis import strategies as st
from wallet import ONE, ZEROS

from originstamp_cli.candid import encode_args, random_args
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import backend, installation, nft
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.ledger import blocks, hashing
from originstamp_cli.canister.ledger.accounts import account, account_key, block_account
from originstamp_cli.canister.records import TABLES
from originstamp_cli.canister.runtime import Host, run
from originstamp_cli.store import Store
from originstamp_cli.store.vault import Vault

PEOPLE = [Principal(bytes([number, 1])) for number in range(3)]
ARTIST = PEOPLE[0]


class Ledger:
    """Two canisters over one state, and what the state should be."""

    def __init__(self, host: Host) -> None:
        self.host = host
        installation.deploy(host, ARTIST, None, backend)
        made = self.ask("backend", "create_physical_art_session", "artist", "T", "")
        assert isinstance(made, Tag)
        self.session = made.value
        self.owners: dict[int, dict[str, Any]] = {}
        self.blocks = 0

    def ask(self, canister: str, method: str, *arguments: Any, caller: Principal = ARTIST) -> Any:
        """Return what a canister answers."""
        known = CANISTERS[canister]
        function = known.find_method(method)
        assert function
        return run(self.host, known, function, caller, list(arguments))

    def mint(self, to: dict[str, Any]) -> None:
        """Mint, which the application alone can."""
        minted = self.ask("backend", "mint_nft_from_session", self.session, to, [])
        self.owners[minted.value] = to
        self.blocks += 1

    def transfer(self, facade: str, token: int, sender: dict[str, Any], to: dict[str, Any]) -> None:
        """Transfer through a facade, and expect it to be done if the sender is the owner."""
        owner = self.owners.get(token)
        allowed = owner is not None and account_key(owner) == account_key(sender)
        if facade == "nft":
            allowed = allowed and account_key(sender) != account_key(to)
        request = {"token_id": token, "to": to, "memo": None, "created_at_time": None}
        request |= {"from": sender, "from_subaccount": sender["subaccount"]}
        (answer,) = self.ask(facade, "icrc7_transfer", [request], caller=sender["owner"])
        result = answer if facade == "nft" else answer["result"]
        assert (result.name == "Ok") is allowed, result
        if allowed:
            assert facade != "nft" or result.value == self.blocks
            self.owners[token] = to
            self.blocks += 1


@contextmanager
def ledger(kind: str) -> Iterator[Ledger]:
    """Give a fresh ledger on a state file of this kind."""
    with TemporaryDirectory() as folder:
        ticks = itertools.count(START)
        store = Store(str(Path(folder, f"state.{kind}")), TABLES)
        yield Ledger(Host(store, lambda: next(ticks), os.urandom, Vault(folder, os.urandom)))


accounts = st.builds(account, st.sampled_from(PEOPLE), st.sampled_from([None, ZEROS, ONE]))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("mint"), accounts),
        st.tuples(
            st.sampled_from(["backend", "nft"]), st.integers(1, 4), st.none() | accounts, accounts
        ),
    ),
    max_size=12,
)
each_kind = pytest.mark.parametrize("kind", ["db", "json"])


@each_kind
@settings(max_examples=25, deadline=None)
@given(steps)
def test_owners_balances_pages_supply_and_log_agree(kind: str, steps: list[Any]) -> None:
    # I7-071, I7-094, I7-107, I3-54
    with ledger(kind) as both:
        for name, *rest in steps:
            if name == "mint":
                both.mint(*rest)
            else:
                token, sender, to = rest  # no sender stands for whoever owns it
                both.transfer(name, token, sender or both.owners.get(token, to), to)
        for facade in CANISTERS:
            check(both, facade)
        assert replayed(both) == {
            token: block_account(owner) for token, owner in both.owners.items()
        }


def check(both: Ledger, facade: str) -> None:
    """Check everything that a facade tells of the tokens."""
    keys = {token: account_key(owner) for token, owner in both.owners.items()}
    known = [account(person, sub) for person in PEOPLE for sub in (None, ZEROS, ONE)]
    held = Counter(keys.values())

    told = both.ask(facade, "icrc7_owner_of", [*both.owners, 99])
    assert [owner and account_key(owner) for owner in told] == [*keys.values(), None]
    assert both.ask(facade, "icrc7_total_supply") == len(keys)
    balances = both.ask(facade, "icrc7_balance_of", known)
    assert balances == [held[account_key(each)] for each in known]
    assert all_pages(both, facade, "icrc7_tokens") == sorted(keys)
    for each in known:
        own = sorted(token for token, key in keys.items() if key == account_key(each))
        assert all_pages(both, facade, "icrc7_tokens_of", each) == own


def all_pages(both: Ledger, facade: str, method: str, *arguments: Any) -> list[int]:
    """Return the ids of all pages, two to a page, until one is short."""
    found: list[int] = []
    while True:
        last = found[-1] if found else None
        page = both.ask(facade, method, *arguments, last, 2)
        found += page
        if len(page) < 2:
            return found


def replayed(both: Ledger) -> dict[int, list[object]]:
    """Return each token's owner as the log alone tells it; the chain must be linked."""
    owners: dict[int, list[object]] = {}
    before = None
    with both.host.store.read() as state:
        for index in range(both.blocks):
            block = blocks.block_at(state, index)
            assert block
            assert block.get("phash") == before
            before = hashing.hash_value(block)
            transaction = block["tx"]
            assert (block["btype"] == blocks.MINT) is (transaction["tid"] not in owners)
            owners[transaction["tid"]] = transaction["to"]
        assert blocks.block_at(state, both.blocks) is None
    return owners


odd_subaccounts = st.none() | st.sampled_from([ZEROS, ONE]) | st.binary(max_size=40)
requests = st.fixed_dictionaries(
    {
        "from_subaccount": odd_subaccounts,
        "to": st.builds(account, st.binary(max_size=29).map(Principal), odd_subaccounts),
        "token_id": st.integers(1, 4) | st.integers(min_value=0),
        "memo": st.none() | st.binary(max_size=600),
        "created_at_time": st.none() | st.integers(START, START + 9) | st.integers(0, 2**64 - 1),
    }
)


@each_kind
@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(requests, max_size=4), max_size=4))
def test_no_batch_traps_and_each_success_is_one_block(kind: str, batches: list[Any]) -> None:
    # I7-011, I7-012, I7-021, I7-040
    with ledger(kind) as both:
        for _ in range(4):
            both.mint(account(ARTIST))
        told: list[int] = []
        for batch in batches:
            answers = both.ask("nft", "icrc7_transfer", batch)
            assert len(answers) == len(batch)
            assert {answer.name for answer in answers} <= {"Ok", "Err"}
            told += [answer.value for answer in answers if answer.name == "Ok"]
        assert told == list(range(4, 4 + len(told)))
        with both.host.store.read() as state:
            assert blocks.read_ledger(state)["blocks"] == 4 + len(told)


@pytest.mark.parametrize("name", list(nft.interface().methods))
def test_no_method_traps_whatever_it_is_asked(name: str) -> None:
    """Random arguments of the right types, and then an answer of the right types."""
    # I7-040, I7-063, W-01
    method = nft.interface().methods[name]
    with ledger("db") as both:
        for seed in range(25):
            both.mint(account(ARTIST))
            answer = both.ask("nft", name, *random_args(method.args, seed))

            assert encode_args([answer], method.results)


HUGE = 2 ** (8 * 100_000)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("icrc7_owner_of", [[HUGE]]),
        ("icrc7_token_metadata", [[HUGE]]),
        ("icrc7_tokens", [HUGE, HUGE]),
        ("icrc7_tokens_of", [account(ARTIST), HUGE, HUGE]),
        ("icrc37_get_token_approvals", [HUGE, None, HUGE]),
        (
            "icrc37_is_approved",
            [[{"spender": account(ARTIST), "from_subaccount": None, "token_id": HUGE}]],
        ),
        (
            "icrc7_transfer",
            [
                [
                    {
                        "from_subaccount": None,
                        "to": account(PEOPLE[1]),
                        "token_id": HUGE,
                        "memo": None,
                        "created_at_time": START,
                    }
                ]
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_number_of_a_hundred_thousand_bytes_is_only_a_number(
    name: str, arguments: list[Any]
) -> None:
    # I7-005, I7-040: Python would not even write it in decimal
    with ledger("db") as both:
        both.mint(account(ARTIST))
        answer = both.ask("nft", name, *arguments)

        assert encode_args([answer], nft.interface().methods[name].results)
