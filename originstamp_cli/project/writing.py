"""dfx's files are written so that they are whole."""

import json
import os
from typing import Any

from originstamp_cli.errors import OriginStampError


def write(path: str, content: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON as dfx does: two blanks of indentation, sorted, no final newline.

    It is the old file or the new one, whole. Raises `OriginStampError`.
    """
    write_text(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False))


def write_text(path: str, text: str) -> None:
    """Write a file of a project, whole or not at all, and the folders above it."""
    draft = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(draft, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise OriginStampError(
            f"{path} cannot be written: {error.strerror}.", fix="Check who may write to its folder."
        ) from error
