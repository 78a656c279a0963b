"""One alert rule, and what one sample is to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import NamedTuple

from tacho.verify.active import Active
from tacho.verify.conditions import Tree, fields, value
from tacho.verify.levels import Level, first_level
from tacho.verify.wire import Fields

ACCELERATION = "acceleration"


class Standing(Enum):
    """What a sample is to a rule."""

    VIOLATES = auto()
    HOLDS = auto()
    """It breaks no level, and is still beyond `until`."""
    BACK = auto()
    UNKNOWN = auto()
    """Something that decides is null: the sample is passed over."""


class Verdict(NamedTuple):
    """A standing, the value seen and the bound it broke; both NaN-free where it violates or holds."""

    standing: Standing
    observed: float = 0.0
    limit: float = 0.0
    excess: float = 0.0
    """How far out the value is, in the direction of the level."""


@dataclass(frozen=True)
class Escalation:
    """The higher severity, and what leads to it; None: that does not."""

    severity: str
    at: float | None
    after_ms: int | None


@dataclass(frozen=True)
class Rule:
    """A rule as the file says it; durations in ms."""

    id: str
    definition: str
    """The hash that names what the entry says."""
    measure: str
    condition: Tree | None
    level: Level
    models: Mapping[str, Level]
    cars: Mapping[int, Level]
    active: Active | None
    sustain_ms: int
    clear_ms: int
    cooldown_ms: int
    silent_for_ms: int | None
    """How long a car has said nothing: such a rule looks at no sample."""
    severity: str
    escalation: Escalation | None
    topics: tuple[str, ...]
    _levels: dict[tuple[int, str], Level] = field(default_factory=dict, compare=False, repr=False)

    @property
    def silent(self) -> bool:
        """Whether it is about silence."""
        return self.silent_for_ms is not None

    @cached_property
    def derived(self) -> bool:
        """Whether it looks at the acceleration, so at the sample before too."""
        looked_at = {self.measure} | (fields(self.condition) if self.condition else set())
        for level in (self.level, *self.models.values(), *self.cars.values()):
            looked_at |= level.fields()
        return ACCELERATION in looked_at

    @cached_property
    def instant(self) -> bool:
        """Whether its alerts wait for nothing."""
        return not (self.silent or self.sustain_ms or self.derived)

    def verdict(self, sample: Fields) -> Verdict:
        """What this sample is to the rule; with the field `acceleration` where the rule looks at it."""
        if self.active is not None and not self.active.holds(sample["event_time"]):
            return Verdict(Standing.BACK)
        level = self._level(sample)
        observed = sample[self.measure]
        condition = True if self.condition is None else value(self.condition, sample)
        if None in (observed, condition, *level.bounds(sample)):
            return Verdict(Standing.UNKNOWN)
        if not condition:
            return Verdict(Standing.BACK)
        limit = float(observed) if level.kind is None else level.broken(observed, sample)
        if limit is not None:
            return Verdict(Standing.VIOLATES, float(observed), limit, level.excess(observed, limit))
        if level.held(observed):
            return Verdict(Standing.HOLDS, float(observed), 0.0, level.excess(observed, 0.0))
        return Verdict(Standing.BACK)

    def reaches(self, verdict: Verdict, lasted_ms: int) -> bool:
        """Whether a counted sample, so long after the episode's first, leads to the higher severity."""
        if self.escalation is None:
            return False
        at, after_ms = self.escalation.at, self.escalation.after_ms
        far = at is not None and self.level.beyond(verdict.observed, at)
        return far or (after_ms is not None and lasted_ms >= after_ms)

    def _level(self, sample: Fields) -> Level:
        car, model = sample["car_id"], f"{sample['brand_name']} {sample['model_name']}"
        known = self._levels.get((car, model))
        if known is None:
            entries = [limits for limits in (self.cars.get(car), self.models.get(model)) if limits is not None]
            known = self._levels[car, model] = first_level([*entries, self.level])
        return known
