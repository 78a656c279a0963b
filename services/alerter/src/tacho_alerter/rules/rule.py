"""What a rule is, and what one sample is to it. Pure: no files, no Kafka, no clock."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tacho_alerter.rules.active import Active
from tacho_alerter.rules.conditions import Tree, fields
from tacho_alerter.rules.conditions_for_columns import Bools, Columns, may_be_true
from tacho_alerter.rules.conditions_for_samples import Truth, truth_of
from tacho_alerter.rules.fields import ACCELERATION, Kind
from tacho_alerter.rules.levels import NO_LEVEL, Check, Direction, Levels, Sample, broken, most_sensitive


class Standing(IntEnum):
    """What a sample is to a rule."""

    UNKNOWN = -1
    """Something that decides is null: it is passed over."""
    BACK = 0
    """It neither violates nor holds, or the rule is not active then."""
    HOLDS = 1
    """It does not violate, but is still beyond the exit level."""
    VIOLATES = 2


class Verdict(NamedTuple):
    """The standing; where a sample violates or holds, also its value and the limit, in the unit of the measure."""

    standing: Standing
    observed: float = 0.0
    limit: float = 0.0
    """The level that is broken, or that was where the value merely holds; the value itself without a level."""


class Escalation(NamedTuple):
    """The higher severity an episode takes: beyond a value, or once it has lasted so many ms; None: not for that."""

    severity: str
    at: float | None
    after_ms: int | None


_NO_LEVELS = Levels(NO_LEVEL)


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule as the file says it; durations in ms."""

    id: str
    definition: str
    """The hash that names what its entry says."""
    severity: str
    measure: str | None = None
    """None for a rule about silence."""
    levels: Levels = _NO_LEVELS
    condition: Tree | None = None
    active: Active | None = None
    """None for always."""
    escalation: Escalation | None = None
    sustain_ms: int = 0
    clear_ms: int = 0
    cooldown_ms: int = 0
    silent_for_ms: int | None = None
    topics: tuple[str, ...] = ()
    """Where its alerts go besides alert-data."""

    @cached_property
    def derived(self) -> bool:
        """Whether it looks at the acceleration, so at the car's sample before too."""
        return ACCELERATION in self._numbers

    @property
    def instant(self) -> bool:
        """Whether its alerts wait for nothing."""
        return not (self.sustain_ms or self.derived or self.silent_for_ms is not None)

    @property
    def columns(self) -> frozenset[str]:
        """The numeric fields of EnrichedSample that it looks at."""
        return self._numbers - {ACCELERATION}

    @cached_property
    def broken_limit(self) -> Check:
        """The limit that a sample which violates the rule breaks; None for every other sample."""
        if self.measure is None:
            return lambda sample: None
        check = self.levels.check(self.measure)
        # The level first: most samples are within it, whatever else holds of them.
        if self._condition is not None:
            check = _where(self._condition, check)
        return check if self.active is None else _while(self.active, check)

    def verdict(self, sample: Sample) -> Verdict:
        """What the sample is to the rule."""
        if self.measure is None or (self.active is not None and not self.active.holds(sample["event_time"])):
            return _BACK
        value = sample[self.measure]
        level = self.levels.of(sample)
        low, high, unknown = level.bounds(sample)
        truth = True if self._condition is None else self._condition(sample)
        if value is None or truth is None or unknown:
            return _UNKNOWN
        if not truth:
            return _BACK
        limit = broken(level, value, sample)
        if limit is not None:
            return Verdict(Standing.VIOLATES, float(value), limit)
        if level.holds(value):
            entered = high if level.direction is Direction.ABOVE else low
            return Verdict(Standing.HOLDS, float(value), float(value if entered is None else entered))
        return _BACK

    def excess(self, value: float, limit: float) -> float:
        """How far beyond its limit a value is, to compare it with others of this rule: larger is further."""
        direction = self.levels.own.direction
        if direction is Direction.OUTSIDE:
            return abs(value - limit)
        return -value if direction is Direction.BELOW else value

    def beyond(self, value: float, level: float) -> bool:
        """Whether a value is strictly beyond another level, on the side of the rule's own (ABOVE or BELOW)."""
        return value < level if self.levels.own.direction is Direction.BELOW else value > level

    def may_violate(self, columns: Columns, count: int) -> Bools:
        """Which of `count` samples may violate the rule: all that do, and others where the columns cannot tell.

        columns: values of fields without nulls, by name, float64 of length `count`; with `acceleration`, NaN is null.
        """
        if self.measure is None:
            return np.zeros(count, np.bool_)
        lows, highs = most_sensitive(self.levels.all)
        told = {self.measure, *(bound for bound in (*lows, *highs) if isinstance(bound, str))} <= columns.keys()
        if not told or self.levels.own.direction is Direction.ANY:
            possible = np.ones(count, np.bool_)
        else:
            values = columns[self.measure]
            possible = np.zeros(count, np.bool_)
            for low in lows:
                possible |= values < (columns[low] if isinstance(low, str) else low)
            for high in highs:
                possible |= values > (columns[high] if isinstance(high, str) else high)
        return possible if self.condition is None else possible & may_be_true(self.condition, columns, count)

    @cached_property
    def _condition(self) -> Truth | None:
        return None if self.condition is None else truth_of(self.condition)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """Everything numeric that it looks at."""
        looked_at = (
            {field.name for field in fields(self.condition) if field.kind is Kind.NUMBER} if self.condition else set()
        )
        bounds = frozenset().union(*(level.fields for level in self.levels.all))
        return frozenset(looked_at) | bounds | (frozenset() if self.measure is None else {self.measure})


_BACK = Verdict(Standing.BACK)
_UNKNOWN = Verdict(Standing.UNKNOWN)


def _where(condition: Truth, check: Check) -> Check:
    def both(sample: Sample) -> float | None:
        limit = check(sample)
        return limit if limit is not None and condition(sample) else None

    return both


def _while(active: Active, check: Check) -> Check:
    def both(sample: Sample) -> float | None:
        limit = check(sample)
        return limit if limit is not None and active.holds(sample["event_time"]) else None

    return both
