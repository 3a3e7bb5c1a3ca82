"""`candid`: the language of calls, without a call: text to bytes and back, interfaces compared."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from originstamp_cli.candid import CandidError, Method, Service, show_args, to_json
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend
from originstamp_cli.cli.argument import SOURCE, hex_bytes
from originstamp_cli.cli.common import Console, plain_command
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import OriginStampError, UsageError
from originstamp_cli.render import harmless
from originstamp_cli.settings import Environment

PANEL = "Candid"
app = typer.Typer(help="Read, write and check Candid, the language of calls.")

_STDIN = "-"
_SEED_BYTES = 4
_LARGEST_SEED = 2**32 - 1

T = TypeVar("T")


class Style(StrEnum):
    """How values are printed."""

    PP = "pp"
    IDL = "idl"
    JSON = "json"


Did = Annotated[
    str | None,
    typer.Option("--did", metavar="FILE", help="The interface; the backend's own if not given."),
]
MethodName = Annotated[
    str | None, typer.Option("--method", metavar="METHOD", help="A method of the interface.")
]
OneMethod = Annotated[
    str, typer.Option("--method", metavar="METHOD", help="A method of the interface.")
]
Output = Annotated[Style, typer.Option("--output", help="How the values are printed.")]


@plain_command(app)
def encode(
    console: Console,
    argument: Annotated[
        str, typer.Argument(metavar="TEXT", help="Values, such as '(\"a\", 1)'; - is stdin.")
    ],
    did: Did = None,
    method: MethodName = None,
) -> str:
    """Turn text into the bytes that a call sends, in hex.

    Without a method each value has the type that it is written as.

    Example: originstamp candid encode --method get_user_info '("alice")'
    """
    from originstamp_cli.candid import encode_args, parse_args

    _check_stdin(argument, did)
    found = _method(console, did, method)
    types = found.args if found else None
    text = _given(console, argument)

    def work() -> bytes:
        return encode_args(parse_args(text, types, exact=True), types)

    return _understood(work, SOURCE, console.environment).hex()


@plain_command(app)
def decode(
    console: Console,
    message: Annotated[str, typer.Argument(metavar="HEX", help="A message's bytes; - is stdin.")],
    did: Did = None,
    method: MethodName = None,
    args: Annotated[bool, typer.Option("--args", help="It is what the method is sent.")] = False,
    output: Output = Style.PP,
) -> str:
    """Turn the bytes of a reply, in hex, into text.

    Without a method the types are those that the message brings, and names are numbers.

    Example: originstamp candid decode 4449444c0001710548656c6c6f
    """
    from originstamp_cli.candid import decode_args

    _check_stdin(message, did)
    found = _method(console, did, method)
    types = (found.args if args else found.results) if found else None
    data = _bytes(_given(console, message))
    values, read = _understood(lambda: decode_args(data, types), "message", console.environment)
    return _printed(values, read, output)


@plain_command(app)
def check(
    console: Console,
    file: Annotated[str, typer.Argument(metavar="FILE", help="An interface; - is stdin.")],
) -> None:
    """Check an interface (a .did file). Says nothing where all is well.

    Example: originstamp candid check shop.did
    """
    from originstamp_cli.candid import check_did

    text = _read(console, file)
    _understood(lambda: check_did(text), file, console.environment)


@plain_command(app)
def subtype(
    console: Console,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The interface to come; - is stdin.")],
    old: Annotated[str, typer.Argument(metavar="OLD", help="The one that clients know.")],
) -> None:
    """Check that a new interface still serves the clients of an old one; exits 1 where not.

    Example: originstamp candid subtype shop.did shop-1.did
    """
    from originstamp_cli.candid import why_not_upgrade

    _check_stdin(new, old)
    services = [_service(console, path) for path in (new, old)]
    reasons = _understood(lambda: why_not_upgrade(*services), new, console.environment)
    if reasons:
        lines = "".join([f"\n  {reason}" for reason in reasons])
        raise OriginStampError(f"{new} cannot take the place of {old}:{lines}")


@plain_command(app, name="hash")
def hash_(
    console: Console,  # noqa: ARG001 - every command gets it
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The name of a field or a tag.")],
) -> str:
    """Print the number that a name becomes on the wire, and in replies without an interface.

    Example: originstamp candid hash art_title
    """
    from originstamp_cli.candid import field_id

    return str(field_id(label))


@plain_command(app)
def random(
    console: Console,
    method: OneMethod,
    did: Did = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=_LARGEST_SEED, help="The same values for the same number."),
    ] = None,
    output: Output = Style.PP,
) -> str:
    """Print random arguments for a method.

    Example: originstamp candid random --method login --seed 7
    """
    from originstamp_cli.candid import random_args

    found = _found(_service(console, did), method)
    if seed is None:
        seed = int.from_bytes(console.environment.random_bytes(_SEED_BYTES))
    values = _understood(lambda: random_args(found.args, seed), method, console.environment)
    return _printed(values, found.args, output)


# --- what is given ---


def _method(console: Console, did: str | None, name: str | None) -> Method | None:
    if name is not None:
        return _found(_service(console, did), name)
    if did is not None:
        raise UsageError("An interface is given, but no method of it.", fix="Add --method METHOD.")
    return None


def _found(service: Service, name: str) -> Method:
    if name not in service.methods:
        raise OriginStampError(
            f"The interface has no method {name!r}.{nearest(name, list(service.methods))}"
        )
    return service.methods[name]


def _service(console: Console, path: str | None) -> Service:
    if path is None:
        return backend.interface()
    from originstamp_cli.candid import parse_service

    text = _read(console, path)
    return _understood(lambda: parse_service(text), path, console.environment)


def _check_stdin(*words: str | None) -> None:
    if words.count(_STDIN) > 1:
        raise UsageError("Standard input can be only one of them.", fix="Name a file for another.")


def _given(console: Console, word: str) -> str:
    return _read(console, word) if word == _STDIN else word


def _read(console: Console, path: str) -> str:
    """Return a file's text, or what there is of standard input; raises `OriginStampError`."""
    try:
        if path == _STDIN:
            return console.environment.read_stdin().encode().decode()  # no bytes but UTF-8
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeError:
        raise OriginStampError(
            f"{path!r} is not valid UTF-8 text.", fix="Encode it as UTF-8."
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise OriginStampError(
            f"{path!r} cannot be read: {why}.", fix="Check the path; - is standard input."
        ) from None


def _bytes(text: str) -> bytes:
    try:
        return hex_bytes(text.strip().removeprefix("0x"))
    except ValueError as error:
        raise OriginStampError(
            f"The message is not hex: {error}.", fix="Give two digits of 0 to 9 and a to f a byte."
        ) from None


# --- what comes of it ---


def _understood(work: Callable[[], T], source: str, environment: Environment) -> T:
    """Return what comes of reading Candid, or show where it is wrong; raises `OriginStampError`."""
    try:
        return work()
    except CandidError as error:
        if error.kind == "binary":
            raise OriginStampError(f"The message cannot be read: {error.message}.") from error
        if error.kind != "value":
            name = "standard input" if source == _STDIN else source
            environment.say(harmless(error.frame(name), besides="\n"))
        raise OriginStampError(error.message) from error


def _printed(values: Sequence[Value], types: Sequence[Type], style: Style) -> str:
    return to_json(values, types) if style is Style.JSON else show_args(values, types, style)
