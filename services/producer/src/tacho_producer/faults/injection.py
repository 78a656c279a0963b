"""What becomes of samples between simulation and sending while faults are on. Pure: time comes with the samples.

Between car and gateway a sample may be held back, come behind the next one, have the wrong time or never come; what
the gateway sends is then stamped with the time of sending, as ever. Beside the samples it may send some twice, and bad
records. Which ones is a function of the seed, the car and the sequence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from tacho_producer.faults.choice import amounts, clock_errors_ms, struck_cars, struck_samples
from tacho_producer.faults.held import Departure, Held
from tacho_producer.faults.poison import REASONS, Poison, poisoned
from tacho_producer.faults.switches import Switches
from tacho_producer.samples import I64, Batch, Sample, batch_of

MOST_HELD = 200_000
"""Samples that a fault holds back at most; with one more the oldest goes before its time."""
BURST_EVERY_MS = 20_000
# Above the 120 s that the enricher allows.
SHORTEST_DELAY_MS, LONGEST_DELAY_MS = 130_000, 180_000


@dataclass(frozen=True)
class Outgoing:
    """What is to be sent now: samples in this order, then some of them again, then bad records."""

    samples: list[Departure] = field(default_factory=list)
    repeats: list[Departure] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)


class Injection:
    """The faults of one run. `cars`: every car_id of the fleet."""

    def __init__(self, seed: int, cars: I64, most_held: int = MOST_HELD) -> None:
        self._seed = seed
        self._cars = cars
        self._on: Switches = MappingProxyType({})
        self._late, self._burst = Held(most_held), Held(most_held)
        self._behind: dict[int, Sample] = {}
        """By car, the sample that comes behind its next one."""
        self._silent = self._bursting = np.empty(0, np.int64)
        self._clocks: dict[int, int] = {}
        self._released: list[Sample] = []
        """Held back by a fault that has been switched off since."""

    @property
    def active(self) -> bool:
        """Whether samples must come this way: some fault is on, or something is held back."""
        return bool(self._on or self._late or self._burst or self._behind or self._released)

    def switch(self, on: Switches) -> None:
        """From now on these faults. What one that is off now has held back goes with the next samples."""
        self._on = on
        if "late" not in on:
            self._released += [one.sample for one in self._late.all_released(0)]
        if "burst" not in on:
            self._released += [one.sample for one in self._burst.all_released(0)]
        if "out-of-order" not in on:
            self._released += self._behind.values()
            self._behind.clear()
        self._silent, self._bursting = self._struck("silent-car"), self._struck("burst")
        self._clocks = clock_errors_ms(self._seed, self._struck("clock-skew"))

    def inject(self, batch: Batch, stamps: Sequence[int]) -> Outgoing:
        """What these samples, of at least one car and in order, come to. stamps: their record timestamps [ms]."""
        first_ms, last_ms = stamps[0], stamps[-1]
        at_once = list(self._not_held(batch, stamps))
        leaving = self._all_released(first_ms)
        leaving += self._late.released(first_ms, last_ms) + self._burst.released(first_ms, last_ms)
        leaving += at_once
        # Stable, so that of one moment those that were held back come first.
        leaving.sort(key=lambda one: one.record_ms)
        return self._accompanied(self._swapped(leaving))

    def ended(self, record_ms: int) -> Outgoing:
        """All that is still held back, for the end of the run."""
        self.switch(MappingProxyType({}))
        return Outgoing(self._all_released(record_ms))

    def _all_released(self, record_ms: int) -> list[Departure]:
        samples, self._released = sorted(self._released, key=lambda sample: sample.sequence), []
        return [Departure(sample, record_ms) for sample in samples]

    def _struck(self, fault: str) -> I64:
        switch = self._on.get(fault)
        return np.empty(0, np.int64) if switch is None else struck_cars(self._seed, fault, switch, self._cars)

    def _not_held(self, batch: Batch, stamps: Sequence[int]) -> Iterable[Departure]:
        """The samples that reach the gateway at once, with the time that their car's clock tells."""
        silent, bursting = np.isin(batch.car_id, self._silent).tolist(), np.isin(batch.car_id, self._bursting).tolist()
        late = self._of("late", batch)
        delays = (
            SHORTEST_DELAY_MS + amounts(self._seed, "late", batch) * (LONGEST_DELAY_MS - SHORTEST_DELAY_MS)
        ).tolist()
        for place, row in enumerate(batch.rows()):
            if silent[place]:
                continue
            sample, now = Sample(*row), stamps[place]
            if sample.car_id in self._clocks:
                sample = sample._replace(event_ms=sample.event_ms + self._clocks[sample.car_id])
            if late[place]:
                self._late.hold(sample, now + int(delays[place]))
            elif bursting[place]:
                self._burst.hold(sample, (now // BURST_EVERY_MS + 1) * BURST_EVERY_MS)
            else:
                yield Departure(sample, now)

    def _swapped(self, leaving: list[Departure]) -> list[Departure]:
        """Some samples behind the next one of their car, stamped as that one is."""
        if "out-of-order" not in self._on:
            return leaving
        struck, out = self._of("out-of-order", batch_of(one.sample for one in leaving)), []
        for place, one in enumerate(leaving):
            car_id = one.sample.car_id
            before = self._behind.pop(car_id, None)
            if before is None and struck[place]:
                self._behind[car_id] = one.sample
                continue
            out.append(one)
            if before is not None:
                out.append(Departure(before, one.record_ms))
        return out

    def _accompanied(self, leaving: list[Departure]) -> Outgoing:
        if not leaving:
            return Outgoing()
        batch = batch_of(one.sample for one in leaving)
        twice, poison = self._of("duplicate", batch), self._of("poison", batch)
        kinds = (amounts(self._seed, "poison", batch) * len(REASONS)).astype(np.int64).tolist()
        return Outgoing(
            leaving,
            [one for one, struck in zip(leaving, twice, strict=True) if struck],
            [self._poison(one, REASONS[kind]) for one, kind, hit in zip(leaving, kinds, poison, strict=True) if hit],
        )

    def _poison(self, beside: Departure, reason: str) -> Poison:
        sample = beside.sample
        salt = f"{self._seed}/{sample.car_id}-{sample.sequence}"
        return Poison(sample.car_id, beside.record_ms, poisoned(sample, reason, salt))

    def _of(self, fault: str, batch: Batch) -> list[bool]:
        switch = self._on.get(fault)
        if switch is None:
            return [False] * len(batch)
        struck: list[bool] = struck_samples(self._seed, fault, switch, batch).tolist()
        return struck
