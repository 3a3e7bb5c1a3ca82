"""A result as text, table, JSON or Candid; the only user of rich."""

import json
from enum import StrEnum
from typing import Any

from originstamp_cli.candid import Principal, Reserved, Some, Tag, show_args
from originstamp_cli.candid.values import Value
from originstamp_cli.network import Reply
from originstamp_cli.settings import Environment

TABLE_WIDTH = 80  # fixed, so that a table is the same on every terminal


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
        return "".join(
            _visible(each) if is_control(each) else each for each in str(plain(answer.shown))
        )
    return _table(rows) if form is Form.TABLE else "\n".join("\t".join(row) for row in rows)


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


def _rows(shown: Any) -> list[list[str]] | None:  # noqa: ANN401 - as Answer.shown
    """Return the lines of a list or a record, header first; None for a single value."""
    if isinstance(shown, Lines):
        return [shown.header, *([_cell(plain(item)) for item in row] for row in shown.rows)]
    if isinstance(shown, dict):
        return _rows(Lines(["field", "value"], [[name, item] for name, item in shown.items()]))
    return None


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
    """Tell whether a terminal might obey a character (C0, DEL and C1), but for those `besides`."""
    return (letter < " " or "\x7f" <= letter <= "\x9f") and letter not in besides


def _table(rows: list[list[str]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in rows[0]:
        table.add_column(name, overflow="fold")  # an id that is cut is of no use
    for row in rows[1:]:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(width=TABLE_WIDTH, no_color=True, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")
