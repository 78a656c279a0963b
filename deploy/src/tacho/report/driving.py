"""What a car's samples add up to, for each driver. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tacho.report.samples import Sample

NEIGHBOURS_MS = 3_000
"""Samples further apart say nothing of the time between them."""
STANDING_KMH = 1.0


@dataclass(frozen=True)
class Limits:
    """What counts as too much; to reach it is still fine."""

    speed_kmh: float = 120.0
    rpm: float = 6000.0
    braking_ms2: float = -3.3
    acceleration_ms2: float = 2.75


@dataclass(slots=True)
class Driving:
    """What one driver did in one car."""

    distance_m: float = 0.0
    driving_s: float = 0.0
    """At 1 km/h and more."""
    idle_s: float = 0.0
    """Slower, with the engine running."""
    speeding_s: float = 0.0
    revving_s: float = 0.0
    judged_s: float = 0.0
    """Driving in a gear, with the harmless range known."""
    wrong_gear_s: float = 0.0
    """Of those, outside the range."""
    harsh_braking: int = 0
    harsh_acceleration: int = 0
    samples: int = 0


def drive(samples: Sequence[Sample], limits: Limits, of_driver: dict[int, Driving]) -> None:
    """Add one car's samples, in order and each once, to what its drivers did.

    The time between two neighbouring samples (at most 3 s apart) is driven as its first sample says and belongs to
    that one's driver; the distance is the mean of both speeds times the time. A run of neighbouring samples beyond a
    limit of acceleration is one harsh event.
    """
    for driver, count in Counter(sample.driver for sample in samples).items():
        of_driver.setdefault(driver, Driving()).samples += count
    braking = accelerating = False
    for sample, following in pairwise(samples):
        driving = of_driver[sample.driver]
        apart = following.event_time - sample.event_time
        if not 0 < apart <= NEIGHBOURS_MS:
            braking = accelerating = False
            continue
        seconds = apart / 1000
        driving.distance_m += (sample.speed + following.speed) / 2 / 3.6 * seconds
        _spend(driving, sample, seconds, limits)
        acceleration = ((following.speed - sample.speed) / 3.6) / seconds
        was_braking, was_accelerating = braking, accelerating
        braking, accelerating = acceleration < limits.braking_ms2, acceleration > limits.acceleration_ms2
        driving.harsh_braking += braking and not was_braking
        driving.harsh_acceleration += accelerating and not was_accelerating


def _spend(driving: Driving, sample: Sample, seconds: float, limits: Limits) -> None:
    if sample.rpm > limits.rpm:
        driving.revving_s += seconds
    if sample.speed < STANDING_KMH:
        if sample.rpm > 0:
            driving.idle_s += seconds
        return
    driving.driving_s += seconds
    if sample.speed > limits.speed_kmh:
        driving.speeding_s += seconds
    if sample.gear > 0 and sample.gear_low >= 0:
        driving.judged_s += seconds
        if not sample.gear_low <= sample.gear <= sample.gear_high:
            driving.wrong_gear_s += seconds
