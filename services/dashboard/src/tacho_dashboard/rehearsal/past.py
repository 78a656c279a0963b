"""The invented fleet's past hour: the same cars, driven again from the beginning of whatever is asked for."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from tacho_dashboard.playback.past import Stretch, Told
from tacho_dashboard.rehearsal import surroundings
from tacho_dashboard.rehearsal.cars import Car
from tacho_dashboard.rehearsal.judge import Judge

_KEPT_MS = 3_600_000
_ALERT_MS = 12


class InventedPast:
    """An hour that ends now."""

    def __init__(self, cars: int, seed: int) -> None:
        self._cars = cars
        self._seed = seed

    async def retained(self) -> tuple[int, int] | None:
        """As Past.retained."""
        now = int(time.time() * 1000)
        return now - _KEPT_MS, now

    @asynccontextmanager
    async def stretch(self, first: int, last: int) -> AsyncGenerator[Stretch, None]:
        """As Past.stretch."""
        yield _InventedStretch(self._cars, Random(self._seed), first)


class _InventedStretch:
    def __init__(self, cars: int, draws: Random, first: int) -> None:
        self._cars = [Car(number, draws, hostile=False) for number in range(cars)]
        self._judge = Judge()
        self._next = self._first = first

    async def up_to(self, at: int) -> AsyncIterator[Told]:
        """As Stretch.up_to: a sample of each car for each second."""
        if self._next == self._first:
            yield *surroundings.rules(self._first), self._first
        while self._next <= at:
            now, self._next = self._next, self._next + 1000
            for car in self._cars:
                sample = car.drive(now, now)
                if sample is None:
                    continue
                yield "EnrichedSample", sample, now
                for name, record in self._judge.judge(sample):
                    yield name, record, now + _ALERT_MS
