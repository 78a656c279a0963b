"""Figures of invented time windows by fleet, colour and model."""

from collections import Counter
from typing import Any

Record = dict[str, Any]
WINDOW_MS = 60_000
_MAXIMA = ("speed", "rpm", "gear")


class Windows:
    """The rows of the window that is under way."""

    def __init__(self) -> None:
        self._start = 0
        self._figures: dict[tuple[str, str], Record] = {}
        self._alerts: dict[tuple[str, str], Counter[str]] = {}

    def count(self, sample: Record) -> None:
        """One more sample; one of a new window begins it."""
        start = sample["event_time"] // WINDOW_MS * WINDOW_MS
        if start > self._start:
            self._start, self._figures, self._alerts = start, {}, {}
        for key in _keys(sample):
            row = self._figures.get(key) or self._figures.setdefault(key, _empty())
            row["samples"] += 1
            row["speed_sum"] += round(sample["speed"] * 10)
            for field in _MAXIMA:
                if row[f"max_{field}"] is None or sample[field] > row[f"max_{field}"]:
                    row[f"max_{field}"], row[f"max_{field}_car_id"] = sample[field], sample["car_id"]
                    row[f"max_{field}_at"] = sample["event_time"]

    def count_alert(self, alert: Record) -> None:
        """One more alert."""
        for key in _keys(alert):
            self._alerts.setdefault(key, Counter())[alert["rule"]] += 1

    def rows(self) -> list[tuple[str, Record]]:
        """FleetWindows and AlertWindows as they stand, by name of the record."""
        span = {"window_start": self._start, "window_end": self._start + WINDOW_MS}
        figures = [
            ("FleetWindow", span | {"dimension": key[0], "value": key[1]} | row) for key, row in self._figures.items()
        ]
        alerts = [
            ("AlertWindow", span | {"dimension": key[0], "value": key[1], "alerts": rules.total(), "late": 0}
             | {"by_rule": dict(rules)})
            for key, rules in self._alerts.items()
        ]  # fmt: skip
        return [*figures, *alerts]


def _keys(record: Record) -> tuple[tuple[str, str], ...]:
    model = f"{record['brand_name']} {record['model_name']}" if record["model_name"] else "unknown"
    return ("fleet", "all"), ("color", record["color_name"] or "unknown"), ("model", model)


def _empty() -> Record:
    maxima = {f"max_{field}{part}": None for field in _MAXIMA for part in ("", "_car_id", "_at")}
    return {"samples": 0, "late": 0, "speed_sum": 0} | maxima
