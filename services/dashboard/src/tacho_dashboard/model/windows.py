"""The last time windows: figures by fleet, colour and model, joined with their alerts."""

from collections.abc import Mapping
from typing import Any

from tacho_dashboard.model.revisions import Revisions

SHOWN_WINDOWS = 24
MOST_VALUES = 1_000
"""Rows of one window."""

Record = Mapping[str, Any]
Item = dict[str, Any]
Key = tuple[str, str]
_MAXIMA = tuple(f"max_{field}{part}" for field in ("speed", "rpm", "gear") for part in ("", "_car_id", "_at"))


class Windows:
    """Rows by window, dimension and value; the newest record of a row stands."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._windows: dict[tuple[int, int], dict[Key, tuple[int, Item]]] = {}

    def take_figures(self, record: Record) -> None:
        """A FleetWindow."""
        mean = round(record["speed_sum"] / record["samples"] / 10, 1) if record["samples"] else None
        figures = {"samples": record["samples"], "late": record["late"], "mean_speed": mean}
        self._merge(record, figures | {name: record[name] for name in _MAXIMA})

    def take_alerts(self, record: Record) -> None:
        """An AlertWindow."""
        self._merge(record, {"alerts": record["alerts"], "by_rule": dict(record["by_rule"])})

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of rows that changed after revision `since`."""
        rows = [item for rows in self._windows.values() for revision, item in rows.values() if revision > since]
        return {"windows": rows} if rows else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of windows."""
        return {"windows": self.newest(SHOWN_WINDOWS)}

    def newest(self, limit: int) -> list[Item]:
        """The rows of the newest `limit` windows, oldest window first."""
        places = sorted(self._windows)[-limit:]
        return [item for place in places for _, item in self._windows[place].values()]

    def _merge(self, record: Record, figures: Item) -> None:
        place, key = (record["window_start"], record["window_end"]), (record["dimension"], record["value"])
        if place not in self._windows and not self._make_room(place):
            return
        rows = self._windows.setdefault(place, {})
        if key not in rows and len(rows) >= MOST_VALUES:
            return
        _, known = rows.get(key, (0, _empty(place, key)))
        rows[key] = self._revisions.stamp(), known | figures

    def _make_room(self, place: tuple[int, int]) -> bool:
        """Whether a window is among the newest; one that is not any more goes."""
        if len(self._windows) < SHOWN_WINDOWS:
            return True
        oldest = min(self._windows)
        if place < oldest:
            return False
        del self._windows[oldest]
        return True


def _empty(place: tuple[int, int], key: Key) -> Item:
    start, end = place
    item: Item = {"start": start, "end": end, "dimension": key[0], "value": key[1], "samples": 0, "late": 0}
    return item | {"mean_speed": None} | dict.fromkeys(_MAXIMA) | {"alerts": 0, "by_rule": {}}
