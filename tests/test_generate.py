"""`generate`: which files it writes and where, of what, and what it leaves alone."""

import contextlib
import json
from pathlib import Path
from typing import Any

import declared
import javascript
import pytest
from conftest import PROGRAM, Result, World

from originstamp_cli.canister import backend
from originstamp_cli.canister.canisters import CANISTERS

FILES = {"backend.did", "backend.did.js", "backend.did.d.ts", "index.js", "index.d.ts"}
DID = "service : { greet : (text) -> (text) query }"
FOLDER = "src/declarations/backend"


class Frontend:
    """A folder to generate in, which may be that of a project."""

    def __init__(self, world: World, root: Path) -> None:
        self.world = world
        self.root = root
        root.mkdir()

    def project(self, **canisters: Any) -> None:
        """Make the folder that of a project of these canisters."""
        self.write("dfx.json", json.dumps({"canisters": canisters}))

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def generate(self, *words: str, below: str = ".") -> Result:
        with contextlib.chdir(self.root / below):
            return self.world.run("generate", *words)

    def generated(self, *words: str, below: str = ".") -> list[str]:
        """Generate, which must succeed, and return what was said."""
        result = self.generate(*words, below=below)
        assert (result.exit_code, result.stdout) == (0, ""), result
        return result.stderr.splitlines()

    def refused(self, *words: str) -> list[str]:
        """Generate, which must fail and change nothing, and return what was said."""
        before = self.files()
        result = self.generate(*words)
        assert (result.exit_code, result.stdout) == (255, ""), result
        assert self.files() == before
        return result.stderr.splitlines()

    def files(self) -> dict[str, bytes]:
        """Return what every file of the folder holds."""
        found = [path for path in self.root.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found}

    def declarations(self, folder: str = FOLDER) -> set[str]:
        return {path.name for path in (self.root / folder).iterdir()}


@pytest.fixture
def frontend(fresh: World, tmp_path: Path) -> Frontend:
    return Frontend(fresh, tmp_path / "frontend")


def said(frontend: Frontend, name: str = "backend", folder: str = FOLDER) -> str:
    return f"Generated type declarations for canister '{name}' to '{frontend.root / folder}'"


# --- what is written ---


def test_without_a_project_all_canisters_are_written_below_the_current_folder(
    frontend: Frontend,
) -> None:
    folders = {name: f"src/declarations/{name}" for name in CANISTERS}

    assert frontend.generated() == [said(frontend, *each) for each in folders.items()]

    assert {"backend", "nft"} <= set(folders)
    for name, folder in folders.items():
        assert frontend.files()[f"{folder}/{name}.did"] == CANISTERS[name].did().encode()
        for file in (f"{name}.did.js", f"{name}.did.d.ts"):
            assert frontend.files()[f"{folder}/{file}"].decode() == declared.expected()[file]
    for file in ("index.js", "index.d.ts"):
        assert frontend.files()[f"{FOLDER}/{file}"].decode() == declared.expected()[file]
    assert frontend.declarations() == FILES


def test_no_identity_no_state_and_no_id_are_needed_or_made(frontend: Frontend) -> None:
    frontend.generated("backend")

    assert not frontend.world.home.exists()
    assert not frontend.world.state.exists()


@pytest.mark.parametrize("options", [["--network", "ic"], ["--ic"], ["--network", "staging"]])
def test_every_network_is_accepted_since_none_is_asked(
    frontend: Frontend, options: list[str]
) -> None:
    assert frontend.generated("backend", *options) == [said(frontend)]


@pytest.mark.parametrize(
    ("bindings", "files"),
    [
        (["js"], {"backend.did.js", "index.js"}),
        (["ts"], {"backend.did.d.ts", "index.d.ts"}),
        (["js", "ts"], {"backend.did.js", "index.js", "backend.did.d.ts", "index.d.ts"}),
        (["did"], {"backend.did"}),
        (None, FILES),
    ],
)
def test_only_what_bindings_name_is_written(
    frontend: Frontend, bindings: list[str] | None, files: set[str]
) -> None:
    frontend.generated("backend")
    frontend.project(backend={"declarations": {"bindings": bindings}})

    assert frontend.generated() == [said(frontend)]
    assert frontend.declarations() == files


