"""What one sample is to a rule: levels, exits, limits, nulls and hours; and the columns that miss none of it."""

import math
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from encoded import calm
from rules_texts import only

from tacho_alerter.rules.rule import Standing, Verdict

BACK, UNKNOWN = Verdict(Standing.BACK), Verdict(Standing.UNKNOWN)
BRAKING = "id: a, measure: acceleration, below: -4 m/s2, until: -2 m/s2, severity: info"
LIMITED = (
    "id: a, measure: speed, above: 120, until: 110, severity: info, limits: {"
    "models: {BMW X5: {above: 130}, Mazda 3: {until: 100}}, "
    "cars: {1000001: {until: 90}, 1000002: {above: 80, until: 70}}}"
)


def violates(observed, limit):
    return Verdict(Standing.VIOLATES, observed, limit)


def holds(observed, limit):
    return Verdict(Standing.HOLDS, observed, limit)


def verdict(entry, **changes):
    sample = calm() | {"acceleration": 0.5} | changes
    rule = only(entry)
    found = rule.verdict(sample)
    assert rule.broken_limit(sample) == (found.limit if found.standing is Standing.VIOLATES else None)
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (120.0, holds(120.0, 120.0)),
        (math.nextafter(120.0, 121.0), violates(math.nextafter(120.0, 121.0), 120.0)),
        (115.1, holds(115.1, 120.0)),
        (115.0, BACK),
        (math.nan, BACK),
    ],
)
def test_a_level_above_is_broken_strictly_and_held_down_to_its_exit(value, expected):
    assert verdict("id: a, measure: speed, above: 120, until: 115, severity: info", speed=value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-4.0, holds(-4.0, -4.0)), (-4.1, violates(-4.1, -4.0)), (-2.1, holds(-2.1, -4.0)), (-2.0, BACK), (None, UNKNOWN)],
)
def test_a_level_below_is_broken_strictly_and_held_up_to_its_exit(value, expected):
    assert verdict(BRAKING, acceleration=value) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gear": 3}, BACK),
        ({"gear": 2}, violates(2.0, 3.0)),
        ({"gear": 6}, violates(6.0, 5.0)),
        ({"gear": 0}, BACK),
        ({"gear": 6, "gear_low": None}, UNKNOWN),
        ({"gear": 1, "gear_high": None}, UNKNOWN),
        ({"gear": 0, "gear_high": None}, UNKNOWN),
    ],
)
def test_fields_may_be_the_bounds_and_a_null_one_leaves_it_unknown(changes, expected):
    entry = "id: a, measure: gear, outside: [gear_low, gear_high], when: gear != 0, severity: info"
    assert verdict(entry, **changes) == expected


def test_a_bound_may_be_a_field_and_the_other_a_number():
    entry = "id: a, measure: gear, outside: [1, gear_high], severity: info"
    assert verdict(entry, gear=0) == violates(0.0, 1.0)
    assert verdict(entry, gear=6) == violates(6.0, 5.0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, BACK),
        ({"rpm": 3000}, violates(90.5, 90.5)),
        ({"rpm": 3000, "expected_gear": None}, UNKNOWN),
        ({"rpm": 2000, "expected_gear": None}, BACK),
    ],
)
def test_without_a_level_the_condition_decides_and_the_value_is_the_limit(changes, expected):
    entry = "id: a, measure: speed, when: rpm > 2500 and expected_gear > 1, severity: info"
    assert verdict(entry, **changes) == expected


@pytest.mark.parametrize(
    ("car", "model", "speed", "expected"),
    [
        (1000009, "5", 121.0, violates(121.0, 120.0)),
        (1000009, "5", 111.0, holds(111.0, 120.0)),
        (1000009, "3", 101.0, holds(101.0, 120.0)),
        (1000001, "3", 91.0, holds(91.0, 120.0)),
        (1000001, "3", 90.0, BACK),
        (1000002, "3", 81.0, violates(81.0, 80.0)),
        (1000002, "3", 71.0, holds(71.0, 80.0)),
        (1000001, None, 91.0, holds(91.0, 120.0)),
    ],
)
def test_the_cars_limits_go_before_the_models_and_the_rules_own(car, model, speed, expected):
    assert verdict(LIMITED, car_id=car, brand_name="Mazda", model_name=model, speed=speed) == expected


def test_a_models_level_brings_its_own_exit_and_a_car_may_change_that_alone():
    x5 = {"brand_name": "BMW", "model_name": "X5"}
    assert verdict(LIMITED, car_id=1000009, speed=125.0, **x5) == BACK
    assert verdict(LIMITED, car_id=1000009, speed=131.0, **x5) == violates(131.0, 130.0)
    assert verdict(LIMITED, car_id=1000001, speed=91.0, **x5) == holds(91.0, 130.0)


