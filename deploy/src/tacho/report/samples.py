"""The samples of each car, packed while they come in and given back once each, in order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import Any, NamedTuple, Self

_ROW = Struct("<qqdihhhi")
"""38 bytes; a sample as a Python object would take ten times as much."""
NONE = -1
"""Stands for null in a packed sample."""


class Sample(NamedTuple):
    """What a report needs of an EnrichedSample. Times in ms since the epoch, speed in km/h, rpm in 1/min."""

    sequence: int
    event_time: int
    speed: float
    rpm: int
    gear: int
    gear_low: int
    """-1 where the range is not known."""
    gear_high: int
    driver: int
    """-1 where the driver is not known."""

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        """The sample in an EnrichedSample."""
        low, high, driver = record["gear_low"], record["gear_high"], record["driver_id"]
        known = low is not None and high is not None
        return cls(
            record["sequence"],
            record["event_time"],
            record["speed"],
            record["rpm"],
            record["gear"],
            low if known else NONE,
            high if known else NONE,
            NONE if driver is None else driver,
        )


@dataclass
class CarSamples:
    """One car's samples, in the order they were read, repeats and all."""

    packed: bytearray = field(default_factory=bytearray)
    repeats: int = 0

    def add(self, sample: Sample) -> None:
        """Keep one. Raises struct.error for numbers that no contract allows."""
        self.packed += _ROW.pack(*sample)

    def in_order(self) -> list[Sample]:
        """Each sample once, by sequence: what came late stands where it belongs. Counts the repeats."""
        rows = sorted(_ROW.iter_unpack(self.packed))
        once = list(_without_repeats(rows))
        self.repeats = len(rows) - len(once)
        return once


def _without_repeats(rows: list[tuple[Any, ...]]) -> Iterator[Sample]:
    before = None
    for row in rows:
        if row[0] != before:
            yield Sample._make(row)
        before = row[0]