def test_no_bindings_are_a_notice_and_no_files(frontend: Frontend) -> None:
    frontend.project(backend={"declarations": {"bindings": []}})

    assert frontend.generated("backend") == [
        (
            "`backend.declarations.bindings` in dfx.json was set to be an empty list, "
            "so no type declarations will be generated."
        )
    ]
    assert set(frontend.files()) == {"dfx.json"}


@pytest.mark.parametrize(("bindings", "files"), [(["mo"], None), (["mo", "did"], {"backend.did"})])
def test_motoko_is_skipped_with_a_warning(
    frontend: Frontend, bindings: list[str], files: set[str] | None
) -> None:
    frontend.project(backend={"declarations": {"bindings": bindings}})

    warning, *rest = frontend.generated()

    assert warning == "WARNING: Motoko bindings of canister 'backend' are not made: skipped."
    assert rest == ([said(frontend)] if files else [])
    assert (frontend.declarations() if files else None) == files


def test_a_project_is_found_from_below_and_its_output_is_beside_dfx_json(
    frontend: Frontend,
) -> None:
    frontend.project(backend={"declarations": {"output": "web/src/../declared"}})
    (frontend.root / "web" / "deep").mkdir(parents=True)

    assert frontend.generated(below="web/deep") == [said(frontend, folder="web/declared")]
    assert frontend.declarations("web/declared") == FILES


def test_names_that_are_no_identifiers_become_ones(frontend: Frontend) -> None:
    frontend.write("greet.did", DID)
    names = {"my-app": "my_app", "2nd app": "_2nd_app", "class": "class_", "createActor": ""}
    names["createActor"] = "createActor_"
    frontend.project(**{name: {"candid": "greet.did"} for name in names})

    frontend.generated()

    for name, identifier in names.items():
        index = (frontend.root / "src/declarations" / name / "index.js").read_text("utf-8")
        variable = f"CANISTER_ID_{identifier.removesuffix('_').upper()}"
        assert f"export const canisterId = process.env.{variable}" in index
        assert f"\nexport const {identifier} = canisterId ?" in index
        assert f"from './{name}.did.js';" in index
        types = (frontend.root / "src/declarations" / name / "index.d.ts").read_text("utf-8")
        assert f"\nexport declare const {identifier}: ActorSubclass<_SERVICE>;" in types
    folders = [f"src/declarations/{name}/index.d.ts" for name in names]
    javascript.type_check(frontend.root, *folders)


def test_the_id_can_be_another_and_the_actor_be_left_out(frontend: Frontend) -> None:
    frontend.project(
        backend={"declarations": {"env_override": "it's me", "node_compatibility": True}}
    )

    frontend.generated()

    index = frontend.files()[f"{FOLDER}/index.js"].decode()
    assert "export const canisterId = 'it\\'s me';" in index
    assert "createActor = " in index
    assert "export const backend" not in index
    assert "declare const backend" not in frontend.files()[f"{FOLDER}/index.d.ts"].decode()


# --- what it is taken from ---


def test_the_projects_own_interface_is_kept_byte_for_byte_and_stays(frontend: Frontend) -> None:
    text = f"// Grüße\r\n{DID}\r\n\r\n".encode()
    source = frontend.write("src/backend/backend.did", text)
    frontend.project(backend={"candid": "src/backend/backend.did"})

    assert frontend.generated() == [said(frontend)]
    assert (frontend.root / FOLDER / "backend.did").read_bytes() == text
    assert source.read_bytes() == text
    assert b"'greet' : IDL.Func([IDL.Text]" in frontend.files()[f"{FOLDER}/backend.did.js"]


def test_an_interface_that_is_not_there_yet_is_taken_from_the_emulated_canister(
    frontend: Frontend,
) -> None:
    frontend.project(backend={"candid": "backend.did"})

    assert frontend.generated() == [
        (
            f"WARNING: There is no {frontend.root / 'backend.did'}: "
            "what canister 'backend' answers here is taken."
        ),
        said(frontend),
    ]
    assert frontend.files()[f"{FOLDER}/backend.did"] == backend.did().encode()


