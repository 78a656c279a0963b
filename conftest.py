"""Fixtures of the whole tree: a real broker and the jars that it and Spark need."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tacho.local.broker import LocalBroker
from tacho.local.layout import jars_folder
from tacho.local.ports import free_port
from tacho.local.topics import await_served, ensure_topics, visible_topics
from tacho_contracts.catalogue import Topic, load_catalogue

METADATA_SECONDS = 30.0
FOR_EVER = {"retention.ms": "-1"}


def kept_for_ever(topics: Iterable[Topic]) -> list[Topic]:
    """The same topics without an end to what they keep.

    Records in tests have fixed times, and a broker deletes by these: a week after such a time its records would be gone
    in the middle of a test.
    """
    return [
        replace(topic, config={**topic.config, **FOR_EVER}) if "retention.ms" in topic.config else topic
        for topic in topics
    ]


class RunningBroker:
    """A broker that runs for the whole test session, and what tests ask of it."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self._admin = AdminClient({"bootstrap.servers": servers})

    def create_topic(self, name: str, partitions: int = 1) -> None:
        """A topic of the given name, usable when this returns."""
        request = NewTopic(name, num_partitions=partitions, replication_factor=1, config=FOR_EVER)
        self._admin.create_topics([request], operation_timeout=30)[name].result(timeout=30)
        await_served(self._admin, {name})

    def create_topics(self, *, for_ever: bool = True) -> None:
        """Every catalogue topic, empty: what was on it before is gone; `for_ever` or as long as the catalogue says."""
        self.delete_topics()
        topics = load_catalogue().topics.values()
        ensure_topics(self._admin, kept_for_ever(topics) if for_ever else topics)

    def recreate_topics(self, *names: str) -> None:
        """These topics of the catalogue, empty; the others stay as they are."""
        self.delete_topics(*names)
        ensure_topics(self._admin, kept_for_ever(load_catalogue().topics[name] for name in names))

    def delete_topics(self, *names: str) -> None:
        """Remove these topics, or every one of the catalogue, where they are there."""
        present = visible_topics(self._admin) & set(names or load_catalogue().topics)
        if present:
            for future in self._admin.delete_topics(list(present), operation_timeout=30).values():
                future.result(timeout=30)
        _until(lambda: not visible_topics(self._admin) & present, f"{sorted(present)} are gone")


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + METADATA_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {METADATA_SECONDS:.0f} s in vain until {what}"
        time.sleep(0.02)


def _jars(group: str) -> Path:
    folder = jars_folder() / group
    if not any(folder.glob("*.jar")):
        pytest.fail(f"there are no jars in {folder}; fetch them with `make jars`")
    return folder


@pytest.fixture(scope="session")
def spark_jars() -> Path:
    """The folder of the connector jars that Spark needs on top of pyspark."""
    return _jars("kafka")


@pytest.fixture(scope="session")
def broker_jars() -> Path:
    """The folder of the broker's jars."""
    return _jars("broker")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory, broker_jars: Path) -> Iterator[RunningBroker]:
    """One real broker for all tests of the session."""
    with LocalBroker(tmp_path_factory.mktemp("broker"), free_port(), broker_jars) as local:
        yield RunningBroker(local.servers)
