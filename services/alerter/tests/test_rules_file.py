"""A rules file is taken whole or refused with the place and the remedy."""

from pathlib import Path

import pytest

from tacho_alerter.rules_file import RulesError, load_rules, numeric_fields
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue

CATALOGUE = load_catalogue()
GOOD = "id: speeding, field: speed, above: 120, severity: warning, topics: []"


def load(folder: Path, *entries: str):
    path = folder / "rules.yaml"
    path.write_text("rules:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries))
    return load_rules(path, CATALOGUE)


def test_the_packaged_rules_are_the_seeds_three():
    rules = load_rules(PACKAGED_RULES, CATALOGUE).rules
    assert [(rule.id, rule.field, rule.low, rule.high, rule.topics) for rule in rules] == [
        ("speeding", "speed", None, 120.0, ("alerts-safety",)),
        ("high-rpm", "rpm", None, 6000.0, ("alerts-workshop",)),
        ("wrong-gear", "gear", "gear_low", "gear_high", ()),
    ]


def test_the_version_names_the_content_and_not_the_layout(tmp_path):
    first = load(tmp_path, GOOD).version
    assert load(tmp_path, "severity: warning, topics: [], above: 120, field: speed, id: speeding").version == first
    assert load(tmp_path, GOOD.replace("120", "130")).version != first
    assert len(first) == 12


def test_the_version_is_the_hash_that_the_verifier_computes_too():
    assert load_rules(PACKAGED_RULES, CATALOGUE).version == "d88ffe15c7e3"


def test_only_numbers_can_be_judged():
    assert numeric_fields() == (
        *("car_id", "sequence", "speed", "rpm", "gear", "driver_id"),
        *("expected_gear", "gear_low", "gear_high"),
    )


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            GOOD.replace("field: speed", "field: sped"),
            "'sped' is no numeric field of EnrichedSample; use one of car_id",
        ),
        (GOOD.replace("field: speed", "field: late"), "'late' is no numeric field"),
        (GOOD + ", colour: red", "unknown key 'colour'; the keys are id, field"),
        (GOOD + ", id: twice", "key 'id' is there twice; keep one"),
        (GOOD.replace("warning", "dire"), "severity 'dire' is unknown; use one of info, warning, critical"),
        (GOOD.replace("[]", "[alerts-nobody]"), "'alerts-nobody' is no alerts-* topic of the catalogue"),
        (GOOD.replace("[]", "[sensors-sample]"), "'sensors-sample' is no alerts-* topic of the catalogue"),
        (GOOD.replace("[]", "alerts-safety"), "topics is a list"),
        (GOOD.replace("[]", "[alerts-safety, alerts-safety]"), "different topic names"),
        (GOOD.replace("above: 120", "outside: [5, 1]"), "contradictory range: 5 is above 1; swap them"),
        (GOOD.replace("above: 120", "outside: [5]"), "a list of two bounds"),
        (GOOD.replace("above: 120", "outside: [gear_low, top]"), "'top' is no numeric field"),
        (GOOD + ", below: 130", "exactly one of above, below, outside; found above and below"),
        (GOOD.replace("above: 120, ", ""), "exactly one of above, below, outside; found none"),
        (GOOD.replace("120", "fast"), "above needs a number and got 'fast'"),
        (GOOD.replace("120", ".nan"), "above needs a number"),
        (GOOD.replace("120", "true"), "above needs a number"),
        (GOOD + ", except: 0", "except is a list of numbers"),
        (GOOD.replace("severity: warning, ", ""), "key 'severity' is missing"),
        (GOOD.replace("id: speeding", "id: Speeding!"), "an id is lower-case words"),
    ],
)
def test_a_mistake_is_refused_with_file_line_and_rule(tmp_path, entry, complaint):
    with pytest.raises(RulesError) as refused:
        load(tmp_path, "id: fine, field: rpm, above: 1, severity: info", entry)
    assert str(refused.value).startswith(f"{tmp_path}/rules.yaml:3: rule ")
    assert complaint in str(refused.value)


def test_a_duplicate_id_says_where_the_first_one_is(tmp_path):
    with pytest.raises(RulesError, match=r"rules\.yaml:3: rule 'speeding': the id is already used in line 2"):
        load(tmp_path, GOOD, GOOD)


def test_a_mistake_in_a_rule_of_many_lines_is_shown_at_its_own_line(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n  - id: speeding\n    field: speed\n    above: 120\n    severity: dire\n")
    with pytest.raises(RulesError, match=r"rules\.yaml:5: rule 'speeding': severity"):
        load_rules(path, CATALOGUE)


@pytest.mark.parametrize("text", ["", "rules: 1", "[]", "rules: []\nmore: 1", "rules: [", "rules:\n  - 7\n"])
def test_a_file_that_is_no_list_of_rules_is_refused(tmp_path, text):
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(RulesError, match=r"rules\.yaml"):
        load_rules(path, CATALOGUE)


def test_a_missing_file_is_refused_with_the_setting_to_change(tmp_path):
    with pytest.raises(RulesError, match="TACHO_ALERTER_RULES"):
        load_rules(tmp_path / "none.yaml", CATALOGUE)
