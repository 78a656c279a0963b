"""What the engine tells: alerts, and events of episodes."""

from typing import Any, NamedTuple

from tacho_alerter.engine.car import Sample, Track
from tacho_alerter.rules.rule import Rule

OPENED, UPDATED, CLOSED = "OPENED", "UPDATED", "CLOSED"


class Alerted(NamedTuple):
    """One sample that violates one rule: the value seen and the limit it broke, in the unit of the rule's measure."""

    sample: Sample
    rule: Rule
    observed: float
    limit: float
    rules_version: str


class Episode(NamedTuple):
    """One event of an episode: the content of an AlertEpisode."""

    record: dict[str, Any]


Event = Alerted | Episode


def told(car_id: int, track: Track, state: str, reason: str | None = None, closed_at: int | None = None) -> Episode:
    """The next event of this track's episode; its revision counts on."""
    track.revision += 1
    driver_id, brand_name, model_name, color_name = track.who
    return Episode(
        {
            "episode_id": f"{car_id}-{track.sequence}/{track.rule}",
            "revision": track.revision,
            "state": state,
            "car_id": car_id,
            "driver_id": driver_id,
            "brand_name": brand_name,
            "model_name": model_name,
            "color_name": color_name,
            "rule": track.rule,
            "severity": track.severity,
            "opened_at": track.opened_at,
            "last_seen_at": track.last_seen_at,
            "closed_at": closed_at,
            "samples": track.samples,
            "late_samples": track.late_samples,
            "peak": track.peak,
            "peak_at": track.peak_at,
            "limit": track.limit,
            "close_reason": reason,
            "rules_version": track.rules_version,
        }
    )
