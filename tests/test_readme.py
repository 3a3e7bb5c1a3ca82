"""Every command of the README runs and prints what the README says it prints."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from surroundings import NO_KEYRING

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
MARK = "@@@"
PATIENCE = 300  # seconds for what takes fifteen, the whole demo within

# What is not the same twice, and what stands for it.
VARYING = [
    (r"file://\S*/", "file:///home/alice/.local/share/originstamp/state.db.photos/"),
    (r"\b[a-z0-9]{5}(-[a-z0-9]{5}){9}-[a-z0-9]{3}\b", "PRINCIPAL"),
    (r"\b4hbk6-…", "PRINCIPAL"),
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\b[0-9a-f]{16}\b", "SESSION"),
    (r"\b\d{19}\b", "TIME"),
    (r"(X-Amz-Algorithm=AWS4-HMAC-SHA256)&.*", r"\1&…"),
]


def steps(block: str) -> list[tuple[str, str]]:
    """Return the commands of a block, each with what it prints."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def normal(text: str) -> str:
    """Return text with whatever differs from run to run made the same."""
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    return text


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what a newcomer's checkout has, made ready already."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("data", "tests", "Makefile", "README.md", "pyproject.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    environment = Path(sys.executable).parent.parent
    (folder / ".venv").symlink_to(environment)
    os.utime(folder / "pyproject.toml", (0, 0))  # older than the environment made from it
    return folder


def test_every_command_prints_what_the_readme_says(checkout: Path, tmp_path: Path) -> None:
    wanted = [step for block in BLOCKS for step in steps(block)]
    script = "".join(f"{command}\necho {MARK}$?\n" for command, _ in wanted)
    variables = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TERM": "dumb"} | NO_KEYRING

    done = subprocess.run(
        ["bash", "-c", script],
        cwd=checkout,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    answers = re.split(rf"{MARK}(\d+)\n", done.stdout)
    printed, codes = answers[:-1:2], answers[1::2]
    assert len(wanted) >= 18
    assert dict(zip((command for command, _ in wanted), codes, strict=True)) == dict.fromkeys(
        (command for command, _ in wanted), "0"
    ), done.stderr
    for (command, promised), output in zip(wanted, printed, strict=True):
        if not command.startswith("make"):
            assert (command, normal(output)) == (command, normal(promised))
    assert "Every step answered right." in printed[0]
