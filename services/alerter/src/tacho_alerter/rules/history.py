"""Which rules hold when: every published version with the event time from which it is in force."""

from bisect import bisect_right
from collections.abc import Iterable

from tacho_alerter.rules.ruleset import RuleSet


class RulesHistory:
    """The versions in the order of their effective times."""

    def __init__(self, versions: Iterable[tuple[int, RuleSet]]) -> None:
        """`versions` are (effective_at in ms, rules) as they were published; at least one."""
        # Sorting is stable: of two from one moment the one published last stands last, and is the one found.
        ordered = sorted(versions, key=lambda version: version[0])
        if not ordered:
            raise ValueError("a history has at least one version")
        self._from = [effective_at for effective_at, _ in ordered]
        self._versions = [rules for _, rules in ordered]

    def __len__(self) -> int:
        return len(self._versions)

    def at(self, event_time: int) -> RuleSet:
        """The rules in force for a sample of this event time, ms; before the first version, the first."""
        found = bisect_right(self._from, event_time)
        return self._versions[found - 1 if found else 0]

    def since(self, event_time: int) -> int | None:
        """The event time, ms, from which the rules in force for `event_time` hold; None for the first version."""
        found = bisect_right(self._from, event_time)
        return self._from[found - 1] if found > 1 else None
