"""Reading a partition's state back from alerter-state: everything there is, then the newest of each car."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient

from tacho_alerter.engine.car import Car, Sample
from tacho_alerter.kafka_options import groupless
from tacho_alerter.state.records import restored_car
from tacho_contracts.codec import Codec

STATE_TOPIC = "alerter-state"
POSITION_KEY = b"position"
STATE_BYTES = 65_536
"""The topic's max.message.bytes: no state is larger."""
_ANSWER_SECONDS = 10.0


class StateError(Exception):
    """The state in alerter-state cannot be used; the process must not start from it. The text says what to do."""


class Restored(NamedTuple):
    """A partition as its states tell it."""

    position: int | None
    """Offset in samples-enriched to go on from; None where nothing was ever written: from the beginning."""
    time: int
    """Log time there, ms."""
    cars: list[Car]
    """Some may be further on than the position: what they have seen already are repeats to them."""


class StateFold:
    """The states of one partition, taken from its records in any number of repeats and any order of writers. Pure."""

    def __init__(self, decode_sample: Callable[[bytes], Sample]) -> None:
        self._decode_sample = decode_sample
        self._car_codec = Codec("CarState", max_bytes=STATE_BYTES)
        self._position_codec = Codec("PartitionPosition")
        self._position: dict[str, Any] | None = None
        # Cars and not their records: the records of a large fleet would be several times as much memory.
        self._cars: dict[int, tuple[int, Car]] = {}

    def add(self, key: bytes, value: bytes) -> None:
        """One record of the partition. Raises Rejected when it is no state, or a waiting sample in it is none."""
        # Not the last one counts but the furthest: a worker that lost the partition may write a little longer.
        if key == POSITION_KEY:
            found = self._position_codec.decode(value)
            if self._position is None or found["position"] >= self._position["position"]:
                self._position = found
        else:
            state = self._car_codec.decode(value)
            known = self._cars.get(state["car_id"])
            if known is None or state["position"] >= known[0]:
                self._cars[state["car_id"]] = state["position"], restored_car(state, self._decode_sample)

    def restored(self, log: str, log_id: str) -> Restored:
        """What there is to go on from. Raises StateError when it is not of the topic `log` with this id."""
        position = self._position
        if position is None:
            # States without a position were written by a first saving that did not end: nothing is known to be done.
            return Restored(None, 0, [])
        if position["log"] != log_id:
            raise StateError(
                f"{STATE_TOPIC}, partition {position['partition']}, holds the state of another {log} "
                f"({position['log']}, this one is {log_id}); delete {STATE_TOPIC} and make it anew to judge this log "
                f"from its beginning"
            )
        return Restored(position["position"], position["time"], [car for _, car in self._cars.values()])


class StateReader:
    """Reads states of the log `samples-enriched` of one cluster, without a consumer group."""

    def __init__(
        self, options: Mapping[str, Any], group: str, log: str, decode_sample: Callable[[bytes], Sample]
    ) -> None:
        """options: librdkafka's connection; log: name of the topic whose offsets the positions are."""
        self._options = groupless(options, group)
        self._connection = dict(options)
        self._log = log
        self._decode_sample = decode_sample

    def log_id(self) -> str:
        """The id of the log as the cluster names it: another one after it was deleted and made anew."""
        admin = AdminClient(self._connection)
        asked = admin.describe_topics(TopicCollection([self._log]), request_timeout=_ANSWER_SECONDS)
        return str(asked[self._log].result().topic_id)

    def read(self, partitions: Iterable[int], log_id: str) -> dict[int, Restored]:
        """The states of these partitions. Raises StateError when one is of another log, Rejected, KafkaException."""
        folds = {partition: StateFold(self._decode_sample) for partition in partitions}
        for message in self._messages(folds):
            if message.value() is not None:
                folds[message.partition()].add(message.key(), message.value())
        return {partition: fold.restored(self._log, log_id) for partition, fold in folds.items()}

    def _messages(self, partitions: Collection[int]) -> Iterator[Any]:
        """Every record of these partitions up to their ends."""
        open_ones = set(partitions)
        consumer = Consumer(self._options)
        try:
            consumer.assign([TopicPartition(STATE_TOPIC, partition, 0) for partition in partitions])
            while open_ones:
                message = consumer.poll(_ANSWER_SECONDS)
                if message is None:
                    raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    open_ones.discard(message.partition())
                else:
                    raise KafkaException(error)
        finally:
            consumer.close()
