"""From one picture to any number of clients: a frame is worked out once for all that are at the same place.

Nothing is queued for a client. When its connection takes more, it is told all that changed since its own place; the
slower it is, the fewer and the larger the steps.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from secrets import token_hex

import orjson

from tacho_dashboard.model.picture import Frame, Picture

TICK_SECONDS = 0.1
CLOCK_SECONDS = 1.0
PING_SECONDS = 15.0
RETRY_MS = 1000
PIECE_BYTES = 65_536

Clock = Callable[[], float]


class Broadcast:
    """The ticks of a picture, and the stream of each client."""

    def __init__(self, picture: Picture, clock: Clock = time.time) -> None:
        self._picture = picture
        self._clock = clock
        self.boot = token_hex(4)
        """Tells this process's revisions from those of an earlier one."""
        self._ticked = asyncio.Event()
        self._ticks = 0
        self._tick_at = 0.0
        self._tick_revision = -1
        self._frames: dict[int, tuple[bytes, int]] = {}
        self._snapshot = (-1.0, 0, b"")

    async def run(self) -> None:
        """Tick until cancelled: at most ten times a second when something changed, at least once."""
        while True:
            self.tick()
            await asyncio.sleep(TICK_SECONDS)

    def tick(self) -> None:
        """Let all clients go on if there is something to tell."""
        now = self._clock()
        self._picture.sweep(int(now * 1000))
        if self._picture.revision == self._tick_revision and now - self._tick_at < CLOCK_SECONDS:
            return
        self._tick_at, self._tick_revision = now, self._picture.revision
        self._frames.clear()
        self._ticks += 1
        ticked, self._ticked = self._ticked, asyncio.Event()
        ticked.set()

    async def stream(self, last: str | None) -> AsyncGenerator[bytes, None]:
        """The events for one client that has seen `last` (an event's id), in pieces that a connection takes at once."""
        pinged, place = self._clock(), self._place(last)
        yield f"retry: {RETRY_MS}\n\n".encode()
        while True:
            seen = self._ticks
            event, place = self._everything() if place is None else self._changes(place)
            for first in range(0, len(event), PIECE_BYTES):
                yield event[first : first + PIECE_BYTES]
            if self._clock() - pinged >= PING_SECONDS:
                pinged = self._clock()
                yield b": ping\n\n"
            if seen == self._ticks:
                await self._ticked.wait()

    def _place(self, last: str | None) -> int | None:
        """The revision of an id of this process; None where the client must begin anew."""
        boot, _, number = (last or "").partition("-")
        if boot != self.boot or not (number.isascii() and number.isdigit() and len(number) <= 19):
            return None
        return int(number) if int(number) <= self._picture.revision else None

    def _everything(self) -> tuple[bytes, int]:
        made_at, revision, event = self._snapshot
        now = self._clock()
        # A snapshot of a moment ago will do, the next diff brings it up to date: many may connect at once.
        if now - made_at >= CLOCK_SECONDS or made_at < 0:
            revision = self._picture.revision
            event = encode("snapshot", self._picture.snapshot(int(now * 1000)), f"{self.boot}-{revision}")
            self._snapshot = now, revision, event
        return event, revision

    def _changes(self, place: int) -> tuple[bytes, int]:
        found = self._frames.get(place)
        if found is None:
            revision, frame = self._picture.revision, self._picture.diff(place, int(self._clock() * 1000))
            found = self._frames[place] = encode("diff", frame, f"{self.boot}-{revision}"), revision
        return found


def encode(name: str, frame: Frame, identity: str | None = None) -> bytes:
    """A frame as one event. JSON has no line break outside of strings, and none inside, so one data line is enough."""
    head = f"id: {identity}\n" if identity else ""
    return f"{head}event: {name}\ndata: ".encode() + orjson.dumps(frame) + b"\n\n"
