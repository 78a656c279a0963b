"""What the engine remembers of a car between its samples. Times are milliseconds since the epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

Sample = dict[str, Any]
"""The fields of EnrichedSample, and `acceleration` once the sample is judged in order."""

PENDING, OPEN, CLEARING, COOLING = "pending", "open", "clearing", "cooling"
"""Where a rule stands with a car. A rule without a track is idle."""


class Arrival(NamedTuple):
    """A sample as it came: decoded, and the bytes it was decoded from."""

    sample: Sample
    value: bytes


class Who(NamedTuple):
    """Whose episode it is, as the samples say it; None where they do not know."""

    driver_id: int | None
    brand_name: str | None
    model_name: str | None
    color_name: str | None


@dataclass(slots=True)
class Gap:
    """Sequences that never came, both ends included, and the log time until which they are waited for."""

    first: int
    last: int
    due_at: int


@dataclass(slots=True)
class Track:
    """How one rule stands with one car; the fields are those of Track in CarState."""

    rule: str
    definition: str
    phase: str
    sequence: int
    who: Who
    opened_at: int
    last_seen_at: int
    since: int
    told_at: int
    revision: int
    samples: int
    late_samples: int
    peak: float
    peak_at: int
    excess: float
    limit: float
    severity: str
    rules_version: str

    @property
    def active(self) -> bool:
        """Whether there is an open episode behind it."""
        return self.phase in (OPEN, CLEARING)


NO_TRACKS: Mapping[str, Track] = MappingProxyType({})


@dataclass(slots=True)
class Car:
    """One car. From `sequence` to `said` it is of the sample judged last."""

    car_id: int
    highest: int
    heard_at: int
    sequence: int
    event_time: int
    speed: float
    who: Who | None
    """None until somebody needs it: then it is in `said`."""
    said: bytes = b""
    """The record's value of that sample where `who` is None."""
    # Of these three most cars have none: one empty value serves them all, and what is in use is replaced as a whole.
    missing: Sequence[Gap] = ()
    """Oldest first."""
    waiting: Sequence[Arrival] = ()
    """By sequence; empty when no gap is waited for."""
    tracks: Mapping[str, Track] = field(default_factory=lambda: NO_TRACKS)
    """By rule, in the order they began."""
    alarm: int | None = None
    """The log time for which the partition has noted to look at this car; not part of its state."""

    def follow(self, track: Track) -> None:
        """From now on the track's rule stands so with this car."""
        self.tracks = {**self.tracks, track.rule: track}

    def forget(self, track: Track) -> None:
        """The track's rule is idle again."""
        self.tracks = {rule: other for rule, other in self.tracks.items() if other is not track} or NO_TRACKS
