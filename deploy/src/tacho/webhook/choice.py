"""Which events are sent. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from tacho.episodes.fold import severity_rank

_REMEMBERED = 100_000
"""Episodes, some 20 MB. One that is forgotten may be sent again, which its key tells."""


@dataclass(frozen=True)
class Wanted:
    """The events that were asked for."""

    min_severity: str = "info"
    rule: str | None = None

    def takes(self, event: dict[str, Any]) -> bool:
        """Whether the event is severe enough and of the rule."""
        grave = severity_rank(event["severity"]) >= severity_rank(self.min_severity)
        return grave and (self.rule is None or event["rule"] == self.rule)


@dataclass
class Told:
    """What this process has delivered: the highest revision of each episode, of the newest episodes."""

    revisions: OrderedDict[str, int] = field(default_factory=OrderedDict)
    remembered: int = _REMEMBERED

    def knows(self, event: dict[str, Any]) -> bool:
        """Whether this event, or a later one of its episode, was delivered: the topic repeats ranges after a crash."""
        return self.revisions.get(event["episode_id"], 0) >= int(event["revision"])

    def add(self, event: dict[str, Any]) -> None:
        """Note that the event was delivered."""
        self.revisions[event["episode_id"]] = event["revision"]
        self.revisions.move_to_end(event["episode_id"])
        if len(self.revisions) > self.remembered:
            self.revisions.popitem(last=False)
