"""What canisters say of the calls that change them, for whoever has to find out what happened.

A line for each update: the method, who called, what came of it; never an argument or an answer's
content. The log stands beside the state file, because it outlives a call that is undone, and
nothing is said where there is no state file: a refused first call leaves nothing behind.
"""

from contextlib import suppress
from itertools import islice, takewhile
from os.path import exists
from typing import NamedTuple

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Some, Tag
from originstamp_cli.canister.runtime import Host
from originstamp_cli.store.log_file import Entry, LogFile

_FETCH = "fetch_canister_logs"
_LONGEST_NAME = 100  # of a method that may not exist, so that what follows it is seen


class LogRecord(NamedTuple):
    """What was said: its number from 0, when (ns since 1970), and the message."""

    idx: int
    time: int
    message: str


def beside(state_path: str) -> str:
    """Return where the log of a state file is."""
    return f"{state_path}.log"


def note(host: Host, number: int, *, method: str, caller: Principal, outcome: str) -> None:
    """Write down what came of an update; where that cannot be, the call is not to fail for it."""
    if exists(host.store.path):
        keep(host, [noted(host, number, method=method, caller=caller, outcome=outcome)])


def noted(host: Host, number: int, *, method: str, caller: Principal, outcome: str) -> Entry:
    """Return what `keep` writes down of an update that is over now."""
    said = f"{method[:_LONGEST_NAME]} called by {caller.text}: {outcome}"
    return number, host.time(), _on_one_line(said)


def keep(host: Host, entries: list[Entry]) -> None:
    """Write down what came of updates, oldest first, as `note` does of one."""
    with suppress(OSError):
        LogFile(beside(host.store.path)).extend(entries)


def outcome_of(answer: object) -> str:
    """Return what an answer comes to: `ok`, or that it is a refusal and why."""
    if isinstance(answer, list):
        return why_refused(answer) or "ok"
    return "refused" if answer is False else _refusal(answer) or "ok"


def why_refused(answer: object) -> str | None:
    """Return why an answer refuses what was asked for, or some of it; None where it does not."""
    if isinstance(answer, list):
        refusals = [why for each in answer if (why := _refusal(each)) is not None]
        return f"{len(refusals)} of {len(answer)} {refusals[0]}" if refusals else None
    return (
        "refused" if answer is False else (_refusal(answer) or "").removeprefix("refused: ") or None
    )


def _refusal(answer: object) -> str | None:
    """Return what an answer, or one of several, refuses for; None where it does not."""
    if isinstance(answer, Some):
        return _refusal(answer.value)
    if isinstance(answer, Tag):
        return f"refused: {_reason(answer.value)}" if answer.name == "Err" else None
    if isinstance(answer, dict) and "result" in answer:  # of one transfer among several
        return _refusal(answer["result"])
    if isinstance(answer, dict) and answer.get("success") is False:
        return f"refused: {answer.get('message')}"
    return None


def _reason(value: object) -> str:
    """Return an error's text, or its name where it is of a standard's variant."""
    return str(value.name) if isinstance(value, Tag) else str(value)


def _on_one_line(text: str) -> str:
    """Return a text that cannot pass for another line, nor turn or colour a terminal's."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def drop(host: Host, number: int) -> None:
    """Forget what a canister said, as its code is removed; numbers go on from where they were."""
    with suppress(OSError):
        LogFile(beside(host.store.path)).drop(number)


def fetch(  # noqa: PLR0913 - one of three ways to choose records
    host: Host,
    caller: Principal,
    canister: Principal,
    *,
    tail: int | None = None,
    after_time: int | None = None,
    after_index: int = -1,
) -> list[LogRecord]:
    """Return what a canister said, oldest first: the last `tail` records, or those after a point.

    Raises `ManagementRejected` for who may not read it, and where there is no such canister.
    """
    number = _readable(host, caller, canister)
    newest = LogFile(beside(host.store.path)).newest_first(number)
    wanted = takewhile(
        lambda record: (
            record.idx > after_index and (after_time is None or record.time > after_time)
        ),
        map(LogRecord._make, newest),
    )
    return list(islice(wanted, tail))[::-1]


def _readable(host: Host, caller: Principal, canister: Principal) -> int:
    """Return the number of a canister whose log somebody may read."""
    from originstamp_cli.canister import changes, management

    with host.store.read() as state:
        managed = management.find(state, canister)
        if managed is None:
            raise management.not_found(canister, _FETCH, "query")
        managed.adopt(caller)
        record = managed.record
    readers = [*record["controllers"]]
    if record["log_visibility"] == changes.ALLOWED_VIEWERS:
        readers += record["log_viewers"]
    if record["log_visibility"] != changes.PUBLIC and caller.text not in readers:
        raise management.ManagementRejected(
            f"Caller {caller.text} is not allowed to access canister logs",
            method=_FETCH,
            canister=canister,
            error_code="IC0406",
            kind="query",
        )
    return managed.canister.NUMBER
