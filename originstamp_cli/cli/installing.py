"""What `deploy` and `canister install` have in common: options, consent, and the installation."""

import os
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from originstamp_cli.candid import CandidError, parse_dfx_argument
from originstamp_cli.canister import installation, lifecycle, management
from originstamp_cli.canister.runtime import Canister
from originstamp_cli.cli.argument import hex_bytes
from originstamp_cli.cli.common import Console
from originstamp_cli.cli.managing import ask_for_consent, attempting
from originstamp_cli.cli.site import Site
from originstamp_cli.errors import OriginStampError, UsageError


class Mode(StrEnum):
    """What to do about code and data that are there."""

    INSTALL = installation.INSTALL
    REINSTALL = installation.REINSTALL
    UPGRADE = installation.UPGRADE
    AUTO = installation.AUTO


class Policy(StrEnum):
    """How strict the canister is."""

    HARDENED = lifecycle.HARDENED
    FAITHFUL = lifecycle.FAITHFUL


class ArgumentType(StrEnum):
    """How an init argument is written."""

    IDL = "idl"
    RAW = "raw"


class Persistence(StrEnum):
    """What becomes of a canister's memory in an upgrade."""

    KEEP = "keep"
    REPLACE = "replace"


def hidden(name: str, metavar: str | None = None) -> typer.models.OptionInfo:
    """Return an option that scripts give and that changes nothing here."""
    info: typer.models.OptionInfo = typer.Option(
        name, metavar=metavar, hidden=True, help="Accepted as dfx does; it changes nothing here."
    )
    return info


