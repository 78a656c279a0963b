"""The alert rules as the rules file says them: the file read, its version, and the alerts that wait for nothing."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from tacho.verify.active import read_active
from tacho.verify.conditions import parse
from tacho.verify.errors import CannotVerify
from tacho.verify.levels import Level, read_level
from tacho.verify.quantities import duration_ms, number
from tacho.verify.rule import Escalation, Rule, Standing, Verdict
from tacho.verify.wire import Fields

SILENT_AFTER_MS = 60_000
WAIT_MS = 5_000

_COPIED = (
    *("event_id", "car_id", "driver_id", "brand_name", "model_name", "color_name", "event_time", "logged_at", "late"),
    *("speed", "rpm", "gear", "expected_gear"),
)


@dataclass(frozen=True)
class Rules:
    """One version: all rules in file order, the hash that names it, and the durations of the file in ms."""

    rules: tuple[Rule, ...]
    version: str
    silent_after_ms: int = SILENT_AFTER_MS
    wait_ms: int = WAIT_MS

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Each rule by its id."""
        return {rule.id: rule for rule in self.rules}

    def place(self, rule_id: str) -> int:
        """Where a rule stands in the file; behind all when it does not."""
        return next((place for place, rule in enumerate(self.rules) if rule.id == rule_id), len(self.rules))

    def alerts(self, sample: Fields) -> Iterator[tuple[Rule, Fields]]:
        """The alerts an enriched sample raises as soon as it comes, in rule order."""
        for rule in self.rules:
            if rule.instant:
                verdict = rule.verdict(sample)
                if verdict.standing is Standing.VIOLATES:
                    yield rule, alert_of(rule, sample, verdict, self.version)


class History:
    """Every version of the rules, with the event time from which it holds."""

    def __init__(self, versions: Iterable[tuple[int, Rules]]) -> None:
        # Sorting is stable: of two from one moment, the one published last stands last.
        ordered = sorted(versions, key=lambda version: version[0])
        self.versions = [rules for _, rules in ordered]
        self._from = [effective_at for effective_at, _ in ordered]

    def at(self, event_time: int) -> Rules:
        """The version in force for a sample of this event time, ms; before the first version, the first."""
        return self.versions[max(bisect_right(self._from, event_time) - 1, 0)]

    def fan_out(self) -> tuple[str, ...]:
        """Every further topic that some rule of some version names, once."""
        return tuple(dict.fromkeys(t for rules in self.versions for rule in rules.rules for t in rule.topics))


def alert_of(rule: Rule, sample: Fields, verdict: Verdict, version: str) -> Fields:
    """The Alert that one violating sample leads to."""
    alert = {name: sample[name] for name in _COPIED}
    alert["alert_id"] = f"{sample['event_id']}/{rule.id}"
    alert["rule"] = rule.id
    alert["severity"] = rule.severity
    alert["observed"] = verdict.observed
    alert["limit"] = verdict.limit
    alert["rules_version"] = version
    return alert


def read_rules(text: str) -> Rules:
    """Parse a rules file that is right. Raises CannotVerify when it is not usable."""
    try:
        written = yaml.safe_load(text)
        return Rules(
            rules=tuple(_rule(entry) for entry in written["rules"]),
            version=content_hash(written),
            silent_after_ms=_ms(written, "silent_after", SILENT_AFTER_MS),
            wait_ms=_ms(written, "wait", WAIT_MS),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotVerify(f"the rules are not usable: {type(error).__name__}: {error}") from error


def content_hash(written: Any) -> str:
    """First 12 hex digits of SHA-256 over this as canonical JSON."""
    return hashlib.sha256(json.dumps(written, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:12]


def _rule(entry: Mapping[str, Any]) -> Rule:
    silent_for_ms = _ms(entry, "silent_for", None)
    limits = entry.get("limits", {})
    return Rule(
        id=entry["id"],
        definition=content_hash(entry),
        measure="" if silent_for_ms is not None else entry["measure"],
        condition=parse(entry["when"]) if "when" in entry else None,
        level=read_level(entry),
        models=_levels(limits.get("models", {})),
        cars={int(car): level for car, level in _levels(limits.get("cars", {})).items()},
        active=read_active(entry["active"]) if "active" in entry else None,
        sustain_ms=_ms(entry, "sustain", 0),
        clear_ms=_ms(entry, "clear", 0),
        cooldown_ms=_ms(entry, "cooldown", 0),
        silent_for_ms=silent_for_ms,
        severity=entry["severity"],
        escalation=_escalation(entry["escalate"]) if "escalate" in entry else None,
        topics=tuple(entry.get("topics") or ()),
    )


def _levels(written: Mapping[Any, Any]) -> dict[Any, Level]:
    return {name: read_level(entry) for name, entry in written.items()}


def _escalation(written: Mapping[str, Any]) -> Escalation:
    at = number(written["at"]) if "at" in written else None
    return Escalation(written["severity"], at, _ms(written, "after", None))


def _ms(written: Mapping[str, Any], name: str, otherwise: Any) -> Any:
    return duration_ms(written[name]) if name in written else otherwise
