"""What is wrong with a command line, said as the face it was typed at says things."""

import re
from typing import Any

from originstamp_cli.errors import UsageError

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
    for pattern, words in _CLAP:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, words, message, flags=re.DOTALL)
    return message


# Why pydantic, with which Typer reads values, does not take one; `{…}` are its own details.
_WHY = {
    "int_parsing": "it is not a whole number",
    "int_parsing_size": "it is too long a number",
    "greater_than_equal": "it is less than {ge}",
    "less_than_equal": "it is more than {le}",
}
_TOO_MANY = re.compile(r"^Got unexpected extra argument\(s\) \((.*)\)$")


def in_plain_words(error: Any) -> UsageError:  # noqa: ANN401 - Typer keeps its errors to itself
    """Return what Typer says of a command line as an error of ours, with what to do."""
    context = getattr(error, "ctx", None)
    program = context.command_path if context else "originstamp"
    return UsageError(_plainly(error), fix=f"See {program} --help.")


def _plainly(error: Any) -> str:  # noqa: ANN401 - as above
    if hasattr(error, "possibilities"):
        return f"There is no option {error.option_name}.{did_you_mean(error.possibilities or [])}"
    details = getattr(error.__cause__, "errors", list)()
    if details and details[0]["type"] in _WHY:
        why = _WHY[details[0]["type"]].format(**details[0].get("ctx", {}))
        spelling = error.param.opts[0]
        name = spelling if spelling.startswith("-") else error.param.metavar
        return f"{name} cannot be {details[0]['input']!r}: {why}."
    message: str = error.format_message().replace("Value error, ", "")
    return _TOO_MANY.sub(r"There is no place for \1.", message)


def did_you_mean(near: list[str]) -> str:
    """Return a suggestion to add to a sentence, or nothing where nothing is near."""
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def nearest(word: str, known: list[str]) -> str:
    """Return the suggestion of a name that is known in place of one that is not."""
    from difflib import get_close_matches

    return did_you_mean(get_close_matches(word, known, n=1))
