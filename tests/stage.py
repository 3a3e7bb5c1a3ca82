"""Alice's machine, the same in every run: where examples and golden outputs are played.

What cannot be the same is shown as `…`: the version, the size of the state file, free disk space,
the hash of the canister's code, seed phrases and keys. The home folder is shown as /home/alice.
"""

import contextlib
import io
import os
import re
import secrets
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import PROGRAM, START, World

from originstamp_cli import __version__
from originstamp_cli.__main__ import dispatch
from originstamp_cli.settings import Environment

HOME = "/home/alice"
SESSION = "3f9c2a7be01d4c55"
PHOTO = Path(__file__).parent.parent / "data" / "photos" / "1-sketch.png"
SHIM = ".dfx-shim"  # where bash finds a dfx that is the program
MINUTE = 60 * 10**9

# S3 settings as scripts keep them, of a store that is not asked for anything.
ENV_FILE = """\
S3_BUCKET_NAME=art
S3_REGION=eu-west-1
S3_ACCESS_KEY=AKIA
S3_SECRET_KEY=secret
"""

# What bash is needed for.
_SHELL = re.compile(r"\$\(|<\(| > ")
# The id of the newest snapshot is known to what comes next as $SNAPSHOT, as a script would have it.
_SNAPSHOT = re.compile(r"Snapshot ID: ([0-9a-f]+)")
_PIPED = re.compile(r"printf '(.*?)' \| (.*)")
# What stands before, what is not the same in every run, and what stands behind.
_VARYING = (
    (r"", r"\d+", r" bytes free"),
    (r"total_bytes\W+", r"[\d_]+", r""),
    (r"Module hash:? (?:0x)?", r"[0-9a-f]{64}", r""),
    (r"Module hash ", r"[0-9a-f]{64}", r""),
    (r"\bsize\W{1,4}", r"\d+", r""),
    (r"\.db\t", r"\d+", r"\t"),
    (r"\b(?:before|after)(?:\t|\": | = | +│ )", r"[\d_]+\b", r""),
    (r"seed phrase[^:]*: ", r"(?:[a-z]+ ){23}[a-z]+", r""),
    (r"BEGIN EC PRIVATE KEY-----\r\n", r"[A-Za-z0-9+/=\r\n]+?", r"\r\n-----END"),
    (r"\b", re.escape(__version__), r"\b"),
)


class Played(NamedTuple):
    """What a line left behind; `seen` is both streams, as they come on a terminal."""

    exit_code: int
    stdout: str
    stderr: str
    seen: str


class Stage(World):
    """A world where every line takes a minute, and the first session has a known id."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, home / ".local" / "share" / "originstamp" / "state.db")
        del self.variables["ORIGINSTAMP_STATE"]
        self.variables["PATH"] = ":".join(
            [str(Path(PROGRAM).parent), str(home / SHIM), self.variables["PATH"]]
        )
        self._now = START
        self._session_ids = iter([bytes.fromhex(SESSION)])

    def clock(self) -> int:
        return self._now

    def random_bytes(self, count: int) -> bytes:
        drawn = super().random_bytes(count)
        return next(self._session_ids, drawn) if count == len(SESSION) // 2 else drawn

    def play(self, line: str) -> Played:
        """Run a line as a shell would: `[NAME=VALUE …] [printf 'TEXT' |] PROGRAM WORD…`.

        What else a shell is asked for is run by bash, in another process and by the real clock.
        """
        self._now += MINUTE
        with contextlib.chdir(self.home):
            if _SHELL.search(line):
                code, stdout, stderr = self.shell(line)
                played = Played(code, stdout, stderr, stdout + stderr)
            else:
                piped = _PIPED.fullmatch(line)
                typed, command = piped.groups() if piped else ("", line)
                played = self._run(self._words(command), typed.replace("\\n", "\n"))
        made = _SNAPSHOT.search(played.seen)
        if made:
            self.variables["SNAPSHOT"] = made[1]
        return Played(played.exit_code, *(self._shown(text) for text in played[1:]))

    def _words(self, command: str) -> list[str]:
        return shlex.split(command.replace("$SNAPSHOT", self.variables.get("SNAPSHOT", "")))

    def _run(self, words: list[str], typed: str) -> Played:
        variables = dict(self.variables)
        while "=" in words[0]:
            name, _, variables[name] = words.pop(0).partition("=")
        seen = io.StringIO()
        stdout, stderr = _Stream(seen), _Stream(seen)
        environment = Environment(
            variables=variables,
            clock=self.clock,
            random_bytes=self.random_bytes,
            stdin=io.StringIO(typed),
            stdout=stdout,
            stderr=stderr,
        )
        with (
            contextlib.redirect_stdout(stdout),
            contextlib.redirect_stderr(stderr),
            _called(words[0]),
        ):
            code = dispatch(words[1:], environment)
        return Played(code, stdout.getvalue(), stderr.getvalue(), seen.getvalue())

    def _shown(self, text: str) -> str:
        text = text.replace(str(self.home), HOME)
        for before, varying, behind in _VARYING:
            text = re.sub(f"({before})({varying})({behind})( +│)?", _elided, text)
        return text


class _Stream(io.StringIO):
    """A stream whose text is seen somewhere else as well."""

    def __init__(self, seen: io.StringIO) -> None:
        super().__init__()
        self._seen = seen

    def write(self, text: str) -> int:
        self._seen.write(text)
        return super().write(text)


def _elided(found: re.Match[str]) -> str:
    """Return a text with `…` for what varies; a cell of a table stays as wide as it was."""
    before, varying, behind, padding = found.groups()
    return f"{before}…{behind}" + (" " * (len(varying) - 1) + padding if padding else "")


@contextlib.contextmanager
def _called(program: str) -> Iterator[None]:
    """Let the program find that it was started under this name."""
    kept = sys.argv[0]
    sys.argv[0] = program
    try:
        yield
    finally:
        sys.argv[0] = kept


@contextlib.contextmanager
def stage(*identities: str) -> Iterator[Stage]:
    """Set the stage: the default identity and others, a photo and a .env file."""
    home = _folder_as_long_as(HOME)
    try:
        shutil.copy(PHOTO, home / "sketch.png")
        _put_dfx_on(home / SHIM)
        (home / ".env").write_text(ENV_FILE, encoding="utf-8")
        alice = Stage(home)
        alice.run("identity", "whoami")
        for name in identities:
            alice.run("identity", "new", name, "--storage-mode", "plaintext")
        yield alice
    finally:
        shutil.rmtree(home)


def _put_dfx_on(folder: Path) -> None:
    folder.mkdir()
    (folder / "dfx").symlink_to(PROGRAM)


def _folder_as_long_as(shown: str) -> Path:
    """Make a folder whose path is as long as the one that is shown: where tables fold is its."""
    digits = len(shown) - len("/tmp/")  # noqa: S108 - the name is random and the folder our own
    folder = Path("/tmp", secrets.token_hex(digits)[:digits])  # noqa: S108 - as above
    os.mkdir(folder, 0o700)
    return folder
