"""Fixtures of the whole tree: a real broker and the jars that it and Spark need."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tacho.local.broker import LocalBroker
from tacho.local.ports import free_port
from tacho_contracts.catalogue import load_catalogue


class RunningBroker:
    """A broker that runs for the whole test session, and what tests ask of it."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self._admin = AdminClient({"bootstrap.servers": servers})

    def create_topic(self, name: str, partitions: int = 1) -> None:
        """A topic of the given name, usable when this returns."""
        self._create([NewTopic(name, num_partitions=partitions, replication_factor=1)])

    def create_topics(self) -> None:
        """Every catalogue topic, empty: what was on it before is gone."""
        self.delete_topics()
        self._create(
            [
                NewTopic(topic.name, topic.partitions, replication_factor=1, config=dict(topic.config))
                for topic in load_catalogue().topics.values()
            ]
        )

    def delete_topics(self) -> None:
        """Remove every catalogue topic that is there."""
        present = set(self._admin.list_topics(timeout=10).topics) & set(load_catalogue().topics)
        if present:
            for future in self._admin.delete_topics(list(present), operation_timeout=30).values():
                future.result(timeout=30)

    def _create(self, topics: list[NewTopic]) -> None:
        for future in self._admin.create_topics(topics, operation_timeout=30).values():
            future.result(timeout=30)


def _jars(group: str) -> Path:
    root = Path(os.environ.get("TACHO_JARS", Path(__file__).parent / ".tacho" / "jars"))
    folder = root / group
    if not any(folder.glob("*.jar")):
        pytest.fail(f"there are no jars in {folder}; fetch them with `make jars`")
    return folder


@pytest.fixture(scope="session")
def spark_jars() -> Path:
    """The folder of the connector jars that Spark needs on top of pyspark."""
    return _jars("spark")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    """One real broker for all tests of the session."""
    with LocalBroker(tmp_path_factory.mktemp("broker"), free_port(), _jars("broker")) as local:
        yield RunningBroker(local.servers)
