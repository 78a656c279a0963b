"""What the alerter sends, whatever it is."""

from typing import NamedTuple

ANY_PARTITION = -1


class Outgoing(NamedTuple):
    """One record to be sent: where to, under which key, what; by its key to a partition, unless one is named."""

    topic: str
    key: bytes
    value: bytes
    partition: int = ANY_PARTITION
