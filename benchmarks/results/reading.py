"""Every record of every topic, read back and decoded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tacho.consume.decoding import MAX_BYTES
from tacho.consume.lines import excerpt, readable
from tacho.consume.reading import whole_topic
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import decode_any
from tacho_contracts.connection import Connection
from tacho_contracts.errors import Rejected


@dataclass(frozen=True)
class Entry:
    """One record with its place; times in milliseconds since the epoch. kind: its schema, empty when none fits."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    kind: str
    content: dict[str, Any]
    bytes: int

    def shown(self) -> dict[str, Any]:
        """For people and JSON."""
        return {
            "place": f"{self.partition}/{self.offset}",
            "key": excerpt(self.key),
            "record": self.kind or "not readable",
            "bytes": self.bytes,
            "value": readable(self.content),
        }


Topics = dict[str, list[Entry]]


def read_topics(connection: Connection, report: Callable[[str], None]) -> Topics:
    """All that is on the catalogue's topics now, by record timestamp. Raises TachoError without a broker."""
    topics = {name: list(_entries(connection, name)) for name in load_catalogue().topics}
    report(f"read back {sum(map(len, topics.values())):,} records of {len(topics)} topics")
    return {name: sorted(found, key=lambda entry: entry.timestamp) for name, found in topics.items()}


def _entries(connection: Connection, topic: str) -> Iterator[Entry]:
    for message in whole_topic(connection, topic):
        value = message.value()
        kind, content = _decoded(value)
        place = (message.partition() or 0, message.offset() or 0, message.timestamp()[1])
        yield Entry(*place, message.key(), kind, content, len(value or b""))


def _decoded(value: bytes | None) -> tuple[str, dict[str, Any]]:
    if value is None:
        return "", {}
    try:
        kind, _, content = decode_any(value, MAX_BYTES)
    except Rejected as error:
        return "", {"reason": error.reason, "begins": excerpt(value)}
    return kind, content