def test_outside_its_hours_a_rule_sees_a_recovery_whatever_else_is_null():
    entry = 'id: a, measure: gear, outside: [gear_low, gear_high], severity: info, active: {hours: "06:00-20:00"}'
    day, night = (datetime(2026, 11, 25, hour, tzinfo=UTC).timestamp() * 1000 for hour in (12, 22))
    assert verdict(entry, gear=6, event_time=int(day)) == violates(6.0, 5.0)
    assert verdict(entry, gear=6, event_time=int(night)) == BACK
    assert verdict(entry, gear=6, gear_low=None, event_time=int(night)) == BACK


def test_a_rule_about_silence_sees_nothing_in_a_sample():
    assert verdict("id: a, silent_for: 60 s, severity: info") == BACK


def test_excess_and_beyond_go_in_the_direction_of_the_level():
    above, below = only("id: a, measure: speed, above: 120, severity: info"), only(BRAKING)
    assert above.excess(140.0, 120.0) > above.excess(130.0, 120.0)
    assert below.excess(-6.0, -4.0) > below.excess(-5.0, -4.0)
    outside = only("id: a, measure: gear, outside: [gear_low, gear_high], severity: info")
    assert outside.excess(1.0, 4.0) > outside.excess(6.0, 5.0)
    assert (above.beyond(151.0, 150.0), above.beyond(150.0, 150.0)) == (True, False)
    assert (below.beyond(-7.0, -6.0), below.beyond(-6.0, -6.0)) == (True, False)


numbers = st.integers(-3, 9)
bounds = st.sampled_from(["gear_low", "gear_high", "expected_gear"]) | numbers


@st.composite
def entries(draw):
    """Rules of all shapes on small numbers, as entries."""
    kind = draw(st.sampled_from(["above", "below", "outside", "none"]))
    level = draw(numbers)
    when = draw(st.sampled_from(["", ", when: gear != 2", ", when: speed / gear > 1 or gear_low > 2 and not late"]))
    measure = draw(st.sampled_from(["gear", "speed", "acceleration"]))
    if kind == "none":
        return f"id: a, measure: {measure}, severity: info{when or ', when: gear > 2'}"
    if kind == "outside":
        # Only a measure without unit can have fields for bounds.
        low, high = draw(st.tuples(bounds, bounds)) if measure == "gear" else sorted((level, draw(numbers)))
        low, high = sorted((low, high)) if isinstance(low, int) and isinstance(high, int) else (low, high)
        return f"id: a, measure: {measure}, outside: [{low}, {high}], severity: info{when}"
    away = -1 if kind == "above" else 1
    model, car = (f"{{{kind}: {draw(numbers)}}}" for _ in range(2))
    more = f", limits: {{models: {{BMW X5: {model}}}, cars: {{1000002: {car}}}}}"
    until = f", until: {level + away * draw(st.integers(0, 3))}" if draw(st.booleans()) else ""
    return f"id: a, measure: {measure}, {kind}: {level}{until}, severity: info{when}{draw(st.sampled_from(['', more]))}"


small = st.none() | st.integers(-4, 10)
fields = ("gear", "speed", "acceleration", "gear_low", "gear_high", "expected_gear")
samples = st.fixed_dictionaries(
    {
        **dict.fromkeys(fields, small),
        "car_id": st.sampled_from([1000001, 1000002]),
        "brand_name": st.sampled_from([None, "BMW"]),
        "model_name": st.just("X5"),
        "late": st.booleans(),
        "event_time": st.just(0),
    }
)


@settings(max_examples=400, deadline=None)
@given(entries(), st.lists(samples, min_size=1, max_size=10))
def test_the_quick_check_finds_what_the_verdict_finds(entry, fleet):
    rule = only(entry)
    for sample in fleet:
        found = rule.verdict(sample)
        expected = found.limit if found.standing is Standing.VIOLATES else None
        assert rule.broken_limit(sample) == expected


@settings(max_examples=400, deadline=None)
@given(entries(), st.lists(samples, min_size=1, max_size=30), st.sets(st.sampled_from(fields)))
def test_columns_miss_no_sample_that_violates(entry, fleet, known):
    rule = only(entry)
    fleet = [sample for sample in fleet if all(sample[name] is not None for name in known - {"acceleration"})]
    nan = float("nan")
    columns = {name: np.array([nan if s[name] is None else s[name] for s in fleet], np.float64) for name in known}
    possible = rule.may_violate(columns, len(fleet)).tolist()
    assert len(possible) == len(fleet)
    missed = [s for s, may in zip(fleet, possible, strict=True) if rule.broken_limit(s) is not None and not may]
    assert missed == []


def test_columns_let_pass_what_certainly_is_good():
    columns = {"speed": np.array([120.0, 120.5, 131.0])}
    assert only("id: a, measure: speed, above: 120, severity: info").may_violate(columns, 3).tolist() == [
        *(False, True, True)
    ]
    assert only(LIMITED).may_violate(columns | {"speed": np.array([80.0, 81.0])}, 2).tolist() == [False, True]
    assert only(BRAKING).may_violate({"acceleration": np.array([-5.0, np.nan, -3.0])}, 3).tolist() == [
        *(True, False, False)
    ]
    assert only(BRAKING).may_violate(columns, 3).all()
    assert not only("id: a, silent_for: 60 s, severity: info").may_violate(columns, 3).any()
