"""The order in which a car's samples are judged: that of their sequence. docs/rules.md, "When a sample is judged"."""

from collections.abc import Sequence
from enum import Enum, auto

from tacho_alerter.engine.car import Arrival, Car, Gap

MOST_WAITING = 64
"""Samples of one car that wait behind a gap."""
MOST_GAPS = 16
"""Gaps of one car that are remembered."""

GIVEN_UP = 0
"""The `due_at` of a gap that is remembered and no longer waited for."""


class Place(Enum):
    """Where a sample that arrives stands among those of its car."""

    REPEAT = auto()
    """It came before, or its gap is forgotten: it changes nothing."""
    PASSED = auto()
    """It is new, and a later one was judged already."""
    WAITING = auto()
    """It is new and has joined the samples that wait; `ready` says which of them may be judged."""


def place(car: Car, arrival: Arrival, time: int, wait_ms: int) -> Place:
    """Find the place of a sample at log time `time`; the car's gaps and waiting samples are brought up to date."""
    sequence = arrival.sample["sequence"]
    if sequence > car.highest:
        if sequence > car.highest + 1:
            gap = Gap(car.highest + 1, sequence - 1, time + wait_ms)
            car.missing = [*car.missing, gap][-MOST_GAPS:]
        car.highest = sequence
    elif not _fill(car, sequence):
        return Place.REPEAT
    elif sequence < car.sequence:
        return Place.PASSED
    car.waiting = sorted([*car.waiting, arrival], key=lambda one: one.sample["sequence"])
    if len(car.waiting) > MOST_WAITING:
        _hold_no_more_than_may_wait(car, time)
    return Place.WAITING


def ready(car: Car, time: int) -> Sequence[Arrival]:
    """Take out the waiting samples that nothing is waited for in front of, at log time `time`."""
    for gap in car.missing:
        if gap.due_at <= time:
            gap.due_at = GIVEN_UP
    if not car.waiting:
        return ()
    barrier = next((gap.first for gap in car.missing if gap.due_at != GIVEN_UP), None)
    count = len(car.waiting)
    if barrier is not None:
        count = sum(arrival.sample["sequence"] < barrier for arrival in car.waiting)
    taken, car.waiting = car.waiting[:count], car.waiting[count:] or ()
    return taken


def wait_due(car: Car) -> int | None:
    """The log time, ms, at which the next gap in front of a waiting sample is given up; None when nothing waits."""
    if not car.waiting:
        return None
    return min((gap.due_at for gap in car.missing if gap.due_at != GIVEN_UP), default=None)


def _fill(car: Car, sequence: int) -> bool:
    """Take a sequence out of the missing ones; False when it is not among them."""
    for index, gap in enumerate(car.missing):
        if gap.first <= sequence <= gap.last:
            rest = [Gap(gap.first, sequence - 1, gap.due_at), Gap(sequence + 1, gap.last, gap.due_at)]
            left = [part for part in rest if part.first <= part.last]
            car.missing = [*car.missing[:index], *left, *car.missing[index + 1 :]][-MOST_GAPS:]
            return True
    return False


def _hold_no_more_than_may_wait(car: Car, time: int) -> None:
    oldest = next((gap for gap in car.missing if gap.due_at > time), None)
    if oldest is not None and sum(one.sample["sequence"] > oldest.last for one in car.waiting) > MOST_WAITING:
        oldest.due_at = GIVEN_UP
