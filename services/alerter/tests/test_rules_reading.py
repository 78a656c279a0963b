"""What a rules text says arrives in its rules, and names them."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from rules_texts import CATALOGUE, GOOD, OUTSIDE, only, parse

from tacho_alerter.rules.fields import numeric_fields
from tacho_alerter.rules.reading import load_rules, parse_rules
from tacho_alerter.rules.rule import Escalation
from tacho_alerter.settings import PACKAGED_RULES


def test_the_packaged_rules_are_the_seven_and_the_seeds_three_wait_for_nothing():
    rules = load_rules(PACKAGED_RULES, CATALOGUE)
    assert list(rules.by_id) == [
        *("speeding", "high-rpm", "wrong-gear"),
        *("harsh-braking", "harsh-acceleration", "lugging", "silent-car"),
    ]
    assert [rule.id for rule, _ in rules.instant] == ["speeding", "high-rpm", "wrong-gear"]
    assert [rule.id for rule in rules.silent] == ["silent-car"]
    assert len(rules.ordered) == 6


def test_a_text_says_how_long_a_silence_is_and_how_long_a_missing_sample_is_waited_for():
    assert (parse(GOOD).silent_after_ms, parse(GOOD).wait_ms) == (60_000, 5_000)
    rules = parse(GOOD, head="silent_after: 2 min\nwait: 1.5 s\n")
    assert (rules.silent_after_ms, rules.wait_ms) == (120_000, 1_500)


def test_every_key_of_a_rule_arrives():
    rule = only(
        GOOD + ", until: 110, sustain: 3 s, clear: 0 s, cooldown: 2 h, topics: [alerts-safety, alerts-workshop], "
        'escalate: {severity: critical, at: 150, after: 5 min}, when: speed > 1, active: {hours: "06:00-20:00"}'
    )
    assert (rule.id, rule.measure, rule.severity) == ("speeding", "speed", "warning")
    assert (rule.levels.own.high, rule.levels.own.until) == (120.0, 110.0)
    assert (rule.sustain_ms, rule.clear_ms, rule.cooldown_ms) == (3_000, 0, 7_200_000)
    assert rule.topics == ("alerts-safety", "alerts-workshop")
    assert rule.escalation == Escalation("critical", 150.0, 300_000)
    assert rule.condition is not None
    assert rule.active is not None


def test_a_rule_about_silence_has_a_length_and_a_severity_alone():
    rule = only("id: mute, silent_for: 90 s, severity: info")
    assert (rule.silent_for_ms, rule.measure, rule.instant) == (90_000, None, False)


def test_only_numbers_can_be_measured():
    assert numeric_fields() == (
        *("car_id", "sequence", "speed", "rpm", "gear", "driver_id"),
        *("expected_gear", "gear_low", "gear_high"),
    )


def test_rules_that_sustain_or_look_at_the_acceleration_are_not_instant():
    assert only(GOOD).instant
    assert not only(GOOD + ", sustain: 1 s").instant
    assert only(GOOD + ", sustain: 0 s").instant
    assert not only(GOOD + ", when: acceleration > 0").instant
    assert not only("id: a, measure: acceleration, below: -4, severity: info").instant


def test_the_version_names_the_content_and_not_the_layout():
    first = parse(GOOD).version
    assert parse("severity: warning, above: 120 km/h, measure: speed, id: speeding").version == first
    assert parse(GOOD.replace("120", "130")).version != first
    assert parse(GOOD, head="wait: 4 s\n").version != first
    assert re.fullmatch("[0-9a-f]{12}", first)


def test_versions_and_definitions_are_the_hashes_that_others_compute_too():
    # By sha256sum: {"rules":[{"above":120,"id":"speeding","measure":"speed","severity":"warning"}]}, and the entry.
    rules = parse("id: speeding, measure: speed, above: 120, severity: warning")
    assert (rules.version, rules.rules[0].definition) == ("e54d23b508de", "ff7d8a38f63d")


def test_a_rules_definition_does_not_depend_on_its_neighbours():
    alone, with_others = parse(GOOD), parse(OUTSIDE, GOOD, head="wait: 1 s\n")
    assert with_others.by_id["speeding"].definition == alone.by_id["speeding"].definition
    assert only(GOOD + ", clear: 1 s").definition != alone.by_id["speeding"].definition


def test_no_rules_at_all_are_rules_too():
    assert parse_rules("rules: []", "rules.yaml", CATALOGUE).rules == ()
