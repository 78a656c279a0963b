"""Which samples and cars a fault strikes: a function of seed, fault, car and sequence alone. Pure."""

import numpy as np
import numpy.typing as npt

from tacho_producer.draws import F64, keys, uniform
from tacho_producer.faults.switches import NUMBERS, Switch
from tacho_producer.samples import I64, Batch

_STRIKES, _AMOUNT = 0, 1
_OF_CARS = 0xFA17
_SHORTEST_SKEW_MS, _LONGEST_SKEW_MS = 130_000, 600_000


def struck_samples(seed: int, fault: str, switch: Switch, batch: Batch) -> npt.NDArray[np.bool_]:
    """Whether the fault strikes each sample."""
    mine = uniform(_of_samples(seed, fault, batch), _STRIKES) < switch.share
    return mine if switch.car_id is None else mine & (batch.car_id == switch.car_id)


def amounts(seed: int, fault: str, batch: Batch) -> F64:
    """A number in [0, 1) for each sample, for the fault to use as it likes."""
    return uniform(_of_samples(seed, fault, batch), _AMOUNT)


def struck_cars(seed: int, fault: str, switch: Switch, cars: I64) -> I64:
    """The cars that the fault strikes, at least one unless the share is 0; with a larger share others come to them."""
    if switch.car_id is not None:
        return np.array([switch.car_id], np.int64)
    count = 0 if switch.share == 0.0 else max(1, round(switch.share * len(cars)))
    return cars[np.argsort(keys(seed, NUMBERS[fault], cars, _OF_CARS), kind="stable")[:count]]


def clock_errors_ms(seed: int, cars: I64) -> dict[int, int]:
    """By car how far its clock is ahead, or behind where negative: two to ten minutes, every other car behind."""
    draws = uniform(keys(seed, NUMBERS["clock-skew"], cars, _OF_CARS), _AMOUNT)
    sizes = (_SHORTEST_SKEW_MS + draws * (_LONGEST_SKEW_MS - _SHORTEST_SKEW_MS)).astype(np.int64).tolist()
    return {
        car: -size if place % 2 else size for place, (car, size) in enumerate(zip(cars.tolist(), sizes, strict=True))
    }


def _of_samples(seed: int, fault: str, batch: Batch) -> npt.NDArray[np.uint64]:
    return keys(seed, NUMBERS[fault], batch.car_id, batch.sequence)
