"""A result as text, table, JSON or Candid; the only user of rich."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from time import gmtime, strftime
from typing import Any

from originstamp_cli.candid import Principal, Reserved, Some, Tag, show_args
from originstamp_cli.candid.types import TEXT
from originstamp_cli.candid.values import Value
from originstamp_cli.network import Reply
from originstamp_cli.settings import Environment

TABLE_WIDTH = 80  # fixed, so that a table is the same on every terminal
RECORD = ["field", "value"]
UNBROKEN = {"session_id", "id"}  # columns of short words to copy
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOMENTS = {"created_at", "updated_at", "created", "expires", "time"}  # in nanoseconds since 1970
LONGEST_SHOWN = 24  # characters of a file's name beside its progress


class Form(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    TABLE = "table"
    JSON = "json"
    IDL = "idl"


class Lines:
    """A list to print: the header and a row for each line."""

    def __init__(self, header: list[str], rows: list[list[Value]]) -> None:
        self.header = header
        self.rows = rows


class Answer:
    """What a command got: the canister's reply, what it holds, and what of it is the text.

    `exit_code` is the command's, where the answer decides it.
    """

    def __init__(self, reply: Reply, value: Value) -> None:
        self.reply = reply
        self.value = value
        self.shown: Any = value
        self.exit_code = 0

    def narrow(self, value: Value) -> None:
        """Keep only a part of what was answered, in every form of it."""
        self.value = value
        self.reply = Reply([value], self.reply.types)

    def showing(self, shown: object) -> "Answer":
        """Say which part is printed as text: a value, a list, a record, or None for nothing."""
        self.shown = shown
        return self


def show(answer: Answer | str | None, form: Form, environment: Environment) -> None:
    """Print a command's result on standard output."""
    if isinstance(answer, str) and form in {Form.JSON, Form.IDL}:
        answer = Answer(Reply([answer], [TEXT]), answer)
    text = answer if isinstance(answer, str) or answer is None else _rendered(answer, form)
    if text is not None:
        environment.show(text)


def _rendered(answer: Answer, form: Form) -> str | None:
    if form is Form.IDL:
        return show_args(answer.reply.values, answer.reply.types, "idl")
    if form is Form.JSON:
        text = json.dumps(plain(answer.value), indent=2, ensure_ascii=False, sort_keys=True)
        return "".join(f"\\u{ord(each):04x}" if is_control(each, "\n") else each for each in text)
    if answer.shown is None:
        return None
    rows = _rows(answer.shown)
    if rows is None:
        return harmless(str(plain(answer.shown)))
    return _table(_dated(rows)) if form is Form.TABLE else "\n".join("\t".join(row) for row in rows)


def json_line(value: Value) -> str:
    """Return a Candid value as natural JSON on one line that a terminal cannot be hurt by."""
    text = _on_one_line(value)
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(each):04x}" if is_control(each) else each for each in text)


def plain(value: Value) -> Any:  # noqa: ANN401, PLR0911 - natural JSON; one line a type
    """Return a Candid value as natural JSON: principals as text, blobs as hex, `Ok` unwrapped."""
    if isinstance(value, Principal):
        return value.text
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Tag):
        return {str(value.name): plain(value.value)}
    if isinstance(value, Some):
        return [plain(value.value)]
    return None if isinstance(value, Reserved) else value


# The encoder goes through lists and records by itself, which is faster, and asks `plain` for what
# JSON knows nothing of. It sorts labels as they are: in no reply are there numbers among them.
_on_one_line = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    check_circular=False,
    default=plain,
).encode


def _rows(shown: Any) -> list[list[str]] | None:  # noqa: ANN401 - as Answer.shown
    """Return the lines of a list or a record, header first; None for a single value."""
    if isinstance(shown, Lines):
        return [shown.header, *([_cell(plain(item)) for item in row] for row in shown.rows)]
    if isinstance(shown, dict):
        record = plain(shown)
        fields = [row for name, value in record.items() for row in _fields(name, value)]
        return _rows(Lines(RECORD, fields))
    return None


def _fields(name: str, value: Any) -> list[list[Value]]:  # noqa: ANN401 - natural JSON
    """Return the lines of one field of a record: of a list, one for each item."""
    if not isinstance(value, list):
        return [[name, value]]
    return [[*_item(name, each)] for each in value] or [[name, ""]]


