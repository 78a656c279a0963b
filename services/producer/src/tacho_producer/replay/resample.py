"""From uneven readings to one sample a second: the newest value not too old, the gear derived where it is missing."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tacho_producer.replay.recording import Drive, Values

_MOVING_KMH = 5.0
_GEAR_TOLERANCE = 0.08
"""How far (as a share) rpm per km/h may be from a gear's for the clutch to count as locked in it."""


@dataclass
class Track:
    """One drive at 1 Hz: (second of the recording, speed km/h, rpm, gear); seconds without a sample, by reason."""

    drive: Drive
    samples: list[tuple[int, float, int, int]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def resample(drive: Drive, fill_seconds: float, rpm_per_kmh: Sequence[float], has_gear: bool) -> Track:
    """Samples at whole seconds from the readings up to then; a value older than `fill_seconds` is not used."""
    track = Track(drive)
    newest: dict[str, tuple[float, float]] = {}
    readings = iter([*drive.readings, (math.inf, {})])
    upcoming: tuple[float, Values] = next(readings)
    first, last = math.ceil(drive.readings[0][0]), math.ceil(drive.readings[-1][0])
    for second in range(first, last + 1):
        while upcoming[0] <= second:
            newest.update({name: (value, upcoming[0]) for name, value in upcoming[1].items()})
            upcoming = next(readings)
        current = {name: value for name, (value, at) in newest.items() if second - at <= fill_seconds}
        if reason := _unusable(current):
            track.skipped[reason] += 1
            continue
        speed, rpm = round(current["speed"], 1), round(current["rpm"])
        gear = round(current.get("gear", 0.0)) if has_gear else derived_gear(speed, rpm, rpm_per_kmh)
        track.samples.append((second, speed, rpm, gear))
    return track


def _unusable(current: Values) -> str:
    if "speed" not in current:
        return "no-speed"
    if "rpm" not in current:
        return "no-rpm"
    # An electric or hybrid car, or a reading that failed: not a combustion engine driving this car.
    return "engine-off-while-moving" if current["rpm"] == 0 and current["speed"] > _MOVING_KMH else ""


def derived_gear(speed: float, rpm: float, rpm_per_kmh: Sequence[float]) -> int:
    """The gear whose rpm per km/h is nearest (as a ratio) to the one read; 0 when standing or none is near."""
    if speed <= _MOVING_KMH or rpm <= 0:
        return 0
    ratios = [abs(math.log(rpm / speed / k)) for k in rpm_per_kmh]
    nearest = min(range(len(ratios)), key=ratios.__getitem__)
    return nearest + 1 if ratios[nearest] <= math.log1p(_GEAR_TOLERANCE) else 0
