"""The three ways to run `enrich`, on a real broker: the same records, in the same order, on the same partitions."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition
from pyspark.sql import SparkSession

from tacho_contracts.codec import HEADER_BYTES, Codec, header
from tacho_contracts.connection import Connection
from tacho_enricher.dims import Dims
from tacho_enricher.enrich import enriched, outgoing
from tacho_enricher.positions import CountedPosition, DeadLetters, LogEnds, lag
from tacho_enricher.settings import Trigger
from tacho_enricher.streams import Schedule, read_topic, start_query

pytestmark = [pytest.mark.spark, pytest.mark.broker]

PARTITIONS = 2
CARS = (8459042, 6572047, 1000001, 7654321)
NOW = 1_795_340_000_040
BEATS = 3
GOOD, BAD = 96 + PARTITIONS * BEATS, 24
DEADLINE_SECONDS = 120

Letters = dict[bytes, bytes]
Passed = dict[int, list[tuple[bytes | None, bytes]]]
"""Key and value of what came out good, by partition."""


class Broker(Protocol):
    servers: str

    def create_topic(self, name: str, partitions: int = 1) -> None: ...

    def delete_topics(self) -> None: ...


def records() -> Iterator[tuple[str, bytes | None]]:
    """Good samples of four cars in Avro and JSON, with a bad one after every fourth."""
    codec = Codec("SensorSample")
    bad: list[bytes | None] = [None, b"", b"junk", codec.encode(sample(CARS[0], 1))[:-1], bytes(5000), b'{"speed": 1}']
    for sequence in range(1, 25):
        for car in CARS:
            good = sample(car, sequence)
            yield str(car), codec.encode(good) if sequence % 2 else json.dumps(good).encode()
        yield str(CARS[sequence % 4]), bad[sequence % len(bad)]


def sample(car_id: int, sequence: int) -> dict[str, Any]:
    event = {"event_id": f"{car_id}-{sequence}", "car_id": car_id, "sequence": sequence}
    return {**event, "event_time": NOW + sequence, "speed": 2.5 * sequence, "rpm": 2000, "gear": sequence % 7}


@pytest.fixture(scope="module")
def log(broker: Broker) -> Connection:
    """The log with all records on it, heartbeats among them, and empty topics for what comes out."""
    broker.delete_topics()
    for name in ("sensors-sample", "samples-enriched"):
        broker.create_topic(name, PARTITIONS)
    broker.create_topic("dead-letters", 1)
    producer = Producer({"bootstrap.servers": broker.servers, "partitioner": "murmur2_random"})
    for place, (key, value) in enumerate(records()):
        producer.produce("sensors-sample", value, key, timestamp=NOW)
        if place % 40 == 20:
            beat = Codec("Heartbeat").encode({"at": NOW + place})
            for number in range(PARTITIONS):
                producer.produce("sensors-sample", beat, partition=number, timestamp=NOW + place)
    assert producer.flush(30) == 0
    return Connection(servers=broker.servers)


def consumed(connection: Connection, topic: str, since: dict[tuple[str, int], int], count: int) -> list[Message]:
    """The next `count` records of a topic, and any that come at once behind them."""
    consumer = Consumer({"bootstrap.servers": connection.servers, "group.id": "test", "enable.auto.commit": False})
    consumer.assign([TopicPartition(name, number, at) for (name, number), at in since.items() if name == topic])
    found: list[Message] = []
    deadline = time.monotonic() + DEADLINE_SECONDS
    while len(found) < count and time.monotonic() < deadline:
        found += [message for message in consumer.consume(500, timeout=1.0) if not message.error()]
    found += consumer.consume(500, timeout=1.0)
    consumer.close()
    return found


@pytest.fixture(scope="module")
def outcome(
    spark: SparkSession, dims: Dims, log: Connection, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Trigger], tuple[Passed, Letters]]:
    """What one mode makes of the whole log, run once for each."""
    known: dict[Trigger, tuple[Passed, Letters]] = {}

    def run(trigger: Trigger) -> tuple[Passed, Letters]:
        if trigger not in known:
            since = LogEnds(log).end("samples-enriched", "dead-letters")
            rows = outgoing(enriched(read_topic(spark, log, "sensors-sample"), dims, 120))
            checkpoint = tmp_path_factory.mktemp(trigger.value) / "checkpoint"
            seconds = 300 if trigger is Trigger.REALTIME else 0
            query = start_query(rows, log, trigger.value, str(checkpoint), Schedule(trigger, seconds))
            try:
                passed = consumed(log, "samples-enriched", since, GOOD)
                letters = consumed(log, "dead-letters", since, BAD)
            finally:
                query.stop()
            by_partition: Passed = {}
            for message in passed:
                by_partition.setdefault(message.partition() or 0, []).append((message.key(), message.value() or b""))
            known[trigger] = by_partition, {message.key(): message.value() for message in letters}
        return known[trigger]

    return run


Outcome = Callable[[Trigger], tuple[Passed, Letters]]


def is_heartbeat(value: bytes | None) -> bool:
    return (value or b"")[:HEADER_BYTES] == header("Heartbeat")


def test_every_record_comes_out_once_of_real_time_mode(outcome: Outcome) -> None:
    passed, letters = outcome(Trigger.REALTIME)
    codec = Codec("EnrichedSample")
    events = [codec.decode(value)["event_id"] for part in passed.values() for key, value in part if key]
    assert sorted(events) == sorted(f"{car}-{sequence}" for car in CARS for sequence in range(1, 25))
    assert len(letters) == BAD


def test_a_heartbeat_comes_out_as_it_was_between_the_same_samples_of_its_partition(
    outcome: Outcome, log: Connection
) -> None:
    passed, letters = outcome(Trigger.REALTIME)
    everything = dict.fromkeys([("sensors-sample", number) for number in range(PARTITIONS)], 0)
    sent: dict[int, list[bytes | None]] = {number: [] for number in range(PARTITIONS)}
    for message in consumed(log, "sensors-sample", everything, GOOD + BAD):
        place = f"{message.topic()}/{message.partition()}/{message.offset()}".encode()
        if place not in letters:
            heartbeat = is_heartbeat(message.value())
            sent[message.partition() or 0].append(message.value() if heartbeat else message.key())
    assert {part: [key or value for key, value in rows] for part, rows in passed.items()} == sent
    assert all(sum(key is None for key, _ in rows) == BEATS for rows in passed.values())


@pytest.mark.parametrize("trigger", [Trigger.MICRO, Trigger.AVAILABLE_NOW])
def test_other_modes_give_the_same_bytes_in_the_same_order(outcome: Outcome, trigger: Trigger) -> None:
    assert outcome(trigger) == outcome(Trigger.REALTIME)


def test_spark_puts_a_car_on_the_partition_librdkafka_puts_it_on(outcome: Outcome, log: Connection) -> None:
    everything = dict.fromkeys([("sensors-sample", number) for number in range(PARTITIONS)], 0)
    sent = {m.key(): m.partition() for m in consumed(log, "sensors-sample", everything, GOOD + BAD) if m.key()}
    passed, _ = outcome(Trigger.REALTIME)
    assert len(passed) == PARTITIONS
    assert {key: part for part, rows in passed.items() for key, _ in rows if key} == sent


def test_a_real_time_query_is_waiting_for_nothing_only_when_all_is_out(
    spark: SparkSession, dims: Dims, log: Connection, tmp_path: Path
) -> None:
    ends = LogEnds(log)
    dead_letters = DeadLetters(log, ends)
    position = CountedPosition(ends.beginning("sensors-sample"), ends, dead_letters)
    total = sum(ends.end("sensors-sample").values())
    assert sum(lag(ends.end("sensors-sample"), position.processed()).values()) == total
    rows = outgoing(enriched(read_topic(spark, log, "sensors-sample"), dims, 120))
    query = start_query(rows, log, "measured", str(tmp_path / "c"), Schedule(Trigger.REALTIME, 300))
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        waiting = total
        while waiting and time.monotonic() < deadline:
            waiting = sum(lag(ends.end("sensors-sample"), position.processed()).values())
        assert waiting == 0
        assert dead_letters.by_reason.total() == BAD
    finally:
        query.stop()
        dead_letters.close()
