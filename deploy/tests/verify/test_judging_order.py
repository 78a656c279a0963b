"""In which order samples are judged: docs/rules.md, "When a sample is judged", on logs of a few records."""

import pytest

from deploy.tests.verify.small_logs import CAR, alerts, history, rule, sample, speeds, told
from tacho.verify.moments import Heard, Judged, NewRules, Silence, SilentCar, Straggler, acceleration, moments_of

WORDS = {
    Judged: "",
    Straggler: "straggler ",
    Silence: "silence",
    SilentCar: "silent",
    NewRules: "rules",
    Heard: "heard",
}


def looked_at(*log, end=None, rules="rules: []", heard=False):
    """What happens to one car, as `3` for a judged sample, `straggler 3`, `silence` and so on."""
    time, arrivals = 0, []
    for event in log:
        at = event["logged_at"] if isinstance(event, dict) else round(event * 1000)
        time = max(time, at)
        if isinstance(event, dict):
            arrivals.append((time, event))
    moments = moments_of(arrivals, time if end is None else round(end * 1000), history(rules))
    return [
        WORDS[type(moment)] + (str(moment.sample["sequence"]) if isinstance(moment, Judged | Straggler) else "")
        for moment in moments
        if heard or not isinstance(moment, Heard)
    ]


def test_the_first_sample_of_a_car_is_judged_when_it_comes_and_begins_the_count():
    assert looked_at(sample(7), sample(6), sample(8)) == ["7", "8"]


def test_without_a_gap_nothing_waits():
    assert looked_at(sample(1), sample(2), sample(3), end=3) == ["1", "2", "3"]


def test_a_repeat_changes_nothing():
    assert looked_at(sample(1), sample(2), sample(1), sample(2), sample(3)) == ["1", "2", "3"]


def test_samples_behind_a_gap_wait_until_it_is_filled():
    assert looked_at(sample(1), sample(3), sample(4), sample(2, logged=5), end=5) == ["1", "2", "3", "4"]


def test_samples_behind_a_gap_are_judged_when_log_time_reaches_the_end_of_the_wait():
    assert looked_at(sample(1), sample(3), end=7.999) == ["1"]
    assert looked_at(sample(1), sample(3), end=8) == ["1", "3"]


def test_log_time_passes_before_the_record_that_brought_it_is_looked_at():
    assert looked_at(sample(1), sample(3), sample(2, logged=7.999)) == ["1", "2", "3"]
    assert looked_at(sample(1), sample(3), sample(2, logged=8)) == ["1", "3", "straggler 2"]


def test_log_time_never_goes_back():
    assert looked_at(sample(1), sample(3, logged=20), sample(2, logged=4), end=24.999) == ["1", "2", "3"]
    assert looked_at(sample(1, logged=20), sample(3, logged=4), end=24.999) == ["1"]
    assert looked_at(sample(1, logged=20), sample(3, logged=4), end=25) == ["1", "3"]


def test_each_gap_has_its_own_time_and_a_sample_waits_for_all_before_it():
    log = sample(1), sample(3, logged=3), sample(5, logged=6)
    assert looked_at(*log, end=8) == ["1", "3"]
    assert looked_at(*log, end=11) == ["1", "3", "5"]


def test_a_gap_that_is_partly_filled_is_waited_for_as_long_as_before():
    log = sample(1), sample(5, logged=5), sample(3, logged=6)
    assert looked_at(*log, end=9.999) == ["1"]
    assert looked_at(*log, sample(2, logged=7), end=9.999) == ["1", "2", "3"]
    assert looked_at(*log, end=10) == ["1", "3", "5"]


def test_a_sample_at_the_lower_end_of_a_gap_does_not_wait():
    assert looked_at(sample(1), sample(4, logged=4), sample(2, logged=5), end=5) == ["1", "2"]


def test_without_a_wait_nothing_waits_and_what_comes_after_is_a_straggler():
    log = sample(1), sample(3), sample(2, logged=3)
    assert looked_at(*log, end=3, rules="{wait: 0 s, rules: []}") == ["1", "3", "straggler 2"]


def test_a_sample_that_comes_after_its_gap_was_given_up_is_new_once():
    log = sample(1), sample(3), 8, sample(2, logged=9), sample(2, logged=9)
    assert looked_at(*log) == ["1", "3", "straggler 2"]


