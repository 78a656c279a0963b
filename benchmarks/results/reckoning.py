"""From the records of every topic to the figures and examples of docs/results. Pure."""

from collections import Counter, defaultdict
from statistics import median
from typing import Any

from benchmarks.results.reading import Entry, Topics
from benchmarks.results.story import Story, told
from tacho.episodes.fold import Episode, fold

_MINUTE_MS = 60_000


def reckon(topics: Topics) -> dict[str, Any]:
    """All that is told of a run but its verdict and latency; JSON-ready, times in ms since the epoch of event time."""
    samples = _contents(topics, "samples-enriched", "EnrichedSample")
    alerts = _contents(topics, "alert-data", "Alert")
    episodes = fold(_contents(topics, "alert-episodes", "AlertEpisode"), ())
    begin = min(sample["event_time"] for sample in samples)
    story = told(alerts, episodes)
    return {
        "begin": begin,
        "end": max(sample["event_time"] for sample in samples),
        "topics": [_topic(name, entries) for name, entries in topics.items()],
        "car": str(story.car_id),
        "records": {name: [entry.shown() for entry in story.records(entries)] for name, entries in topics.items()},
        "windows": _windows(topics),
        "alerts": _alerts(alerts, begin),
        "episodes": _episodes(episodes),
        "drive": _drive(story, samples, alerts, episodes),
    }


def _contents(topics: Topics, topic: str, kind: str) -> list[dict[str, Any]]:
    return [entry.content for entry in topics[topic] if entry.kind == kind]


def _topic(name: str, entries: list[Entry]) -> dict[str, Any]:
    kinds = Counter(entry.kind or "not readable" for entry in entries)
    sizes = sum(entry.bytes for entry in entries)
    return {"name": name, "records": len(entries), "kinds": dict(sorted(kinds.items())), "bytes": sizes}


def _windows(topics: Topics) -> list[dict[str, Any]]:
    """The last row of every window, with the alerts of the same window, dimension and value."""
    fleet = {_cell(row): row for row in _contents(topics, "fleet-windows", "FleetWindow")}
    alerts = {_cell(row): row for row in _contents(topics, "alert-windows", "AlertWindow")}
    none: dict[str, Any] = {"alerts": 0, "by_rule": {}}
    return [
        row | {name: alerts.get(cell, none)[name] for name in ("alerts", "by_rule")}
        for cell, row in sorted(fleet.items())
    ]


def _cell(row: dict[str, Any]) -> tuple[int, bool, str, str]:
    """Sorts by window, and the whole fleet before its parts."""
    return row["window_start"], row["dimension"] != "fleet", row["dimension"], row["value"]


def _alerts(alerts: list[dict[str, Any]], begin: int) -> dict[str, Any]:
    rules = Counter(alert["rule"] for alert in alerts)
    of_cars = Counter(alert["car_id"] for alert in alerts)
    cars: dict[str, set[int]] = defaultdict(set)
    minutes: dict[str, Counter[int]] = defaultdict(Counter)
    for alert in alerts:
        cars[alert["rule"]].add(alert["car_id"])
        minutes[alert["rule"]][(alert["event_time"] - begin) // _MINUTE_MS] += 1
    last = max((minute for counts in minutes.values() for minute in counts), default=0)
    return {
        "by_rule": {rule: {"alerts": count, "cars": len(cars[rule])} for rule, count in rules.most_common()},
        "by_minute": {rule: [minutes[rule][minute] for minute in range(last + 1)] for rule, _ in rules.most_common()},
        "by_car": [{"car_id": car, "alerts": count} for car, count in of_cars.most_common()],
    }


def _episodes(episodes: list[Episode]) -> dict[str, Any]:
    by_rule: dict[str, list[Episode]] = defaultdict(list)
    for episode in episodes:
        by_rule[episode.event["rule"]].append(episode)
    return {
        rule: {
            "episodes": len(found),
            "open": sum(episode.open for episode in found),
            "reasons": dict(sorted(Counter(each.event["close_reason"] for each in found if not each.open).items())),
            "median_s": median(episode.lasted_ms for episode in found) / 1000,
            "longest_s": max(episode.lasted_ms for episode in found) / 1000,
        }
        for rule, found in sorted(by_rule.items(), key=lambda item: -len(item[1]))
    }


def _drive(
    story: Story, samples: list[dict[str, Any]], alerts: list[dict[str, Any]], episodes: list[Episode]
) -> dict[str, Any]:
    """One car's samples in order, the limits its alerts name, and its episodes."""
    of_car = sorted((each for each in samples if each["car_id"] == story.car_id), key=lambda each: each["sequence"])
    mine = [alert for alert in alerts if alert["car_id"] == story.car_id]
    return {
        "car_id": story.car_id,
        "model": f"{of_car[0]['brand_name']} {of_car[0]['model_name']}",
        "color": of_car[0]["color_name"],
        **{name: [each[name] for each in of_car] for name in ("event_time", "speed", "rpm", "gear")},
        **{name: [each[name] for each in of_car] for name in ("gear_low", "gear_high")},
        "limits": {alert["rule"]: alert["limit"] for alert in mine},
        "alerts": dict(sorted(Counter(alert["rule"] for alert in mine).items())),
        "episodes": [
            {"rule": each.event["rule"], "from": each.event["opened_at"], "to": each.until_ms}
            for each in episodes
            if each.event["car_id"] == story.car_id
        ],
    }
