"""The block of variables that dfx keeps in a project's .env file."""

import os
import re

from originstamp_cli.errors import OriginStampError
from originstamp_cli.project import Project
from originstamp_cli.project.writing import write_text

_HEAD = "# DFX CANISTER ENVIRONMENT VARIABLES"
_FOOT = "# END DFX CANISTER ENVIRONMENT VARIABLES"
_BLOCK = re.compile(rf"\n?{_HEAD}\n.*?\n{_FOOT}\n?", re.DOTALL)


def env_file(project: Project, given: str | None, folder: str) -> str | None:
    """Return the path of the file to keep the variables in, None where none is wanted.

    `given` is the option's, seen from `folder`; else dfx.json decides. Raises `OriginStampError`
    for a file outside of the project.
    """
    named = project.config.output_env_file
    path = os.path.join(folder, given) if given else os.path.join(project.folder, named or "")
    if not (given or named):
        return None
    real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    if os.path.commonpath([real, os.path.realpath(project.folder)]) != os.path.realpath(
        project.folder
    ):
        raise OriginStampError(
            f"The env file must be within the project, and {real} is not.",
            fix=f"Name a file below {project.folder}.",
        )
    return real


def write_block(path: str, variables: dict[str, str]) -> None:
    """Put the variables into a file's block; the rest of the file stays as it is."""
    lines = "\n".join(f"{name}='{value}'" for name, value in variables.items())
    block = f"\n{_HEAD}\n{lines}\n{_FOOT}"
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            before = file.read()
    except FileNotFoundError:
        before = ""
    except OSError as error:
        raise OriginStampError(
            f"{path} cannot be read: {error.strerror}.", fix="Check who may read it."
        ) from error
    if _BLOCK.search(before):
        after = _BLOCK.sub(lambda found: block + found[0][len(found[0].rstrip("\n")) :], before, 1)
    else:
        after = before + block
    write_text(path, after)
