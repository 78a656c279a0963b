"""Alerts and episodes, with who has acknowledged them."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from tacho_dashboard.model.revisions import Revisions

SHOWN_ALERTS = 200
KEPT_ALERTS = 10_000
SHOWN_CLOSED = 200
MOST_OPEN = 20_000
MOST_ACKS = 20_000

Record = Mapping[str, Any]
Item = dict[str, Any]
_ALERT = ("alert_id", "event_id", "car_id", "rule", "severity", "observed", "limit", "event_time", "late")
_EPISODE = (
    *("episode_id", "revision", "state", "car_id", "driver_id", "rule", "severity", "opened_at", "last_seen_at"),
    *("closed_at", "samples", "late_samples", "peak", "peak_at", "limit", "close_reason"),
)


class Alerts:
    """The newest alerts, each once: after a crash of a service whole ranges come again."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._kept: dict[str, tuple[int, Item]] = {}
        self.total = 0

    def take(self, record: Record) -> bool:
        """An Alert; whether it is a new one."""
        if record["alert_id"] in self._kept:
            return False
        if len(self._kept) >= KEPT_ALERTS:
            del self._kept[next(iter(self._kept))]
        item = {name: record[name] for name in _ALERT}
        self._kept[record["alert_id"]] = self._revisions.stamp(), item
        self.total += 1
        return True

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of alerts that came after revision `since`."""
        new = []
        for revision, item in islice(reversed(self._kept.values()), SHOWN_ALERTS):
            if revision <= since:
                break
            new.append(item)
        return {"alerts": new[::-1]} if new else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of alerts."""
        return {"alerts": self.newest(SHOWN_ALERTS)}

    def newest(self, limit: int) -> list[Item]:
        """At most `limit` of them, oldest first."""
        return [item for _, item in islice(reversed(self._kept.values()), limit)][::-1]

    def of_car(self, car_id: int, since: int) -> list[Item]:
        """Those of a car from event time `since` (ms) on, oldest first."""
        return [item for _, item in self._kept.values() if item["car_id"] == car_id and item["event_time"] >= since]


class Episodes:
    """All that are open, and the last that were closed."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._open: dict[str, tuple[int, Item]] = {}
        self._closed: dict[str, tuple[int, Item]] = {}
        self._acks: dict[str, Item] = {}

    def take(self, record: Record) -> bool:
        """An AlertEpisode; whether it says something new: one that comes again after a later one does not."""
        identity = record["episode_id"]
        known = self._known(identity)
        if known is not None and known["revision"] >= record["revision"]:
            return False
        item = {name: record[name] for name in _EPISODE}
        item |= {"brand": record["brand_name"], "model": record["model_name"], "color": record["color_name"]}
        item["ack"] = self._acks.get(identity)
        self._put(item)
        return True

    def acknowledge(self, record: Record) -> None:
        """An AlertAck: the newest of an episode stands."""
        ack = {"at": record["at"], "by": record["by"], "note": record["note"]}
        _bounded(self._acks, record["episode_id"], ack, MOST_ACKS)
        if known := self._known(record["episode_id"]):
            self._put(known | {"ack": ack})

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says of episodes that changed after revision `since`."""
        changed = [item for revision, item in self._all() if revision > since]
        return {"episodes": changed} if changed else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says of episodes."""
        return {"episodes": self.listed("all")}

    def listed(self, state: str, limit: int | None = None) -> list[Item]:
        """Those that are `open`, `closed` or `all`, open ones first, in each group the newest `limit`, newest last."""
        groups = {"open": (self._open,), "closed": (self._closed,), "all": (self._open, self._closed)}[state]
        return [item for group in groups for _, item in deque(group.values(), maxlen=limit)]

    def of_car(self, car_id: int) -> list[Item]:
        """Those of a car."""
        return [item for _, item in self._all() if item["car_id"] == car_id]

    def _known(self, identity: str) -> Item | None:
        found = self._open.get(identity) or self._closed.get(identity)
        return found[1] if found else None

    def _all(self) -> Iterable[tuple[int, Item]]:
        return (*self._open.values(), *self._closed.values())

    def _put(self, item: Item) -> None:
        identity, entry = item["episode_id"], (self._revisions.stamp(), item)
        if item["state"] == "CLOSED":
            self._open.pop(identity, None)
            _bounded(self._closed, identity, entry, SHOWN_CLOSED)
        else:
            _bounded(self._open, identity, entry, MOST_OPEN)


def _bounded(kept: dict[str, Any], key: str, value: Any, most: int) -> None:
    if key not in kept and len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value