def test_all_canisters_of_a_project_are_written_but_those_nobody_knows(frontend: Frontend) -> None:
    frontend.write("greet.did", DID)
    frontend.project(
        greet={"type": "motoko", "candid": "greet.did"},
        web={"type": "assets"},
        ledger={"type": "custom", "candid": "https://example.com/ledger.did"},
        backend={"type": "rust"},
    )

    assert frontend.generated() == [
        "WARNING: The interface of canister 'web' is not named in dfx.json. It is skipped.",
        (
            "WARNING: The interface of canister 'ledger' is on the web, which is not asked. "
            "It is skipped."
        ),
        said(frontend, "greet", "src/declarations/greet"),
        said(frontend),
    ]
    assert frontend.declarations("src/declarations") == {"greet", "backend"}


def test_a_canister_that_is_named_and_cannot_be_written_is_an_error(frontend: Frontend) -> None:
    frontend.project(web={"type": "assets"})

    assert frontend.refused("web") == [
        "Error: The interface of canister 'web' is not named in dfx.json.",
        "To fix: Give the path of its .did as candid in dfx.json.",
    ]


def test_what_a_canister_depends_on_is_written_with_it(frontend: Frontend) -> None:
    frontend.write("greet.did", DID)
    frontend.project(
        web={"type": "assets", "dependencies": ["backend", "greet"]},
        greet={"candid": "greet.did", "dependencies": ["web"]},
        other={"candid": "missing.did"},
    )

    assert sorted(frontend.generated("web")) == [
        said(frontend),
        said(frontend, "greet", "src/declarations/greet"),
        "WARNING: The interface of canister 'web' is not named in dfx.json. It is skipped.",
    ]
    assert frontend.declarations("src/declarations") == {"greet", "backend"}


def test_a_dependency_that_is_not_there_is_refused(frontend: Frontend) -> None:
    frontend.project(backend={"dependencies": ["ledger"]})

    assert frontend.refused("backend")[0] == "Error: Canister 'ledger' not found in dfx.json."


def test_the_backend_is_there_in_every_project(frontend: Frontend) -> None:
    frontend.project(web={"type": "assets"})

    assert frontend.generated("backend") == [said(frontend)]


# --- what is refused ---


def test_an_unknown_canister_is_refused(frontend: Frontend) -> None:
    frontend.generated()
    assert frontend.refused("frontend") == [
        (
            "Error: Cannot find dfx configuration file in the current working directory. "
            "Did you forget to create one?"
        )
    ]

    frontend.write("dfx.json", "{}")
    assert frontend.refused("frontend")[0] == "Error: Canister 'frontend' not found in dfx.json."
    assert frontend.refused("../backend")[0] == (
        "Error: Canister '../backend' not found in dfx.json."
    )


@pytest.mark.parametrize(
    ("did", "why"),
    [
        ("service : { m : (texts) -> () }", "Unbound type identifier texts"),
        ("type A = nat;", "the interface defines no service"),
        ("service : {} more", "Unrecognized token"),
        ("", "the interface defines no service"),
        (b"service : { \xff : () -> () }", "it is not UTF-8 text"),
        ('import "a.did"; service : {}', "import is not supported"),
    ],
)
def test_a_bad_interface_changes_nothing_of_any_canister(
    frontend: Frontend, did: str | bytes, why: str
) -> None:
    frontend.project(backend={}, bad={"candid": "bad.did"})
    frontend.write("bad.did", DID)
    frontend.generated()
    frontend.write("bad.did", did)
    (frontend.root / FOLDER / "index.js").write_text("// mine", encoding="utf-8")

    lines = frontend.refused()

    assert any(why in line for line in lines if line.startswith("Caused by: "))
    assert any(str(frontend.root / "bad.did") in line for line in lines)


def test_where_an_interface_is_wrong_is_shown(frontend: Frontend) -> None:
    frontend.project(bad={"candid": "bad.did"})
    frontend.write("bad.did", "service : {\n  greet = text;\n}")

    shown = frontend.refused()

    path = frontend.root / "bad.did"
    assert shown[:5] == [
        "error: parser error",
        f"  ┌─ {path}:2:9",
        "  │",
        "2 │   greet = text;",
        "  │         ^ Unexpected token",
    ]
    assert f"Error: Failed to parse the interface of canister 'bad' in {path}." in shown
    assert shown[-2:] == [
        "Caused by: Candid parser error: Unrecognized token `Equals` found at 20:21",
        'Expected one of ":"',
    ]


