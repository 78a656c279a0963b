"""All cars of a run, simulated a block of cars at a time, so that a large fleet costs little more for each sample.

A block is driven many steps ahead, for planning a trip costs as much as making dozens of readings. A reading waits
in 5 bytes: at 64 steps of 512 cars that is 320 bytes for each car.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tacho_producer.draws import keys
from tacho_producer.driver import Drivers, drivers_of
from tacho_producer.drivetrain import Drivetrain
from tacho_producer.mistakes import MistakeShares
from tacho_producer.motion import Part, Readings, read_sensors
from tacho_producer.trip import SHORTEST_TRIP_S, Engines, plan_trips

_BLOCK_CARS = 512
_BLOCK_READINGS = 1 << 15
_MOST_STEPS = 1024


@dataclass(frozen=True)
class Car:
    """One car to simulate: its model's drive-train and the sequence number of its next sample (1 for a new car)."""

    car_id: int
    drivetrain: Drivetrain
    next_sequence: int = 1


class Fleet:
    """Simulated cars in step. Iterating it is endless: every car's reading at one step, then those at the next.

    An item holds the next few of them, flat: a block of cars at one step, or a small fleet at many steps.
    """

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
        self._driven = np.zeros(len(cars), np.int64)

    def __iter__(self) -> Iterator[Readings]:
        cars = np.arange(len(self.car_ids))
        blocks = np.array_split(cars, -(-len(cars) // _BLOCK_CARS))
        steps = min(_MOST_STEPS, _BLOCK_READINGS // len(blocks[0]))
        if len(blocks) == 1:
            while True:
                made = self._drive(cars, steps)
                yield Readings(made.tenths.ravel(), made.rpm.ravel(), made.gear.ravel())
        # The first drives differ in length, so that each later step has its share of the driving.
        drives = [self._rows(block, 1 + place * steps // len(blocks), steps) for place, block in enumerate(blocks)]
        while True:
            yield from map(next, drives)

    def _rows(self, cars: np.ndarray, first: int, steps: int) -> Iterator[Readings]:
        """Readings of these cars, a step at a time; made when they are asked for, `first` and then `steps` together."""
        ahead = first
        while True:
            made = self._drive(cars, ahead)
            yield from map(Readings, made.tenths, made.rpm, made.gear)
            ahead = steps

    def _drive(self, cars: np.ndarray, steps: int) -> Readings:
        """Make these cars' next readings, one row for each step, and move the cars on."""
        shape = (steps, len(cars))
        made = Readings(np.empty(shape, np.uint16), np.empty(shape, np.uint16), np.empty(shape, np.uint8))
        column, at = np.arange(len(cars)), np.zeros(len(cars), np.int64)
        while len(column):
            car = cars[column]
            number, first = self._trip[car], self._driven[car]
            key = keys(self._seed, self.car_ids[car], number)
            drivers, engines = _of(self._drivers, car), _of(self._engines, car)
            plan = plan_trips(key, number == 0, drivers, engines, self._shares)
            length = np.maximum(np.ceil(plan.end / self._step_s).astype(np.int64), 1)
            count = np.minimum(length - first, steps - at)
            read = read_sensors(plan, Part(first, count, self._step_s), key, drivers, engines)
            # Readings come trip by trip, and belong below each other, a fleet's width apart.
            place = np.repeat(column + (at - np.cumsum(count) + count) * len(cars), count)
            place += np.arange(len(place)) * len(cars)
            made.tenths.ravel()[place] = read.tenths
            made.rpm.ravel()[place] = read.rpm
            made.gear.ravel()[place] = read.gear
            over = first + count == length
            self._trip[car] += over
            self._driven[car] = np.where(over, 0, first + count)
            at += count
            column, at = column[at < steps], at[at < steps]
        return made


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


def _of(table: _Table, rows: np.ndarray) -> _Table:
    return type(table)(**{name: values[rows] for name, values in vars(table).items()})
