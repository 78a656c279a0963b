"""Many samples of one partition at once: those of cars that nothing is to be told of.

A car is calm in a stretch of the log as long as its samples there come in order, without a gap or a silence, none of
them may violate a rule, and nothing is open or waits. All that becomes of them is what the car remembers of the last.
What `take_calm` takes, `Partition.take` would have taken to the same end; everything else it leaves alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tacho_alerter.engine.acceleration import LONGEST_STEP_MS
from tacho_alerter.engine.car import Car
from tacho_alerter.engine.partition import Partition
from tacho_alerter.rules.ruleset import RuleSet

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SAMPLE_COLUMNS = frozenset({"car_id", "sequence", "event_time", "logged_at", "speed"})
"""The fields that are read of every sample, whatever the rules look at."""
_NEVER = 1 << 60


class Stretch(NamedTuple):
    """Samples in log order, as columns of one length."""

    numbers: Mapping[str, Floats]
    """SAMPLE_COLUMNS and the fields that the rules look at."""
    time: Integers
    """Log time at each of them, ms, its own `logged_at` included."""
    values: Sequence[bytes]


def take_calm(partition: Partition, stretch: Stretch, disturbed: set[int]) -> Bools:
    """Bring every car to where it is no longer calm, or to the end; which of the samples have been taken so.

    `disturbed` cars have records in the stretch that are not among its samples; they are left alone.
    """
    taken = np.zeros(stretch.time.shape, np.bool_)
    event_times = stretch.numbers["event_time"]
    if not taken.size:
        return taken
    first = int(event_times.min())
    rules = partition.history.at(first)
    if rules is not partition.history.at(int(event_times.max())):
        return taken
    runs = _Runs(partition, stretch, disturbed, partition.history.since(first))
    ends = runs.calm_until(runs.in_order(rules) & ~runs.suspicious(rules))
    runs.bring_to(partition, ends)
    taken[runs.order] = np.arange(taken.size) < np.repeat(ends, np.diff(runs.starts, append=taken.size))
    return taken


class _Runs:
    """The samples sorted by car; each car's run is in log order and knows what the car remembers from before it."""

    def __init__(self, partition: Partition, stretch: Stretch, disturbed: set[int], since: int | None) -> None:
        """`since` is the event time from which the rules hold: a car last judged by others is not known here."""
        car_ids = stretch.numbers["car_id"]
        self.order = np.argsort(car_ids, kind="stable")
        cars = car_ids[self.order]
        self.starts = np.flatnonzero(np.concatenate(([True], cars[1:] != cars[:-1])))
        found = [partition.cars.get(int(car_id)) for car_id in cars[self.starts]]
        self._cars = [car if car is not None and _restful(car, disturbed, since) else None for car in found]
        self.known: Bools = np.array([car is not None for car in self._cars])
        self._values = stretch.values
        self._columns = {name: column[self.order] for name, column in stretch.numbers.items()}
        self._time = stretch.time[self.order]
        self._sequence = self._columns["sequence"].astype(np.int64)
        self._event_time = self._columns["event_time"].astype(np.int64)

    def in_order(self, rules: RuleSet) -> Bools:
        """Whether each sample is the next of its car, in time too, and no silence lies before it."""
        silence = min((rule.silent_for_ms or _NEVER for rule in rules.silent), default=_NEVER)
        found: Bools = self._sequence == self._before(self._sequence, "highest") + 1
        found &= self._event_time >= self._before(self._event_time, "event_time")
        found &= self._time - self._before(self._time, "heard_at") < silence
        return found

    def suspicious(self, rules: RuleSet) -> Bools:
        """Whether each sample may violate a rule."""
        speed = self._columns["speed"]
        step = self._event_time - self._before(self._event_time, "event_time")
        near = (step > 0) & (step <= LONGEST_STEP_MS)
        # The same operations in the same order as for one sample.
        rate = ((speed - self._before(speed, "speed")) / 3.6) / (np.where(near, step, 1) / 1000)
        columns = {**self._columns, "acceleration": np.where(near, rate, np.nan)}
        found = np.zeros(step.shape, np.bool_)
        for rule in rules.ordered:
            found |= rule.may_violate(columns, found.size)
        return found

    def calm_until(self, calm: Bools) -> Integers:
        """For each run the place of its first sample that is not calm, or its end; its start where no car is known."""
        places = np.where(calm, calm.size, np.arange(calm.size))
        ends = np.minimum(np.minimum.reduceat(places, self.starts), np.append(self.starts[1:], calm.size))
        return np.where(self.known, ends, self.starts)

    def bring_to(self, partition: Partition, until: Integers) -> None:
        """Let the cars remember the last of their samples before these places."""
        moved = until > self.starts
        ends = until[moved] - 1
        cars = [car for car, moves in zip(self._cars, moved.tolist(), strict=True) if moves and car is not None]
        columns = (self._sequence, self._event_time, self._columns["speed"], self._time, self.order)
        lasts = (column[ends].tolist() for column in columns)
        for car, sequence, event_time, speed, time, index in zip(cars, *lasts, strict=True):
            car.highest = car.sequence = sequence
            car.event_time, car.speed, car.heard_at = event_time, speed, time
            car.who, car.said = None, self._values[index]
            partition.changed.add(car.car_id)

    def _before(self, column: NDArray[Any], remembered: str) -> NDArray[Any]:
        """The value of each sample's predecessor: the one before it in its run, or what the car remembers."""
        before = np.empty_like(column)
        before[1:] = column[:-1]
        values = [0 if car is None else getattr(car, remembered) for car in self._cars]
        before[self.starts] = np.array(values, column.dtype)
        return before


def _restful(car: Car, disturbed: set[int], since: int | None) -> bool:
    if car.waiting or car.tracks or car.car_id in disturbed:
        return False
    return since is None or car.event_time >= since
