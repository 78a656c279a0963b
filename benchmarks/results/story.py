"""Which records are shown: those of one alert, from its sample to its episode and window. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.results.reading import Entry
from tacho.episodes.fold import Episode
from tacho.errors import TachoError

_MOST = 2
"""Records of a topic that are shown."""
Content = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One alert: its event, its car, its rule and when it happened [ms]; the episode it belongs to."""

    event_id: str
    car_id: int
    rule: str
    event_time: int
    episode_id: str

    def records(self, entries: list[Entry]) -> list[Entry]:
        """Of one topic: the closest to the story by the first way in which any is close, at most two of each kind."""
        shown: list[Entry] = []
        for kind, _ in Counter(entry.kind for entry in entries).most_common():
            of_kind = [entry for entry in entries if entry.kind == kind]
            shown += _ends(next(filter(None, (self._close(of_kind, way) for way in self._ways())), of_kind[:1]))
        return shown

    def _close(self, entries: list[Entry], way: Callable[[Content], bool]) -> list[Entry]:
        return [entry for entry in entries if way(entry.content)]

    def _ways(self) -> Iterable[Callable[[Content], bool]]:
        yield lambda content: content.get("event_id") == self.event_id and content.get("rule") in (None, self.rule)
        yield lambda content: content.get("episode_id") == self.episode_id
        yield lambda content: content.get("dimension") == "fleet" and self._within(content)
        yield lambda content: content.get("car_id") == self.car_id

    def _within(self, window: Content) -> bool:
        return bool(window["window_start"] <= self.event_time < window["window_end"])


def told(alerts: list[Content], episodes: list[Episode]) -> Story:
    """The first alert of the longest closed episode; failing that, the first alert of all.

    Raises TachoError when there is no alert.
    """
    if not alerts:
        raise TachoError("No alert came, so there is nothing to tell: let the fleet drive longer (--seconds).")
    ordered = sorted(alerts, key=lambda alert: (alert["event_time"], alert["alert_id"]))
    closed = (episode for episode in episodes if not episode.open)
    for episode in sorted(closed, key=lambda each: (-each.lasted_ms, each.event["opened_at"])):
        for alert in ordered:
            if _inside(alert, episode.event):
                return _story(alert, episode.event["episode_id"])
    return _story(ordered[0], "")


def _inside(alert: Content, episode: Content) -> bool:
    same = (alert["car_id"], alert["rule"]) == (episode["car_id"], episode["rule"])
    return bool(same and episode["opened_at"] <= alert["event_time"] <= episode["last_seen_at"])


def _story(alert: Content, episode_id: str) -> Story:
    return Story(alert["event_id"], alert["car_id"], alert["rule"], alert["event_time"], episode_id)


def _ends(entries: list[Entry]) -> list[Entry]:
    """The first and the last: of an episode's events those that open and close it."""
    return entries if len(entries) <= _MOST else [entries[0], entries[-1]]
