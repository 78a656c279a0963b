"""Listens to the topics the console shows, in a thread of its own, without a consumer group."""

import threading
import time
from types import TracebackType
from typing import Self

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, TopicPartition

from tacho.console.state import REDUCERS, ConsoleState, StageStatus
from tacho.kafka_options import reading_options
from tacho_contracts.codec import decode_any
from tacho_contracts.connection import Connection, Mode
from tacho_contracts.errors import Rejected

# Compacted topics are read from the start: their newest rows are the picture. The others would take for ever.
_FROM = {"service-status": OFFSET_BEGINNING, "fleet-windows": OFFSET_BEGINNING, "alert-windows": OFFSET_BEGINNING}
_BATCH = 500
_MAX_BYTES = 262_144


class Feed:
    """Keeps a ConsoleState up to date between `with` and its end."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._state = ConsoleState()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._began_ms = int(time.time() * 1000)
        self._thread = threading.Thread(target=self._listen, name="console feed", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(timeout=10)

    def ready(self, instance: str) -> bool:
        """Whether `<service>/<instance>` has said so since this feed began; words of an earlier run do not count."""
        status = self.status(instance)
        return status is not None and status.ready and status.at_ms >= self._began_ms

    def status(self, instance: str) -> StageStatus | None:
        """The newest status of a stage."""
        with self._lock:
            return self._state.stages.get(instance)

    def snapshot(self) -> ConsoleState:
        """The picture as it is now, to be drawn at leisure."""
        with self._lock:
            return self._state.detached()

    def _listen(self) -> None:
        consumer = Consumer(reading_options(Connection(servers=self._servers, mode=Mode.PLAINTEXT), "tacho-console"))
        try:
            topics = consumer.list_topics(timeout=30).topics
            consumer.assign(
                [
                    TopicPartition(name, number, _FROM.get(name, OFFSET_END))
                    for name in REDUCERS
                    if name in topics
                    for number in topics[name].partitions
                ]
            )
            while not self._ending.is_set():
                for message in consumer.consume(_BATCH, timeout=0.2):
                    if not message.error():
                        self._apply(str(message.topic()), message.value())
        finally:
            consumer.close()

    def _apply(self, topic: str, value: bytes | None) -> None:
        try:
            _, _, record = decode_any(value, _MAX_BYTES)
        except Rejected:
            # The screen is no judge: what cannot be read is the verifier's and `tacho tail`'s matter.
            return
        with self._lock:
            REDUCERS[topic](self._state, record)
