"""The shipped rules fire strictly beyond their levels, and episodes end where a fleet engineer would say so."""

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from encoded import calm

from tacho_alerter.rules.reading import load_rules
from tacho_alerter.rules.rule import Standing
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue

SHIPPED = load_rules(PACKAGED_RULES, load_catalogue())
LABOURING = {"rpm": 950, "gear": 5, "gear_high": 6, "acceleration": 0.0}


def standings(**changes):
    """The rules that a calm sample with these changes violates or holds."""
    sample = calm() | {"acceleration": 0.0} | changes
    found = {rule.id: rule.verdict(sample).standing for rule in SHIPPED.ordered}
    return {name: standing.name for name, standing in found.items() if standing > Standing.BACK}


def test_a_calm_sample_breaks_nothing():
    assert standings() == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"speed": math.nextafter(120.0, 121.0)}, {"speeding": "VIOLATES"}),
        ({"speed": 120.0}, {"speeding": "HOLDS"}),
        ({"speed": 115.0}, {}),
        ({"rpm": 6001}, {"high-rpm": "VIOLATES"}),
        ({"rpm": 6000}, {"high-rpm": "HOLDS"}),
        ({"rpm": 5800}, {}),
        ({"gear": 2}, {"wrong-gear": "VIOLATES"}),
        ({"gear": 6}, {"wrong-gear": "VIOLATES"}),
        ({"gear": 5}, {}),
        ({"gear": 0}, {}),
        ({"gear": 6, "gear_low": None, "gear_high": None}, {}),
        ({"acceleration": -3.4}, {"harsh-braking": "VIOLATES"}),
        ({"acceleration": -3.3}, {"harsh-braking": "HOLDS"}),
        ({"acceleration": -2.5}, {}),
        ({"acceleration": 2.8}, {"harsh-acceleration": "VIOLATES"}),
        ({"acceleration": 2.75}, {"harsh-acceleration": "HOLDS"}),
        ({"acceleration": 2.0}, {}),
        ({"acceleration": None}, {}),
        (LABOURING, {"lugging": "VIOLATES"}),
        (LABOURING | {"rpm": 1000}, {"lugging": "HOLDS"}),
        (LABOURING | {"rpm": 1100}, {}),
        (LABOURING | {"gear": 2, "gear_low": 1}, {}),
        (LABOURING | {"acceleration": -0.5}, {}),
        (LABOURING | {"acceleration": None}, {}),
    ],
)
def test_each_rule_fires_beyond_its_level_and_holds_down_to_its_exit(changes, expected):
    assert standings(**changes) == expected


def test_the_seeds_three_wait_for_nothing_and_a_car_is_silent_after_a_minute():
    assert [rule.id for rule, _ in SHIPPED.instant] == ["speeding", "high-rpm", "wrong-gear"]
    assert SHIPPED.by_id["silent-car"].silent_for_ms == 60_000


def test_what_goes_on_for_long_or_far_becomes_worse():
    speeding, braking = (SHIPPED.by_id[name].escalation for name in ("speeding", "harsh-braking"))
    assert (speeding.severity, speeding.at, speeding.after_ms) == ("critical", 150.0, 300_000)
    assert (braking.severity, braking.at, braking.after_ms) == ("critical", -6.0, None)
