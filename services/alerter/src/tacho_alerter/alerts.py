"""Alert records: what is written for a violation. Their bytes are a function of sample and rules alone."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tacho_alerter.engine.violations import Violation
from tacho_alerter.rules import Sample
from tacho_contracts.codec import Codec

ALERT_TOPIC = "alert-data"
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


class Outgoing(NamedTuple):
    """One record to be sent: where to, under which key, what."""

    topic: str
    key: bytes
    value: bytes


class AlertWriter:
    """Turns violations into encoded records for alert-data and the topics their rule names."""

    def __init__(self, rules_version: str) -> None:
        self._codec = Codec("Alert")
        self._rules_version = rules_version

    def records(self, sample: Sample, violation: Violation) -> Iterator[Outgoing]:
        """The records of one violation: alert-data first, then the rule's own topics, in the order of the file."""
        key = str(sample["car_id"]).encode()
        value = self._codec.encode(alert(sample, violation, self._rules_version))
        yield Outgoing(ALERT_TOPIC, key, value)
        for topic in violation.rule.topics:
            yield Outgoing(topic, key, value)


def alert(sample: Sample, violation: Violation, rules_version: str) -> dict[str, Any]:
    """One Alert as a record; timestamps in milliseconds. `alert_id` is <event_id>/<rule>."""
    record = {name: sample[name] for name in _COPIED}
    record["alert_id"] = f"{sample['event_id']}/{violation.rule.id}"
    record["rule"] = violation.rule.id
    record["severity"] = violation.rule.severity
    record["observed"] = violation.observed
    record["limit"] = violation.limit
    record["rules_version"] = rules_version
    return record
