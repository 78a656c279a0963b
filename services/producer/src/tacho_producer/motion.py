"""What the sensors read at each moment of a planned trip: speed, engine speed and gear that fit together."""

from dataclasses import dataclass

import numpy as np

from tacho_producer.draws import F64, U64, uniform
from tacho_producer.driver import Drivers
from tacho_producer.trip import Engines, Plan

# Readings of one engine speed scatter by this share of it; far below the distance between two gears.
_RPM_SCATTER = 0.004


@dataclass(frozen=True)
class Readings:
    """Sensor values, one row per step and one column per car. Speed in 0.1 km/h; rpm in 1/min; gear 0 = neutral."""

    tenths: np.ndarray
    rpm: np.ndarray
    gear: np.ndarray


def read_sensors(plan: Plan, row: np.ndarray, seconds: F64, noise: U64, drivers: Drivers, engines: Engines) -> Readings:
    """The readings at `seconds` into the trips of `row` (both flat, row ascending, seconds ascending in a row).

    `noise` is a key of each reading; drivers and engines have one row per trip.
    """
    legs = plan.start.shape[1]
    horizon = float(plan.end.max()) + float(seconds.max(initial=0.0)) + 1.0
    offsets = np.arange(len(plan.start)) * horizon
    leg = np.searchsorted((plan.start + offsets[:, None]).ravel(), seconds + offsets[row], side="right") - 1
    leg = np.clip(leg, row * legs, row * legs + legs - 1)
    part = np.minimum((seconds - plan.start.ravel()[leg]) / plan.duration.ravel()[leg], 1.0)
    speed = plan.speed.ravel()[leg] + plan.change.ravel()[leg] * (part * part * (3.0 - 2.0 * part))
    speed += plan.wobble.ravel()[leg] * np.sin(2.0 * np.pi * plan.cycles.ravel()[leg] * part)
    tenths = np.rint(np.maximum(speed, 0.0) * 10.0)
    shown = tenths / 10.0
    slowing = plan.slowing.ravel()[leg]
    gear = np.ones(len(row), np.int64)
    for shift in range(drivers.up.shape[1]):
        gear += shown >= np.where(slowing, drivers.down[row, shift], drivers.up[row, shift])
    # Below the lowest downshift the driver brakes with the clutch down: neutral, engine idling.
    gear = np.where(slowing & (shown < drivers.down[row, 0]), 0, gear)
    gear = np.clip(gear, plan.low.ravel()[leg], plan.high.ravel()[leg])
    locked = np.where(gear > 0, shown * engines.k[row, gear - 1], 0.0)
    scatter = 1.0 + _RPM_SCATTER * (2.0 * uniform(noise, 0) - 1.0)
    rpm = np.rint(np.maximum(locked, engines.idle[row]) * scatter)
    return Readings(tenths.astype(np.uint16), rpm.astype(np.uint16), gear.astype(np.uint8))
