"""What a chart draws of the rules in force as a line. The alerter is the judge of rules; here nothing is refused."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tacho_dashboard.model.revisions import Revisions

_MOST_RULES = 64
_LONGEST_TEXT = 65_536
_LONGEST_NAME = 200
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)")


class Rules:
    """The versions by the event time from which each holds, and the one of now."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._versions: dict[int, list[dict[str, Any]]] = {}
        self._shown: list[dict[str, Any]] = []
        self._revision = 0

    def take(self, record: Mapping[str, Any]) -> None:
        """A RulesVersion; of two for the same time the later one stands."""
        self._versions[record["effective_at"]] = drawn(record["text"])

    def sweep(self, event_time: int | None) -> None:
        """Show the version that holds at the fleet's event time (ms); the first one before any holds."""
        if not self._versions:
            return
        begun = [at for at in self._versions if event_time is not None and at <= event_time]
        shown = self._versions[max(begun) if begun else min(self._versions)]
        if shown != self._shown:
            self._shown, self._revision = shown, self._revisions.stamp()

    def changes(self, since: int) -> dict[str, Any]:
        """What a diff says: all rules, when they changed after revision `since`."""
        return self.everything() if self._revision > since else {}

    def everything(self) -> dict[str, Any]:
        """What a snapshot says."""
        return {"rules": self._shown}


def drawn(text: str) -> list[dict[str, Any]]:
    """The rules of a file as far as they are levels of one measure; what is not understood is null, or left out."""
    try:
        document = yaml.safe_load(text[:_LONGEST_TEXT])
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    entries = document.get("rules") if isinstance(document, dict) else None
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [_drawn(entry) for entry in found[:_MOST_RULES]]


def _drawn(entry: Mapping[Any, Any]) -> dict[str, Any]:
    measure, limit = entry.get("measure"), _number(entry.get("above", entry.get("below")))
    return {
        "id": _text(entry.get("id", "")),
        "severity": _text(entry.get("severity", "")),
        "field": "silence" if "silent_for" in entry else _text(measure) if isinstance(measure, str) else None,
        "enter": limit,
        "exit": _number(entry.get("until")),
        "limit": limit,
    }


def _text(value: Any) -> str:
    # An escape in YAML may make half of a character, which JSON cannot carry.
    return str(value)[:_LONGEST_NAME].encode("utf-8", "replace").decode("utf-8")


def _number(level: Any) -> float | None:
    """The number in front of a level such as `120 km/h`; None for anything else, such as another field."""
    found = _NUMBER.match(str(level)) if isinstance(level, int | float | str) else None
    return float(found[1]) if found else None
