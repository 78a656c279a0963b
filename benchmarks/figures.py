"""The arithmetic behind every printed figure: medians, ratios of rounds, percentiles, the slope of a drain. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

LEAST_BEYOND = 10
"""A percentile is a figure only when at least this many samples lie beyond it."""


@dataclass(frozen=True)
class Spread:
    """The median of some rounds and their extremes, all in the unit of the values."""

    median: float
    low: float
    high: float
    rounds: int


def spread(values: Sequence[float]) -> Spread:
    """Median, minimum and maximum of at least one value."""
    return Spread(median(values), min(values), max(values), len(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ours over theirs, round by round, so that a machine that slows down for a while slows both sides of a pair."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)])


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of ascending values; None when fewer than LEAST_BEYOND values lie beyond it."""
    rank = math.ceil(share * len(ordered))
    if len(ordered) - rank < LEAST_BEYOND:
        return None
    return ordered[rank - 1]


@dataclass(frozen=True)
class Reading:
    """How far a contender was at one moment."""

    at: float
    """Seconds of a monotonic clock."""
    cpu: float
    """Processor seconds of its process tree so far."""
    done: int
    """Records it has put out so far."""


@dataclass(frozen=True)
class Slope:
    """Between two points of a drain: output records, wall seconds, processor seconds."""

    records: float
    seconds: float
    cpu: float


def slope(readings: Sequence[Reading], total: int, low: float = 0.2, high: float = 0.9) -> Slope | None:
    """What lies between `low` and `high` of `total` records, by linear interpolation.

    A contender that was stopped before the end is measured over the same shares of what it did. None when the
    readings don't span both points at two different times.
    """
    reached = min(total, max((reading.done for reading in readings), default=0))
    first, last = _crossing(readings, low * reached), _crossing(readings, high * reached)
    if first is None or last is None or last[0] <= first[0] or last[1] <= first[1]:
        return None
    return Slope((high - low) * reached, last[0] - first[0], last[1] - first[1])


def _crossing(readings: Sequence[Reading], done: float) -> tuple[float, float] | None:
    """(at, cpu) when `done` records were out."""
    for before, after in pairwise(readings):
        if before.done < done <= after.done:
            part = (done - before.done) / (after.done - before.done)
            return before.at + part * (after.at - before.at), before.cpu + part * (after.cpu - before.cpu)
    return None
