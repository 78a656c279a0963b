"""Reads topics from a broker, without a group; the only module that knows a Kafka client."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from tacho.kafka_options import reading_options
from tacho.verify.errors import CannotVerify
from tacho.verify.log import SERVICE_STATUS, LogRecord
from tacho.verify.quiescence import Look, Word
from tacho.verify.wire import Undecodable, Wire
from tacho_contracts.catalogue import Catalogue
from tacho_contracts.connection import Connection

PATIENCE_SECONDS = 30.0
BATCH = 10_000


@contextmanager
def open_consumer(connection: Connection) -> Iterator[Consumer]:
    """A consumer that never joins a group or commits. Raises CannotVerify when no broker answers."""
    options = reading_options(connection, "tacho-verify") | {
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        "queued.max.messages.kbytes": 65536,
    }
    consumer = Consumer(options, logger=None)
    try:
        consumer.list_topics(timeout=10)
        yield consumer
    except KafkaException as error:
        raise CannotVerify(
            f"no Kafka broker answers at {connection.servers} ({error.args[0].str()}); start the run with `make run`"
        ) from error
    finally:
        consumer.close()


class KafkaTopics:
    """The topics of one cluster as they were when this object was made."""

    def __init__(self, consumer: Consumer, catalogue: Catalogue) -> None:
        self._consumer = consumer
        known = consumer.list_topics(timeout=10).topics
        self._bounds: dict[str, list[tuple[int, int]]] = {}
        for name, topic in catalogue.topics.items():
            if name not in known:
                raise CannotVerify(f"there is no topic {name} on this broker; is it the run's?")
            bounds = [_bounds(consumer, name, partition) for partition in range(len(known[name].partitions))]
            if "delete" in topic.config.get("cleanup.policy", "delete") and any(low for low, _ in bounds):
                raise CannotVerify(f"the beginning of {name} is gone (retention), so nothing can be proved about it")
            self._bounds[name] = bounds

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has."""
        if topic not in self._bounds:
            raise CannotVerify(f"a rule sends alerts to {topic}, which is no topic of the catalogue")
        return len(self._bounds[topic])

    def records(self, topic: str, partition: int) -> int:
        """About how many records `read` gives."""
        low, high = self._bounds[topic][partition]
        return high - low

    def read(self, topic: str, partition: int) -> Iterator[LogRecord]:
        """The records of one partition by offset. Raises CannotVerify when the broker stops answering."""
        low, high = self._bounds[topic][partition]
        if low >= high:
            return
        self._consumer.assign([TopicPartition(topic, partition, low)])
        position, patience = low, time.monotonic() + PATIENCE_SECONDS
        while position < high:
            for message in self._consumer.consume(min(BATCH, high - position), timeout=0.5):
                patience = time.monotonic() + PATIENCE_SECONDS
                if _is_end(message):
                    return
                position = _offset(message) + 1
                if position > high:
                    return
                yield LogRecord(partition, position - 1, message.timestamp()[1], message.key(), message.value())
            if time.monotonic() > patience:
                raise CannotVerify(f"the broker sent nothing of {topic}/{partition} for {PATIENCE_SECONDS:.0f} s")


class Watch:
    """Looks at end offsets and service-status; each look takes about a second."""

    def __init__(self, consumer: Consumer, topics: Mapping[str, int], clock: Callable[[], float]) -> None:
        self._consumer = consumer
        self._topics = topics
        self._clock = clock
        self._wire = Wire("ServiceStatus")
        self._words: dict[str, Word] = {}
        consumer.assign([TopicPartition(SERVICE_STATUS, 0, 0)])

    def __call__(self) -> Look:
        """One look. Ends are taken before the words, so that a word is never older than the ends beside it."""
        ends = {
            topic: sum(_bounds(self._consumer, topic, partition)[1] for partition in range(count))
            for topic, count in self._topics.items()
        }
        until = self._clock() + 1.0
        while (left := until - self._clock()) > 0:
            message = self._consumer.poll(left)
            if message is not None and not _is_end(message):
                self._hear(message)
        return Look(self._clock(), ends, dict(self._words))

    def _hear(self, message: Message) -> None:
        try:
            status = self._wire.decode(message.value() or b"")
        except Undecodable:
            return
        # A stage that cannot measure its input yet says so with no lag at all.
        lag = sum(status["lag"].values()) if status["lag"] else None
        self._words[f"{status['service']}/{status['instance']}"] = Word(_offset(message), lag, status["reason"])


def _is_end(message: Message) -> bool:
    error = message.error()
    if error is None:
        return False
    if error.code() == KafkaError._PARTITION_EOF:
        return True
    raise KafkaException(error)


def _offset(message: Message) -> int:
    offset = message.offset()
    if offset is None:
        raise ValueError("a record read from a broker has an offset")
    return offset


def _bounds(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
    low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
    return low, high
