"""Being asked to stop, by Ctrl-C or SIGTERM, and minding it only where it is safe."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any, Self

from tacho.local.process import POLL_SECONDS


class Stopped(Exception):
    """The operator asked to stop; handled by the command, after every `with` has put its things away."""


class StopRequest:
    """Within its `with`, signals only leave a note; check() and pause() raise Stopped for it.

    So no signal can fall between starting a process and noting it. Once asked, further signals are ignored:
    stopping in order takes a few seconds and must not be cut short.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # Under nohup SIGHUP is ignored, and stays so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise Stopped when asked to stop."""
        if self.asked:
            raise Stopped

    def pause(self, seconds: float = POLL_SECONDS) -> None:
        """Sleep, but not past a request to stop, which raises Stopped."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.check()
            time.sleep(min(POLL_SECONDS, left))
        self.check()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
