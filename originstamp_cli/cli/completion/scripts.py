"""`completions`: the scripts by which a shell asks this program what Tab may offer.

They hold no words of their own: each hands over what is typed and shows what comes back. What
comes back is never evaluated.
"""

from enum import StrEnum
from typing import Annotated

import typer

from originstamp_cli.cli.common import Console, command

PANEL = "Set-up"
app = typer.Typer()


class Name(StrEnum):
    """What the program is called on the line that is completed."""

    ORIGINSTAMP = "originstamp"
    DFX = "dfx"


class Shell(StrEnum):
    """A shell that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


BASH = """\
# What Tab offers after NAME in bash 4.4 or newer. Made by `originstamp completions bash`.

_NAME() {
    COMPREPLY=()
    if [[ $3 == [\\<\\>]* ]]; then
        compopt -o default
        return
    fi
    local answer
    mapfile -t answer < <(
        command NAME __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null
    )
    if [[ ${answer[0]-} == files ]]; then
        compopt -o default
    else
        COMPREPLY=("${answer[@]:1}")
    fi
}

complete -o nosort -F _NAME NAME
"""

ZSH = """\
#compdef NAME
# What Tab offers after NAME in zsh. Made by `originstamp completions zsh`.

_NAME() {
    local -a answer offered shown
    local line
    answer=("${(@f)$(
        command NAME __complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" \\
            2>/dev/null </dev/null
    )}")
    if [[ $answer[1] == files ]]; then
        [[ $PREFIX == --*=* ]] && compset -P 1 '*='
        _files
        return
    fi
    for line in "${(@)answer[2,-1]}"; do
        offered+=("${line%%$'\\t'*}")
        shown+=("${line/$'\\t'/  -- }")
    done
    compadd -V NAME -l -d shown -a offered
}

if [[ $funcstack[1] == _NAME ]]; then
    _NAME "$@"
else
    compdef _NAME NAME
fi
"""

FISH = """\
# What Tab offers after NAME in fish. Made by `originstamp completions fish`.

function __NAME_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l unquoted (string unescape -- $current)
    or set unquoted (string unescape -- $current\\')
    or set unquoted (string unescape -- $current\\")
    set -l answer (command NAME __complete fish $words[2..] "$unquoted" 2>/dev/null </dev/null)
    if test "$answer[1]" != files
        printf '%s\\n' $answer[2..]
        return
    end
    set -l option ''
    string match -q -- '--*=*' $current
    and set option (string replace -r -- '=.*' = $current)
    set -l path (string replace -r -- '^--[^=]*=' '' $current)
    printf '%s\\n' $option(complete -C "'' $path")
end

complete -c NAME -f -k -a '(__NAME_complete)'
"""

SCRIPTS = {Shell.BASH: BASH, Shell.ZSH: ZSH, Shell.FISH: FISH}


@command(app, panel=PANEL)
def completions(
    console: Console,  # noqa: ARG001 - every command has one
    shell: Annotated[
        Shell, typer.Argument(metavar="bash|zsh|fish", help="The shell that you type in.")
    ],
    name: Annotated[
        Name, typer.Option("--name", help="What you call the program.")
    ] = Name.ORIGINSTAMP,
) -> str:
    """Print the script by which the Tab key completes what you type in a shell.

    In ~/.bashrc, for bash 4.4 or newer:

    source <(originstamp completions bash)

    In ~/.zshrc, below compinit:

    source <(originstamp completions zsh)

    For fish:

    originstamp completions fish > ~/.config/fish/completions/originstamp.fish

    Where you type dfx, do the same once more with --name dfx, in fish into dfx.fish.

    Example: source <(originstamp completions bash)
    """
    return SCRIPTS[shell].replace("NAME", name).removesuffix("\n")
