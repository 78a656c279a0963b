"""Samples that are held back. Pure."""

import heapq
from typing import NamedTuple

from tacho_producer.samples import Sample


class Departure(NamedTuple):
    """A sample on its way into the log, and its record timestamp there [ms]."""

    sample: Sample
    record_ms: int


class Held:
    """Samples with the log time [ms] at which each is due; beyond `most` of them the oldest go before their time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, int, Sample]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._heap)

    def hold(self, sample: Sample, due_ms: int) -> None:
        """Keep it until then."""
        self._count += 1
        heapq.heappush(self._heap, (due_ms, self._count, sample))

    def released(self, first_ms: int, last_ms: int) -> list[Departure]:
        """What is due by `last_ms`, stamped when it is due and no earlier than `first_ms`."""
        out = []
        while self._heap and (self._heap[0][0] <= last_ms or len(self._heap) > self._most):
            due_ms, _, sample = heapq.heappop(self._heap)
            out.append(Departure(sample, min(max(due_ms, first_ms), last_ms)))
        return out

    def all_released(self, record_ms: int) -> list[Departure]:
        """Everything, in the order in which it was due."""
        out = [Departure(sample, record_ms) for _, _, sample in sorted(self._heap)]
        self._heap.clear()
        return out
