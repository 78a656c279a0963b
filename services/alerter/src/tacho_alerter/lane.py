"""The batch lane: Faust hands whole fetched lists to the agent instead of one message at a time.

A stock agent pays some 200 µs for each message in tasks, queues and callbacks. Faust's public setting
`ConsumerScheduler` decides what counts as one message; here that is everything fetched from one partition.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from faust.types import TP
from faust.types.transports import SchedulingStrategyT


class Batch:
    """All records fetched at once from one partition, in log order, in the shape of one Kafka record.

    `delivered` turns true when everything that follows from the batch is in Kafka: only then may it be committed.
    `void` turns true when the consumer seeks back behind it: it will be fetched again and must not be worked on.
    """

    __slots__ = ("delivered", "offset", "partition", "records", "topic", "void")

    # What Faust copies from a record and nobody reads of a batch.
    timestamp = timestamp_type = headers = key = checksum = None
    serialized_key_size = serialized_value_size = 0

    def __init__(self, tp: TP, records: Sequence[Any]) -> None:
        self.topic: str = tp.topic
        self.partition: int = tp.partition
        self.records = records
        self.offset: int = records[-1].offset
        """Offset of the last record."""
        self.delivered = False
        self.void = False

    @property
    def value(self) -> "Batch":
        """The agent's stream yields the batch itself."""
        return self


class BatchLane(SchedulingStrategyT):
    """Yields one Batch for each partition of a fetch."""

    def iterate(self, records: Mapping[TP, Sequence[Any]]) -> Iterator[tuple[TP, Batch]]:
        """The fetched lists, each as one batch; empty ones are left out."""
        return ((tp, Batch(tp, fetched)) for tp, fetched in records.items() if fetched)
