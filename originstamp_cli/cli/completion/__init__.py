"""What Tab offers. Whatever goes wrong, that is nothing: Tab shows no errors and does not hang.

The scripts of the shells (scripts.py) hand over what is typed and get lines back. The first says
`words` or, where the shell shall offer its own files, `files`; then comes a line for each
candidate, with what it is after a tab.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Thread

from originstamp_cli.cli.completion.bash_line import BashLine
from originstamp_cli.cli.completion.candidates import Candidate, values
from originstamp_cli.cli.completion.typed import Typed
from originstamp_cli.settings import Environment

# Seconds after which there is nothing to offer: a Tab that hangs is worse than one without answer.
BUDGET = 2.0
MOST_SHOWN = 100
LONGEST = 60  # characters of what is said of a candidate
BASH = "bash"


def main(words: Sequence[str], environment: Environment, *, budget: float = BUDGET) -> int:
    """Print what there is to offer, if it is known in time; the exit code is 0 either way.

    `budget` is in seconds.
    """
    found: list[str] = []

    def look() -> None:
        with suppress(Exception):
            found.append(offered(words, environment))

    thread = Thread(target=look, daemon=True)  # a daemon, or the program would wait for it
    thread.start()
    thread.join(budget)
    for text in found:
        environment.show(text, end="")
    return 0


def offered(words: Sequence[str], environment: Environment) -> str:
    """Return the lines for a shell, given its name and the words, the last one unfinished.

    For bash that is the line up to the cursor, and the part of it that readline will replace.
    """
    shell, *rest = words
    if shell != BASH:
        found = candidates(rest, environment)
        return _lines(found, lambda each: "\t".join(filter(None, each)))
    line = BashLine(rest[0])
    found = candidates(line.words[1:], environment)
    return _lines(found, lambda each: line.reply(each[0], rest[1]))


def _lines(found: list[Candidate] | None, shown: Callable[[Candidate], str]) -> str:
    lines = ["files"] if found is None else ["words", *map(shown, found)]
    return "".join(f"{line}\n" for line in lines)


def candidates(words: Sequence[str], environment: Environment) -> list[Candidate] | None:
    """Return what the last word may become, each with what it is; None stands for files."""
    *before, current = words
    found = _offers(Typed(before), current, environment)
    if found is None:
        return None
    fitting = [each for each in found if each[0].startswith(current) and each[0].isprintable()]
    return [(word, _on_one_line(about)) for word, about in fitting[:MOST_SHOWN]]


def _offers(typed: Typed, current: str, environment: Environment) -> Iterable[Candidate] | None:
    if typed.awaited is not None:
        return values(typed.awaited, typed, environment)
    if current.startswith("-") and not typed.only_arguments:
        spelling, equals, _ = current.partition("=")
        return _joined(spelling, typed, environment) if equals else _options(typed)
    if typed.group:
        return _commands(typed)
    slot = typed.next_argument
    if slot is not None:
        return values(slot, typed, environment)
    return [] if typed.only_arguments else _options(typed)


def _joined(spelling: str, typed: Typed, environment: Environment) -> list[Candidate] | None:
    """Return the values of an option that is written as `--option=value`."""
    slot = typed.option(spelling)
    found = values(slot, typed, environment) if slot and slot.metavar else []
    return None if found is None else [(f"{spelling}={word}", about) for word, about in found]


def _options(typed: Typed) -> list[Candidate]:
    return [(slot.spellings[0], slot.help) for slot in typed.options]


def _commands(typed: Typed) -> list[Candidate]:
    shown = [(name, each) for name, each in typed.group.items() if not each.hidden]
    return [(name, each.get_short_help_str(2 * LONGEST)) for name, each in shown]


def _on_one_line(text: str) -> str:
    """Return text that does nothing to a terminal and is short: it may be anybody's."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(visible.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