Argument = Annotated[
    str | None,
    typer.Option("--argument", metavar="ARGUMENT", help="Init argument; none is expected."),
]
ArgumentFile = Annotated[
    str | None,
    typer.Option("--argument-file", metavar="FILE", help="Read it from a file; - is stdin."),
]
ArgumentKind = Annotated[
    ArgumentType | None, typer.Option("--argument-type", help="How the argument is written.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
UpgradeUnchanged = Annotated[
    bool, typer.Option("--upgrade-unchanged", help="Upgrade though the code is the same.")
]
SkipPreUpgrade = Annotated[bool, hidden("--skip-pre-upgrade")]
Memory = Annotated[Persistence | None, hidden("--wasm-memory-persistence")]
NoWallet = Annotated[bool, hidden("--no-wallet")]
NoAssetUpgrade = Annotated[bool, hidden("--no-asset-upgrade")]
AlwaysAssist = Annotated[bool, hidden("--always-assist")]
SpecifiedId = Annotated[
    str | None, typer.Option("--specified-id", metavar="PRINCIPAL", help="Its id.")
]
WithCycles = Annotated[str | None, hidden("--with-cycles", "AMOUNT")]
CreatedAtTime = Annotated[str | None, hidden("--created-at-time", "TIME")]
FromSubaccount = Annotated[str | None, hidden("--from-subaccount", "SUBACCOUNT")]
Subnet = Annotated[str | None, hidden("--subnet", "SUBNET")]
SubnetType = Annotated[str | None, hidden("--subnet-type", "TYPE")]
NextTo = Annotated[str | None, hidden("--next-to", "CANISTER")]
EnvFile = Annotated[
    str | None,
    typer.Option(
        "--output-env-file", metavar="FILE", help="Keep the ids in this file of the project."
    ),
]


class Init(NamedTuple):
    """The init argument as the command line has it."""

    text: str | None
    file: str | None
    kind: ArgumentType | None

    @property
    def given(self) -> bool:
        """Whether there is one."""
        return self.text is not None or self.file is not None


class How(NamedTuple):
    """How to install: the mode, what was agreed to beforehand, and the policy to set."""

    mode: Mode
    yes: bool
    upgrade_unchanged: bool
    policy: Policy | None = None


def check_modes(mode: Mode, *, skip_pre_upgrade: bool, memory: Persistence | None) -> None:
    """Raise `OriginStampError` for options of an upgrade beside another mode."""
    if (skip_pre_upgrade or memory) and mode not in {Mode.UPGRADE, Mode.AUTO}:
        raise OriginStampError(
            "--skip-pre-upgrade and --wasm-memory-persistence can only be used with mode "
            "'upgrade' or 'auto'."
        )


def check_init(console: Console, init: Init) -> None:
    """Read the init argument as Candid and let it go: no canister here is made with one.

    Raises `UsageError` in clap's words, and `OriginStampError` for what is no argument.
    """
    if init.kind and init.text is None:
        raise UsageError(
            "the following required arguments were not provided:\n  --argument <ARGUMENT>"
        )
    if init.text is not None and init.file is not None:
        raise UsageError(
            "the argument '--argument <ARGUMENT>' cannot be used with "
            "'--argument-file <ARGUMENT_FILE>'"
        )
    if init.file not in {None, "-"} and not os.path.isfile(str(init.file)):
        raise UsageError(
            f"invalid value '{init.file}' for '--argument-file <ARGUMENT_FILE>': "
            "Path does not exist or is not a file."
        )
    if not init.given:
        return
    text = _text(console, init)
    try:
        if init.kind is ArgumentType.RAW:
            hex_bytes(text)
        else:
            parse_dfx_argument(text, [])
    except CandidError as error:
        if error.kind == "parse":
            console.environment.say(error.frame("Candid argument"))
        raise _no_argument(f"Invalid Candid values: {error.message}") from error
    except ValueError as error:
        raise _no_argument(f"Argument is not a valid hex string: {error}") from error


def _no_argument(why: str) -> OriginStampError:
    return OriginStampError(
        "Failed to create argument blob.", causes=(f"Invalid data: Invalid argument: {why}",)
    )


def _text(console: Console, init: Init) -> str:
    if init.file is None:
        return init.text or ""
    if init.file == "-":
        return console.environment.read_stdin()
    try:
        with open(init.file, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeError) as error:
        raise OriginStampError(
            f"Failed to read the argument from '{init.file}'.", causes=(str(error),)
        ) from error


def warn_of_init_arg(site: Site, name: str, init: Init) -> None:
    """Say so where dfx.json has another init argument than the command line, which counts."""
    named = site.project.canister(name) if site.project else None
    ours = (named.init_arg or named.init_arg_file) if named else None
    if ours and init.text is not None and ours != init.text:
        site.console.warn(
            f"Canister '{name}' has init_arg/init_arg_file in dfx.json: {ours},\n"
            f"which is different from the one specified in the command line: {init.text}.\n"
            "The command line value will be used."
        )


def install(site: Site, canister: Canister, how: How) -> None:
    """Give a canister its code and tell so; raises `OriginStampError`."""
    console, name = site.console, canister.NAME
    what = f"Failed to install wasm module to canister '{name}'."
    if how.mode is Mode.REINSTALL and not how.yes:
        _agree_to_lose(console, name, what)
    policy = how.policy.value if how.policy and canister.NUMBER == lifecycle.OWNER_NUMBER else None
    with attempting(what):
        done = installation.install(
            site.network.host, canister, site.caller, how.mode.value, policy
        )
    if done.unchanged and not how.upgrade_unchanged:
        console.inform(f"Module hash {management.module_hash(canister)} is already installed.")
    if policy:
        console.inform(f"The policy of canister {name} is {policy}.")
    if done.backup:
        console.detail(f"What it remembered is kept in {done.backup}.")
    verb = installation.DONE[done.mode]
    found = site.network.canister_id(name)
    console.inform(f"{verb} code for canister {name}, with canister ID {found}")


def _agree_to_lose(console: Console, name: str, what: str) -> None:
    message = (
        f"You are about to reinstall the {name} canister\n"
        "This will OVERWRITE all the data and code in the canister.\n\n"
        "YOU WILL LOSE ALL DATA IN THE CANISTER.\n\n"
    )
    try:
        ask_for_consent(console, message)
    except OriginStampError as error:
        causes = ("Refusing to install canister without approval", error.message)
        raise OriginStampError(what, causes=causes) from error
