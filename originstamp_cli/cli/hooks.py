"""What a project has run after an installation: its commands, with a dfx that is this program."""

import os
import re
import shlex
import subprocess
import sys
import tempfile

from originstamp_cli.cli.app import DFX_VERSION
from originstamp_cli.cli.site import Site
from originstamp_cli.errors import OriginStampError
from originstamp_cli.project import Project
from originstamp_cli.project.ids import folder_of


def program() -> str:
    """Return the path of this program; raises `OriginStampError` where it is not installed."""
    path = os.path.join(os.path.dirname(sys.executable), "originstamp")
    if not os.path.exists(path):
        raise OriginStampError(
            f"There is no {path} for a dfx to lead to.",
            fix="Install originstamp for this Python: python -m pip install originstamp",
        )
    return path


def did_path(site: Site, project: Project, name: str) -> str:
    """Return where a build leaves the interface of a canister."""
    folder = folder_of(project, site.described)
    return os.path.join(folder, "canisters", name, f"{name}.did")


def variables(site: Site, project: Project, name: str) -> dict[str, str]:
    """Return the variables that dfx gives to what it runs for a canister."""
    known = {"DFX_VERSION": DFX_VERSION, "DFX_NETWORK": site.settings.network}
    for each in site.names():
        try:
            known[f"CANISTER_ID_{_shouted(each)}"] = site.identifier(each).text
        except OriginStampError:
            continue  # it was not created yet
        if site.canister(each):
            known[f"CANISTER_CANDID_PATH_{_shouted(each)}"] = did_path(site, project, each)
    known["CANISTER_ID"] = site.identifier(name).text
    if site.canister(name):
        known["CANISTER_CANDID_PATH"] = did_path(site, project, name)
    return known


def _shouted(name: str) -> str:
    return re.sub("[^A-Za-z0-9]", "_", name).upper()


def run_hooks(site: Site, name: str, *, deployed: bool) -> None:
    """Run a canister's `post_install` and, once deployed, `post_deploy`; nothing may be locked.

    What they print goes to standard error. Raises `OriginStampError`, naming the command, at the
    first that fails.
    """
    project = site.project
    if project is None:
        return
    config = project.canister(name)
    if site.canister(name) is None:
        if config.hooks(deployed=deployed):
            site.console.inform(f"The hooks of {name} are not run: it is not installed here.")
        return
    if config.left_out:
        steps = " and ".join(config.left_out)
        site.console.inform(f"Not run of dfx.json for {name}, whose code is built in: {steps}.")
    for command in config.hooks(deployed=deployed):
        site.console.inform(f"Executing '{command}'")
        with tempfile.TemporaryDirectory(prefix="originstamp-dfx-") as shim:
            os.symlink(program(), os.path.join(shim, "dfx"))
            _run(site, project, command, _surroundings(site, project, name, shim))


def _surroundings(site: Site, project: Project, name: str, shim: str) -> dict[str, str]:
    given = dict(site.settings.environment.variables)
    given["PATH"] = f"{shim}:{given.get('PATH', os.defpath)}"
    # Whatever was meant by --state, a command of the project means the same.
    given["ORIGINSTAMP_STATE"] = os.path.abspath(site.settings.state_path)
    return given | variables(site, project, name)


def _run(site: Site, project: Project, command: str, environment: dict[str, str]) -> None:
    try:
        words = shlex.split(command)
        if words and os.path.isfile(os.path.join(project.folder, words[0])):
            words[0] = os.path.join(project.folder, words[0])  # as dfx: a file of the project
        process = subprocess.Popen(  # noqa: S603 - no shell reads the words
            words,
            cwd=project.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, ValueError, IndexError) as error:
        raise _failed(command, str(error)) from error
    with process:
        for line in process.stdout or ():
            site.settings.environment.say(line.removesuffix("\n"))
    if process.returncode:
        raise _failed(command, f"It ended with exit code {process.returncode}.")


def _failed(command: str, why: str) -> OriginStampError:
    return OriginStampError(f"The command '{command}' of dfx.json failed.", causes=(why,))