@pytest.mark.parametrize("other", ["notes.txt", "index.ts", "backend.did.js/deep.txt", ".env"])
def test_a_folder_that_holds_anything_else_is_not_replaced(frontend: Frontend, other: str) -> None:
    frontend.write("greet.did", DID)
    frontend.project(greet={"candid": "greet.did"}, backend={})
    frontend.write(f"{FOLDER}/{other}", "mine")
    frontend.write(f"{FOLDER}/index.js", "old")

    name = other.partition("/")[0]
    assert frontend.refused() == [
        (
            f"Error: The folder {frontend.root / FOLDER} is not replaced: "
            f"it holds {name}, which is no declaration of canister 'backend'."
        ),
        "To fix: Move it away, or choose another folder as declarations.output in dfx.json.",
    ]


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("taken", "Not a directory"),
        ("taken/below", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_an_output_that_cannot_be_is_told(frontend: Frontend, output: str, why: str) -> None:
    frontend.write("taken", "a file")
    frontend.project(backend={"declarations": {"output": output}})

    assert frontend.refused() == [
        f"Error: The declarations cannot be written to {frontend.root / output}: {why}.",
        "To fix: Choose another folder as declarations.output in dfx.json.",
    ]


@pytest.mark.parametrize("output", [".", "", "..", "/"])
def test_a_folder_of_other_things_is_no_output(frontend: Frontend, output: str) -> None:
    frontend.project(backend={"declarations": {"output": output}})

    assert " is not replaced: it holds " in frontend.refused()[0]


def test_a_link_stays_a_link_to_what_is_replaced(frontend: Frontend, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "backend.mo").write_text("old", encoding="utf-8")
    (frontend.root / "declared").symlink_to(elsewhere)
    frontend.project(backend={"declarations": {"output": "declared"}})

    assert frontend.generated() == [said(frontend, folder="declared")]
    assert (frontend.root / "declared").is_symlink()
    assert {path.name for path in elsewhere.iterdir()} == FILES
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", "frontend"}


def test_what_was_written_can_be_read_by_whom_the_user_lets(frontend: Frontend) -> None:
    frontend.generated()

    done = frontend.world.shell(f"umask 022; cd {frontend.root}; {PROGRAM} generate")

    assert done.exit_code == 0
    assert (frontend.root / FOLDER).stat().st_mode & 0o777 == 0o755
    assert (frontend.root / FOLDER / "index.js").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("[]", "Input should be an object"),
        (
            '{"canisters": {"backend": {"declarations": {"bindings": ["rust"]}}}}',
            "canisters.backend.declarations.bindings.0: Input should be 'js', 'ts', 'did' or 'mo'",
        ),
        (
            '{"canisters": {"backend": {"candid": 5}}}',
            "canisters.backend.candid: Input should be a valid string",
        ),
        (b"\xff", "expected value at line 1 column 1"),
    ],
)
def test_a_project_that_cannot_be_read_is_told(
    frontend: Frontend, text: str | bytes, why: str
) -> None:
    path = frontend.write("dfx.json", text)

    first, cause = frontend.refused()

    assert first == f"Error: failed to parse contents of {path} as json"
    assert cause.startswith(f"Caused by: {why}")


@pytest.mark.parametrize("name", ["../escaped", "a/b", "..", ""])
def test_a_name_that_leads_elsewhere_is_refused(frontend: Frontend, name: str) -> None:
    frontend.write("greet.did", DID)
    frontend.project(**{name: {"candid": "greet.did"}})

    assert frontend.refused() == [
        f"Error: {name!r} cannot be the name of a folder.",
        "To fix: Rename it.",
    ]


def test_a_folder_that_is_gone_is_told(frontend: Frontend) -> None:
    done = frontend.world.shell(
        f"mkdir {frontend.root}/gone && cd {frontend.root}/gone && rmdir ../gone && "
        f"{PROGRAM} generate"
    )

    assert (done.exit_code, done.stdout) == (255, "")
    assert (
        "Error: The current folder is gone, so no project can be looked for."
        in done.stderr.splitlines()
    )
