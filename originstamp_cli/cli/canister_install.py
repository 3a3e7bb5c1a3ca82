"""`canister id|set-id|url|create|install|delete`: which canisters there are, and who they are."""

from typing import Annotated

import typer

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import installation, management
from originstamp_cli.canister.runtime import Canister
from originstamp_cli.cli import installing, quantities
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.hooks import run_hooks
from originstamp_cli.cli.made import create as create_one
from originstamp_cli.cli.made import env_path, keep_variables
from originstamp_cli.cli.managing import (
    CanisterName,
    OneOrAll,
    ask_for_consent,
    attempting,
    principal,
)
from originstamp_cli.cli.site import Site
from originstamp_cli.errors import OriginStampError, UsageError
from originstamp_cli.project import no_project
from originstamp_cli.project.networks import IC

app = typer.Typer()

_IC_UI = "https://a4gq6-oaaaa-aaaab-qaa4q-cai.raw.icp0.io"
_VISIBLE = ("controllers", "public")

All = Annotated[bool, typer.Option("--all", help="All canisters in place of one.")]


@dfx_command(app, name="id")
def id_(console: Console, canister_name: CanisterName) -> str:
    """Print a canister's id; an id is printed as it was given.

    Example: dfx canister id backend
    """
    found = Site(console).identifier(canister_name)
    return found.text if canister_name.lower() != found.text else canister_name


@dfx_command(app)
def set_id(
    console: Console,
    canister_name: Annotated[str, typer.Argument(metavar="CANISTER_NAME", help="Its name.")],
    principal: Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Its id.")],
) -> None:
    """Note in the project which id a canister has on a network.

    Example: dfx canister set-id backend bkyz2-fmaaa-aaaaa-qaaaq-cai --network ic
    """
    try:
        given = Principal.from_text(principal)
    except ValueError as error:
        raise UsageError(f"invalid value '{principal}' for '<PRINCIPAL>': {error}") from None
    site = Site(console)
    if site.project is None:
        raise no_project()
    if site.canister(canister_name) and site.described.embedded:
        own = site.network.directory.ids.get(canister_name)
        if own != given:
            raise OriginStampError(
                f"On this network {canister_name} cannot have the id {given}.",
                fix="Give it one with canister create --specified-id, or name another network.",
            )
    site.keep({canister_name: given.text})
    console.inform(f"Set canister id for {canister_name} to {given}")


@dfx_command(app)
def url(console: Console, canister_name: CanisterName) -> str | None:
    """Print where a browser shows a canister's interface, as dfx names it.

    Example: dfx canister url backend
    """
    site = Site(console)
    found = site.identifier(canister_name).text
    if site.described.name == IC:
        return f"{_IC_UI}/?id={found}"
    return site.url(found) if site.described.embedded else None


