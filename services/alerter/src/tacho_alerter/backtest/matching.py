"""Which episodes have no counterpart under other rules. Pure."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate


class Spans:
    """From when to when the episodes of one car and rule lasted, event time in ms; both ends belong to them."""

    def __init__(self) -> None:
        # Sixteen bytes each: a week of a fleet has millions of them.
        self._starts, self._ends = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    def add(self, start: int, end: int) -> None:
        """One episode; in any order."""
        self._starts.append(start)
        self._ends.append(end)

    def without_counterpart(self, others: "Spans") -> int:
        """How many of these have no moment in common with any of the others."""
        ordered = sorted(others)
        starts = [start for start, _ in ordered]
        # Late episodes may lie within others, so the one that began last need not be the one that ends last.
        latest_ends = list(accumulate((end for _, end in ordered), max))
        alone = 0
        for start, end in self:
            begun = bisect_right(starts, end)
            alone += not begun or latest_ends[begun - 1] < start
        return alone
