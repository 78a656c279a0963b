"""Everything the page shows, in one place: records in, frames out."""

from collections.abc import Callable, Mapping
from typing import Any

from tacho_dashboard.model.alerts import Alerts, Episodes
from tacho_dashboard.model.dead_letters import DeadLetters
from tacho_dashboard.model.faults import Faults
from tacho_dashboard.model.fleet import Fleet
from tacho_dashboard.model.pipeline import Latency, Pace, Services
from tacho_dashboard.model.revisions import Revisions
from tacho_dashboard.model.rules import Rules
from tacho_dashboard.model.windows import Windows

SAMPLES = "samples-enriched"
_SWEEP_MS = 1_000

Record = Mapping[str, Any]
Frame = dict[str, Any]
Take = Callable[[Record, int], None]


class Picture:
    """The subjects, and which topic tells of which."""

    def __init__(self, history_samples: int = 900, most_cars: int = 10_000) -> None:
        revisions = self._revisions = Revisions()
        self.fleet = Fleet(revisions, history_samples, most_cars)
        self.alerts, self.episodes = Alerts(revisions), Episodes(revisions)
        self.windows, self.services = Windows(revisions), Services(revisions)
        self.pace, self.latency = Pace(), Latency(revisions)
        self.dead_letters, self.faults, self.rules = DeadLetters(revisions), Faults(revisions), Rules(revisions)
        self.record_time: int | None = None
        """Newest record timestamp on samples-enriched, ms."""
        self.playback: dict[str, int | float] | None = None
        """What is played back and where it is, told with the clock."""
        self._swept = 0
        self._subjects = (
            *(self.fleet, self.alerts, self.episodes, self.windows, self.services, self.latency),
            *(self.dead_letters, self.faults, self.rules),
        )
        self._take: Mapping[str, Take] = {
            "EnrichedSample": self._on_sample,
            "Heartbeat": self._on_heartbeat,
            "Alert": self._on_alert,
            "AlertEpisode": self._on_episode,
            "AlertAck": lambda record, _: self.episodes.acknowledge(record),
            "FleetWindow": lambda record, _: self.windows.take_figures(record),
            "AlertWindow": lambda record, _: self.windows.take_alerts(record),
            "ServiceStatus": lambda record, _: self.services.take(record),
            "DeadLetter": lambda record, _: self.dead_letters.take(record),
            "FaultSwitch": lambda record, _: self.faults.take(record),
            "RulesVersion": lambda record, _: self.rules.take(record),
        }

    @property
    def revision(self) -> int:
        """The number of the newest change."""
        return self._revisions.newest

    def take(self, name: str, record: Record, timestamp: int) -> None:
        """A record of the schema `name`, written at `timestamp` (ms since the epoch). Others change nothing."""
        take = self._take.get(name)
        if take is not None:
            take(record, timestamp)

    def sweep(self, now: int) -> None:
        """What time alone changes, once a second at most. `now`: ms since the epoch."""
        if now - self._swept < _SWEEP_MS:
            return
        self._swept = now
        self.fleet.sweep()
        self.services.sweep(now)
        self.pace.sweep(now, self.fleet.event_time)
        self.latency.sweep(now, self.pace.speed_up)
        self.dead_letters.sweep()
        self.rules.sweep(self.fleet.event_time)

    def snapshot(self, now: int) -> Frame:
        """Everything. `now`: ms since the epoch."""
        frame: Frame = {"clock": self._clock(now)}
        for subject in self._subjects:
            frame.update(subject.everything())
        return frame

    def diff(self, since: int, now: int) -> Frame:
        """What changed after revision `since`, and the clock."""
        frame: Frame = {"clock": self._clock(now)}
        for subject in self._subjects:
            frame.update(subject.changes(since))
        return frame

    def _clock(self, now: int) -> dict[str, Any]:
        return {
            "now": now,
            "record_time": self.record_time,
            "event_time": self.fleet.event_time,
            "speed_up": self.pace.speed_up,
            "playback": self.playback,
        }

    def _on_sample(self, record: Record, timestamp: int) -> None:
        self.record_time = max(timestamp, self.record_time or 0)
        self.fleet.take(record, timestamp)

    def _on_heartbeat(self, record: Record, timestamp: int) -> None:
        # That the way is open says nothing of how old the newest sample is: record_time is of samples alone.
        self.fleet.hear(record["at"], timestamp)

    def _on_alert(self, record: Record, timestamp: int) -> None:
        if self.alerts.take(record):
            self.latency.take(record, timestamp)
            self.fleet.count_alert(record["car_id"])

    def _on_episode(self, record: Record, timestamp: int) -> None:
        if self.episodes.take(record):
            self.fleet.episode(record["car_id"], record["episode_id"], record["state"] != "CLOSED")
