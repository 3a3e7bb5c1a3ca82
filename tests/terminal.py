"""An interactive shell on a terminal of its own, in which keys are pressed."""

import os
import pty
import re
import select
import signal
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from shells import find

PATIENCE = 60.0  # seconds for what takes a tenth of one
TAB = "\t"
EVERY_ONE = "\x14"  # Ctrl-T: in bash, every candidate is put into the line
FORGET = "\x15"  # Ctrl-U: the line is emptied
_ENTER = "\r"
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
        program = find(shell)
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(program, [shell, *_WORDS[shell]], {**variables, "ZDOTDIR": str(folder)})  # noqa: S606 - a shell it is

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
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
        seen = b""
        deadline = time.monotonic() + PATIENCE
        while mark.encode() not in seen:
            left = deadline - time.monotonic()
            ready = select.select([self._terminal], [], [], max(left, 0))[0]
            if not ready:
                raise TimeoutError(f"{mark!r} was not shown, but {seen!r}.")
            seen += os.read(self._terminal, 65536)
        return _ESCAPES.sub("", seen.decode())
