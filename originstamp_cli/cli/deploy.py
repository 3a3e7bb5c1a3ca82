"""`deploy`: what is missing is created, everything is installed, and hooks run at the end."""

from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.cli import quantities
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.hooks import run_hooks
from originstamp_cli.cli.installing import (
    Argument,
    ArgumentFile,
    ArgumentKind,
    EnvFile,
    How,
    Init,
    Memory,
    Mode,
    Policy,
    SkipPreUpgrade,
    UpgradeUnchanged,
    Yes,
    check_init,
    check_modes,
    hidden,
    install,
    warn_of_init_arg,
)
from originstamp_cli.cli.made import build, create, env_path, keep_variables
from originstamp_cli.cli.site import Site
from originstamp_cli.errors import OriginStampError, UsageError

app = typer.Typer()


@dfx_command(app, panel="As dfx")
def deploy(
    console: Console,
    canister_name: Annotated[
        str | None,
        typer.Argument(
            metavar="CANISTER_NAME", help="Which; without one all are.", show_default=False
        ),
    ] = None,
    policy: Annotated[
        Policy | None, typer.Option("--policy", help="Guard who may act, or be as deployed.")
    ] = None,
    mode: Annotated[
        Mode, typer.Option("--mode", "-m", help="What to do with what is there.")
    ] = Mode.AUTO,
    yes: Yes = False,
    argument: Argument = None,
    argument_file: ArgumentFile = None,
    argument_type: ArgumentKind = None,
    specified_id: Annotated[
        str | None, typer.Option("--specified-id", metavar="PRINCIPAL", help="Its id.")
    ] = None,
    upgrade_unchanged: UpgradeUnchanged = False,
    output_env_file: EnvFile = None,
    with_cycles: Annotated[str | None, hidden("--with-cycles", "AMOUNT")] = None,
    no_wallet: Annotated[bool, hidden("--no-wallet")] = False,  # noqa: ARG001 - there is none
    skip_pre_upgrade: SkipPreUpgrade = False,
    wasm_memory_persistence: Memory = None,
    no_asset_upgrade: Annotated[bool, hidden("--no-asset-upgrade")] = False,  # noqa: ARG001 - as dfx
    always_assist: Annotated[bool, hidden("--always-assist")] = False,  # noqa: ARG001 - as dfx
    created_at_time: Annotated[str | None, hidden("--created-at-time", "TIME")] = None,
    from_subaccount: Annotated[  # noqa: ARG001 - no cycles are taken
        str | None, hidden("--from-subaccount", "SUBACCOUNT")
    ] = None,
    subnet: Annotated[str | None, hidden("--subnet", "SUBNET")] = None,  # noqa: ARG001 - one here
    subnet_type: Annotated[str | None, hidden("--subnet-type", "TYPE")] = None,  # noqa: ARG001
    next_to: Annotated[str | None, hidden("--next-to", "CANISTER")] = None,  # noqa: ARG001
    by_proposal: Annotated[bool, hidden("--by-proposal")] = False,
    compute_evidence: Annotated[bool, hidden("--compute-evidence")] = False,
) -> None:
    """Create and install the canisters; the first to do so becomes their controller.

    Example: dfx deploy backend
    """
    quantities.understood("with-cycles", with_cycles, quantities.cycles)
    quantities.understood("created-at-time", created_at_time, quantities.number)
    own_id = quantities.understood("specified-id", specified_id, quantities.principal)
    if by_proposal or compute_evidence:
        raise OriginStampError(
            "--by-proposal and --compute-evidence are about canisters of assets, of which there "
            "are none here.",
            fix="Leave them out.",
        )
    if specified_id and canister_name is None:
        raise UsageError("the following required arguments were not provided:\n  <CANISTER_NAME>")
    init = Init(argument, argument_file, argument_type)
    check_init(console, init)
    check_modes(mode, skip_pre_upgrade=skip_pre_upgrade, memory=wasm_memory_persistence)
    site = Site(console)
    names = _chosen(site, canister_name, mode, init)
    env_file = env_path(site, output_env_file)
    how = How(mode, yes, upgrade_unchanged, policy)
    _deploy(site, canister_name, names, how, init, own_id)
    keep_variables(site, env_file, names)
    for name in names:
        run_hooks(site, name, deployed=True)
    console.inform("Deployed canisters.")
    _tell_urls(site, names)


def _chosen(site: Site, name: str | None, mode: Mode, init: Init) -> list[str]:
    if name is None:
        names = site.names()
    else:
        name = site.name_of(name)
        site.known(name)
        names = site.project.with_dependencies([name]) if site.project else [name]
    if init.given and name is None and len(names) > 1:
        raise OriginStampError(
            "The init argument can only be set when deploying a single canister."
        )
    if mode is Mode.REINSTALL and name is None:
        raise OriginStampError(
            "The --mode=reinstall is only valid when deploying a single canister, because "
            "reinstallation destroys all data in the canister."
        )
    return names


def _deploy(
    site: Site,
    name: str | None,
    names: list[str],
    how: How,
    init: Init,
    own_id: int | Principal | None,
) -> None:
    console = site.console
    _ = site.caller  # whoever cannot act is told so before anything is said to be done
    listed = " ".join(names)
    console.inform(f"Deploying: {listed}" if name else "Deploying all canisters.")
    specified = own_id if isinstance(own_id, Principal) else None
    made = [create(site, each, specified=specified if each == name else None) for each in names]
    if not any(made):
        console.inform("All canisters have already been created.")
    for each in names:
        build(site, each)
    for each in names:
        canister = site.canister(each)
        if canister is None:
            continue
        warn_of_init_arg(site, each, init)
        try:
            mode = how.mode if each == name or name is None else Mode.AUTO
            install(site, canister, how._replace(mode=mode))
        except OriginStampError as error:
            if not error.causes:
                raise
            raise _in_context(error) from error


def _in_context(error: OriginStampError) -> OriginStampError:
    return OriginStampError(
        "Failed while trying to deploy canisters.",
        causes=("Failed while trying to install all canisters.", error.message, *error.causes),
    )


def _tell_urls(site: Site, names: list[str]) -> None:
    shown = [name for name in names if site.canister(name)]
    if not shown:
        return
    site.console.inform("URLs:\n  Backend canister via Candid interface:")
    for name in shown:
        site.console.inform(f"    {name}: {site.url(site.identifier(name).text)}")
