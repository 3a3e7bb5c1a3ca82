"""`generate`: a canister's declarations for TypeScript and JavaScript, as dfx writes them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from originstamp_cli.bindings.declarations import KINDS, declarations, file_names
from originstamp_cli.candid import CandidError
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.cli.common import Console, dfx_command
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.errors import OriginStampError
from originstamp_cli.project import FILE_NAME, find_project, no_project
from originstamp_cli.settings import Environment

if TYPE_CHECKING:
    from originstamp_cli.project.declared import Canister, Declarations

PANEL = "As dfx"
app = typer.Typer()

_REMOTE = ("http://", "https://")


class Project(NamedTuple):
    """The folder of a project, and its canisters by name: None where there is no dfx.json."""

    root: str
    canisters: "dict[str, Canister] | None"


class NoInterface(OriginStampError):
    """A canister of the project is not emulated, and nothing here says what it answers."""


class Made(NamedTuple):
    """The declarations of one canister: where they go, and the text of each file."""

    canister: str
    folder: str
    files: dict[str, bytes]


@dfx_command(app, panel=PANEL)
def generate(
    console: Console,
    canister_name: Annotated[
        str | None,
        typer.Argument(metavar="CANISTER_NAME", help="Which; by default all of the project."),
    ] = None,
) -> None:
    """Write a canister's interface as TypeScript and JavaScript.

    They go into src/declarations/ beside dfx.json, or below this folder where there is none.

    Example: dfx generate backend
    """
    say = console.environment.say
    project = _project(console.environment.folder)
    # All are made before any is written: where one cannot be, nothing changes.
    everything, unknown = [], []
    for name in _names(project, canister_name):
        try:
            everything.append(_made(project, name, console.environment))
        except NoInterface as error:
            unknown.append(error)
    if canister_name and not everything:
        raise unknown[0]
    for each in unknown:
        say(f"WARNING: {each.message} It is skipped.")
    for made in everything:
        if made is not None:
            _put(made)
            say(f"Generated type declarations for canister '{made.canister}' to '{made.folder}'")


# --- the project ---


def _project(folder: str) -> Project:
    """Return the project that a folder is in; raises `OriginStampError` for a bad dfx.json."""
    found = find_project(folder)
    if found is None:
        return Project(folder, None)
    from originstamp_cli.project.declared import DfxJson
    from originstamp_cli.project.files import read

    said = read(os.path.join(found.folder, FILE_NAME), DfxJson) or DfxJson()
    return Project(found.folder, said.canisters or {})


def _unsaid() -> "Canister":
    """Return what holds of a canister that dfx.json says nothing of."""
    from originstamp_cli.project.declared import Canister

    return Canister()


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise OriginStampError(f"Failed to read {path}.", causes=(_reason(error),)) from error


def _reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be used; a `ValueError` is about its name."""
    return str(error.strerror if isinstance(error, OSError) else error)


def _names(project: Project, wanted: str | None) -> list[str]:
    """Return the canisters to write: all, or one and those that it depends on.

    Raises `OriginStampError` for one that is not known.
    """
    known = dict(project.canisters or {})
    if wanted is None:
        return list(known or CANISTERS)
    known |= {name: _unsaid() for name in CANISTERS if name not in known}
    found, ahead = [], [wanted]
    while ahead:
        name = ahead.pop()
        if name not in known:
            raise _not_found(project, name, list(known))
        if name not in found:
            found.append(name)
            ahead += known[name].dependencies
    return found


def _not_found(project: Project, name: str, known: list[str]) -> OriginStampError:
    if project.canisters is None:
        return no_project()
    return OriginStampError(
        f"Canister '{name}' not found in dfx.json.", fix=f"The canisters are {', '.join(known)}."
    )


# --- what is written ---


def _made(project: Project, name: str, environment: Environment) -> Made | None:
    """Return a canister's declarations, or None with a notice where there is nothing to write."""
    said = (project.canisters or {}).get(name, _unsaid())
    if os.path.basename(name) != name or name in ("", ".", ".."):
        raise OriginStampError(f"{name!r} cannot be the name of a folder.", fix="Rename it.")
    kinds = _kinds(name, said.declarations, environment)
    if not kinds:
        return None
    source = _source(project, name, said, environment)
    output = said.declarations.output
    place = os.path.join("src", "declarations", name) if output is None else output
    folder = os.path.normpath(os.path.join(project.root, place))
    files = _files(name, source, kinds, said.declarations, environment)
    with _writing_to(folder):
        _check_free(folder, name)
    return Made(name, folder, files)


