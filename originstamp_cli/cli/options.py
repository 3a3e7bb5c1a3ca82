"""The options that commands share, declared once, and how dfx reads a command line.

`canister call` reads its own line here, without Typer, because scripts call it in loops; the Typer
commands build their parameters from the same declarations.
"""

from collections.abc import Callable, Sequence

from originstamp_cli.candid.principal import Principal
from originstamp_cli.errors import UsageError


class Option:
    """One option: its spellings, what follows it, and what it cannot stand beside or without.

    `value` is clap's name for what follows it, where that is not the option's own; `check` raises
    `ValueError` for a value that is none.
    """

    __slots__ = (
        "check",
        "choices",
        "conflicts",
        "count",
        "flag",
        "help",
        "hidden",
        "name",
        "requires",
        "short",
        "takes",
        "value",
    )

    def __init__(
        self,
        name: str,
        help: str,  # noqa: A002 - what everyone calls it
        *,
        takes: str = "",
        short: str | None = None,
        flag: bool = False,
        count: bool = False,
        choices: tuple[str, ...] = (),
        conflicts: tuple[str, ...] = (),
        requires: tuple[str, ...] = (),
        value: str = "",
        check: Callable[[str], object] | None = None,
        hidden: bool = False,
    ) -> None:
        self.name = name
        self.help = help
        self.short = short
        self.flag = flag or count
        self.count = count
        self.choices = choices
        self.conflicts = conflicts
        self.requires = requires
        self.takes = takes
        self.value = value
        self.check = check
        self.hidden = hidden

    @property
    def long(self) -> str:
        """The spelling with two dashes."""
        return f"--{self.name}"

    @property
    def variable(self) -> str:
        """The name as a Python parameter; `async` is a word of the language."""
        name = self.name.replace("-", "_")
        return f"{name}_" if name == "async" else name

    @property
    def metavar(self) -> str | None:
        """What help shows for its value: the choices, or what it takes."""
        return "|".join(self.choices) or self.takes or None

    @property
    def usage(self) -> str:
        """The spelling as error texts have it, such as `--output <OUTPUT>`."""
        if self.flag:
            return self.long
        return f"{self.long} <{self.value or self.name.upper().replace('-', '_')}>"


def _moment(text: str) -> int:
    from originstamp_cli.cli.moments import moment

    return moment(text)


GLOBALS = (
    Option("identity", "Act as this identity.", takes="NAME"),
    Option("network", "The network that answers.", takes="NAME", conflicts=("ic", "playground")),
    Option("ic", "As --network ic.", flag=True, conflicts=("playground",)),
    Option("playground", "As --network playground.", flag=True),
    Option("state", "The state file to work on.", takes="FILE"),
    Option(
        "at",
        "The time of this call: 2026-11-25T19:00:00Z, a date, or nanoseconds.",
        takes="TIME",
        value="TIME",
        check=_moment,
    ),
    Option("verbose", "Say more on standard error; may be repeated.", short="v", count=True),
    Option("quiet", "Say less on standard error; may be repeated.", short="q", count=True),
    Option(
        "log",
        "Where to tell what is done.",
        choices=("stderr", "tee", "file"),
        value="LOGMODE",
    ),
    Option("logfile", "The file that --log file and --log tee write.", takes="FILE"),
    # Every call goes straight to its canister.
    Option("wallet", "Not to be had here: there are no wallets.", hidden=True),
    # It chooses a subnet, of which there is one here.
    Option("provisional-create-canister-effective-canister-id", "Not needed here.", hidden=True),
)


def _cycles(text: str) -> object:
    from originstamp_cli.cli.quantities import cycles

    return cycles(text)


ARGUMENT = "[ARGUMENT]"  # as clap calls it; what an option conflicts with may be this

CALL = (
    Option("type", "How the argument is written; raw is hex.", choices=("idl", "raw")),
    Option(
        "argument-file",
        "Read the argument from a file; - is standard input.",
        takes="FILE",
        conflicts=(ARGUMENT, "random"),
    ),
    Option(
        "random",
        "Send random values; CONFIG is left empty.",
        takes="CONFIG",
        conflicts=(ARGUMENT,),
    ),
    Option(
        "async",
        "Print a request id and do not wait; request-status has the reply.",
        flag=True,
        conflicts=("query", "update", "output"),
    ),
    Option("query", "Make a query call.", flag=True, conflicts=("update",)),
    Option("update", "Make an update call, even of a query method.", flag=True),
    Option("output", "How the reply is printed.", choices=("idl", "raw", "pp", "json")),
    Option("candid", "A .did file in place of the canister's own interface.", takes="FILE"),
    Option(
        "always-assist",
        "Ask for every argument, even where all may be left out.",
        flag=True,
        conflicts=(ARGUMENT, "argument-file", "random"),
    ),
    Option(
        "impersonate",
        "Call as this principal, on the local network.",
        takes="PRINCIPAL",
        check=Principal.from_text,
    ),
    # Only a wallet sends cycles.
    Option("with-cycles", "Not to be had here.", requires=("wallet",), check=_cycles, hidden=True),
)


