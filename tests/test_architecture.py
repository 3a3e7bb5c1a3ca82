"""The rooms and the arrows between them, and who may use what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "originstamp_cli"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room and the rooms below it that it may import; `errors` and `candid` are leaves.
ARROWS = {
    "__main__": {"cli", "settings", "errors"},
    "cli": {
        *("render", "network", "project", "settings", "identity", "canister", "photos"),
        *("bindings", "candid", "errors", "__init__"),
    },
    "render": {"network", "settings", "candid"},
    "bindings": {"candid"},
    "network": {"project", "settings", "canister", "store", "candid", "errors"},
    "project": {"settings", "errors"},
    "identity": {"candid", "errors"},
    "settings": {"errors", "log_file"},
    "log_file": {"errors"},
    "canister": {"photos", "store", "candid", "errors", "__init__"},
    "photos": {"store", "errors"},
    "store": {"errors"},
    "candid": set(),
    "errors": set(),
    "__init__": set(),
}

# Libraries and the only rooms that may know them.
KEEPERS = {
    "tinydb": {"store"},
    "sqlite3": {"store"},
    "typer": {"cli"},
    "rich": {"render"},
    "boto3": {"photos"},
    "botocore": {"photos"},
    "argon2": {"canister", "identity"},
    "cryptography": {"identity", "store"},
    "keyring": {"identity", "store"},
    "mnemonic": {"identity"},
    "slip10": {"identity"},
    "socket": {"photos"},
    "http": {"photos"},
    "urllib": {"photos"},
    "subprocess": {"cli"},
    "platformdirs": {"settings"},
}


def room_of(module: Path) -> str:
    """Return the room that a file belongs to: its folder, or its own name at the top."""
    inside = module.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(module: Path) -> Iterator[str]:
    """Return the full names of everything that a file imports, wherever in the file."""
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    package = parts[:-1]
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield prefix
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def own_rooms(module: Path) -> set[str]:
    """Return the rooms that a file imports from."""
    found = set()
    for name in imports(module):
        parts = name.split(".")
        if parts[0] != "originstamp_cli":
            continue
        if len(parts) == 1 or parts[1] == "__version__":
            continue
        found.add(parts[1])
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_down_only(module: Path) -> None:
    room = room_of(module)

    assert own_rooms(module) - {room} <= ARROWS[room]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_known_to_its_rooms_only(module: Path) -> None:
    room = room_of(module)

    for name in imports(module):
        keepers = KEEPERS.get(name.split(".")[0])
        assert keepers is None or room in keepers, f"{room} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_settings_reads_the_environment(module: Path) -> None:
    text = module.read_text(encoding="utf-8")

    assert room_of(module) == "settings" or ("os.environ" not in text and "getenv" not in text)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_prints_but_through_the_environment(module: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]

    assert not [node for node in calls if node.func.id == "print"]  # type: ignore[attr-defined]


def test_candid_depends_on_the_standard_library_alone() -> None:
    import sys

    for module in (PACKAGE / "candid").glob("*.py"):
        for name in imports(module):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("originstamp_cli.candid")


def test_the_arrows_hold_no_circle() -> None:
    def reaches(room: str, seen: frozenset[str]) -> bool:
        return any(below in seen or reaches(below, seen | {below}) for below in ARROWS[room])

    assert not [room for room in ARROWS if reaches(room, frozenset({room}))]


def test_every_room_is_drawn() -> None:
    assert {room_of(module) for module in MODULES} <= set(ARROWS)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_outgrows_four_hundred_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400
