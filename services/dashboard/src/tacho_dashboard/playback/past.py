"""What playing back needs of a log; Kafka's is in kafka_past.py, an invented one in rehearsal/."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Told = tuple[str, dict[str, Any], int]
"""Name of the record, its content, and when it was written (ms since the epoch)."""


class PastUnreachable(Exception):
    """The log cannot be read now, as a sentence for the client."""


class Stretch(Protocol):
    """A part of the log, read forward."""

    def up_to(self, at: int) -> AsyncIterator[Told]:
        """The records written at `at` (ms) or before that were not told yet. Raises PastUnreachable."""


class Past(Protocol):
    """A log that keeps what was."""

    async def retained(self) -> tuple[int, int] | None:
        """When its oldest and its newest record were written (ms), None for an empty one. Raises PastUnreachable."""

    def stretch(self, first: int, last: int) -> AbstractAsyncContextManager[Stretch]:
        """What was written from `first` to `last` (ms), and what of before is needed to understand it."""
