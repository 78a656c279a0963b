"""The confluent-kafka settings of the plain loops: those its documentation gives for throughput, nothing lost."""

import os
from typing import Any

from confluent_kafka import Consumer, KafkaError, Message, Producer

SERVERS = os.environ.get("TACHO_KAFKA_SERVERS", "127.0.0.1:9092")
BATCH = 10_000
BATCH_BYTES = 49_152
"""The topics take batches of 64 KiB at most, headers included."""


class Undelivered(Exception):
    """A record was refused: the loop ends before it commits."""


def consumer(topic: str, group: str, **options: Any) -> Consumer:
    """A member of `group` that begins at the start and commits only what was told to be done."""
    defaults = {
        "bootstrap.servers": SERVERS,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.offset.store": False,
    }
    client = Consumer(defaults | options)
    client.subscribe([topic])
    return client


def producer(**options: Any) -> Producer:
    """An idempotent producer whose keys go where every other client of the fleet puts them."""
    defaults = {
        "bootstrap.servers": SERVERS,
        "enable.idempotence": True,
        "partitioner": "murmur2_random",
        "compression.type": "lz4",
        "linger.ms": 5,
        "batch.size": BATCH_BYTES,
        "queue.buffering.max.messages": 1_000_000,
    }
    return Producer(defaults | options)


def next_batch(client: Consumer) -> list[Message]:
    """What has been fetched, at once: `consume` alone would wait for a full batch. Raises on a consumer error."""
    first = client.poll(0.1)
    if first is None:
        return []
    batch = [first, *client.consume(BATCH, 0)]
    for message in batch:
        if message.error():
            raise Undelivered(str(message.error()))
    return batch


def done(client: Consumer, batch: list[Message]) -> None:
    """Let the batch be committed: the newest record of each partition."""
    newest = {message.partition(): message for message in batch}
    for message in newest.values():
        client.store_offsets(message)


def on_delivery(error: KafkaError | None, _message: Message) -> None:
    """Delivery report of every record."""
    if error is not None:
        raise Undelivered(error.str())
