"""`canister update-settings`: who controls a canister, what it may use, who reads its logs."""

from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import lifecycle
from originstamp_cli.canister.changes import CONTROLLERS, PUBLIC, Changes, Listed, update_settings
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.managing import (
    All,
    Chosen,
    Impersonate,
    OneOrAll,
    ask_for_consent,
    attempting,
    chosen,
    invalid,
    principals,
    running_network,
    sender,
)
from originstamp_cli.cli.options import conflict
from originstamp_cli.cli.quantities import (
    cycles_limit,
    memory,
    number,
    percent,
    understood,
    wasm_memory,
)
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import Local

app = typer.Typer()

_WEEK = 604_800
_VERY_LONG = 50_000_000

Controllers = list[str] | None
Viewers = list[str] | None


class Policy(StrEnum):
    """How strict the canister is."""

    HARDENED = lifecycle.HARDENED
    FAITHFUL = lifecycle.FAITHFUL


class _Lists(NamedTuple):
    """What was typed of a list of principals: to set, to add and to remove."""

    set: list[str] | None
    add: list[str] | None
    remove: list[str] | None

    def check(self, what: str) -> None:
        """Raise `UsageError` where setting the list stands beside adding or removing."""
        if self.set and (self.add or self.remove):
            other = "add" if self.add else "remove"
            raise conflict(_usage(f"set-{what}"), _usage(f"{other}-{what}"))

    def meant(self, console: Console) -> Listed:
        """Return the principals that are meant; raises `OriginStampError` for what is none."""
        replaced = principals(console, self.set) if self.set else None
        return Listed(replaced, principals(console, self.add), principals(console, self.remove))