def _kinds(name: str, wanted: "Declarations", environment: Environment) -> tuple[str, ...]:
    bindings = KINDS if wanted.bindings is None else tuple(wanted.bindings)
    if not bindings:
        environment.say(
            f"`{name}.declarations.bindings` in dfx.json was set to be an empty list, "
            "so no type declarations will be generated."
        )
    if "mo" in bindings:
        environment.say(f"WARNING: Motoko bindings of canister '{name}' are not made: skipped.")
    return tuple(kind for kind in KINDS if kind in bindings)


def _source(
    project: Project, name: str, said: "Canister", environment: Environment
) -> tuple[str, bytes]:
    """Return where a canister's interface stands and its text; raises `NoInterface`.

    What the project says goes first: its frontend is written for that.
    """
    is_remote = (said.candid or "").startswith(_REMOTE)
    if said.candid and not is_remote:
        path = os.path.join(project.root, said.candid)
        if os.path.exists(path) or name not in CANISTERS:
            return path, _read(path)
        environment.say(
            f"WARNING: There is no {path}: what canister '{name}' answers here is taken."
        )
    if name in CANISTERS:
        return f"{name}.did", CANISTERS[name].did().encode()
    reason = "is on the web, which is not asked" if is_remote else "is not named in dfx.json"
    raise NoInterface(
        f"The interface of canister '{name}' {reason}.",
        fix="Give the path of its .did as candid in dfx.json.",
    )


def _files(
    name: str,
    source: tuple[str, bytes],
    kinds: tuple[str, ...],
    wanted: "Declarations",
    environment: Environment,
) -> dict[str, bytes]:
    path, did = source
    try:
        files = declarations(
            name,
            did.decode(),
            kinds,
            env_override=wanted.env_override,
            has_actor=not wanted.node_compatibility,
        )
    except UnicodeDecodeError as error:
        reason = "it is not UTF-8 text"
        raise OriginStampError(f"Failed to read {path}.", causes=(reason,)) from error
    except CandidError as error:
        if error.end - error.start < len(error.text):
            environment.say(error.frame(path))
        raise OriginStampError(
            f"Failed to parse the interface of canister '{name}' in {path}.",
            causes=(error.message,),
        ) from error
    return {file: text.encode() for file, text in files.items()}


# --- the folder ---


@contextmanager
def _writing_to(folder: str) -> Iterator[None]:
    """Have a folder that cannot be written to told about."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise OriginStampError(
            f"The declarations cannot be written to {folder}: {_reason(error)}.",
            fix="Choose another folder as declarations.output in dfx.json.",
        ) from error


def _put(made: Made) -> None:
    """Put declarations in place of those that are there, all at once."""
    folder = os.path.realpath(made.folder)
    parent = os.path.dirname(folder)
    with _writing_to(made.folder), stoppable():
        os.makedirs(parent, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=".declarations-") as aside:
            new = os.path.join(aside, "new")
            os.mkdir(new)
            for name, text in made.files.items():
                with open(os.path.join(new, name), "wb") as file:
                    file.write(text)
            _swap(new, folder, os.path.join(aside, "old"))


def _check_free(folder: str, canister: str) -> None:
    """Raise `OriginStampError` where a folder holds what `generate` would never have written."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    ours = file_names(canister)
    others = sorted(each.name for each in entries if each.name not in ours or each.is_dir())
    if others:
        raise OriginStampError(
            f"The folder {folder} is not replaced: it holds {others[0]}, which is no declaration "
            f"of canister '{canister}'.",
            fix="Move it away, or choose another folder as declarations.output in dfx.json.",
        )


def _swap(new: str, folder: str, old: str) -> None:
    """Rename a folder into the place of another, which is put back where that fails."""
    if not os.path.exists(folder):
        os.rename(new, folder)
        return
    os.rename(folder, old)
    try:
        os.rename(new, folder)
    except BaseException:
        os.rename(old, folder)
        raise
