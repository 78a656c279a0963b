"""Where reading begins in each topic."""

import time
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

EPISODES_SECONDS = 86_400.0
"""An episode may have been opened long before the window that is shown."""
MOST_BACK = 300_000
"""Samples that are read back at most, all partitions together: some seconds' work."""
FROM_THE_BEGINNING = ("fleet-windows", "alert-windows", "alert-rules", "alert-acks", "faults", "service-status")
"""The newest of these are the picture, however long ago they were written."""

Places = dict[TopicPartition, int]


def partitions(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[TopicPartition]:
    """All partitions of the topics that are there."""
    return [
        TopicPartition(topic, number)
        for topic in topics
        for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]


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
    return MOST_BACK // sum(other.topic == place.topic for other in wanted)
