"""Each figure of the report on drives that can be added up by hand."""

import random
from typing import Any

import pytest

from deploy.tests.report.made import BEGIN, CAR, DRIVER, rows, sample, speeds
from tacho.report.drivers import Choice
from tacho.report.driving import Driving, Limits


def driving_of(samples: list[dict[str, Any]], limits: Limits | None = None) -> Driving:
    (row,) = rows(samples, limits)
    return row.driving


def test_distance_is_the_mean_speed_of_neighbours_times_the_time_between_them() -> None:
    assert driving_of(speeds(0, 36, 36)).distance_m == pytest.approx(5 + 10)


def test_samples_more_than_3_s_apart_say_nothing_of_the_time_between() -> None:
    near = [sample(0), sample(1, event_time=BEGIN + 3_000)]
    far = [sample(0), sample(1, event_time=BEGIN + 3_001)]
    assert (driving_of(near).driving_s, driving_of(far).driving_s) == (3.0, 0.0)
    assert driving_of(far).samples == 2


def test_a_clock_that_goes_back_or_stands_adds_no_time() -> None:
    assert driving_of([sample(0), sample(1, event_time=BEGIN), sample(2, event_time=BEGIN - 1000)]).driving_s == 0


def test_standing_with_the_engine_running_is_idle_and_without_it_is_nothing() -> None:
    idle = driving_of([sample(0, 0.9), sample(1, 0.9, rpm=0), sample(2, 1.0), sample(3)])
    assert (idle.idle_s, idle.driving_s) == (1.0, 1.0)


def test_time_over_a_limit_counts_and_time_at_it_does_not() -> None:
    driven = driving_of([sample(0, 120.0, rpm=6000), sample(1, 120.1, rpm=6001), sample(2)])
    assert (driven.speeding_s, driven.revving_s) == (1.0, 1.0)
    assert driving_of(speeds(51, 51, 51), Limits(speed_kmh=50)).speeding_s == 2.0


def test_a_gear_is_judged_only_when_there_is_one_and_its_range_is_known() -> None:
    driven = driving_of(
        [
            sample(0, gear=5),
            sample(1, gear=2),
            sample(2, gear=1),
            sample(3, gear=0),
            sample(4, gear=6, gear_low=None, gear_high=None),
            sample(5, 0.0, gear=6),
            sample(6),
        ]
    )
    assert (driven.wrong_gear_s, driven.judged_s, driven.driving_s) == (2.0, 3.0, 5.0)


def test_a_run_of_hard_braking_is_one_event_and_a_second_run_another() -> None:
    harder = 3.6 * 4.1
    fall = [100.0, 100 - harder, 100 - 2 * harder]
    driven = driving_of(speeds(*fall, fall[-1], fall[-1] - harder))
    assert (driven.harsh_braking, driven.harsh_acceleration) == (2, 0)


def test_braking_or_accelerating_at_the_limit_is_not_harsh() -> None:
    limits = Limits(braking_ms2=-10, acceleration_ms2=10)
    assert driving_of(speeds(72, 36, 72), limits).harsh_braking == 0
    driven = driving_of(speeds(72, 35.9, 72), limits)
    assert (driven.harsh_braking, driven.harsh_acceleration) == (1, 1)


def test_a_gap_ends_a_run() -> None:
    braking = [sample(0, 100), sample(1, 80), sample(10, 60), sample(11, 40)]
    assert driving_of(braking).harsh_braking == 2


def test_late_and_repeated_samples_change_nothing() -> None:
    samples = [sample(number, 50 + 30 * (number % 7), gear=number % 6) for number in range(200)]
    expected = driving_of(samples)
    for seed in range(5):
        mixed = random.Random(seed).sample(samples * 3, 600)
        assert driving_of(mixed) == expected, f"seed {seed}"


def test_every_driver_of_a_car_has_a_row_and_an_unknown_one_too() -> None:
    found = rows([sample(0), sample(1, driver_id=222_222_222), sample(2, driver_id=None), sample(3, driver_id=None)])
    assert [(row.driver_id, row.driving.driving_s) for row in found] == [
        (None, 1.0),
        (DRIVER, 1.0),
        (222_222_222, 1.0),
    ]


def test_only_the_chosen_time_and_car_count() -> None:
    samples = [sample(number) for number in range(10)] + [sample(1, car_id=CAR + 1)]
    (row,) = rows(samples, choice=Choice(since=BEGIN + 2_000, until=BEGIN + 5_000, car=CAR))
    assert (row.car_id, row.driving.samples) == (CAR, 3)
