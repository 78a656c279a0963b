"""A bounded number of open streams: each holds a connection and, while its client is slow, a frame."""

from collections.abc import AsyncGenerator

from sse_starlette import EventSourceResponse
from starlette.types import Receive, Scope, Send

SEND_SECONDS = 30.0
"""A client that takes nothing for so long is let go; it may come back and go on where it was."""


class Places:
    """How many streams there are, of `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0

    @property
    def full(self) -> bool:
        """Whether there is no place for one more."""
        return self.taken >= self.most


class Stream(EventSourceResponse):
    """Server-Sent Events that hold a place from the moment the answer is made to the end of the connection."""

    def __init__(self, events: AsyncGenerator[bytes, None], places: Places) -> None:
        # Its own pings could come between two pieces of one event; the stream has pings of its own.
        super().__init__(events, ping=0, send_timeout=SEND_SECONDS)
        self._places = places
        places.taken += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client or the process ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._places.taken -= 1
