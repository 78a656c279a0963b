"""What the sensors read at each moment of a planned trip: speed, engine speed and gear that fit together."""

from dataclasses import dataclass

import numpy as np

from tacho_producer.draws import F64, U64, uniform
from tacho_producer.driver import Drivers
from tacho_producer.trip import Engines, Plan

# Readings of one engine speed scatter by this share of it; far below the distance between two gears.
_RPM_SCATTER = 0.004
# Makes a key of each reading from the trip's key and the step.
_STEP_KEY = np.uint64(0xD1342543DE82EF95)


@dataclass(frozen=True)
class Readings:
    """Sensor values, entry by entry. Speed in 0.1 km/h; rpm in 1/min; gear 0 = neutral."""

    tenths: np.ndarray
    rpm: np.ndarray
    gear: np.ndarray


@dataclass(frozen=True)
class Part:
    """Part of each trip of a plan: `count` steps of `step_s` seconds, from step `first` of the trip on."""

    first: np.ndarray
    count: np.ndarray
    step_s: float


def read_sensors(plan: Plan, part: Part, key: U64, drivers: Drivers, engines: Engines) -> Readings:
    """The readings of these parts of the trips, one trip after another.

    `key`, drivers and engines have one row per trip.
    """
    leg, row, step = _legs(plan, part)
    share = np.minimum((step * part.step_s - plan.start.ravel()[leg]) / plan.duration.ravel()[leg], 1.0)
    speed = plan.speed.ravel()[leg] + plan.change.ravel()[leg] * (share * share * (3.0 - 2.0 * share))
    speed += plan.wobble.ravel()[leg] * np.sin(2.0 * np.pi * plan.cycles.ravel()[leg] * share)
    tenths = np.rint(np.maximum(speed, 0.0) * 10.0)
    shown = tenths / 10.0
    slowing = plan.slowing.ravel()[leg]
    gear = _gears(shown, slowing, row, drivers)
    gear = np.minimum(np.maximum(gear, plan.low.ravel()[leg]), plan.high.ravel()[leg])
    # In neutral the clutch is open and column 0 says 0: the engine idles.
    k = np.concatenate([np.zeros((len(engines.k), 1)), engines.k], axis=1)
    locked = shown * k.ravel()[row * k.shape[1] + gear]
    scatter = 1.0 + _RPM_SCATTER * (2.0 * uniform(key[row] + step.astype(np.uint64) * _STEP_KEY, 0) - 1.0)
    rpm = np.rint(np.maximum(locked, engines.idle[row]) * scatter)
    return Readings(tenths.astype(np.uint16), rpm.astype(np.uint16), gear.astype(np.uint8))


def _legs(plan: Plan, part: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each reading: its leg (as an index into the plan's legs, flattened), its trip's row, its step in the trip."""
    rows, legs = plan.start.shape
    # The first step at or after a leg's start. Dividing may round to the wrong side of it by one step.
    begins = np.ceil(plan.start / part.step_s)
    begins -= (begins - 1.0) * part.step_s >= plan.start
    begins += begins * part.step_s < plan.start
    last = (part.first + part.count)[:, None]
    bounds = np.concatenate([np.clip(begins, part.first[:, None], last).astype(np.int64), last], axis=1)
    leg = np.repeat(np.arange(rows * legs), np.diff(bounds).ravel())
    row = np.repeat(np.arange(rows), part.count)
    before = np.cumsum(part.count) - part.count
    return leg, row, np.arange(len(row)) + (part.first - before)[row]


def _gears(shown: F64, slowing: np.ndarray, row: np.ndarray, drivers: Drivers) -> np.ndarray:
    """The gear each driver is in at these speeds [km/h], 0 = neutral."""
    points = np.concatenate([drivers.up, drivers.down]).T
    which = np.where(slowing, row + len(drivers.up), row)
    gear = np.ones(len(row), np.int64)
    for column in points:
        gear += shown >= column[which]
    # Below the lowest downshift the driver brakes with the clutch down: neutral, engine idling.
    gear[slowing & (shown < drivers.down[row, 0])] = 0
    return gear
