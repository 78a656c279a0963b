"""The gateway's word that it is alive, on every partition of the log: time passes in one whose cars are all silent."""

from collections.abc import Callable
from typing import Any

import structlog
from confluent_kafka import KafkaError, Producer

from tacho_contracts.codec import Codec

_EVERY_MS = 1000
# More than a run as fast as possible has on its way; in an outage they end here, for samples need the room.
_MOST_ROUNDS_WAITING = 100

_log = structlog.get_logger("tacho_producer")


class Heartbeats:
    """Sends a Heartbeat to each partition once a second of the log's time.

    One that tells a time says: every sample that was to be sent before that time has been sent. None is in the journal.
    """

    def __init__(self, producer: Producer, topic: str, wait_for_room: Callable[[], bool]) -> None:
        """wait_for_room: to be called while the client's queue is full; False when it need not be waited for."""
        self.sent = self.acked = self.failed = 0
        self.partitions = 0
        """How many the log has; none until it is known to be there."""
        self.last_ms = 0
        """The newest time told; no sample may be stamped with an earlier one."""
        self._producer = producer
        self._topic = topic
        self._wait_for_room = wait_for_room
        self._codec = Codec("Heartbeat")

    @property
    def waiting(self) -> int:
        """Heartbeats sent and neither confirmed nor failed yet."""
        return self.sent - self.acked - self.failed

    def beat_if_due(self, log_ms: int) -> None:
        """To be called often, when all samples before `log_ms` have been sent; does nothing until a second has passed.

        A round is left out, and not made up for, while too many wait: a later one says the same and more.
        """
        if log_ms - self.last_ms >= _EVERY_MS and self.waiting <= _MOST_ROUNDS_WAITING * self.partitions:
            self.beat(log_ms)

    def beat(self, log_ms: int) -> None:
        """Say so now. While the queue is full this waits, as a sample does; when stopping it leaves out the rest."""
        self.last_ms = log_ms
        value = self._codec.encode({"at": log_ms})
        for partition in range(self.partitions):
            while not self._produced(value, partition, log_ms):
                if not self._wait_for_room():
                    return
            self.sent += 1

    def _produced(self, value: bytes, partition: int, log_ms: int) -> bool:
        try:
            self._producer.produce(self._topic, value, partition=partition, timestamp=log_ms, on_delivery=self._count)
        except BufferError:
            return False
        return True

    def _count(self, error: KafkaError | None, message: Any) -> None:
        if error is None:
            self.acked += 1
        else:
            self.failed += 1
            _log.error("a heartbeat was refused", partition=message.partition(), reason=error.str())
