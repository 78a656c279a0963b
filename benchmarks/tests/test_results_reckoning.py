"""From records of topics to the figures of docs/results."""

from typing import Any

import pytest

from benchmarks.results.latencies import histogram
from benchmarks.results.reading import Entry
from benchmarks.results.reckoning import reckon
from tacho.errors import TachoError
from tacho_contracts.catalogue import load_catalogue

BEGIN = 1_795_000_000_000
CAR = 1_000_001


def sample(second: int, car: int = CAR, speed: float = 50.0) -> dict[str, Any]:
    return {
        **{"event_id": f"{car}-{second}", "car_id": car, "sequence": second, "event_time": BEGIN + second * 1000},
        **{"speed": speed, "rpm": 2000, "gear": 3, "gear_low": 2, "gear_high": 4},
        **{"brand_name": "Mazda", "model_name": "3", "color_name": "Red"},
    }


def alert(second: int, car: int = CAR, rule: str = "speeding") -> dict[str, Any]:
    event = f"{car}-{second}"
    times = {"event_time": BEGIN + second * 1000, "limit": 120.0}
    return {"alert_id": f"{event}/{rule}", "event_id": event, "car_id": car, "rule": rule, **times}


def told(revision: int, state: str, until: int, car: int = CAR, opened: int = 70) -> dict[str, Any]:
    closed = BEGIN + until * 1000 if state == "CLOSED" else None
    return {
        **{"episode_id": f"{car}/speeding/{opened}", "revision": revision, "state": state, "car_id": car},
        **{"rule": "speeding", "severity": "warning", "opened_at": BEGIN + opened * 1000, "closed_at": closed},
        **{"last_seen_at": BEGIN + until * 1000, "close_reason": "recovered" if closed else None},
    }


def window(kind: str, value: str, **more: Any) -> dict[str, Any]:
    dimension = "fleet" if value == "all" else "color"
    return {"window_start": BEGIN, "window_end": BEGIN + 900_000, "dimension": dimension, "value": value, **more}


def topics(**filled: list[tuple[str, dict[str, Any]]]) -> dict[str, list[Entry]]:
    """Every topic of the catalogue; names with underscores for hyphens."""
    return {
        name: [
            Entry(0, offset, BEGIN + offset, b"key", kind, content, 50)
            for offset, (kind, content) in enumerate(filled.get(name.replace("-", "_"), []))
        ]
        for name in load_catalogue().topics
    }


@pytest.fixture
def drive() -> dict[str, list[Entry]]:
    """Two cars, two minutes; one alert of no episode, then three of an episode, then one of another rule."""
    return topics(
        samples_enriched=[
            *(("EnrichedSample", sample(second, car)) for second in range(120) for car in (CAR, CAR + 1)),
            ("Heartbeat", {"at": BEGIN}),
        ],
        alert_data=[
            ("Alert", alert(10, CAR + 1)),
            *(("Alert", alert(second)) for second in (70, 71, 72)),
            ("Alert", alert(80, CAR + 1, "wrong-gear")),
        ],
        alert_episodes=[
            ("AlertEpisode", told(1, "OPENED", 70)),
            ("AlertEpisode", told(2, "UPDATED", 71)),
            ("AlertEpisode", told(3, "CLOSED", 72)),
            ("AlertEpisode", told(1, "OPENED", 90, CAR + 1, opened=90)),
        ],
        fleet_windows=[
            ("FleetWindow", window("fleet", "Red", samples=239)),
            ("FleetWindow", window("fleet", "all", samples=239)),
            ("FleetWindow", window("fleet", "all", samples=240)),
        ],
        alert_windows=[("AlertWindow", window("fleet", "all", alerts=5, by_rule={"speeding": 4, "wrong-gear": 1}))],
    )


def test_alerts_are_counted_by_rule_by_minute_and_by_car(drive: dict[str, list[Entry]]) -> None:
    found = reckon(drive)["alerts"]
    assert found["by_rule"] == {"speeding": {"alerts": 4, "cars": 2}, "wrong-gear": {"alerts": 1, "cars": 1}}
    assert found["by_minute"] == {"speeding": [1, 3], "wrong-gear": [0, 1]}
    assert found["by_car"] == [{"car_id": CAR, "alerts": 3}, {"car_id": CAR + 1, "alerts": 2}]


def test_episodes_are_told_by_rule_with_how_they_ended_and_how_long_they_were(drive: dict[str, list[Entry]]) -> None:
    found = reckon(drive)["episodes"]["speeding"]
    assert found == {"episodes": 2, "open": 1, "reasons": {"recovered": 1}, "median_s": 1.0, "longest_s": 2.0}


def test_the_last_row_of_a_window_counts_with_the_alerts_of_the_same_window(drive: dict[str, list[Entry]]) -> None:
    rows = [(row["value"], row["samples"], row["alerts"]) for row in reckon(drive)["windows"]]
    assert rows == [("all", 240, 5), ("Red", 239, 0)]


def test_the_records_shown_are_of_one_alert_in_a_closed_episode(drive: dict[str, list[Entry]]) -> None:
    records = reckon(drive)["records"]
    enriched = {record["record"]: record["value"] for record in records["samples-enriched"]}
    assert enriched["EnrichedSample"]["event_id"] == f"{CAR}-70"
    assert [record["value"]["alert_id"] for record in records["alert-data"]] == [f"{CAR}-70/speeding"]
    assert [record["value"]["state"] for record in records["alert-episodes"]] == ["OPENED", "CLOSED"]
    assert "Heartbeat" in enriched


def test_the_car_of_that_alert_is_the_one_whose_drive_is_drawn(drive: dict[str, list[Entry]]) -> None:
    found = reckon(drive)
    assert (found["car"], found["drive"]["car_id"], len(found["drive"]["speed"])) == (str(CAR), CAR, 120)
    assert found["drive"]["episodes"] == [{"rule": "speeding", "from": BEGIN + 70_000, "to": BEGIN + 72_000}]


def test_without_an_alert_there_is_nothing_to_tell(drive: dict[str, list[Entry]]) -> None:
    with pytest.raises(TachoError, match="let the fleet drive longer"):
        reckon(drive | {"alert-data": []})


def test_latency_classes_are_ten_to_a_decade_and_without_gaps() -> None:
    classes = histogram([1.0, 1.1, 2.0])
    assert [each["count"] for each in classes] == [2, 0, 0, 1]
    assert [each["from"] for each in classes[1:]] == [each["to"] for each in classes[:-1]]
    assert (classes[0]["from"], classes[-1]["to"]) == (1.0, 2.51)


def test_without_an_alert_there_are_no_latency_classes() -> None:
    assert histogram([]) == []
