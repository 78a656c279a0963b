"""What a topic holds, free of any client: its records, and on which partition a key belongs."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

SENSORS = "sensors-sample"
ENRICHED = "samples-enriched"
ALERTS = "alert-data"
EPISODES = "alert-episodes"
RULES = "alert-rules"
FLEET_WINDOWS = "fleet-windows"
ALERT_WINDOWS = "alert-windows"
DEAD_LETTERS = "dead-letters"
SERVICE_STATUS = "service-status"


class LogRecord(NamedTuple):
    """One record as the broker keeps it; timestamp in ms since the epoch."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Topics(Protocol):
    """Reads topics from their beginning to the end they had when this object was made."""

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has."""
        ...

    def records(self, topic: str, partition: int) -> int:
        """About how many records `read` gives."""
        ...

    def read(self, topic: str, partition: int) -> Iterator[LogRecord]:
        """The records of one partition by offset."""
        ...


def read_all(topics: Topics, topic: str) -> Iterator[LogRecord]:
    """Every record of a topic, partition after partition."""
    for partition in range(topics.partitions(topic)):
        yield from topics.read(topic, partition)


def murmur2(data: bytes) -> int:
    """Kafka's murmur2 (org.apache.kafka.common.utils.Utils), as an unsigned 32-bit number."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = (h * m & mask) ^ k
    if tail := data[whole:]:
        h = (h ^ int.from_bytes(tail, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def home_partition(key: bytes, partitions: int) -> int:
    """The partition Java's default partitioner gives this key."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


class Homes:
    """`home_partition` of one topic, remembered by key."""

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions
        self._known: dict[bytes, int] = {}

    def of(self, key: bytes) -> int:
        """The partition this key belongs on."""
        home = self._known.get(key)
        if home is None:
            home = self._known[key] = home_partition(key, self._partitions)
        return home
