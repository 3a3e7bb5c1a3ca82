"""`canister call`: from a command line to a reply, on the light path that loads no Typer."""

from collections.abc import Sequence
from os.path import isfile

from originstamp_cli.candid import CandidError, Method, Service, show_args
from originstamp_cli.candid.principal import Principal
from originstamp_cli.cli.argument import argument_values, given_argument, raw_argument
from originstamp_cli.cli.options import (
    ARGUMENT,
    CALL,
    GLOBALS,
    Arguments,
    conflict,
    missing,
    read,
)
from originstamp_cli.cli.passphrase import Passphrase
from originstamp_cli.cli.report import report_as_dfx
from originstamp_cli.errors import (
    DFX_FAILED,
    NO_AGENT,
    CallRejected,
    IdentityError,
    OriginStampError,
    UsageError,
)
from originstamp_cli.identity import Identities
from originstamp_cli.network import (
    QUERY,
    UPDATE,
    Local,
    Network,
    Reply,
    Request,
    connect,
)
from originstamp_cli.settings import LOCAL, WARNINGS, Environment, Settings

_NAMES = ("CANISTER_NAME", "METHOD_NAME", "ARGUMENT")
_USAGE = "Usage: dfx canister call [OPTIONS] <CANISTER_NAME> <METHOD_NAME> [ARGUMENT]"


def main(words: Sequence[str], environment: Environment) -> int:
    """Make the call that a command line asks for, print the reply, and return the exit code."""
    try:
        arguments = understood(words)
    except UsageError as error:
        environment.say(
            f"error: {error.message}\n\n{_USAGE}\n\nFor more information, try '--help'.\n"
        )
        return error.exit_code
    try:
        environment.log_to(arguments.text("log"), arguments.text("logfile"))
        environment.show(answered(arguments, environment))
    except OriginStampError as error:
        report_as_dfx(error, environment, verbose=arguments.loudness > 0)
        return DFX_FAILED
    return 0


def understood(words: Sequence[str]) -> Arguments:
    """Return the command line, read and checked; raises `UsageError` in clap's words."""
    arguments = read(words, (*CALL, *GLOBALS))
    given = arguments.positionals
    if len(given) < 2:  # noqa: PLR2004 - the argument may be left out
        raise missing(*(f"<{name}>" for name in _NAMES[len(given) : 2]))
    if len(given) > len(_NAMES):
        raise UsageError(f"unexpected argument '{given[len(_NAMES)]}' found")
    has_argument = len(given) == len(_NAMES)
    for option in CALL if has_argument else ():
        if ARGUMENT in option.conflicts and arguments.given(option.name):
            raise conflict(option.usage, ARGUMENT)
    if arguments.given("type") and not has_argument:
        raise missing(f"<{_NAMES[-1]}>")
    path = arguments.text("argument-file")
    if path not in {None, "-"} and not isfile(str(path)):
        raise UsageError(
            f"invalid value '{path}' for '--argument-file <ARGUMENT_FILE>': "
            "Path does not exist or is not a file."
        )
    return arguments


def answered(arguments: Arguments, environment: Environment) -> str:
    """Return the reply as it is printed; raises `OriginStampError` for what dfx fails with."""
    name, method = arguments.positionals[:2]
    refuse_wallet(arguments.text("wallet"))
    settings = Settings(
        environment,
        state=arguments.text("state"),
        network=arguments.network,
        identity=arguments.text("identity"),
        loudness=arguments.loudness,
        at=arguments.at,
    )
    if arguments.given("impersonate"):
        refuse_impersonation_elsewhere(settings)
    network = reach(settings)
    network.check_running()
    caller = caller_of(settings, arguments.text("impersonate"))
    canister = network.canister_id(name)
    service = _interface(arguments, network, canister)
    signature = service.methods.get(method) if service else None
    if signature is None and arguments.loudness >= WARNINGS:
        _warn(method, service, environment)
    kind = _kind(arguments, signature, method)
    request = Request(canister, method, caller=caller, kind=kind)
    _add_argument(request, signature, arguments, settings)
    if arguments.given("async"):
        return _submitted(network, request, arguments, environment)
    return _printed(_sent(network, request, arguments), signature, arguments, environment)


def _warn(method: str, service: Service | None, environment: Environment) -> None:
    """Say that a method is in no interface that is known, and which name is near."""
    environment.log(
        f"WARNING: Cannot fetch Candid interface for {method}, "
        "sending arguments with inferred types."
    )
    if service is None:
        return
    from difflib import get_close_matches

    near = get_close_matches(method, service.methods, n=1)
    if near:
        environment.log(f"The interface has no method {method!r}; did you mean {near[0]!r}?")


