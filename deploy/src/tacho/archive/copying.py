"""A topic's records into an archive. A copy that was cut off goes on where it ended."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, cast

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from tacho.archive.place import Place
from tacho.archive.records import MANIFEST, Archived, Manifest, Piece, decode, encode, pieces
from tacho.errors import NoBrokerError, TachoError
from tacho.kafka_options import reading_options
from tacho_contracts.connection import Connection

PIECE_RECORDS = 50_000
PIECE_BYTES = 32 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0
_EOF = -191
"""librdkafka's RD_KAFKA_RESP_ERR__PARTITION_EOF."""


def copy_topic(connection: Connection, topic: str, place: Place, report: Callable[[str], None]) -> Manifest:
    """Copy what is on the topic now, and say so in a manifest, which is written last.

    Raises TachoError when brokers or topic are not there, or the log has lost records the archive lacks.
    """
    consumer = Consumer(reading_options(connection, "tacho-operator-archive") | {"enable.partition.eof": True})
    try:
        ends = {}
        for partition in partitions_of(consumer, connection, topic):
            ends[partition] = _copy_partition(consumer, TopicPartition(topic, partition), place, report)
    finally:
        consumer.close()
    manifest = _summary(topic, ends, place)
    place.write(MANIFEST, manifest.as_json())
    return manifest


def partitions_of(consumer: Consumer, connection: Connection, topic: str) -> list[int]:
    """The topic's partitions. Raises TachoError when brokers or topic are not there."""
    try:
        found = consumer.list_topics(topic, timeout=_TIMEOUT_SECONDS).topics[topic]
    except KafkaException as error:
        raise NoBrokerError(connection.servers) from error
    if found.error is not None or not found.partitions:
        raise TachoError(f"{connection.servers} has no topic {topic}: create it with `tacho topics --create`.")
    return sorted(found.partitions)


def _copy_partition(consumer: Consumer, partition: TopicPartition, place: Place, report: Callable[[str], None]) -> int:
    low, high = consumer.get_watermark_offsets(partition, timeout=_TIMEOUT_SECONDS)
    there = [piece for piece in pieces(place.names()) if piece.partition == partition.partition]
    start = there[-1].last + 1 if there else low
    if there and start > high:
        raise TachoError(
            f"{place.address} is the archive of another log: it holds {start} records of partition "
            f"{partition.partition} and this one has {high}."
        )
    if there and start < low:
        raise TachoError(
            f"The broker has deleted offsets {start} to {low} of partition {partition.partition} before they were "
            f"copied: choose a new place, which then begins at {low}."
        )
    for batch in _batches(_read(consumer, partition, start, high)):
        piece = Piece(partition.partition, batch[0].offset, batch[-1].offset)
        place.write(piece.name, encode(batch))
        report(f"{partition.topic} {piece.partition}: offsets {piece.first:,} to {piece.last:,}")
    return high


def _read(consumer: Consumer, partition: TopicPartition, start: int, end: int) -> Iterator[Archived]:
    if start >= end:
        return
    consumer.assign([TopicPartition(partition.topic, partition.partition, start)])
    while True:
        message = consumer.poll(_TIMEOUT_SECONDS)
        if message is None:
            raise TachoError(
                f"Partition {partition.partition} was silent for {_TIMEOUT_SECONDS:.0f} s: is the broker up?"
            )
        error = message.error()
        if error is not None:
            if error.code() == _EOF:
                return
            if error.fatal() or not error.retriable():
                raise TachoError(f"{partition.topic} cannot be read: {error.str()}.")
            continue
        record = archived(message)
        if record.offset < end:
            yield record
        if record.offset + 1 >= end:
            return


def archived(message: Message) -> Archived:
    """A Kafka message in the archive's words."""
    _, timestamp = message.timestamp()
    headers: tuple[tuple[str, bytes | None], ...] = tuple(cast(Any, message.headers()) or ())
    return Archived(int(message.offset() or 0), timestamp, message.key(), message.value(), headers)


def _batches(records: Iterator[Archived]) -> Iterator[list[Archived]]:
    batch: list[Archived] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.key or b"") + len(record.value or b"")
        if len(batch) >= PIECE_RECORDS or size >= PIECE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _summary(topic: str, ends: dict[int, int], place: Place) -> Manifest:
    count, oldest, newest = 0, None, None
    for record in chain.from_iterable(_content(place, piece) for piece in pieces(place.names())):
        count += 1
        oldest = record.timestamp if oldest is None else min(oldest, record.timestamp)
        newest = record.timestamp if newest is None else max(newest, record.timestamp)
    return Manifest(topic, ends, count, oldest, newest)


def _content(place: Place, piece: Piece) -> Iterator[Archived]:
    return decode(place.read(piece.name) or b"")
