"""Dead letters: a record that breaks its contract goes there, with its bytes, and the stream goes on."""

from typing import Any

from tacho_alerter.outgoing import Outgoing
from tacho_contracts.codec import Codec
from tacho_contracts.errors import Rejected

DEAD_LETTER_TOPIC = "dead-letters"
_CODEC = Codec("DeadLetter", max_bytes=262_144)


def dead_letter(record: Any, rejected: Rejected) -> Outgoing:
    """The dead letter of one consumed record: topic, partition, offset, timestamp (ms), key and value are read."""
    content = {
        "source_topic": record.topic,
        "source_partition": record.partition,
        "source_offset": record.offset,
        "source_timestamp": record.timestamp,
        "service": "alerter",
        "reason": rejected.reason,
        "detail": rejected.detail,
        "key": record.key,
        "value": record.value,
    }
    key = f"{record.topic}/{record.partition}/{record.offset}"
    return Outgoing(DEAD_LETTER_TOPIC, key.encode(), _CODEC.encode(content))
