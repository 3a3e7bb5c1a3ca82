"""Node.js, the official JavaScript library and TypeScript, as `make test` has put them in .venv.

Node.js is a Python package; the others stand in .venv/node, as tests/node/package.json names them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parent / "node"
NODE = Path(sys.executable).parent / "node"
FOLDER = Path(sys.prefix).resolve() / "node"
MODULES = FOLDER / "node_modules"
PATIENCE = 120.0  # seconds for what takes two
STRICT = (
    *("--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"),
    *("--noUnusedLocals", "--noUnusedParameters", "--exactOptionalPropertyTypes"),
    *("--skipDefaultLibCheck",),
)


class Unavailable(Exception):
    """What the tests need of npm is not here."""


def run(*words: str | Path, folder: Path = FOLDER, typed: str = "", **variables: str) -> str:
    """Return what Node.js prints; raises `AssertionError` with what is wrong where it fails."""
    if not (FOLDER / ".ready").exists():
        raise Unavailable(f"There is no {MODULES}: run `make test`.")
    done = subprocess.run(
        [NODE, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def recode(tasks: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return what `recode.mjs` makes of each task."""
    script = (SCRIPTS / "recode.mjs").read_text(encoding="utf-8")
    told: Any = json.loads(run("--input-type=module", "--eval", script, typed=json.dumps(tasks)))
    return list(told)


def type_check(folder: Path, *files: str) -> None:
    """Compile files of a folder by `tsc --strict`, in place; `AssertionError` says what is wrong.

    The folder is made one from which the library is found.
    """
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(MODULES)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run(MODULES / "typescript" / "bin" / "tsc", *STRICT, *files, folder=folder)
