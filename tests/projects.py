"""A dfx project to stand in: its dfx.json, and what there is to read in it."""

import json
from pathlib import Path
from typing import Any

from conftest import Result, World

BACKEND_ONLY: dict[str, Any] = {"canisters": {"backend": {"type": "rust", "candid": "a.did"}}}
WITH_FRONTEND: dict[str, Any] = {
    "canisters": {
        "frontend": {"type": "assets", "dependencies": ["backend"]},
        "backend": {"type": "rust", "candid": "a.did"},
    }
}
USER = '("alice", "correct horse")'


def enter(world: World, config: object, name: str = "project") -> Path:
    """Make a project, have the user stand in it, and return its folder."""
    folder = world.home.parent / name
    folder.mkdir()
    text = config if isinstance(config, str) else json.dumps(config)
    (folder / "dfx.json").write_text(text)
    world.folder = folder
    return folder


def ids(folder: Path, network: str | None = "local") -> Any:
    """Return what a canister_ids.json holds, of an ephemeral network or the lasting ones."""
    place = folder / ".dfx" / network if network else folder
    return json.loads((place / "canister_ids.json").read_text())


def register(world: World) -> None:
    """Have the backend remember somebody."""
    world.call("register_user", USER)


def users(world: World, *options: str) -> str:
    """Return how many users the backend remembers."""
    return world.call("get_user_count", None, *options)


def did(world: World, *words: str, typed: str = "") -> Result:
    """Run a command that must succeed with nothing on standard output."""
    result = world.run(*words, typed=typed)
    assert (result.exit_code, result.stdout) == (0, ""), result
    return result


def fails(world: World, *words: str, typed: str = "") -> str:
    """Run a command of the dfx face that must fail, and return what it says."""
    result = world.run(*words, typed=typed)
    assert (result.exit_code, result.stdout) == (255, ""), result
    return result.stderr


def misused(world: World, *words: str) -> str:
    """Run a command that dfx's own parser refuses, and return what it says."""
    result = world.run(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result
    return result.stderr
