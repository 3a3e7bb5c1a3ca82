"""The ledger against a plain model of it: any changes through both facades, and time that passes.

After each change its answer is the model's, and in the end so is everything that can be asked, and
what the log alone comes to.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from conftest import START
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from wallet import ONE, ZEROS

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import backend, installation
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.ledger import blocks, core, replay
from originstamp_cli.canister.ledger.accounts import account, account_key
from originstamp_cli.canister.records import TABLES
from originstamp_cli.canister.runtime import Host, run
from originstamp_cli.store import Store
from originstamp_cli.store.vault import Vault

PEOPLE = [Principal(bytes([number, 1])) for number in range(3)]
ARTIST = PEOPLE[0]
KNOWN = [account(person, sub) for person in PEOPLE for sub in (None, ZEROS, ONE)]

accounts = st.sampled_from(KNOWN)
tokens = st.sampled_from([1, 1, 2, 3])
maybe_token = st.none() | tokens
maybe_account = st.sampled_from([None, None, *KNOWN])  # mostly the one that lets it happen
memos = st.none() | st.binary(max_size=2)
expiries = st.none() | st.integers(2, 9)


class Model(RuleBasedStateMachine):
    """Every rule changes the ledger and the model, and compares what was answered."""

    kind = "db"

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = START
        store = Store(str(Path(self.folder.name, f"state.{self.kind}")), TABLES)
        vault = Vault(self.folder.name, os.urandom)
        self.host = Host(store, lambda: self.now, os.urandom, vault)
        installation.deploy(self.host, ARTIST, None, backend)
        made = self.ask("backend", "create_physical_art_session", "artist", "T", "")
        self.session = made.value
        self.owners: dict[int, dict[str, Any]] = {}
        self.approvals: dict[tuple[object, str], int | None] = {}
        self.done: dict[object, int] = {}
        self.blocks = 0
        self.last_id = 0
        for each in KNOWN[::4]:
            self.mint_to(each)

    def teardown(self) -> None:
        """Compare everything that can be asked, and the log."""
        try:
            self.check_tokens()
            self.check_approvals()
            self.check_log()
        finally:
            self.folder.cleanup()

    def ask(self, canister: str, method: str, *arguments: Any, by: Principal = ARTIST) -> Any:
        """Return what a canister answers."""
        known = CANISTERS[canister]
        function = known.find_method(method)
        assert function
        return run(self.host, known, function, by, list(arguments))

    # --- the model ---

    def holds(self, token: int, holder: dict[str, Any]) -> bool:
        """Tell whether an account holds a token."""
        owner = self.owners.get(token)
        return owner is not None and account_key(owner) == account_key(holder)

    def is_active(self, scope: object, spender: dict[str, Any]) -> bool:
        """Tell whether an approval stands."""
        expires = self.approvals.get((scope, account_key(spender)), 0)
        return expires is None or expires > self.now

    def is_approved(self, token: int, holder: dict[str, Any], spender: dict[str, Any]) -> bool:
        """Tell whether either kind of approval stands."""
        scopes = (token, account_key(holder))
        return any(self.is_active(scope, spender) for scope in scopes)

    def clear(self, token: int) -> None:
        """Forget the approvals for one token."""
        self.approvals = {
            key: expires for key, expires in self.approvals.items() if key[0] != token
        }

    def expect(self, answers: list[Any], wanted: str) -> None:
        """Compare an answer of one element, which tells of its block where it was done."""
        (answer,) = answers
        if wanted == "Ok":
            assert answer == Tag("Ok", self.blocks)
            self.blocks += 1
        else:
            assert (answer.name, answer.value.name) == ("Err", wanted)

    # --- changes ---

    @rule(seconds=st.integers(1, 6))
    def time_passes(self, seconds: int) -> None:
        """Move the clock."""
        self.now += seconds

    @rule(to=accounts, much=st.sampled_from([False, False, True]))
    def mint(self, to: dict[str, Any], *, much: bool) -> None:
        """Mint now and then."""
        if much:
            self.mint_to(to)

    def mint_to(self, to: dict[str, Any]) -> None:
        """Mint a token, whose number is that of no other, though it was burned."""
        minted = self.ask("backend", "mint_nft_from_session", self.session, to, [])
        self.last_id += 1
        assert minted == Tag("Ok", self.last_id)
        self.owners[self.last_id] = to
        self.blocks += 1

    @rule(token=tokens, sender=maybe_account, to=accounts)
    def transfer_by_application(
        self, token: int, sender: dict[str, Any] | None, to: dict[str, Any]
    ) -> None:
        """Transfer through the application; no sender stands for the holder."""
        sender = sender or self.owners.get(token, to)
        request = {"from": sender, "to": to, "token_id": token, "memo": None}
        (answer,) = self.ask(
            "backend", "icrc7_transfer", [request | {"created_at_time": None}], by=sender["owner"]
        )
        assert (answer["result"].name == "Ok") is self.holds(token, sender)
        if self.holds(token, sender):
            self.moved(token, to)
            self.blocks += 1

    def moved(self, token: int, to: dict[str, Any]) -> None:
        """Have a token moved."""
        self.owners[token] = to
        self.clear(token)

    @rule(
        token=tokens,
        sender=maybe_account,
        to=accounts,
        timed=st.booleans(),
        spender=st.none() | accounts,
        approved=st.booleans(),
    )
    def transfer(  # noqa: PLR0913 - what there is to choose
        self,
        token: int,
        sender: dict[str, Any] | None,
        to: dict[str, Any],
        *,
        timed: bool,
        spender: dict[str, Any] | None,
        approved: bool,
    ) -> None:
        """Transfer as a holder or, with a spender, as one; no sender stands for the holder."""
        sender = sender or self.owners.get(token, to)
        able = [each for each in KNOWN if self.is_approved(token, sender, each)]
        if approved and able:
            spender = able[0]
        at = START if timed else None
        request = {"token_id": token, "to": to, "memo": None, "created_at_time": at}
        if spender is None:
            request |= {"from_subaccount": sender["subaccount"]}
            name, by = "icrc7_transfer", sender["owner"]
        else:
            request |= {"from": sender, "spender_subaccount": spender["subaccount"]}
            name, by = "icrc37_transfer_from", spender["owner"]
        payload = repr((name, by.raw, sorted(request.items(), key=lambda item: item[0])))
        wanted = self.outcome(token, sender, to, spender or sender, payload if timed else None)
        if wanted == "Ok":
            self.done[payload] = self.blocks
            self.moved(token, to)
        self.expect(self.ask("nft", name, [request], by=by), wanted)

    def outcome(
        self,
        token: int,
        sender: dict[str, Any],
        to: dict[str, Any],
        spender: dict[str, Any],
        payload: object,
    ) -> str:
        """Return what a transfer should come to."""
        if account_key(sender) == account_key(to):
            return "InvalidRecipient"
        if payload is not None and payload in self.done:
            return "Duplicate"
        if token not in self.owners:
            return "NonExistingTokenId"
        is_holder = spender["owner"] == sender["owner"]
        allowed = is_holder or self.is_approved(token, sender, spender)
        return "Ok" if self.holds(token, sender) and allowed else "Unauthorized"

    @rule(
        token=maybe_token, holder=maybe_account, spender=maybe_account, lasts=expiries, memo=memos
    )
    def approve(
        self,
        token: int | None,
        holder: dict[str, Any] | None,
        spender: dict[str, Any] | None,
        lasts: int | None,
        memo: bytes | None,
    ) -> None:
        """Approve for a token or, without one, for all; no holder stands for the true one."""
        holder = holder or self.owners.get(token or 1, KNOWN[0])
        if spender is None:
            spender = next(each for each in KNOWN if each["owner"] != holder["owner"])
        expires = None if lasts is None else self.now + lasts
        info = {
            "spender": spender,
            "from_subaccount": holder["subaccount"],
            "expires_at": expires,
            "memo": memo,
            "created_at_time": self.now,
        }
        name = "icrc37_approve_collection" if token is None else "icrc37_approve_tokens"
        request = {"approval_info": info} | ({} if token is None else {"token_id": token})
        wanted = "Ok"
        if spender["owner"] == holder["owner"]:
            wanted = "InvalidSpender"
        elif token is not None and token not in self.owners:
            wanted = "NonExistingTokenId"
        elif token is not None and not self.holds(token, holder):
            wanted = "Unauthorized"
        if wanted == "Ok":
            scope = account_key(holder) if token is None else token
            self.approvals[scope, account_key(spender)] = expires
        self.expect(self.ask("nft", name, [request], by=holder["owner"]), wanted)

    @rule(token=maybe_token, holder=maybe_account, spender=maybe_account)
    def revoke(
        self, token: int | None, holder: dict[str, Any] | None, spender: dict[str, Any] | None
    ) -> None:
        """Revoke one approval or all, for a token or an account."""
        holder = holder or self.owners.get(token or 1, KNOWN[0])
        request = {
            "spender": spender,
            "from_subaccount": holder["subaccount"],
            "memo": None,
            "created_at_time": None,
        }
        name = "icrc37_revoke_collection_approvals"
        if token is not None:
            name, request = "icrc37_revoke_token_approvals", request | {"token_id": token}
        scope = account_key(holder) if token is None else token
        meant = [spender] if spender else KNOWN
        active = [each for each in meant if self.is_active(scope, each)]
        wanted = "Ok" if active else "ApprovalDoesNotExist"
        if token is not None and not self.holds(token, holder):
            wanted = "Unauthorized" if token in self.owners else "NonExistingTokenId"
        if wanted == "Ok":
            for each in active:
                self.approvals.pop((scope, account_key(each)), None)
        self.expect(self.ask("nft", name, [request], by=holder["owner"]), wanted)

    @rule(token=tokens, much=st.sampled_from([False, False, True]))
    def burn(self, token: int, *, much: bool) -> None:
        """Burn now and then, where there is a token."""
        if not much or token not in self.owners:
            return
        with self.host.store.write() as state:
            kept = core.find_token(state, token)
            assert kept
            core.burn(state, kept, holder=self.owners.pop(token), now=self.now)
        self.clear(token)
        self.blocks += 1

    # --- what all of it comes to ---

    def check_tokens(self) -> None:
        """Compare owners, balances and the supply, through both facades."""
        keys = {token: account_key(owner) for token, owner in self.owners.items()}
        for facade in CANISTERS:
            told = self.ask(facade, "icrc7_owner_of", [*keys, self.last_id + 1])
            assert [owner and account_key(owner) for owner in told] == [*keys.values(), None]
            assert self.ask(facade, "icrc7_total_supply") == len(keys)
            for each in KNOWN:
                own = sorted(token for token, key in keys.items() if key == account_key(each))
                assert self.ask(facade, "icrc7_tokens_of", each, None, None) == own
                assert self.ask(facade, "icrc7_balance_of", [each]) == [len(own)]

    def check_approvals(self) -> None:
        """Compare every answer of `icrc37_is_approved`, and every list."""
        for token in range(1, self.last_id + 2):
            told = self.ask("nft", "icrc37_get_token_approvals", token, None, None)
            self.check_list(token, [each["approval_info"] for each in told])
            holder = self.owners.get(token)
            sub = holder["subaccount"] if holder else None
            asked = [{"spender": each, "from_subaccount": sub, "token_id": token} for each in KNOWN]
            assert self.ask("nft", "icrc37_is_approved", asked) == [
                holder is not None and self.is_approved(token, holder, each) for each in KNOWN
            ]
        for each in KNOWN:
            told = self.ask("nft", "icrc37_get_collection_approvals", each, None, None)
            self.check_list(account_key(each), told)

    def check_list(self, scope: object, told: list[dict[str, Any]]) -> None:
        """Compare a list of approvals."""
        wanted = {account_key(each) for each in KNOWN if self.is_active(scope, each)}
        assert {account_key(info["spender"]) for info in told} == wanted
        assert len(told) == len(wanted)

    def check_log(self) -> None:
        """Compare what the log alone comes to."""
        owners: dict[int, str] = {}
        active: dict[tuple[object, str], int | None] = {}
        with self.host.store.read() as state:
            for index in range(self.blocks):
                block = blocks.block_at(state, index)
                assert block
                play(block["btype"], block["tx"], owners, active)
            assert blocks.read_ledger(state)["blocks"] == self.blocks
            assert replay.verify(state) is None
        assert owners == {token: account_key(owner) for token, owner in self.owners.items()}
        standing = {key for key, until in active.items() if until is None or until > self.now}
        modelled = {
            key for key, until in self.approvals.items() if until is None or until > self.now
        }
        assert standing == modelled


def play(
    kind: str,
    told: dict[str, Any],
    owners: dict[int, str],
    active: dict[tuple[object, str], int | None],
) -> None:
    """Make the change that a block tells of."""

    def key(name: str) -> str:
        owner, *subaccount = told[name]
        return account_key(account(Principal(owner), *subaccount))

    scope = told["tid"] if "tid" in told else key("from")
    if kind in {"37approve", "37approve_coll"}:
        active[scope, key("spender")] = told.get("exp")
        return
    spender = key("spender") if kind.startswith("37revoke") and "spender" in told else None
    if kind != "7mint":
        for each in [each for each in active if each[0] == scope]:
            if spender in (None, each[1]):
                del active[each]
    if kind == "7burn":
        del owners[told["tid"]]
    elif kind in {"7mint", "7xfer", "37xfer"}:
        owners[told["tid"]] = key("to")


class ModelInJson(Model):
    """The same over the other kind of state file."""

    kind = "json"


@pytest.mark.parametrize("machine", [Model, ModelInJson])
def test_the_ledger_is_what_a_plain_model_of_it_is(machine: type[Model]) -> None:
    # I7-071, I7-094, I7-125, I37-007, I37-024, I37-042, I37-111, I3-54, 7.6
    run_state_machine_as_test(
        machine, settings=settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
