"""Where things are and who acts: flags, then the environment, then defaults.

The only reader of the environment. Everything here is plain and cheap, because every call needs it.
"""

import os
import sys
from collections.abc import Callable, Mapping
from time import time_ns
from typing import TextIO

from originstamp_cli.errors import OriginStampError

LOCAL = "local"
WARNINGS = -1  # the lowest loudness at which warnings are still told
PLATFORM: str = sys.platform


class Environment:
    """The world outside: variables, clock (ns since 1970), randomness, streams, current folder.

    A test replaces this bag, not the world.
    """

    __slots__ = (
        *("_folder", "_log", "clock", "random_bytes", "stderr", "stdin", "stdout"),
        "variables",
    )

    def __init__(  # noqa: PLR0913 - one field for each thing that a test replaces
        self,
        *,
        variables: Mapping[str, str] | None = None,
        clock: Callable[[], int] = time_ns,
        random_bytes: Callable[[int], bytes] = os.urandom,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        folder: str | None = None,
    ) -> None:
        self._log: Callable[[str], None] = self.say
        self._folder = folder
        self.variables = os.environ if variables is None else variables
        self.clock = clock
        self.random_bytes = random_bytes
        # A stream that was closed before we began is one that nothing comes from or goes to.
        self.stdin: TextIO = stdin or sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
        self.stdout: TextIO = stdout or sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        self.stderr: TextIO = stderr or sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

    @property
    def folder(self) -> str:
        """Where the user stands; raises `OriginStampError` where that folder is gone."""
        try:
            return self._folder or os.getcwd()
        except OSError as error:
            raise OriginStampError(
                "The current folder is gone, so no project can be looked for.",
                fix="Change to a folder that is there.",
            ) from error

    def say(self, line: str, end: str = "\n") -> None:
        """Write one line to standard error; where that takes no more, the exit code has to do."""
        try:
            self.stderr.write(f"{line}{end}")
            self.stderr.flush()
        except OSError:
            _let_go(self.stderr)

    @property
    def on_terminal(self) -> bool:
        """Whether somebody is there: all three streams are a terminal's."""
        return all(stream.isatty() for stream in (self.stdin, self.stdout, self.stderr))

    def log(self, line: str) -> None:
        """Tell what is done, or warn: on standard error, unless `log_to` says otherwise."""
        self._log(line)

    def log_to(self, mode: str | None, path: str | None) -> None:
        """Have lines logged as --log has it: on stderr, into a file, or to both ("tee").

        Raises `OriginStampError` where there can be no such file.
        """
        if mode in {"file", "tee"}:
            from originstamp_cli.log_file import LogFile

            file = LogFile(path, self.clock)
            self._log = file.write if mode == "file" else file.write_after(self.say)

    def read_stdin(self) -> str:
        """Return all of standard input."""
        return self.stdin.read()

    def show(self, text: str, end: str = "\n") -> None:
        """Write a result to standard output, with its final newline.

        Raises `OriginStampError` where it cannot be written, as on a full disk.
        """
        try:
            self.stdout.write(f"{text}{end}")
            self.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self.abandon_stdout()
            raise OriginStampError(
                f"The call was made, but its answer cannot be written: {error.strerror}.",
                fix="Make room where standard output goes.",
            ) from error

    def abandon_stdout(self) -> None:
        """Let go of a standard output that takes no more."""
        _let_go(self.stdout)


def _let_go(stream: TextIO) -> None:
    """Have a stream that takes no more lead nowhere, or Python tries it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Settings:
    """What one command runs with: the flags of its command line over the environment.

    `at` is the time that calls are made at, in ns since 1970; None for the network's own.
    """

    __slots__ = ("at", "environment", "identity", "loudness", "network", "state_path")

    def __init__(  # noqa: PLR0913 - the options that commands share
        self,
        environment: Environment,
        *,
        state: str | None = None,
        network: str | None = None,
        identity: str | None = None,
        loudness: int = 0,
        at: int | None = None,
    ) -> None:
        given = environment.variables.get
        self.environment = environment
        self.at = at
        self.loudness = loudness  # one more for each -v, one less for each -q
        # A flag counts even when it is empty: a script whose variable is unset must not act as
        # somebody else, or on another state, than it meant.
        self.identity = given("DFX_IDENTITY") or None if identity is None else identity
        self.network = given("DFX_NETWORK") or LOCAL if network is None else network
        path = given("ORIGINSTAMP_STATE") or None if state is None else state
        self.state_path = os.path.join(self.data_folder, "state.db") if path is None else path

    @property
    def dfx_folder(self) -> str:
        """Where dfx keeps identities and networks."""
        root = self.environment.variables.get("DFX_CONFIG_ROOT") or self._home
        return os.path.join(root, ".config", "dfx")

    @property
    def data_folder(self) -> str:
        """Our own folder for state."""
        return self._user_folder("XDG_DATA_HOME", (".local", "share"), "user_data_dir")

    @property
    def config_folder(self) -> str:
        """Our own folder for configuration, such as the key that seals secrets."""
        return self._user_folder("XDG_CONFIG_HOME", (".config",), "user_config_dir")

    @property
    def _home(self) -> str:
        home = self.environment.variables.get("HOME")
        if home:
            return home
        import pwd

        return pwd.getpwuid(os.getuid()).pw_dir

    def _user_folder(self, variable: str, below_home: tuple[str, ...], elsewhere: str) -> str:
        """Return a folder as the platformdirs library names it.

        On Linux by the two lines of the XDG rule that it follows: loading it costs a call 8 ms.
        """
        if PLATFORM == "linux":
            base = self.environment.variables.get(variable, "").strip()
            return os.path.join(base or os.path.join(self._home, *below_home), "originstamp")
        import platformdirs

        folder: str = getattr(platformdirs, elsewhere)("originstamp", appauthor=False)
        return folder
