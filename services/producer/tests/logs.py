"""Making and reading the log on a real broker."""

import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import HEADER_BYTES, header


def make_empty(broker: Any) -> None:
    """Make the topics afresh, and wait until clients see them: the broker's metadata trails the controller's."""

    def made() -> bool:
        try:
            broker.create_topics()
        except KafkaException:
            return False
        return True

    wait_for("making the topics", made)
    wait_for("seeing the topics", lambda: set(load_catalogue().topics) <= topics_seen(broker))


def topics_seen(broker: Any) -> set[str]:
    return set(AdminClient({"bootstrap.servers": broker.servers}).list_topics(timeout=10).topics)


def samples(servers: str) -> list[Any]:
    """Every sample in the log now; a heartbeat is none."""
    return [message for message in records(servers, "sensors-sample") if not is_heartbeat(message)]


def heartbeats(servers: str) -> list[Any]:
    """Every heartbeat in the log now."""
    return [message for message in records(servers, "sensors-sample") if is_heartbeat(message)]


def is_heartbeat(message: Any) -> bool:
    return bool(message.value()[:HEADER_BYTES] == header("Heartbeat"))


def records(servers: str, topic: str) -> list[Any]:
    """Every record on the topic now."""
    options = {"bootstrap.servers": servers, "group.id": "test", "enable.partition.eof": True}
    consumer = Consumer(options | {"auto.offset.reset": "earliest"})
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    found, ended, deadline = [], 0, time.monotonic() + 30
    while ended < len(partitions):
        assert time.monotonic() < deadline, f"{topic} was not read to its end in 30 s"
        for message in consumer.consume(1000, timeout=0.5):
            if message.error():
                ended += 1
            else:
                found.append(message)
    consumer.close()
    return found


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in 30 s"
        time.sleep(0.02)
