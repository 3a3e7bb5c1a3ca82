"""What is wrong with a command line, said as the face it was typed at says things."""

import re
from collections.abc import Callable
from typing import Any

from originstamp_cli.cli.options import GLOBALS, Option
from originstamp_cli.errors import UsageError

LARGEST = 2**64 - 1

_OURS = "Value error, "  # before what a parser says
# Why pydantic, with which Typer reads values, does not take one; `{…}` are its own details.
_WHY = {
    "int_parsing": "no whole number",
    "int_parsing_size": "too long a number",
    "greater_than_equal": "less than {ge}",
    "less_than_equal": "more than {le}",
}
_BEFORE = ("--output", "--help", "--version")  # what may stand before a command, with GLOBALS
_TOO_MANY = re.compile(r"^Got unexpected extra argument\(s\) \((.*)\)$")


def _not_among(spelling: str, value: str, choices: str) -> str:
    usage = Option(spelling[2:], "").usage if spelling.startswith("--") else spelling
    return f"invalid value '{value}' for '{usage}'\n  [possible values: {choices}]"


# What Typer says of a command line, and how dfx's own parser (clap) says the same.
_CLAP: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
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
        r"Invalid value for '([^']*)'(?: / '-.')?: (?:Value error, )?'(.*?)' is not one of (.*)\.",
        lambda found: _not_among(*found.groups()),
    ),
)


def in_clap_words(message: str) -> str:
    """Return what Typer says of a command line in the words of clap, where those are known."""
    for pattern, words in _CLAP:
        if re.fullmatch(pattern, message, re.DOTALL):
            said = re.sub(pattern, words, message, flags=re.DOTALL)
            sentence, choices, values = said.partition("[possible values: ")
            return f"{sentence}{choices}{values.replace(chr(39), '')}"
    return message


def in_plain_words(error: Any, program: str) -> UsageError:  # noqa: ANN401 - Typer's own
    """Return what Typer says of a command line as an error of ours, with what to do."""
    context = getattr(error, "ctx", None)
    fix = f"See {context.command_path if context else program} --help."
    message = _plainly(error)
    if hasattr(error, "possibilities") and not message.endswith("?"):
        fix += " What begins with a dash and is no option goes after --."
    return UsageError(message, fix=fix)


def _plainly(error: Any) -> str:  # noqa: ANN401 - as above
    if hasattr(error, "possibilities"):
        known = [*_BEFORE, *(option.long for option in GLOBALS)]
        near = did_you_mean(error.possibilities or []) or nearest(error.option_name, known)
        return f"There is no option {error.option_name}.{near}"
    for details in getattr(error.__cause__, "errors", list)():
        why = _why(details)
        if why:
            spelling = error.param.opts[0]
            name = spelling if spelling.startswith("-") else error.param.name.upper()
            return f"{name} cannot be {details['input']!r}: it is {why}"
    message: str = error.format_message().partition(" Choose from:")[0]
    return _TOO_MANY.sub(r"Too many arguments: \1.", message)


def _why(details: dict[str, Any]) -> str:
    """Return why pydantic does not take a value, where that can be said without its help."""
    said = str(details["msg"]).removeprefix(_OURS)
    choices = re.findall("'([^']*)'", said.partition(" is not one of ")[2])
    if choices:
        return f"none of {', '.join(choices)}.{nearest(str(details['input']), choices)}"
    if said != details["msg"]:
        return f"{said}."
    known = _WHY.get(details["type"])
    return f"{known.format(**details.get('ctx', {}))}." if known else ""


def nat64(text: str) -> int:
    """Return the number of 64 bits that a word of the command line is; raises ValueError."""
    number = int(text) if re.fullmatch("[0-9]{1,20}", text) else LARGEST + 1
    if number > LARGEST:
        raise ValueError(f"no whole number from 0 to {LARGEST}")
    return number


def did_you_mean(near: list[str]) -> str:
    """Return a suggestion to add to a sentence, or nothing where nothing is near."""
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def nearest(word: str, known: list[str]) -> str:
    """Return the suggestion of a name that is known in place of one that is not."""
    from difflib import get_close_matches

    return did_you_mean(get_close_matches(word, known, n=1))
