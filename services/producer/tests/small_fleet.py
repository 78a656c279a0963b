"""Seconds of a small fleet past the faults, without a broker."""

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np

from tacho_producer.faults.held import Departure
from tacho_producer.faults.injection import Injection, Outgoing
from tacho_producer.faults.switches import SHARES, Switch
from tacho_producer.samples import Batch, Sample, batch_of

START_MS = 1_795_340_000_000
CARS = np.arange(1_000_001, 1_000_021)
CAR = 1_000_001
LATENESS_MS, FUTURE_MS = 120_000, 5_000


def second(number: int) -> Batch:
    """Each car's sample of this second, 1 being the first; its sequence is the second."""
    return batch_of(Sample(car, number, START_MS + 1000 * number, 50.0, 2000, 3) for car in CARS.tolist())


def injection(seed: int, **on: Switch) -> Injection:
    """With these faults on; their names with underscores."""
    print(f"seed {seed}")
    made = Injection(seed, CARS)
    made.switch(switched(**on))
    return made


def switched(**on: Switch) -> MappingProxyType[str, Switch]:
    return MappingProxyType({name.replace("_", "-"): switch for name, switch in on.items()})


def usual(fault: str, car_id: int | None = None) -> Switch:
    """The switch as it is when nothing is said."""
    return Switch(1.0 if car_id else SHARES[fault], car_id)


def drive(made: Injection, first: int, last: int) -> list[Outgoing]:
    """What each of these seconds comes to; the gateway stamps samples as it sends them."""
    return [made.inject(second(number), [START_MS + 1000 * number] * len(CARS)) for number in range(first, last + 1)]


def departures(sent: list[Outgoing]) -> list[Departure]:
    return [one for outgoing in sent for one in outgoing.samples]


def identities(sent: list[Departure]) -> list[tuple[int, int]]:
    return [(one.sample.car_id, one.sample.sequence) for one in sent]


def made_in(first: int, last: int) -> list[tuple[int, int]]:
    return [(car, number) for number in range(first, last + 1) for car in CARS.tolist()]


def sequences_of(car_id: int, sent: list[Departure]) -> Iterator[int]:
    return (one.sample.sequence for one in sent if one.sample.car_id == car_id)
