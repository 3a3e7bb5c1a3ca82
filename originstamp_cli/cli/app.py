"""The program as a Typer application: every group and command of both faces."""

import os
import sys
from contextlib import redirect_stdout
from copy import copy
from importlib import import_module
from typing import Annotated

import typer
from typer.models import CommandInfo

from originstamp_cli import __version__
from originstamp_cli.cli.options import HOISTED, hoisted, read
from originstamp_cli.cli.report import report_plainly
from originstamp_cli.cli.usage import in_clap_words, in_plain_words
from originstamp_cli.errors import DFX_FAILED, READER_GONE, UsageError
from originstamp_cli.settings import Environment

DFX_VERSION = "0.32.0"

# Which file holds which commands, so that a command loads its own and no other.
ROOMS = {
    "users": (
        *("register-user", "login", "change-password", "rename-user", "list-users"),
        *("get-user", "get-user-count"),
    ),
    "sessions": (
        *("create-session", "show-session", "list-sessions", "set-status", "add-photo"),
        "remove-photo",
    ),
    "upload": ("upload",),
    "storage": ("configure-s3", "s3-status", "upload-url"),
    "tokens": ("mint", "transfer", "show-token", "list-tokens", "balance"),
    "approvals": ("approve", "revoke", "list-approvals", "transfer-from"),
    "token_changes": ("burn", "update-token"),
    "collection": ("collection", "set-collection"),
    "ledger": ("blocks", "verify-ledger"),
    "diagnostics": ("health", "debug-info", "storage-stats", "dashboard"),
    "batch": ("batch",),
    "shell": ("shell",),
    "candid": ("candid",),
    "network": ("start", "stop", "ping", "build", "dfx-shim"),
    "deploy": ("deploy",),
    "generate": ("generate",),
    "elsewhere": ("info",),
    "state": ("state",),
    "completion.scripts": ("completions",),
    "canister": ("canister",),
    "identity": ("identity",),
}
# The rooms that are groups, and the panels of the help that they are in.
GROUPS = {
    "candid": "Candid",
    "canister": "As dfx",
    "identity": "As dfx",
    "state": "Set-up",
}
# Further files of a group, whose commands stand in it beside those of the group's own file.
PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "canister": {
        "canister_install": ("id", "set-id", "url", "create", "install", "delete"),
        "canister_status": ("status", "info", "metadata"),
        "canister_running": ("start", "stop", "uninstall-code"),
        "canister_settings": ("update-settings",),
        "canister_logs": ("logs",),
        "canister_snapshots": ("snapshot",),
    },
    "state": {
        "state_moving": ("export", "import", "migrate"),
        "state_snapshots": ("snapshot", "snapshots", "revert"),
        "state_clock": ("clock",),
        "state_seed": ("seed",),
    },
}
# Groups in a group: what stands before a command of theirs.
NESTED = {("canister", "snapshot")}
DFX_COMMANDS = {
    *("canister", "identity", "start", "stop", "ping", "deploy", "build", "generate", "info"),
}
COMMANDS = {command for commands in ROOMS.values() for command in commands}


def build(word: str | None, below: str | None = None) -> typer.Typer:
    """Return the application: with one file's commands if `word` is among them, else with all.

    Where the word is that of a group, `below` is the next one, which chooses in the same way.
    """
    app = typer.Typer(
        name="originstamp",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        add_completion=False,
        callback=root,
    )
    needed = [room for room, commands in ROOMS.items() if word in commands]
    # A line that names no command, as for help, needs no more of each than what it is.
    is_named = word is None or word in COMMANDS
    for room in needed or ROOMS:
        if room in GROUPS:
            group = _group(room, below) if is_named else _app_of(room)
            app.add_typer(group, name=room, rich_help_panel=GROUPS[room])
        else:
            commands = _app_of(room).registered_commands
            app.registered_commands += commands if is_named else map(_as_listed, commands)
    return app


def _as_listed(command: CommandInfo) -> CommandInfo:
    """Return a command without its parameters, which take longer to read than all else of help."""

    def callback() -> None:
        pass

    callback.__name__ = getattr(command.callback, "__name__", "")
    callback.__doc__ = getattr(command.callback, "__doc__", None)
    listed = copy(command)
    listed.callback = callback
    return listed


