"""What every command of the friendly face has in common: its options, its calls, its errors.

A command is its signature, its help and one line: it returns an `Answer` and never prints.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

import typer

from originstamp_cli import render
from originstamp_cli.candid import Tag
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import access, backend
from originstamp_cli.canister.ledger.accounts import account, parse_account
from originstamp_cli.canister.runtime import Method
from originstamp_cli.cli.call import acting, refuse_wallet
from originstamp_cli.cli.options import GLOBALS, Arguments, Option, check_company, checked
from originstamp_cli.cli.prompt import typed_unseen
from originstamp_cli.cli.report import report_as_dfx, report_plainly
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import (
    DFX_FAILED,
    INTERRUPTED,
    READER_GONE,
    NetworkError,
    OriginStampError,
    Refused,
    UsageError,
)
from originstamp_cli.identity import Identities
from originstamp_cli.network import QUERY, UPDATE, Request, connect
from originstamp_cli.render import Answer
from originstamp_cli.settings import WARNINGS, Environment, Settings

FRIENDLY_OPTIONS = ("identity", "network", "state", "at")

# What to do about the answers that leave somebody at a loss.
REMEDIES = {
    access.NOT_ANONYMOUS: "Act as one of your identities, with --identity.",
    access.NOT_YOUR_SESSION: "Act as who opened it, with --identity.",
    access.NOT_YOUR_NAME: "Act as who registered it with --identity, or use originstamp login.",
    "Session not found": "See the ids with originstamp list-sessions.",
    "Token not found": "See the ids with originstamp list-tokens.",
    "Token not owned by from account": "See who owns it with originstamp show-token.",
    "User not found": "See the names with originstamp list-users.",
    "Username already exists": "Choose another, or use originstamp login.",
    "Invalid photo URL": (
        "Give an address that begins with https://, http://, s3://, ipfs:// or file://."
    ),
    "Invalid file name": "Give a name of 1 to 255 characters without / and \\.",
    "Invalid content type": "Give that of a photo, such as image/jpeg.",
    "Invalid file size": "Give 1 byte to 100 MB.",
    "Maximum supply reached": "A controller raises it with originstamp set-collection.",
    "S3 configuration not found. Please configure S3 settings first.": (
        "A controller does so with originstamp configure-s3."
    ),
}

Output = Annotated[
    render.Form,
    typer.Option("--output", help="How the result is printed.", rich_help_panel="Common options"),
]


class Secret(NamedTuple):
    """A secret that a command needs: what it is called, and where it may come from.

    `confirmed` says that it is typed twice: it is a new one.
    """

    what: str
    option: str
    variable: str
    confirmed: bool = False


class Console:
    """What a command works with: calls to the backend in somebody's name, and the user."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.environment = settings.environment

    @functools.cached_property
    def identities(self) -> Identities:
        """The user's identities."""
        return acting(self.settings)

    def inform(self, line: str) -> None:
        """Tell on standard error what was done; -q hushes it."""
        if self.settings.loudness >= 0:
            self.environment.log(line)

    def detail(self, line: str) -> None:
        """Tell on standard error what only -v asks for."""
        if self.settings.loudness > 0:
            self.environment.log(line)

    def warn(self, line: str) -> None:
        """Tell on standard error what to look out for; -qq hushes it."""
        if self.settings.loudness >= WARNINGS:
            self.environment.log(f"WARNING: {line}")

    def call(self, method: str, *arguments: Value, canister: str = backend.NAME) -> Answer:
        """Return what a canister answers, the backend mostly; raises `Refused` when it is a no.

        Also what any call may raise: `CallRejected`, `IdentityError`, `NetworkError`, `StateError`.
        """
        network = connect(self.settings)
        network.check_running()
        called = network.canister_id(canister)
        service = network.interface(called)
        if service is None:
            raise NetworkError(f"The canister {canister} has no interface on this network.")
        signature = service.methods[method]
        request = Request(
            called,
            method,
            values=list(arguments),
            types=signature.args,
            caller=self.identities.principal(),
            kind=UPDATE if signature.mode == UPDATE else QUERY,
        )
        reply = network.call(request)
        return Answer(reply, unwrapped(reply.values[0]))

    def perform(self, function: Method, arguments: list[Value], results: list[Type]) -> Answer:
        """Return what a function of the backend answers that is in no interface, as `call` does."""
        network = connect(self.settings)
        reply = network.perform(function, self.identities.principal(), arguments, results)
        return Answer(reply, unwrapped(reply.values[0]))

    def secret(self, secret: Secret, *, from_stdin: bool) -> str:
        """Return a secret from standard input, the environment, or a hidden prompt.

        Raises `UsageError` where there is nobody to ask.
        """
        text = self._given(secret, from_stdin=from_stdin)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise UsageError(f"The {secret.what} is not valid UTF-8 text.", fix="Give another.")
        return text

    def _given(self, secret: Secret, *, from_stdin: bool) -> str:
        if from_stdin:
            return self._piped(secret)
        given = self.environment.variables.get(secret.variable)
        if given is not None:
            return given
        if not self.environment.stdin.isatty():
            raise UsageError(
                f"A {secret.what} is needed and nobody is there to ask.",
                fix=f"Pipe it in with {secret.option}, or set {secret.variable}.",
            )
        return self._asked(secret.what.capitalize(), confirm=secret.confirmed)

    def _piped(self, secret: Secret) -> str:
        line = self.environment.stdin.readline()
        if not line:
            raise UsageError(
                f"Standard input ended before the {secret.what}.",
                fix=f"Pipe it in, on a line of its own: … | originstamp … {secret.option}",
            )
        return line.rstrip("\r\n")

    def _asked(self, prompt: str, *, confirm: bool) -> str:
        typed = typed_unseen(prompt, self.environment)
        if confirm and typed_unseen(f"{prompt} again", self.environment) != typed:
            raise UsageError("The two entries differ.", fix="Type the same twice.")
        return typed

    def confirmed(self, question: str, *, yes: bool) -> bool:
        """Ask on a terminal; without one, doing is what was asked for."""
        if yes or not self.environment.stdin.isatty():
            return True
        self.environment.stderr.write(f"{question} [y/N] ")
        self.environment.stderr.flush()
        try:
            return self.environment.stdin.readline().strip().lower() in {"y", "yes"}
        except KeyboardInterrupt:
            self.environment.say("")
            raise

    def recipient(self, text: str) -> dict[str, Value]:
        """Return the account that a principal, an account's text or an identity's name means.

        Raises `UsageError` with what is wrong and the names that are known.
        """
        names = self.identities.names()
        if text in names:
            return account(self.identities.principal(text))
        try:
            return parse_account(text)
        except ValueError as error:
            # Words are names that nobody has; what is made of groups is an account with a slip.
            why = f": {str(error).rstrip('.')}" if "-" in text else ""
            raise UsageError(
                f"{text!r} is neither an identity nor an account{why}.{nearest(text, names)}",
                fix=f"Give a principal, an account, or one of {', '.join(names)}.",
            ) from None


