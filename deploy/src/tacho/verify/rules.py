"""The alert rules as the rules file says them, evaluated in plain Python."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tacho.verify.errors import CannotVerify
from tacho.verify.wire import Fields

Bound = int | float | str
"""A number, or the name of the field that holds it."""


@dataclass(frozen=True)
class Rule:
    """One rule: the field fires below `low` or above `high`, unless its value is excepted."""

    id: str
    field: str
    low: Bound | None
    high: Bound | None
    severity: str
    topics: tuple[str, ...]
    excepted: frozenset[float]

    def broken_limit(self, sample: Fields) -> float | None:
        """The limit this sample breaks; None when it breaks none. A null value or bound breaks nothing."""
        value = sample[self.field]
        if value is None or value in self.excepted:
            return None
        low = sample[self.low] if isinstance(self.low, str) else self.low
        high = sample[self.high] if isinstance(self.high, str) else self.high
        if low is not None and value < low:
            return float(low)
        if high is not None and value > high:
            return float(high)
        return None


@dataclass(frozen=True)
class Rules:
    """All rules in file order, and the hash that names them."""

    rules: tuple[Rule, ...]
    version: str

    def alerts(self, sample: Fields) -> Iterator[tuple[Rule, Fields]]:
        """The alerts an enriched sample raises, in rule order."""
        for rule in self.rules:
            limit = rule.broken_limit(sample)
            if limit is not None:
                yield rule, _alert(rule, sample, limit, self.version)

    def fan_out(self) -> tuple[str, ...]:
        """Every further topic some rule names, once."""
        return tuple(dict.fromkeys(topic for rule in self.rules for topic in rule.topics))


_COPIED = (
    *("event_id", "car_id", "driver_id", "brand_name", "model_name", "color_name", "event_time", "logged_at", "late"),
    *("speed", "rpm", "gear", "expected_gear"),
)


def _alert(rule: Rule, sample: Fields, limit: float, version: str) -> Fields:
    alert = {name: sample[name] for name in _COPIED}
    alert["alert_id"] = f"{sample['event_id']}/{rule.id}"
    alert["rule"] = rule.id
    alert["severity"] = rule.severity
    alert["observed"] = float(sample[rule.field])
    alert["limit"] = limit
    alert["rules_version"] = version
    return alert


def read_rules(text: str) -> Rules:
    """Parse the rules file. Raises CannotVerify when it is not usable."""
    try:
        written = yaml.safe_load(text)["rules"]
        return Rules(tuple(_rules(written)), rules_version(written))
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise CannotVerify(f"the rules file is not usable: {type(error).__name__}: {error}") from error


def rules_version(written: Any) -> str:
    """First 12 hex digits of SHA-256 over the rules as canonical JSON."""
    return hashlib.sha256(json.dumps(written, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:12]


def _rules(written: Iterable[Mapping[str, Any]]) -> Iterator[Rule]:
    for entry in written:
        low, high = entry.get("outside", (entry.get("below"), entry.get("above")))
        yield Rule(
            id=entry["id"],
            field=entry["field"],
            low=low,
            high=high,
            severity=entry["severity"],
            topics=tuple(entry.get("topics") or ()),
            excepted=frozenset(entry.get("except") or ()),
        )
