"""The console's picture of the pipeline, and how each record changes it. Pure: no Kafka, no clock."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Record = Mapping[str, Any]
NEWEST_ALERTS = 8
_LONGEST_SEQUENCE = 19
"""Digits of the largest long."""


@dataclass(frozen=True)
class StageStatus:
    """One stage's own word on how it is doing."""

    instance: str
    """`<service>/<instance>`."""
    at_ms: int
    since_ms: int
    ready: bool
    reason: str
    rate: float
    """Records a second."""
    total: int
    lag: int
    """Records waiting, all partitions together."""
    restarts: int


@dataclass
class ConsoleState:
    """Everything on the screen."""

    stages: dict[str, StageStatus] = field(default_factory=dict)
    alerts: deque[Record] = field(default_factory=lambda: deque(maxlen=NEWEST_ALERTS))
    alerts_by_rule: Counter[str] = field(default_factory=Counter)
    """Since the console began to listen."""
    newest: dict[tuple[int, str], int] = field(default_factory=dict)
    """The sequence of the last alert counted, by car and rule."""
    episodes: dict[str, Record] = field(default_factory=dict)
    """The newest event of each episode that is open, of those that were told of since the console began to listen."""
    fleet: dict[tuple[str, str], Record] = field(default_factory=dict)
    """FleetWindow of the newest window, by dimension and value."""
    fleet_alerts: dict[tuple[str, str], Record] = field(default_factory=dict)
    """AlertWindow of the newest window that has one, by dimension and value."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """By reason, since the console began to listen."""
    unreadable: Counter[str] = field(default_factory=Counter)
    """Records that are not their topic's, by topic."""

    def has_alert_since(self, at_ms: int) -> bool:
        """Whether one of the newest alerts is of a sample that was logged at this time or later."""
        return any(alert["logged_at"] >= at_ms for alert in self.alerts)

    def detached(self) -> "ConsoleState":
        """A copy that later records do not change."""
        return replace(
            self,
            stages=dict(self.stages),
            alerts=self.alerts.copy(),
            alerts_by_rule=self.alerts_by_rule.copy(),
            episodes=dict(self.episodes),
            fleet=dict(self.fleet),
            fleet_alerts=dict(self.fleet_alerts),
            dead_letters=self.dead_letters.copy(),
            unreadable=self.unreadable.copy(),
        )


def on_status(state: ConsoleState, record: Record) -> None:
    """A later status of a stage takes the place of its earlier one."""
    instance = f"{record['service']}/{record['instance']}"
    known = state.stages.get(instance)
    if known is not None and known.at_ms > record["at"]:
        return
    state.stages[instance] = StageStatus(
        instance=instance,
        at_ms=record["at"],
        since_ms=record["since"],
        ready=record["ready"],
        reason=record["reason"],
        rate=record["rate"],
        total=record["total"],
        lag=sum(record["lag"].values()),
        restarts=record["restarts"],
    )


def on_alert(state: ConsoleState, record: Record) -> None:
    """An alert counts once for its rule: after a crash whole ranges come again, and a car's samples are in order."""
    number = record["event_id"].rpartition("-")[2]
    place = (record["car_id"], record["rule"])
    # An event_id of other make has no sequence, and nothing tells whether it was seen before.
    if number.isascii() and number.isdigit() and len(number) <= _LONGEST_SEQUENCE:
        if state.newest.get(place, -1) >= int(number):
            return
        state.newest[place] = int(number)
    state.alerts.append(record)
    state.alerts_by_rule[record["rule"]] += 1


def on_episode(state: ConsoleState, record: Record) -> None:
    """An episode is on the screen until it closes; an event that comes again after a later one changes nothing."""
    known = state.episodes.get(record["episode_id"])
    if known is not None and known["revision"] > record["revision"]:
        return
    if record["state"] == "CLOSED":
        state.episodes.pop(record["episode_id"], None)
    else:
        state.episodes[record["episode_id"]] = record


def on_fleet_window(state: ConsoleState, record: Record) -> None:
    """Keep the newest window's rows; the last row of a key stands."""
    _keep_newest(state.fleet, record)


def on_alert_window(state: ConsoleState, record: Record) -> None:
    """As on_fleet_window, for alerts."""
    _keep_newest(state.fleet_alerts, record)


def on_dead_letter(state: ConsoleState, record: Record) -> None:
    """Count it by reason."""
    state.dead_letters[record["reason"]] += 1


REDUCERS: Mapping[str, Callable[[ConsoleState, Record], None]] = {
    "service-status": on_status,
    "alert-data": on_alert,
    "alert-episodes": on_episode,
    "fleet-windows": on_fleet_window,
    "alert-windows": on_alert_window,
    "dead-letters": on_dead_letter,
}
"""What to do with a record of each topic the console listens to."""


def _keep_newest(rows: dict[tuple[str, str], Record], record: Record) -> None:
    newest = max((row["window_start"] for row in rows.values()), default=record["window_start"])
    if record["window_start"] < newest:
        return
    if record["window_start"] > newest:
        rows.clear()
    rows[record["dimension"], record["value"]] = record
