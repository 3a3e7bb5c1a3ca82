"""What many calls cost: questions about one owner, and calls that are made as one batch."""

import itertools
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from measuring import PROGRAM, Bound, Report, Table, beside, cost, times

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger import blocks, core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.records import SESSIONS, TABLES, TOKENS
from originstamp_cli.canister.runtime import Host, run
from originstamp_cli.store import State, Store
from originstamp_cli.store.vault import Vault

RUNS = 300
OWNER = Principal.from_text("rrkah-fqaaa-aaaaa-aaaaq-cai")
HELD = 10
MINTS, QUERIES = 20_000, 40_000
KNOWN = 1_000  # tokens that are asked about


def a_mint(state: Path) -> list[str]:
    """Return a method and its argument: a mint from a session of a seeded state."""
    with Store(str(state), TABLES).read() as view:
        session = view.table(SESSIONS).page(limit=1)[0]["session_id"]
    to = 'record { owner = principal "aaaaa-aa"; subaccount = null }'  # not to the owner below
    return ["mint_nft_from_session", f'("{session}", {to}, vec {{}})']


def of_an_owner(folder: Path, few: Path, many: Path) -> Report:
    """Return what an owner of ten tokens costs among few and among many."""
    questions: dict[str, list[object]] = {
        "icrc7_tokens_of": [account(OWNER), None, None],
        "icrc7_balance_of": [[account(OWNER)]],
    }
    works: dict[str, Callable[[], object]] = {}
    for name, state in (("few", few), ("many", many)):
        host = _holding(folder, state, name)
        for method, arguments in questions.items():
            works[f"{method} {name}"] = _asking(host, method, arguments)
    took = times(works, RUNS)
    rows, bounds = [], []
    for method in questions:
        pair = took[f"{method} few"], took[f"{method} many"]
        rows.append([method, *(f"{min(each) * 1e6:,.0f}" for each in pair)])
        growth = beside(pair[1], pair[0])
        bounds.append(Bound(f"{method}: among many tokens / among few", growth, 1.2))
    columns = ["method", f"in {few.stem} tokens", f"in {many.stem}"]
    return Report([Table(f"An owner of {HELD} tokens: CPU µs a call", columns, rows)], bounds)


def _holding(folder: Path, state: Path, name: str) -> Host:
    """Return a host with a copy of a state in which the owner has tokens."""
    copy = folder / f"{name}-held.db"
    shutil.copyfile(state, copy)
    host = Host(Store(str(copy), TABLES), time.time_ns, bytes, Vault(str(folder / "none")))
    with host.store.write() as opened:
        for _ in range(HELD):
            _mint(opened)
    return host


def _mint(state: State) -> None:
    ledger = blocks.read_ledger(state)
    core.mint(
        state,
        core.next_id(state, ledger),
        to=account(OWNER),
        minter=account(OWNER),
        metadata={"icrc7:name": "T", "icrc7:attributes": []},
        session_id=None,
        now=time.time_ns(),
        ledger=ledger,
    )


def _asking(host: Host, name: str, arguments: list[object]) -> Callable[[], object]:
    method = nft.find_method(name)
    if method is None:
        raise SystemExit(f"there is no method {name}")
    answer = run(host, nft, method, OWNER, arguments)
    if answer != [HELD] and not (isinstance(answer, list) and len(answer) == HELD):
        raise SystemExit(f"{name} was to tell of {HELD} tokens, and answered {answer}")
    return lambda: run(host, nft, method, OWNER, arguments)


def queries(state: Path) -> list[str]:
    """Return questions about one token, session, user or account each, and two counts, in turn."""
    with Store(str(state), TABLES).read() as view:
        sessions = view.table(SESSIONS).page(limit=KNOWN)
        tokens = view.table(TOKENS).page(limit=KNOWN)
    asked = []
    for session, token in zip(itertools.cycle(sessions), tokens, strict=False):
        account_text = f'record {{ owner = principal "{token["principal"]}"; subaccount = null }}'
        asked += [
            "get_user_count ()",
            "get_session_count ()",
            f'get_user_info ("{session["username"]}")',
            f'get_session_details ("{session["session_id"]}")',
            f"icrc7_owner_of (vec {{ {token['id']} }})",
            f"icrc7_balance_of (vec {{ {account_text} }})",
            f"icrc7_token_metadata (vec {{ {token['id']} }})",
            f"get_token_details ({token['id']})",
        ]
    return asked * (QUERIES // len(asked))


def in_batches(folder: Path, variables: dict[str, str]) -> Report:
    """Return how many calls a second one batch makes, by the clock on the wall."""
    state = Path(variables["ORIGINSTAMP_STATE"])
    details = [f"get_token_details ({1 + at % KNOWN})" for at in range(QUERIES)]
    batches = {
        "durable mints": ([" ".join(a_mint(state))] * MINTS, 2_000),
        "queries, of eight kinds in turn": (queries(state), 10_000),
        "get_token_details alone": (details, None),
    }
    rows, bounds = [], []
    for what, (lines, bound) in batches.items():
        file = folder / "batch.txt"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        started = time.monotonic()
        cost([PROGRAM, "batch", str(file)], variables)
        rate = len(lines) / (time.monotonic() - started)
        rows.append([what, f"{rate:,.0f}"])
        if bound is not None:
            bounds.append(Bound(f"batch: {what}: a second", rate, bound, least=True))
    return Report([Table("batch", ["calls", "a second"], rows)], bounds)
