"""The demo tells its story in a pipe and on a terminal, and ends with 1 when it goes wrong."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import NamedTuple

import pytest
from demo_steps import Demo, WrongAnswer
from narrator import Narrator, TerminalNarrator, narrator_for, without_signatures
from rich.cells import cell_len
from surroundings import NO_KEYRING
from terminal import run_on_terminal

ROOT = Path(__file__).parent.parent
WIDTH = 80
PATIENCE = 180  # seconds for what takes ten
CHAPTERS = [
    "The artist",
    "What guards the work",
    "The collector",
    "The script author",
    "The operator",
]
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
READ_EVERYWHERE = {"0", "1", "2", "32", "35", "36"}  # bold, dim, green, magenta, cyan


class Told(NamedTuple):
    """What a demo ended with and showed."""

    exit_code: int
    stdout: str
    stderr: str


class Runs(NamedTuple):
    """One story, told three times."""

    piped: Told
    on_terminal: Told
    gone_wrong: Told


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Run the demo in a pipe, on a terminal, and with a photo that is none, all at once."""
    broken = tmp_path_factory.mktemp("broken")
    for name in ("tests", "data"):
        shutil.copytree(ROOT / name, broken / name, ignore=shutil.ignore_patterns("__pycache__"))
    (broken / "data" / "photos" / "3-detail.jpg").write_text("about the light")
    with start(ROOT) as piped, start(broken) as gone_wrong:
        on_terminal = run_on_terminal(
            *(command(ROOT), variables(ROOT)), patience=PATIENCE, stdin=DEVNULL, stderr=PIPE
        )
        return Runs(told(piped), Told(*on_terminal), told(gone_wrong))


def command(root: Path) -> list[str]:
    return [sys.executable, str(root / "tests" / "demo.py")]


def variables(root: Path) -> dict[str, str]:
    known = {"PATH": os.environ["PATH"], "HOME": str(root), "TERM": "xterm-256color"}
    return known | NO_KEYRING


@contextmanager
def start(root: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(root),
        env=variables(root),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: subprocess.Popen[str]) -> Told:
    stdout, stderr = process.communicate(timeout=PATIENCE)
    return Told(process.returncode, stdout, stderr)


def test_in_a_pipe_the_story_is_plain_lines(runs: Runs) -> None:
    exit_code, stdout, stderr = runs.piped

    assert (exit_code, stderr) == (0, "")
    assert "\x1b" not in stdout
    assert re.findall(r"^## \d\. (.*)$", stdout, re.MULTILINE) == CHAPTERS
    steps = re.findall(r"^# .*\n\$ ", stdout, re.MULTILINE)
    last = stdout.splitlines()[-1]
    assert re.fullmatch(
        rf"# Every step answered right\. {len(steps)} steps in \d+ seconds; "
        r"the folder they happened in is gone\.",
        last,
    )


def test_on_a_terminal_it_fits_and_its_colours_read_on_any_background(runs: Runs) -> None:
    exit_code, stdout, stderr = runs.on_terminal

    plain = ESCAPE.sub("", stdout)
    codes = {code for found in ESCAPE.findall(stdout) for code in found.split(";")}
    assert (exit_code, stderr) == (0, "")
    assert "\x1b" not in plain
    assert {"36"} < codes <= READ_EVERYWHERE
    assert [line for line in plain.splitlines() if cell_len(line) > WIDTH] == []
    assert re.findall(r"^\d  (.*?) ─+$", plain, re.MULTILINE) == CHAPTERS
    assert "\nEvery step answered right. " in plain


def test_both_show_the_same_steps_and_findings(runs: Runs) -> None:
    plain = ESCAPE.sub("", runs.on_terminal.stdout)

    for mark, on_terminal in (("$ ", "$ "), ("= ", "✓ ")):
        count = len(re.findall(f"^{re.escape(mark)}", runs.piped.stdout, re.MULTILINE))
        assert count == len(re.findall(f"^{re.escape(on_terminal)}", plain, re.MULTILINE)) > 5
    refusals = re.findall(r"^Error: .*$", runs.piped.stdout, re.MULTILINE)
    assert refusals == re.findall(r"^✗ (Error: .*?) *$", plain, re.MULTILINE)
    assert len(refusals) == 5


@pytest.mark.parametrize("secret", ["seed phrase", "X-Amz-Signature=", "BEGIN"])
def test_no_secret_is_shown(runs: Runs, secret: str) -> None:
    assert "S3_SECRET_KEY=********\n" in runs.piped.stdout
    assert [secret in each.stdout + each.stderr for each in runs] == [False] * 3


def test_a_step_that_goes_wrong_ends_the_story_with_1(runs: Runs) -> None:
    exit_code, stdout, stderr = runs.gone_wrong

    assert exit_code == 1
    assert "## 2" not in stdout
    assert "Every step answered right." not in stdout
    assert stderr.startswith("\nThe demo went wrong: originstamp upload ")
    assert "3-detail.jpg" in stderr


WRONG: list[Callable[[Demo], object]] = [
    lambda demo: demo.step("A wrong answer.", "echo no", "yes"),
    lambda demo: demo.step("More than the answer.", "echo yes; echo and more", "yes"),
    lambda demo: demo.step("A failure.", "echo yes; exit 1", "yes"),
    lambda demo: demo.step("No such pattern.", "echo no", re.compile("ye?s")),
    lambda demo: demo.refused("Not refused.", "echo 'Error: no' >&2", "no"),
    lambda demo: demo.refused("For another reason.", "echo 'Error: why' >&2; exit 1", "no"),
    lambda demo: demo.refused("With an answer.", "echo 'Error: no' >&2; echo 1; exit 1", "no"),
    lambda demo: demo.find("one is two", 1, 2),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_is_not_right_is_told(wrong: Callable[[Demo], object], tmp_path: Path) -> None:
    with (tmp_path / "told").open("w") as stream:
        demo = Demo(tmp_path, Narrator(stream))

        with pytest.raises(WrongAnswer):
            wrong(demo)


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({"TERM": "xterm-256color"}, TerminalNarrator),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, TerminalNarrator),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, Narrator),
        ({"TERM": "dumb"}, Narrator),
        ({}, Narrator),
    ],
)
def test_a_terminal_that_wants_no_colours_gets_plain_lines(
    variables: dict[str, str], kind: type[Narrator]
) -> None:
    terminal, its_end = os.openpty()

    with os.fdopen(its_end, "w") as stream:
        assert type(narrator_for(stream, variables)) is kind

    os.close(terminal)


def test_signed_addresses_are_shown_without_their_signatures() -> None:
    address = "http://127.0.0.1/a.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00ff"

    shown = without_signatures(f"say '{address}' twice\n{address}\n")

    assert shown == (
        "say 'http://127.0.0.1/a.jpg?X-Amz-Algorithm=…' twice\n"
        "http://127.0.0.1/a.jpg?X-Amz-Algorithm=…\n"
    )
