"""A rule that is wrong is refused with its place and the remedy."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rules_texts import CATALOGUE, GOOD, LIMITS, OUTSIDE, refusal

from tacho_alerter.rules.reading import RulesError, parse_rules


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (GOOD.replace("measure: speed", "measure: sped"), "measure: 'sped' is unknown; use one of car_id"),
        (GOOD.replace("measure: speed", "measure: late"), "measure: 'late' is unknown"),
        (GOOD.replace("measure: speed", "measure: event_time"), "measure: 'event_time' is unknown"),
        (GOOD.replace("measure: speed, ", ""), "key 'measure' is missing; add it"),
        (GOOD + ", colour: red", "unknown key 'colour' in a rule; the keys are id, measure"),
        (GOOD + ", id: twice", "key 'id' is there twice, first in line 3; keep one"),
        (GOOD.replace("id: speeding", "id: Speeding!"), "is not lower-case words"),
        (GOOD.replace("id: speeding", "id: two--hyphens"), "is not lower-case words"),
        (GOOD.replace("id: speeding", f"id: {'a' * 65}"), "is not lower-case words"),
        (GOOD.replace("id: speeding", "id: 7"), "7 is no text; quote it"),
        (GOOD.replace("id: speeding, ", ""), "key 'id' is missing"),
        (GOOD.replace("warning", "dire"), "severity: 'dire' is unknown; use one of info, warning, critical"),
        (GOOD.replace("warning", "[]"), "severity: [] is unknown"),
        (GOOD.replace(", severity: warning", ""), "key 'severity' is missing"),
        (GOOD + ", topics: [alerts-nobody]", "'alerts-nobody' is no alerts-* topic of the catalogue; use some of"),
        (GOOD + ", topics: [sensors-sample]", "'sensors-sample' is no alerts-* topic"),
        (GOOD + ", topics: [alert-data]", "'alert-data' is no alerts-* topic"),
        (GOOD + ", topics: [7]", "7 is no alerts-* topic"),
        (GOOD + ", topics: [[]]", "[] is no alerts-* topic"),
        (GOOD + ", topics: alerts-safety", "'alerts-safety' is no list; write names of topics"),
        (GOOD + ", topics: [alerts-safety, alerts-safety]", "alerts-safety is there twice; keep one"),
    ],
)
def test_a_mistake_in_the_keys_is_refused(entry, complaint):
    assert complaint in refusal("id: fine, measure: rpm, above: 1, severity: info", entry)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (GOOD + ", below: 130", "one level and this one has above and below; keep one"),
        (
            GOOD.replace("above: 120 km/h, ", ""),
            "nothing says when it is wrong; add one of above, below, outside, when",
        ),
        (GOOD.replace("120 km/h", "fast"), "above: 'fast' is no number"),
        (GOOD.replace("120 km/h", "120 mph"), "has the unit mph; write it in km/h"),
        (GOOD.replace("120 km/h", "120 1/min"), "has the unit 1/min; write it in km/h"),
        (GOOD.replace("120 km/h", "120 s"), "has the unit s; write it in km/h"),
        (GOOD.replace("speed, above: 120 km/h", "gear, above: 3 km/h"), "has the unit km/h; it has no unit"),
        (GOOD.replace("120 km/h", "true"), "True is no number"),
        (GOOD.replace("120 km/h", "[120]"), "[120] is no number"),
        (GOOD.replace("120 km/h", "1e3"), "'1e3' has the unit e3"),
        (GOOD.replace("120 km/h", "NaN"), "'NaN' is no number"),
        (GOOD.replace("120 km/h", "inf km/h"), "'inf km/h' is no number"),
        (GOOD.replace("120 km/h", f"{'9' * 400} km/h"), "is no number"),
        (GOOD.replace("120 km/h", "rpm"), "'rpm' is no number"),
        (GOOD + ", until: 121", "until: 121 is above the level 120; an exit of 'above' is at it or below"),
        (GOOD.replace("above", "below") + ", until: 119", "until: 119 is below the level 120"),
        (OUTSIDE.replace("[gear_low, gear_high]", "[5, 1]"), "the lower bound 5 is above the upper one 1; swap them"),
        (OUTSIDE.replace("[gear_low, gear_high]", "[5]"), "has 1 bounds; write two bounds"),
        (OUTSIDE.replace("[gear_low, gear_high]", "5"), "5 is no list; write two bounds"),
        (OUTSIDE.replace("gear_low", "top"), "'top' is no numeric field"),
        (OUTSIDE.replace("gear_low", "acceleration"), "'acceleration' is no numeric field"),
        (OUTSIDE.replace("gear_low", "speed"), "speed is not in the unit of gear"),
        (OUTSIDE.replace("gear_low", "[]"), "[] is no number"),
        (OUTSIDE + ", until: 3", "until: is for above and below"),
        ("id: a, measure: speed, when: speed > 1, severity: info, until: 3", "the rule has no level"),
        ("id: a, measure: speed, when: speed > 1, severity: info, " + LIMITS, "limits: the rule has no level"),
        (GOOD + ", limits: {}", "limits is a mapping with keys out of models, cars"),
        (GOOD + ", limits: {drivers: {}}", "unknown key 'drivers' in limits"),
        (GOOD + ", limits: {models: {}}", "models: is a mapping with at least one entry"),
        (GOOD + ", limits: {models: {3: {above: 1}}}", "3 is no model"),
        (GOOD + ', limits: {cars: {"1000001": {above: 1}}}', "'1000001' is no car"),
        (GOOD + ", limits: {cars: {7: {above: 1}}}", "7 is no car; write its number of 7 digits"),
        (GOOD + ", limits: {cars: {1000001: 100}}", "a limit of a rule with 'above' is a mapping with keys"),
        (GOOD + ", limits: {cars: {1000001: {below: 1}}}", "unknown key 'below' in a limit of a rule with 'above'"),
        (GOOD + ", limits: {cars: {1000001: {above: 100, until: 101}}}", "until: 101 is above the level 100"),
        (GOOD + ", limits: {cars: {1000001: {until: 121}}}", "until: 121 is above the level 120"),
        (
            GOOD + ", limits: {models: {B: {above: 90}}, cars: {1000001: {until: 100}}}",
            "until: 100 is above the level 90",
        ),
    ],
)
def test_a_contradiction_in_the_levels_is_refused(entry, complaint):
    assert complaint in refusal(entry)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (GOOD + ", sustain: 3", "sustain: 3 is no duration; write a number and s, min or h"),
        (GOOD + ", sustain: 3 days", "'3 days' is no duration"),
        (GOOD + ", sustain: 3 ms", "'3 ms' is no duration"),
        (GOOD + ", clear: -1 s", "'-1 s' is negative"),
        (GOOD + ", cooldown: 169 h", "'169 h' is longer than 7 days"),
        (GOOD + ", cooldown: 999999999999999 h", "is longer than 7 days"),
        (GOOD + ", clear: 0.0001 s", "is finer than a millisecond"),
        (GOOD + ", escalate: {severity: critical}", "escalate: says not when; add at, after or both"),
        (GOOD + ", escalate: {at: 150}", "key 'severity' is missing"),
        (
            GOOD + ", escalate: {severity: warning, at: 150}",
            "severity: warning is not higher than warning; use critical",
        ),
        (GOOD + ", escalate: {severity: dire, at: 150}", "severity: 'dire' is unknown; use one of critical"),
        (GOOD + ", escalate: {severity: critical, at: 120}", "at: 120 is not above the level 120"),
        (GOOD + ", escalate: {severity: critical, at: 125}, " + LIMITS, "at: 125 is not above the level 130"),
        (GOOD + ", escalate: {severity: critical, at: 200 1/min}", "write it in km/h"),
        (GOOD + ", escalate: {severity: critical, after: 0 s}", "after: is 0; take a longer duration"),
        (GOOD.replace("warning", "critical") + ", escalate: {severity: critical, at: 150}", "nothing is higher than"),
        (
            GOOD.replace("above", "below") + ", escalate: {severity: critical, at: 130}",
            "at: 130 is not below the level",
        ),
        (OUTSIDE + ", escalate: {severity: critical, at: 9}", "at: is for rules with above or below; use after"),
        ("id: a, measure: rpm, when: rpm > 1, severity: info, escalate: {severity: warning, at: 9}", "use after"),
        ("id: a, silent_for: 60 s, severity: info, clear: 1 s", "clear: a rule with silent_for looks at no sample"),
        ("id: a, silent_for: 60 s, severity: info, measure: speed", "measure: a rule with silent_for"),
        ("id: a, silent_for: 0 s, severity: info", "silent_for: is 0"),
        ("id: a, silent_for: 60, severity: info", "silent_for: 60 is no duration"),
        (GOOD + ", active: {}", "active is a mapping with keys out of days, hours, zone"),
        (GOOD + ", active: {zone: Europe/Berlin}", "active: says not when"),
        (GOOD + ", active: {days: funday}", "days: 'funday' is no day"),
        (GOOD + ", active: {days: [mon, tue-]}", "days: '' is no day"),
        (GOOD + ", active: {days: []}", "days: is empty"),
        (GOOD + ", active: {hours: 6-20}", "'6-20' is no span of hours; write it as in 06:00-20:00"),
        (GOOD + ", active: {hours: 06:00-25:00}", "is beyond the day"),
        (GOOD + ", active: {hours: 24:00-06:00}", "is beyond the day"),
        (GOOD + ", active: {hours: 06:00-06:00}", "has no length"),
        (GOOD + ", active: {days: mon, zone: Europe/Atlantis}", "zone: 'Europe/Atlantis' is no time zone"),
        (GOOD + ", active: {days: mon, zone: Europe}", "'Europe' is no time zone"),
        (GOOD + ", active: {days: mon, zone: ../../etc/passwd}", "is no time zone"),
        (GOOD + ", active: {days: mon, zone: zone.tab}", "is no time zone"),
        (GOOD + ", active: {days: mon, zone: 7}", "zone: 7 is no text"),
        (GOOD + ", when: sped > 3", "when: 'sped' is no field of EnrichedSample"),
        (GOOD + ", when: true", "when: True is no text; quote it"),
    ],
)
def test_a_mistake_in_times_severities_and_hours_is_refused(entry, complaint):
    assert complaint in refusal(entry)


def test_a_mistake_is_shown_with_file_line_and_rule():
    said = refusal("id: fine, measure: rpm, above: 1, severity: info", GOOD.replace("warning", "dire"))
    assert said.startswith("rules.yaml:3: rule 'speeding': severity: 'dire' is unknown; use one of")


def test_a_mistake_in_a_rule_of_many_lines_is_shown_at_its_own_line():
    text = "rules:\n  - id: speeding\n    measure: speed\n    above: 120\n    severity: warning\n"
    for line, more in ((6, "    clear: 1\n"), (7, "    escalate:\n      severity: info\n      at: 150\n")):
        with pytest.raises(RulesError, match=rf"^rules\.yaml:{line}: rule 'speeding': "):
            parse_rules(text + more, "rules.yaml", CATALOGUE)


def test_a_duplicate_id_says_where_the_first_one_is():
    assert refusal(GOOD, GOOD) == "rules.yaml:3: rule 'speeding': the id is used in line 2 already; choose another"
