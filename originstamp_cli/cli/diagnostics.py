"""Commands that say how the canister is."""

import typer

from originstamp_cli.cli.common import Console, command
from originstamp_cli.render import Answer

PANEL = "Diagnostics"
app = typer.Typer()


@command(app, panel=PANEL)
def health(console: Console) -> Answer:
    """Check the state, the ledger, the disk, the clock and S3; exits 1 when unhealthy.

    Example: originstamp health --output table
    """
    answer = console.call("get_health_status")
    if answer.value["status"] == "unhealthy":
        answer.exit_code = 1
    return answer.showing(answer.value["checks"])
