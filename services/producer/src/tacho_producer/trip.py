"""A trip as a plan: stages of waiting, pulling away, cruising, changing speed and braking.

A plan is a function of (seed, car_id, trip number) and the car's driver; nothing here knows the clock.
Arrays have one row per trip; legs run along the second axis, six to a stage.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tacho_producer.draws import F64, U64, between, uniform
from tacho_producer.driver import Drivers
from tacho_producer.mistakes import Mistake, MistakeShares, choose

STAGES = 5
LEGS_PER_STAGE = 6
SHORTEST_TRIP_S = 60.0
"""No trip is shorter; a restarted car relies on it to find a trip number it has not driven yet."""

_WAIT, _PULL_AWAY, _FIRST_HOLD, _CHANGE, _SECOND_HOLD, _BRAKE = range(LEGS_PER_STAGE)
_DRAWS_PER_STAGE = 16
_DRAWS = 10
# A smooth change of speed (3x^2 - 2x^3) peaks at 1.5 times its mean acceleration.
_PEAK_TO_MEAN = 1.5
_KMH_PER_MS = 3.6

Draw = Callable[[int], F64]


@dataclass(frozen=True)
class Engines:
    """Row i: the engine and gearbox of car i. k in 1/min per km/h by gear; the rest in 1/min."""

    k: F64
    idle: F64
    redline: F64
    harmless_low: F64


@dataclass(frozen=True)
class Plan:
    """Legs of each trip. Times in s from the trip's start, speeds in km/h; `low`/`high` bound the gear in a leg."""

    start: F64
    duration: F64
    speed: F64
    change: F64
    wobble: F64
    cycles: F64
    slowing: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mistake: np.ndarray
    end: F64


def plan_trips(key: U64, first: np.ndarray, drivers: Drivers, engines: Engines, shares: MistakeShares) -> Plan:
    """The plans of one trip each for cars with these drivers and engines. `key`: one per trip; `first`: trip 0."""
    rows = len(key)
    stage, numbers = np.arange(STAGES), np.arange(_DRAWS)
    draws = uniform(key[:, None, None], stage * _DRAWS_PER_STAGE + numbers[:, None])

    def draw(number: int) -> F64:
        return draws[:, number]

    certain = first[:, None] & (stage[None, :] == 0)
    mistake = choose(shares, drivers.mistakes[:, None], draw(0), certain)
    revving_gear = np.where(certain | (draw(1) < 0.5), 1, 2)
    lasting = _durations(mistake, certain, draw)
    reached, settled = _speeds(mistake, revving_gear, drivers, engines, draw)
    shape = (rows, STAGES, LEGS_PER_STAGE)
    speed, change = np.zeros(shape), np.zeros(shape)
    speed[..., _FIRST_HOLD] = speed[..., _CHANGE] = change[..., _PULL_AWAY] = reached
    speed[..., _SECOND_HOLD] = speed[..., _BRAKE] = settled
    change[..., _CHANGE] = settled - reached
    change[..., _BRAKE] = -settled
    slowing = change < 0.0
    # The mistake that a newcomer waits for comes soon: the driver is in a hurry.
    acceleration = np.where(certain, np.maximum(drivers.acceleration[:, None], 3.0), drivers.acceleration[:, None])
    peak = np.where(slowing, drivers.braking[:, None, None], acceleration[..., None])
    # An engine has less to give at higher speed; brakes do not care.
    peak = np.where(slowing, peak, peak * (1.0 - (speed + change) / 400.0))
    duration = np.maximum(_PEAK_TO_MEAN * np.abs(change) / _KMH_PER_MS / peak, 0.5)
    for leg, seconds in lasting.items():
        duration[..., leg] = seconds
    low, high = _gear_bounds(mistake, revving_gear, reached, settled, drivers)
    wobble = np.zeros(shape)
    wobble[..., _FIRST_HOLD] = np.where(mistake == Mistake.OVER_REVVING, 0.2, between(0.2, 0.8, draw(8)))
    wobble[..., _SECOND_HOLD] = np.where(mistake == Mistake.WRONG_GEAR, 0.2, between(0.2, 0.8, draw(9)))
    legs = STAGES * LEGS_PER_STAGE
    duration = duration.reshape(rows, legs)
    until = np.cumsum(duration, axis=1)
    return Plan(
        start=until - duration,
        duration=duration,
        speed=speed.reshape(rows, legs),
        change=change.reshape(rows, legs),
        wobble=wobble.reshape(rows, legs),
        cycles=np.maximum(np.floor(duration / 5.0), 1.0),
        slowing=slowing.reshape(rows, legs),
        low=low.reshape(rows, legs),
        high=high.reshape(rows, legs),
        mistake=np.repeat(mistake, LEGS_PER_STAGE, axis=1),
        end=until[:, -1],
    )


