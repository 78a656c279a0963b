"""The rules file as the verifier reads it: docs/rules.md, "The rules file", sentence by sentence."""

import pytest

from deploy.tests.verify.small_logs import CAR, history, rule, sample
from tacho.verify.conditions import parse, value
from tacho.verify.errors import CannotVerify
from tacho.verify.quantities import duration_ms, number
from tacho.verify.rule import Standing, Verdict
from tacho.verify.rules import content_hash, read_rules

VIOLATES, HOLDS, BACK, UNKNOWN = Standing.VIOLATES, Standing.HOLDS, Standing.BACK, Standing.UNKNOWN
MONDAY = 1_795_392_000  # 2026-11-23 00:00 UTC, in seconds


def verdict(entry: str, **fields: object) -> Verdict:
    (only,) = read_rules(f"rules:\n  - {{id: r, severity: info, {entry}}}\n").rules
    return only.verdict(sample(1, **{"acceleration": None, **fields}))


def standing(entry: str, **fields: object) -> Standing:
    return verdict(entry, **fields).standing


@pytest.mark.parametrize(
    ("written", "expected"),
    [("120 km/h", 120.0), ("6000 1/min", 6000.0), ("-4 m/s2", -4.0), (120, 120.0), ("2.5", 2.5), ("4km/h", 4.0)],
)
def test_numbers_carry_their_unit_or_none(written, expected):
    assert number(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"), [("3 s", 3000), ("5 min", 300_000), ("2 h", 7_200_000), ("0.5 s", 500)]
)
def test_durations_are_in_ms(written, expected):
    assert duration_ms(written) == expected


@pytest.mark.parametrize("written", ["3", 3, "3 km/h", "three s"])
def test_a_duration_must_have_its_unit(written):
    with pytest.raises(ValueError, match="is no"):
        duration_ms(written)


def test_a_file_that_cannot_be_used_proves_nothing():
    for text in (
        "rules: 3",
        "rules: [{id: r}]",
        rule("when: speed >"),
        rule("sustain: 3"),
        "{",
        rule("clear: 3 miles"),
    ):
        with pytest.raises(CannotVerify):
            read_rules(text)


def test_the_version_is_the_hash_of_the_content_and_the_definition_that_of_the_entry():
    # Both with sha256sum over the canonical JSON written out by hand.
    read = read_rules("rules: [{severity: info, id: r, above: 100, measure: speed}]\nwait: 2 s\n")
    assert content_hash({}) == "44136fa355b3"
    assert read.version == "afa2aa28c1b4"
    assert read.rules[0].definition == "58135b306a97"
    assert (
        read_rules("{wait: 2 s, rules: [{id: r, measure: speed, above: 100, severity: info}]}").version == read.version
    )


def test_durations_of_the_file_are_60_s_and_5_s_unless_it_says_others():
    assert (read_rules("rules: []").silent_after_ms, read_rules("rules: []").wait_ms) == (60_000, 5_000)
    other = read_rules("{silent_after: 2 min, wait: 0 s, rules: []}")
    assert (other.silent_after_ms, other.wait_ms) == (120_000, 0)


@pytest.mark.parametrize(
    ("entry", "fields", "expected"),
    [
        ("measure: speed, above: 100", {"speed": 100.0}, Verdict(BACK)),
        ("measure: speed, above: 100", {"speed": 100.5}, Verdict(VIOLATES, 100.5, 100.0, 100.5)),
        ("measure: rpm, below: 900", {"rpm": 899}, Verdict(VIOLATES, 899.0, 900.0, -899.0)),
        ("measure: rpm, below: 900", {"rpm": 900}, Verdict(BACK)),
        ("measure: gear, outside: [gear_low, gear_high]", {"gear": 1}, Verdict(VIOLATES, 1.0, 2.0, 1.0)),
        ("measure: gear, outside: [gear_low, 4]", {"gear": 6}, Verdict(VIOLATES, 6.0, 4.0, 2.0)),
        ("measure: gear, outside: [gear_low, gear_high]", {"gear": 4}, Verdict(BACK)),
        ("measure: rpm, when: speed > 10", {"speed": 11.0}, Verdict(VIOLATES, 2000.0, 2000.0, 2000.0)),
        ("measure: acceleration, below: -4 m/s2", {"acceleration": -4.5}, Verdict(VIOLATES, -4.5, -4.0, 4.5)),
    ],
)
def test_a_sample_violates_strictly_beyond_the_level(entry, fields, expected):
    assert verdict(entry, **fields) == expected