def _add_argument(
    request: Request, signature: Method | None, arguments: Arguments, settings: Settings
) -> None:
    text = given_argument(arguments, settings.environment)
    if text is not None and arguments.text("type") == "raw":
        request.data = raw_argument(text)
        return
    request.types = signature.args if signature else None
    request.values = argument_values(text, request.types, arguments, settings)


def reach(settings: Settings) -> Local:
    """Return the network to act on; raises `NetworkError` for one that does not answer.

    Raises `IdentityError` where a key in plain text would act on the main network, which dfx does
    not let it do without being told to.
    """
    if settings.network != LOCAL:
        from originstamp_cli.cli.mainnet import refuse_plaintext_identity

        refuse_plaintext_identity(settings)
    return connect(settings)


def _place(settings: Settings) -> str:
    return f"Failed to create AgentEnvironment for network '{settings.network}'."


def _sent(network: Local, request: Request, arguments: Arguments) -> Reply:
    """Return what the canister answers; a call in another's name fails in other words."""
    try:
        return network.call(request)
    except CallRejected as rejection:
        if not arguments.given("impersonate"):
            raise
        from originstamp_cli.cli.requests import as_the_emulator_says

        raise as_the_emulator_says(rejection) from None


def _submitted(
    network: Local, request: Request, arguments: Arguments, environment: Environment
) -> str:
    from originstamp_cli.cli.requests import as_the_emulator_says, submit

    try:
        id_ = submit(network, request)
    except CallRejected as rejection:
        if arguments.given("impersonate"):
            raise as_the_emulator_says(rejection) from None
        raise
    environment.say("Request ID: ", end="")
    return f"0x{id_}"


def refuse_wallet(wallet: str | None) -> None:
    """Raise `OriginStampError` where a call is to go through a wallet: there are none."""
    if wallet is not None:
        raise OriginStampError(
            f"There are no wallets here, so nothing can be sent through {wallet!r}.",
            fix="Leave out --wallet, and --with-cycles with it.",
        )


def refuse_impersonation_elsewhere(settings: Settings) -> None:
    """Raise `OriginStampError` where somebody would be played on another machine's network."""
    from originstamp_cli.project.networks import is_embedded

    if not is_embedded(settings):
        raise OriginStampError(
            "Impersonating sender is only supported for a local PocketIC instance."
        )


def caller_of(settings: Settings, impersonated: str | None = None) -> Principal:
    """Return the principal that acts; where there is none, it is told as dfx tells it of a call.

    One that is impersonated does in place of the identity, which has to be there all the same.
    """
    try:
        own = acting(settings).principal()
        return own if impersonated is None else Principal.from_text(impersonated)
    except IdentityError as error:
        causes = (_place(settings), error.message, *error.causes)
        raise IdentityError(NO_AGENT, causes=causes) from error


def acting(settings: Settings) -> Identities:
    """Return the user's identities, the acting one chosen by the settings."""
    environment = settings.environment
    return Identities(
        settings.dfx_folder,
        settings.data_folder,
        say=environment.say,
        passwords=Passphrase(environment),
        keyring_file=environment.variables.get("DFX_CI_MOCK_KEYRING_LOCATION"),
        random_bytes=environment.random_bytes,
        selected=settings.identity,
    )


def _interface(arguments: Arguments, network: Network, canister: Principal) -> Service | None:
    """Return the interface to go by; a file that cannot be read means that none is known."""
    path = arguments.text("candid")
    if path is None:
        return network.interface(canister)
    try:
        with open(path, encoding="utf-8") as file:
            from originstamp_cli.candid import parse_service

            return parse_service(file.read())
    except (OSError, ValueError):
        return None


def _kind(arguments: Arguments, signature: Method | None, method: str) -> str:
    """Return whether to query or update, as dfx 0.32 decides; raises where `--query` cannot be."""
    if arguments.given("update") or (signature is None and not arguments.given("query")):
        return UPDATE
    if signature is None or signature.mode in {"query", "composite_query"}:
        return QUERY
    if arguments.given("query"):
        raise OriginStampError(
            f"{method} is an update method, not a query method.",
            fix="Run the command without '--query'.",
            undiagnosed="Not a query method.",
        )
    return UPDATE


def _printed(
    reply: Reply, signature: Method | None, arguments: Arguments, environment: Environment
) -> str:
    form = arguments.text("output") or "pp"
    if form == "raw":
        return reply.data.hex()
    try:
        values, types = reply.read_at(signature.results if signature else None)
    except CandidError as error:
        environment.say(f"Error deserializing blob 0x{reply.data.hex()}")
        raise OriginStampError(
            "Failed to deserialize idl blob: Invalid data.", causes=(error.message,)
        ) from error
    if form == "json":
        from originstamp_cli.candid import to_json

        return to_json(values, types)
    return show_args(values, types, form)
