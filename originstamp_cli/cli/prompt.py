"""What is typed unseen, and a terminal that is left as it was whatever happens."""

import getpass
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from originstamp_cli.errors import UsageError
from originstamp_cli.settings import Environment


def typed_unseen(prompt: str, environment: Environment) -> str:
    """Return what somebody at the terminal types without its being shown.

    Raises `UsageError` where nothing is typed, or no text.
    """
    try:
        with stoppable():
            return getpass.getpass(f"{prompt}: ", stream=environment.stderr)
    except KeyboardInterrupt:
        environment.say("")  # what comes next begins on a line of its own
        raise
    except UnicodeDecodeError:
        raise UsageError(f"{prompt}: not valid UTF-8 text.", fix="Type another.") from None
    except EOFError:
        environment.say("")
        raise UsageError(f"{prompt}: nothing was typed.", fix="Type it, then Enter.") from None


@contextmanager
def stoppable() -> Iterator[None]:
    """Have SIGTERM and SIGHUP stop what is done here as Ctrl-C does, so that it is tidied up.

    Else a terminal would be left without its echo or its cursor.
    """
    both = (signal.SIGTERM, signal.SIGHUP)
    # As under nohup, which has them ignored.
    signals = [each for each in both if signal.getsignal(each) is not signal.SIG_IGN]
    before = [signal.signal(each, signal.default_int_handler) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