def _group(room: str, below: str | None) -> typer.Typer:
    """Return a group: with one file's commands if `below` is among those, else with all."""
    parts = PARTS.get(room, {})
    needed = [part for part, commands in parts.items() if below in commands]
    own = _app_of(room)
    group = typer.Typer(cls=own.info.cls, help=own.info.help)
    for each in [_app_of(part) for part in needed] or [own, *map(_app_of, parts)]:
        group.registered_commands += each.registered_commands
        group.registered_groups += each.registered_groups
    return group


def _app_of(room: str) -> typer.Typer:
    found: typer.Typer = import_module(f"originstamp_cli.cli.{room}").app
    return found


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag
    if wanted:
        typer.echo(f"dfx {DFX_VERSION}" if invoked_as_dfx() else f"originstamp {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_show_version, is_eager=True, help="Say which."),
    ] = False,
) -> None:
    """Prove that a physical artwork is authentic.

    Register, open a session for a work, upload photos of its making, mint a token from it.
    The same backend answers `canister call backend METHOD '(…)'`, as dfx has it.
    """


def invoked_as_dfx() -> bool:
    """Tell whether the program was started under the name dfx."""
    return os.path.basename(sys.argv[0]) == "dfx"


def run(moved: list[str], words: list[str], environment: Environment) -> int:
    """Run a command with the global options that stood before it, and return its exit code."""
    words = _asking_for_help(words)
    word = words[0] if words else None
    depth = 2 if word in GROUPS else 1
    if tuple(words[:2]) in NESTED:
        more, rest = hoisted(words[2:])
        moved, words, depth = [*moved, *more], [*words[:2], *rest], 3
    if len(words) < depth:
        return _explain(moved, words, environment)
    if word not in COMMANDS or word in GROUPS:
        code = _elsewhere(" ".join(words[:depth]), environment)
        if code:
            return code
    return _invoke([*words[:depth], *moved, *words[depth:]], environment)


def _elsewhere(command: str, environment: Environment) -> int:
    """Say of a command that only dfx has what to do instead; return 0 where it is none of those."""
    if command.startswith("-"):
        return 0
    from originstamp_cli.cli.elsewhere import ELSEWHERE

    if command not in ELSEWHERE:
        return 0
    error = UsageError(f"`dfx {command}` is not part of this program.", fix=ELSEWHERE[command])
    report_plainly(error, environment)
    return (
        DFX_FAILED if invoked_as_dfx() or command.partition(" ")[0] in GROUPS else error.exit_code
    )


def _asking_for_help(words: list[str]) -> list[str]:
    """Return a line that begins with `help`, or does so in a group, as one that ends in --help."""
    start = 1 if words[:1] and words[0] in GROUPS else 0
    if words[start : start + 1] != ["help"]:
        return words
    return [*words[:start], *words[start + 1 :], "--help"]


def _explain(moved: list[str], words: list[str], environment: Environment) -> int:
    """Show what there is to say next, on standard error: nothing was done."""
    try:
        read(moved, HOISTED)
    except UsageError as error:
        report_plainly(error, environment)
        return UsageError.exit_code
    with redirect_stdout(environment.stderr):
        _invoke([*words, "--help"], environment)
    return 2


def _make_help_legible() -> None:
    """Draw help in what is read on a light background too, where yellow and dim text are not."""
    from typer import rich_utils

    rich_utils.STYLE_USAGE = rich_utils.STYLE_TYPES = "bold"
    rich_utils.STYLE_HELPTEXT = ""


def _invoke(words: list[str], environment: Environment) -> int:
    as_dfx = invoked_as_dfx() or words[0] in DFX_COMMANDS
    app = build(*words[:2])
    if {"--help", "-h"} & set(words):
        _make_help_legible()
    name = "dfx" if invoked_as_dfx() else "originstamp"
    try:
        code = app(words, prog_name=name, obj=environment, standalone_mode=False)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            environment.abandon_stdout()
            return READER_GONE
        code = end.code
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's own are about the command line
            raise
        if not as_dfx:
            report_plainly(in_plain_words(error, f"{name} {words[0]}"), environment)
            return UsageError.exit_code
        message = in_clap_words(error.format_message())
        environment.say(f"error: {message}\n\nFor more information, try '--help'.\n")
        return 2
    return code if isinstance(code, int) else 0
