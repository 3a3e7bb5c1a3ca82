"""The program with the fixture canister on its network, as a process of its own."""

import sys
from pathlib import Path

from fixture_canister import FIXTURE, NAME

from originstamp_cli.__main__ import main as run
from originstamp_cli.canister.canisters import CANISTERS

_LAUNCHER = """\
#!{python}
import sys
sys.path.insert(0, {tests!r})
import fixture_dfx
sys.exit(fixture_dfx.main())
"""


def main() -> int:
    """Run one command line and return its exit code."""
    CANISTERS[NAME] = FIXTURE
    return run()


def make_dfx(folder: Path) -> Path:
    """Put a program named dfx into a folder, which is made, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / "dfx"
    tests = str(Path(__file__).parent)
    launcher.write_text(_LAUNCHER.format(python=sys.executable, tests=tests), encoding="utf-8")
    launcher.chmod(0o755)
    return launcher
