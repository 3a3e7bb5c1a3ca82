"""`batch`: many calls in one process, made to last together."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from enum import StrEnum
from itertools import accumulate, takewhile
from time import monotonic
from typing import Annotated

import typer

from originstamp_cli.candid import Tag, show_args
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend, logs
from originstamp_cli.canister.group import Group
from originstamp_cli.cli.batch_lines import BadLine, request_of
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.incoming import Line, Source, opened, size_of, stretches
from originstamp_cli.cli.interruption import Interruption
from originstamp_cli.cli.spoken import Calls
from originstamp_cli.errors import INTERRUPTED, CallRejected, OriginStampError, UsageError
from originstamp_cli.network import QUERY, Reply, Request, connect
from originstamp_cli.render import Progress, harmless, json_line, progress
from originstamp_cli.settings import Environment

PANEL = "Many calls"
app = typer.Typer()

_AT_ONCE = 4_000  # characters that are written together: half of what a stream can hold back
LONGEST_HELD = 1.0  # seconds for which nobody else gets to write

OK, ERR, REJECTED, INVALID = "ok", "err", "rejected", "invalid"


class Lined(StrEnum):
    """How the results are printed, one on a line."""

    JSON = "json"
    IDL = "idl"


class _Failed(Exception):
    """A line failed, and the batch is to end with it."""


@command(app, panel=PANEL)
def batch(
    console: Console,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The calls; - is standard input.")],
    canister: Annotated[
        str, typer.Option("--canister", metavar="CANISTER_NAME", help="Which canister is called.")
    ] = backend.NAME,
    stop_on_error: Annotated[
        bool | None,
        typer.Option(
            "--stop-on-error/--keep-going",
            help="Whether a line that fails is the last; by default all are done.",
            show_default=False,
        ),
    ] = None,
    atomic: Annotated[
        bool, typer.Option("--atomic", help="Do all of it or, if anything fails, nothing.")
    ] = False,
    output: Annotated[
        Lined, typer.Option("--output", help="How the results are printed.")
    ] = Lined.JSON,
) -> None:
    """Make many calls, one on a line, at a fraction of the cost of one command each.

    A line is METHOD (args) in Candid, CANISTER.METHOD (args), or a JSON object with "method" and,
    where they are needed, "args" (Candid text, or a list of values), "canister" and "identity".
    Blank lines and those that begin with # are passed over.

    Each result is a line of JSON with the number of its line and a status: ok with the reply, err
    where the answer is a refusal, rejected where there is none, invalid where the line is no call.
    A result is printed once its call lasts. The exit code is 1 if a call was refused, 2 if a line
    was no call.

    Example: originstamp batch calls.txt
    """
    _refuse_both(atomic=atomic, keeps_going=stop_on_error is False)
    environment = console.environment
    with closing(_opened(file, environment)) as source, Interruption() as interruption:
        stops = atomic or bool(stop_on_error)
        batch = _Batch(console, canister, interruption, form=output, atomic=atomic, stops=stops)
        with _shown(environment, file, source) as shown:
            code = batch.run(source, shown)
    if code:
        raise typer.Exit(code)


def _refuse_both(*, atomic: bool, keeps_going: bool) -> None:
    if atomic and keeps_going:
        raise UsageError(
            "--atomic undoes everything when a line fails, so it cannot keep going.",
            fix="Leave out --keep-going, or --atomic.",
        )


def _how_many(lines: list[str]) -> int:
    """Return how many lines from the first on are written together, one at least."""
    sizes = accumulate(len(line) for line in lines)
    return max(1, sum(1 for _ in takewhile(lambda size: size < _AT_ONCE, sizes)))


@contextmanager
def _shown(environment: Environment, file: str, source: Source) -> Iterator[Progress]:
    """Show how far a batch is; on a terminal the results themselves do."""
    on_terminal = environment.stdout.isatty()
    bar = nullcontext(Progress()) if on_terminal else progress(environment, 1, size_of(source))
    with bar as shown:
        shown.next_file(file)
        yield shown


def _opened(path: str, environment: Environment) -> Source:
    try:
        return opened(path, environment.stdin)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"The file {path!r} cannot be read: {why}.",
            fix="Name another, or - for standard input.",
        ) from error


class _Batch:
    """A batch under way: what was done, what of it lasts, and what is still to be printed."""

    def __init__(
        self,
        console: Console,
        canister: str,
        interruption: Interruption,
        *,
        form: Lined,
        atomic: bool,
        stops: bool,
    ) -> None:
        self._console = console
        self._interruption = interruption
        self._form = form
        self._atomic = atomic
        self._stops = stops
        self._network = connect(console.settings)
        self._network.check_running()
        self._network.canister_id(canister)  # raises here rather than at every line
        self._calls = Calls(console.settings, self._network, canister)
        self._calls.caller()
        self._counts = dict.fromkeys((OK, ERR, REJECTED, INVALID), 0)
        self._done = self._lasting = 0  # the numbers of lines
        self._pending: list[str] = []
        self._at_its_end = not atomic
        self._began = 0.0

    def run(self, source: Source, shown: Progress) -> int:
        """Make all calls and return the exit code; raises `OriginStampError`."""
        group = Group(
            self._network.host,
            whole=self._atomic,
            lasted=self._lasted,
            waiting=self._interruption.may_stop,
        )
        try:
            with group:
                return self._run(group, source, shown)
        except OriginStampError:
            self._say(self._how_far())
            raise

    def _run(self, group: Group, source: Source, shown: Progress) -> int:
        try:
            self._make_all(group, source, shown)
        except _Failed:
            return self._failed(group)
        except KeyboardInterrupt:
            if self._atomic:
                group.abandon()
                self._pending = []
            else:
                self._interruption.asked = False  # what was made is printed yet
                group.end()
            self._say(f"Interrupted. {self._how_far()}")
            return INTERRUPTED
        self._at_its_end = True
        group.end()
        return self._summed_up()

    def _make_all(self, group: Group, source: Source, shown: Progress) -> None:
        coming = stretches(source)
        while True:
            with self._interruption.may_stop():
                stretch = next(coming, None)
            if stretch is None:
                return
            # Read before anything is locked, so that others have their turn meanwhile.
            requests = [request_of(line, self._calls) for line in stretch]
            self._began = monotonic()
            for line, request in zip(stretch, requests, strict=True):
                self._make(group, line, request)
            self._end(group)
            shown.advance(sum(len(line.content or b"") + 1 for line in stretch))

    def _make(self, group: Group, line: Line, request: Request | BadLine | None) -> None:
        self._interruption.check()
        if request is not None:
            status = self._made(group, line.number, request)
            self._counts[status] += 1
            if status != OK and self._stops:
                self._done = line.number
                raise _Failed
        self._done = line.number
        if monotonic() - self._began > LONGEST_HELD:
            self._end(group)
            self._began = monotonic()

    def _end(self, group: Group) -> None:
        if not self._atomic:
            group.end()

    def _made(self, group: Group, number: int, request: Request | BadLine) -> str:
        """Make a call, have its result printed, and return its status."""
        if isinstance(request, BadLine):
            self._say(f"Line {number}: {harmless(request.message)}")
            if request.drawn:
                self._say(request.drawn)
            return self._tell(number, INVALID, request.message)
        try:
            reply = self._network.call(request, group)
        except CallRejected as rejection:
            return self._tell(number, REJECTED, rejection.message, code=rejection.error_code)
        return self._told(number, request, reply)

    def _told(self, number: int, request: Request, reply: Reply) -> str:
        """Have a reply printed, and return what it comes to."""
        answer = reply.values[0] if len(reply.values) == 1 else reply.values or None
        is_no = answer is False and request.kind == QUERY  # of what was asked, and no refusal
        why = None if is_no else logs.why_refused(answer)
        if self._form is Lined.IDL:
            self._pending.append(show_args(reply.values, reply.types, "idl"))
            return OK if why is None else ERR
        if why is not None:
            return self._tell(number, ERR, why, reply=answer)
        value = answer.value if isinstance(answer, Tag) and answer.name == "Ok" else answer
        told = json_line(value)
        self._pending.append(f'{{"line":{number},"status":"ok","reply":{told}}}')
        return OK

    def _tell(self, number: int, status: str, why: str, **more: Value) -> str:
        """Have it printed why there is no result, and return the status."""
        if self._form is Lined.IDL:  # a comment in Candid
            self._pending.append(f"// line {number}: {status}: {harmless(why)}")
            return status
        parts = {"error": why, **more}
        told = "".join(f',"{name}":{json_line(value)}' for name, value in parts.items())
        self._pending.append(f'{{"line":{number},"status":"{status}"{told}}}')
        return status

    def _lasted(self) -> None:
        """Print the results of what lasts now; what comes next is made where canisters are then."""
        self._network.look_again()
        if not self._at_its_end:
            return
        self._lasting = self._done
        while self._pending:
            count = _how_many(self._pending)
            text = "\n".join(self._pending[:count])
            with self._interruption.may_stop():
                # Of what is interrupted while it is written, the stream keeps the rest.
                del self._pending[:count]
                self._console.environment.show(text)

    def _failed(self, group: Group) -> int:
        """End with the line that failed, whose result is printed, and return the exit code."""
        if self._atomic:
            group.abandon()
            self._pending = self._pending[-1:]
            self._at_its_end = True
            self._lasted()
            self._say(f"Line {self._done} failed. Nothing was changed.")
        else:
            group.end()
            self._say(f"Line {self._done} failed. {self._how_far()}")
        return UsageError.exit_code if self._counts[INVALID] else 1

    def _summed_up(self) -> int:
        """Return the exit code, and tell of what did not go well."""
        refused = self._counts[ERR] + self._counts[REJECTED]
        invalid = self._counts[INVALID]
        if refused:
            self._say(f"Refused: {refused} of {refused + self._counts[OK]} calls.")
        if invalid:
            self._say(f"Not a call: {invalid} {'line' if invalid == 1 else 'lines'}.")
        return UsageError.exit_code if invalid else min(refused, 1)

    def _how_far(self) -> str:
        if self._atomic or not self._lasting:
            return "Nothing was changed."
        return f"What the lines up to {self._lasting} did lasts; nothing after them was done."

    def _say(self, line: str) -> None:
        self._console.environment.say(line)
