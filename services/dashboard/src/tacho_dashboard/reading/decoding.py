"""From a record's bytes to what the picture takes."""

from collections import Counter
from functools import cache
from typing import Any

from tacho_contracts.catalogue import Topic
from tacho_contracts.codec import Codec, decode_any
from tacho_contracts.errors import Rejected

_READER_VERSION = 1


class Decoder:
    """Decodes the records of one topic; what is none of them is counted and left out."""

    def __init__(self, topic: Topic) -> None:
        self._records = frozenset(topic.records)
        self._max_bytes = int(topic.config["max.message.bytes"])
        self.unreadable: Counter[str] = Counter()
        """By reason."""

    def decode(self, value: bytes | None) -> tuple[str, dict[str, Any]] | None:
        """The name of the record and its content, None for what cannot be used."""
        try:
            name, version, record = decode_any(value, self._max_bytes)
            if name not in self._records:
                raise Rejected("unknown-schema", f"a {name} is not for this topic")
            return name, record if version == _READER_VERSION else _codec(name, self._max_bytes).decode(value)
        except Rejected as error:
            self.unreadable[error.reason] += 1
            return None


@cache
def _codec(name: str, max_bytes: int) -> Codec:
    return Codec(name, _READER_VERSION, max_bytes)
