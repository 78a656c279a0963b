"""Feeds the picture with the invented fleet, a tenth of the cars each tenth of a second."""

import asyncio
import time
from dataclasses import dataclass
from random import Random
from typing import Any

from tacho_contracts import health
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.rehearsal import surroundings
from tacho_dashboard.rehearsal.cars import HOSTILE, Car
from tacho_dashboard.rehearsal.judge import Judge
from tacho_dashboard.rehearsal.windows import Windows

_STEPS = 10
_ALERT_MS = 12
_MOST_PAST = 150_000
_LONGEST_PAST = 300
_BEHIND_MS = 86_400_000
_LETTER_STEPS, _FAULT_STEPS, _ACK_STEPS, _STATUS_STEPS = 50, 300, 200, 20


@dataclass(frozen=True)
class Choice:
    """What to rehearse."""

    cars: int = 20
    seed: int = 1
    speed_up: float = 1.0
    hostile: bool = False
    """Texts that would do harm where they are taken for anything else than text."""
    quiet_after: float | None = None
    """Seconds after which nothing comes any more: the page must say so."""


class Rehearsal:
    """The fleet, its judge and what surrounds it."""

    def __init__(self, picture: Picture, choice: Choice) -> None:
        draws = Random(choice.seed)
        self._picture = picture
        self._choice = choice
        # With hostile texts the first car's are; the others show that the page still works.
        self._cars = [Car(number, draws, choice.hostile and number == 0) for number in range(choice.cars)]
        self._judge, self._windows = Judge(), Windows()
        self._began = 0
        self._first = 0
        """Event time of the first second, ms: earlier than the clock's where time is to pass faster than it."""

    async def run(self) -> None:
        """Feed until cancelled."""
        self._began = int(time.time() * 1000)
        self._first = self._began - (_BEHIND_MS if self._choice.speed_up > 1 else 0)
        past = min(_LONGEST_PAST, _MOST_PAST // len(self._cars))
        self._take(surroundings.rules(self._first - past * 1000), self._began)
        for second in range(-past, 0):
            self._drive(self._cars, self._first + second * 1000)
            await asyncio.sleep(0)
        step = 0
        while self._choice.quiet_after is None or step / _STEPS < self._choice.quiet_after:
            health.report("rehearsal", "")
            self._step(step)
            step += 1
            ahead = self._began / 1000 + step / _STEPS - time.time()
            await asyncio.sleep(max(0.0, ahead))
        await asyncio.Event().wait()

    def _step(self, step: int) -> None:
        """A tenth of a second. At a higher speed every car drives as many whole seconds as have passed in it."""
        if self._choice.speed_up > 1:
            begun, ended = (int(number * self._choice.speed_up / _STEPS) for number in (step, step + 1))
            for second in range(begun, ended):
                self._drive(self._cars, self._first + second * 1000)
        else:
            self._drive(self._cars[step % _STEPS :: _STEPS], self._first + step * 1000 // _STEPS)
        self._surround(step, self._began + step * 1000 // _STEPS)

    def _drive(self, cars: list[Car], event_time: int) -> None:
        now = int(time.time() * 1000)
        for car in cars:
            sample = car.drive(event_time, event_time)
            if sample is None:
                continue
            self._take(("EnrichedSample", sample), now)
            self._windows.count(sample)
            for name, record in self._judge.judge(sample):
                self._take((name, record), event_time + _ALERT_MS)
                if name == "Alert":
                    self._windows.count_alert(record)

    def _surround(self, step: int, now: int) -> None:
        hostile = self._choice.hostile
        if step % _STATUS_STEPS == 0:
            for told in (*surroundings.statuses(now, self._began, len(self._cars), hostile), *self._windows.rows()):
                self._take(told, now)
        if step % _LETTER_STEPS == 0:
            self._take(surroundings.dead_letter(step // _LETTER_STEPS, now), now)
        if step % _FAULT_STEPS == 0:
            self._take(surroundings.fault("late", step // _FAULT_STEPS % 2 == 1, now, hostile), now)
            self._take(surroundings.fault(HOSTILE if hostile else "poison", True, now, hostile), now)
        if step % _ACK_STEPS == 0 and (episode := self._judge.oldest()):
            self._take(surroundings.ack(episode, now, hostile), now)

    def _take(self, told: tuple[str, dict[str, Any]], timestamp: int) -> None:
        self._picture.take(*told, timestamp)
