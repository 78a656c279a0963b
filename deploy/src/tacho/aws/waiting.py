"""Waiting for AWS with a deadline, in steps that Ctrl-C may interrupt."""

import time
from collections.abc import Callable
from typing import TypeVar

from tacho.errors import TachoError

Found = TypeVar("Found")


class Clock:
    """Time as the workflows see it; a test's clock does not take any."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def until(look: Callable[[], Found | None], clock: Clock, every: float, limit: float, late: str) -> Found:
    """What `look` finds, asked every so many seconds. Raises TachoError saying `late` at the limit."""
    deadline = clock.now() + limit
    while (found := look()) is None:
        if clock.now() >= deadline:
            raise TachoError(late)
        clock.pause(every)
    return found
