"""`originstamp state seed`: an invented state of any size, sound and the same each time."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM, World
from terminal import run_on_terminal

from originstamp_cli.candid.principal import ANONYMOUS
from originstamp_cli.canister.inventing import Amounts, packed_mints
from originstamp_cli.canister.ledger import blocks, core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.records import BLOCKS, SESSIONS, TABLES, TOKENS, USERS
from originstamp_cli.canister.runtime import Host
from originstamp_cli.canister.seeding import WORTH_A_PROCESS, Seeding
from originstamp_cli.cli.working_ahead import working_ahead
from originstamp_cli.errors import OriginStampError, Refused
from originstamp_cli.store import Store
from originstamp_cli.store.vault import Vault

NAMES = ("state.db", "state.json")


def host(path: Path) -> Host:
    vault = Vault(str(path.parent / "config"))
    return Host(Store(str(path), TABLES), lambda: 1_700_000_000_000_000_000, bytes, vault)


def everything(host: Host) -> dict[str, list[dict[str, object]]]:
    with host.store.read(scans=True) as state:
        return {spec.name: [dict(found) for found in state.table(spec)] for spec in TABLES}


def filled(path: Path, wanted: Amounts, *, seed: int = 1) -> Host:
    made = host(path)
    Seeding(made, wanted, seed=seed, adding=True).run(lambda *_: None)
    return made


def test_it_prints_how_many_of_each_were_made(world: World) -> None:
    result = world.run("state", "seed", "--tokens", "25")

    assert (result.exit_code, result.stdout) == (
        0,
        "field\tvalue\nusers\t1\nsessions\t3\ntokens\t25\n",
    )
    assert result.stderr.startswith("Made in 0.0 s.")
    assert world.call("get_user_count") == "(1 : nat64)"
    assert world.call("icrc7_total_supply", canister="nft") == "(25 : nat)"
    assert world.run("state", "verify").exit_code == 0


def test_each_amount_can_be_given(world: World) -> None:
    amounts = ("--users", "3", "--sessions", "4", "--tokens", "6")

    assert world.run("state", "seed", *amounts).exit_code == 0

    assert world.call("get_user_count") == "(3 : nat64)"
    assert world.call("get_session_count") == "(4 : nat64)"
    assert world.call("icrc7_total_supply", canister="nft") == "(6 : nat)"


def test_tokens_are_as_those_that_are_minted_from_their_session(world: World) -> None:
    world.run("state", "seed", "--tokens", "25")

    token = json.loads(world.run("show-token", "12", "--output", "json").stdout)
    session = json.loads(world.run("show-session", token["session_id"], "--output", "json").stdout)
    attributes = dict(token["metadata"]["attributes"])
    assert attributes["artist"] == session["username"]
    assert token["metadata"]["image"] == session["uploaded_photos"][0]
    assert attributes["photo_count"] == "1"


def test_invented_users_log_in_with_the_password_of_the_help(world: World) -> None:
    world.run("state", "seed", "--tokens", "10")

    answer = world.call("login", '("artist-000001", "originstamp")')

    assert "success = true" in answer


def test_a_state_that_holds_something_is_left_alone_without_add(world: World) -> None:
    world.run("state", "seed", "--tokens", "10")

    result = world.run("state", "seed", "--tokens", "10")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The state holds 1 user, 1 session and 10 tokens already.\n"
        "To fix: Add to them with --add, or name another file with --state.\n"
    )


def test_with_add_numbers_and_times_go_on(world: World) -> None:
    for _ in range(3):
        assert world.run("state", "seed", "--tokens", "15", "--add").exit_code == 0

    assert world.call("icrc7_total_supply", canister="nft") == "(45 : nat)"
    assert world.run("show-token", "45").exit_code == 0
    assert world.run("state", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--tokens", "0"), "There is nothing to seed."),
        (("--tokens", "1", "--sessions", "0"), "Tokens are minted from sessions."),
        (("--sessions", "1", "--users", "0", "--tokens", "0"), "Sessions are opened by users."),
        (("--tokens", "-1"), "-1"),
        (("--tokens", "many"), "many"),
    ],
)
def test_what_cannot_be_seeded_is_refused(world: World, options: tuple[str, ...], why: str) -> None:
    result = world.run("state", "seed", *options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr
    assert not world.state.exists()


def test_a_collection_is_not_filled_beyond_its_limit(world: World) -> None:
    assert world.run("set-collection", "--max-supply", "20").exit_code == 0

    result = world.run("state", "seed", "--tokens", "21")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "may have 20 tokens, and 0 are there" in result.stderr
    assert world.run("state", "seed", "--tokens", "20").exit_code == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_same_numbers_give_the_same_state(tmp_path: Path, name: str) -> None:
    wanted = Amounts(users=3, sessions=7, tokens=40)
    first, second, other = (
        everything(filled(tmp_path / folder / name, wanted, seed=seed))
        for folder, seed in (("a", 1), ("b", 1), ("c", 2))
    )

    assert first == second
    assert first[BLOCKS.name] != other[BLOCKS.name]
    assert [len(first[spec.name]) for spec in (USERS, SESSIONS, TOKENS, BLOCKS)] == [3, 7, 40, 40]


@pytest.mark.parametrize("name", NAMES)
def test_what_stops_it_leaves_the_state_as_it_was(tmp_path: Path, name: str) -> None:
    before = everything(filled(tmp_path / name, Amounts(1, 1, 1)))

    def stop(what: str, done: int) -> None:
        if what == "tokens" and done > 1000:
            raise KeyboardInterrupt

    work = Seeding(host(tmp_path / name), Amounts(2, 3, 3000), seed=1, adding=True)
    with pytest.raises(KeyboardInterrupt):
        work.run(stop)

    assert everything(host(tmp_path / name)) == before


@pytest.mark.parametrize("tokens", [WORTH_A_PROCESS, 5])
def test_tokens_made_by_another_process_are_the_same(tmp_path: Path, tokens: int) -> None:
    asked: list[object] = []

    def ahead(work: Callable[..., Iterable[object]], *what: object) -> Any:
        asked.append(work)
        return working_ahead(work, *what)

    wanted = Amounts(users=2, sessions=3, tokens=tokens)
    here, there = host(tmp_path / "here.db"), host(tmp_path / "there.db")
    Seeding(here, wanted, seed=1, adding=False).run(lambda *_: None)
    Seeding(there, wanted, seed=1, adding=False, ahead=ahead).run(lambda *_: None)

    assert bool(asked) == (tokens >= WORTH_A_PROCESS)
    with here.store.read() as one, there.store.read() as other:
        assert core.supply(one) == core.supply(other) == tokens
        assert blocks.read_ledger(one) == blocks.read_ledger(other)
        for table in (TOKENS, BLOCKS):
            assert one.table(table).get(doc_id=tokens) == other.table(table).get(doc_id=tokens)


def test_numbers_that_were_given_are_passed_over(tmp_path: Path) -> None:
    made = filled(tmp_path / "state.db", Amounts(1, 1, 2))
    with made.store.write() as state:
        for given in (4, 6):
            core.mint(
                state,
                given,
                to=account(ANONYMOUS),
                minter=account(ANONYMOUS),
                metadata={},
                session_id=None,
                now=made.clock(),
            )

    filled(tmp_path / "state.db", Amounts(1, 1, 4))

    with made.store.read() as state:
        assert [token["id"] for token in state.table(TOKENS).page(limit=9)] == [
            1,
            2,
            4,
            6,
            3,
            5,
            7,
            8,
        ]
        assert core.next_id(state, blocks.read_ledger(state)) == 9


def test_a_process_that_dies_leaves_no_state(tmp_path: Path) -> None:
    def killed(_: object, /, *what: object) -> Any:
        return working_ahead(one_and_out, *what)

    made = host(tmp_path / "state.db")
    work = Seeding(made, Amounts(1, 1, WORTH_A_PROCESS), seed=1, adding=False, ahead=killed)

    with pytest.raises(OriginStampError, match="ended by something else"):
        work.run(lambda *_: None)

    assert list(tmp_path.iterdir()) == []


def one_and_out(*what: Any) -> Iterator[object]:
    """Yield the first mints as they are, then end as a process does that is killed."""
    yield next(packed_mints(*what))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_name_that_somebody_took_is_no_traceback(tmp_path: Path) -> None:
    made = filled(tmp_path / "state.db", Amounts(1, 1, 1))
    with made.store.write() as state:
        state.table(USERS).insert(
            {
                "username": "artist-000003",
                "password_hash": "",
                "created_at": 1,
                "principals": [],
            }
        )

    with pytest.raises(Refused, match="artist-000003"):
        filled(tmp_path / "state.db", Amounts(1, 0, 0))


def seeding(world: World, *amounts: str) -> subprocess.Popen[str]:
    """Return a process that seeds a state and will for minutes, once it writes."""
    world.ready()
    process = subprocess.Popen(
        [PROGRAM, "state", "seed", "--tokens", "1000000", *amounts],
        env=world.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not Path(f"{world.state}.new").exists():
        assert process.poll() is None
    return process


def helper_of(process: subprocess.Popen[str]) -> int:
    """Return a descriptor that tells when the process is over that another one has started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (started := children.read_text(encoding="ascii").split()):
        assert process.poll() is None
    return os.pidfd_open(int(started[0]))


def test_control_c_leaves_no_state(fresh: World) -> None:
    process = seeding(fresh)

    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=60)

    assert (process.returncode, stdout) == (130, "")
    assert fresh.state.parent.exists()
    assert list(fresh.state.parent.iterdir()) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_its_second_process_ends_with_it(fresh: World, sent: signal.Signals) -> None:
    process = seeding(fresh, "--sessions", "1")
    helper = helper_of(process)

    process.send_signal(sent)
    _, told = process.communicate(timeout=60)

    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    assert "Traceback" not in told
    assert select.select([helper], [], [], 60)[0], "the other process is still there"
    os.close(helper)


def test_on_a_terminal_progress_is_shown(fresh: World) -> None:
    fresh.ready()

    ended = run_on_terminal(
        [PROGRAM, "state", "seed", "--tokens", "1500"],
        fresh.variables | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
    )

    assert ended.exit_code == 0
    assert "tokens" in ended.shown
    assert "tokens\t1500" in ended.piped
