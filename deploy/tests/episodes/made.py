"""Events of episodes and acknowledgements as tests write them, all with the schema's fields."""

from typing import Any

BEGIN = 1_795_000_000_000
CAR = 1_000_001


def event(sequence: int = 17, revision: int = 1, state: str = "OPENED", **more: Any) -> dict[str, Any]:
    """One AlertEpisode of a car that speeds; a closed one lasted 75 s."""
    car, rule = more.get("car_id", CAR), more.get("rule", "speeding")
    closed = state == "CLOSED"
    return {
        **{"episode_id": f"{car}-{sequence}/{rule}", "revision": revision, "state": state, "car_id": car},
        **{"driver_id": 111_111_111, "brand_name": "Mazda", "model_name": "3", "color_name": "Red"},
        **{"rule": rule, "severity": "warning", "opened_at": BEGIN, "last_seen_at": BEGIN + 70_000},
        **{"closed_at": BEGIN + 75_000 if closed else None, "samples": 71, "late_samples": 0},
        **{"peak": 152.25, "peak_at": BEGIN + 30_000, "limit": 120.0},
        **{"close_reason": "recovered" if closed else None, "rules_version": "a" * 12},
        **more,
    }


def acknowledgement(episode_id: str, at: int = BEGIN + 100_000, **more: Any) -> dict[str, Any]:
    """One AlertAck."""
    return {"episode_id": episode_id, "car_id": CAR, "at": at, "by": "ada", "note": "called the driver", **more}
