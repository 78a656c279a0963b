"""Which gear fits a road speed: one table of threshold speeds per model, read by a plain function and by a Column.

A gear is "1 + the number of thresholds at or below the speed", for all three figures and both policies, so that
Python and Spark cannot disagree: neither computes anything but comparisons of the same doubles.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pyspark.sql import Column
from pyspark.sql import functions as F

MAX_GEARS = 10
SPEED_BAND_KMH = 30.0


class GearPolicy(StrEnum):
    """How the expected gear is found: from the model's drive-train, or the seed's round(speed / 30)."""

    DRIVETRAIN = "drivetrain"
    SPEED_BAND = "speed-band"


@dataclass(frozen=True)
class Drivetrain:
    """What couples a model's engine to the road. Circumference in metres, engine speeds in 1/min."""

    gear_ratios: tuple[float, ...]
    final_drive: float
    tyre_circumference_m: float
    cruise_low_rpm: float
    cruise_high_rpm: float
    harmless_low_rpm: float
    harmless_high_rpm: float

    def rpm_per_kmh(self) -> tuple[float, ...]:
        """Engine speed per road speed in each gear, first gear first."""
        return tuple(
            1000.0 * ratio * self.final_drive / (60.0 * self.tyre_circumference_m) for ratio in self.gear_ratios
        )


@dataclass(frozen=True)
class GearTable:
    """Threshold speeds in km/h, ascending: entry i is where gear i + 2 begins. All three are equally long."""

    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def gears_at(self, speed: float) -> tuple[int, int, int]:
        """(expected_gear, gear_low, gear_high) at a speed in km/h."""
        return gear_at(self.expected, speed), gear_at(self.low, speed), gear_at(self.high, speed)


def gear_at(thresholds: Sequence[float], speed: float) -> int:
    """The gear whose range holds the speed."""
    return 1 + sum(threshold <= speed for threshold in thresholds)


def gear_column(thresholds: Column, speed: Column) -> Column:
    """The same as `gear_at` for an array column, null where the array is. Missing thresholds are never reached."""
    # From the highest gear down, as thresholds ascend: a sum would make an object for each addition (ANSI's overflow
    # check), and a higher-order function is interpreted row by row.
    gear = F.lit(1)
    for index in range(MAX_GEARS - 1):
        gear = F.when(F.get(thresholds, F.lit(index)) <= speed, index + 2).otherwise(gear)
    return F.when(thresholds.isNotNull(), gear)


def gear_table(drivetrain: Drivetrain, policy: GearPolicy) -> GearTable:
    """The thresholds of one model."""
    if policy is GearPolicy.SPEED_BAND:
        band = tuple(_speed_band_threshold(gear) for gear in range(1, len(drivetrain.gear_ratios)))
        return GearTable(band, band, band)
    expected = tuple(_ceil10(speed) for speed in _cruising_thresholds(drivetrain))
    factors = drivetrain.rpm_per_kmh()
    high = tuple(_ceil10(drivetrain.harmless_low_rpm / factor) for factor in factors[1:])
    low = tuple(_ceil10(drivetrain.harmless_high_rpm / factor) for factor in factors[:-1])
    # The harmless range always holds the expected gear: the highest gear begins no later than it, the lowest no sooner.
    return GearTable(
        expected=expected,
        low=tuple(map(max, low, expected)),
        high=tuple(map(min, high, expected)),
    )


def _cruising_thresholds(drivetrain: Drivetrain) -> list[float]:
    """Where the next gear's engine speed comes as near to the cruising band as this one's; ties go to the higher."""
    low, high = drivetrain.cruise_low_rpm, drivetrain.cruise_high_rpm
    factors = drivetrain.rpm_per_kmh()
    return [
        low / above if low / above <= high / this else (low + high) / (this + above)
        for this, above in pairwise(factors)
    ]


def _ceil10(speed: float) -> float:
    return math.ceil(speed * 10) / 10


def _speed_band_threshold(gear: int) -> float:
    """The least speed at which floor(speed / 30 + 0.5) is above `gear`, to the last bit of a double."""
    speed = SPEED_BAND_KMH * (gear + 0.5)
    while math.floor(math.nextafter(speed, 0.0) / SPEED_BAND_KMH + 0.5) > gear:
        speed = math.nextafter(speed, 0.0)
    return speed
