"""Gears against values worked out by hand on a drive-train with round numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho.verify.gears import DriveTrain, GearTable

# 1000 * ratio * 3 / (60 * 2.0) = 25 * ratio, so the engine turns at 100, 50 and 25 rpm per km/h.
# Cruising 1500..2600: gear 2 fits from 1500/50 = 30 (gear 1 would do up to 26, so they do not overlap and the
# middle counts: (1500 + 2600) / (100 + 50) = 27.33, rounded up 27.4); gear 3 from 4100 / 75 = 54.67, so 54.7.
# Harmless from 1000: gear 2 from 20.0, gear 3 from 40.0. Harmless to 5500: gear 1 to 55.0, gear 2 to 110.0.
ROUND = DriveTrain((4.0, 2.0, 1.0), 3.0, 2.0, 1500, 2600, 1000, 5500)
# A wide band 1200..2600: gear 1 is good up to 26, gear 2 already from 24, so the shift is at 24; gear 3 from 48.
WIDE = DriveTrain((4.0, 2.0, 1.0), 3.0, 2.0, 1200, 2600, 1000, 5500)


@pytest.mark.parametrize(
    ("speed", "gears"),
    [
        (0.0, (1, 1, 1)),
        (19.9, (1, 1, 1)),
        (20.0, (1, 1, 2)),
        (27.3, (1, 1, 2)),
        (27.4, (2, 1, 2)),
        (40.0, (2, 1, 3)),
        (54.6, (2, 1, 3)),
        (54.7, (3, 1, 3)),
        (55.0, (3, 2, 3)),
        (109.9, (3, 2, 3)),
        (110.0, (3, 3, 3)),
        (400.0, (3, 3, 3)),
    ],
)
def test_expected_low_and_high_gear_follow_the_drive_train(speed, gears):
    assert GearTable(ROUND, "drivetrain").at(speed) == gears


@pytest.mark.parametrize(("speed", "expected"), [(23.9, 1), (24.0, 2), (47.9, 2), (48.0, 3)])
def test_where_two_gears_are_within_the_cruising_band_the_higher_one_is_expected(speed, expected):
    assert GearTable(WIDE, "drivetrain").at(speed).expected == expected


@pytest.mark.parametrize(
    ("speed", "gear"), [(0.0, 1), (14.9, 1), (44.9, 1), (45.0, 2), (74.9, 2), (75.0, 3), (400.0, 3)]
)
def test_the_speed_band_counts_thirties_and_stays_within_the_gearbox(speed, gear):
    assert GearTable(ROUND, "speed-band").at(speed) == (gear, gear, gear)


@given(
    speed=st.floats(0, 400),
    ratios=st.lists(st.floats(0.5, 5.0), min_size=1, max_size=10, unique=True).map(lambda r: sorted(r, reverse=True)),
    policy=st.sampled_from(["drivetrain", "speed-band"]),
)
def test_the_expected_gear_is_always_within_the_harmless_range_and_the_gearbox(speed, ratios, policy):
    table = GearTable(DriveTrain(tuple(ratios), 3.9, 1.95, 1700, 2600, 1050, 5500), policy)
    gears = table.at(speed)
    assert 1 <= gears.low <= gears.expected <= gears.high <= len(ratios)