def _item(name: str, item: Any) -> tuple[str, Value]:  # noqa: ANN401 - natural JSON
    """Return one item of a list as a field of its own, called after what it is about."""
    if isinstance(item, list):
        return f"{name} {item[0]}", item[1]
    if isinstance(item, dict):
        about, *rest = item.values()
        facts = zip([*item][1:], rest, strict=True)
        return f"{name} {about}", ", ".join(f"{key} {fact}" for key, fact in facts)
    return name, item


def _cell(value: Any) -> str:  # noqa: ANN401 - natural JSON
    """Return a value in one cell: no tab, newline or other control character gets through."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else _compact(value)
    return "".join(_visible(letter) for letter in text)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _visible(letter: str) -> str:
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}
    if letter in named:
        return named[letter]
    return f"\\u{{{ord(letter):x}}}" if is_control(letter) else letter


def is_control(letter: str, besides: str = "") -> bool:
    """Tell whether a terminal might obey a character, but for those `besides`.

    Those are the controls C0, DEL and C1, and what turns the direction of the text after it
    (Unicode's embeddings, overrides and isolates).
    """
    obeyed = letter < " " or "\x7f" <= letter <= "\x9f" or letter in TURNING
    return obeyed and letter not in besides


def harmless(text: str, besides: str = "") -> str:
    """Return text with whatever a terminal might obey made visible, but for those `besides`."""
    return "".join(_visible(each) if is_control(each, besides) else each for each in text)


def _dated(rows: list[list[str]]) -> list[list[str]]:
    """Return lines with their moments as people read them."""
    header, *lines = rows
    if header == RECORD:
        return [header, *([name, _moment(name, value)] for name, value in lines)]
    return [header, *([*map(_moment, header, line)] for line in lines)]


def _moment(name: str, value: str) -> str:
    if name not in MOMENTS or not value:
        return value
    return strftime("%Y-%m-%d %H:%MZ", gmtime(int(value) // 10**9))


def _table(rows: list[list[str]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in rows[0]:
        # An id that is cut is of no use, nor is one in two pieces.
        table.add_column(name, overflow="fold", no_wrap=name in UNBROKEN)
    for row in rows[1:]:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(width=TABLE_WIDTH, no_color=True, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")


class Progress:
    """How far the work on several files is; it shows nothing."""

    def next_file(self, name: str) -> None:
        """Say which file is worked on now."""

    def advance(self, count: int) -> None:
        """Say that so many bytes more are done."""


@contextmanager
def progress(environment: Environment, files: int, size: int | None) -> Iterator[Progress]:
    """Show how far the work on so many files and bytes is, on a standard error that is a terminal.

    The bar is gone at the end: what came of the work is told by what is printed then.
    """
    if not _has_room_for_bars(environment):
        yield Progress()
        return
    from rich.progress import DownloadColumn, TransferSpeedColumn

    with _display(environment, DownloadColumn(), TransferSpeedColumn()) as display:
        yield _Bar(display, files, size)


@contextmanager
def counting(environment: Environment, total: int | None) -> Iterator[Callable[[str, int], None]]:
    """Show how many of so many are done, where there is room for that as for `progress`.

    What it gives is told what is being done, and how much of it is.
    """
    if not _has_room_for_bars(environment):
        yield lambda *_: None
        return
    from rich.progress import MofNCompleteColumn

    with _display(environment, MofNCompleteColumn()) as display:
        task = display.add_task("", total=total)
        yield lambda what, done: display.update(task, description=what, completed=done)


def _has_room_for_bars(environment: Environment) -> bool:
    dumb = environment.variables.get("TERM", "dumb") == "dumb"
    return not dumb and environment.stderr.isatty()


@contextmanager
def _display(environment: Environment, *columns: Any) -> Iterator[Any]:  # noqa: ANN401 - rich is lazy
    """Show a bar with these columns until the work is over."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Display

    all_columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        *columns,
        TimeRemainingColumn(),
    )
    console = Console(file=environment.stderr, no_color=bool(environment.variables.get("NO_COLOR")))
    with Display(
        *all_columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as display:
        yield display


class _Bar(Progress):
    """A bar of rich's: which file of how many, bytes, speed and the time that is left."""

    def __init__(self, display: Any, files: int, size: int | None) -> None:  # noqa: ANN401 - rich is lazy
        self._display = display
        self._files = files
        self._begun = 0
        self._task = display.add_task("", total=size)

    def next_file(self, name: str) -> None:
        self._begun += 1
        shown = "".join(map(_visible, name.rpartition("/")[2]))
        shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[: LONGEST_SHOWN - 1]}…"
        self._display.update(self._task, description=f"{self._begun}/{self._files} {shown}")

    def advance(self, count: int) -> None:
        self._display.advance(self._task, count)
