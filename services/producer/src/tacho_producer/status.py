"""The producer's word on how it is doing, on topic service-status every 2 s."""

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from confluent_kafka import Producer

from tacho_contracts import health
from tacho_contracts.codec import Codec
from tacho_contracts.metrics import EVENTS, Exposition
from tacho_producer.faults.topic import PARTITION
from tacho_producer.publisher import TOPIC, Publisher

_EVERY_S = 2.0
_TOPIC = "service-status"


class StatusReporter:
    """Publishes a ServiceStatus when one is due; a full queue skips it, for samples matter more."""

    def __init__(
        self, publisher: Publisher, producer: Producer, restarts: int, shown: Exposition, instance: str = "producer"
    ) -> None:
        self._publisher = publisher
        self._producer = producer
        self._restarts = restarts
        self._shown = shown
        self._instance = instance
        self._codec = Codec("ServiceStatus")
        self._since = time.time_ns() // 1_000_000
        self._version = version("tacho-producer")
        self._last = (time.monotonic() - _EVERY_S, 0)

    def report_if_due(self) -> None:
        """To be called often; does nothing until 2 s have passed since the last status."""
        now = time.monotonic()
        elapsed = now - self._last[0]
        if elapsed >= _EVERY_S:
            self._report(elapsed)
            self._last = (now, self._publisher.acked)

    def _report(self, elapsed: float) -> None:
        trouble = self._publisher.trouble
        health.report("producer", trouble)
        status = {
            "service": "producer",
            "instance": self._instance,
            "version": self._version,
            "since": self._since,
            "at": time.time_ns() // 1_000_000,
            "ready": not trouble,
            "reason": trouble,
            "rate": (self._publisher.acked - self._last[1]) / elapsed,
            "total": self._publisher.acked,
            # Switches are read one by one as they come, so none waits.
            "lag": {PARTITION: 0} if self._publisher.extras else {},
            "restarts": self._restarts,
            "state_bytes": 0,
        }
        self._show(status)
        try:
            self._producer.produce(_TOPIC, self._codec.encode(status), f"producer/{self._instance}")
        except BufferError:
            return

    def _show(self, status: Mapping[str, Any]) -> None:
        self._shown.tell(status)
        self._shown.show(EVENTS, self._publisher.acked, TOPIC, "acked")
        self._shown.show(EVENTS, self._publisher.failed, TOPIC, "failed")
        self._shown.show(EVENTS, self._publisher.heartbeats.acked, TOPIC, "heartbeat")
