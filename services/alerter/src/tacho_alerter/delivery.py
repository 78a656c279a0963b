"""Delivery to Kafka that is certain: `send` returns once the broker has every record, or raises.

One worker thread produces and waits, so that the event loop stays free for heartbeats and fetching. A broker
that is away makes `send` wait, which pauses consumption; librdkafka retries without end.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from confluent_kafka import KafkaError, Producer

from tacho_alerter.outgoing import Outgoing

_POLL_SECONDS = 0.25
BATCH_BYTES = 49_152
"""The catalogue's max.message.bytes (65,536) limits whole batches, and librdkafka does not split a refused one."""
OPTIONS: Mapping[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "linger.ms": 0,
    "batch.size": BATCH_BYTES,
    "partitioner": "murmur2_random",
    "message.timeout.ms": 0,
    "socket.nagle.disable": True,
    "compression.type": "none",
}


class DeliveryFailed(Exception):
    """Kafka refused a record for good. The process must end before it commits; never retry here."""


class DeliveryAbandoned(Exception):
    """The process is stopping while records wait for a broker; the batch stays uncommitted and is read again."""


class _Outcome:
    """Counts the delivery reports of one send."""

    def __init__(self, expected: int) -> None:
        self.missing = expected
        self.error: KafkaError | None = None

    def report(self, error: KafkaError | None, _message: Any) -> None:
        self.missing -= 1
        if error is not None:
            self.error = error


class Delivery:
    """Sends records in order and waits for all of them."""

    def __init__(self, connection_options: Mapping[str, Any]) -> None:
        self.producer = Producer({**connection_options, **OPTIONS})
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="delivery")
        self._stopping = threading.Event()

    async def send(self, records: Sequence[Outgoing]) -> None:
        """Return when every record is in Kafka. Raises DeliveryFailed or DeliveryAbandoned."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._send, records)

    def stop(self) -> None:
        """Give up waiting: a send in progress raises DeliveryAbandoned within a quarter of a second."""
        self._stopping.set()
        self._thread.shutdown(wait=False)

    def _send(self, records: Sequence[Outgoing]) -> None:
        outcome = _Outcome(len(records))
        for record in records:
            self._produce(record, outcome)
        while outcome.missing:
            self._wait()
        if outcome.error is not None:
            raise DeliveryFailed(f"Kafka refused a record: {outcome.error.str()}")

    def _produce(self, record: Outgoing, outcome: _Outcome) -> None:
        while True:
            try:
                self.producer.produce(
                    record.topic, record.value, record.key, record.partition, on_delivery=outcome.report
                )
                return
            except BufferError:
                self._wait()

    def _wait(self) -> None:
        if self._stopping.is_set():
            raise DeliveryAbandoned("stopped while records were waiting for the broker")
        self.producer.poll(_POLL_SECONDS)
