"""Window figures against values worked out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from tacho.verify.windows import AlertFigures, FleetFigures, Grid


def row(time, car=1_000_001, speed=50.0, rpm=2000, gear=3, late=False, logged_at=0):
    return {
        **{"event_time": time, "car_id": car, "speed": speed, "rpm": rpm, "gear": gear},
        **{"late": late, "logged_at": logged_at},
    }


def test_sums_and_maxima_of_a_window_are_the_hand_computed_ones():
    figures = FleetFigures(Grid(10_000, 10_000))
    figures.add(row(1_000, speed=50.04, rpm=2000, gear=3), "Red", "Mazda 3")
    figures.add(row(9_999, speed=50.05, rpm=1999, gear=3, car=1_000_000), "Red", "Mazda 3")
    figures.add(row(10_000, speed=130.0), "Red", "Mazda 3")
    rows = figures.rows()
    assert set(rows) == {
        f"{w}/{d}" for w in ("0-10000", "10000-20000") for d in ("fleet/all", "color/Red", "model/Mazda 3")
    }
    assert rows["0-10000/fleet/all"] == {
        **{"window_start": 0, "window_end": 10_000, "dimension": "fleet", "value": "all"},
        **{"samples": 2, "late": 0, "speed_sum": 500 + 501},
        **{"max_speed": 50.05, "max_speed_car_id": 1_000_000, "max_speed_at": 9_999},
        **{"max_rpm": 2000, "max_rpm_car_id": 1_000_001, "max_rpm_at": 1_000},
        **{"max_gear": 3, "max_gear_car_id": 1_000_001, "max_gear_at": 1_000},
    }


def test_a_late_sample_counts_by_its_record_time_and_in_no_other_figure():
    figures = FleetFigures(Grid(10_000, 10_000))
    figures.add(row(1_000, late=True, logged_at=25_000), "Red", "Mazda 3")
    cell = figures.rows()["20000-30000/color/Red"]
    assert (cell["samples"], cell["late"], cell["speed_sum"], cell["max_speed"], cell["max_gear_at"]) == (
        0,
        1,
        0,
        None,
        None,
    )
    assert len(figures.rows()) == 3


def test_of_equal_maxima_the_earliest_holds_it_and_then_the_lowest_car():
    figures = FleetFigures(Grid(10_000, 10_000))
    for time, car in ((3_000, 1_000_001), (2_000, 1_000_009), (2_000, 1_000_005)):
        figures.add(row(time, car=car), "Red", "Mazda 3")
    cell = figures.rows()["0-10000/fleet/all"]
    assert (cell["max_speed_at"], cell["max_speed_car_id"]) == (2_000, 1_000_005)


def test_a_sample_counts_in_every_sliding_window_that_covers_it():
    figures = FleetFigures(Grid(15_000, 5_000))
    figures.add(row(17_000), "Red", "Mazda 3")
    assert {key for key in figures.rows() if key.endswith("fleet/all")} == {
        "5000-20000/fleet/all",
        "10000-25000/fleet/all",
        "15000-30000/fleet/all",
    }


def test_alerts_are_counted_by_rule_and_late_ones_apart():
    figures = AlertFigures(Grid(10_000, 10_000))
    for rule, late in (("speeding", False), ("speeding", False), ("high-rpm", False), ("speeding", True)):
        figures.add(row(1_000, late=late, logged_at=2_000) | {"rule": rule}, "Red", "unknown")
    cell = figures.rows()["0-10000/model/unknown"]
    assert (cell["alerts"], cell["late"], cell["by_rule"]) == (3, 1, {"speeding": 2, "high-rpm": 1})


@given(
    samples=st.lists(
        st.tuples(st.integers(0, 60_000), st.integers(1, 4), st.sampled_from([0.0, 50.0, 50.05, 130.1])), max_size=30
    ),
    slides=st.integers(1, 4),
    seed=st.randoms(use_true_random=False),
)
def test_figures_do_not_depend_on_the_order_samples_come_in(samples, slides, seed):
    shuffled = seed.sample(samples, len(samples))
    one, other = FleetFigures(Grid(slides * 5_000, 5_000)), FleetFigures(Grid(slides * 5_000, 5_000))
    for figures, given_samples in ((one, samples), (other, shuffled)):
        for time, car, speed in given_samples:
            figures.add(row(time, car=car, speed=speed), "Red", f"model {car}")
    assert one.rows() == other.rows()
    assert sum(r["samples"] for k, r in one.rows().items() if k.endswith("/all")) == slides * len(samples)
