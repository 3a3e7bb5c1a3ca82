"""What a call sends as its argument, by the order of rules of dfx 0.32."""

from originstamp_cli.candid import CandidError, parse_dfx_argument, show_args
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value
from originstamp_cli.cli.options import Arguments
from originstamp_cli.errors import OriginStampError
from originstamp_cli.settings import Environment, Settings

SOURCE = "Candid argument"  # as dfx calls the text in its drawings
_UNSERIALIZABLE = "Invalid data: Unable to serialize Candid values: "
_ANY_VALUE = ("", "{=}")  # an empty configuration, as nothing and as Dhall has it
_SEED_BYTES = 8


def given_argument(arguments: Arguments, environment: Environment) -> str | None:
    """Return the argument's text, from the command line, a file or standard input, if there is one.

    Raises `OriginStampError` where it cannot be read.
    """
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


def argument_values(
    text: str | None, types: list[Type] | None, arguments: Arguments, settings: Settings
) -> list[Value]:
    """Return the values to send at `types` (None: no interface is known, each is `Typed`).

    Raises `OriginStampError` where there is no argument or none that fits, once its place is shown.
    """
    environment = settings.environment
    if text is not None:
        return _read(text, types, environment)
    if not types or _may_be_left_out(types, arguments):
        return [None] * len(types or [])
    if arguments.given("random"):
        return _random(arguments.text("random") or "", types, environment)
    if environment.on_terminal:
        from originstamp_cli.cli.assist import assisted

        return assisted(types, settings)
    raise unserializable("Invalid data: Expected arguments but found none.")


def raw_argument(text: str) -> bytes:
    """Return the bytes that an argument spells as hex; raises `OriginStampError` for another."""
    try:
        return hex_bytes(text)
    except ValueError as error:
        reason = f"Invalid argument: Argument is not a valid hex string: {error}"
        raise unserializable(reason) from None


def hex_bytes(text: str) -> bytes:
    """Return the bytes that hex digits spell; raises `ValueError` in the words of dfx's reader."""
    digits = text.encode("utf-8", "surrogateescape")
    if len(digits) % 2:
        raise ValueError("Odd number of digits")
    for at, digit in enumerate(digits):
        if digit not in b"0123456789abcdefABCDEF":
            raise ValueError(f"Invalid character {_quoted(chr(digit))} at position {at}")
    return bytes.fromhex(digits.decode())


def _quoted(letter: str) -> str:
    from originstamp_cli.candid.escapes import quote_debug

    shown = {"'": "\\'", '"': '"'}.get(letter) or quote_debug(letter)[1:-1]
    return f"'{shown}'"


def _read(text: str, types: list[Type] | None, environment: Environment) -> list[Value]:
    try:
        return parse_dfx_argument(text, types)
    except CandidError as error:
        environment.say(error.frame(SOURCE))
        if error.kind == "parse":
            raise unserializable(
                f"{_UNSERIALIZABLE}Invalid argument: Invalid Candid values: {error.message}"
            ) from error
        raise unserializable(f"{_UNSERIALIZABLE}{_UNSERIALIZABLE}{error.message}") from error


def _random(configuration: str, types: list[Type], environment: Environment) -> list[Value]:
    from originstamp_cli.candid import random_args

    if configuration not in _ANY_VALUE:
        raise unserializable(
            f"The random values cannot be configured by {configuration!r}: this version reads no "
            "Dhall. Say --random '' for any values."
        )
    if not configuration:
        environment.say("Random schema is empty, using any random value instead.")
    seed = int.from_bytes(environment.random_bytes(_SEED_BYTES))
    try:
        values = random_args(types, seed)
    except CandidError as error:
        raise unserializable(f"Invalid data: {error.message}") from error
    environment.say(f"Sending the following random argument:\n{show_args(values, types)}\n")
    return values


def _may_be_left_out(types: list[Type], arguments: Arguments) -> bool:
    all_opt = all(wanted.resolve().kind == "opt" for wanted in types)
    return all_opt and not arguments.given("always-assist")


def unserializable(why: str) -> OriginStampError:
    """Return the error of an argument that there cannot be."""
    return OriginStampError("Failed to create argument blob.", causes=(why,))
