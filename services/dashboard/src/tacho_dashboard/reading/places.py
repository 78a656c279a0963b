"""Where reading begins in each topic."""

import time
from collections.abc import Iterable, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from tacho_contracts.connection import Connection
from tacho_dashboard.kafka_options import kafka_options

EPISODES_SECONDS = 86_400.0
"""An episode may have been opened long before the window that is shown."""
MOST_BACK = 300_000
"""Samples that are read back at most, all partitions together: some seconds' work."""
FROM_THE_BEGINNING = ("fleet-windows", "alert-windows", "alert-rules", "alert-acks", "faults", "service-status")
"""The newest of these are the picture, however long ago they were written."""

Places = dict[TopicPartition, int]


async def partitions(connection: Connection, topics: Iterable[str]) -> list[TopicPartition]:
    """All partitions of these topics, of those that are there. Raises KafkaError when no broker answers."""
    # A consumer only knows the partitions of topics that it reads already.
    admin = AIOKafkaAdminClient(**kafka_options(connection))
    try:
        await admin.start()
        described = await admin.describe_topics(sorted(topics))
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], part["partition"]) for topic in described for part in topic["partitions"]]


async def first_places(
    consumer: AIOKafkaConsumer, wanted: Sequence[TopicPartition], back_seconds: float, now: float | None = None
) -> Places:
    """The offset of each partition to begin with: `back_seconds` before now, or the beginning, by its topic."""
    at = time.time() if now is None else now
    since = {
        place: int((at - _back(place.topic, back_seconds)) * 1000)
        for place in wanted
        if place.topic not in FROM_THE_BEGINNING
    }
    beginnings = await consumer.beginning_offsets(list(wanted))
    ends = await consumer.end_offsets(list(wanted))
    found: Mapping[TopicPartition, tuple[int, int] | None] = await consumer.offsets_for_times(since) if since else {}
    places = {}
    for place in wanted:
        if place not in since:
            places[place] = beginnings[place]
            continue
        at_time = found.get(place)
        places[place] = ends[place] if at_time is None else max(at_time[0], ends[place] - _most_back(place, wanted))
    return places


def _back(topic: str, back_seconds: float) -> float:
    return EPISODES_SECONDS if topic == "alert-episodes" else back_seconds


def _most_back(place: TopicPartition, wanted: Sequence[TopicPartition]) -> int:
    return MOST_BACK // len([other for other in wanted if other.topic == place.topic])
