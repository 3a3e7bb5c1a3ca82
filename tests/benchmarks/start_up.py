"""What starting costs, beside bare Python and a small Typer program."""

from pathlib import Path

from measuring import PROGRAM, PYTHON, Bound, Report, Table, cost, least_costs, user

RUNS = 30

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


def measure(folder: Path) -> Report:
    """Return the figures of starting."""
    variables = user(folder / "home")
    program = folder / "program.py"
    program.write_text(TYPER_PROGRAM)
    commands = {
        "python -c pass": [PYTHON, "-c", "pass"],
        "canister call get_user_count": [PROGRAM, "canister", "call", "backend", "get_user_count"],
        "a Typer program": [PYTHON, str(program), "count", "--size", "3"],
        "get-user-count": [PROGRAM, "get-user-count"],
        "a Typer program --help": [PYTHON, str(program), "--help"],
        "--help": [PROGRAM, "--help"],
    }
    cost(commands["canister call get_user_count"], variables)
    took = least_costs(commands, dict.fromkeys(commands, variables), RUNS)
    rows = [[name, f"{c.cpu:.1f}", f"{c.memory / 1024:.1f}"] for name, c in took.items()]
    cpu = {name: each.cpu for name, each in took.items()}
    return Report(
        [Table("Starting", ["command", "CPU ms", "MiB"], rows)],
        [
            Bound(
                "canister call get_user_count / python -c pass",
                cpu["canister call get_user_count"] / cpu["python -c pass"],
                5.0,
            ),
            Bound(
                "get-user-count / a Typer program",
                cpu["get-user-count"] / cpu["a Typer program"],
                1.25,
            ),
            Bound("--help / a Typer program's", cpu["--help"] / cpu["a Typer program --help"], 2.0),
        ],
    )
