"""`canister snapshot`: what a stopped canister held, kept and put back."""

import os
import re
import time
from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import management, snapshots
from originstamp_cli.canister.lifecycle import RUNNING, STOPPED
from originstamp_cli.canister.runtime import Host
from originstamp_cli.cli.call import caller_of
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import CanisterName, attempting, invalid, running_network
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import Local

app = typer.Typer()
snapshot = typer.Typer(help="Keep what a stopped canister holds, and put it back.")
app.add_typer(snapshot, name="snapshot")

_STEP = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")

SnapshotId = Annotated[
    str, typer.Argument(metavar="SNAPSHOT", help="A snapshot's id: 36 hexadecimal digits.")
]
Folder = Annotated[str, typer.Option("--dir", metavar="DIR", help="The folder of its files.")]
Replace = Annotated[
    str | None,
    typer.Option("--replace", metavar="SNAPSHOT", help="Delete this one once the new one is kept."),
]
Concurrency = Annotated[
    int, typer.Option("--concurrency", min=1, hidden=True, help="Not needed here: one step.")
]


class _On:
    """The canister of a command: where it is, who asks."""

    def __init__(self, console: Console, name: str) -> None:
        self.name = name
        self.network: Local = running_network(console)
        self.caller: Principal = caller_of(console.settings)
        self.canister = self.network.canister_id(name)

    @property
    def whom(self) -> tuple[Host, Principal, Principal]:
        """What every function about snapshots is given first."""
        return self.network.host, self.caller, self.canister

    def check_stopped(self, what: str) -> None:
        """Raise `OriginStampError` where the canister takes calls, as dfx does."""
        with attempting(
            f"Could not retrieve status of canister {self.name}",
            f"Failed to get canister status of {self.canister.text}.",
        ):
            status = management.status(*self.whom)["status"]
        if status == RUNNING:
            raise OriginStampError(
                f"Canister {self.name} is running and snapshots should not be {what} running "
                "canisters. Run `dfx canister stop` first"
            )
        if status != STOPPED:
            raise OriginStampError(
                f"Canister {self.name} is stopping but is not yet stopped. Wait a few seconds and "
                "try again"
            )


@snapshot.callback()
def group() -> None:
    """Keep what a stopped canister holds, and put it back."""


@dfx_command(snapshot)
def create(console: Console, canister_name: CanisterName, replace: Replace = None) -> str:
    """Keep what a stopped canister holds; it stays stopped.

    Example: dfx canister snapshot create backend
    """
    old = None if replace is None else _id(replace, "--replace <REPLACE>")
    on = _On(console, canister_name)
    on.check_stopped("taken of")
    with attempting(f"Failed to take snapshot of canister {canister_name}"):
        made = snapshots.take(*on.whom, old)
    return f"Created a new snapshot of canister {canister_name}. Snapshot ID: {made.snapshot_id}"


@dfx_command(snapshot)
def load(console: Console, canister_name: CanisterName, snapshot_id: SnapshotId) -> None:
    """Have a stopped canister hold what it held then, in place of what it holds now.

    Example: dfx canister snapshot load backend $SNAPSHOT
    """
    wanted = _id(snapshot_id)
    on = _On(console, canister_name)
    on.check_stopped("applied to")
    with attempting(f"Failed to load snapshot {wanted} in canister {canister_name}"):
        snapshots.load(*on.whom, wanted)
    console.inform(f"Loaded snapshot {wanted} in canister {canister_name}")


@dfx_command(snapshot, name="list")
def list_(console: Console, canister_name: CanisterName) -> str | None:
    """List a canister's snapshots, one a line: its id, its size, when it was taken.

    Example: dfx canister snapshot list backend
    """
    on = _On(console, canister_name)
    with attempting(f"Failed to retrieve snapshot list from canister {canister_name}"):
        found = snapshots.listed(*on.whom)
    if not found:
        console.inform(f"No snapshots found in canister {canister_name}")
        return None
    return "\n".join(
        f"{each.snapshot_id}: {_size(each.memory_size)}, taken at {_moment(each.taken_at)}"
        for each in found
    )


@dfx_command(snapshot)
def delete(console: Console, canister_name: CanisterName, snapshot_id: SnapshotId) -> None:
    """Delete a snapshot.

    Example: dfx canister snapshot delete backend $SNAPSHOT
    """
    wanted = _id(snapshot_id)
    on = _On(console, canister_name)
    with attempting(f"Failed to delete snapshot {wanted} in canister {canister_name}"):
        snapshots.delete(*on.whom, wanted)
    console.inform(f"Deleted snapshot {wanted} from canister {canister_name}")


@dfx_command(snapshot)
def download(
    console: Console,
    canister_name: CanisterName,
    snapshot_id: SnapshotId,
    dir_: Folder,
    resume: Annotated[
        bool, typer.Option("--resume", "-r", help="Write over what the folder has.")
    ] = False,
    concurrency: Concurrency = 3,  # noqa: ARG001 - one step has no parts
) -> None:
    """Write a snapshot's files into a folder.

    Example: dfx canister snapshot download backend $SNAPSHOT --dir kept
    """
    wanted = _id(snapshot_id)
    on = _On(console, canister_name)
    if os.path.isdir(dir_) and os.listdir(dir_) and not resume:
        raise OriginStampError(
            f"The folder '{dir_}' is not empty.", fix="Name another, or say --resume."
        )
    with attempting(f"Failed to read snapshot {wanted} in canister {canister_name}"):
        snapshots.download(*on.whom, wanted, dir_)
    console.inform(f"Snapshot {wanted} in canister {canister_name} saved to '{dir_}'")


@dfx_command(snapshot)
def upload(
    console: Console,
    canister_name: CanisterName,
    dir_: Folder,
    replace: Replace = None,
    resume: Annotated[
        str | None, typer.Option("--resume", "-r", metavar="SNAPSHOT", hidden=True)
    ] = None,
    concurrency: Concurrency = 3,  # noqa: ARG001 - one step has no parts
) -> None:
    """Keep a snapshot that was downloaded, under a new id.

    Example: dfx canister snapshot upload backend --dir kept
    """
    old = None if replace is None else _id(replace, "--replace <REPLACE>")
    if resume is not None:
        raise OriginStampError(
            f"There is no upload {resume} to resume: here an upload is one step, done or not.",
            fix="Leave out --resume.",
        )
    on = _On(console, canister_name)
    with attempting(f"Failed to upload snapshot to canister {canister_name}"):
        made = snapshots.upload(*on.whom, dir_, old)
    console.inform(
        f"Uploaded a snapshot of canister {canister_name}. Snapshot ID: {made.snapshot_id}"
    )


def _id(text: str, option: str = "<SNAPSHOT>") -> str:
    """Return a snapshot's id as it is kept; raises `UsageError` where it is not hexadecimal."""
    if len(text) % 2:
        raise invalid(option, text, "Odd number of digits")
    wrong = re.search("[^0-9a-fA-F]", text)
    if wrong:
        why = f"Invalid character '{wrong[0]}' at position {wrong.start()}"
        raise invalid(option, text, why)
    return text.lower()


def _size(size: int) -> str:
    """Return a size as dfx prints it: `512 B`, or two decimals of a larger unit."""
    if size < _STEP:
        return f"{size} B"
    exponent = min((size.bit_length() - 1) // 10, len(_UNITS))
    return f"{size / _STEP**exponent:.2f} {_UNITS[exponent - 1]}"


def _moment(nanoseconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(nanoseconds // 10**9))
