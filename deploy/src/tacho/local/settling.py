"""Knowing that everything sent has reached its alerts: each stage in turn says, later, that nothing waits. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tacho.console.state import StageStatus

ALERT_PATH = ("enricher/enrich", "alerter/alerter")


@dataclass
class Settling:
    """Since input ended at `since_ms` (milliseconds since the epoch)."""

    since_ms: int
    stages: tuple[str, ...] = ALERT_PATH
    _settled: int = field(default=0, init=False)

    def waits_for(self, status: Callable[[str], StageStatus | None]) -> str | None:
        """The stage not yet known to be idle; None when all are. A stage counts once the one before it has."""
        while self._settled < len(self.stages):
            stage = self.stages[self._settled]
            word = status(stage)
            if word is None or word.at_ms <= self.since_ms or word.lag:
                return stage
            self.since_ms = word.at_ms
            self._settled += 1
        return None