class Arguments:
    """A command line, read: options by name (flags as counts) and positionals in order."""

    __slots__ = ("options", "positionals")

    def __init__(self) -> None:
        self.options: dict[str, str | int] = {}
        self.positionals: list[str] = []

    def text(self, name: str) -> str | None:
        """Return the value given for an option, or None."""
        value = self.options.get(name)
        return None if value is None else str(value)

    def given(self, name: str) -> bool:
        """Tell whether an option was given."""
        return name in self.options

    @property
    def at(self) -> int | None:
        """The time that calls are to be made at, in ns since 1970; None for the network's own."""
        text = self.text("at")
        return None if text is None else _moment(text)

    @property
    def loudness(self) -> int:
        """How much to tell: 0, one more for each -v, one less for each -q."""
        return int(self.options.get("verbose", 0)) - int(self.options.get("quiet", 0))

    @property
    def network(self) -> str | None:
        """The network named by any of its three options."""
        for shorthand in ("ic", "playground"):
            if self.given(shorthand):
                return shorthand
        return self.text("network")


def read(words: Sequence[str], known: Sequence[Option]) -> Arguments:
    """Return the options and positionals of a command line.

    Raises `UsageError` in the words of dfx's own parser (clap).
    """
    arguments = Arguments()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            arguments.positionals += rest
            break
        if word.startswith("-") and word != "-":
            _read_option(word, rest, known, arguments)
        else:
            arguments.positionals.append(word)
    check_company(arguments, known)
    return arguments


def _read_option(word: str, rest: list[str], known: Sequence[Option], arguments: Arguments) -> None:
    if not word.startswith("--") and len(word) > 2:  # noqa: PLR2004 - "-v" has two characters
        rest.insert(0, f"-{word[2:]}")  # `-vv` is `-v -v`
        word = word[:2]
    spelling, equals, value = word.partition("=")
    option = _find(spelling, known)
    name = option.name
    if option.flag:
        if equals:
            raise UsageError(
                f"unexpected value '{value}' for '{option.long}' found; no more were expected"
            )
        if arguments.given(name) and not option.count:
            raise _twice(option)
        arguments.options[name] = int(arguments.options.get(name, 0)) + 1
        return
    if arguments.given(name):
        raise _twice(option)
    arguments.options[name] = checked(option, value if equals else _next_value(option, rest))


def _find(spelling: str, known: Sequence[Option]) -> Option:
    for option in known:
        if spelling == option.long or (option.short and spelling == f"-{option.short}"):
            return option
    from difflib import get_close_matches

    near = get_close_matches(spelling, [option.long for option in known], n=1)
    tip = f"a similar argument exists: '{near[0]}'" if near else ""
    tip = tip or f"to pass '{spelling}' as a value, use '-- {spelling}'"
    raise UsageError(f"unexpected argument '{spelling}' found\n\n  tip: {tip}")


def _next_value(option: Option, rest: list[str]) -> str:
    if not rest or (rest[0].startswith("-") and rest[0] != "-"):
        raise UsageError(f"a value is required for '{option.usage}' but none was supplied")
    return rest.pop(0)


def checked(option: Option, value: str) -> str:
    """Return a value that an option may have; raises `UsageError` in the words of clap."""
    if option.choices and value not in option.choices:
        possible = ", ".join(option.choices)
        raise UsageError(
            f"invalid value '{value}' for '{option.usage}'\n  [possible values: {possible}]"
        )
    try:
        if option.check:
            option.check(value)
    except ValueError as error:
        raise UsageError(f"invalid value '{value}' for '{option.usage}': {error}") from None
    return value


def _twice(option: Option) -> UsageError:
    return UsageError(f"the argument '{option.usage}' cannot be used multiple times")


def check_company(arguments: Arguments, known: Sequence[Option]) -> None:
    """Raise `UsageError` for options that cannot stand together, or not alone."""
    by_name = {option.name: option for option in known}
    given = [by_name[name] for name in arguments.options]
    for option in given:  # of two, clap names the first on the line first
        for other in given:
            if other.name in option.conflicts or option.name in other.conflicts:
                raise conflict(option.usage, other.usage)
    lacking = [name for option in given for name in option.requires if not arguments.given(name)]
    if lacking:
        raise missing(*(by_name[name].usage for name in lacking))


def conflict(one: str, other: str) -> UsageError:
    """Return the error for two arguments that cannot stand together."""
    return UsageError(f"the argument '{one}' cannot be used with '{other}'")


def missing(*names: str) -> UsageError:
    """Return the error for arguments that were not given, as clap's usage has them."""
    lines = "".join(f"\n  {name}" for name in names)
    return UsageError(f"the following required arguments were not provided:{lines}")


def missing_option(spelling: str) -> UsageError:
    """Return the error for an option that must be given."""
    return UsageError(f"the following required arguments were not provided:\n  {spelling}")


HOISTED = (*GLOBALS, Option("output", "How the result is printed."))


def hoisted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split a command line at its command: the global options before it, and the rest.

    The options are looked for only before the command, so that `--` and values are left alone.
    """
    rest = list(words)
    moved: list[str] = []
    while rest and rest[0].startswith("-"):
        option = _global(rest[0])
        if option is None:
            break
        moved.append(rest.pop(0))
        if not option.flag and "=" not in moved[-1] and rest:
            moved.append(rest.pop(0))
    return moved, rest


def _global(word: str) -> Option | None:
    spelling = word.partition("=")[0]
    for option in HOISTED:
        short = option.short
        repeated = short and len(word) > 1 and set(word[1:]) == {short} and word[0] == "-"
        if spelling == option.long or repeated:
            return option
    return None
