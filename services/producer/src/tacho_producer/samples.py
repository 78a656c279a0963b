"""Readings of cars on their way to Kafka, by column: a list of objects would cost more than encoding them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


class Sample(NamedTuple):
    """The contract's SensorSample without its event_id, which is `<car_id>-<sequence>`. Speed in km/h, rpm in 1/min."""

    car_id: int
    sequence: int
    event_ms: int
    speed: float
    rpm: int
    gear: int


@dataclass(frozen=True)
class Batch:
    """Samples in the order they are to be sent; entry i of each column belongs to sample i."""

    car_id: I64
    sequence: I64
    event_ms: I64
    speed: npt.NDArray[np.float64]
    rpm: I64
    gear: I64

    def __len__(self) -> int:
        return len(self.car_id)

    def rows(self) -> Iterable[tuple[int, int, int, float, int, int]]:
        """The samples one by one, fields in the order of Sample, as plain Python values."""
        return zip(*self.columns(), strict=True)

    def columns(self) -> tuple[list[Any], ...]:
        """The fields in the order of Sample, each as plain Python values."""
        return tuple(getattr(self, field.name).tolist() for field in fields(self))


def batch_of(samples: Iterable[Sample]) -> Batch:
    """The same samples by column."""
    rows = list(samples)

    def whole(name: str) -> I64:
        return np.array([getattr(row, name) for row in rows], np.int64)

    speed = np.array([row.speed for row in rows], np.float64)
    return Batch(whole("car_id"), whole("sequence"), whole("event_ms"), speed, whole("rpm"), whole("gear"))
