import pytest

from deploy.tests.report.made import rows, sample
from tacho.report.driving import Driving
from tacho.report.score import PARTS, score


def test_a_faultless_drive_has_100_points() -> None:
    found = score(Driving(distance_m=50_000, driving_s=3_600, judged_s=3_600))
    assert (found.points, set(found.deductions.values())) == (100.0, {0.0})


def test_each_part_takes_what_the_formula_says() -> None:
    found = score(
        Driving(
            distance_m=100_000,
            driving_s=1_000,
            idle_s=1_000,
            speeding_s=20,
            revving_s=10,
            judged_s=500,
            wrong_gear_s=50,
            harsh_braking=4,
            harsh_acceleration=3,
        )
    )
    assert found.deductions == {"speed": 6.0, "rpm": 4.0, "gear": 5.0, "harsh": 7.0, "idle": 5.0}
    assert found.points == 73.0


def test_no_part_takes_more_than_its_most_and_all_of_them_leave_nothing() -> None:
    worst = Driving(5_000, 1e3, 1e6, 1e3, 1e3, 1e3, 1e3, 10_000, 10_000)
    found = score(worst)
    assert found.deductions == {part.name: part.most for part in PARTS}
    assert found.points == pytest.approx(0, abs=0.1)
    assert sum(part.most for part in PARTS) == 100


def test_below_a_kilometre_there_is_no_score() -> None:
    assert score(Driving(distance_m=999.9, driving_s=60)).points is None
    assert score(Driving(distance_m=1000, driving_s=60)).points == 100.0


def test_a_car_that_only_stood_has_no_shares_and_no_score() -> None:
    (row,) = rows([sample(0, 0.0, rpm=0), sample(1, 0.0, rpm=0)])
    assert row.score.points is None
    assert set(row.score.figures.values()) == {None}


def test_the_lowest_score_comes_first_and_those_without_one_last() -> None:
    fast = [sample(number, 200.0, car_id=1_000_001) for number in range(30)]
    calm = [sample(number, 60.0, car_id=1_000_002) for number in range(90)]
    short = [sample(number, 60.0, car_id=1_000_003) for number in range(3)]
    assert [row.car_id for row in rows(short + calm + fast)] == [1_000_001, 1_000_002, 1_000_003]
