"""Programs on a terminal of their own: one that is run to its end, and shells to press keys in."""

import os
import pty
import re
import select
import subprocess
import termios
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from shells import find

PATIENCE = 60.0  # seconds for what takes a tenth of one
TAB = "\t"
EVERY_ONE = "\x14"  # Ctrl-T: in bash, every candidate is put into the line
FORGET = "\x15"  # Ctrl-U: the line is emptied
_ENTER = "\r"
_SIZE = (50, 80)  # lines and columns
# Who leads a session has the first terminal that it opens for its own; passwords are typed there.
_OWN = ': <> "$0"; exec "$@"'
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].|[=>])|[\x00\x07\r]")

# Where the program would run, its arguments are shown instead, as the shell passes them.
_POSIX = "{name}() {{ printf '@('; printf '%s|' \"$@\"; printf ')@\\n'; }}"
_FISH = "function {name}; printf '@('; printf '%s|' $argv; printf ')@\\n'; end"
_SHOWN = {"bash": _POSIX, "zsh": _POSIX, "fish": _FISH}
_SETTINGS = {
    "bash": "PS1='$ '; bind '\"\\C-t\": insert-completions'",
    "zsh": "PS1='$ '; autoload -Uz compinit; compinit -D -u",
    "fish": "function fish_prompt; printf '$ '; end; function fish_greeting; end",
}
_WORDS = {
    "bash": ("--noprofile", "--rcfile", ".zshrc", "-i"),
    "zsh": ("-d", "-i"),
    "fish": ("--no-config", "--init-command", "source .zshrc"),
}


class Ended(NamedTuple):
    """What a program left behind: on its terminal, and in a pipe if it had one besides."""

    exit_code: int
    shown: str
    piped: str


def run_on_terminal(
    command: list[str],
    variables: dict[str, str],
    answers: Iterable[tuple[str, str]] = (),
    patience: float = PATIENCE,
    **streams: int,
) -> Ended:
    """Run a program on a terminal, answer each prompt as it is shown, and return what it showed.

    A stream that is given, such as `stdout=PIPE`, is not the terminal. Whatever is waited for in
    vain for as long as `patience` raises `TimeoutError` or `TimeoutExpired` and ends the program.
    """
    process, terminal = _start(command, variables, encoding="utf-8", **streams)
    with process:
        try:
            shown = ""
            for prompt, answer in answers:
                shown += _shown(terminal, prompt, patience)
                os.write(terminal, answer.encode())
            shown += _shown(terminal, None, patience)
            piped = "".join(filter(None, process.communicate(timeout=patience)))
        finally:
            process.kill()
            os.close(terminal)
    return Ended(process.returncode, shown.replace("\r\n", "\n"), piped)


def _start(
    command: list[str], variables: dict[str, str], **options: Any
) -> tuple[subprocess.Popen[str], int]:
    """Start a program on a terminal; return it and the end where keys are pressed."""
    terminal, end = pty.openpty()
    termios.tcsetwinsize(terminal, _SIZE)
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), end)
    try:
        process = subprocess.Popen(
            ["sh", "-c", _OWN, os.ttyname(end), *command],
            env=variables,
            start_new_session=True,
            **(streams | options),
        )
    finally:
        os.close(end)
    return process, terminal


def _shown(terminal: int, mark: str | None, patience: float = PATIENCE) -> str:
    """Return what a terminal shows until a mark; None stands for the end of the program."""
    seen = b""
    deadline = time.monotonic() + patience
    while mark is None or mark.encode() not in seen:
        left = deadline - time.monotonic()
        if not select.select([terminal], [], [], max(left, 0))[0]:
            raise TimeoutError(f"{mark or 'The end'!r} was not shown, but {seen!r}.")
        part = _part(terminal)
        if not part:
            break
        seen += part
    if mark is not None and mark.encode() not in seen:
        raise EOFError(f"{mark!r} was not shown before the end, but {seen!r}.")
    return seen.decode(errors="replace")


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody has the terminal open any more
        return b""


class Terminal:
    """A shell without anybody's settings, in which `names` show what they would be given.

    `load` is a line that makes it complete them.
    """

    def __init__(
        self, shell: str, names: tuple[str, ...], load: str, variables: dict[str, str], folder: Path
    ) -> None:
        shown = [_SHOWN[shell].format(name=name) for name in names]
        lines = [_SETTINGS[shell], load, *shown, ""]
        (folder / ".zshrc").write_text("\n".join(lines), encoding="utf-8")
        self._process, self._terminal = _start(
            [find(shell), *_WORDS[shell]], {**variables, "ZDOTDIR": str(folder)}, cwd=folder
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)
        os.close(self._terminal)

    def run(self, keys: str) -> list[str]:
        """Press keys and then Enter; return the arguments that the program would have got."""
        found = re.search(r"@\((.*)\)@", self.shown(keys))
        assert found is not None
        return found[1].split("|")[:-1]

    def shown(self, keys: str) -> str:
        """Press keys and then Enter; return what the terminal showed until the line was run."""
        return self.press(f"{keys}{_ENTER}", ")@")

    def press(self, keys: str, mark: str) -> str:
        """Press keys; return what the terminal showed until the mark."""
        os.write(self._terminal, keys.encode())
        return _ESCAPES.sub("", _shown(self._terminal, mark))
