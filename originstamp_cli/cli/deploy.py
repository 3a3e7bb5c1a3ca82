"""`deploy`: what is missing is created, everything is installed, and hooks run at the end."""

from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.cli import installing, quantities
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.hooks import run_hooks
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
        installing.Policy | None,
        typer.Option("--policy", help="Guard who may act, or be as deployed."),
    ] = None,
    mode: Annotated[
        installing.Mode, typer.Option("--mode", "-m", help="What to do with what is there.")
    ] = installing.Mode.AUTO,
    yes: installing.Yes = False,
    argument: installing.Argument = None,
    argument_file: installing.ArgumentFile = None,
    argument_type: installing.ArgumentKind = None,
    specified_id: installing.SpecifiedId = None,
    upgrade_unchanged: installing.UpgradeUnchanged = False,
    output_env_file: installing.EnvFile = None,
    with_cycles: installing.WithCycles = None,
    no_wallet: installing.NoWallet = False,  # noqa: ARG001 - there is none
    skip_pre_upgrade: installing.SkipPreUpgrade = False,
    wasm_memory_persistence: installing.Memory = None,
    no_asset_upgrade: installing.NoAssetUpgrade = False,  # noqa: ARG001 - as dfx
    always_assist: installing.AlwaysAssist = False,  # noqa: ARG001 - as dfx
    created_at_time: installing.CreatedAtTime = None,
    from_subaccount: installing.FromSubaccount = None,  # noqa: ARG001 - no cycles are taken
    subnet: installing.Subnet = None,  # noqa: ARG001 - one here
    subnet_type: installing.SubnetType = None,  # noqa: ARG001
    next_to: installing.NextTo = None,  # noqa: ARG001
    by_proposal: Annotated[bool, installing.hidden("--by-proposal")] = False,
    compute_evidence: Annotated[bool, installing.hidden("--compute-evidence")] = False,
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
    init = installing.Init(argument, argument_file, argument_type)
    installing.check_init(console, init)
    installing.check_modes(mode, skip_pre_upgrade=skip_pre_upgrade, memory=wasm_memory_persistence)
    site = Site(console)
    names = _chosen(site, canister_name, mode, init)
    env_file = env_path(site, output_env_file)
    how = installing.How(mode, yes, upgrade_unchanged, policy)
    _deploy(site, canister_name, names, how, init, own_id)
    keep_variables(site, env_file, names)
    for name in names:
        run_hooks(site, name, deployed=True)
    console.inform("Deployed canisters.")
    _tell_urls(site, names)


def _chosen(
    site: Site, name: str | None, mode: installing.Mode, init: installing.Init
) -> list[str]:
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
    if mode is installing.Mode.REINSTALL and name is None:
        raise OriginStampError(
            "The --mode=reinstall is only valid when deploying a single canister, because "
            "reinstallation destroys all data in the canister."
        )
    return names


def _deploy(
    site: Site,
    name: str | None,
    names: list[str],
    how: installing.How,
    init: installing.Init,
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
        installing.warn_of_init_arg(site, each, init)
        try:
            mode = how.mode if each == name or name is None else installing.Mode.AUTO
            installing.install(site, canister, how._replace(mode=mode))
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
