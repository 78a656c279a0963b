"""Alerts and episodes of invented samples, by three rules, much as the alerter judges real ones."""

from typing import Any

Record = dict[str, Any]
RULES = """\
rules:
  - {id: speeding, measure: speed, above: 120 km/h, until: 115 km/h, severity: warning}
  - {id: high-rpm, measure: rpm, above: 6000 1/min, until: 5800 1/min, severity: critical}
  - {id: wrong-gear, measure: gear, outside: [gear_low, gear_high], when: gear != 0, severity: info}
  - {id: silent-car, silent_for: 60 s, severity: warning}
"""
_CLEAR_MS = 3_000
_TELL_MS = 60_000
_ABOUT = ("car_id", "driver_id", "brand_name", "model_name", "color_name")


def violations(sample: Record) -> list[tuple[str, str, float, float]]:
    """Rule, severity, observed value and limit of each rule that the sample breaks."""
    found = []
    if sample["speed"] > 120:
        found.append(("speeding", "critical" if sample["speed"] > 150 else "warning", sample["speed"], 120.0))
    if sample["rpm"] > 6000:
        found.append(("high-rpm", "critical", float(sample["rpm"]), 6000.0))
    low, high, gear = sample["gear_low"], sample["gear_high"], sample["gear"]
    if gear and low is not None and not low <= gear <= high:
        found.append(("wrong-gear", "info", float(gear), float(low if gear < low else high)))
    return found


class Judge:
    """The episodes that are open."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, str], Record] = {}

    def judge(self, sample: Record) -> list[tuple[str, Record]]:
        """The Alerts and AlertEpisodes that come of a sample, by name of the record."""
        broken = violations(sample)
        found: list[tuple[str, Record]] = []
        for violation in broken:
            found.append(("Alert", _alert(sample, *violation)))
            found.extend(("AlertEpisode", episode) for episode in self._hold(sample, *violation))
        rules = {rule for rule, *_ in broken}
        found.extend(("AlertEpisode", episode) for episode in self._clear(sample, rules))
        return found

    def oldest(self) -> Record | None:
        """The episode that is open for the longest time."""
        return min(self._open.values(), key=lambda episode: episode["opened_at"], default=None)

    def _hold(self, sample: Record, rule: str, severity: str, observed: float, limit: float) -> list[Record]:
        key, at = (sample["car_id"], rule), sample["event_time"]
        known = self._open.get(key)
        if known is None:
            episode = _opened(sample, rule, severity, observed, limit)
            self._open[key] = episode
            return [dict(episode)]
        known["samples"] += 1
        known["last_seen_at"] = at
        if abs(observed - known["limit"]) > abs(known["peak"] - known["limit"]):
            known |= {"peak": observed, "peak_at": at}
        if at - known["told_at"] < _TELL_MS:
            return []
        known |= {"told_at": at, "state": "UPDATED", "revision": known["revision"] + 1}
        return [dict(known)]

    def _clear(self, sample: Record, broken: set[str]) -> list[Record]:
        car_id, at = sample["car_id"], sample["event_time"]
        over = [
            key
            for key, episode in self._open.items()
            if key[0] == car_id and key[1] not in broken and at - episode["last_seen_at"] >= _CLEAR_MS
        ]
        end = {"state": "CLOSED", "closed_at": at, "close_reason": "recovered"}
        closed = [self._open.pop(key) for key in over]
        return [episode | end | {"revision": episode["revision"] + 1} for episode in closed]


def _alert(sample: Record, rule: str, severity: str, observed: float, limit: float) -> Record:
    kept = ("event_id", "event_time", "logged_at", "late", "speed", "rpm", "gear", "expected_gear")
    own = {"alert_id": f"{sample['event_id']}/{rule}", "rule": rule, "severity": severity, "observed": observed}
    about = {name: sample[name] for name in (*_ABOUT, *kept)}
    return about | own | {"limit": limit, "rules_version": "rehearsal"}


def _opened(sample: Record, rule: str, severity: str, observed: float, limit: float) -> Record:
    at = sample["event_time"]
    return {name: sample[name] for name in _ABOUT} | {
        "episode_id": f"{sample['event_id']}/{rule}",
        "revision": 1,
        "state": "OPENED",
        "rule": rule,
        "severity": severity,
        "opened_at": at,
        "last_seen_at": at,
        "told_at": at,
        "closed_at": None,
        "samples": 1,
        "late_samples": 0,
        "peak": observed,
        "peak_at": at,
        "limit": limit,
        "close_reason": None,
        "rules_version": "rehearsal",
    }
