"""What the alerter's engine tells of a drive under the shipped rules. Nothing here decides; everything is looked up."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from docs.episodes.drives import Drive
from tacho_alerter.engine.partition import Partition
from tacho_alerter.engine.told import Alerted, Episode, Event
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.rules.rule import Rule
from tacho_alerter.rules.ruleset import RuleSet
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

CAR = 1_000_001
BEGAN_MS = 1_760_000_000_000


class Point(NamedTuple):
    """One sample of the drive, `at` seconds after its beginning."""

    at: float
    value: float | None
    """The rule's measure (of a rule about silence: the speed); None where there is none."""
    bounds: tuple[float | None, float | None]
    """Below the first and above the second a value is beyond the rule's level."""
    counted: bool
    """Whether the episode counts it."""
    alerted: bool


class Told(NamedTuple):
    """An event of the episode, and when it was told, in seconds."""

    at: float
    record: dict[str, Any]


class Story(NamedTuple):
    """A drive as the engine saw it."""

    drive: Drive
    rule: Rule
    points: Sequence[Point]
    heartbeats: Sequence[float]
    told: Sequence[Told]
    """From OPENED to CLOSED."""


def shipped_rules() -> RuleSet:
    """The rules that come with the alerter."""
    return load_rules(PACKAGED_RULES, load_catalogue())


def seconds(milliseconds: int) -> float:
    """A time of an event, in seconds since the drive began."""
    return (milliseconds - BEGAN_MS) / 1000


def tell(drive: Drive, rules: RuleSet) -> Story:
    """Drive it past the engine: each second the car's sample, if there is one, then a heartbeat.

    Raises ValueError when the engine does not tell exactly one whole episode of the drive's rule.
    """
    codec = Codec("EnrichedSample")
    partition = Partition(RulesHistory([(0, rules)]), codec.decode)
    rule = rules.by_id[drive.rule]
    points: list[Point] = []
    told: list[Told] = []
    heartbeats: list[float] = []
    for second, speed in enumerate(drive.speed):
        at = BEGAN_MS + second * 1000
        if speed is not None:
            sample = _sample(drive, second, sequence=len(points))
            before = _counted(partition, rule)
            events = partition.take(sample, codec.encode(sample))
            counted = _counted(partition, rule) > before
            points.append(_point(second, sample, rule, counted, events))
            told += _of(rule, events, second)
        told += _of(rule, partition.heartbeat(at), second)
        heartbeats.append(second)
    if [one.record["state"] for one in told if one.record["state"] != "UPDATED"] != ["OPENED", "CLOSED"]:
        raise ValueError(f"the drive for {drive.rule} is not one episode: {told}")
    return Story(drive, rule, points, heartbeats, told)


def _sample(drive: Drive, second: int, sequence: int) -> dict[str, Any]:
    at = BEGAN_MS + second * 1000
    return {
        "event_id": f"{CAR}-{sequence}",
        "car_id": CAR,
        "sequence": sequence,
        "event_time": at,
        "logged_at": at,
        "speed": float(drive.speed[second] or 0),
        "driver_id": 100_000_001,
        "brand_name": "Mazda",
        "model_name": "3",
        "color_name": "Red",
        "expected_gear": None,
        "late": False,
        "dims_version": "000000000000",
        **{name: _at(getattr(drive, name), second) for name in ("rpm", "gear", "gear_low", "gear_high")},
    }


def _at(values: int | Sequence[int], second: int) -> int:
    return values if isinstance(values, int) else values[second]


def _counted(partition: Partition, rule: Rule) -> int:
    car = partition.cars.get(CAR)
    track = car.tracks.get(rule.id) if car is not None else None
    return track.samples if track is not None else 0


def _point(second: int, sample: dict[str, Any], rule: Rule, counted: bool, events: Sequence[Event]) -> Point:
    value = sample[rule.measure or "speed"]
    low, high, _ = rule.levels.own.bounds(sample)
    alerted = any(isinstance(event, Alerted) and event.rule.id == rule.id for event in events)
    return Point(second, value, (low, high), counted, alerted)


def _of(rule: Rule, events: Sequence[Event], second: int) -> list[Told]:
    records = [event.record for event in events if isinstance(event, Episode)]
    return [Told(second, record) for record in records if record["rule"] == rule.id]