def test_a_sample_earlier_than_the_last_judged_one_is_a_straggler_when_its_turn_comes():
    assert looked_at(sample(1), sample(2, at=0.5, logged=2), sample(3)) == ["1", "straggler 2", "3"]
    assert looked_at(sample(1), sample(3, at=0.5, logged=3), end=7.999) == ["1"]
    assert looked_at(sample(1), sample(3, at=0.5, logged=3), end=8) == ["1", "straggler 3"]


def test_samples_of_one_event_time_are_judged_both():
    assert looked_at(sample(1), sample(2, at=1)) == ["1", "2"]


def test_with_a_65th_sample_waiting_the_oldest_open_gap_is_no_longer_waited_for():
    waiting = [sample(sequence, at=3 + sequence / 1000) for sequence in range(3, 66)]
    more = [sample(67, at=3.1), sample(68, at=3.2)]
    assert looked_at(sample(1), *waiting, more[0], end=3.2) == ["1"]
    judged = [str(sequence) for sequence in range(3, 66)]
    assert looked_at(sample(1), *waiting, *more, end=3.2) == ["1", *judged]


def test_a_sample_that_is_judged_at_once_is_none_of_the_64_that_wait():
    waiting = [sample(sequence, at=3 + sequence / 1000) for sequence in range(4, 68)]
    assert looked_at(sample(1), *waiting, sample(2, logged=4), end=4) == ["1", "2"]


def test_with_a_17th_gap_the_oldest_is_forgotten_and_its_samples_are_repeats():
    sixteen = [sample(sequence, at=1 + sequence / 1000) for sequence in range(3, 35, 2)]
    assert looked_at(sample(1), *sixteen, sample(2, at=1.002, logged=2), end=2) == ["1", "2", "3"]
    seventeen = [*sixteen, sample(35, at=1.035)]
    assert looked_at(sample(1), *seventeen, sample(2, at=1.002, logged=2), end=2) == ["1", "3"]


def test_a_gap_filled_in_the_middle_counts_as_two():
    sixteen = [sample(sequence, at=1 + sequence / 1000) for sequence in (5, *range(7, 37, 2))]
    late = sample(2, at=1.002, logged=2), sample(4, at=1.004, logged=2)
    assert looked_at(sample(1), *sixteen, *late, end=2) == ["1", "2"]
    assert looked_at(sample(1), *sixteen, sample(3, at=1.003), *late, end=2) == ["1", "3", "4", "5"]


def test_the_wait_is_that_of_the_rules_of_the_sample_that_shows_the_gap():
    versions = (0, "{wait: 2 s, rules: []}"), (3, "{wait: 10 s, rules: []}")
    arrivals = [(1000, sample(1)), (3000, sample(3)), (4000, sample(5, at=2.5))]
    judged = [m.sample["sequence"] for m in moments_of(arrivals, 12_999, history(*versions)) if isinstance(m, Judged)]
    assert judged == [1]
    judged = [m.sample["sequence"] for m in moments_of(arrivals, 13_000, history(*versions)) if isinstance(m, Judged)]
    assert judged == [1, 3]


@pytest.mark.parametrize(
    ("step", "change", "expected"),
    [(1.0, 36.0, 10.0), (2.0, -36.0, -5.0), (3.0, 10.8, 1.0), (3.001, 10.8, None), (0.0, 10.8, None)],
)
def test_acceleration_is_the_change_of_speed_since_the_sample_judged_just_before(step, change, expected):
    found = acceleration(sample(1, 50.0), sample(2, 50.0 + change, at=1 + step))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_a_car_s_first_sample_has_no_acceleration():
    assert acceleration(None, sample(1)) is None


def test_acceleration_looks_at_the_sample_judged_before_and_not_at_a_straggler():
    braking = rule("id: brake, measure: acceleration, below: -4 m/s2, severity: info")
    log = sample(1, 50.0), sample(2, 50.0), sample(4, 50.0, at=3), 20, sample(3, 90.0, at=2, logged=20), sample(5, 50.0)
    assert alerts([*log, 90], braking) == []
    in_order = sample(1, 50.0), sample(2, 90.0), sample(3, 50.0)
    assert alerts(in_order, braking) == ["3/brake"]


def test_cars_wait_apart_and_a_partition_has_one_log_time():
    other = [sample(1, 20.0, car=CAR + 1), sample(3, 120.0, car=CAR + 1)]
    assert told([*other, *speeds(20.0, 20.0, 120.0, 20.0)], rule()) == ["3/fast#1 OPENED 1", "3/fast#2 recovered 1"]
    assert told([*other, sample(1, 20.0, at=7.999)], rule()) == []
    assert told([*other, sample(1, 20.0, at=8)], rule()) == ["3/fast#1 OPENED 1"]
