"""All cars of a run, made a chunk of steps at a time: memory and cost per sample do not depend on their number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tacho_producer.draws import keys
from tacho_producer.driver import Drivers, drivers_of
from tacho_producer.drivetrain import Drivetrain
from tacho_producer.mistakes import MistakeShares
from tacho_producer.motion import Readings, read_sensors
from tacho_producer.trip import SHORTEST_TRIP_S, Engines, plan_trips

_BLOCK_CARS = 1024
_MOST_STEPS = 256
_CHUNK_SAMPLES = 1 << 16
_FEWEST_STEPS = 32


@dataclass(frozen=True)
class Car:
    """One car to simulate: its model's drive-train and the sequence number of its next sample (1 for a new car)."""

    car_id: int
    drivetrain: Drivetrain
    next_sequence: int = 1


class Fleet:
    """Simulated cars in step. Iterating it is endless; each item is one chunk of consecutive steps of every car."""

    def __init__(self, cars: list[Car], seed: int, step_s: float, shares: MistakeShares) -> None:
        self._seed = seed
        self._step_s = step_s
        self._shares = shares
        self.car_ids = np.array([car.car_id for car in cars], np.int64)
        drivetrains = tuple({car.drivetrain.model_id: car.drivetrain for car in cars}.values())
        place = {line.model_id: index for index, line in enumerate(drivetrains)}
        model = np.array([place[car.drivetrain.model_id] for car in cars])
        self._drivers = drivers_of(seed, self.car_ids, model, drivetrains)
        self._engines = _engines(model, drivetrains)
        shortest = max(1, int(SHORTEST_TRIP_S / step_s))
        # No trip begun before has a number as high as this, because none is shorter.
        done = np.array([car.next_sequence - 1 for car in cars])
        self._trip = np.where(done > 0, 1 + done // shortest, 0)
        self._offset = np.zeros(len(cars), np.int64)
        self.chunk_steps = min(_MOST_STEPS, 8 * shortest, max(_FEWEST_STEPS, _CHUNK_SAMPLES // len(cars)))
        self._trips_per_chunk = 1 + -(-self.chunk_steps // shortest)

    def __iter__(self) -> Iterator[Readings]:
        while True:
            yield self._chunk()

    def _chunk(self) -> Readings:
        cars, steps = len(self.car_ids), self.chunk_steps
        chunk = Readings(
            np.empty((steps, cars), np.uint16), np.empty((steps, cars), np.uint16), np.empty((steps, cars), np.uint8)
        )
        for low in range(0, cars, _BLOCK_CARS):
            self._fill(chunk, slice(low, min(low + _BLOCK_CARS, cars)))
        return chunk

    def _fill(self, chunk: Readings, block: slice) -> None:
        """Make the chunk's readings of one block of cars, and move these cars on."""
        size, steps, trips = block.stop - block.start, self.chunk_steps, self._trips_per_chunk
        car = np.repeat(np.arange(block.start, block.stop), trips)
        number = (self._trip[block, None] + np.arange(trips)).ravel()
        key = keys(self._seed, self.car_ids[car], number)
        drivers, engines = _rows(self._drivers, car), _rows(self._engines, car)
        plan = plan_trips(key, number == 0, drivers, engines, self._shares)
        length = np.maximum(np.ceil(plan.end / self._step_s).astype(np.int64), 1).reshape(size, trips)
        until = np.cumsum(length, axis=1)
        begun = np.concatenate([np.zeros((size, 1), np.int64), until], axis=1)
        step = self._offset[block, None] + np.arange(steps + 1)
        nth = (step[..., None] >= until[:, None, :]).sum(-1)
        within = step - np.take_along_axis(begun, nth, axis=1)
        self._trip[block] += nth[:, -1]
        self._offset[block] = within[:, -1]
        row = (trips * np.arange(size)[:, None] + nth[:, :-1]).ravel()
        moment = within[:, :-1].ravel()
        noise = key[row] + moment.astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
        made = read_sensors(plan, row, moment * self._step_s, noise, drivers, engines)
        chunk.tenths[:, block] = made.tenths.reshape(size, steps).T
        chunk.rpm[:, block] = made.rpm.reshape(size, steps).T
        chunk.gear[:, block] = made.gear.reshape(size, steps).T


def _engines(model: np.ndarray, drivetrains: tuple[Drivetrain, ...]) -> Engines:
    widest = max(line.gears for line in drivetrains)
    k = np.array([[*line.rpm_per_kmh, *[0.0] * (widest - line.gears)] for line in drivetrains])
    return Engines(
        k=k[model],
        idle=np.array([line.idle_rpm for line in drivetrains])[model],
        redline=np.array([line.redline_rpm for line in drivetrains])[model],
        harmless_low=np.array([line.harmless_low_rpm for line in drivetrains])[model],
    )


_Table = TypeVar("_Table", Drivers, Engines)


def _rows(table: _Table, rows: np.ndarray) -> _Table:
    return type(table)(**{name: values[rows] for name, values in vars(table).items()})
