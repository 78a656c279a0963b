"""What a rule is, and what it means for one sample to break it. Pure: no files, no Kafka, no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sample = Mapping[str, Any]
Bound = float | str
"""A number, or the name of the field that holds it."""
Check = Callable[[Sample], float | None]
"""The limit a sample breaks, in the unit of the rule's field; None when it breaks none."""


@dataclass(frozen=True)
class Rule:
    """One rule: a field of EnrichedSample and the range outside which its value is an alert."""

    id: str
    field: str
    low: Bound | None
    """Values below it are alerts; None for no lower limit."""
    high: Bound | None
    """Values above it are alerts; None for no upper limit."""
    exempt: frozenset[float]
    """Values that are never judged."""
    severity: str
    topics: tuple[str, ...]
    """Where its alerts go besides alert-data."""

    @cached_property
    def broken_limit(self) -> Check:
        """The check of this rule. It does not apply where the value or the bound is null."""
        check = _check(self.field, self.low, self.high)
        if not self.exempt:
            return check
        field, exempt = self.field, self.exempt
        return lambda sample: None if sample[field] in exempt else check(sample)

    @property
    def fields(self) -> frozenset[str]:
        """The fields the rule reads."""
        return frozenset(part for part in (self.field, self.low, self.high) if isinstance(part, str))

    def breaks(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
        """Which of many samples break this rule: `broken_limit(sample) is not None` for columns without nulls."""
        values = columns[self.field]
        broken = np.zeros(values.shape, np.bool_)
        if self.low is not None:
            broken |= values < (columns[self.low] if isinstance(self.low, str) else self.low)
        if self.high is not None:
            broken |= values > (columns[self.high] if isinstance(self.high, str) else self.high)
        for value in self.exempt:
            broken &= values != value
        return broken


@dataclass(frozen=True)
class RuleSet:
    """The rules in force, in file order, and the content hash that names them."""

    rules: tuple[Rule, ...]
    version: str

    @cached_property
    def checks(self) -> tuple[tuple[Rule, Check], ...]:
        """Each rule beside its check, ready to be called for every sample."""
        return tuple((rule, rule.broken_limit) for rule in self.rules)


def _check(field: str, low: Bound | None, high: Bound | None) -> Check:
    # The two shapes below are every rule of the seed; they skip what the general shape asks of each sample.
    if low is None and isinstance(high, float):
        return _above(field, high)
    if isinstance(low, str) and isinstance(high, str):
        return _outside_fields(field, low, high)
    return _outside(field, low, high)


def _above(field: str, limit: float) -> Check:
    def check(sample: Sample) -> float | None:
        value = sample[field]
        return limit if value is not None and value > limit else None

    return check


def _outside_fields(field: str, low: str, high: str) -> Check:
    def check(sample: Sample) -> float | None:
        value = sample[field]
        if value is None:
            return None
        lowest = sample[low]
        if lowest is not None and value < lowest:
            return float(lowest)
        highest = sample[high]
        return float(highest) if highest is not None and value > highest else None

    return check


def _outside(field: str, low: Bound | None, high: Bound | None) -> Check:
    def check(sample: Sample) -> float | None:
        value = sample[field]
        if value is None:
            return None
        lowest = sample[low] if isinstance(low, str) else low
        if lowest is not None and value < lowest:
            return float(lowest)
        highest = sample[high] if isinstance(high, str) else high
        return float(highest) if highest is not None and value > highest else None

    return check
