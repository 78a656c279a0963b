"""Reading one rule of a rules text."""

import hashlib
import json
import re
from typing import Any

from tacho_alerter.rules.condition_text import BadCondition, parse
from tacho_alerter.rules.conditions import Tree
from tacho_alerter.rules.document import Written
from tacho_alerter.rules.entry import Entry
from tacho_alerter.rules.fields import ACCELERATION, UNITS, numeric_fields
from tacho_alerter.rules.levels import Direction, Levels
from tacho_alerter.rules.mistakes import Source
from tacho_alerter.rules.reading_active import read_active
from tacho_alerter.rules.reading_levels import LEVEL_KEYS, read_levels
from tacho_alerter.rules.rule import Escalation, Rule
from tacho_alerter.rules.ruleset import SEVERITIES

_SILENT_KEYS = ("id", "silent_for", "severity")
_KEYS = (
    *("id", "measure", *LEVEL_KEYS, "when", "until", "silent_for", "sustain", "clear", "cooldown", "severity"),
    *("escalate", "limits", "active", "topics"),
)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 64


def read_rule(written: Written, source: Source, topics: tuple[str, ...]) -> Rule:
    """One entry of the list of rules; `topics` are those that may get copies of alerts. Raises RulesError."""
    named = written.value["id"].plain if isinstance(written.value, dict) and "id" in written.value else "without id"
    entry = Entry(written, Source(source.place, str(named)[:_LONGEST_ID]), _KEYS, "a rule")
    name = entry.text("id")
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        entry.refuse(
            "id", f"{name!r:.60} is not lower-case words and digits with single hyphens; write it as in high-rpm"
        )
    if "silent_for" in entry:
        return _silent(entry, name, written)
    measure = entry.choice("measure", (*numeric_fields(), ACCELERATION))
    severity = entry.choice("severity", SEVERITIES)
    levels = read_levels(entry, measure)
    if levels.own.direction is Direction.ANY and "when" not in entry:
        entry.refuse("measure", f"nothing says when it is wrong; add one of {', '.join((*LEVEL_KEYS, 'when'))}")
    return Rule(
        id=name,
        definition=content_hash(written.plain),
        severity=severity,
        measure=measure,
        levels=levels,
        condition=_condition(entry) if "when" in entry else None,
        active=read_active(entry["active"], entry.source) if "active" in entry else None,
        escalation=_escalation(entry, severity, levels, measure) if "escalate" in entry else None,
        sustain_ms=entry.duration_ms("sustain", 0),
        clear_ms=entry.duration_ms("clear", 0),
        cooldown_ms=entry.duration_ms("cooldown", 0),
        topics=_topics(entry, topics) if "topics" in entry else (),
    )


def content_hash(content: Any) -> str:
    """The first 12 hex digits of SHA-256 over this as canonical JSON: keys sorted, no spaces, ASCII."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _silent(entry: Entry, name: str, written: Written) -> Rule:
    for key in entry.given(*_KEYS):
        if key not in _SILENT_KEYS:
            entry.refuse(key, "a rule with silent_for looks at no sample; keep only id, silent_for and severity")
    return Rule(
        id=name,
        definition=content_hash(written.plain),
        severity=entry.choice("severity", SEVERITIES),
        silent_for_ms=entry.length_ms("silent_for"),
    )


def _condition(entry: Entry) -> Tree:
    try:
        return parse(entry.text("when"))
    except BadCondition as wrong:
        entry.refuse("when", str(wrong))


def _escalation(rule: Entry, severity: str, levels: Levels, measure: str) -> Escalation:
    entry = Entry(rule["escalate"], rule.source, ("severity", "at", "after"), "escalate")
    higher = SEVERITIES[SEVERITIES.index(severity) + 1 :]
    if not higher:
        rule.refuse("escalate", f"nothing is higher than {severity}; leave it out, or lower the rule's severity")
    if entry["severity"].plain in SEVERITIES and entry["severity"].plain not in higher:
        entry.refuse("severity", f"{entry['severity'].plain} is not higher than {severity}; use {' or '.join(higher)}")
    if not entry.given("at", "after"):
        rule.refuse("escalate", "says not when; add at, after or both")
    return Escalation(
        severity=entry.choice("severity", higher),
        at=_escalation_level(entry, levels, measure) if "at" in entry else None,
        after_ms=entry.length_ms("after") if "after" in entry else None,
    )


def _escalation_level(entry: Entry, levels: Levels, measure: str) -> float:
    if levels.own.direction not in (Direction.ABOVE, Direction.BELOW):
        entry.refuse("at", "is for rules with above or below; use after")
    at = entry.number("at", UNITS.get(measure))
    for level in levels.all:
        if isinstance(level.high, float) and at <= level.high:
            entry.refuse("at", f"{at:g} is not above the level {level.high:g}; take a higher one")
        if isinstance(level.low, float) and at >= level.low:
            entry.refuse("at", f"{at:g} is not below the level {level.low:g}; take a lower one")
    return at


def _topics(entry: Entry, known: tuple[str, ...]) -> tuple[str, ...]:
    names = [part.plain for part in entry.items("topics", "names of topics, as in [alerts-safety]")]
    for at, name in enumerate(names):
        if name not in known:
            entry.refuse(
                "topics", f"{name!r:.60} is no alerts-* topic of the catalogue; use some of {', '.join(known)}"
            )
        if name in names[:at]:
            entry.refuse("topics", f"{name} is there twice; keep one")
    return tuple(names)
