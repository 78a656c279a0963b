"""Reads one topic without a consumer group: every record once, then each new one as it comes.

Without a group nothing is committed and nobody else's progress is disturbed. A service that must not miss
anything after a restart joins a group instead (`subscribe`) and commits after its work is done.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaError, KafkaException, Message, TopicPartition

from tacho.errors import NoBrokerError, TachoError, UsageError
from tacho.kafka_options import reading_options
from tacho_contracts.connection import Connection

OPERATOR_GROUP = "tacho-operator-tail"
"""Never joined: a client wants a name, and on AWS this is the one the operator is allowed."""
_TIMEOUT_SECONDS = 10
_ENDS = ("start", "end")


def read(connection: Connection, topic: str, start: str) -> Iterator[Message]:
    """Records of all partitions from `start` (start, end or an ISO time) on, for ever.

    Order holds within a partition. Raises TachoError when the brokers or the topic are not there.
    """
    consumer = Consumer(reading_options(connection, OPERATOR_GROUP))
    try:
        consumer.assign(positions(consumer, connection, topic, start))
        while True:
            message = consumer.poll(0.5)
            if message is None:
                continue
            error = message.error()
            if error is None:
                yield message
            elif error.fatal() or not error.retriable():
                raise TachoError(f"Topic {topic} cannot be read: {error.str()}.")
    finally:
        consumer.close()


def whole_topic(connection: Connection, topic: str, start: str = "start") -> Iterator[Message]:
    """Every record that is there now, partition by partition in its order; what comes meanwhile is left out.

    start: `start`, or an ISO time: records of before it, by their own timestamp, are left out. Raises TachoError when
    the brokers or the topic are not there, or stop answering.
    """
    consumer = Consumer({**reading_options(connection, OPERATOR_GROUP), "enable.partition.eof": True})
    try:
        for place in positions(consumer, connection, topic, start):
            _, end = consumer.get_watermark_offsets(place, timeout=_TIMEOUT_SECONDS)
            consumer.assign([place])
            yield from _up_to(consumer, end, connection, topic)
    except KafkaException as error:
        raise NoBrokerError(connection.servers) from error
    finally:
        consumer.close()


def _up_to(consumer: Consumer, end: int, connection: Connection, topic: str) -> Iterator[Message]:
    while end > 0:
        message = consumer.poll(_TIMEOUT_SECONDS)
        if message is None:
            raise NoBrokerError(connection.servers)
        error = message.error()
        if error is not None and error.code() == KafkaError._PARTITION_EOF:
            return
        if error is not None:
            raise TachoError(f"Topic {topic} cannot be read: {error.str()}.")
        yield message
        if (message.offset() or 0) + 1 >= end:
            return


def positions(consumer: Consumer, connection: Connection, topic: str, start: str) -> list[TopicPartition]:
    """Where to begin in each partition."""
    try:
        metadata = consumer.list_topics(topic, timeout=_TIMEOUT_SECONDS).topics[topic]
        if metadata.error is not None:
            raise TachoError(f"{connection.servers} has no topic {topic}: create it with `tacho topics --create`.")
        if start in _ENDS:
            offset = OFFSET_BEGINNING if start == "start" else OFFSET_END
            return [TopicPartition(topic, number, offset) for number in metadata.partitions]
        at = instant_ms(start)
        wanted = [TopicPartition(topic, number, at) for number in metadata.partitions]
        return list(consumer.offsets_for_times(wanted, timeout=_TIMEOUT_SECONDS))
    except KafkaException as error:
        raise NoBrokerError(connection.servers) from error


def require_place(start: str) -> None:
    """Raise UsageError unless `start` is a place in a topic: start, end or an ISO time."""
    if start not in _ENDS:
        instant_ms(start)


def instant_ms(text: str) -> int:
    """Milliseconds since the epoch of an ISO time; without a zone it is UTC. Raises UsageError for other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no place in a topic: write start, end or a time such as 2026-11-22T14:00:00Z."
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
