"""Topics read back from a real broker."""

from typing import Any

import pytest
from confluent_kafka import Producer

from benchmarks.results.reading import read_topics
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection

pytestmark = pytest.mark.broker


def test_every_topic_is_read_back_by_time_and_what_is_no_record_is_kept_with_the_reason(broker: Any) -> None:
    broker.create_topics()
    producer = Producer({"bootstrap.servers": broker.servers})
    for at in (1_795_000_060_000, 1_795_000_000_000):
        producer.produce("sensors-sample", Codec("Heartbeat").encode({"at": at}), timestamp=at, partition=at % 7 % 6)
    producer.produce("sensors-sample", b"no record", b"key", timestamp=1_795_000_030_000)
    assert producer.flush(30) == 0
    said: list[str] = []
    topics = read_topics(Connection(servers=broker.servers), said.append)
    assert topics.keys() == load_catalogue().topics.keys()
    found = [(entry.kind, entry.content) for entry in topics["sensors-sample"]]
    assert [kind for kind, _ in found] == ["Heartbeat", "", "Heartbeat"]
    assert (found[0][1]["at"], found[2][1]["at"]) == (1_795_000_000_000, 1_795_000_060_000)
    assert (found[1][1]["begins"], bool(found[1][1]["reason"])) == ("no record", True)
    assert said == [f"read back 3 records of {len(topics)} topics"]
