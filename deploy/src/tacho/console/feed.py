"""Listens to the topics the console shows, in a thread of its own, without a consumer group."""

import threading
import time
from functools import cache
from types import TracebackType
from typing import Self

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, TopicPartition

from tacho.console.state import REDUCERS, ConsoleState, StageStatus
from tacho.errors import TachoError
from tacho.kafka_options import reading_options
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode
from tacho_contracts.errors import Rejected

# Compacted topics are read from the start: their newest rows are the picture. The others would take for ever.
_FROM = {"service-status": OFFSET_BEGINNING, "fleet-windows": OFFSET_BEGINNING, "alert-windows": OFFSET_BEGINNING}
_BATCH = 500
_MAX_BYTES = 262_144


class Feed:
    """Keeps a ConsoleState up to date between `with` and its end.

    Whoever asks it anything gets a TachoError when it can listen no more: what it knows would stand still for ever.
    """

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._state = ConsoleState()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._began_ms = int(time.time() * 1000)
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="console feed", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self.join(10)

    def join(self, seconds: float) -> None:
        """Wait until the thread has ended, at most so long."""
        self._thread.join(seconds)

    def ready(self, instance: str) -> bool:
        """Whether `<service>/<instance>` has said so since this feed began; words of an earlier run do not count."""
        status = self.status(instance)
        return status is not None and status.ready and status.at_ms >= self._began_ms

    def status(self, instance: str) -> StageStatus | None:
        """The newest status of a stage."""
        self._require_listening()
        with self._lock:
            return self._state.stages.get(instance)

    def snapshot(self) -> ConsoleState:
        """The picture as it is now, to be drawn at leisure."""
        self._require_listening()
        with self._lock:
            return self._state.detached()

    def _require_listening(self) -> None:
        if self._failure is not None:
            name = type(self._failure).__name__
            raise TachoError(
                f"The console can no longer read the topics ({name}: {self._failure}): start the run again."
            )

    def _run(self) -> None:
        try:
            self._listen()
        except Exception as error:
            # Whatever it was: nobody waits for this thread, so the next question about the picture must tell it.
            self._failure = error

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
                        with self._lock:
                            take(self._state, str(message.topic()), message.value())
        finally:
            consumer.close()


def take(state: ConsoleState, topic: str, value: bytes | None) -> None:
    """Change the picture by one record of `topic`. What is not that topic's record is only counted."""
    try:
        record = _codec(topic).decode(value)
    except Rejected:
        # The screen is no judge: what is wrong with it, the verifier and `tacho tail` say.
        state.unreadable[topic] += 1
        return
    REDUCERS[topic](state, record)


@cache
def _codec(topic: str) -> Codec:
    return Codec(load_catalogue().topics[topic].record, max_bytes=_MAX_BYTES)