@dfx_command(app)
def create(
    console: Console,
    canister_name: OneOrAll = None,
    all_: All = False,
    controller: Annotated[
        list[str] | None,
        typer.Option("--controller", metavar="CONTROLLER", help="A principal or an identity."),
    ] = None,
    specified_id: installing.SpecifiedId = None,
    compute_allocation: Annotated[
        str | None, typer.Option("--compute-allocation", "-c", metavar="PERCENT", help="0 to 100.")
    ] = None,
    memory_allocation: Annotated[
        str | None, typer.Option("--memory-allocation", metavar="SIZE", help="Such as 4GiB.")
    ] = None,
    freezing_threshold: Annotated[
        str | None, typer.Option("--freezing-threshold", metavar="SECONDS", help="In seconds.")
    ] = None,
    reserved_cycles_limit: Annotated[
        str | None, typer.Option("--reserved-cycles-limit", metavar="CYCLES", help="In cycles.")
    ] = None,
    wasm_memory_limit: Annotated[
        str | None, typer.Option("--wasm-memory-limit", metavar="SIZE", help="Such as 2GiB.")
    ] = None,
    wasm_memory_threshold: Annotated[
        str | None, typer.Option("--wasm-memory-threshold", metavar="SIZE", help="Such as 2GiB.")
    ] = None,
    log_visibility: Annotated[
        str | None,
        typer.Option("--log-visibility", metavar="controllers|public", help="Who may read logs."),
    ] = None,
    log_viewer: Annotated[
        list[str] | None,
        typer.Option("--log-viewer", metavar="PRINCIPAL", help="Who may read logs, one by one."),
    ] = None,
    with_cycles: installing.WithCycles = None,
    no_wallet: installing.NoWallet = False,  # noqa: ARG001 - there is none
    created_at_time: installing.CreatedAtTime = None,
    from_subaccount: installing.FromSubaccount = None,  # noqa: ARG001 - no cycles are taken
    subnet: installing.Subnet = None,  # noqa: ARG001 - one here
    subnet_type: installing.SubnetType = None,  # noqa: ARG001
    next_to: installing.NextTo = None,  # noqa: ARG001
) -> None:
    """Create a canister without code; who does so controls it.

    Example: dfx canister create backend
    """
    read = quantities.understood
    read("with-cycles", with_cycles, quantities.cycles)
    read("created-at-time", created_at_time, quantities.number)
    own_id = read("specified-id", specified_id, quantities.principal)
    given = {
        "compute_allocation": read("compute-allocation", compute_allocation, quantities.percent),
        "memory_allocation": read("memory-allocation", memory_allocation, quantities.memory),
        "freezing_threshold": read("freezing-threshold", freezing_threshold, quantities.number),
        "reserved_cycles_limit": read(
            "reserved-cycles-limit", reserved_cycles_limit, quantities.cycles_limit
        ),
        "wasm_memory_limit": read("wasm-memory-limit", wasm_memory_limit, quantities.wasm_memory),
        "wasm_memory_threshold": read(
            "wasm-memory-threshold", wasm_memory_threshold, quantities.wasm_memory
        ),
    }
    if specified_id and all_:
        raise UsageError("the argument '--specified-id <PRINCIPAL>' cannot be used with '--all'")
    settings: installation.Settings = {
        name: value for name, value in given.items() if value is not None
    }
    settings |= _visibility(log_visibility, log_viewer or [])
    site = Site(console)
    names = site.chosen(canister_name, all_=all_)
    for name in names:
        site.known(name)
    _ = site.caller
    if controller:
        chosen = {principal(console, text).text for text in controller}
        settings["controllers"] = sorted(chosen)
    specified = own_id if isinstance(own_id, Principal) else None
    for name in names:
        create_one(site, name, settings, specified, told=True)


def _visibility(named: str | None, viewers: list[str]) -> installation.Settings:
    """Return who may read the logs, as a canister's record has it."""
    if named is not None and viewers:
        raise UsageError(
            "the argument '--log-visibility <LOG_VISIBILITY>' cannot be used with "
            "'--log-viewer <LOG_VIEWER>'"
        )
    if named is not None and named not in _VISIBLE:
        raise UsageError(
            f"invalid value '{named}' for '--log-visibility <LOG_VISIBILITY>': "
            "Must be `controllers` or `public`."
        )
    for viewer in viewers:
        quantities.understood("log-viewer", viewer, quantities.principal)
    if viewers:
        return {"log_visibility": "allowed_viewers", "log_viewers": sorted(set(viewers))}
    return {"log_visibility": named} if named else {}


@dfx_command(app)
def install(
    console: Console,
    canister_name: OneOrAll = None,
    env_file: Annotated[
        str | None, typer.Argument(metavar="OUTPUT_ENV_FILE", help="As --output-env-file.")
    ] = None,
    all_: All = False,
    mode: Annotated[
        installing.Mode, typer.Option("--mode", "-m", help="What to do with what is there.")
    ] = installing.Mode.INSTALL,
    yes: installing.Yes = False,
    argument: installing.Argument = None,
    argument_file: installing.ArgumentFile = None,
    argument_type: installing.ArgumentKind = None,
    upgrade_unchanged: installing.UpgradeUnchanged = False,
    output_env_file: installing.EnvFile = None,
    wasm: Annotated[str | None, installing.hidden("--wasm", "FILE")] = None,
    skip_pre_upgrade: installing.SkipPreUpgrade = False,
    wasm_memory_persistence: installing.Memory = None,
    async_call: Annotated[bool, installing.hidden("--async-call")] = False,  # noqa: ARG001 - nothing takes long
    no_asset_upgrade: installing.NoAssetUpgrade = False,  # noqa: ARG001 - as dfx
    always_assist: installing.AlwaysAssist = False,  # noqa: ARG001 - as dfx
) -> None:
    """Give a canister its code.

    Example: dfx canister install backend --mode upgrade
    """
    init = installing.Init(argument, argument_file, argument_type)
    if init.given and all_:
        raise UsageError("the argument '--all' cannot be used with '--argument <ARGUMENT>'")
    installing.check_init(console, init)
    installing.check_modes(mode, skip_pre_upgrade=skip_pre_upgrade, memory=wasm_memory_persistence)
    site = Site(console)
    names = site.chosen(canister_name, all_=all_)
    if all_ and mode is installing.Mode.REINSTALL:
        raise OriginStampError(
            "The --mode=reinstall is only valid when specifying a single canister, because "
            "reinstallation destroys all data in the canister."
        )
    if wasm is not None:
        raise OriginStampError(
            f"The module {wasm} cannot be run: this program holds its canisters' code itself.",
            fix="Leave out --wasm.",
        )
    _ = site.caller
    path = env_path(site, output_env_file or env_file)
    how = installing.How(mode, yes, upgrade_unchanged)
    for name in names:
        _install(site, site.name_of(name), how, init, alone=not all_)
    keep_variables(site, path, [name for name in names if site.canister(name)])


