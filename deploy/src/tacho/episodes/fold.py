"""From the events of episodes and their acknowledgements to one row for each episode. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

SEVERITIES = ("info", "warning", "critical")
"""Lowest first."""


@dataclass(frozen=True)
class Episode:
    """What an episode came to: its last event (AlertEpisode) and its last acknowledgement (AlertAck)."""

    event: Record
    acknowledged: Record | None
    acknowledgements: int
    """How often it was acknowledged."""

    @property
    def open(self) -> bool:
        """Whether it has not been closed."""
        return bool(self.event["state"] != "CLOSED")

    @property
    def until_ms(self) -> int:
        """Event time of its closing, or of its newest counted sample so far."""
        return int(self.event["last_seen_at"] if self.event["closed_at"] is None else self.event["closed_at"])

    @property
    def lasted_ms(self) -> int:
        """Event time from its opening on."""
        return self.until_ms - int(self.event["opened_at"])


def fold(events: Iterable[Record], acknowledgements: Iterable[Record]) -> list[Episode]:
    """One row for each episode on `events`, as `in_order` puts them.

    The highest revision of an episode wins, whatever order they come in: a topic repeats ranges after a crash. Of
    acknowledgements the newest by its own clock wins; one of an episode that is not among the events is left out.
    """
    last: dict[str, Record] = {}
    for event in events:
        known = last.get(event["episode_id"])
        if known is None or event["revision"] > known["revision"]:
            last[event["episode_id"]] = event
    said: dict[str, Record] = {}
    count = dict.fromkeys(last, 0)
    for acknowledgement in acknowledgements:
        episode = acknowledgement["episode_id"]
        if episode not in last:
            continue
        count[episode] += 1
        if episode not in said or acknowledgement["at"] >= said[episode]["at"]:
            said[episode] = acknowledgement
    return in_order(Episode(event, said.get(episode), count[episode]) for episode, event in last.items())


def in_order(episodes: Iterable[Episode]) -> list[Episode]:
    """Open ones first, then the gravest, then the newest."""
    return sorted(
        episodes,
        key=lambda episode: (
            not episode.open,
            -severity_rank(episode.event["severity"]),
            -episode.event["opened_at"],
            episode.event["episode_id"],
        ),
    )


def chosen(
    episodes: Iterable[Episode], only_open: bool, car: int | None, rule: str | None, since_ms: int | None
) -> list[Episode]:
    """Those that were asked for; since `since_ms` (event time): those still open, and those closed at or after it."""
    return [
        episode
        for episode in episodes
        if (episode.open or not only_open)
        and (car is None or episode.event["car_id"] == car)
        and (rule is None or episode.event["rule"] == rule)
        and (since_ms is None or episode.open or episode.until_ms >= since_ms)
    ]


def severity_rank(severity: str) -> int:
    """Its place among SEVERITIES; a word that is none of them is above all, so that it is never overlooked."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
