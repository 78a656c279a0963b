"""Fixtures of the whole tree: a real broker and the jars that it and Spark need."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tacho.local.broker import LocalBroker
from tacho.local.ports import free_port
from tacho_contracts.catalogue import load_catalogue

METADATA_SECONDS = 30.0


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
        present = self._visible() & set(load_catalogue().topics)
        if present:
            for future in self._admin.delete_topics(list(present), operation_timeout=30).values():
                future.result(timeout=30)
        _until(lambda: not self._visible() & present, f"{sorted(present)} are gone")

    def _create(self, topics: list[NewTopic]) -> None:
        for future in self._admin.create_topics(topics, operation_timeout=30).values():
            future.result(timeout=30)
        # What the controller has created, clients see only when the broker's metadata follows.
        names = {topic.topic for topic in topics}
        _until(lambda: names <= self._visible(), f"{sorted(names)} are there")

    def _visible(self) -> set[str]:
        metadata = self._admin.list_topics(timeout=10)
        return {
            name
            for name, topic in metadata.topics.items()
            if not topic.error and all(partition.leader >= 0 for partition in topic.partitions.values())
        }


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + METADATA_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {METADATA_SECONDS:.0f} s in vain until {what}"
        time.sleep(0.02)


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
