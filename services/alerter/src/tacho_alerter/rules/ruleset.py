"""All rules of one version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tacho_alerter.rules.levels import Check
from tacho_alerter.rules.rule import Rule

SEVERITIES = ("info", "warning", "critical")
"""From the lowest to the highest."""
SILENT_AFTER_MS = 60_000
WAIT_MS = 5_000


@dataclass(frozen=True, eq=False)
class RuleSet:
    """The rules in file order, the content hash that names them, and the file's durations in ms."""

    rules: tuple[Rule, ...]
    version: str
    silent_after_ms: int = SILENT_AFTER_MS
    wait_ms: int = WAIT_MS

    @cached_property
    def instant(self) -> tuple[tuple[Rule, Check], ...]:
        """The rules whose alerts wait for nothing, each beside its check, ready to be called for every sample."""
        return tuple((rule, rule.broken_limit) for rule in self.rules if rule.instant)

    @cached_property
    def ordered(self) -> tuple[Rule, ...]:
        """The rules that judge samples: all but those about silence."""
        return tuple(rule for rule in self.rules if rule.silent_for_ms is None)

    @cached_property
    def silent(self) -> tuple[Rule, ...]:
        """The rules about silence."""
        return tuple(rule for rule in self.rules if rule.silent_for_ms is not None)

    @cached_property
    def shortest_silence_ms(self) -> int:
        """Nothing follows from a shorter silence."""
        lengths = (rule.silent_for_ms for rule in self.silent if rule.silent_for_ms is not None)
        return min((self.silent_after_ms, *lengths))

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Each rule by its id."""
        return {rule.id: rule for rule in self.rules}
