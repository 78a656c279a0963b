"""Where each car goes on: from the journal, or without one from the end of the log itself."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from tacho_contracts.connection import Connection
from tacho_contracts.errors import Rejected
from tacho_producer.errors import LogError
from tacho_producer.kafka_options import kafka_options
from tacho_producer.log_records import decode_sample

_FIRST_REACH = 1000
_TIMEOUT_S = 30.0

Last = dict[int, tuple[int, int]]
"""By car: highest sequence and its event time [ms]."""


def last_in_log(connection: Connection, topic: str, cars: Collection[int]) -> Last:
    """What the log holds of these cars: the highest sequence of each and its event time.

    Reads each partition backwards in growing steps until every car is found or the log's beginning is reached.
    Raises LogError when the log cannot be read.
    """
    with _log_reader(connection, topic) as (consumer, partitions):
        return _read_back(consumer, partitions, set(cars))


def newest_in_log(connection: Connection, topic: str) -> int:
    """The record timestamp [ms] of the newest record at the end of any partition; 0 for an empty log."""
    newest = 0
    with _log_reader(connection, topic) as (consumer, partitions):
        for place in partitions:
            low, high = consumer.get_watermark_offsets(place, timeout=_TIMEOUT_S)
            for message in _messages(consumer, place, max(low, high - 1), high):
                newest = max(newest, message.timestamp()[1])
    return newest


@contextmanager
def _log_reader(connection: Connection, topic: str) -> Iterator[tuple[Consumer, list[TopicPartition]]]:
    options = kafka_options(connection) | {
        "group.id": "tacho-producer-resume",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
    }
    consumer = Consumer(options)
    try:
        partitions = consumer.list_topics(topic, timeout=_TIMEOUT_S).topics[topic].partitions
        yield consumer, [TopicPartition(topic, number) for number in partitions]
    except KafkaException as error:
        raise LogError(f"cannot read the end of {topic}: {error.args[0].str()}") from error
    finally:
        consumer.close()


def _read_back(consumer: Consumer, partitions: list[TopicPartition], missing: set[int]) -> Last:
    found: Last = {}
    bounds = {p.partition: consumer.get_watermark_offsets(p, timeout=_TIMEOUT_S) for p in partitions}
    upper = {number: high for number, (_, high) in bounds.items()}
    reach = max(_FIRST_REACH, 2 * len(missing))
    while missing and any(upper[number] > low for number, (low, _) in bounds.items()):
        for place in partitions:
            low, until = bounds[place.partition][0], upper[place.partition]
            start = max(low, until - reach)
            if start < until:
                _keep_highest(found, _messages(consumer, place, start, until), missing)
            upper[place.partition] = start
        # A car's samples are in order on its one partition, so what lies further back is older.
        missing -= found.keys()
        reach *= 4
    return found


def _keep_highest(found: Last, messages: Iterable[Message], missing: set[int]) -> None:
    newest: Last = {}
    for message in messages:
        try:
            sample = decode_sample(message.value() or b"")
        except Rejected:
            continue
        if sample.car_id in missing:
            newest[sample.car_id] = max(newest.get(sample.car_id, (0, 0)), (sample.sequence, sample.event_ms))
    for car_id, last in newest.items():
        found[car_id] = max(found.get(car_id, (0, 0)), last)


def _messages(consumer: Consumer, place: TopicPartition, start: int, until: int) -> Iterator[Message]:
    """The records at offsets start..until-1 of one partition. Raises KafkaException when they cannot be read."""
    consumer.assign([TopicPartition(place.topic, place.partition, start)])
    offset = start
    while offset < until:
        # Never ask for more than there is: consume() waits for all of it, or for the whole timeout.
        for message in consumer.consume(min(1000, until - offset), timeout=1.0):
            error = message.error()
            if error is not None:
                # The end of a partition may come before `until` where the last offsets hold no records.
                if error.code() == KafkaError._PARTITION_EOF:
                    return
                raise KafkaException(error)
            offset = int(message.offset() or 0) + 1
            if offset <= until:
                yield message
