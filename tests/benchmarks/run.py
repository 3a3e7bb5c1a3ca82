"""`make bench`: start-up, growth, memory and Candid, as ratios measured side by side in one run.

CPU time of whole processes, interleaved, the minimum of many runs; peak memory as the system
accounts it. Ends with 1 when a bound is broken.
"""

import os
import platform
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from surroundings import NO_KEYRING

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ledger import core
from originstamp_cli.canister.ledger.accounts import account
from originstamp_cli.canister.records import SESSIONS, TABLES
from originstamp_cli.store import Store

RUNS = 40
SMALL, LARGE = 100, 100_000
PYTHON = sys.executable
PROGRAM = str(Path(PYTHON).parent / "originstamp")
OWNER = Principal.from_text("rrkah-fqaaa-aaaaa-aaaaq-cai")
SESSION = "0123456789abcdef"

TYPER_PROGRAM = """
import typer
app = typer.Typer()
@app.command()
def count(size: int = 1) -> None:
    print(size)
@app.command()
def other() -> None:
    pass
app()
"""


class Cost(NamedTuple):
    """What one command took: CPU milliseconds and peak memory in KiB."""

    cpu: float
    memory: int


def cost(command: list[str], variables: dict[str, str]) -> Cost:
    """Run a command to its end, its output thrown away, and return what it took."""
    process = os.fork()
    if process == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.execve(command[0], command, variables)  # noqa: S606 - our own commands
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost((usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss)


def least(commands: dict[str, list[str]], variables: dict[str, dict[str, str]]) -> dict[str, Cost]:
    """Return the least that each command took, all of them run in turn."""
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            taken[name].append(cost(command, variables[name]))
    return {
        name: Cost(min(each.cpu for each in costs), min(each.memory for each in costs))
        for name, costs in taken.items()
    }


def machine(home: Path) -> dict[str, str]:
    """Return the variables of a user with a home folder and an identity."""
    variables = {"HOME": str(home), "PATH": os.environ["PATH"]} | NO_KEYRING
    cost([PROGRAM, "identity", "whoami"], variables)
    return variables


def filled(path: Path, tokens: int) -> None:
    """Fill a state with one session and tokens, through the ledger core."""
    holder = account(OWNER)
    with Store(str(path), TABLES).write() as state:
        state.table(SESSIONS).insert(session_document())
        for number in range(1, tokens + 1):
            core.mint(
                state,
                number,
                to=holder,
                minter=holder,
                metadata=metadata(number),
                session_id=SESSION,
                now=number,
            )


def session_document() -> dict[str, object]:
    """Return a session that anyone may mint from under the faithful policy."""
    return {
        "session_id": SESSION,
        "username": "alice",
        "art_title": "Harbour",
        "description": "Oil on linen",
        "uploaded_photos": ["https://photos.example/1.jpg"],
        "status": "completed",
        "created_at": 1,
        "updated_at": 1,
        "principal": "",
    }


def metadata(number: int) -> dict[str, object]:
    """Return metadata of the size that a minted token has."""
    return {
        "icrc7:name": f"Harbour - #{number}",
        "icrc7:description": "Oil on linen",
        "icrc7:image": "https://photos.example/1.jpg",
        "icrc7:attributes": [
            {"trait_type": f"trait_{trait}", "value": f"{number:064d}"} for trait in range(8)
        ],
        "originstamp:created_at": number,
        "originstamp:session_id": SESSION,
    }


def start_up(folder: Path) -> list[tuple[str, float, float]]:
    """Return what starting costs, beside bare Python and a small Typer program."""
    variables = machine(folder / "home")
    program = folder / "program.py"
    program.write_text(TYPER_PROGRAM)
    commands = {
        "python": [PYTHON, "-c", "pass"],
        "call": [PROGRAM, "canister", "call", "backend", "get_user_count"],
        "typer": [PYTHON, str(program), "count", "--size", "3"],
        "friendly": [PROGRAM, "get-user-count"],
        "typer --help": [PYTHON, str(program), "--help"],
        "--help": [PROGRAM, "--help"],
    }
    cost(commands["call"], variables)
    took = least(commands, dict.fromkeys(commands, variables))
    for name, each in took.items():
        print(f"  {name:12} {each.cpu:7.1f} ms {each.memory / 1024:7.1f} MiB")
    return [
        (
            "canister call get_user_count / python -c pass",
            took["call"].cpu / took["python"].cpu,
            5.0,
        ),
        ("get-user-count / a Typer program", took["friendly"].cpu / took["typer"].cpu, 1.25),
        ("--help / a Typer program's", took["--help"].cpu / took["typer --help"].cpu, 2.0),
    ]


def growth(folder: Path) -> list[tuple[str, float, float]]:
    """Return what a query and a mint cost at 100,000 tokens beside 100."""
    commands: dict[str, list[str]] = {}
    variables: dict[str, dict[str, str]] = {}
    for tokens in (SMALL, LARGE):
        home = folder / f"home{tokens}"
        state = folder / f"{tokens}.db"
        shutil.copytree(folder / "home", home)
        filled(state, tokens)
        known = {"HOME": str(home), "PATH": os.environ["PATH"], "ORIGINSTAMP_STATE": str(state)}
        known |= NO_KEYRING
        cost([PROGRAM, "deploy", "backend", "--policy", "faithful"], known)
        call = [PROGRAM, "canister", "call", "backend"]
        to = f'record {{ owner = principal "{OWNER}"; subaccount = null }}'
        commands[f"details {tokens}"] = [*call, "get_token_details", f"({tokens // 2})"]
        commands[f"mint {tokens}"] = [
            *call,
            "mint_nft_from_session",
            f'("{SESSION}", {to}, vec {{}})',
        ]
        variables |= {f"details {tokens}": known, f"mint {tokens}": known}
    took = least(commands, variables)
    for name, each in took.items():
        print(f"  {name:16} {each.cpu:7.1f} ms {each.memory / 1024:7.1f} MiB")
    return [
        (f"{what}: {figure} at {LARGE:,} tokens / at {SMALL}", ratio, 1.2)
        for what in ("details", "mint")
        for figure, ratio in zip(
            ("CPU", "memory"),
            (
                large / small
                for large, small in zip(
                    took[f"{what} {LARGE}"], took[f"{what} {SMALL}"], strict=True
                )
            ),
            strict=True,
        )
    ]


def codec() -> list[tuple[str, float, float]]:
    """Return the figures of the Candid codec, where there is another one to measure it by."""
    if find_spec("icp_candid") is None:
        print("  icp-py-core is not installed, so the Candid codec is not measured")
        return []
    import candid_codec

    return candid_codec.figures()


def main() -> int:
    """Measure everything, print it, and return 1 when a bound is broken."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="originstamp-bench-") as name:
        figures = start_up(Path(name)) + growth(Path(name)) + codec()
    for what, ratio, bound in figures:
        verdict = "ok" if ratio <= bound else "TOO MUCH"
        print(f"{what:52} {ratio:6.2f}  (bound {bound})  {verdict}")
    return 0 if all(ratio <= bound for _, ratio, bound in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
