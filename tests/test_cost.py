"""What a call costs does not grow with the state: documents read, statements that never scan."""

import itertools
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import backend, installation, nft
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.records import SESSIONS, TABLES, USERS
from originstamp_cli.canister.runtime import Canister, Host, run
from originstamp_cli.store import State, Store
from originstamp_cli.store.vault import Vault

OWNER, OTHER = Principal(b"\x01\x01"), Principal(b"\x02\x01")
MIDDLE = 20

# Each query with arguments, and how many documents its answer is made of.
QUERIES: list[tuple[str, list[Any], int]] = [
    ("get_user_count", [], 0),
    ("get_user_info", ["user7"], 1),
    ("get_session_count", [], 0),
    ("get_session_details", ["session7"], 1),
    ("get_user_sessions", ["user7"], 1),
    ("get_recent_sessions", [3], 3),
    ("get_s3_config", [], 0),
    ("icrc7_name", [], 0),
    ("icrc7_total_supply", [], 0),
    ("icrc7_collection_metadata", [], 0),
    ("icrc7_tokens", [MIDDLE, 5], 5),
    ("icrc7_tokens_of", [account(OTHER), None, None], 4),
    ("icrc7_balance_of", [[account(OWNER), account(OTHER)]], 0),
    ("icrc7_owner_of", [[MIDDLE, 10**9]], 1),
    # Metadata is in the block that gave it: two documents tell of a token.
    ("icrc7_token_metadata", [[MIDDLE]], 2),
    ("get_token_details", [MIDDLE], 2),
    ("get_session_nfts", ["session7"], 2),
    ("get_user_nfts", [OTHER], 8),
    ("get_dashboard_metrics", [], 0),
    ("debug_info", [], 1),
    ("get_storage_stats", [], 0),
    # The ledger's record, the newest two blocks, and the canister's record before S3 is asked.
    ("get_health_status", [], 4),
]


# The same of `nft`.
NFT_QUERIES: list[tuple[str, list[Any], int]] = [
    ("icrc7_collection_metadata", [], 0),
    ("icrc7_symbol", [], 0),
    ("icrc7_total_supply", [], 0),
    ("icrc7_max_memo_size", [], 0),
    ("icrc10_supported_standards", [], 0),
    ("icrc7_token_metadata", [[MIDDLE, 10**9]], 2),
    ("icrc7_owner_of", [[MIDDLE, 10**9, 2**300]], 1),
    ("icrc7_balance_of", [[account(OWNER), account(OTHER)]], 0),
    ("icrc7_tokens", [MIDDLE, 5], 5),
    ("icrc7_tokens_of", [account(OTHER), None, None], 4),
    ("icrc37_max_revoke_approvals", [], 0),
    # Of tokens that nobody approved anything for; then the token alone is read.
    (
        "icrc37_is_approved",
        [[{"spender": account(OTHER), "from_subaccount": None, "token_id": MIDDLE}]],
        1,
    ),
    ("icrc37_get_token_approvals", [MIDDLE, None, None], 0),
    ("icrc37_get_collection_approvals", [account(OWNER), None, None], 0),
]


class Watched(Store):
    """A store that keeps the statements it ran and counts the documents it decoded."""

    def __init__(self, path: str) -> None:
        self.statements: list[str] = []
        self.states: list[State] = []
        super().__init__(path, TABLES, trace=self.statements.append)

    def read(self, *, scans: bool = False) -> Any:
        """Give a view as ever, and remember it."""
        return self._remembering(super().read(scans=scans))

    def write(self, *, scans: bool = False) -> Any:
        """Give a transaction as ever, and remember it."""
        return self._remembering(super().write(scans=scans))

    def _remembering(self, context: Any) -> Any:
        store = self

        class Remembering:
            def __enter__(self) -> State:
                state: State = context.__enter__()
                store.states.append(state)
                return state

            def __exit__(self, *failure: object) -> object:
                return context.__exit__(*failure)

        return Remembering()

    def decoded(self) -> int:
        """Return how many documents were decoded since the last time, and forget them."""
        count = sum(state.documents_decoded for state in self.states)
        self.states.clear()
        return count


