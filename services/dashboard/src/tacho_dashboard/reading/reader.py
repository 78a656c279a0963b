"""One consumer without a group over all topics: whatever happens to the broker, it goes on where it was."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from tacho_contracts.catalogue import Topic
from tacho_contracts.connection import Connection
from tacho_dashboard.kafka_options import kafka_options
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.reading.closing import close
from tacho_dashboard.reading.decoding import Decoder
from tacho_dashboard.reading.places import Places, first_places, partitions

STILL_SECONDS = 15.0
"""This service's own status comes back every 2 s: without a record for so long the connection is begun anew."""
_SHORTEST_DELAY, _LONGEST_DELAY = 0.5, 8.0
_BATCH, _BATCH_MS = 500, 200
_CAUGHT_UP = 2_000

log = structlog.get_logger(__name__)


class NotReading(Exception):
    """Why nothing can be read now, as a sentence. Reading is tried again."""


class Reader:
    """Feeds a picture from the topics until cancelled."""

    def __init__(self, connection: Connection, topics: Iterable[Topic], picture: Picture, back_seconds: float) -> None:
        self._connection = connection
        self._decoders = {topic.name: Decoder(topic) for topic in topics}
        self._picture = picture
        self._back_seconds = back_seconds
        self._places: Places = {}
        self._ends: dict[TopicPartition, int] = {}
        self._caught_up = False
        self._trouble = "reading has not begun"
        self.taken: Counter[str] = Counter()
        """Records read since the start, by topic."""

    async def run(self) -> None:
        """Read for ever; a broker that is away is waited for."""
        delay = _SHORTEST_DELAY
        while True:
            before = self.taken.total()
            try:
                await self._read()
            except KafkaConnectionError:
                self._say(f"no Kafka broker answers at {self._connection.servers}")
            except (KafkaError, NotReading, OSError) as error:
                self._say(str(error))
            delay = _SHORTEST_DELAY if self.taken.total() > before else min(_LONGEST_DELAY, delay * 2)
            await asyncio.sleep(delay)

    @property
    def reason(self) -> str:
        """Why the page does not show the present; empty while it does."""
        if self._trouble:
            return self._trouble
        waiting = sum(self.lag.values())
        self._caught_up = self._caught_up or waiting < _CAUGHT_UP
        return "" if self._caught_up else f"{waiting} records of before the start are still to be read"

    @property
    def lag(self) -> dict[str, int]:
        """How many records wait, by `<topic>/<partition>`."""
        return {
            f"{place.topic}/{place.partition}": max(0, end - self._places.get(place, end))
            for place, end in self._ends.items()
        }

    def unreadable(self) -> Mapping[str, int]:
        """Records that were left out, by topic."""
        return {name: decoder.unreadable.total() for name, decoder in self._decoders.items()}

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            **kafka_options(self._connection), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            await self._begin(consumer)
            await self._follow(consumer)
        finally:
            await close(consumer)

    async def _begin(self, consumer: AIOKafkaConsumer) -> None:
        wanted = await partitions(self._connection, self._decoders)
        missing = sorted(set(self._decoders) - {place.topic for place in wanted})
        if missing:
            servers = self._connection.servers
            raise NotReading(f"{servers} lacks the topics {', '.join(missing)}; create the catalogue's topics first")
        consumer.assign(wanted)
        fresh = [place for place in wanted if place not in self._places]
        if fresh:
            self._places |= await first_places(consumer, fresh, self._back_seconds)
        self._ends = dict(await consumer.end_offsets(wanted))
        for place in wanted:
            # A topic that was made anew ends before the place where it was left.
            self._places[place] = min(self._places[place], self._ends[place])
            consumer.seek(place, self._places[place])

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        heard = time.monotonic()
        while True:
            batches = await consumer.getmany(timeout_ms=_BATCH_MS, max_records=_BATCH)
            now = time.monotonic()
            if batches:
                heard = now
                self._say("")
            elif now - heard > STILL_SECONDS:
                self._say(f"no record came from {self._connection.servers} for {STILL_SECONDS:.0f} s")
                raise NotReading(self._trouble)
            for place, messages in batches.items():
                self._take(place, messages)
                self._ends[place] = consumer.highwater(place) or self._ends[place]
            # A long way to catch up must not keep the page from its clients.
            await asyncio.sleep(0)

    def _take(self, place: TopicPartition, messages: list[Any]) -> None:
        decode, take = self._decoders[place.topic].decode, self._picture.take
        for message in messages:
            found = decode(message.value)
            if found is not None:
                take(*found, message.timestamp)
        self._places[place] = messages[-1].offset + 1
        self.taken[place.topic] += len(messages)

    def _say(self, trouble: str) -> None:
        if bool(trouble) != bool(self._trouble) or (trouble and trouble != self._trouble):
            (log.warning if trouble else log.info)("not reading" if trouble else "reading", reason=trouble)
        self._trouble = trouble
