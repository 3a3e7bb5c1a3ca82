"""A line of a batch as a request: `METHOD (args)`, or a JSON object that can say more."""

from typing import TYPE_CHECKING, NamedTuple

from originstamp_cli.candid import CandidError, Method
from originstamp_cli.candid.show import text_width
from originstamp_cli.candid.values import Value
from originstamp_cli.cli.incoming import LONGEST, Line
from originstamp_cli.cli.json_values import JsonMisfit, json_values
from originstamp_cli.cli.spoken import SECRET_METHODS, Calls, read_argument, spoken
from originstamp_cli.errors import OriginStampError
from originstamp_cli.network import Request
from originstamp_cli.render import harmless

if TYPE_CHECKING:
    from pydantic import ValidationError

    from originstamp_cli.cli.json_line import JsonLine

_AROUND = 60  # characters that are drawn on each side of what is wrong
_COMMENT = "#"
_MEBIBYTE = 2**20


class BadLine(NamedTuple):
    """Why a line is no call; `drawn` shows the place in it, where there is one to show."""

    message: str
    drawn: str = ""


def request_of(line: Line, calls: Calls) -> Request | BadLine | None:
    """Return what a line asks for, what is wrong with it, or None where it asks for nothing."""
    if line.content is None:
        return BadLine(f"The line has more than {LONGEST // _MEBIBYTE} MiB.")
    try:
        text = line.content.decode().strip()
    except UnicodeDecodeError as error:
        return BadLine(f"Byte {error.start + 1} is not valid UTF-8 text.")
    if not text or text.startswith(_COMMENT):
        return None
    try:
        return _of_json(text, calls) if text.startswith("{") else _of_text(text, calls)
    except OriginStampError as error:
        return BadLine(error.plainly)


def _of_text(text: str, calls: Calls) -> Request | BadLine:
    parts = spoken(text)
    if parts is None:
        return BadLine("A line begins with the name of a method.", _drawing(text, 0, 1))
    request, signature = calls.request(parts.method, parts.canister)
    try:
        request.values = read_argument(parts.argument, signature)
    except CandidError as error:
        shown = "" if parts.method in SECRET_METHODS else _place(text, error, parts.at)
        return BadLine(_said(error), shown)
    return request


def _of_json(text: str, calls: Calls) -> Request | BadLine:
    # With the first such line, not with the help of the program, which looks at every command.
    from pydantic import ValidationError

    from originstamp_cli.cli.json_line import JsonLine

    try:
        line = JsonLine.model_validate_json(text)
    except ValidationError as error:
        return _unfit(text, error)
    request, signature = calls.request(line.method, line.canister, line.identity)
    try:
        request.values = _values(line, signature)
    except CandidError as error:
        return BadLine(f"args: {_said(error)}")
    except (JsonMisfit, RecursionError) as error:
        return BadLine(str(error))
    return request


def _values(line: "JsonLine", signature: Method | None) -> list[Value]:
    if not isinstance(line.args, list):
        return read_argument(line.args, signature)
    if signature is None:
        raise JsonMisfit("args: of a method that is not known, they are given as Candid text.")
    return json_values(line.args, signature.args)


def _unfit(text: str, error: "ValidationError") -> BadLine:
    """Return what is wrong with a JSON line, and where, if it is no JSON at all."""
    flaw = error.errors(include_url=False, include_input=False)[0]
    said = flaw["msg"].removeprefix("Invalid JSON: ")
    if flaw["type"] == "json_invalid":
        said, _, place = said.partition(" at line 1 column ")
        at = int(place) - 1 if place.isdecimal() else 0
        at = len(text.encode()[:at].decode(errors="ignore"))  # it counts bytes
        secret = any(method in text for method in SECRET_METHODS)
        return BadLine(f"This is no JSON: {said}.", "" if secret else _drawing(text, at, at + 1))
    name = flaw["loc"][0] if flaw["loc"] else "the object"
    return BadLine(f"{name}: {said[:1].lower()}{said[1:]}.")


def _said(error: CandidError) -> str:
    """Return an official sentence without what it counts: that is drawn, and in the whole line."""
    message = (error.label if error.kind == "parse" else "") or error.message
    return message.partition("\n")[0]


def _place(text: str, error: CandidError, at: int) -> str:
    return "" if error.kind == "value" else _drawing(text, at + error.start, at + error.end)


def _drawing(text: str, start: int, end: int) -> str:
    """Return the part of a line around a place, and the carets below it."""
    first = max(0, start - _AROUND)
    before = harmless(text[first:start])
    marked = harmless(text[start : min(end, start + _AROUND)])
    after = harmless(text[max(start, min(end, start + _AROUND)) : start + _AROUND])
    carets = "^" * max(1, text_width(marked))
    return f"  {before}{marked}{after}\n  {' ' * text_width(before)}{carets}"
