"""One playback: time passes at its speed, and a client sees the picture as it was then."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from tacho_dashboard.model.picture import Picture
from tacho_dashboard.playback.past import Past, PastUnreachable, Stretch
from tacho_dashboard.web.broadcast import CLOCK_SECONDS, PIECE_BYTES, PING_SECONDS, TICK_SECONDS, encode

_LONGEST_STEP_SECONDS = 1.0
"""Where the log is read more slowly than time should pass, time passes more slowly."""


@dataclass(frozen=True)
class Wish:
    """What to play. Times are when records were written, ms since the epoch."""

    first: int
    last: int
    speed: float


class Playback:
    """The events for one client, from a snapshot of nothing to `end`."""

    def __init__(self, past: Past, wish: Wish, picture: Picture, clock: Callable[[], float] = time.time) -> None:
        self._past = past
        self._wish = wish
        self._picture = picture
        self._clock = clock
        self._at = wish.first

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Play, in pieces that a connection takes at once."""
        reason = ""
        try:
            async with self._past.stretch(self._wish.first, self._wish.last) as stretch:
                async for event in self._play(stretch):
                    for first in range(0, len(event), PIECE_BYTES):
                        yield event[first : first + PIECE_BYTES]
        except PastUnreachable as error:
            reason = str(error)
        yield encode("end", {"playback": self._where(), "reason": reason})

    async def _play(self, stretch: Stretch) -> AsyncGenerator[bytes, None]:
        await self._move(stretch, self._wish.first)
        place, told, pinged = self._picture.revision, self._clock(), self._clock()
        yield encode("snapshot", self._picture.snapshot(self._now()))
        while self._at < self._wish.last:
            before = self._clock()
            await asyncio.sleep(TICK_SECONDS)
            passed = min(_LONGEST_STEP_SECONDS, self._clock() - before)
            await self._move(stretch, min(self._wish.last, self._at + int(passed * self._wish.speed * 1000)))
            now = self._clock()
            if self._picture.revision > place or now - told >= CLOCK_SECONDS or self._at >= self._wish.last:
                event = encode("diff", self._picture.diff(place, self._now()))
                place, told = self._picture.revision, now
                yield event
            if now - pinged >= PING_SECONDS:
                pinged = now
                yield b": ping\n\n"

    async def _move(self, stretch: Stretch, at: int) -> None:
        async for name, record, timestamp in stretch.up_to(at):
            self._picture.take(name, record, timestamp)
        self._at = at
        self._picture.sweep(at)
        self._picture.playback = self._where()

    def _where(self) -> dict[str, int | float]:
        return {"from": self._wish.first, "to": self._wish.last, "speed": self._wish.speed, "at": self._at}

    def _now(self) -> int:
        return int(self._clock() * 1000)
