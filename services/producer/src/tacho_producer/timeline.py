"""When each sample of a simulated fleet happens, and when it is due on the clock. No I/O, no clock of its own."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Timeline:
    """Samples numbered 0, 1, ... across all cars, spread evenly over each step so that they never come in one burst.

    Sample n belongs to car n % cars and step n // cars. Times in microseconds since the epoch; `steps` is None for a
    run without end. Simulated time starts at `start_us` when the clock shows `clock_us` and runs `speed_up` times as
    fast; `follows_clock` says whether the two are the same.
    """

    start_us: int
    clock_us: int
    speed_up: float
    step_us: int
    cars: int
    steps: int | None

    @property
    def follows_clock(self) -> bool:
        """Whether simulated time is the clock's time."""
        return self.start_us == self.clock_us and self.speed_up == 1.0

    @property
    def total(self) -> int | None:
        """How many samples there are in all."""
        return None if self.steps is None else self.steps * self.cars

    def event_us(self, number: int) -> int:
        """Simulated time of sample `number`."""
        return self.start_us + number * self.step_us // self.cars

    def due_by(self, clock_us: int) -> int:
        """How many samples are due when the clock shows `clock_us`."""
        if math.isinf(self.speed_up):
            due = self.total or 0
        else:
            simulated = int((clock_us - self.clock_us) * self.speed_up)
            due = 0 if simulated < 0 else simulated * self.cars // self.step_us + 1
        return due if self.total is None else min(due, self.total)

    def log_ms(self, number: int, clock_us: int) -> int:
        """Log time [ms] once all samples before `number` have been sent: what is sent from here on is no earlier."""
        if self.follows_clock:
            return clock_us // 1000
        next_us = self.event_us(number)
        if math.isinf(self.speed_up):
            return next_us // 1000
        return min(next_us, self.start_us + int((clock_us - self.clock_us) * self.speed_up)) // 1000

    def end_ms(self, clock_us: int) -> int:
        """Log time [ms] at the end of a run that has one, when the clock shows `clock_us`."""
        return clock_us // 1000 if self.follows_clock else self.event_us(self.total or 0) // 1000

    def wait_s(self, number: int, clock_us: int) -> float:
        """Seconds until sample `number` is due; 0 when it already is."""
        due_us = self.clock_us + (self.event_us(number) - self.start_us) / self.speed_up
        return max(0.0, (due_us - clock_us) / 1e6)


def start_before(clock_us: int, seconds: float, speed_up: float) -> int:
    """Where D simulated seconds at speed-up k must start so as to end with the clock: D(1 - 1/k) before now."""
    return clock_us - int(seconds * (1.0 - 1.0 / speed_up) * 1e6)
