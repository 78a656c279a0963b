"""A car's state as a CarState record, and back. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from tacho_alerter.engine.car import NO_TRACKS, Arrival, Car, Gap, Sample, Track
from tacho_alerter.engine.episodes import know, who

_TRACK_FIELDS = tuple(name for name in Track.__dataclass_fields__ if name != "who")


def car_state(car: Car, position: int, decode: Callable[[bytes], Sample]) -> dict[str, Any]:
    """The content of a CarState. position: offset in samples-enriched up to which, exclusively, it holds."""
    return {
        "car_id": car.car_id,
        "position": position,
        "highest": car.highest,
        "heard_at": car.heard_at,
        "sequence": car.sequence,
        "event_time": car.event_time,
        "speed": car.speed,
        **know(car, decode)._asdict(),
        "missing": [{"first": gap.first, "last": gap.last, "due_at": gap.due_at} for gap in car.missing],
        "waiting": [arrival.value for arrival in car.waiting],
        "tracks": [_track_record(track) for track in car.tracks.values()],
    }


def restored_car(record: Mapping[str, Any], decode: Callable[[bytes], Sample]) -> Car:
    """The car of a CarState; `decode` reads an enriched sample. Raises Rejected when a waiting one is unreadable."""
    tracks = (_restored_track(track) for track in record["tracks"])
    return Car(
        car_id=record["car_id"],
        highest=record["highest"],
        heard_at=record["heard_at"],
        sequence=record["sequence"],
        event_time=record["event_time"],
        speed=record["speed"],
        who=who(record),
        missing=[Gap(gap["first"], gap["last"], gap["due_at"]) for gap in record["missing"]] or (),
        waiting=[Arrival(decode(value), value) for value in record["waiting"]] or (),
        tracks={track.rule: track for track in tracks} or NO_TRACKS,
    )


def _track_record(track: Track) -> dict[str, Any]:
    return {name: getattr(track, name) for name in _TRACK_FIELDS} | track.who._asdict()


def _restored_track(record: Mapping[str, Any]) -> Track:
    return Track(who=who(record), **{name: record[name] for name in _TRACK_FIELDS})
