"""What calls cost in states of a thousand tokens and of a million, and how fast those are made."""

import time
from pathlib import Path

import calls
from measuring import PROGRAM, Bound, Report, Table, beside, cost, costs, least, user

RUNS = 30
SIZES = (1_000, 10_000, 100_000, 1_000_000)
FEW, MANY = 100, 100_000
SEED_SECONDS = 150  # for the largest state


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> Report:
    """Return the figures of growing."""
    known = user(folder / "home")
    states = {size: folder / f"{size}.db" for size in (FEW, *sizes)}
    made = _seeding(states, known)
    processes = _processes({size: states[size] for size in sizes}, known)
    owner = calls.of_an_owner(folder, states[FEW], states[min(MANY, sizes[-1])])
    batches = calls.in_batches(folder, _in(states[sizes[0]], known))
    parts = [made, processes, owner, batches]
    return Report(
        [table for part in parts for table in part.tables],
        [bound for part in parts for bound in part.bounds],
    )


def _in(state: Path, known: dict[str, str]) -> dict[str, str]:
    return known | {"ORIGINSTAMP_STATE": str(state)}


def _seeding(states: dict[int, Path], known: dict[str, str]) -> Report:
    """Seed states and return the seconds that took, by the clock on the wall."""
    rows, seconds = [], 0.0
    for size, state in states.items():
        started = time.monotonic()
        cost([PROGRAM, "state", "seed", "--tokens", str(size)], _in(state, known))
        seconds = time.monotonic() - started
        bytes_ = state.stat().st_size
        rows.append(
            [f"{size:,}", f"{seconds:.1f}", f"{size / seconds:,.0f}", f"{bytes_ / 2**20:,.1f}"]
        )
    columns = ["tokens", "seconds", "tokens a second", "MiB"]
    bound = Bound(f"state seed --tokens {max(states):,}: seconds", seconds, SEED_SECONDS)
    return Report([Table("state seed", columns, rows)], [bound])


def _processes(states: dict[int, Path], known: dict[str, str]) -> Report:
    """Return what a query and an update take as processes of their own, in states of each size."""
    commands: dict[str, list[str]] = {}
    variables: dict[str, dict[str, str]] = {}
    for size, state in states.items():
        cost([PROGRAM, "deploy", "backend", "--policy", "faithful"], _in(state, known))
        call = [PROGRAM, "canister", "call", "backend"]
        commands[f"query {size}"] = [*call, "get_token_details", f"({size // 2})"]
        commands[f"update {size}"] = [*call, *calls.a_mint(state)]
        for what in ("query", "update"):
            variables[f"{what} {size}"] = _in(state, known)
    taken = costs(commands, variables, RUNS)
    took = {name: least(each) for name, each in taken.items()}
    told = {name: [f"{each.cpu:.1f}", f"{each.memory / 1024:.1f}"] for name, each in took.items()}
    columns = ["tokens", "query, CPU ms", "query, MiB", "update, CPU ms", "update, MiB"]
    rows = [[f"{size:,}", *told[f"query {size}"], *told[f"update {size}"]] for size in states]
    small, large = min(states), max(states)
    bounds = []
    for what in ("query", "update"):
        few, many = taken[f"{what} {small}"], taken[f"{what} {large}"]
        cpu = beside([each.cpu for each in many], [each.cpu for each in few])
        memory = least(many).memory / least(few).memory
        sizes = f"at {large:,} tokens / at {small:,}"
        bounds += [
            Bound(f"{what}: CPU {sizes}", cpu, 1.1),
            Bound(f"{what}: memory {sizes}", memory, 1.1),
        ]
    heading = "Whole processes: get_token_details and mint_nft_from_session"
    return Report([Table(heading, columns, rows)], bounds)
