"""The level of a rule: which value is beyond it, and other levels for a model or a car."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

Sample = Mapping[str, Any]
"""The fields of EnrichedSample; for rules that look at it also `acceleration`."""
Bound = float | str
"""A number, or the name of the field that holds it."""
Check = Callable[[Sample], float | None]
"""The limit a sample breaks, in the unit of the measure; None when it breaks none."""


class Direction(Enum):
    """On which side of the level a value violates."""

    ABOVE = "above"
    BELOW = "below"
    OUTSIDE = "outside"
    ANY = "any"
    """There is no level: every value does."""


@dataclass(frozen=True)
class Level:
    """One level with its exit. `low`: values below it violate; `high`: values above it do; None for no such bound."""

    direction: Direction
    low: Bound | None = None
    high: Bound | None = None
    until: float | None = None
    """The exit level of ABOVE and BELOW; None where it is the level itself."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that hold its bounds."""
        return frozenset(bound for bound in (self.low, self.high) if isinstance(bound, str))

    def bounds(self, sample: Sample) -> tuple[float | None, float | None, bool]:
        """The lower and the upper bound for this sample, and whether one of them is null in it."""
        low, high = self.low, self.high
        if isinstance(low, str):
            low = sample[low]
        if isinstance(high, str):
            high = sample[high]
        return low, high, (low is None and self.low is not None) or (high is None and self.high is not None)

    def holds(self, value: float) -> bool:
        """Whether a value that does not violate is still beyond the exit level."""
        if self.until is None:
            return False
        return value > self.until if self.direction is Direction.ABOVE else value < self.until


NO_LEVEL = Level(Direction.ANY)


@dataclass(frozen=True)
class Limit:
    """What a model's or a car's entry says: another level, or only another exit from the level that applies."""

    level: Level | None
    until: float | None


@dataclass(frozen=True, eq=False)
class Levels:
    """A rule's level, and those of models and cars that have their own."""

    own: Level
    models: Mapping[str, Limit] = field(default_factory=dict)
    """By brand and model name with a blank between."""
    cars: Mapping[int, Limit] = field(default_factory=dict)
    _found: dict[tuple[int | None, str | None], Level] = field(default_factory=dict, init=False, repr=False)

    @property
    def all(self) -> tuple[Level, ...]:
        """The rule's own level and every other, with the exits they were written with."""
        limits = (*self.models.values(), *self.cars.values())
        return (self.own, *(limit.level for limit in limits if limit.level is not None))

    @property
    def varies(self) -> bool:
        """Whether some model or car has another level or exit than the rule itself."""
        return bool(self.models or self.cars)

    def of(self, sample: Sample) -> Level:
        """The level for this sample's car."""
        if not self.varies:
            return self.own
        car: int | None = sample["car_id"]
        model: str | None = f"{sample['brand_name']} {sample['model_name']}"
        key = (car if car in self.cars else None, model if model in self.models else None)
        level = self._found.get(key)
        if level is None:
            level = self._found[key] = self._resolved(*key)
        return level

    def _resolved(self, car: int | None, model: str | None) -> Level:
        """The first entry that names a level gives it; an earlier one that names an exit alone gives the exit."""
        until = None
        for limit in (self.cars.get(car) if car else None, self.models.get(model) if model else None):
            if limit is None:
                continue
            until = limit.until if until is None else until
            if limit.level is not None:
                return limit.level if until is None else replace(limit.level, until=until)
        return self.own if until is None else replace(self.own, until=until)

    def check(self, measure: str) -> Check:
        """Which limit a sample's measure breaks. It breaks none where the measure or a bound is null."""
        if self.varies:
            return lambda sample: broken(self.of(sample), sample[measure], sample)
        own = self.own
        # The shapes below are nearly every rule; they skip what the general one asks of each sample.
        if own.direction is Direction.ABOVE and isinstance(own.high, float):
            return _above(measure, own.high)
        if own.direction is Direction.BELOW and isinstance(own.low, float):
            return _below(measure, own.low)
        if isinstance(own.low, str) and isinstance(own.high, str):
            return _outside_fields(measure, own.low, own.high)
        return lambda sample: broken(own, sample[measure], sample)


def broken(level: Level, value: float | None, sample: Sample) -> float | None:
    """The limit of this level that a value breaks; without a level it is the value itself."""
    if value is None:
        return None
    if level.direction is Direction.ANY:
        return float(value)
    low, high, unknown = level.bounds(sample)
    if unknown:
        return None
    if low is not None and value < low:
        return float(low)
    return float(high) if high is not None and value > high else None


def most_sensitive(levels: Iterable[Level]) -> tuple[list[Bound], list[Bound]]:
    """Lower and upper bounds of which a value breaks at least one when it breaks one of these levels."""
    lows = {level.low for level in levels if level.low is not None}
    highs = {level.high for level in levels if level.high is not None}
    low = [max(bounds)] if (bounds := [bound for bound in lows if isinstance(bound, float)]) else []
    high = [min(bounds)] if (bounds := [bound for bound in highs if isinstance(bound, float)]) else []
    return [*low, *_names(lows)], [*high, *_names(highs)]


def _names(bounds: Iterable[Bound]) -> list[str]:
    return sorted(bound for bound in bounds if isinstance(bound, str))


def _above(measure: str, limit: float) -> Check:
    def check(sample: Sample) -> float | None:
        value = sample[measure]
        return limit if value is not None and value > limit else None

    return check


def _below(measure: str, limit: float) -> Check:
    def check(sample: Sample) -> float | None:
        value = sample[measure]
        return limit if value is not None and value < limit else None

    return check


def _outside_fields(measure: str, low: str, high: str) -> Check:
    def check(sample: Sample) -> float | None:
        value, lowest, highest = sample[measure], sample[low], sample[high]
        if value is None or lowest is None or highest is None:
            return None
        if value < lowest:
            return float(lowest)
        return float(highest) if value > highest else None

    return check
