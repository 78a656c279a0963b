"""Reading a rules text: every mistake is refused with place, line, rule and what to do about it."""

from pathlib import Path

from tacho_alerter.rules.document import MOST_BYTES, Written, check_size, read_document
from tacho_alerter.rules.entry import Entry
from tacho_alerter.rules.mistakes import RulesError, Source
from tacho_alerter.rules.reading_rule import content_hash, read_rule
from tacho_alerter.rules.rule import Rule
from tacho_alerter.rules.ruleset import SILENT_AFTER_MS, WAIT_MS, RuleSet
from tacho_contracts.catalogue import Catalogue

__all__ = ["MOST_RULES", "RulesError", "load_rules", "parse_rules", "read_text"]

MOST_RULES = 64


def load_rules(path: Path, catalogue: Catalogue) -> RuleSet:
    """The rules of a file. Raises RulesError at the first mistake."""
    return parse_rules(read_text(path), str(path), catalogue)


def read_text(path: Path) -> str:
    """The text of a rules file. Raises RulesError when there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        check_size(len(data), Source(str(path)))
        return data.decode()
    except OSError as error:
        raise RulesError(f"{path}: {error.strerror}; name a readable file") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{path}: not UTF-8; save it so") from error


def parse_rules(text: str, place: str, catalogue: Catalogue) -> RuleSet:
    """The rules of a text; `place` names it in messages. Raises RulesError at the first mistake."""
    source = Source(place)
    document = read_document(text, source)
    entry = Entry(document, source, ("silent_after", "wait", "rules"), "the file")
    wait_ms = entry.duration_ms("wait", WAIT_MS)
    silent_after_ms = entry.length_ms("silent_after") if "silent_after" in entry else SILENT_AFTER_MS
    if wait_ms > silent_after_ms:
        entry.refuse("wait" if "wait" in entry else "silent_after", "wait is longer than silent_after; shorten wait")
    rules = _rules(entry.items("rules", "rules, each beginning with '- id:'"), source, catalogue)
    return RuleSet(rules, content_hash(document.plain), silent_after_ms, wait_ms)


def _rules(parts: list[Written], source: Source, catalogue: Catalogue) -> tuple[Rule, ...]:
    topics = tuple(
        name for name, topic in catalogue.topics.items() if name.startswith("alerts-") and topic.record == "Alert"
    )
    rules: dict[str, Rule] = {}
    lines: dict[str, int] = {}
    for part in parts:
        if len(rules) == MOST_RULES:
            source.refuse(part.line, f"there are more than {MOST_RULES} rules; take some out")
        rule = read_rule(part, source, topics)
        if rule.id in rules:
            Source(source.place, rule.id).refuse(
                part.line, f"the id is used in line {lines[rule.id]} already; choose another"
            )
        rules[rule.id], lines[rule.id] = rule, part.line
    return tuple(rules.values())
