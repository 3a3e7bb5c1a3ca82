"""Tab is pressed in real shells, and what the line has become is run."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import PATIENCE, PROGRAM, World
from shells import Unavailable, find
from terminal import EVERY_ONE, FORGET, TAB, Terminal

SCRIPTS = Path(__file__).parent.parent / "completions"
NASTY = "al $(touch pwned) `touch pwned` 'x' \"y\" \\z;& $HOME !! ~*{a,b} #"
EVIL = "%F{red}%n $(touch pwned) `touch pwned`\\n\\1b[31m 日本"

# How the help of `completions` says that a shell is taught, and what the shipped files need.
TAUGHT = {
    "bash": "source <(originstamp completions bash)",
    "zsh": "source <(originstamp completions zsh)",
    "fish": "originstamp completions fish | source",
}
SHIPPED = {
    "bash": f"source {SCRIPTS}/dfx.bash",
    "zsh": f"fpath=({SCRIPTS} $fpath); compinit -D -u",
    "fish": f"source {SCRIPTS}/dfx.fish",
}


class Desk(NamedTuple):
    """A user at a shell."""

    shell: str
    terminal: Terminal
    world: World
    sessions: list[str]


@pytest.fixture(scope="module", params=["bash", "zsh", "fish"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A shell that completes, in a folder with a photo, on a state with two sessions."""
    home = tmp_path_factory.mktemp("home")
    world = World(home, home / "state.db").ready()
    for name in (NASTY, "ann:one", "sta"):
        assert world.run("register-user", name, "--password-stdin", typed="pw").exit_code == 0
    world.run("deploy", "--policy", "faithful")
    sessions = [
        world.call("create_physical_art_session", f'("x", "{title}", "")').split('"')[1]
        for title in ("Harbour", EVIL)
    ]
    (home / "my photo.png").touch()
    link = world.run("dfx-shim", str(home / "bin")).stdout.strip()
    world.variables["PATH"] = f"{Path(link).parent}:{Path(PROGRAM).parent}:{os.environ['PATH']}"
    world.variables["LC_ALL"] = "C.UTF-8"
    load = f"{TAUGHT[request.param]}; {SHIPPED[request.param]}"
    names = ("originstamp", "dfx")
    with Terminal(request.param, names, load, world.variables, home) as terminal:
        yield Desk(request.param, terminal, world, sessions)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("min\t1 --to car\t", "mint 1 --to carol"),
        ("identity wh\t", "identity whoami"),
        ("list-users --output=js\t", "list-users --output=json"),
        ("list-users --out\tta\t", "list-users --output table"),
        ("set-status x in\t", "set-status x in_progress"),
        ("login ann:o\t", "login ann:one"),
        ("deploy --policy=f\tx", "deploy --policy=faithful x"),
    ],
)
def test_what_is_begun_is_finished(desk: Desk, keys: str, line: str) -> None:
    assert desk.terminal.run(f"originstamp {keys}") == line.split()


def test_a_dfx_that_is_this_program_completes_as_well(desk: Desk) -> None:
    words = desk.terminal.run("dfx --identity bo\tcanis\tcall b\tget_user_c\t--output js\t")

    line = "--identity bob canister call backend get_user_count --output json"
    assert words == line.split()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("upload x my\t", ["upload", "x", "my photo.png"]),
        ("upload x 'my\t", ["upload", "x", "my photo.png"]),
        ("upload-url --file=my\t", ["upload-url", "--file=my photo.png"]),
        ("--state sta\t", ["--state", "state.db"]),
        ("login sta\t", ["login", "sta"]),
        ("nonsense my\t", ["nonsense", "my"]),
    ],
)
def test_files_are_offered_where_a_file_is_asked_for_and_nowhere_else(
    desk: Desk, keys: str, words: list[str]
) -> None:
    assert desk.terminal.run(f"originstamp {keys}") == words


@pytest.mark.parametrize("begun", ["al", "'al", '"al', "al\\ ", "'al $(t", '"al \\$(t', "'al'\\ "])
def test_a_name_of_special_characters_arrives_as_it_is_and_runs_nothing(
    desk: Desk, begun: str
) -> None:
    assert desk.terminal.run(f"originstamp login {begun}{TAB}") == ["login", NASTY]
    assert not (desk.world.home / "pwned").exists()


@pytest.mark.parametrize(
    "begun", ["$(touch pwned", "`touch pwned", "'$(touch pwned)", "$HOME/$(touch pwned)"]
)
def test_what_is_typed_so_far_is_not_run(desk: Desk, begun: str) -> None:
    desk.terminal.run(f"originstamp login {begun}{TAB}{FORGET}originstamp")

    assert not (desk.world.home / "pwned").exists()


def test_sessions_are_offered_newest_first_with_what_they_are(desk: Desk) -> None:
    older, newer = desk.sessions
    evil = "%F{red}%n $(touch pwned) `touch pwned` [31m 日本 (draft)"

    if desk.shell == "bash":  # which shows words alone
        words = desk.terminal.run(f"originstamp show-session {EVERY_ONE}")
        assert words == ["show-session", newer, older]
        return
    shown = listed(desk, "originstamp show-session ", "Harbour (draft)")

    assert [line.split() for line in shown] == [
        [newer, *evil.split()],
        [older, "Harbour", "(draft)"],
    ]
    assert not (desk.world.home / "pwned").exists()


def listed(desk: Desk, line: str, last: str) -> list[str]:
    """Return what is offered, line by line; `last` is the end of it."""
    if desk.shell == "fish":
        script = f"source {SCRIPTS}/originstamp.fish; complete --do-complete $argv"
        words = [find("fish"), "--no-config", "-c", script, line]
        done = subprocess.run(
            words,
            env=desk.world.variables,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()
    # Nothing more may be typed before it is all there: zsh would not list what is out of date.
    shown = desk.terminal.press(f"{line}{TAB}", last)
    desk.terminal.run(f"{FORGET}originstamp")
    return [line.replace(" -- ", "") for line in shown.splitlines() if " -- " in line]


@pytest.mark.parametrize("options", ["--state my\\ photo.png", "--network moon"])
def test_where_there_is_nothing_to_offer_nothing_is_said(desk: Desk, options: str) -> None:
    (desk.world.home / "my photo.png").write_text("no state")

    shown = desk.terminal.shown(f"originstamp {options} show-session {TAB}x")

    assert "show-session|x|)@" in shown
    assert "rror" not in shown
    assert "Traceback" not in shown


def test_redirections_are_left_to_the_shell(desk: Desk) -> None:
    assert desk.terminal.run(f"originstamp nothing >>/dev/nul{TAB}; originstamp x") == ["x"]


def test_a_shell_that_cannot_be_found_is_said_in_one_sentence() -> None:
    assert shutil.which("no-such-shell") is None
    with pytest.raises(Unavailable, match="install no-such-shell, or run `make test`"):
        find("no-such-shell")
