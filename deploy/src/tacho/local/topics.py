"""Topics on a broker as the catalogue wants them: created when absent, refused when they differ."""

import os
import time
from collections.abc import Iterable, Mapping, Set

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    OffsetSpec,
    ResourceType,
)
from confluent_kafka.cimpl import NewTopic

from tacho.errors import NoBrokerError, TachoError, UsageError
from tacho.local.process import POLL_SECONDS
from tacho_contracts.catalogue import Topic

TIMEOUT_SECONDS = 30
_ANSWER_SECONDS = 10


def replication_factor() -> int:
    """TACHO_REPLICATION_FACTOR: 1 on one machine (the default), 3 on a real cluster. Raises UsageError for no count."""
    text = os.environ.get("TACHO_REPLICATION_FACTOR", "1")
    if not (text.isascii() and text.isdigit() and int(text)):
        raise UsageError(f"TACHO_REPLICATION_FACTOR is {text!r}: it must be a whole number from 1 on.")
    return int(text)


def require_broker(admin: AdminClient, servers: str) -> None:
    """Raise NoBrokerError when nobody answers at `servers`."""
    try:
        admin.list_topics(timeout=_ANSWER_SECONDS)
    except KafkaException as error:
        raise NoBrokerError(servers) from error


def ensure_topics(admin: AdminClient, topics: Iterable[Topic]) -> list[str]:
    """Create the absent ones, every partition served by its leader on return; their names.

    Raises TachoError for one that is there with other settings, or that is not served after 30 s.
    """
    wanted = {topic.name: topic for topic in topics}
    present = admin.list_topics(timeout=TIMEOUT_SECONDS).topics
    for name in wanted.keys() & present.keys():
        partitions = len(present[name].partitions)
        require_same(wanted[name], partitions, _config(admin, name))
    absent = [topic for name, topic in wanted.items() if name not in present]
    _create(admin, absent)
    await_served(admin, wanted.keys())
    return [topic.name for topic in absent]


def require_same(topic: Topic, partitions: int, config: Mapping[str, str]) -> None:
    """Raise TachoError when a topic that exists is not as the catalogue says."""
    if partitions != topic.partitions:
        raise TachoError(
            f"Topic {topic.name} has {partitions} partitions and the catalogue says {topic.partitions}: partition "
            f"counts are fixed for life, so start with an empty broker (`make clean`) or put the catalogue back."
        )
    for key, value in topic.config.items():
        if key in config and config[key] != value:
            raise TachoError(
                f"Topic {topic.name} has {key}={config[key]} and the catalogue says {value}: set one to the other."
            )


def visible_topics(admin: AdminClient) -> set[str]:
    """The topics a client can use now: known to the broker's metadata, with a leader for every partition."""
    return {
        name
        for name, topic in admin.list_topics(timeout=TIMEOUT_SECONDS).topics.items()
        if topic.partitions and not topic.error and all(part.leader >= 0 for part in topic.partitions.values())
    }


def await_served(admin: AdminClient, names: Set[str]) -> None:
    """Return when the leader of every partition of these topics answers. Raises TachoError after 30 s.

    A broker names itself as a leader before it serves the partition. Should it refuse a new producer's first batch and
    take the second, it accepts that one's sequence as the first it knows of, and the records change places.
    """
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while hidden := names - visible_topics(admin) or _unserved(admin, names):
        if time.monotonic() > deadline:
            raise TachoError(f"The broker created {', '.join(sorted(hidden))} but does not serve them: see its log.")
        time.sleep(POLL_SECONDS)


def _unserved(admin: AdminClient, names: Set[str]) -> set[str]:
    """The topics with a partition whose leader does not tell its end offset."""
    known = admin.list_topics(timeout=TIMEOUT_SECONDS).topics
    asked = {TopicPartition(name, part): OffsetSpec.latest() for name in names for part in known[name].partitions}  # type: ignore[no-untyped-call]
    answers = admin.list_offsets(asked, request_timeout=_ANSWER_SECONDS)
    return {asked.topic for asked, answer in answers.items() if answer.exception() is not None}


def _config(admin: AdminClient, name: str) -> dict[str, str]:
    resource = ConfigResource(ResourceType.TOPIC, name)
    try:
        entries = admin.describe_configs([resource])[resource].result(timeout=TIMEOUT_SECONDS)
    except KafkaException as error:
        raise TachoError(f"The settings of topic {name} could not be read: {error.args[0].str()}") from error
    return {key: str(entry.value) for key, entry in entries.items()}


def _create(admin: AdminClient, topics: list[Topic]) -> None:
    if not topics:
        return
    factor = replication_factor()
    requests = [
        NewTopic(topic.name, topic.partitions, replication_factor=factor, config=dict(topic.config)) for topic in topics
    ]
    for name, created in admin.create_topics(requests).items():
        try:
            created.result(timeout=TIMEOUT_SECONDS)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise TachoError(f"Topic {name} could not be created: {error.args[0].str()}") from error
