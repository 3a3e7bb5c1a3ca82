"""The shells that completion is tested in: those on PATH, else Debian's, below .venv/shells.

    python tests/shells.py

fetches what is missing, as `make test` does. It needs no root and installs nothing: the packages
come from where this machine's apt takes them, and are unpacked where they lie.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(sys.prefix).resolve() / "shells"
# The static zsh has its modules within, so that it runs from anywhere.
PACKAGES = {"zsh": ("zsh-static", "zsh-common"), "fish": ("fish",)}
PATIENCE = 300  # seconds for one command of apt


class Unavailable(Exception):
    """A shell is not here and could not be fetched."""


def find(name: str) -> str:
    """Return the path of a shell; raises `Unavailable`."""
    path = shutil.which(name) or shutil.which(name, path=str(FOLDER / "bin"))
    if path is None:
        raise Unavailable(f"There is no {name} here: install {name}, or run `make test`.")
    return path


def fetch(names: list[str]) -> None:
    """Fetch shells and make a program of each in `FOLDER/bin`; raises `Unavailable`."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        _unpack([package for name in names for package in PACKAGES[name]])
        _make_programs(names)
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise Unavailable(
            f"The tests of completion need {' and '.join(names)}, which could not be fetched "
            f"({said[-1] if said else 'for no given reason'}): install {' and '.join(names)}."
        ) from error


def _unpack(packages: list[str]) -> None:
    (FOLDER / "lists" / "partial").mkdir(parents=True)
    (FOLDER / "cache" / "archives" / "partial").mkdir(parents=True)
    _apt("update")
    planned = _apt("--simulate", "--no-install-recommends", "install", *packages)
    # Not those that would only be renewed: what is here will do, and goes with the system's own.
    needed = re.findall(r"^Inst (\S+) \(", planned, re.MULTILINE)
    _apt("download", *needed)
    for archive in FOLDER.glob("*.deb"):
        _run("dpkg", "-x", str(archive), str(FOLDER / "root"))
        archive.unlink()
    shutil.rmtree(FOLDER / "lists")
    shutil.rmtree(FOLDER / "cache")


def _apt(*words: str) -> str:
    options = {
        "Dir::State::lists": str(FOLDER / "lists"),
        "Dir::Cache": str(FOLDER / "cache"),
        "APT::Sandbox::User": "",  # who is not root cannot become somebody else
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Acquire::http::Timeout": "20",
        "Acquire::https::Timeout": "20",
        "APT::Update::Error-Mode": "any",  # without it, lists that did not come are no error
    }
    return _run("apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items()), *words)


def _run(*words: str) -> str:
    return subprocess.run(
        words,
        cwd=FOLDER,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout


def _make_programs(names: list[str]) -> None:
    root = FOLDER / "root"
    if "fish" in names:  # it looks for its files beside itself only if it finds these there
        (root / "usr" / "etc").symlink_to("../etc")
    functions = [path for path in (root / "usr/share/zsh/functions").rglob("*") if path.is_dir()]
    libraries = {str(path.parent) for path in root.rglob("*.so.*")}
    variables = f'LD_LIBRARY_PATH="{":".join(sorted(libraries))}" '
    variables += f'FPATH="{":".join(map(str, sorted(functions)))}"'
    (FOLDER / "bin").mkdir()
    for name in names:
        package = PACKAGES[name][0]
        binary = next(path for path in root.rglob(package) if path.parent.name == "bin")
        program = FOLDER / "bin" / name
        program.write_text(f'#!/bin/sh\n{variables} exec "{binary}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)


def main() -> None:
    """Fetch what is missing, or say in one sentence why not: the tests then say it again."""
    missing = [name for name in PACKAGES if shutil.which(name) is None]
    if all((FOLDER / "bin" / name).exists() for name in missing):
        return
    try:
        fetch(missing)
    except Unavailable as error:
        sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    main()