@pytest.mark.parametrize(
    ("entry", "fields", "expected"),
    [
        ("measure: speed, above: 100, until: 90", {"speed": 95.0}, HOLDS),
        ("measure: speed, above: 100, until: 90", {"speed": 90.0}, BACK),
        ("measure: rpm, below: 900, until: 1000", {"rpm": 950}, HOLDS),
        ("measure: rpm, below: 900, until: 1000", {"rpm": 1000}, BACK),
        ("measure: speed, above: 100, until: 90, when: gear > 3", {"speed": 95.0}, BACK),
    ],
)
def test_a_sample_holds_strictly_beyond_until_while_its_condition_is_true(entry, fields, expected):
    assert standing(entry, **fields) is expected


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ("measure: expected_gear, above: 3", {"expected_gear": None}),
        ("measure: gear, outside: [gear_low, gear_high]", {"gear": 9, "gear_low": None}),
        ("measure: gear, outside: [1, gear_high]", {"gear": 0, "gear_high": None}),
        ('measure: speed, above: 10, when: model_name == "3"', {"model_name": None}),
        ('measure: speed, above: 100, when: model_name == "3"', {"model_name": None, "speed": 20.0}),
        ("measure: expected_gear, above: 3, when: speed > 100", {"expected_gear": None}),
        ("measure: acceleration, below: -4", {"acceleration": None}),
    ],
)
def test_a_null_measure_or_bound_or_an_unknown_condition_passes_the_sample_over(entry, fields):
    assert standing(entry, **fields) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("speed > 40 and rpm < 3000", True),
        ("speed > 40 and rpm > 3000", False),
        ("20 < speed < 60", True),
        ("20 < speed < 50", False),
        ("speed < 60 > 20", True),
        ('brand_name == "Mazda"', True),
        ('brand_name != "Mazda"', False),
        ("late == false", True),
        ("not late", True),
        ("not speed > 40 or gear == 3", True),
        ("not (speed > 40 or gear == 3)", False),
        ("gear == 1 and gear == 2 or gear == 3", True),
        ("gear == 1 and (gear == 2 or gear == 3)", False),
        ("2 + 3 * 4 == 14", True),
        ("(2 + 3) * 4 == 20", True),
        ("10 - 3 - 2 == 5", True),
        ("8 / 4 / 2 == 1", True),
        ("-speed < -49.5 and 2 * -3 == -6", True),
        ("rpm / speed >= 40", True),
        ("expected_gear == 3", None),
        ("not expected_gear == 3", None),
        ("expected_gear == 3 and speed > 40", None),
        ("expected_gear == 3 and speed > 60", False),
        ("expected_gear == 3 or speed > 40", True),
        ("expected_gear == 3 or speed > 60", None),
        ("1 < expected_gear + 1 < 0", None),
        ("speed > 60 > expected_gear", False),
        ("speed / (gear - 3) > 1", None),
    ],
)
def test_conditions_are_true_false_or_unknown_as_in_sql(text, expected):
    assert value(parse(text), sample(1, expected_gear=None)) is expected


@pytest.mark.parametrize("text", ["", "speed >", "(speed > 1", "speed > 1)", "speed ~ 1", "speed 1", "and", 'a == "b'])
def test_a_text_that_is_no_condition_is_not_read(text):
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text)


LIMITS = """
rules:
  - id: r
    measure: speed
    above: 120
    until: 115
    severity: info
    limits:
      models: {Mazda 3: {above: 130, until: 125}, Opel Corsa: {above: 110}, Opel Astra: {until: 100}}
      cars: {1000002: {above: 100}, 1000003: {until: 90}}
"""


