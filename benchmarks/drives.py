"""How the cars of a benchmark drive: one drive over and over, with every car at another place of it. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

START_MS = 1_750_000_000_000
"""Event time of the fleet's first second."""
FIRST_CAR = 1_000_000
BROKEN_SECONDS = 10
"""How long a car of the seed's drive breaks a rule each time."""
_STRIDE = 7919
"""Seconds of the drive between where two neighbours begin; a prime, so that a fleet is spread evenly over it."""
_SEED = 1
_LOW, _HIGH = 3, 5
_RPM_PER_KMH = 25
_SENT_AFTER_MS = 3


class Drive(NamedTuple):
    """What a car does second by second; after the last second comes the first again. Arrays of one length."""

    speed: NDArray[np.float64]
    """km/h, to a tenth."""
    rpm: NDArray[np.int64]
    gear: NDArray[np.int64]


def seed_drive(alert_every: int) -> Drive:
    """Of `alert_every` seconds one breaks one of the seed's rules: ten at a time, a rule after the other.

    Any `alert_every` x BROKEN_SECONDS seconds in a row hold the exact share.
    """
    period = alert_every * BROKEN_SECONDS
    at = np.arange(3 * period)
    # The first ten seconds are the speeding; away from them the car gains and loses 2.5 km/h a second.
    away = np.minimum(at - BROKEN_SECONDS, at.size - 1 - at)
    drive = _cruise(np.where(away < 0, 124.0, np.maximum(60.0, 117.0 - 2.5 * away)))
    drive.rpm[period : period + BROKEN_SECONDS] = 6300
    drive.gear[2 * period : 2 * period + BROKEN_SECONDS] = 1
    return drive


def eventful_drive() -> Drive:
    """2,000 s in which each shipped rule but that of the silent car is broken once, in some 35 samples."""
    at = (0, 200, 230, 233, 242, 245, 280, 1100, 1102, 1130, 1380, 1400, 1402, 2000)
    km_h = (70, 70, 112, 122, 124, 112, 70, 70, 42, 70, 70, 48, 70, 70)
    drive = _cruise(np.interp(np.arange(2000), at, km_h))
    drive.rpm[500:506], drive.gear[500:506] = 6300, 3
    drive.gear[800:806] = 2
    drive.rpm[1700:1708], drive.gear[1700:1708] = 900, 5
    return drive


def _cruise(speed: NDArray[np.float64]) -> Drive:
    """In fourth gear at this speed, as a sensor sees it: 0.3 km/h to either side."""
    noise = np.random.default_rng(_SEED).integers(-3, 4, speed.size) / 10
    seen = np.round(speed + noise, 1)
    return Drive(seen, (seen * _RPM_PER_KMH).astype(np.int64), np.full(speed.size, 4))


def enriched(drive: Drive, cars: int, seconds: int) -> Iterator[dict[str, Any]]:
    """EnrichedSample of `cars` cars that say something each second, as the log has them: second by second."""
    speeds, rpms, gears = (column.tolist() for column in drive)
    places = [number * _STRIDE % len(speeds) for number in range(cars)]
    for second in range(seconds):
        for number in range(cars):
            yield sample(number, cars, second, speeds[places[number]], rpms[places[number]], gears[places[number]])
        places = [(place + 1) % len(speeds) for place in places]


def sample(number: int, cars: int, second: int, speed: float, rpm: int, gear: int) -> dict[str, Any]:
    """What car `number` of a fleet of `cars` says in a second, both counted from 0."""
    car, sequence = FIRST_CAR + number, second + 1
    event_time = START_MS + second * 1000 + number * 1000 // cars
    return {
        "event_id": f"{car}-{sequence}",
        "car_id": car,
        "sequence": sequence,
        "event_time": event_time,
        "speed": speed,
        "rpm": rpm,
        "gear": gear,
        "driver_id": 100_000_000 + car,
        "brand_name": "Toyota",
        "model_name": "Corolla",
        "color_name": "Green",
        "expected_gear": 4,
        "gear_low": _LOW,
        "gear_high": _HIGH,
        "late": False,
        "logged_at": event_time + _SENT_AFTER_MS,
        "dims_version": "0123456789ab",
    }
