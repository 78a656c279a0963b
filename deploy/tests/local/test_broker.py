from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient

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


def test_a_killed_broker_comes_back_with_its_topics_and_leaves_no_port(own_broker: LocalBroker) -> None:
    ensure_topics(AdminClient({"bootstrap.servers": own_broker.servers}), load_catalogue().topics.values())
    own_broker.kill()
    assert not answers(own_broker.port)
    own_broker.start()
    assert ensure_topics(AdminClient({"bootstrap.servers": own_broker.servers}), load_catalogue().topics.values()) == []