@dfx_command(app, name="update-settings")
def update_settings_(
    console: Console,
    canister_name: OneOrAll = None,
    all_: All = False,
    set_controller: Annotated[
        Controllers,
        typer.Option("--set-controller", metavar="CONTROLLER", help="The only one from now on."),
    ] = None,
    add_controller: Annotated[
        Controllers,
        typer.Option("--add-controller", metavar="CONTROLLER", help="A principal or an identity."),
    ] = None,
    remove_controller: Annotated[
        Controllers,
        typer.Option("--remove-controller", metavar="CONTROLLER", help="One who controls no more."),
    ] = None,
    compute_allocation: Annotated[
        str | None,
        typer.Option("--compute-allocation", "-c", metavar="PERCENT", help="Only kept and shown."),
    ] = None,
    memory_allocation: Annotated[
        str | None,
        typer.Option(
            "--memory-allocation", metavar="SIZE", help="The most it may hold, as 4GB; 0: no limit."
        ),
    ] = None,
    freezing_threshold: Annotated[
        str | None,
        typer.Option("--freezing-threshold", metavar="SECONDS", help="Only kept and shown."),
    ] = None,
    reserved_cycles_limit: Annotated[
        str | None,
        typer.Option("--reserved-cycles-limit", metavar="CYCLES", help="Only kept and shown."),
    ] = None,
    wasm_memory_limit: Annotated[
        str | None,
        typer.Option(
            "--wasm-memory-limit", metavar="SIZE", help="The most it may hold; 0: no limit."
        ),
    ] = None,
    wasm_memory_threshold: Annotated[
        str | None,
        typer.Option("--wasm-memory-threshold", metavar="SIZE", help="Only kept and shown."),
    ] = None,
    log_visibility: Annotated[
        str | None,
        typer.Option("--log-visibility", metavar=f"{CONTROLLERS}|{PUBLIC}", help="Who reads logs."),
    ] = None,
    add_log_viewer: Annotated[
        Viewers, typer.Option("--add-log-viewer", metavar="VIEWER", help="Who may read its logs.")
    ] = None,
    remove_log_viewer: Annotated[
        Viewers,
        typer.Option("--remove-log-viewer", metavar="VIEWER", help="Who may read them no more."),
    ] = None,
    set_log_viewer: Annotated[
        Viewers,
        typer.Option("--set-log-viewer", metavar="VIEWER", help="Who alone may read its logs."),
    ] = None,
    policy: Annotated[
        Policy | None, typer.Option("--policy", help="Guard who may act, or be as deployed.")
    ] = None,
    sync_with: Annotated[
        str | None,
        typer.Option("--sync-with", metavar="CANISTER_NAME", help="Take over its settings first."),
    ] = None,
    confirm_very_long_freezing_threshold: Annotated[
        bool, typer.Option("--confirm-very-long-freezing-threshold", help="Mean that long.")
    ] = False,
    confirm_very_short_freezing_threshold: Annotated[
        bool, typer.Option("--confirm-very-short-freezing-threshold", help="Mean that short.")
    ] = False,
    impersonate: Impersonate = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> str | None:
    """Change who controls a canister, what it may use, who reads its logs, how strict it is.

    Example: dfx canister update-settings backend --add-controller collector
    """
    controllers = _Lists(set_controller, add_controller, remove_controller)
    viewers = _Lists(set_log_viewer, add_log_viewer, remove_log_viewer)
    controllers.check("controller")
    viewers.check("log-viewer")
    values = {
        "compute_allocation": understood("compute-allocation", compute_allocation, percent),
        "memory_allocation": understood("memory-allocation", memory_allocation, memory),
        "freezing_threshold": understood("freezing-threshold", freezing_threshold, number),
        "reserved_cycles_limit": understood(
            "reserved-cycles-limit", reserved_cycles_limit, cycles_limit
        ),
        "wasm_memory_limit": understood("wasm-memory-limit", wasm_memory_limit, wasm_memory),
        "wasm_memory_threshold": understood(
            "wasm-memory-threshold", wasm_memory_threshold, wasm_memory
        ),
    }
    _check_visibility(log_visibility, viewers)
    _check_freezing(
        values["freezing_threshold"],
        long_is_meant=confirm_very_long_freezing_threshold,
        short_is_meant=confirm_very_short_freezing_threshold,
    )
    network = running_network(console)
    caller = sender(console, impersonate)
    found = chosen(network, canister_name, all_)
    changes = Changes(
        controllers=controllers.meant(console),
        log_viewers=viewers.meant(console),
        log_visibility=log_visibility,
        values={name: value for name, value in values.items() if value is not None},
        policy=policy.value if policy else None,
        sync_with=network.canister_id(sync_with) if sync_with is not None else None,
    )
    if not yes and _leaves(caller, changes.controllers):
        ask_for_consent(
            console,
            "You are trying to remove yourself as a controller of this canister. "
            "This may leave this canister un-upgradeable.",
        )
    played = impersonate is not None
    return _changed(network, found, caller, changes, controllers, played) or None


def _changed(
    network: Local,
    found: Chosen,
    caller: Principal,
    changes: Changes,
    controllers: _Lists,
    played: bool,  # noqa: FBT001 - whether the caller is impersonated
) -> str:
    """Change each canister's settings and return what is told of it."""
    told = []
    for name, canister in found:
        with attempting(
            f"Failed to update settings of canister {name}.",
            f"Failed to update settings for {canister.text}.",
            impersonated=played,
        ):
            update_settings(network.host, caller, canister, changes)
        told += _told(name, controllers)
    return "\n".join(told)


def _told(name: str, typed: _Lists) -> list[str]:
    """Return a line for each way in which the controllers were changed."""
    lines = []
    for words, texts in (
        ('Set {} of "{}" to: ', typed.set),
        ('Added as {} of "{}": ', typed.add),
        ('Removed from {} of "{}": ', typed.remove),
    ):
        if texts:
            word = "controller" if len(texts) == 1 else "controllers"
            lines.append(words.format(word, name) + " ".join(sorted(texts)))
    return lines


def _leaves(caller: Principal, controllers: Listed) -> bool:
    """Tell whether somebody would control a canister no more who does now."""
    if controllers.replaced is not None:
        return caller not in controllers.replaced
    return caller in controllers.removed


def _check_visibility(visibility: str | None, viewers: _Lists) -> None:
    if visibility is None:
        return
    if visibility not in {CONTROLLERS, PUBLIC}:
        why = f"Must be `{CONTROLLERS}` or `{PUBLIC}`."
        raise invalid(_usage("log-visibility"), visibility, why)
    for name, given in zip(("set", "add", "remove"), viewers, strict=True):
        if given:
            raise conflict(_usage("log-visibility"), _usage(f"{name}-log-viewer"))


def _check_freezing(seconds: int | None, *, long_is_meant: bool, short_is_meant: bool) -> None:
    if seconds is None:
        return
    if seconds > _VERY_LONG and not long_is_meant:
        raise _doubtful("longer than 1.5 years", "--confirm-very-long-freezing-threshold")
    if seconds < _WEEK and not short_is_meant:
        raise _doubtful("shorter than 1 week", "--confirm-very-short-freezing-threshold")


def _doubtful(how: str, flag: str) -> OriginStampError:
    return OriginStampError(
        "The freezing threshold is defined in SECONDS before the canister would run out of "
        "cycles, not in cycles.",
        fix=(
            f"If you truly want to set a freezing threshold that is {how}, please run the same "
            f"command, but with the flag {flag} to confirm you want to do this."
        ),
    )


def _usage(name: str) -> str:
    return f"--{name} <{name.upper().replace('-', '_')}>"
