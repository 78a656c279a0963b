"""The records of one kind on a topic, decoded; what is of another kind or cannot be read is passed over."""

from collections import Counter
from collections.abc import Iterable, Iterator

from confluent_kafka import Message

from tacho.consume.decoding import MAX_BYTES, Decoded
from tacho_contracts.codec import decode_any
from tacho_contracts.errors import Rejected


def records(messages: Iterable[Message], record: str, unreadable: Counter[str]) -> Iterator[Decoded]:
    """Each `record` among the messages; `unreadable` counts, by the catalogue's reason, what cannot be decoded."""
    for message in messages:
        try:
            name, _, content = decode_any(message.value(), MAX_BYTES)
        except Rejected as error:
            unreadable[error.reason] += 1
            continue
        if name == record:
            yield content


def unreadable_text(unreadable: Counter[str]) -> str:
    """One sentence on the records that could not be read, and why; empty when there were none."""
    if not unreadable:
        return ""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in unreadable.most_common())
    return f"{unreadable.total():,} records could not be read and are left out: {reasons}"