def filled(path: Path, size: int) -> Host:
    """Return a host whose state holds as many users, sessions and tokens; four are another's."""
    store = Watched(str(path))
    with store.write() as state:
        for number in range(size):
            state.table(USERS).insert(
                {
                    "username": f"user{number}",
                    "password_hash": "",
                    "created_at": number,
                    "principals": [],
                }
            )
            state.table(SESSIONS).insert(session(number))
            core.mint(
                state,
                number + 1,
                to=account(OTHER if number < 4 else OWNER),
                minter=account(OWNER),
                metadata={"icrc7:name": "T", "icrc7:attributes": []},
                session_id=f"session{number}",
                now=number,
            )
    ticks = itertools.count(10**18)
    host = Host(store, lambda: next(ticks), os.urandom, Vault(str(path.parent / "config")))
    installation.deploy(host, OWNER, None, backend)
    store.states.clear()
    store.statements.clear()
    return host


def session(number: int) -> dict[str, object]:
    """Return a stored session."""
    return {
        "session_id": f"session{number}",
        "username": f"user{number}",
        "art_title": "T",
        "description": "",
        "uploaded_photos": [],
        "status": "draft",
        "created_at": number,
        "updated_at": number,
        "principal": OWNER.text,
    }


def ask(host: Host, name: str, arguments: list[Any], canister: Canister = backend) -> object:
    """Return what a method answers."""
    method = canister.find_method(name)
    assert method
    return run(host, canister, method, OWNER, arguments)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Host]:
    """A small state and one ten times its size."""
    folder = tmp_path_factory.mktemp("cost")
    return {size: filled(folder / f"{size}.db", size) for size in (30, 300)}


@pytest.mark.parametrize(
    ("canister", "name", "arguments", "answer"),
    [(backend, *row) for row in QUERIES] + [(nft, *row) for row in NFT_QUERIES],
    ids=lambda value: getattr(value, "NAME", str(value)[:30]),
)
def test_a_query_decodes_its_answer_and_the_canisters_record(
    hosts: dict[int, Host], canister: Canister, name: str, arguments: list[Any], answer: int
) -> None:
    counts = []
    for host in hosts.values():
        assert isinstance(host.store, Watched)
        ask(host, name, arguments, canister)
        counts.append(host.store.decoded())

    assert counts == [answer + 1] * 2, "ten times the state, the same documents"


# Each update with arguments, and how many documents it decodes: the canister's record, those that
# it asks for, and again those of a table with indexes that it changes.
UPDATES: list[tuple[str, list[Any], int]] = [
    ("create_physical_art_session", ["someone", "T", ""], 1),
    ("update_session_status", ["session8", "completed"], 3),
    ("remove_photo_from_session", ["session8", "https://a/b"], 3),
    ("mint_nft_from_session", ["session8", account(OWNER), []], 3),
    ("login", ["user7", "pw"], 4),
]


def test_an_update_decodes_the_same_in_a_small_state_and_a_large_one(
    hosts: dict[int, Host],
) -> None:
    counts: dict[int, list[int]] = {}
    for size, host in hosts.items():
        assert isinstance(host.store, Watched)
        for name, arguments, _ in UPDATES:
            host.store.states.clear()
            ask(host, name, arguments)
            counts.setdefault(size, []).append(host.store.decoded())

    assert counts[30] == counts[300] == [documents for _, _, documents in UPDATES]


def requested(token: int, *, to: bytes, at: int) -> dict[str, Any]:
    """Return an element of a batch of transfers."""
    return {
        "from_subaccount": None,
        "to": account(Principal(to)),
        "token_id": token,
        "memo": b"m",
        "created_at_time": at,
    }


