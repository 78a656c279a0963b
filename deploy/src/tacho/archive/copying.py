"""A topic's records into an archive. A copy that was cut off goes on where it ended."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from tacho.archive.place import Place
from tacho.archive.records import MANIFEST, Archived, Manifest, Piece, decode, encode, manifest_from, pieces
from tacho.errors import NoBrokerError, TachoError
from tacho.kafka_options import reading_options
from tacho_contracts.connection import Connection

PIECE_RECORDS = 50_000
PIECE_BYTES = 32 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0
_RETRY_SECONDS = 0.2
_NO_LEADER_YET = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)
_EOF = -191
"""librdkafka's RD_KAFKA_RESP_ERR__PARTITION_EOF."""


@dataclass
class _Totals:
    """What a manifest says of all records, gathered as they pass."""

    records: int = 0
    oldest_ms: int | None = None
    newest_ms: int | None = None

    def add(self, records: Iterable[Archived]) -> None:
        """Count these too."""
        for record in records:
            self.records += 1
            self.oldest_ms = min(record.timestamp, self.oldest_ms or record.timestamp)
            self.newest_ms = max(record.timestamp, self.newest_ms or record.timestamp)


def copy_topic(connection: Connection, topic: str, place: Place, report: Callable[[str], None]) -> Manifest:
    """Copy what is on the topic now, and say so in a manifest, which is written last.

    Raises TachoError when brokers or topic are not there, or the log has lost records the archive lacks.
    """
    consumer = Consumer(reading_options(connection, "tacho-operator-archive") | {"enable.partition.eof": True})
    totals = _there_before(place)
    try:
        ends = {}
        for number in partitions_of(consumer, connection, topic):
            ends[number] = _copy_partition(consumer, TopicPartition(topic, number), place, totals, report)
    finally:
        consumer.close()
    manifest = Manifest(topic, ends, totals.records, totals.oldest_ms, totals.newest_ms)
    place.write(MANIFEST, manifest.as_json())
    return manifest


def _there_before(place: Place) -> _Totals:
    """Of the files that are there: as the last manifest says, and read anew only where it does not reach."""
    content = place.read(MANIFEST)
    before = manifest_from(content) if content is not None else None
    totals = _Totals(before.records, before.oldest_ms, before.newest_ms) if before else _Totals()
    for piece in pieces(place.names()):
        if before is None or piece.last >= before.ends.get(piece.partition, 0):
            totals.add(decode(place.read(piece.name) or b""))
    return totals


def partitions_of(consumer: Consumer, connection: Connection, topic: str) -> list[int]:
    """The topic's partitions. Raises TachoError when brokers or topic are not there."""
    try:
        found = consumer.list_topics(topic, timeout=_TIMEOUT_SECONDS).topics[topic]
    except KafkaException as error:
        raise NoBrokerError(connection.servers) from error
    if found.error is not None or not found.partitions:
        raise TachoError(f"{connection.servers} has no topic {topic}: create it with `tacho topics --create`.")
    return sorted(found.partitions)


def bounds_of(consumer: Consumer, partition: TopicPartition) -> tuple[int, int]:
    """Offset of the first record kept and of the next one; waits for a topic that was only just made."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while True:
        try:
            low, high = consumer.get_watermark_offsets(partition, timeout=_TIMEOUT_SECONDS)
            return low, high
        except KafkaException as error:
            if error.args[0].code() not in _NO_LEADER_YET or time.monotonic() > deadline:
                raise
        time.sleep(_RETRY_SECONDS)


def _copy_partition(
    consumer: Consumer, partition: TopicPartition, place: Place, totals: _Totals, report: Callable[[str], None]
) -> int:
    """Copy what the archive lacks of a partition; the offset behind its last record."""
    low, high = bounds_of(consumer, partition)
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
        totals.add(batch)
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