def _durations(mistake: np.ndarray, certain: np.ndarray, draw: Draw) -> dict[int, F64]:
    """Seconds of the legs that last a while: standing and holding a speed."""
    first = np.select(
        [mistake == Mistake.OVER_REVVING, mistake != Mistake.NONE],
        [between(4.0, 7.0, draw(2)), between(1.0, 2.5, draw(2))],
        between(4.0, 12.0, draw(2)),
    )
    second = np.select(
        [mistake == Mistake.SPEEDING, mistake == Mistake.WRONG_GEAR],
        [between(6.0, 12.0, draw(3)), between(7.0, 12.0, draw(3))],
        between(3.0, 8.0, draw(3)),
    )
    wait = np.where(certain, between(0.5, 2.0, draw(4)), between(1.5, 6.0, draw(4)))
    return {_WAIT: wait, _FIRST_HOLD: first, _SECOND_HOLD: second}


def _speeds(
    mistake: np.ndarray, revving_gear: np.ndarray, drivers: Drivers, engines: Engines, draw: Draw
) -> tuple[F64, F64]:
    """Speeds [km/h] of the two holds of each stage."""
    cruise_low, cruise_high = drivers.cruise_low[:, None], drivers.cruise_high[:, None]
    normal = between(cruise_low, cruise_high, draw(5))
    top_rpm = np.minimum(6450.0, engines.redline[:, None] - 80.0)
    revving = between(6180.0, top_rpm, draw(5)) / np.take_along_axis(engines.k, revving_gear - 1, axis=1)
    reached = np.select(
        [mistake == Mistake.SPEEDING, mistake == Mistake.OVER_REVVING, mistake == Mistake.WRONG_GEAR],
        [between(75.0, 105.0, draw(5)), revving, between(45.0, 75.0, draw(5))],
        normal,
    )
    kept = np.take_along_axis(engines.k, _gear_at(reached, drivers.cruise) - 1, axis=1)
    labouring = np.maximum(0.88 * engines.harmless_low, engines.idle + 60.0)[:, None] / kept
    settled = np.select(
        [mistake == Mistake.SPEEDING, mistake == Mistake.WRONG_GEAR],
        [between(123.0, 142.0, draw(6)), labouring],
        between(cruise_low, cruise_high, draw(6)),
    )
    return reached, settled


def _gear_at(speed: F64, points: F64) -> np.ndarray:
    """The gear 1..n at each speed; `points` has one row per trip."""
    gear: np.ndarray = 1 + (speed[..., None] >= points[:, None, :]).sum(-1)
    return gear


def _gear_bounds(
    mistake: np.ndarray, revving_gear: np.ndarray, reached: F64, settled: F64, drivers: Drivers
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest gear in each leg. Holding a speed means keeping a gear: low = high."""
    shape = (*mistake.shape, LEGS_PER_STAGE)
    low, high = np.ones(shape, np.int8), np.full(shape, drivers.up.shape[1] + 1, np.int8)
    cruising, then = _gear_at(reached, drivers.cruise), _gear_at(settled, drivers.cruise)
    revving, wrong = mistake == Mistake.OVER_REVVING, mistake == Mistake.WRONG_GEAR
    high[..., _PULL_AWAY] = np.where(revving, revving_gear, high[..., _PULL_AWAY])
    low[..., _FIRST_HOLD] = high[..., _FIRST_HOLD] = np.where(revving, revving_gear, cruising)
    slower = settled < reached
    high[..., _CHANGE] = np.where(slower, cruising, high[..., _CHANGE])
    low[..., _CHANGE] = np.where(wrong, cruising, 1)
    low[..., _SECOND_HOLD] = high[..., _SECOND_HOLD] = np.where(wrong, cruising, then)
    high[..., _BRAKE] = then
    low[..., _WAIT] = high[..., _WAIT] = 0
    low[..., _BRAKE] = 0
    return low, high
