"""The door: `canister call` goes straight to its call, all else to the commands."""

import gc
import os
import sys

from originstamp_cli.cli.options import hoisted
from originstamp_cli.errors import INTERRUPTED, READER_GONE
from originstamp_cli.settings import Environment

COMPLETE = "__complete"  # the first word of a shell that asks what Tab may offer
NOT_TEXT = "invalid UTF-8 was detected in one or more arguments"
_HELP = {"--help", "-h"}
# Next to nothing here refers to itself, and looking for what does so takes a tenth of the time.
_SELDOM = 100_000


def main() -> int:
    """Run one command line and return its exit code."""
    gc.set_threshold(_SELDOM)
    environment = Environment()
    for stream in (environment.stdin, environment.stdout, environment.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")  # type: ignore[attr-defined]
    # Whatever the locale, a command line is UTF-8, as it is for dfx.
    words = [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv[1:]]
    try:
        return dispatch(words, environment)
    except BrokenPipeError:
        environment.abandon_stdout()
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # not about a stream of ours: a bug, to be seen whole
            raise
        environment.abandon_stdout()
        environment.say(f"Error: The result cannot be written: {error.strerror}.")
        return 1


def dispatch(words: list[str], environment: Environment) -> int:
    """Send a command line to the light path or to the commands, and return the exit code."""
    if words[:1] == [COMPLETE]:
        from originstamp_cli.cli import completion

        return completion.main(words[1:], environment)
    if any("\ud800" <= letter <= "\udfff" for word in words for letter in word):
        # Python hands over bytes that are no UTF-8 as halves of surrogate pairs.
        environment.say(f"error: {NOT_TEXT}")
        return 2
    moved, rest = hoisted(words)
    if rest and rest[0] == "canister":
        more, rest_of_group = hoisted(rest[1:])
        moved, rest = moved + more, ["canister", *rest_of_group]
    options = rest[: rest.index("--")] if "--" in rest else rest
    if rest[:2] == ["canister", "call"] and not _HELP & set(options):
        from originstamp_cli.cli import call

        return call.main(moved + rest[2:], environment)
    from originstamp_cli.cli import app

    return app.run(moved, rest, environment)


if __name__ == "__main__":
    sys.exit(main())
