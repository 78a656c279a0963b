"""Which gear fits a speed, by both policies: the interface text in plain Python."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

POLICIES = ("drivetrain", "speed-band")


class Gears(NamedTuple):
    """Expected gear and the harmless range around it; all None where nothing is known of the drive-train."""

    expected: int | None
    low: int | None
    high: int | None


NO_GEARS = Gears(None, None, None)


@dataclass(frozen=True)
class DriveTrain:
    """One model's row in drivetrains/*.csv, as far as gears need it; engine speeds in 1/min."""

    ratios: tuple[float, ...]
    final_drive: float
    tyre_circumference_m: float
    cruise_low: float
    cruise_high: float
    harmless_low: float
    harmless_high: float

    def rpm_per_kmh(self) -> list[float]:
        """Engine speed for each km/h, by gear."""
        return [1000.0 * ratio * self.final_drive / (60.0 * self.tyre_circumference_m) for ratio in self.ratios]


class GearTable:
    """The gears of one drive-train under one policy, for any speed in km/h."""

    def __init__(self, drive_train: DriveTrain, policy: str) -> None:
        self._by_band = policy == "speed-band"
        self._count = len(drive_train.ratios)
        k = drive_train.rpm_per_kmh()
        shifts = list(pairwise(k))
        self._expected = sorted(_tenth_up(_cruise_shift(drive_train, here, above)) for here, above in shifts)
        self._high = sorted(_tenth_up(drive_train.harmless_low / above) for _, above in shifts)
        self._low = sorted(_tenth_up(drive_train.harmless_high / here) for here, _ in shifts)

    def at(self, speed: float) -> Gears:
        """The gears at this speed."""
        if self._by_band:
            gear = min(max(math.floor(speed / 30.0 + 0.5), 1), self._count)
            return Gears(gear, gear, gear)
        expected = 1 + bisect_right(self._expected, speed)
        low = min(1 + bisect_right(self._low, speed), expected)
        high = max(1 + bisect_right(self._high, speed), expected)
        return Gears(expected, low, high)


def _cruise_shift(drive_train: DriveTrain, here: float, above: float) -> float:
    """The speed from which the gear above is nearer the cruising band; ties go to it."""
    if drive_train.cruise_low / above <= drive_train.cruise_high / here:
        return drive_train.cruise_low / above
    return (drive_train.cruise_low + drive_train.cruise_high) / (here + above)


def _tenth_up(speed: float) -> float:
    return math.ceil(speed * 10) / 10
