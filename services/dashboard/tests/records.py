"""Records as the topics carry them, as little of them as a test does not say itself."""

from typing import Any

Record = dict[str, Any]
NOW = 1_795_000_000_000
CAR = 1_000_001


def sample(car_id: int = CAR, at: int = NOW, **fields: Any) -> Record:
    """An EnrichedSample of this event time (ms)."""
    return {
        "event_id": f"{car_id}-{at}",
        "car_id": car_id,
        "sequence": at,
        "event_time": at,
        "speed": 50.0,
        "rpm": 2000,
        "gear": 3,
        "driver_id": 100_000_001,
        "brand_name": "Mazda",
        "model_name": "3",
        "color_name": "Red",
        "expected_gear": 3,
        "gear_low": 2,
        "gear_high": 4,
        "late": False,
        "logged_at": at,
        "dims_version": "d",
    } | fields


def alert(number: int = 1, car_id: int = CAR, at: int = NOW, **fields: Any) -> Record:
    """The n-th Alert of a car."""
    about = {name: sample(car_id, at)[name] for name in ("driver_id", "brand_name", "model_name", "color_name")}
    return {
        "alert_id": f"{car_id}-{number}/speeding",
        "event_id": f"{car_id}-{number}",
        "car_id": car_id,
        **about,
        "event_time": at,
        "logged_at": at,
        "late": False,
        "rule": "speeding",
        "severity": "warning",
        "observed": 130.0,
        "limit": 120.0,
        "speed": 130.0,
        "rpm": 3000,
        "gear": 5,
        "expected_gear": 5,
        "rules_version": "r",
    } | fields


def episode(number: int = 1, state: str = "OPENED", revision: int = 1, car_id: int = CAR, **fields: Any) -> Record:
    """An event of the n-th AlertEpisode of a car."""
    about = {name: sample(car_id)[name] for name in ("driver_id", "brand_name", "model_name", "color_name")}
    return {
        "episode_id": f"{car_id}-{number}/speeding",
        "revision": revision,
        "state": state,
        "car_id": car_id,
        **about,
        "rule": "speeding",
        "severity": "warning",
        "opened_at": NOW,
        "last_seen_at": NOW,
        "closed_at": NOW if state == "CLOSED" else None,
        "samples": revision,
        "late_samples": 0,
        "peak": 130.0,
        "peak_at": NOW,
        "limit": 120.0,
        "close_reason": "recovered" if state == "CLOSED" else None,
        "rules_version": "r",
    } | fields


def ack(number: int = 1, by: str = "anna", car_id: int = CAR) -> Record:
    """An AlertAck of the n-th episode of a car."""
    return {"episode_id": f"{car_id}-{number}/speeding", "car_id": car_id, "at": NOW, "by": by, "note": "seen"}


def fleet_window(start: int = NOW, value: str = "all", **fields: Any) -> Record:
    """A FleetWindow of a minute."""
    maxima = {f"max_{field}{part}": 1 for field in ("speed", "rpm", "gear") for part in ("", "_car_id", "_at")}
    span = {"window_start": start, "window_end": start + 60_000, "dimension": "fleet", "value": value}
    return span | {"samples": 2, "late": 0, "speed_sum": 1_001} | maxima | fields


def alert_window(start: int = NOW, value: str = "all") -> Record:
    """The AlertWindow beside it."""
    span = {"window_start": start, "window_end": start + 60_000, "dimension": "fleet", "value": value}
    return span | {"alerts": 3, "late": 0, "by_rule": {"speeding": 3}}


def status(instance: str = "alerter", at: int = NOW, **fields: Any) -> Record:
    """A ServiceStatus."""
    return {
        "service": "alerter",
        "instance": instance,
        "version": "0.1.0",
        "since": NOW,
        "at": at,
        "ready": True,
        "reason": "",
        "rate": 20.0,
        "total": 100,
        "lag": {"0": 3, "1": 4},
        "restarts": 0,
        "state_bytes": 0,
    } | fields


def dead_letter(value: bytes | None = b"\x00<b>", **fields: Any) -> Record:
    """A DeadLetter."""
    source = {"source_topic": "sensors-sample", "source_partition": 0, "source_offset": 7, "source_timestamp": NOW}
    return source | {"service": "enricher", "reason": "empty", "detail": "no", "key": None, "value": value} | fields


def rules(text: str, effective_at: int = NOW) -> Record:
    """A RulesVersion."""
    return {"version": "v", "effective_at": effective_at, "text": text}
