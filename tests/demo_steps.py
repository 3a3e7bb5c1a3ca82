"""One step of the demo: what is told, the command, what it printed, and whether that is right."""

import os
import re
import subprocess
import sys
from pathlib import Path
from reprlib import repr as short

from narrator import Narrator
from surroundings import NO_KEYRING

PROGRAMS = Path(sys.executable).parent
PATIENCE = 120  # seconds for what takes one


class WrongAnswer(Exception):
    """A step did not answer as it should."""


class Demo:
    """A machine of its own to show things on, and who tells of it.

    Commands are run by a shell exactly as they are shown, in the folder `studio`.
    """

    def __init__(self, folder: Path, narrator: Narrator) -> None:
        self.home, self.studio = folder / "home", folder / "studio"
        self.home.mkdir()
        self.studio.mkdir()
        self.narrator = narrator
        self.steps = 0
        path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        self.variables = {"HOME": str(self.home), "PATH": path, "NO_COLOR": "1", **NO_KEYRING}

    def private_file(self, name: str, text: str) -> Path:
        """Write a file into the studio that nobody else can read."""
        path = self.studio / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path

    def step(self, told: str, line: str, right: str | re.Pattern[str]) -> str:
        """Return what a command printed: it must end with 0 and print exactly `right`.

        In a pattern, a dot stands for the end of a line too.
        """
        done = self._run(told, line)
        printed = done.stdout.rstrip("\n")
        if printed:
            self.narrator.printed(printed)
        if done.returncode != 0:
            raise WrongAnswer(f"{line} ended with {done.returncode}: {done.stderr}")
        pattern = re.escape(right) if isinstance(right, str) else right.pattern
        if not re.fullmatch(pattern, printed, re.DOTALL):
            raise WrongAnswer(f"{line} printed\n{printed}\nwhich is not\n{pattern}")
        return printed

    def refused(self, told: str, line: str, reason: str) -> None:
        """Show a command that must end with 1, print nothing and give this reason."""
        done = self._run(told, line)
        self.narrator.refusal(done.stderr.rstrip("\n"))
        said = done.stderr.partition("\n")[0]
        wanted = (1, "", f"Error: {reason}")
        if (done.returncode, done.stdout, said) != wanted:
            got = (done.returncode, done.stdout, done.stderr)
            raise WrongAnswer(f"{line} should be refused as {wanted!r} and was {got!r}")

    def find(self, fact: str, found: object, right: object) -> None:
        """Show a fact that the demo found out without asking the program; it must hold."""
        if found != right:
            raise WrongAnswer(f"it is not so that {fact}: {short(found)} is not {short(right)}")
        self.narrator.found(fact)

    def _run(self, told: str, line: str) -> subprocess.CompletedProcess[str]:
        self.steps += 1
        self.narrator.say(told)
        self.narrator.command(line)
        return subprocess.run(
            ["sh", "-c", line],
            env=self.variables,
            cwd=self.studio,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )


def holding(*parts: str) -> re.Pattern[str]:
    """Return a pattern of texts that hold these parts, in this order."""
    return re.compile(".*".join(["", *map(re.escape, parts), ""]))