def remedy(answer: str) -> str | None:
    """Return what to do about a refusal of the canister's, where that is known."""
    if " cannot be the name of an S3 " in answer:
        return "A controller corrects it with originstamp configure-s3."
    return REMEDIES.get(answer)


def unwrapped(value: Value) -> Value:
    """Return what an answer holds; raises `Refused` for `Err` and for `success = false`."""
    if isinstance(value, Tag):
        if value.name == "Err":
            raise Refused(str(value.value), fix=remedy(str(value.value)))
        return value.value
    if isinstance(value, dict) and value.get("success") is False:
        raise Refused(str(value["message"]), fix=remedy(str(value["message"])))
    return value


@contextmanager
def reported(
    environment: Environment, *, as_dfx: bool = False, verbose: bool = False
) -> Iterator[None]:
    """Tell our own errors on standard error and exit with their code; bugs keep their traceback."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        environment.abandon_stdout()
        raise typer.Exit(READER_GONE) from None
    except OriginStampError as error:
        if as_dfx and isinstance(error, UsageError):
            environment.say(f"error: {error.message}\n\nFor more information, try '--help'.\n")
            raise typer.Exit(error.exit_code) from error
        if as_dfx:
            report_as_dfx(error, environment, verbose=verbose)
            raise typer.Exit(DFX_FAILED) from error
        report_plainly(error, environment)
        raise typer.Exit(error.exit_code) from error


def parameter(option: Option, panel: str | None = "Common options") -> inspect.Parameter:
    """Return an option of ours as a parameter that Typer understands."""
    kind: Any = bool if option.flag and not option.count else int if option.count else str | None
    spellings = [option.long, *([f"-{option.short}"] if option.short else [])]
    info = typer.Option(
        *spellings,
        help=option.help,
        metavar=option.metavar,
        count=option.count,
        show_default=False,
        hidden=option.hidden,
        rich_help_panel=panel,
    )
    default: Any = 0 if option.count else False if option.flag else None
    return inspect.Parameter(
        option.variable,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[kind, info],
        default=default,
    )


def declared(invoke: Callable[..., object], parameters: list[inspect.Parameter]) -> None:
    """Give a function the signature that Typer builds its parser from."""
    context = inspect.Parameter(
        "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    added = [context, *parameters]
    invoke.__signature__ = inspect.Signature(added)  # type: ignore[attr-defined]
    invoke.__annotations__ = {parameter.name: parameter.annotation for parameter in added}


def _own(run: Callable[..., object]) -> list[inspect.Parameter]:
    declared = list(inspect.signature(run).parameters.values())[1:]
    return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in declared]


def _loudness(options: dict[str, Any]) -> int:
    return (options.get("verbose") or 0) - (options.get("quiet") or 0)


def _settings(environment: Environment, options: dict[str, Any]) -> Settings:
    """Take the common options out of `options` and return what they say.

    Raises `UsageError` in the words of clap for those that cannot be, or not stand together.
    """
    shared = Arguments()
    for option in GLOBALS:
        value = options.pop(option.variable, None)
        if option.flag and value:
            shared.options[option.name] = int(value)
        elif not option.flag and value is not None:
            shared.options[option.name] = checked(option, value)
    check_company(shared, GLOBALS)
    environment.log_to(shared.text("log"), shared.text("logfile"))
    refuse_wallet(shared.text("wallet"))
    return Settings(
        environment,
        state=shared.text("state"),
        network=shared.network,
        identity=shared.text("identity"),
        loudness=shared.loudness,
        at=shared.at,
    )


def in_paragraphs(run: Callable[..., object]) -> str:
    """Return a command's docstring with each paragraph on one line, for any terminal's width."""
    paragraphs = (inspect.getdoc(run) or "").split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


Registering = Callable[[Callable[..., Any]], Callable[..., Any]]


def command(app: typer.Typer, *, panel: str, name: str | None = None) -> Registering:
    """Register a friendly command: its common options are added, and what it returns is shown."""
    common = [parameter(option) for option in GLOBALS if option.name in FRIENDLY_OPTIONS]
    output = inspect.Parameter(
        "output", inspect.Parameter.KEYWORD_ONLY, annotation=Output, default=render.Form.TEXT
    )
    return _registering(app, [*common, output], panel=panel, name=name)


def plain_command(app: typer.Typer, *, name: str | None = None) -> Registering:
    """Register a command that asks nobody, so that it has no options but its own.

    The common ones are taken for what they are worth, since they may stand before any command.
    """
    common = [parameter(option) for option in GLOBALS if option.name in FRIENDLY_OPTIONS]
    for each in common:
        each.annotation.__metadata__[0].hidden = True
    return _registering(app, common, name=name)


def dfx_command(
    app: typer.Typer, *, name: str | None = None, panel: str | None = None
) -> Registering:
    """Register a command of the dfx face: dfx's common options, its errors and its exit code."""
    common = [parameter(option) for option in GLOBALS]
    return _registering(app, common, name=name, panel=panel, as_dfx=True)


def _registering(
    app: typer.Typer,
    common: list[inspect.Parameter],
    *,
    name: str | None = None,
    panel: str | None = None,
    as_dfx: bool = False,
) -> Registering:
    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        own = _own(run)
        prints_itself = any(each.name == "output" for each in own)
        added = [each for each in common if each.name not in {mine.name for mine in own}]

        @functools.wraps(run)
        def invoke(ctx: typer.Context, **options: Any) -> None:  # noqa: ANN401 - as declared
            environment: Environment = ctx.obj
            form = render.Form.TEXT
            if not prints_itself:
                form = options.pop("output", form)
            verbose = _loudness(options) > 0
            with reported(environment, as_dfx=as_dfx, verbose=verbose):
                answer = run(Console(_settings(environment, options)), **options)
                render.show(answer, form, environment)
            if isinstance(answer, Answer) and answer.exit_code:
                raise typer.Exit(answer.exit_code)

        declared(invoke, [*own, *added])
        app.command(name, help=in_paragraphs(run), rich_help_panel=panel)(invoke)
        return run

    return register
