"""`make generate`: write the declarations of every interface in tests/declarations/ beside it.

Run as `python tests/declared.py`. The interfaces of the canisters are the package's own.
"""

from pathlib import Path

from originstamp_cli.bindings.declarations import declarations
from originstamp_cli.canister import backend
from originstamp_cli.canister.canisters import CANISTERS

FOLDER = Path(__file__).parent / "declarations"


def interfaces() -> dict[str, str]:
    """Return the text of each interface by its name."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.did"))}
    return {**{name: canister.did() for name, canister in CANISTERS.items()}, **found}


def expected() -> dict[str, str]:
    """Return what should stand in each file by its name; the index files once, of the backend."""
    files: dict[str, str] = {}
    for name, did in interfaces().items():
        files |= declarations(name, did, ("js", "ts"))
        if name == backend.NAME:
            index = {file: files[file] for file in ("index.js", "index.d.ts")}
    return files | index


if __name__ == "__main__":
    for file, text in expected().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
