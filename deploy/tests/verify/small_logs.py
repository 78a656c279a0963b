"""Small logs of one partition, and what they lead to in few words. Event time is the sequence in seconds by default."""

from collections.abc import Iterable
from typing import Any

from tacho.verify.episodes import Outcome, outcome_of
from tacho.verify.rules import History, read_rules

CAR = 1_000_001
Row = dict[str, Any]


def sample(
    sequence: int, speed: float = 50.0, at: float | None = None, logged: float | None = None, **more: Any
) -> Row:
    """An enriched sample; at: event time in seconds; logged: record timestamp in seconds, the event time by default."""
    at = sequence if at is None else at
    car = more.pop("car", CAR)
    return {
        **{"event_id": f"{car}-{sequence}", "car_id": car, "sequence": sequence},
        **{"event_time": round(at * 1000), "logged_at": round((at if logged is None else logged) * 1000)},
        **{"speed": speed, "rpm": 2000, "gear": 3, "expected_gear": 3, "gear_low": 2, "gear_high": 4},
        **{"driver_id": 111_111_111, "brand_name": "Mazda", "model_name": "3", "color_name": "Red"},
        **{"late": False, "dims_version": "d" * 12},
        **more,
    }


def speeds(*values: float | None, first: int = 1) -> list[Row]:
    """Samples of one car, a second apart; None leaves the sequence out."""
    return [sample(first + i, value) for i, value in enumerate(values) if value is not None]


def history(*versions: tuple[float, str] | str) -> History:
    """Rules files with the second from which they hold; a text alone holds from 0."""
    told = [(0.0, version) if isinstance(version, str) else version for version in versions]
    return History([(round(at * 1000), read_rules(text)) for at, text in told])


def outcome(log: Iterable[Row | float], *versions: tuple[float, str] | str) -> Outcome:
    """What a log leads to; a bare number is a heartbeat, in seconds."""
    events = [event if isinstance(event, dict) else round(event * 1000) for event in log]
    return outcome_of(events, history(*versions))


def told(log: Iterable[Row | float], *versions: tuple[float, str] | str) -> list[str]:
    """Each event as `<sequence>/<rule>#<revision> <state or reason> <samples>`."""
    return [
        f"{event['episode_id'].partition('-')[2]}#{event['revision']} {event['close_reason'] or event['state']} "
        f"{event['samples']}"
        for event in outcome(log, *versions).episodes
    ]


def alerts(log: Iterable[Row | float], *versions: tuple[float, str] | str) -> list[str]:
    """Each alert that waited as `<sequence>/<rule>`."""
    return [alert["alert_id"].partition("-")[2] for _, alert in outcome(log, *versions).alerts]


def closings(log: Iterable[Row | float], *versions: tuple[float, str] | str) -> list[tuple[str, int, int]]:
    """Reason, `closed_at` and `last_seen_at` in ms, of what was closed."""
    events = outcome(log, *versions).episodes
    return [(e["close_reason"], e["closed_at"], e["last_seen_at"]) for e in events if e["state"] == "CLOSED"]


def straggling(speed: float, *before: Row | float, at: float = 2.0) -> list[Row | float]:
    """A log in which sequence 2 comes when its place has passed."""
    return [*before, 20, sample(2, speed, at=at, logged=20)]


def rule(text: str = "", head: str = "") -> str:
    """A rules file of one rule: over 100 km/h, called fast, unless `text` says otherwise."""
    entry = (
        text if "id:" in text else f"id: fast, measure: speed, above: 100 km/h, severity: info{', ' * bool(text)}{text}"
    )
    return f"{head}\nrules:\n  - {{{entry}}}\n"
