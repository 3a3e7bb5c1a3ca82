"""The file that `--log file` and `--log tee` write: begun anew by each command, as dfx does it."""

import time
from collections.abc import Callable

from originstamp_cli.errors import OriginStampError

DEFAULT_PATH = "log.txt"
_LEVELS = {"WARNING: ": "WARN", "ERROR: ": "ERRO", "CRITICAL: ": "CRIT"}  # as slog shortens them
_MILLION = 10**6


class LogFile:
    """A log file, made empty; `clock` gives the time in ns since 1970.

    Raises `OriginStampError` where it cannot be made.
    """

    def __init__(self, path: str | None, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._path = DEFAULT_PATH if path is None else path
        self._put("", "w")

    def write(self, line: str) -> None:
        """Add a line with its time and level; raises `OriginStampError` where it cannot be."""
        found = next((prefix for prefix in _LEVELS if line.startswith(prefix)), "")
        level = _LEVELS.get(found, "INFO")
        self._put(f"{_stamp(self._clock())} {level} {line.removeprefix(found)}\n", "a")

    def write_after(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Return what hands a line to `say` and then adds it to the file."""

        def both(line: str) -> None:
            say(line)
            self.write(line)

        return both

    def _put(self, text: str, mode: str) -> None:
        try:
            with open(self._path, mode, encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise OriginStampError(
                f"The log file {self._path!r} cannot be written: {why}.",
                fix="Name another with --logfile.",
            ) from error


def _stamp(now: int) -> str:
    """Return a time as slog writes it, of this machine's zone and to the millisecond."""
    seconds, rest = divmod(now, 10**9)
    return f"{time.strftime('%b %d %H:%M:%S', time.localtime(seconds))}.{rest // _MILLION:03}"
