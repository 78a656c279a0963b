"""Samples into Kafka, every one accounted for: journalled, produced, and confirmed or failed by its own callback."""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Any

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import Connection
from tacho_contracts.metrics import Ages
from tacho_producer.encoding import Encoder
from tacho_producer.errors import LogError
from tacho_producer.faults.extras import Extras
from tacho_producer.heartbeats import Heartbeats
from tacho_producer.journal import Ack, Journal
from tacho_producer.kafka_options import kafka_options
from tacho_producer.samples import Batch

TOPIC = "sensors-sample"
_log = structlog.get_logger("tacho_producer")
_BATCH_OVERHEAD_BYTES = 4096


def producer_options(connection: Connection, queue_samples: int, linger_ms: float) -> dict[str, object]:
    """Idempotent, acknowledged by all replicas, partitioned as Java does, and never giving up on a sample.

    A message that expired would be a hole nobody sees, so nothing expires: while the broker is away the bounded
    queue fills and `send` waits.
    """
    return kafka_options(connection) | {
        "enable.idempotence": True,
        "acks": "all",
        "partitioner": "murmur2_random",
        "message.timeout.ms": 0,
        "queue.buffering.max.messages": queue_samples,
        "queue.buffering.max.kbytes": 1 << 20,
        "linger.ms": linger_ms,
        # The topic's limit is on a whole batch as it arrives, so a batch must stay below it before compression.
        "batch.size": int(load_catalogue().topics[TOPIC].config["max.message.bytes"]) - _BATCH_OVERHEAD_BYTES,
        "compression.type": "lz4" if linger_ms >= 1.0 else "none",
        "reconnect.backoff.max.ms": 1000,
    }


def stamps_of(batch: Batch, record_ms: int | Sequence[int] | None) -> Sequence[int]:
    """The record timestamp [ms] of each sample: as given, or its event time."""
    if record_ms is None:
        stamps: list[int] = batch.event_ms.tolist()
        return stamps
    return [record_ms] * len(batch) if isinstance(record_ms, int) else record_ms


class Publisher:
    """Sends samples. `stopping` ends a wait for a broker that is away; `idle` is called while waiting."""

    def __init__(
        self,
        options: dict[str, object],
        encode: Encoder,
        journal: Journal | None,
        stopping: Callable[[], bool],
        ages: Ages,
    ) -> None:
        self.sent = self.acked = self.failed = 0
        self.idle: Callable[[], None] = lambda: None
        self._encode = encode
        self._journal = journal
        self._stopping = stopping
        self._ages = ages
        self._acks: list[Ack] = []
        self._fatal: KafkaError | None = None
        self._away: KafkaError | None = None
        self.producer = Producer(options | {"error_cb": self._on_error})
        self.heartbeats = Heartbeats(self.producer, TOPIC, self.wait_for_room)
        self.extras: Extras | None = None
        """What faults send beside the samples, where they are allowed."""

    @property
    def waiting(self) -> int:
        """Samples sent and neither confirmed nor failed yet."""
        return self.sent - self.acked - self.failed

    @property
    def _others_waiting(self) -> int:
        return self.heartbeats.waiting + (self.extras.waiting if self.extras else 0)

    @property
    def trouble(self) -> str:
        """Why deliveries are not getting through; empty when they are."""
        return str(self._away.str()) if self._away and self.waiting else ""

    def send(self, batch: Batch, record_ms: int | Sequence[int] | None) -> None:
        """Journal and produce. `record_ms`: the records' CreateTime, or that of each; None takes its event time.

        Waits while the queue is full; returns early, the rest unsent, only when stopping.
        Raises LogError when the client is beyond repair.
        """
        stamps = stamps_of(batch, record_ms)
        cars, journal, produce = batch.car_id.tolist(), self._journal, self.producer.produce
        reports: Iterable[Any] = repeat(self._count)
        if journal:
            journal.sent(time.time_ns() // 1000, stamps, batch)
            reports = map(partial, repeat(self._confirm), cars, batch.sequence.tolist())
        if self._ages.due and len(batch):
            others = iter(reports)
            reports = chain((partial(self._tell_age, int(batch.event_ms[0]), next(others)),), others)
        keys = map(b"%d".__mod__, cars)
        for key, value, stamp, report in zip(keys, self._encode(batch), stamps, reports, strict=False):
            while True:
                try:
                    produce(TOPIC, value, key, on_delivery=report, timestamp=stamp)
                    break
                except BufferError:
                    if not self.wait_for_room():
                        return
            self.sent += 1
        self.serve(0.0)

    def wait_for_room(self) -> bool:
        """Take delivery reports for a moment; False when stopping."""
        self.serve(0.2)
        self.idle()
        return not self._stopping()

    def serve(self, seconds: float) -> None:
        """Take delivery reports for at most this long. Raises LogError when the client is beyond repair."""
        self.producer.poll(seconds)
        if self._acks and self._journal:
            self._journal.acked(self._acks)
            self._acks.clear()
        if self._fatal:
            raise LogError(f"the Kafka client gave up: {self._fatal.str()}")

    def finish(self, seconds: float) -> bool:
        """Wait until everything sent is confirmed or failed, at most `seconds`; whether all samples are."""
        until = time.monotonic() + seconds
        while (self.waiting or self._others_waiting) and (left := until - time.monotonic()) > 0:
            # Waiting counts callbacks: flush() returning 0 also means "expired".
            self.producer.flush(min(left, 0.1))
            self.serve(0.0)
            self.idle()
        return not self.waiting

    def _count(self, error: KafkaError | None, message: Any) -> None:
        if error is None:
            self.acked += 1
            if self._away is not None:
                _log.info("broker back", waiting=self.waiting)
                self._away = None
        else:
            self._fail(error, message.key().decode())

    def _confirm(self, car_id: int, sequence: int, error: KafkaError | None, message: Any) -> None:
        self._count(error, message)
        if error is None:
            self._acks.append((car_id, sequence, message.partition(), message.offset()))
        elif self._journal:
            self._journal.failed(car_id, sequence, error.str())

    def _tell_age(self, event_ms: int, report: Any, error: KafkaError | None, message: Any) -> None:
        """`report` is what the sample's delivery is told to."""
        report(error, message)
        if error is None:
            self._ages.observe(TOPIC, event_ms)

    def _fail(self, error: KafkaError, car: str) -> None:
        self.failed += 1
        _log.error("a sample was refused", car_id=car, reason=error.str())

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            self._fatal = error
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            if self._away is None:
                _log.warning("broker away", waiting=self.waiting)
            self._away = error


def require_topic(producer: Producer, stopping: Callable[[], bool], timeout_s: float = 30.0) -> int:
    """Wait for the broker to answer; how many partitions the topic has.

    Raises LogError with one sentence unless it answers in time and has the topic.
    """
    until = time.monotonic() + timeout_s
    while True:
        try:
            known = producer.list_topics(TOPIC, timeout=1.0).topics[TOPIC]
        except KafkaException as error:
            if stopping() or time.monotonic() > until:
                raise LogError(f"Kafka does not answer: {error.args[0].str()}") from error
            continue
        if known.error is not None or not known.partitions:
            raise LogError(f"the broker has no topic {TOPIC}; create the catalogue's topics first")
        return len(known.partitions)
