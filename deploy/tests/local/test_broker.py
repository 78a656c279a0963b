from collections.abc import Iterator
from dataclasses import replace

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from tacho.local.broker import LocalBroker
from tacho.local.layout import jars_folder
from tacho.local.ports import answers, free_port
from tacho.local.topics import ensure_topics
from tacho_contracts.catalogue import load_catalogue

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBroker]:
    with LocalBroker(tmp_path_factory.mktemp("broker"), free_port(), jars_folder() / "broker") as running:
        yield running


def test_topics_are_created_once_and_found_right_the_second_time(own_broker: LocalBroker) -> None:
    admin = AdminClient({"bootstrap.servers": own_broker.servers})
    topics = load_catalogue().topics
    assert set(ensure_topics(admin, topics.values())) == set(topics)
    assert ensure_topics(admin, topics.values()) == []


def test_every_partition_answers_as_soon_as_its_topic_is_made(own_broker: LocalBroker) -> None:
    admin = AdminClient({"bootstrap.servers": own_broker.servers})
    topic = load_catalogue().topics["alert-data"]
    # Many at once, so that the broker says who leads the last of them long before it serves it.
    fresh = [replace(topic, name=f"fresh-{number}") for number in range(20)]
    ensure_topics(admin, fresh)
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    asked = {TopicPartition(one.name, number): latest for one in fresh for number in range(one.partitions)}
    answers = admin.list_offsets(asked, request_timeout=10)
    assert [future.exception() for future in answers.values()] == [None] * len(asked)


def test_a_killed_broker_comes_back_with_its_topics_and_leaves_no_port(own_broker: LocalBroker) -> None:
    ensure_topics(AdminClient({"bootstrap.servers": own_broker.servers}), load_catalogue().topics.values())
    own_broker.kill()
    assert not answers(own_broker.port)
    own_broker.start()
    assert ensure_topics(AdminClient({"bootstrap.servers": own_broker.servers}), load_catalogue().topics.values()) == []
