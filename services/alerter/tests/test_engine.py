"""The seed's rules case by case, at once: the alerts that wait for nothing."""

import math

import pytest

from tacho_alerter.engine.partition import at_once
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue

SEED = load_rules(PACKAGED_RULES, load_catalogue())
CALM = {"speed": 80.0, "rpm": 2500, "gear": 4, "gear_low": 3, "gear_high": 5, "expected_gear": 4}


def broken(**changes):
    return [(found.rule.id, found.observed, found.limit) for found in at_once(CALM | changes, SEED)]


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
    (found,) = at_once(CALM | {"gear": 6}, SEED)
    assert (type(found.observed), type(found.limit)) == (float, float)
