"""How far a long reading has come, told to whoever waits for it."""

from collections.abc import Callable
from typing import TextIO

TERMINAL_SECONDS = 2.0
LINES_SECONDS = 10.0
"""Where no line can be written over: into a file or a pipe."""
_START_OF_LINE = "\r\x1b[K"


class Progress:
    """Records done of all: one line that is kept up to date on a terminal, elsewhere a line now and then."""

    def __init__(self, total: int, out: TextIO, clock: Callable[[], float]) -> None:
        """`clock` counts seconds."""
        self._total, self._out, self._clock = total, out, clock
        self._terminal = out.isatty()
        self._every = TERMINAL_SECONDS if self._terminal else LINES_SECONDS
        self._began = self._told_at = clock()
        self._done = 0
        self._shown = False

    def done(self, count: int) -> None:
        """So many records more."""
        self._done += count
        now = self._clock()
        if now - self._told_at < self._every:
            return
        self._told_at = now
        text = f"{self._done:,} of {self._total:,} records, {self._done / (now - self._began):,.0f} a second"
        print(f"{_START_OF_LINE}{text}" if self._terminal else text, end="" if self._terminal else "\n", file=self._out)
        self._out.flush()
        self._shown = True

    def end(self) -> None:
        """Leave a terminal as it was."""
        if self._shown and self._terminal:
            print(_START_OF_LINE, end="", file=self._out, flush=True)
