"""Commands that say how the canister is."""

import typer

from originstamp_cli.cli.common import Console, command
from originstamp_cli.render import Answer, Lines

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
    checks = [[each["name"], each["ok"], each["detail"]] for each in answer.value["checks"]]
    return answer.showing(Lines(["name", "ok", "detail"], checks))


@command(app, panel=PANEL)
def debug_info(console: Console) -> Answer:
    """Show what the canister is, who controls it and how it is set.

    Example: originstamp debug-info --output json
    """
    return console.call("debug_info")


@command(app, panel=PANEL)
def storage_stats(console: Console) -> Answer:
    """Show how much the state holds, table by table.

    Example: originstamp storage-stats --output json
    """
    return console.call("get_storage_stats")


@command(app, panel=PANEL)
def dashboard(console: Console) -> Answer:
    """Show how many users, sessions and certificates there are.

    Example: originstamp dashboard
    """
    return console.call("get_dashboard_metrics")
