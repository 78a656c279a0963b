"""What faults send beside the samples, every record accounted for: journalled ahead, produced, confirmed or failed."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import structlog
from confluent_kafka import KafkaError, Producer

from tacho_producer.encoding import Encoder
from tacho_producer.faults.injection import Outgoing
from tacho_producer.journal import Journal
from tacho_producer.samples import batch_of

DUPLICATE, POISON = "duplicate", "poison"
_log = structlog.get_logger("tacho_producer")


class Extras:
    """Sends repeats of samples, and poison. They are no samples: in none of the publisher's counts."""

    def __init__(
        self,
        producer: Producer,
        topic: str,
        encode: Encoder,
        journal: Journal | None,
        wait_for_room: Callable[[], bool],
    ) -> None:
        """wait_for_room: to be called while the client's queue is full; False when it need not be waited for."""
        self.sent = self.acked = self.failed = 0
        self._producer = producer
        self._topic = topic
        self._encode = encode
        self._journal = journal
        self._wait_for_room = wait_for_room

    @property
    def waiting(self) -> int:
        """Records sent and neither confirmed nor failed yet."""
        return self.sent - self.acked - self.failed

    def send(self, outgoing: Outgoing) -> None:
        """Its repeats and its poison; the samples must have been sent before. Returns early only when stopping."""
        repeats, poison = outgoing.repeats, outgoing.poison
        if repeats:
            # The very same record, bytes and timestamp, as from a client that tries again and is not idempotent.
            values = self._encode(batch_of(one.sample for one in repeats))
            rows = [(one.record_ms, one.sample.car_id, one.sample.sequence) for one in repeats]
            self._send(DUPLICATE, rows, values)
        if poison:
            self._send(POISON, [(one.record_ms, one.car_id, 0) for one in poison], [one.value for one in poison])

    def _send(self, fault: str, rows: list[tuple[int, int, int]], values: Iterable[bytes]) -> None:
        if self._journal:
            self._journal.extra(time.time_ns() // 1000, fault, rows)
        report = partial(self._count, fault)
        for (record_ms, car_id, _), value in zip(rows, values, strict=True):
            while not self._produced(b"%d" % car_id, value, record_ms, report):
                if not self._wait_for_room():
                    return
            self.sent += 1

    def _produced(self, key: bytes, value: bytes, record_ms: int, report: Callable[[Any, Any], None]) -> bool:
        try:
            self._producer.produce(self._topic, value, key, on_delivery=report, timestamp=record_ms)
        except BufferError:
            return False
        return True

    def _count(self, fault: str, error: KafkaError | None, message: Any) -> None:
        if error is None:
            self.acked += 1
            if self._journal:
                self._journal.extra_acked(fault, message.partition(), message.offset())
        else:
            self.failed += 1
            _log.error("a record of a fault was refused", fault=fault, reason=error.str())
