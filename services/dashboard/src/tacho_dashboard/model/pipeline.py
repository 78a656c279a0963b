"""The services by their own word, the pace of time, and how long an alert takes from the sensor."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from tacho_dashboard.model.revisions import Revisions

SILENT_MS = 10_000
LATENCY_MS = 300_000
PACE_MS = 10_000
_MOST_LATENCIES = 20_000
_MOST_INSTANCES = 500
_MOST_LAG = 2**53
"""What a page's numbers can hold."""
_REAL_SPEED = (0.8, 1.25)

Record = Mapping[str, Any]
Item = dict[str, Any]
_STATUS = (
    *("service", "instance", "version", "since", "at", "ready", "reason", "rate", "total", "restarts", "state_bytes"),
)


class Services:
    """The newest status of each instance, and since when there is none."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._newest: dict[tuple[str, str], tuple[int, Item]] = {}

    def take(self, record: Record) -> None:
        """A ServiceStatus; a later one of an instance takes the place of its earlier one."""
        key = (record["service"], record["instance"])
        _, known = self._newest.get(key, (0, None))
        if (known is None and len(self._newest) >= _MOST_INSTANCES) or (known and known["at"] > record["at"]):
            return
        item = {name: record[name] for name in _STATUS} | {"lag": min(sum(record["lag"].values()), _MOST_LAG)}
        item |= {"lag_by_partition": dict(record["lag"]), "silent_since": None}
        self._newest[key] = self._revisions.stamp(), item

    def sweep(self, now: int) -> None:
        """Note who has said nothing for too long. `now`: ms since the epoch."""
        for key, (_, item) in self._newest.items():
            if item["silent_since"] is None and now - item["at"] > SILENT_MS:
                self._newest[key] = self._revisions.stamp(), item | {"silent_since": item["at"]}

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of services that changed after revision `since`."""
        changed = [item for revision, item in self._newest.values() if revision > since]
        return {"services": changed} if changed else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of services."""
        return {"services": [item for _, item in self._newest.values()]}


class Pace:
    """How fast event time passes, over the last ten seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[int, int]] = deque()
        self.speed_up: float | None = None

    def sweep(self, now: int, event_time: int | None) -> None:
        """Measure at `now`, ms since the epoch."""
        if event_time is None:
            return
        self._points.append((now, event_time))
        while now - self._points[0][0] > PACE_MS:
            self._points.popleft()
        began, first = self._points[0]
        # Less than half of the span says little: samples come in steps of a second.
        if now - began >= PACE_MS / 2:
            self.speed_up = round((event_time - first) / (now - began), 2)
        elif len(self._points) == 1:
            self.speed_up = None


class Latency:
    """Sensor to alert over the last five minutes, by the alerts' record timestamps.

    Only of samples taken since it looks: at which speed time passed before, nothing in the log tells.
    """

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._began: int | None = None
        self._measured: deque[tuple[int, int]] = deque(maxlen=_MOST_LATENCIES)
        self._shown: Item = {"meaningful": False, "reason": "no alert yet", "p50_ms": None, "p99_ms": None, "count": 0}
        self._revision = 0

    def take(self, record: Record, timestamp: int) -> None:
        """An alert written at `timestamp` (ms). A late one tells how late its sample came, not how slow we are."""
        if self._began is not None and record["event_time"] >= self._began and not record["late"]:
            self._measured.append((timestamp, timestamp - record["event_time"]))

    def sweep(self, now: int, speed_up: float | None) -> None:
        """Work the figures out at `now`, ms since the epoch."""
        if self._began is None:
            self._began = now
        while self._measured and now - self._measured[0][0] > LATENCY_MS:
            self._measured.popleft()
        shown = self._figures(speed_up)
        if shown != self._shown:
            self._shown, self._revision = shown, self._revisions.stamp()

    def _figures(self, speed_up: float | None) -> Item:
        count = len(self._measured)
        nothing = {"meaningful": False, "p50_ms": None, "p99_ms": None, "count": count}
        if speed_up is None:
            return nothing | {"reason": "the speed of time is not measured yet"}
        if not _REAL_SPEED[0] <= speed_up <= _REAL_SPEED[1]:
            return nothing | {"reason": f"not meaningful at ×{speed_up:.3g}"}
        if not count:
            return nothing | {"reason": "no alert in the last 5 minutes"}
        middle, high = np.percentile([taken for _, taken in self._measured], [50, 99]).tolist()
        figures = {"p50_ms": round(middle, 1), "p99_ms": round(high, 1), "count": count}
        return {"meaningful": True, "reason": ""} | figures

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of it when it changed after revision `since`."""
        return self.everything() if self._revision > since else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of it."""
        return {"latency": self._shown}
