"""A car's drive-train: what engine speed a road speed means in each gear."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drivetrain:
    """Gearbox, axle, tyre and engine of one model. Engine speeds in 1/min."""

    model_id: int
    gear_ratios: tuple[float, ...]
    final_drive: float
    tyre_circumference_m: float
    idle_rpm: float
    redline_rpm: float
    cruise_low_rpm: float
    cruise_high_rpm: float
    harmless_low_rpm: float
    harmless_high_rpm: float

    @property
    def gears(self) -> int:
        """How many forward gears there are."""
        return len(self.gear_ratios)

    @property
    def rpm_per_kmh(self) -> tuple[float, ...]:
        """Engine speed [1/min] at 1 km/h in each gear with the clutch locked."""
        return rpm_per_kmh(self.gear_ratios, self.final_drive, self.tyre_circumference_m)


def rpm_per_kmh(gear_ratios: tuple[float, ...], final_drive: float, tyre_circumference_m: float) -> tuple[float, ...]:
    """1000 * ratio * final / (60 * tyre circumference) for each gear."""
    return tuple(1000.0 * ratio * final_drive / (60.0 * tyre_circumference_m) for ratio in gear_ratios)
