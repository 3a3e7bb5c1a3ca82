"""A disk that fills up, tried at many sizes: `disk_probe.py tmpfs|limit STATE begun|first`.

`tmpfs` mounts a small file system over the state's folder, which only this process sees; `limit`
bounds the size of files in its place. The last word says whether there is a state already. A line
of JSON is printed for each size: what two faces came to, and whether anything changed.
"""

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator

from originstamp_cli.__main__ import dispatch
from originstamp_cli.settings import Environment

PAGE = 4096
ROOM = 4 * 1024 * 1024
UPDATE = ("create_physical_art_session", '("alice", "Harbour", "{}")')


def run(*words: str) -> tuple[int, str, str]:
    """Run a command line, and return its exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = dispatch(list(words), Environment(stdin=io.StringIO("")))
    return code, out.getvalue(), err.getvalue()


def update(size: int) -> tuple[int, str, str]:
    """Make an update with a text of so many letters, as dfx would; each is kept as six bytes."""
    return run("canister", "call", "backend", UPDATE[0], UPDATE[1].format("é" * size))


def friendly() -> tuple[int, str, str]:
    """Make a large update by the friendly face."""
    return run("create-session", "alice", "Harbour", "é" * 9_000)


class Tmpfs:
    """A file system of a size that is changed as it goes."""

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        self._folder = folder
        self._mount("-t", "tmpfs", f"-osize={ROOM},mode=700", "none")

    def set(self, more: int | None) -> None:
        """Leave so many bytes of room, plenty for None."""
        disk = os.statvfs(self._folder)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        self._mount("-o", f"remount,size={ROOM if more is None else max(PAGE, used + more)}")

    def _mount(self, *words: str) -> None:
        subprocess.run(["mount", *words, self._folder], check=True)


class Limit:
    """A bound on the size of any file."""

    def __init__(self, state: str) -> None:
        self._state = state

    def set(self, more: int | None) -> None:
        """Let a file grow by so many bytes beyond the state, by any for None."""
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        there = os.path.getsize(self._state) if os.path.exists(self._state) else 0
        soft = resource.RLIM_INFINITY if more is None else there + more
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def content(path: str) -> bytes | None:
    """Return the bytes of the state file, None where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def left_beside(path: str) -> list[str]:
    """Return what lies beside the state that is not of a whole one."""
    folder, name = os.path.split(path)
    there = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(set(there) - {name, f"{name}.log"})


def tried(disk: Tmpfs | Limit, path: str, begun: bool) -> Iterator[dict[str, object]]:  # noqa: FBT001 - a word of the command line
    """Try an update with ever more room, until one fits."""
    for more in [*range(0, 40_000, 2_500), *range(40_000, 400_000, 20_000)]:
        if not begun and os.path.exists(path):
            os.unlink(path)
        before = content(path)
        disk.set(more)
        found = [update(9_000), friendly()] if begun else [update(9_000)]
        unchanged = content(path) == before
        disk.set(None)
        left = left_beside(path)
        yield {
            "more": more,
            "found": found,
            "unchanged": unchanged,
            "left": left,
            "next": [update(10), run("get-user-count")][0 if begun else 1 :],
        }


def main(how: str, path: str, begun: str) -> None:
    """Print what came of each size."""
    disk = Tmpfs(os.path.dirname(path)) if how == "tmpfs" else Limit(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if begun == "begun":
        for _ in range(3):
            assert update(500)[0] == 0
    for each in tried(disk, path, begun == "begun"):
        print(json.dumps(each), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
