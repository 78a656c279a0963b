"""The last samples of each car in typed columns: 18 bytes a sample, whatever the number of cars."""

from typing import Any

import numpy as np

NO_GEAR = -1
"""A gear that is not known."""
COLUMNS = ("event_time", "speed", "rpm", "gear", "expected_gear", "gear_low", "gear_high")
_SAMPLE = np.dtype(
    [("event_time", "i8"), ("speed", "f4"), ("rpm", "i2"), *((name, "i1") for name in COLUMNS if "gear" in name)]
)
_CARS_IN_A_BLOCK = 256
_GEARS = ("expected_gear", "gear_low", "gear_high")


class History:
    """A ring of samples for each car, by the car's row, which counts from 0."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._blocks: list[Any] = []
        self._taken: list[int] = []

    @property
    def bytes(self) -> int:
        """Memory that the rings may take; untouched pages are not taken yet."""
        return sum(block.nbytes for block in self._blocks)

    def add_car(self) -> int:
        """The row of one more car."""
        row = len(self._taken)
        if row == len(self._blocks) * _CARS_IN_A_BLOCK:
            self._blocks.append(np.zeros((_CARS_IN_A_BLOCK, self._samples), _SAMPLE))
        self._taken.append(0)
        return row

    def append(self, row: int, sample: tuple[int, float, int, int, int, int, int]) -> None:
        """One more sample, in the order of COLUMNS; the oldest goes."""
        taken = self._taken[row]
        self._blocks[row // _CARS_IN_A_BLOCK][row % _CARS_IN_A_BLOCK, taken % self._samples] = sample
        self._taken[row] = taken + 1

    def speeds(self, row: int, count: int) -> list[float]:
        """The last speeds in the order they came, km/h, `count` at most."""
        return [round(speed, 1) for speed in self._in_order(row, count)["speed"].tolist()]

    def columns(self, row: int, since: int) -> dict[str, list[Any]]:
        """The samples with this event time (ms) or a later one, oldest first, each event time once."""
        ring = self._in_order(row, self._samples)
        ring = ring[ring["event_time"] >= since]
        _, first = np.unique(ring["event_time"], return_index=True)
        ring = ring[first]
        columns = {name: ring[name].tolist() for name in COLUMNS}
        columns["speed"] = [round(speed, 1) for speed in columns["speed"]]
        for name in _GEARS:
            columns[name] = [None if gear == NO_GEAR else gear for gear in columns[name]]
        return columns

    def _in_order(self, row: int, count: int) -> Any:
        ring, taken = self._blocks[row // _CARS_IN_A_BLOCK][row % _CARS_IN_A_BLOCK], self._taken[row]
        first = max(0, taken - min(count, self._samples))
        return ring[np.arange(first, taken) % self._samples]
