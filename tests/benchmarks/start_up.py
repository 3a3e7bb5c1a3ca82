"""What starting costs, beside bare Python and a small Typer program."""

from pathlib import Path

from measuring import PROGRAM, PYTHON, Bound, Report, Table, beside, cost, costs, least, user

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
    taken = costs(commands, dict.fromkeys(commands, variables), RUNS)
    took = {name: least(each) for name, each in taken.items()}
    rows = [[name, f"{c.cpu:.1f}", f"{c.memory / 1024:.1f}"] for name, c in took.items()]
    cpu = {name: [each.cpu for each in runs] for name, runs in taken.items()}
    return Report(
        [Table("Starting", ["command", "CPU ms", "MiB"], rows)],
        [
            Bound(
                "canister call get_user_count / python -c pass",
                beside(cpu["canister call get_user_count"], cpu["python -c pass"]),
                5.0,
            ),
            Bound(
                "get-user-count / a Typer program",
                beside(cpu["get-user-count"], cpu["a Typer program"]),
                1.25,
            ),
            Bound(
                "--help / a Typer program's",
                beside(cpu["--help"], cpu["a Typer program --help"]),
                2.0,
            ),
        ],
    )
