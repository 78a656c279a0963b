"""An archive back into a topic, byte for byte, with its timestamps, on the same partitions.

Records go in by time over all partitions, as they came: the windows' watermark is the newest time of any partition,
so one partition after the other would make the later ones look hopelessly late. A restore that was cut off goes on:
what the topic already holds must be the archive's beginning, partition by partition.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from tacho.archive.copying import archived, bounds_of, partitions_of
from tacho.archive.place import Place
from tacho.archive.records import MANIFEST, Archived, Manifest, decode, manifest_from, pieces
from tacho.errors import TachoError
from tacho.kafka_options import client_options, reading_options
from tacho_contracts.connection import Connection

_TIMEOUT_SECONDS = 30.0
_DAY_MS = 86_400_000
_REPORT_EVERY = 100_000


@dataclass(frozen=True)
class Restored:
    """How many records were sent now, and how many were there from an earlier attempt."""

    sent: int
    found: int


def read_manifest(place: Place) -> Manifest:
    """What the archive holds. Raises TachoError when it is absent or unfinished."""
    content = place.read(MANIFEST)
    if content is None:
        raise TachoError(
            f"{place.address} holds no finished archive: {MANIFEST} is missing. `tacho archive` makes one, and "
            f"finishes one that was cut off."
        )
    return manifest_from(content)


def restore(
    connection: Connection,
    place: Place,
    now_ms: int,
    report: Callable[[str], None],
    extend_retention: bool = False,
) -> Restored:
    """Send the archive to its topic, which is empty or holds its beginning. Raises TachoError otherwise."""
    manifest = read_manifest(place)
    _require_kept(connection, manifest, now_ms, extend_retention)
    found = _already_there(connection, manifest, place)
    rest = [_of_partition(place, partition, found[partition]) for partition in sorted(manifest.ends)]
    sent = _send(connection, manifest.topic, heapq.merge(*rest, key=lambda row: row[1].timestamp), report)
    return Restored(sent, sum(found.values()))


def _require_kept(connection: Connection, manifest: Manifest, now_ms: int, extend: bool) -> None:
    """The broker deletes by record timestamp: what is older than the topic's retention would go at once."""
    if manifest.oldest_ms is None:
        return
    admin, resource = AdminClient(client_options(connection)), ConfigResource(ResourceType.TOPIC, manifest.topic)
    config = admin.describe_configs([resource])[resource].result(timeout=_TIMEOUT_SECONDS)
    retention = int(config["retention.ms"].value)
    age = now_ms - manifest.oldest_ms
    if retention < 0 or age < retention:
        return
    if not extend:
        raise TachoError(
            f"The archive's oldest record is {age / _DAY_MS:.1f} days old and {manifest.topic} keeps "
            f"{retention / _DAY_MS:.1f}: the broker would delete it again. --extend-retention makes the topic keep it."
        )
    # A day on top: the restore itself, and whoever reads it, take time.
    entry = ConfigEntry("retention.ms", str(age + _DAY_MS), incremental_operation=AlterConfigOpType.SET)
    change = ConfigResource(ResourceType.TOPIC, manifest.topic, incremental_configs=[entry])
    for done in admin.incremental_alter_configs([change]).values():
        done.result(timeout=_TIMEOUT_SECONDS)


def _already_there(connection: Connection, manifest: Manifest, place: Place) -> dict[int, int]:
    """Records by partition that an earlier attempt sent."""
    consumer = Consumer(reading_options(connection, "tacho-operator-restore"))
    try:
        there = partitions_of(consumer, connection, manifest.topic)
        if there != sorted(manifest.ends):
            raise TachoError(
                f"{manifest.topic} has {len(there)} partitions and the archive {len(manifest.ends)}: a car's partition "
                f"is fixed for life, so create the topics with the archive's count."
            )
        found = {}
        for partition in there:
            low, high = bounds_of(consumer, TopicPartition(manifest.topic, partition))
            last = next(islice(_of_partition(place, partition, high - 1), 1), None) if high else None
            same = last is not None and _is_last(consumer, manifest.topic, partition, high, last[1])
            if low or (high and not same):
                raise TachoError(
                    f"Partition {partition} of {manifest.topic} holds other records than the archive's first: an "
                    f"archive goes into an empty log (a new cluster, or `make clean`)."
                )
            found[partition] = high
        return found
    finally:
        consumer.close()


def _is_last(consumer: Consumer, topic: str, partition: int, high: int, expected: Archived) -> bool:
    consumer.assign([TopicPartition(topic, partition, high - 1)])
    message = consumer.poll(_TIMEOUT_SECONDS)
    return message is not None and message.error() is None and archived(message).same_content(expected)


def _of_partition(place: Place, partition: int, skip: int) -> Iterator[tuple[int, Archived]]:
    """A partition's records behind the first `skip`, one file in memory at a time."""
    mine = (piece for piece in pieces(place.names()) if piece.partition == partition)
    records = (record for piece in mine for record in decode(place.read(piece.name) or b""))
    return ((partition, record) for record in islice(records, skip, None))


def _send(
    connection: Connection, topic: str, records: Iterator[tuple[int, Archived]], report: Callable[[str], None]
) -> int:
    producer = Producer(client_options(connection) | {"enable.idempotence": True, "linger.ms": 20})
    failures: list[str] = []
    count = 0

    def delivered(error: object, _: object) -> None:
        if error is not None:
            failures.append(str(error))

    for partition, record in records:
        while True:
            try:
                producer.produce(
                    topic,
                    record.value,
                    record.key,
                    partition,
                    on_delivery=delivered,
                    timestamp=max(record.timestamp, 0),
                    headers=list(record.headers),
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
        if failures:
            break
        count += 1
        if count % _REPORT_EVERY == 0:
            report(f"{count:,} records sent")
    left = producer.flush(_TIMEOUT_SECONDS)
    if failures or left:
        raise TachoError(
            f"The broker did not take every record ({failures[0] if failures else f'{left} without an answer'}): "
            f"run the same command again, it goes on behind the last one."
        )
    return count
