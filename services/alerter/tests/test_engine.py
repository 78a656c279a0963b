"""The engine against an obvious reference, and the seed's rules case by case."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho_alerter.engine.violations import FRESH, evaluate
from tacho_alerter.rules import Rule, RuleSet
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue

SEED = load_rules(PACKAGED_RULES, load_catalogue())
CALM = {"speed": 80.0, "rpm": 2500, "gear": 4, "gear_low": 3, "gear_high": 5, "expected_gear": 4}
FIELDS = tuple(CALM)


def broken(**changes):
    return [(v.rule.id, v.observed, v.limit) for v in evaluate(CALM | changes, SEED).violations]


def test_a_calm_sample_breaks_nothing():
    assert broken() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"speed": 120.0}, []),
        ({"speed": math.nextafter(120.0, 121.0)}, [("speeding", math.nextafter(120.0, 121.0), 120.0)]),
        ({"rpm": 6000}, []),
        ({"rpm": 6001}, [("high-rpm", 6001.0, 6000.0)]),
        ({"gear": 3}, []),
        ({"gear": 2}, [("wrong-gear", 2.0, 3.0)]),
        ({"gear": 5}, []),
        ({"gear": 6}, [("wrong-gear", 6.0, 5.0)]),
        ({"gear": 0}, []),
        ({"gear": 6, "gear_low": None, "gear_high": None}, []),
        ({"gear": 1, "gear_low": None}, []),
        ({"speed": math.nan}, []),
    ],
)
def test_the_seeds_rules_fire_strictly_beyond_their_limits(changes, expected):
    assert broken(**changes) == expected


def test_violations_come_in_the_order_of_the_file():
    assert [found[0] for found in broken(speed=200.0, rpm=7000, gear=1)] == ["speeding", "high-rpm", "wrong-gear"]


def test_the_observed_value_and_the_limit_are_doubles():
    (found,) = evaluate(CALM | {"gear": 6}, SEED).violations
    assert (type(found.observed), type(found.limit)) == (float, float)


numbers = st.integers(-10, 10).map(float) | st.floats(-10, 10)
bounds = st.none() | numbers | st.sampled_from(FIELDS)
made_rules = st.builds(
    Rule,
    id=st.sampled_from(["a", "b", "c"]),
    field=st.sampled_from(FIELDS),
    low=bounds,
    high=bounds,
    exempt=st.frozensets(numbers, max_size=2),
    severity=st.just("info"),
    topics=st.just(()),
)
made_samples = st.fixed_dictionaries({name: st.none() | st.integers(-10, 10) | numbers for name in FIELDS})


def reference(sample, rules):
    """The rules as INTERFACES words them, with no thought for speed."""
    found = []
    for rule in rules:
        value = sample[rule.field]
        low = sample[rule.low] if isinstance(rule.low, str) else rule.low
        high = sample[rule.high] if isinstance(rule.high, str) else rule.high
        if value is None or value in rule.exempt:
            continue
        if low is not None and value < low:
            found.append((rule.id, float(value), float(low)))
        elif high is not None and value > high:
            found.append((rule.id, float(value), float(high)))
    return found


@given(made_samples, st.lists(made_rules, max_size=4))
def test_the_engine_agrees_with_the_plain_reference(sample, rules):
    decision = evaluate(sample, RuleSet(tuple(rules), "v"))
    assert [(v.rule.id, v.observed, v.limit) for v in decision.violations] == reference(sample, rules)


@given(made_samples, st.lists(made_rules, max_size=4))
def test_judging_leaves_the_sample_and_the_state_as_they_were(sample, rules):
    before = dict(sample)
    assert evaluate(sample, RuleSet(tuple(rules), "v"), FRESH).state is FRESH
    assert sample == before
