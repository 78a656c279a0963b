"""The seed's three rules written out by hand: the shortest code that gives tacho's alerts."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks.peers.wire import Wire

Sample = dict[str, Any]
_COPIED = (
    "event_id", "car_id", "driver_id", "brand_name", "model_name", "color_name", "event_time", "logged_at", "late",
    "speed", "rpm", "gear", "expected_gear",
)  # fmt: skip


class Send(NamedTuple):
    """One record to produce."""

    topic: str
    key: bytes
    value: bytes


class Rules:
    """Samples in, alerts out. `version` names the rules on each alert."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._samples = Wire("EnrichedSample")
        self._alerts = Wire("Alert")
        self._heartbeats = Wire("Heartbeat")

    def alerts_of(self, value: bytes) -> Iterator[Send]:
        """What to send for a record's value; nothing for a heartbeat."""
        if not self._heartbeats.wrote(value):
            yield from self.alerts(self._samples.decode(value))

    def alerts(self, sample: Sample) -> Iterator[Send]:
        """What to send for a sample, in the order of the rules."""
        speed = sample["speed"]
        if speed > 120:
            yield from self._send(sample, "speeding", "warning", speed, 120.0, "alerts-safety")
        rpm = sample["rpm"]
        if rpm > 6000:
            yield from self._send(sample, "high-rpm", "critical", float(rpm), 6000.0, "alerts-workshop")
        gear, low, high = sample["gear"], sample["gear_low"], sample["gear_high"]
        if gear and low is not None and not low <= gear <= high:
            limit = low if gear < low else high
            yield from self._send(sample, "wrong-gear", "info", float(gear), float(limit), None)

    def _send(
        self, sample: Sample, rule: str, severity: str, observed: float, limit: float, copy_to: str | None
    ) -> Iterator[Send]:
        alert = {name: sample[name] for name in _COPIED}
        alert["alert_id"] = f"{sample['event_id']}/{rule}"
        alert["rule"] = rule
        alert["severity"] = severity
        alert["observed"] = observed
        alert["limit"] = limit
        alert["rules_version"] = self._version
        key, value = b"%d" % sample["car_id"], self._alerts.encode(alert)
        yield Send("alert-data", key, value)
        if copy_to:
            yield Send(copy_to, key, value)
