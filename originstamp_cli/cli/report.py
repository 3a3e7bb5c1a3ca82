"""How a failure is told: on the dfx face as dfx does, on the friendly face with its remedy."""

from collections.abc import Sequence

from originstamp_cli.errors import OriginStampError
from originstamp_cli.settings import Environment

_RED = "31"
_YELLOW = "33"
_BOLD = "1"  # is read on any background


def report_as_dfx(
    error: OriginStampError, environment: Environment, *, verbose: bool = False
) -> None:
    """Write a failure as dfx does: the chain of causes, or where it has none what to do."""
    if verbose and error.undiagnosed:
        _say_chain(error.undiagnosed.split("\n"), environment)
    _say_chain([error.dfx_message, *error.causes], environment)
    if error.fix and not error.causes:
        environment.say(f"{_painted('To fix:', _YELLOW, environment)} {error.fix}")


def _say_chain(chain: Sequence[str], environment: Environment) -> None:
    environment.say(f"{_painted('Error:', _RED, environment)} {chain[0]}")
    for cause in chain[1:]:
        environment.say(f"{_painted('Caused by:', _YELLOW, environment)} {cause}")


def report_plainly(error: OriginStampError, environment: Environment) -> None:
    """Write what is wrong and, where there is something to do, what."""
    report_all([error], environment)


def report_all(errors: Sequence[OriginStampError], environment: Environment) -> None:
    """Write what is wrong with each of several things, and once each what there is to do."""
    from originstamp_cli.render import harmless

    for error in errors:
        message = harmless(error.plainly, besides="\n")
        environment.say(f"{_painted('Error:', _RED, environment)} {message}")
    for fix in dict.fromkeys(error.fix for error in errors if error.fix):
        remedy = harmless(fix, besides="\n")
        environment.say(f"{_painted('To fix:', _BOLD, environment)} {remedy}")


def _painted(text: str, colour: str, environment: Environment) -> str:
    if not environment.stderr.isatty() or environment.variables.get("NO_COLOR"):
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"