@pytest.mark.parametrize(
    ("who", "speed", "expected"),
    [
        ({"brand_name": None, "model_name": None}, 118.0, HOLDS),
        ({"brand_name": None, "model_name": None}, 121.0, VIOLATES),
        ({}, 130.0, HOLDS),
        ({}, 125.0, BACK),
        ({"brand_name": "Opel", "model_name": "Corsa"}, 110.5, VIOLATES),
        ({"brand_name": "Opel", "model_name": "Corsa"}, 110.0, BACK),
        ({"brand_name": "Opel", "model_name": "Astra"}, 101.0, HOLDS),
        ({"car": CAR + 1}, 101.0, VIOLATES),
        ({"car": CAR + 1}, 100.0, BACK),
        ({"car": CAR + 2}, 130.0, HOLDS),
        ({"car": CAR + 2}, 91.0, HOLDS),
        ({"car": CAR + 2}, 90.0, BACK),
    ],
)
def test_limits_of_the_car_go_before_those_of_its_model(who, speed, expected):
    (only,) = read_rules(LIMITS).rules
    assert only.verdict(sample(1, speed, **who)).standing is expected


@pytest.mark.parametrize(
    ("active", "day", "clock", "expected"),
    [
        ("{hours: 06:00-20:00}", 0, "06:00", VIOLATES),
        ("{hours: 06:00-20:00}", 0, "05:59", BACK),
        ("{hours: 06:00-20:00}", 0, "20:00", BACK),
        ("{days: mon-fri}", 4, "12:00", VIOLATES),
        ("{days: mon-fri}", 5, "12:00", BACK),
        ("{days: [mon, sun]}", 6, "12:00", VIOLATES),
        ("{days: [mon, sun]}", 1, "12:00", BACK),
        ("{days: fri-mon}", 6, "12:00", VIOLATES),
        ("{days: fri-mon}", 2, "12:00", BACK),
        ("{days: mon-fri, hours: 22:00-06:00}", 5, "05:59", VIOLATES),
        ("{days: mon-fri, hours: 22:00-06:00}", 5, "22:00", BACK),
        ("{days: mon-fri, hours: 22:00-06:00}", 0, "05:59", BACK),
        ("{hours: 06:00-20:00, zone: Europe/Berlin}", 0, "05:00", VIOLATES),
        ("{hours: 06:00-20:00, zone: Europe/Berlin}", 0, "19:00", BACK),
    ],
)
def test_a_rule_applies_in_its_hours_on_its_days_in_its_zone(active, day, clock, expected):
    hour, minute = map(int, clock.split(":"))
    at = MONDAY + day * 86_400 + hour * 3600 + minute * 60
    (only,) = read_rules(rule(f"active: {active}")).rules
    assert only.verdict(sample(1, 120.0, at=at)).standing is expected


@pytest.mark.parametrize(
    ("entry", "instant"),
    [
        ("measure: speed, above: 1", True),
        ("measure: speed, above: 1, sustain: 0 s, clear: 5 s, cooldown: 1 h", True),
        ("measure: speed, above: 1, sustain: 1 s", False),
        ("measure: acceleration, above: 1", False),
        ("measure: speed, above: 1, when: not acceleration < 1", False),
        ("silent_for: 1 min", False),
    ],
)
def test_alerts_wait_for_nothing_unless_the_rule_sustains_or_looks_at_the_acceleration(entry, instant):
    (only,) = read_rules(f"rules: [{{id: r, severity: info, {entry}}}]").rules
    assert only.instant is instant


def test_the_last_version_in_force_at_the_event_time_is_taken():
    versions = history((10, rule("clear: 1 s")), (20, rule()), (20, rule("topics: [a]")), (5, "rules: []"))
    taken = [versions.at(at).version for at in (0, 5_000, 9_999, 10_000, 19_999, 20_000, 90_000)]
    empty, one, last = (versions.versions[i].version for i in (0, 1, 3))
    assert taken == [empty, empty, empty, one, one, last, last]
