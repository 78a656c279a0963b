"""The switches of what a producer does wrong on purpose; the last word on each stands."""

from collections.abc import Mapping
from typing import Any

from tacho_dashboard.model.revisions import Revisions

_MOST = 100
_SHOWN = ("name", "on", "at", "by", "share", "car_id")


class Faults:
    """The switches by name."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._switches: dict[str, dict[str, Any]] = {}
        self._revision = 0

    def take(self, record: Mapping[str, Any]) -> None:
        """A FaultSwitch."""
        if record["name"] in self._switches or len(self._switches) < _MOST:
            self._switches[record["name"]] = {name: record[name] for name in _SHOWN}
            self._revision = self._revisions.stamp()

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says: all switches, when one changed after revision `since`."""
        return self.everything() if self._revision > since else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says."""
        return {"faults": list(self._switches.values())}
