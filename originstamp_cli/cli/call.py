"""`canister call`: from a command line to a reply, on the light path that loads no Typer."""

from collections.abc import Sequence
from os.path import isfile

from originstamp_cli.candid import (
    CandidError,
    Method,
    Service,
    parse_dfx_argument,
    show_args,
)
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value
from originstamp_cli.cli.options import CALL, GLOBALS, Arguments, conflict, missing, read
from originstamp_cli.cli.report import report_as_dfx
from originstamp_cli.errors import DFX_FAILED, NO_AGENT, IdentityError, OriginStampError, UsageError
from originstamp_cli.identity import Identities
from originstamp_cli.network import QUERY, UPDATE, Local, Network, Request, connect
from originstamp_cli.settings import LOCAL, Environment, Settings

WARNINGS = -1  # the lowest loudness at which warnings are still told
_NAMES = ("CANISTER_NAME", "METHOD_NAME", "ARGUMENT")
_USAGE = "Usage: dfx canister call [OPTIONS] <CANISTER_NAME> <METHOD_NAME> [ARGUMENT]"
_UNSERIALIZABLE = "Invalid data: Unable to serialize Candid values: "


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
        raise missing(*_NAMES[len(given) : 2])
    if len(given) > len(_NAMES):
        raise UsageError(f"unexpected argument '{given[len(_NAMES)]}' found")
    path = arguments.text("argument-file")
    if path is not None and len(given) == len(_NAMES):
        raise conflict("--argument-file <ARGUMENT_FILE>", "[ARGUMENT]")
    if path not in {None, "-"} and not isfile(str(path)):
        raise UsageError(
            f"invalid value '{path}' for '--argument-file <ARGUMENT_FILE>': "
            "Path does not exist or is not a file."
        )
    return arguments


def answered(arguments: Arguments, environment: Environment) -> str:
    """Return the reply as it is printed; raises `OriginStampError` for what dfx fails with."""
    name, method = arguments.positionals[:2]
    settings = Settings(
        environment,
        state=arguments.text("state"),
        network=arguments.network,
        identity=arguments.text("identity"),
    )
    network = reached(settings)
    network.check_running()
    caller = acting_principal(settings)
    canister = network.canister_id(name)
    service = _interface(arguments, network, canister)
    signature = service.methods.get(method) if service else None
    if signature is None and arguments.loudness >= WARNINGS:
        environment.say(
            f"WARNING: Cannot fetch Candid interface for {method}, "
            "sending arguments with inferred types."
        )
    kind = _kind(arguments, signature, method)
    types = signature.args if signature else None
    values = _values(_argument(arguments, environment), types, environment)
    request = Request(canister, method, values=values, types=types, caller=caller, kind=kind)
    reply = network.call(request)
    answer, results = reply.read_at(signature.results if signature else None)
    return _printed(answer, results, arguments.text("output") or "pp")


def reached(settings: Settings) -> Local:
    """Return the network to act on; raises `NetworkError`, and as dfx does on the real one."""
    if settings.network != LOCAL:
        from originstamp_cli.cli.mainnet import refuse_plaintext_identity

        refuse_plaintext_identity(settings)
    return connect(settings)


def acting_principal(settings: Settings) -> Principal:
    """Return the principal that acts; where there is none, it is told as dfx tells it of a call."""
    try:
        return acting(settings).principal()
    except IdentityError as error:
        place = f"Failed to create AgentEnvironment for network '{settings.network}'."
        raise IdentityError(NO_AGENT, causes=(place, error.message, *error.causes)) from error


def acting(settings: Settings) -> Identities:
    """Return the user's identities, the acting one chosen by the settings."""
    return Identities(
        settings.dfx_folder,
        settings.data_folder,
        say=settings.environment.say,
        random_bytes=settings.environment.random_bytes,
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


def _argument(arguments: Arguments, environment: Environment) -> str | None:
    path = arguments.text("argument-file")
    if path is None:
        return arguments.positionals[2] if len(arguments.positionals) > 2 else None  # noqa: PLR2004
    try:
        if path == "-":
            return environment.read_stdin().encode().decode()  # no bytes that are not UTF-8
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeError) as error:
        raise OriginStampError(
            f"Failed to read the argument from '{path}'.", causes=(str(error),)
        ) from error


def _values(text: str | None, types: list[Type] | None, environment: Environment) -> list[Value]:
    """Return the values to send, by the order of rules of dfx 0.32."""
    if text is None:
        if types is None or all(wanted.resolve().kind == "opt" for wanted in types):
            return [None] * len(types or [])
        raise _unserializable("Invalid data: Expected arguments but found none.")
    try:
        return parse_dfx_argument(text, types)
    except CandidError as error:
        if error.kind == "parse":
            environment.say(error.frame("Candid argument"))
            raise _unserializable(
                f"{_UNSERIALIZABLE}Invalid argument: Invalid Candid values: {error.message}"
            ) from error
        raise _unserializable(f"{_UNSERIALIZABLE}{_UNSERIALIZABLE}{error.message}") from error


def _unserializable(why: str) -> OriginStampError:
    return OriginStampError("Failed to create argument blob.", causes=(why,))


def _printed(values: list[Value], types: list[Type] | None, form: str) -> str:
    if form == "json":
        from originstamp_cli.candid import to_json

        return to_json(values, types)
    return show_args(values, types, form)
