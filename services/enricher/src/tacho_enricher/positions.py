"""How far a query has got, measured so that "nothing is waiting" is only said when it is true."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection
from tacho_contracts.errors import Rejected
from tacho_enricher.enrich import GOOD_TOPIC, REJECT_TOPIC, SERVICE
from tacho_enricher.kafka_options import librdkafka_options

Offsets = Mapping[tuple[str, int], int]
"""Next offset by topic and partition."""

TIMEOUT_SECONDS = 5.0
# A dead letter carries the whole original, which the topic allows up to 64 KiB of.
_DEAD_LETTER_BYTES = 262_144


class Position(Protocol):
    """Next offset to be processed; everything before it is on the output topics."""

    def processed(self) -> Offsets:
        """By input partition."""
        ...


class LogEnds:
    """First and next offsets of topics, as the broker has them now. Raises KafkaException when it does not answer."""

    def __init__(self, connection: Connection) -> None:
        self._admin = AdminClient(librdkafka_options(connection))

    def partitions(self, topic: str) -> list[int]:
        """The partition numbers of a topic."""
        metadata = self._admin.list_topics(topic, timeout=TIMEOUT_SECONDS)
        return sorted(metadata.topics[topic].partitions)

    def beginning(self, topic: str) -> dict[tuple[str, int], int]:
        """Offset of the oldest record kept."""
        return self._offsets([topic], OffsetSpec.earliest())  # type: ignore[no-untyped-call]

    def end(self, *topics: str) -> dict[tuple[str, int], int]:
        """Offset the next record will have."""
        return self._offsets(topics, OffsetSpec.latest())  # type: ignore[no-untyped-call]

    def _offsets(self, topics: Iterable[str], which: Any) -> dict[tuple[str, int], int]:
        wanted = {TopicPartition(topic, number): which for topic in topics for number in self.partitions(topic)}
        found = self._admin.list_offsets(wanted, request_timeout=TIMEOUT_SECONDS)
        return {(place.topic, place.partition): future.result().offset for place, future in found.items()}


class DeadLetters:
    """Follows the dead-letter topic from now on: how many came from each input partition, and why."""

    def __init__(self, connection: Connection, ends: LogEnds) -> None:
        self.by_source: Counter[tuple[str, int]] = Counter()
        self.by_reason: Counter[str] = Counter()
        self._codec = Codec("DeadLetter", max_bytes=_DEAD_LETTER_BYTES)
        self._consumer = Consumer(
            librdkafka_options(connection) | {"group.id": "tacho-enricher-status", "enable.auto.commit": False}
        )
        self._next = ends.end(REJECT_TOPIC)
        self._consumer.assign([TopicPartition(topic, number, at) for (topic, number), at in self._next.items()])

    def read_to(self, ends: Offsets) -> bool:
        """Take in what is below `ends`; False when the broker did not hand all of it over in time."""
        while any(self._next[place] < ends[place] for place in self._next):
            messages = self._consumer.consume(500, timeout=1.0)
            if not messages:
                return False
            for message in messages:
                topic, number, offset = message.topic(), message.partition(), message.offset()
                if message.error() or topic is None or number is None or offset is None:
                    return False
                self._next[topic, number] = offset + 1
                self._count(message.value())
        return True

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _count(self, value: bytes | None) -> None:
        try:
            letter = self._codec.decode(value)
        except Rejected:
            return
        if letter["service"] == SERVICE:
            self.by_source[letter["source_topic"], letter["source_partition"]] += 1
            self.by_reason[letter["reason"]] += 1


class CountedPosition:
    """Position of a real-time query, which reports nothing before its epoch ends: counted on the output topics.

    Within one run every input record becomes exactly one output record, so the position is where the run started
    plus what came out since. Good samples keep their partition number, dead letters carry their source.
    Only valid with this process as the one writer, constructed before its query starts.
    """

    def __init__(self, start: Offsets, ends: LogEnds, dead_letters: DeadLetters) -> None:
        self._start = start
        self._ends = ends
        self._dead_letters = dead_letters
        self._first = ends.end(GOOD_TOPIC)
        self._last: Offsets = start

    def processed(self) -> Offsets:
        """By input partition; the last known when dead letters could not be read in time."""
        now = self._ends.end(GOOD_TOPIC, REJECT_TOPIC)
        if self._dead_letters.read_to({place: end for place, end in now.items() if place[0] == REJECT_TOPIC}):
            self._last = {
                (topic, number): start
                + now[GOOD_TOPIC, number]
                - self._first[GOOD_TOPIC, number]
                + self._dead_letters.by_source[topic, number]
                for (topic, number), start in self._start.items()
            }
        return self._last


class CommittedPosition:
    """Position of a micro-batch query: where its newest finished batch ended, or where it started."""

    def __init__(self, start: Offsets, finished: Callable[[], Offsets]) -> None:
        self._start = start
        self._finished = finished

    def processed(self) -> Offsets:
        """By input partition."""
        return {**self._start, **self._finished()}


def lag(ends: Offsets, processed: Offsets) -> dict[str, int]:
    """Records waiting, by "topic/partition". The sum is 0 only when everything is processed.

    A record that its sender put on another partition than its key's leaves its output elsewhere, so single
    partitions may be out while the total is right.
    """
    waiting = {place: end - processed.get(place, 0) for place, end in ends.items()}
    if sum(waiting.values()) <= 0:
        waiting = dict.fromkeys(waiting, 0)
    return {f"{topic}/{number}": max(0, count) for (topic, number), count in sorted(waiting.items())}
