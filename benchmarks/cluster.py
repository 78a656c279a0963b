"""The one broker of a workload, and what the harness asks of it: fresh topics, end offsets, whole outputs."""

import os
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]
from confluent_kafka.cimpl import NewTopic

from benchmarks.comparison import Output, record_hash
from tacho.local.broker import READY_SECONDS, LocalBroker
from tacho.local.ports import free_port
from tacho.local.process import Process, wait_ready
from tacho_contracts.catalogue import load_catalogue

REPOSITORY = Path(__file__).parents[1]
JARS = Path(os.environ.get("TACHO_JARS") or REPOSITORY / ".tacho" / "jars")
_BATCH = 10_000
_TIMEOUT_SECONDS = 30.0
_END: Any = OffsetSpec.latest()  # type: ignore[no-untyped-call]


class Volume(NamedTuple):
    """How much is on a topic; the bytes are those of keys and values, before any compression."""

    records: int
    bytes: int


class Cluster:
    """A throw-away broker with every catalogue topic."""

    def __init__(self, folder: Path) -> None:
        self._broker = LocalBroker(folder / "broker", free_port(), JARS / "broker")
        self._catalogue = load_catalogue().topics

    def __enter__(self) -> "Cluster":
        self._broker.prepare()
        self._process = Process(self._broker.spec())
        try:
            wait_ready(self._process, self._broker.is_ready, READY_SECONDS)
        except BaseException:
            self._process.kill()
            raise
        self._admin = AdminClient({"bootstrap.servers": self.servers})
        self.recreate(self._catalogue)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    @property
    def pid(self) -> int:
        """The broker's process."""
        return self._process.pid

    @property
    def servers(self) -> str:
        """Bootstrap servers."""
        return self._broker.servers

    def recreate(self, topics: Iterable[str]) -> None:
        """Leave these catalogue topics empty, with the catalogue's partitions and settings."""
        names = set(topics)
        present = list(names & self._present())
        for future in self._admin.delete_topics(present).values() if present else ():
            future.result(_TIMEOUT_SECONDS)
        # The answers come from the controller. A broker that has not heard of both yet takes records for the old
        # topic, confirms them, and throws them away.
        self._wait(lambda: not names & self._present())
        wanted = [self._catalogue[name] for name in names]
        for future in self._admin.create_topics(
            [NewTopic(topic.name, topic.partitions, 1, config=dict(topic.config)) for topic in wanted]
        ).values():
            future.result(_TIMEOUT_SECONDS)
        self._wait(lambda: names <= self._present())

    def _present(self) -> set[str]:
        return set(self._admin.list_topics(timeout=_TIMEOUT_SECONDS).topics)

    def _wait(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError("the broker does not take note of its topics")
            time.sleep(0.02)

    def ends(self, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        """The end offset of every partition: the number of records, as nothing is ever deleted here."""
        partitions = [
            TopicPartition(name, number) for name in topics for number in range(self._catalogue[name].partitions)
        ]
        asked = self._admin.list_offsets(dict.fromkeys(partitions, _END), request_timeout=10)
        ends = {}
        for partition, future in asked.items():
            # A topic that has just been created may not have its leader yet: nothing is on it then.
            with suppress(KafkaException):
                ends[partition.topic, partition.partition] = int(future.result().offset)
        return ends

    def count(self, topic: str) -> int:
        """Records on a topic."""
        return sum(self.ends([topic]).values())

    def committed(self, group: str, topic: str) -> int:
        """How many records of a topic lie before the group's commits."""
        partitions = [TopicPartition(topic, number) for number in range(self._catalogue[topic].partitions)]
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group, partitions)])
        # A group that is just being made may not have its coordinator yet: nothing is committed then.
        with suppress(KafkaException):
            return sum(max(0, found.offset) for found in asked[group].result(_TIMEOUT_SECONDS).topic_partitions)
        return 0

    def read(self, topics: Sequence[str]) -> Iterable[list[Message]]:
        """Everything that is on the topics now, in batches; each partition in order."""
        ends = {place: end for place, end in self.ends(topics).items() if end}
        consumer = Consumer(
            {"bootstrap.servers": self.servers, "group.id": "reader", "enable.auto.commit": False}
            | {"queued.max.messages.kbytes": 65536, "fetch.max.bytes": 16_000_000}
        )
        try:
            consumer.assign([TopicPartition(topic, number, 0) for topic, number in ends])
            missing = sum(ends.values())
            while missing > 0:
                batch = consumer.consume(min(_BATCH, missing), timeout=_TIMEOUT_SECONDS)
                if not batch:
                    raise TimeoutError(f"{missing} records of {', '.join(topics)} did not come")
                missing -= len(batch)
                yield batch
        finally:
            consumer.close()

    def volume(self, topic: str) -> Volume:
        """How much is on a topic."""
        sizes = [
            len(message.key() or b"") + len(message.value() or b"") for batch in self.read([topic]) for message in batch
        ]
        return Volume(len(sizes), sum(sizes))

    def output(self, topics: Sequence[str]) -> Output:
        """What is on the topics, ready to be compared."""
        found: dict[tuple[str, bytes], array[int]] = {}
        for batch in self.read(topics):
            for message in batch:
                # What has no key (a heartbeat) is in order on its partition.
                place = (message.topic() or "", message.key() or b"none, partition %d" % (message.partition() or 0))
                values = found.get(place)
                if values is None:
                    values = found[place] = array("q")
                values.append(record_hash(message.value() or b""))
        return found
