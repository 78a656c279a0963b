"""Kafka's log as a past: a consumer of its own for each playback, without a group."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from tacho_contracts.catalogue import Topic
from tacho_contracts.connection import Connection
from tacho_dashboard.kafka_options import kafka_options
from tacho_dashboard.model.picture import SAMPLES
from tacho_dashboard.playback.past import PastUnreachable, Stretch, Told
from tacho_dashboard.reading.closing import close
from tacho_dashboard.reading.decoding import Decoder
from tacho_dashboard.reading.places import partitions

EARLIER_MS: Mapping[str, int | None] = {"alert-episodes": 3_600_000, "alert-rules": None}
"""How much earlier reading begins, where what was before still holds; None: at the beginning."""
PLAYED = (SAMPLES, "alert-data", "alert-episodes", "alert-acks", "fleet-windows", "alert-windows", "dead-letters")
"""What is played as it was written; of compacted topics the last word of each key is left, and told when it fell."""
_PATIENCE_SECONDS = 10.0
_BATCH, _BATCH_MS = 500, 200
_MEMORY_BYTES = 262_144
_KEEP_RANGE_SECONDS = 5.0


class KafkaPast:
    """The topics of a cluster."""

    def __init__(self, connection: Connection, topics: Mapping[str, Topic]) -> None:
        self._connection = connection
        self._topics = {name: topics[name] for name in (*PLAYED, "alert-rules")}
        self._asked: tuple[float, tuple[int, int] | None] = (-_KEEP_RANGE_SECONDS, None)
        self._asking = asyncio.Lock()

    async def retained(self) -> tuple[int, int] | None:
        """As Past.retained, of the samples, heartbeats counted; asked of the broker every few seconds at most."""
        async with self._asking:
            at, found = self._asked
            if time.monotonic() - at >= _KEEP_RANGE_SECONDS:
                async with self._consumer() as consumer:
                    found = await _retained(consumer, await partitions(self._connection, [SAMPLES]))
                self._asked = time.monotonic(), found
            return found

    @asynccontextmanager
    async def stretch(self, first: int, last: int) -> AsyncGenerator[Stretch, None]:
        """As Past.stretch."""
        async with self._consumer() as consumer:
            places = await partitions(self._connection, self._topics)
            consumer.assign(places)
            ends = await _offsets(consumer, dict.fromkeys(places, last + 1))
            earlier = {place: EARLIER_MS.get(place.topic, 0) for place in places}
            starts = await _offsets(
                consumer, {place: 0 if back is None else max(0, first - back) for place, back in earlier.items()}
            )
            for place in places:
                consumer.seek(place, starts[place])
            wanted = {place: end for place, end in ends.items() if starts[place] < end}
            yield _KafkaStretch(consumer, wanted, {name: Decoder(topic) for name, topic in self._topics.items()})

    @asynccontextmanager
    async def _consumer(self) -> AsyncGenerator[AIOKafkaConsumer, None]:
        consumer = AIOKafkaConsumer(
            **kafka_options(self._connection),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=_MEMORY_BYTES,
        )
        try:
            await consumer.start()
            yield consumer
        except KafkaError as error:
            raise PastUnreachable(f"The log cannot be read: {error}.") from error
        finally:
            await close(consumer)


class _KafkaStretch:
    """What is read of each partition and not told yet."""

    def __init__(
        self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int], decoders: Mapping[str, Decoder]
    ) -> None:
        self._consumer = consumer
        self._ends = dict(ends)
        self._decoders = decoders
        self._read: dict[TopicPartition, deque[Any]] = {place: deque() for place in ends}

    async def up_to(self, at: int) -> AsyncIterator[Told]:
        """As Stretch.up_to."""
        answered = time.monotonic()
        while True:
            for place, messages in self._read.items():
                while messages and messages[0].timestamp <= at:
                    message = messages.popleft()
                    if found := self._decoders[place.topic].decode(message.value):
                        yield *found, message.timestamp
            empty = [place for place, messages in self._read.items() if not messages and place in self._ends]
            if not empty:
                return
            batches = await self._consumer.getmany(*empty, timeout_ms=_BATCH_MS, max_records=_BATCH)
            for place, messages in batches.items():
                self._read[place].extend(message for message in messages if message.offset < self._ends[place])
            for place in empty:
                if await self._consumer.position(place) >= self._ends[place]:
                    del self._ends[place]
                    answered = time.monotonic()
            if batches:
                answered = time.monotonic()
            elif time.monotonic() - answered > _PATIENCE_SECONDS:
                raise PastUnreachable(f"The log gave nothing for {_PATIENCE_SECONDS:.0f} s.")


async def _offsets(consumer: AIOKafkaConsumer, since: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    """The first offset written at or after a time (ms), the end where there is none."""
    ends = await consumer.end_offsets(list(since))
    found = await consumer.offsets_for_times(dict(since))
    return {place: ends[place] if found.get(place) is None else found[place].offset for place in since}


async def _retained(consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> tuple[int, int] | None:
    firsts = [
        found.timestamp for found in (await consumer.offsets_for_times(dict.fromkeys(places, 0))).values() if found
    ]
    ends = {place: end for place, end in (await consumer.end_offsets(places)).items() if end > 0}
    if not firsts:
        return None
    consumer.assign(list(ends))
    for place, end in ends.items():
        consumer.seek(place, end - 1)
    newest: dict[TopicPartition, int] = {}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # A partition whose last offset holds no record any more has nothing to say.
    while len(newest) < len(ends) and time.monotonic() < deadline:
        batches = await consumer.getmany(timeout_ms=_BATCH_MS)
        newest |= {place: messages[-1].timestamp for place, messages in batches.items() if messages}
        if newest and not batches:
            break
    return min(firsts), max((*newest.values(), *firsts))
