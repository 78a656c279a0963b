"""What one engine tells of one partition, kept as small as the comparison needs it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from tacho_alerter.backtest.matching import Spans
from tacho_alerter.engine.partition import Partition
from tacho_alerter.engine.told import CLOSED, Alerted, Event

CarAndRule = tuple[int, str]


class Tally:
    """Alerts and episodes by car and rule."""

    def __init__(self) -> None:
        self.alerts: Counter[CarAndRule] = Counter()
        self.episodes: dict[CarAndRule, Spans] = defaultdict(Spans)

    def note(self, events: Iterable[Event]) -> None:
        """Count what the engine has told. An episode counts once it is over; a late one is over at once."""
        for event in events:
            if isinstance(event, Alerted):
                self.alerts[event.sample["car_id"], event.rule.id] += 1
            elif event.record["state"] == CLOSED:
                record = event.record
                self.episodes[record["car_id"], record["rule"]].add(record["opened_at"], record["closed_at"])

    def finish(self, partition: Partition) -> None:
        """Count the episodes that are still open at the end of the range."""
        for car in partition.cars.values():
            for track in car.tracks.values():
                if track.active:
                    self.episodes[car.car_id, track.rule].add(track.opened_at, track.last_seen_at)
