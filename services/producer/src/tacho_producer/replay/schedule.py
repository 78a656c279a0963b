"""When the samples of a recording are sent: vehicles side by side, a vehicle's trips one after another."""

from dataclasses import dataclass

from tacho_producer.errors import SettingsError
from tacho_producer.replay.resample import Track

_PAUSE_S = 60
"""Between two trips of a vehicle whose recording does not say how long it stood."""


@dataclass(frozen=True)
class Moment:
    """One sample to be: seconds on the recording's common clock, and which vehicle's it is."""

    second: int
    vehicle: str
    speed: float
    rpm: int
    gear: int


def moments(tracks: list[Track]) -> list[Moment]:
    """All samples in time order. On recordings without a date each vehicle starts at second 0."""
    until: dict[str, int] = {}
    found: list[Moment] = []
    for track in tracks:
        if not track.samples:
            continue
        name, first = track.drive.vehicle, track.samples[0][0]
        shift = 0 if track.drive.absolute else until.get(name, 0) - first
        found += [Moment(second + shift, name, speed, rpm, gear) for second, speed, rpm, gear in track.samples]
        until[name] = track.samples[-1][0] + shift + _PAUSE_S
    return sorted(found, key=lambda moment: (moment.second, moment.vehicle))


def require_dates(tracks: list[Track]) -> None:
    """Raise SettingsError unless every drive says when it was."""
    if any(not track.drive.absolute for track in tracks):
        raise SettingsError("--keep-time needs a recording with dates; this one has only seconds since a start")
