"""The alerter's own word on how it is doing: ServiceStatus for the pipeline, a log line for the console.

It runs in its own thread with its own connection, so that it also speaks while the stream waits for a broker.
"""

import threading
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import structlog
from confluent_kafka import KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from tacho_alerter.outage import BROKER
from tacho_alerter.progress import Progress
from tacho_alerter.settings import Settings
from tacho_alerter.state.partitions import Partitions
from tacho_contracts import health
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.metrics import ALERTS, DEAD_LETTERS, EVENTS, Exposition

STATUS_TOPIC = "service-status"
STANDSTILL_SECONDS = 30.0
_ANSWER_SECONDS = 5.0

Positions = Mapping[int, int | None]
log = structlog.get_logger(__name__)


class InputLag:
    """How many records of a topic wait, by partition, measured at the broker's end offsets."""

    def __init__(self, options: Mapping[str, Any], topic: str) -> None:
        self._options = dict(options)
        self._admin = AdminClient(self._options)
        self.topic = topic

    def measure(self, positions: Positions) -> dict[str, int]:
        """End offset minus next offset to handle. Raises KafkaException when the broker does not answer."""
        ends = self._offsets(list(positions), OffsetSpec.latest())  # type: ignore[no-untyped-call]
        untouched = [partition for partition, position in positions.items() if position is None]
        starts = self._offsets(untouched, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
        return {
            str(partition): max(0, ends[partition] - (starts[partition] if position is None else position))
            for partition, position in sorted(positions.items())
        }

    def _offsets(self, partitions: list[int], spec: Any) -> dict[int, int]:
        if not partitions:
            return {}
        asked = {TopicPartition(self.topic, partition): spec for partition in partitions}
        answers = self._admin.list_offsets(asked, request_timeout=_ANSWER_SECONDS)
        try:
            return {tp.partition: future.result().offset for tp, future in answers.items()}
        except KafkaException:
            # After a broker restarts, a client goes on asking with the leader epoch it once learnt; a new one does not.
            self._admin = AdminClient(self._options)
            raise


class Standstill:
    """Notices when records wait and none is taken."""

    def __init__(self) -> None:
        self._positions: Positions = {}
        self._since = 0.0

    def reason(self, positions: Positions, waiting: int, now: float) -> str:
        """Why a worker at these positions does not consume, empty while it does. `now`: seconds that never go back."""
        if not waiting or positions != self._positions:
            self._positions, self._since = dict(positions), now
        still = now - self._since
        return f"{waiting} records wait and none was taken for {still:.0f} s" if still > STANDSTILL_SECONDS else ""


class StatusReporter(threading.Thread):
    """Sends a ServiceStatus every `status_seconds` and logs metrics every `metrics_seconds`, until stopped."""

    def __init__(
        self,
        settings: Settings,
        producer: Producer,
        lag: InputLag,
        progress: Progress,
        partitions: Partitions,
        shown: Exposition,
    ) -> None:
        super().__init__(name="status", daemon=True)
        self._settings = settings
        self._producer = producer
        self._lag = lag
        self._progress = progress
        self._partitions = partitions
        self._shown = shown
        self._reject_reasons = load_catalogue().reject_reasons
        self._codec = Codec("ServiceStatus")
        self._since = _now_ms()
        self._standstill = Standstill()
        self._stopping = threading.Event()
        self._unsent = False

    def run(self) -> None:
        """Report until `stop`; a broker that does not answer is reported as not ready, never raised."""
        last_time, last_samples = time.monotonic(), 0
        logged_time, logged_samples = last_time, 0
        while not self._stopping.wait(self._settings.status_seconds):
            now, samples = time.monotonic(), self._progress.handled
            status = self._status((samples - last_samples) / (now - last_time), samples)
            last_time, last_samples = now, samples
            health.report("alerter", status["reason"])
            self._show(status)
            self._send(status)
            if now - logged_time >= self._settings.metrics_seconds:
                self._log((samples - logged_samples) / (now - logged_time), status)
                logged_time, logged_samples = now, samples

    def stop(self) -> None:
        """End the thread within a moment."""
        self._stopping.set()

    def _status(self, rate: float, samples: int) -> dict[str, Any]:
        positions = self._partitions.delivered
        lag: dict[str, int] = {}
        reason = "" if positions else "no partition is assigned"
        try:
            lag = self._lag.measure(positions)
            reason = reason or self._standstill.reason(positions, sum(lag.values()), time.monotonic())
        except KafkaException as error:
            reason = f"the broker does not answer: {error.args[0].str()}"
        return {
            "service": "alerter",
            "instance": self._settings.instance,
            "version": version("tacho-alerter"),
            "since": self._since,
            "at": _now_ms(),
            "ready": not reason,
            "reason": reason,
            "rate": rate,
            "total": samples,
            "lag": lag,
            "restarts": self._settings.restarts,
            "state_bytes": self._partitions.state_bytes,
        }

    def _show(self, status: Mapping[str, Any]) -> None:
        shown, progress, topic = self._shown, self._progress, self._lag.topic
        shown.tell(status, topic)
        shown.show(EVENTS, progress.samples, topic, "judged")
        shown.show(EVENTS, progress.dead_letters.total(), topic, "dead-letter")
        for rule, alerts in dict(progress.alerts).items():
            shown.show(ALERTS, alerts, rule)
        # Also those that are none yet: Prometheus sees no increase to the first value of a series.
        for reason in self._reject_reasons:
            shown.show(DEAD_LETTERS, progress.dead_letters[reason], reason)

    def _send(self, status: Mapping[str, Any]) -> None:
        # One status at a time: while the broker is away they must not pile up in the producer's queue.
        self._producer.poll(0)
        if self._unsent:
            return
        self._unsent = True
        key = f"alerter/{self._settings.instance}".encode()
        self._producer.produce(STATUS_TOPIC, self._codec.encode(dict(status)), key, on_delivery=self._sent)

    def _sent(self, error: Any, _message: Any) -> None:
        self._unsent = False
        if error is not None:
            log.warning("status not sent", error=error.str())
        else:
            BROKER.answered()

    def _log(self, rate: float, status: Mapping[str, Any]) -> None:
        log.info(
            "metrics",
            samples_per_second=round(rate, 1),
            samples=status["total"],
            alerts=dict(self._progress.alerts),
            dead_letters=self._progress.dead_letters.total(),
            lag=sum(status["lag"].values()),
            reason=status["reason"],
        )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
