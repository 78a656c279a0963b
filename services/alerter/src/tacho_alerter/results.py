"""The records written for what the engine tells. Their bytes are a function of the log and the rules alone."""

from collections.abc import Iterator
from typing import Any

from tacho_alerter.engine.told import Alerted, Event
from tacho_alerter.outgoing import Outgoing
from tacho_contracts.codec import Codec

ALERT_TOPIC = "alert-data"
EPISODE_TOPIC = "alert-episodes"
_COPIED = (
    "event_id",
    "car_id",
    "driver_id",
    "brand_name",
    "model_name",
    "color_name",
    "event_time",
    "logged_at",
    "late",
    "speed",
    "rpm",
    "gear",
    "expected_gear",
)


class ResultWriter:
    """Turns alerts and events of episodes into encoded records."""

    def __init__(self) -> None:
        self._alerts = Codec("Alert")
        self._episodes = Codec("AlertEpisode")

    def outgoing(self, event: Event) -> Iterator[Outgoing]:
        """The records of one event; an alert goes to alert-data, then to its rule's own topics in the file's order."""
        if isinstance(event, Alerted):
            key = str(event.sample["car_id"]).encode()
            value = self._alerts.encode(alert(event))
            yield Outgoing(ALERT_TOPIC, key, value)
            for topic in event.rule.topics:
                yield Outgoing(topic, key, value)
        else:
            yield Outgoing(EPISODE_TOPIC, str(event.record["car_id"]).encode(), self._episodes.encode(event.record))


def alert(event: Alerted) -> dict[str, Any]:
    """One Alert as a record; timestamps in milliseconds. `alert_id` is <event_id>/<rule>."""
    record = {name: event.sample[name] for name in _COPIED}
    record["alert_id"] = f"{event.sample['event_id']}/{event.rule.id}"
    record["rule"] = event.rule.id
    record["severity"] = event.rule.severity
    record["observed"] = event.observed
    record["limit"] = event.limit
    record["rules_version"] = event.rules_version
    return record
