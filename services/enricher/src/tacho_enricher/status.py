"""Each query's own word on how it is doing, on `service-status` every two seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from confluent_kafka import KafkaException, Producer

from tacho_contracts import health
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection
from tacho_contracts.metrics import READY, Exposition
from tacho_enricher.enrich import SERVICE
from tacho_enricher.kafka_options import librdkafka_options
from tacho_enricher.outage import Outage
from tacho_enricher.positions import LogEnds, Position, lag

INTERVAL_SECONDS = 2.0
STARTING_SECONDS = 240.0
STATUS_TOPIC = "service-status"


@dataclass
class Watched:
    """One query as the reporter sees it."""

    name: str
    topic: str
    position: Position
    trouble: Callable[[], str]
    """Why it is not ready; empty when it is."""
    state_bytes: Callable[[], int]
    started_at: int
    """Sum of the positions it started from."""
    show: Callable[[Exposition, int], None]
    """Shows what only this query knows; the number is how many records it has taken in."""
    total: int = field(default=0, init=False)
    measured_at: float = field(default_factory=time.monotonic, init=False)


class StatusReporter:
    """Sends one ServiceStatus for each query; a broker that does not answer is asked again next time."""

    def __init__(self, connection: Connection, ends: LogEnds, restarts: int, shown: Exposition) -> None:
        self._ends = ends
        self._restarts = restarts
        self._shown = shown
        self._codec = Codec("ServiceStatus")
        # Asked often, so what this client meets is heard soon; the others are silent.
        self._outage = Outage(connection.servers)
        own = {"partitioner": "murmur2_random", "error_cb": self._outage.on_error}
        self._producer = Producer(librdkafka_options(connection) | own)
        self._since = _now_ms()
        self._version = version("tacho-enricher")

    def say(self, name: str, reason: str) -> None:
        """Send that a query is not ready, without figures. Spark may then be busy with starting for a while."""
        self._send(name, ready=False, reason=reason, rate=0.0, total=0, lag={}, state_bytes=0)
        health.report(name, reason, within=STARTING_SECONDS)

    def report(self, watched: Watched) -> None:
        """Measure one query and send its status."""
        try:
            # In this order: what arrives in between makes the lag too high, never too low.
            processed = watched.position.processed()
            waiting = lag(self._ends.end(watched.topic), processed)
        except KafkaException as error:
            self._outage.not_answered(error.args[0])
            # Kafka cannot be told, whoever asks this process can.
            health.report(watched.name, f"the broker does not answer: {error.args[0].str()}")
            self._shown.show(READY, 0, watched.name)
            return
        # What the client met before the answer must not look like the next outage.
        self._producer.poll(0)
        self._outage.answered()
        total = sum(processed.values()) - watched.started_at
        now = time.monotonic()
        rate = (total - watched.total) / max(now - watched.measured_at, 0.001)
        watched.total, watched.measured_at = total, now
        trouble = watched.trouble()
        self._send(
            watched.name,
            ready=not trouble,
            reason=trouble,
            rate=rate,
            total=watched.total,
            lag=waiting,
            state_bytes=watched.state_bytes(),
        )
        watched.show(self._shown, watched.total)

    def close(self) -> None:
        """Hand over what is still in the buffer."""
        self._producer.flush(5)

    def _send(self, name: str, **figures: Any) -> None:
        health.report(name, figures["reason"])
        status = {
            "service": SERVICE,
            "instance": name,
            "version": self._version,
            "since": self._since,
            "at": _now_ms(),
            "restarts": self._restarts,
            **figures,
        }
        self._shown.tell(status)
        self._producer.produce(STATUS_TOPIC, self._codec.encode(status), f"{SERVICE}/{name}")
        self._producer.poll(0)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
