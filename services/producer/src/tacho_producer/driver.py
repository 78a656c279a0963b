"""How drivers drive: three habits, each a set of numbers, and the road speeds at which they shift."""

from dataclasses import dataclass

import numpy as np

from tacho_producer.draws import F64, between, keys, uniform
from tacho_producer.drivetrain import Drivetrain

_HABIT, _PERSONAL = 0, 1


@dataclass(frozen=True)
class Habit:
    """One way of driving. Accelerations are peaks in m/s2, engine speeds in 1/min, cruising speeds in km/h."""

    name: str
    acceleration: float
    braking: float
    upshift_rpm: float
    cruise_upshift_rpm: float
    downshift_rpm: float
    cruise_kmh: tuple[float, float]
    mistakes: float
    """How many mistakes this driver makes, relative to the mean driver."""


HABITS = (
    Habit("calm", 1.7, 1.9, 2400.0, 2000.0, 1250.0, (30.0, 90.0), 0.85),
    Habit("sporty", 3.0, 3.2, 4400.0, 2600.0, 1800.0, (40.0, 110.0), 1.05),
    Habit("careless", 2.4, 2.8, 3300.0, 2300.0, 1450.0, (30.0, 100.0), 1.10),
)

# Shift points keep this far from the edge of the harmless range, so that no reading of a good driver touches it.
_LOW_MARGIN, _CRUISE_MARGIN, _HIGH_MARGIN = 1.08, 1.15, 0.96


@dataclass(frozen=True)
class Drivers:
    """Every driver's numbers as arrays, row i for car i; shift points in km/h, gear g -> g+1 in column g-1."""

    acceleration: F64
    braking: F64
    cruise_low: F64
    cruise_high: F64
    mistakes: F64
    up: F64
    cruise: F64
    down: F64


def drivers_of(seed: int, car_ids: np.ndarray, model: np.ndarray, drivetrains: tuple[Drivetrain, ...]) -> Drivers:
    """The driver of each car; `model` indexes `drivetrains`. A function of (seed, car_id, drive-train)."""
    key = keys(seed, car_ids)
    habit = (uniform(key, _HABIT) * len(HABITS)).astype(np.int64)
    # Two drivers of one habit still differ by up to 8 %.
    personal = between(0.92, 1.08, uniform(key, _PERSONAL))

    def of_habit(attribute: str) -> F64:
        return np.array([getattr(each, attribute) for each in HABITS], np.float64)[habit]

    cruise = np.array([each.cruise_kmh for each in HABITS])[habit]
    return Drivers(
        acceleration=of_habit("acceleration") * personal,
        braking=of_habit("braking") * personal,
        cruise_low=cruise[:, 0],
        cruise_high=cruise[:, 1],
        mistakes=of_habit("mistakes"),
        up=_shift_points(of_habit("upshift_rpm") * personal, _LOW_MARGIN, 0, model, drivetrains),
        cruise=_shift_points(of_habit("cruise_upshift_rpm") * personal, _CRUISE_MARGIN, 0, model, drivetrains),
        down=_shift_points(of_habit("downshift_rpm") * personal, _LOW_MARGIN, 1, model, drivetrains),
    )


def _shift_points(
    rpm: F64, low_margin: float, leaving: int, model: np.ndarray, drivetrains: tuple[Drivetrain, ...]
) -> F64:
    """Speeds [km/h] between gear g and g+1 at `rpm` in the lower (leaving=0) or upper (leaving=1) of the two."""
    widest = max(line.gears for line in drivetrains)
    points = np.full((len(model), widest - 1), np.inf)
    for index, line in enumerate(drivetrains):
        rows = model == index
        k = np.array(line.rpm_per_kmh)
        lowest = low_margin * line.harmless_low_rpm / k[1:]
        highest = _HIGH_MARGIN * line.harmless_high_rpm / k[:-1]
        wanted = rpm[rows, None] / (k[1:] if leaving else k[:-1])
        points[np.ix_(rows, np.arange(line.gears - 1))] = np.clip(wanted, lowest, highest)
    return points
