"""The level of a rule for one car: which bounds there are, and what a value is against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tacho.verify.quantities import number
from tacho.verify.wire import Fields

Bound = float | str
"""A number, or the name of the field that holds it."""

ABOVE, BELOW, OUTSIDE = "above", "below", "outside"


@dataclass(frozen=True)
class Level:
    """One entry's bounds. low and high: where it is broken; until: where `above` or `below` is left."""

    kind: str | None = None
    low: Bound | None = None
    high: Bound | None = None
    until: float | None = None

    def fields(self) -> set[str]:
        """The fields that hold a bound."""
        return {bound for bound in (self.low, self.high) if isinstance(bound, str)}

    def bounds(self, sample: Fields) -> list[Any]:
        """Every bound there is, as numbers; None where the field is null."""
        written = [bound for bound in (self.low, self.high) if bound is not None]
        return [sample[bound] if isinstance(bound, str) else bound for bound in written]

    def broken(self, value: float, sample: Fields) -> float | None:
        """The bound that this value is strictly beyond; None when it is within."""
        bounds = self.bounds(sample)
        if self.low is not None and value < bounds[0]:
            return float(bounds[0])
        if self.high is not None and value > bounds[-1]:
            return float(bounds[-1])
        return None

    def held(self, value: float) -> bool:
        """Whether a value that breaks no bound is still beyond `until`."""
        if self.until is None:
            return False
        return value > self.until if self.kind == ABOVE else value < self.until

    def beyond(self, value: float, level: float) -> bool:
        """Whether the value is strictly beyond another level in this one's direction."""
        return value < level if self.kind == BELOW else value > level

    def excess(self, value: float, limit: float) -> float:
        """How far out a value is, to compare it with others of the same rule; limit: the bound it broke."""
        if self.kind == OUTSIDE:
            return abs(value - limit)
        return -value if self.kind == BELOW else value


def read_level(written: Mapping[str, Any]) -> Level:
    """The level that a rule or one of its limits names. Raises ValueError when it cannot be read."""
    until = number(written["until"]) if "until" in written else None
    if ABOVE in written:
        return Level(ABOVE, None, number(written[ABOVE]), until)
    if BELOW in written:
        return Level(BELOW, number(written[BELOW]), None, until)
    if OUTSIDE in written:
        low, high = written[OUTSIDE]
        return Level(OUTSIDE, _bound(low), _bound(high), until)
    return Level(until=until)


def first_level(entries: list[Level]) -> Level:
    """What these entries, the car's first and the rule's last, say together: the first level, left at its own `until`
    or at one that an earlier entry names alone."""
    until = None
    for entry in entries:
        until = entry.until if until is None else until
        if entry.kind is not None:
            return Level(entry.kind, entry.low, entry.high, until)
    return Level()


def _bound(written: Any) -> Bound:
    try:
        return number(written)
    except ValueError:
        if str(written).replace("_", "").isalpha():
            return str(written)
        raise