def _install(
    site: Site, name: str, how: installing.How, init: installing.Init, *, alone: bool
) -> None:
    canister = site.canister(name)
    found = site.identifier(name)
    if canister is not None:
        installing.warn_of_init_arg(site, name, init)
        installing.install(site, canister, how)
        run_hooks(site, name, deployed=False)
    elif found.text == name:
        raise OriginStampError(
            "When installing a canister by its ID, you must specify `--wasm` option."
        )
    elif alone:
        raise OriginStampError(
            "The canister must be built before install. Please run `dfx build`.",
            fix=f"This program does not hold the code of '{name}'.",
        )


@dfx_command(app)
def delete(
    console: Console,
    canister_name: OneOrAll = None,
    all_: All = False,
    yes: installing.Yes = False,
    no_withdrawal: Annotated[
        bool, typer.Option("--no-withdrawal", help="Leave its cycles; it must be stopped.")
    ] = False,
    withdraw_cycles_to_canister: Annotated[
        str | None, installing.hidden("--withdraw-cycles-to-canister", "CANISTER")
    ] = None,
    withdraw_cycles_to_dank: Annotated[
        bool, installing.hidden("--withdraw-cycles-to-dank")
    ] = False,
    withdraw_cycles_to_dank_principal: Annotated[
        str | None, installing.hidden("--withdraw-cycles-to-dank-principal", "PRINCIPAL")
    ] = None,
    initial_margin: Annotated[str | None, installing.hidden("--initial-margin", "CYCLES")] = None,
    to_subaccount: Annotated[  # noqa: ARG001 - no cycles are sent
        str | None, installing.hidden("--to-subaccount", "SUBACCOUNT")
    ] = None,
    no_wallet: installing.NoWallet = False,  # noqa: ARG001 - there is none
) -> None:
    """Delete a canister for ever; what backend remembered stays as a dated backup.

    Example: dfx canister delete backend --yes
    """
    quantities.understood("initial-margin", initial_margin, quantities.cycles)
    withdrawal = (
        withdraw_cycles_to_canister or withdraw_cycles_to_dank or withdraw_cycles_to_dank_principal
    )
    if no_withdrawal and withdrawal:
        raise UsageError(
            "the argument '--no-withdrawal' cannot be used with one that withdraws cycles"
        )
    site = Site(console)
    names = site.chosen(canister_name, all_=all_)
    _ = site.caller
    if all_:
        names = [name for name in names if _exists(site, name)]
    for name in names:
        _delete(site, name, yes=yes, withdraws=not no_withdrawal)


def _exists(site: Site, name: str) -> bool:
    try:
        return bool(site.identifier(name))
    except OriginStampError:
        return False


def _delete(site: Site, typed: str, *, yes: bool, withdraws: bool) -> None:
    console, name = site.console, site.name_of(typed)
    found = site.identifier(name)
    canister = site.canister(name)
    with attempting(f"Failed to delete canister {found}."):
        if canister is not None:
            _delete_from_network(site, typed, canister, yes=yes, withdraws=withdraws)
        elif found.text == name:
            raise management.not_found(found, installation.DELETE_CANISTER)
    console.inform(f"Deleting canister {typed}, with canister_id {found}")
    site.forget(name)


def _delete_from_network(
    site: Site, typed: str, canister: Canister, *, yes: bool, withdraws: bool
) -> None:
    console, host = site.console, site.network.host
    if withdraws:
        console.inform(
            "Beginning withdrawal of cycles; on failure try --no-wallet --no-withdrawal."
        )
        if not yes and installation.is_running(host, canister):
            ask_for_consent(console, f"Canister {typed} has not been stopped. Delete anyway?")
    backup = installation.delete(host, canister, site.caller, stop=withdraws)
    site.network.look_again()
    if backup:
        console.detail(f"What it remembered is kept in {backup}.")
