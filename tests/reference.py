"""`make generate`: write REFERENCE.md, every command and every method with an example that was run.

Run as `python tests/reference.py`. Raises `NoExample` where one is missing or does not work.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import examples
from commands import Command, NoExample, commands
from stage import Stage, stage

from originstamp_cli.canister import backend, nft
from originstamp_cli.canister.canisters import CANISTERS

FILE = Path(__file__).parent.parent / "REFERENCE.md"
COMMON = "Common options"
AS_DFX = "As dfx"
LARGEST_TOLD = 10**9

HEAD = """\
# Reference

Every command, and every method of the canisters, with an example that was run and what it printed.
This file is made by `make generate`, and a test fails when it is out of date.

The examples of each part are one story, which is not always told in the order of printing. It is
played by Alice, a painter, on a machine of her own: passwords and the secret of S3 come from the
environment (`ORIGINSTAMP_PASSWORD`, `ORIGINSTAMP_NEW_PASSWORD`, `S3_SECRET_KEY`) or from her `.env`
file. `…` stands for what differs from machine to machine: the version, the size of a file, free
disk space, a seed phrase, the hash of the canister's code. What the exit codes mean is told in
[README.md](README.md#where-things-are).
"""
COMMON_HEAD = """\
## Options of every command

They may stand before the command or after its arguments. `--help`, or `-h`, explains any command.
`originstamp --version` says which version it is.
"""
DFX_HEAD = """\
What scripts written for dfx say. Each command that begins with `dfx` takes these options of dfx's,
before its arguments or after:
"""
METHODS_HEAD = """\
## Methods

Those of `backend`; what `nft` answers is told [after them](#methods-of-nft).
A query reads, an update may write. Fields of a record that are `opt` may be left out. What the
names of types stand for is told [below](#types). What "hardened" adds holds unless the
canister was deployed with `--policy faithful`: see
[README.md](README.md#what-differs-from-the-deployed-canister).
"""
NFT_HEAD = """\
## Methods of nft

The same tokens, exactly as the standards have them, for wallets and markets: ICRC-7 and ICRC-10.
A batch is answered as far as its limit reaches, one element after the other. The codes of
`GenericError` are 110, a subaccount that does not have 32 bytes, and 111, a memo that is too long.
"""


class Part(NamedTuple):
    """What tells of a canister's methods: two headings, what stands below the first, examples."""

    methods: str
    types: str
    head: str
    story: str


PARTS = {
    backend.NAME: Part("Methods", "Types", METHODS_HEAD, examples.METHODS),
    nft.NAME: Part("Methods of nft", "Types of nft", NFT_HEAD, examples.NFT_METHODS),
}


class Method(NamedTuple):
    """A method of a canister: its name, what it is about, its types, and query or update."""

    canister: str
    name: str
    about: str
    signature: str
    mode: str

    @property
    def heading(self) -> str:
        """What it is called where both canisters are told of."""
        return self.name if self.canister == backend.NAME else f"{self.canister} {self.name}"

    @property
    def sentence(self) -> str:
        """What its function says of itself."""
        function = CANISTERS[self.canister].find_method(self.name)
        return str(function.__doc__).partition("\n")[0]


# --- what there is ---


def lines_of_service(did: str) -> Iterator[str]:
    """Yield the comments and methods of an interface, each on one line."""
    begun = ""
    for line in map(str.strip, did.partition("service : {")[2].splitlines()):
        begun += line if not begun else f" {line}"
        if line.endswith(";") or line.startswith("//") or not line:
            yield begun
            begun = ""


def methods(canister: str = backend.NAME) -> list[Method]:
    """Return the methods in the order of the interface's text, each under its comment."""
    served = CANISTERS[canister]
    modes = {name: method.mode for name, method in served.interface().methods.items()}
    found, about = [], ""
    for line in lines_of_service(served.did()):
        comment = re.fullmatch(r"// (.*)", line)
        method = re.fullmatch(r"(\w+) : (\(.*?\) -> \(.*\))(?: query)?;", line)
        if comment:
            about = comment[1]
        elif method:
            mode = "query" if modes.pop(method[1]) == "query" else "update"
            found.append(Method(canister, method[1], about, method[2], mode))
    if modes:
        raise NoExample(
            f"In {canister}.did each method begins a line of its own; not so {min(modes)}."
        )
    return found


def type_definitions(canister: str) -> str:
    """Return the types that an interface's text defines."""
    return (
        "type "
        + CANISTERS[canister].did().partition("\ntype ")[2].partition("\nservice")[0].strip()
    )


# --- the examples, played ---


def command_examples(found: Iterable[Command]) -> dict[str, str]:
    """Return what came of each command's example, as on a terminal, by the command's name."""
    left = {command.name: command.example for command in found}
    story = [line for line in examples.COMMANDS.splitlines() if line in left or line[:2] == "$ "]
    story += [name for name in left if name not in story]
    shown = {}
    with stage() as alice:
        alice.variables["ORIGINSTAMP_PASSWORD"] = "correct horse"
        alice.variables["ORIGINSTAMP_NEW_PASSWORD"] = "battery staple"
        for step in story:
            shown[step] = played(alice, left.get(step, step.removeprefix("$ ")))
    return shown


def method_examples(wanted: Iterable[str], canister: str = backend.NAME) -> dict[str, str]:
    """Return what came of each method's example, by the method's name."""
    story = PARTS[canister].story.splitlines()
    lines = {line.split()[0]: line for line in story if line[:2] != "$ "}
    for name in {*wanted} ^ {*lines}:
        raise NoExample(f"The method {name} has no line in tests/examples.py, or is no more.")
    with stage("collector") as alice:
        named = {f"<{name}>": alice.principal(name) for name in ("default", "collector")}
        for line in story:
            if line[:2] == "$ ":
                played(alice, line.removeprefix("$ "))
        call = f"dfx canister call {canister}"
        return {name: played(alice, _filled(f"{call} {lines[name]}", named)) for name in lines}


def _filled(line: str, named: dict[str, str]) -> str:
    for name, principal in named.items():
        line = line.replace(name, principal)
    return line


def played(alice: Stage, line: str) -> str:
    """Return a line and what it showed, as a block of Markdown; raises `NoExample` if it failed."""
    done = alice.play(line)
    if done.exit_code != 0:
        raise NoExample(f"The example `{line}` ended with {done.exit_code}: {done.seen}")
    shown = "\n".join(each.rstrip() for each in done.seen.splitlines())
    return f"```console\n$ {line}\n{shown}".rstrip() + "\n```\n"


# --- Markdown ---


def anchor(heading: str) -> str:
    """Return what GitHub calls a heading in a link."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link(text: str, heading: str) -> str:
    """Return a link to a heading of this document."""
    return f"[{text}](#{anchor(heading)})"


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of what is typed and what it means; the empty text for no rows."""
    lines = [f"| `{_in_cell(typed)}` | {_in_cell(meaning)} |" for typed, meaning in rows]
    return "\n".join(["| argument | meaning |", "|---|---|", *lines, ""]) if lines else ""


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def parameters(command: Command, *, common: bool) -> list[Any]:
    """Return a command's own parameters, or those that it has in common with others."""
    return [
        each
        for each in command.declared.params
        if not each.hidden and (each.rich_help_panel == COMMON) is common
    ]


def typed(parameter: Any) -> str:
    """Return a parameter as it is typed, such as `--size INTEGER`."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()).strip("[]")
    return f"{', '.join(parameter.opts)} {value(parameter)}".strip()


def value(parameter: Any) -> str:
    """Return what follows an option: its own word for it, the choices, or the kind of value."""
    kind = parameter.type_descriptor
    if parameter.count or kind.annotation is bool:
        return ""
    if parameter.metavar or kind.choices:
        return str(parameter.metavar or "|".join(map(str, kind.choices)))
    return "NUMBER" if kind.annotation is int else "TEXT"


def meaning(parameter: Any) -> str:
    """Return what a parameter is for, whether it must be given, and what holds if it is not."""
    return " ".join([str(parameter.help), *_limits(parameter)])


def _limits(parameter: Any) -> Iterator[str]:
    if parameter.param_type_name == "option" and parameter.required:
        yield "Must be given."
    if parameter.param_type_name == "argument" and parameter.type_descriptor.choices:
        yield f"One of {', '.join(parameter.type_descriptor.choices)}."
    if parameter.max is not None and parameter.max < LARGEST_TOLD:
        yield f"From {parameter.min} to {parameter.max}."
    if parameter.default and parameter.show_default:
        yield f"If not given: {parameter.default}."


def usage(command: Command) -> str:
    """Return the line that shows how a command is typed."""
    own = parameters(command, common=False)
    arguments = [each for each in own if each.param_type_name == "argument"]
    options = [each for each in own if each.param_type_name == "option"]
    words = [typed(each) if each.required else f"[{typed(each)}]" for each in arguments]
    words += [typed(each) for each in options if each.required]
    if not all(each.required for each in options):
        words.append("[OPTIONS]")
    return " ".join([command.line, *words])


def command_entry(command: Command, example: str) -> str:
    """Return all that is said of a command."""
    own = [(typed(each), meaning(each)) for each in parameters(command, common=False)]
    parts = [f"### {command.line}", command.description, f"`{usage(command)}`", table(own), example]
    return "\n\n".join(part.strip() for part in parts if part)


def method_entry(method: Method, example: str) -> str:
    """Return all that is said of a method."""
    types = f"`{method.signature}` · {method.mode}"
    return "\n\n".join([f"#### {method.heading}", method.sentence, types, example.strip()])


def common_options(command: Command) -> str:
    """Return the table of the options that a command shares with others."""
    return table((typed(each), meaning(each)) for each in parameters(command, common=True))


def panels(found: list[Command]) -> list[tuple[str, list[Command]]]:
    """Return the commands by the panels of the help, those of dfx last."""
    names = sorted({command.panel: None for command in found}, key=AS_DFX.__eq__)
    return [(name, [each for each in found if each.panel == name]) for name in names]


def contents(found: list[Command]) -> str:
    """Return the table of contents: a line of links for each group."""
    lines = ["## Contents", "", f"- {link('Options of every command', 'Options of every command')}"]
    for panel, group in panels(found):
        links = " · ".join(link(command.name, command.line) for command in group)
        lines.append(f"- {link(panel, panel)}: {links}")
    for canister, part in PARTS.items():
        lines.append(f"- {link(part.methods, part.methods)}")
        for about, group_of_methods in by_subject(canister):
            links = " · ".join(link(method.name, method.heading) for method in group_of_methods)
            lines.append(f"  - {link(about, about)}: {links}")
        lines.append(f"- {link(part.types, part.types)}")
    return "\n".join([*lines, ""])


def by_subject(canister: str) -> list[tuple[str, list[Method]]]:
    """Return the methods of a canister by what they are about."""
    return [(f"About {about}", [*group]) for about, group in groupby(methods(canister), _about)]


def _about(method: Method) -> str:
    return method.about


def methods_of(canister: str) -> list[str]:
    """Return all that is said of a canister's methods, and the types in their signatures."""
    answered = method_examples((method.name for method in methods(canister)), canister)
    parts = [PARTS[canister].head]
    for about, group in by_subject(canister):
        parts.append(f"### {about}")
        parts += [method_entry(method, answered[method.name]) for method in group]
    types = f"```candid\n{type_definitions(canister)}\n```"
    return [*parts, f"## {PARTS[canister].types}", types]


def reference() -> str:
    """Return the whole document."""
    found = commands()
    parts = [HEAD, contents(found), COMMON_HEAD, common_options(found[0])]
    shown = command_examples(found)
    for panel, group in panels(found):
        parts.append(f"## {panel}")
        if panel == AS_DFX:
            parts += [DFX_HEAD, common_options(group[0])]
        parts += [command_entry(command, shown[command.name]) for command in group]
    for canister in CANISTERS:
        parts += methods_of(canister)
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