def test_a_transfer_and_its_repetition_decode_the_same_in_any_state(
    hosts: dict[int, Host],
) -> None:
    """What is remembered of transfers is found, however much of it there is."""
    counts = []
    for size, host in hosts.items():
        assert isinstance(host.store, Watched)
        at = host.clock()
        for token in range(10, size - 10, 10):  # a log that remembers more in the larger state
            ten = [requested(token + more, to=b"\x07", at=at) for more in range(10)]
            ask(host, "icrc7_transfer", [ten], nft)
        batch = [requested(size - 2, to=b"\x08", at=at)]
        host.store.states.clear()
        first = ask(host, "icrc7_transfer", [batch], nft)
        moved = host.store.decoded()
        again = ask(host, "icrc7_transfer", [batch], nft)
        counts.append((moved, host.store.decoded()))
        assert isinstance(first, list)
        assert again == [Tag("Err", Tag("Duplicate", {"duplicate_of": first[0].value}))]

    assert counts == [(4, 2)] * 2


def test_a_call_takes_sqlite_as_many_steps_in_a_small_state_and_a_large_one(
    hosts: dict[int, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = itertools.count()
    connect = sqlite3.connect

    def counted(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_progress_handler(lambda: next(steps) and None, 1)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counted)
    asked = [(backend, *row) for row in QUERIES + UPDATES] + [(nft, *row) for row in NFT_QUERIES]
    taken: dict[int, list[tuple[str, int]]] = {}
    for size, host in hosts.items():
        for canister, name, arguments, _ in asked:
            before = next(steps)
            ask(host, name, arguments, canister)
            taken.setdefault(size, []).append((name, next(steps) - before))

    assert taken[30] == taken[300]
    assert all(count > 1 for _, count in taken[30])


def test_an_approval_and_its_end_decode_the_same_in_any_state(hosts: dict[int, Host]) -> None:
    counts = []
    for size, host in hosts.items():
        assert isinstance(host.store, Watched)
        ask(host, "icrc37_approve_tokens", [[approved(n, host.clock()) for n in range(5, 9)]], nft)
        host.store.states.clear()
        for name, request in (
            ("icrc37_approve_tokens", approved(size - 3, host.clock())),
            ("icrc37_revoke_token_approvals", revoked(size - 3)),
        ):
            answer = ask(host, name, [[request]], nft)
            assert isinstance(answer, list)
            assert answer[0].name == "Ok"
            counts.append(host.store.decoded())

    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def approved(token: int, at: int) -> dict[str, Any]:
    """Return an element of a batch of approvals."""
    info = {
        "spender": account(OTHER),
        "from_subaccount": None,
        "expires_at": at + 10**18,
        "memo": None,
        "created_at_time": at,
    }
    return {"token_id": token, "approval_info": info}


def revoked(token: int) -> dict[str, Any]:
    """Return an element of a batch of revocations."""
    return {
        "spender": account(OTHER),
        "from_subaccount": None,
        "token_id": token,
        "memo": None,
        "created_at_time": None,
    }


def test_no_statement_scans_a_table(hosts: dict[int, Host]) -> None:
    host = hosts[300]
    assert isinstance(host.store, Watched)
    for name, arguments, _ in QUERIES:
        ask(host, name, arguments)
    for name, arguments, _ in UPDATES:
        ask(host, name, arguments)
    for name, arguments, _ in NFT_QUERIES:
        ask(host, name, arguments, nft)
    for _ in range(2):
        ask(host, "icrc7_transfer", [[requested(299, to=b"\x09", at=host.clock())]], nft)
    ask(host, "icrc37_approve_tokens", [[approved(297, host.clock())]], nft)
    ask(host, "icrc37_revoke_token_approvals", [[revoked(297)]], nft)
    statements = {
        statement
        for statement in host.store.statements
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE"))
    }

    assert len(statements) >= 40
    connection = sqlite3.connect(host.store.path)
    for statement in statements:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        steps = [row[3] for row in plan]
        assert not [step for step in steps if step.startswith("SCAN")], (statement, steps)
    connection.close()
