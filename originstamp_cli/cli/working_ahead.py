"""Work that takes nothing from the state, done on another core while this one writes."""

import gc
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import chain
from subprocess import PIPE, Popen
from typing import IO, Any

from originstamp_cli.errors import OriginStampError

_SIZE = 8  # bytes that say how many come

# Modules are looked for where this process looks, not in the folder that it happens to be in.
_PROGRAM = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import serve; serve()"


@contextmanager
def working_ahead(
    work: Callable[..., Iterable[object]], *arguments: object
) -> Iterator[Iterator[Any]]:
    """Give what `work(*arguments)` yields, worked out by another process, a little ahead.

    `work` is a function of a module, and all else what `marshal` can write: numbers, texts, bytes,
    and tuples, lists and dictionaries of these. The process ends with the block, or with this one.
    Raises `OriginStampError` where it ends before its work is done.
    """
    command = [sys.executable, "-P", "-c", _PROGRAM, *sys.path]
    # A group of its own: Ctrl-C is for this process to act on.
    with Popen(command, stdin=PIPE, stdout=PIPE, process_group=0) as process:  # noqa: S603 - ours
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both were asked for")
        try:
            # Where it is gone already, that is seen when there is nothing to receive.
            with suppress(BrokenPipeError), process.stdin as order:
                _send(order, (work.__module__, work.__name__, arguments))
            yield _all(process.stdout)
        finally:
            process.kill()


def serve() -> None:
    """Do the work that standard input names, and send each thing that it yields, then None."""
    gc.disable()
    with suppress(OriginStampError, BrokenPipeError):  # whoever wanted it is gone
        module, name, arguments = _receive(sys.stdin.buffer)
        work = getattr(import_module(module), name)
        for result in chain(work(*arguments), [None]):
            _send(sys.stdout.buffer, result)
    os._exit(0)  # else what could not be sent would be tried once more


def _all(results: IO[bytes]) -> Iterator[Any]:
    while (result := _receive(results)) is not None:
        yield result


def _send(to: IO[bytes], value: Any) -> None:  # noqa: ANN401 - whatever can be sent
    data = marshal.dumps(value)
    to.write(len(data).to_bytes(_SIZE) + data)
    to.flush()


def _receive(source: IO[bytes]) -> Any:  # noqa: ANN401 - whatever was sent
    size = int.from_bytes(source.read(_SIZE))
    data = source.read(size)
    if not size or len(data) < size:
        raise OriginStampError(
            "The process that works ahead was ended by something else.",
            fix="Make sure that there is memory for it, and try again. Nothing was changed.",
        )
    return marshal.loads(data)  # noqa: S302 - from our own process
