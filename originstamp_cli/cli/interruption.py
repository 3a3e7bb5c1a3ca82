"""An interruption by the user or the system, put off to where nothing is half done."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Takes note of Ctrl-C, SIGTERM and SIGHUP; they stop at once only what `may_stop`."""

    def __init__(self) -> None:
        self.asked = False
        self._at_once = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for each in _SIGNALS:
            if signal.getsignal(each) is not signal.SIG_IGN:  # as under nohup
                self._before[each] = signal.signal(each, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def check(self) -> None:
        """Raise `KeyboardInterrupt` where there was an interruption."""
        if self.asked:
            raise KeyboardInterrupt

    @contextmanager
    def may_stop(self) -> Iterator[None]:
        """Let an interruption stop what is done here at once, by `KeyboardInterrupt`."""
        self._at_once = True
        try:
            self.check()
            yield
        finally:
            self._at_once = False

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self._at_once:
            self._at_once = False
            raise KeyboardInterrupt
