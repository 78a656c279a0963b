"""The switches of the topic `faults`, read in a thread of its own, so that sending never waits for them."""

import threading
from types import MappingProxyType

import structlog
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition

from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection
from tacho_contracts.errors import Rejected
from tacho_producer.faults.switches import Switches, switch_of
from tacho_producer.kafka_options import kafka_options

TOPIC = "faults"
PARTITION = f"{TOPIC}/0"
"""Its one partition, as a status names it."""
_POLL_S = 0.5
# Never joined: a client wants a name, and on AWS this is the one the producer is allowed.
_GROUP = "tacho-producer-resume"
_log = structlog.get_logger("tacho_producer")


class SwitchReader:
    """`on` is what the topic says at this moment. Reads from its beginning, without a group, until `stop`."""

    def __init__(self, connection: Connection) -> None:
        self.on: Switches = MappingProxyType({})
        """Replaced as a whole by a change."""
        self._options = kafka_options(connection) | {"group.id": _GROUP, "enable.auto.commit": False}
        self._codec = Codec("FaultSwitch")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, name="faults", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread within a moment."""
        self._stopping.set()
        self._thread.join(2 * _POLL_S)

    def _read(self) -> None:
        consumer = Consumer(self._options)
        consumer.assign([TopicPartition(TOPIC, 0, OFFSET_BEGINNING)])
        try:
            while not self._stopping.is_set():
                message = consumer.poll(_POLL_S)
                if message is not None:
                    self._take(message)
        finally:
            consumer.close()

    def _take(self, message: Message) -> None:
        error = message.error()
        if error is not None:
            if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                _log.warning("no topic faults, so no switch of a fault is seen until a restart")
                self._stopping.set()
            elif error.fatal():
                _log.error("the switches of faults cannot be read any more", reason=error.str())
                self._stopping.set()
            return
        try:
            name, switch = switch_of(message.key(), self._codec.decode(message.value()))
        except Rejected as rejected:
            _log.warning("a switch of a fault is left out", reason=rejected.reason, detail=rejected.detail)
            return
        others = {known: other for known, other in self.on.items() if known != name}
        self.on = MappingProxyType(others if switch is None else {**others, name: switch})
