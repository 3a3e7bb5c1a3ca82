"""How a failure is told: on the dfx face as dfx does, on the friendly face with its remedy."""

from originstamp_cli.errors import OriginStampError
from originstamp_cli.settings import Environment

_RED = "31"
_YELLOW = "33"


def report_as_dfx(
    error: OriginStampError, environment: Environment, *, verbose: bool = False
) -> None:
    """Write a failure as dfx does: the chain of causes, or where it has none what to do."""
    if verbose and error.undiagnosed:
        environment.say(f"{_painted('Error:', _RED, environment)} {error.undiagnosed}")
    environment.say(f"{_painted('Error:', _RED, environment)} {error.dfx_message}")
    for cause in error.causes:
        environment.say(f"{_painted('Caused by:', _YELLOW, environment)} {cause}")
    if error.fix and not error.causes:
        environment.say(f"{_painted('To fix:', _YELLOW, environment)} {error.fix}")


def report_plainly(error: OriginStampError, environment: Environment) -> None:
    """Write what is wrong and, where there is something to do, what."""
    environment.say(f"{_painted('Error:', _RED, environment)} {error.message}")
    if error.fix:
        environment.say(f"{_painted('To fix:', _YELLOW, environment)} {error.fix}")


def _painted(text: str, colour: str, environment: Environment) -> str:
    if not environment.stderr.isatty() or environment.variables.get("NO_COLOR"):
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"


# What Typer says of a command line, and how dfx's own parser (clap) says the same.
_CLAP = (
    (r"No such command '(.*?)'.*", r"unrecognized subcommand '\1'"),
    (r"No such option:? '?([^ ']*)'?.*", r"unexpected argument '\1' found"),
    (r"Got unexpected extra argument\(?s?\)? \((\S+).*\)", r"unexpected argument '\1' found"),
    (
        r"Missing argument '(.*)'\.",
        r"the following required arguments were not provided:\n  <\1>",
    ),
    (
        r"Missing option '(.*)'\.",
        r"the following required arguments were not provided:\n  \1",
    ),
    (
        r"Option '(.*)' requires an argument\.",
        r"a value is required for '\1' but none was supplied",
    ),
    (
        r"Invalid value for '(.*?)': (?:Value error, )?'(.*?)' is not one of (.*)\.",
        r"invalid value '\2' for '\1'\n  [possible values: \3]",
    ),
)


def in_clap_words(message: str) -> str:
    """Return what Typer says of a command line in the words of clap, where those are known."""
    import re

    for pattern, words in _CLAP:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, words, message, flags=re.DOTALL)
    return message
