"""The order in which a car's samples are judged, without rules."""

import pytest

from tacho_alerter.engine.car import Arrival, Car
from tacho_alerter.engine.order import MOST_GAPS, MOST_WAITING, Place, place, ready, wait_due

WAIT_MS = 5_000


def car(sequence=10):
    return Car(car_id=1_000_001, highest=sequence, heard_at=0, sequence=sequence, event_time=0, speed=0.0, who=None)


def arrival(sequence):
    return Arrival({"sequence": sequence}, b"")


def judged(one, time):
    """The sequences that may be judged now; they then count as judged."""
    found = [item.sample["sequence"] for item in ready(one, time)]
    if found:
        one.sequence = found[-1]
    return found


def test_the_next_sample_of_a_car_waits_for_nothing():
    one = car()
    assert place(one, arrival(11), 1_000, WAIT_MS) is Place.WAITING
    assert judged(one, 1_000) == [11]


def test_samples_behind_a_gap_wait_until_it_is_filled():
    one = car()
    for sequence in (13, 12):
        place(one, arrival(sequence), 1_000, WAIT_MS)
        assert judged(one, 1_000) == []
    place(one, arrival(11), 2_000, WAIT_MS)
    assert judged(one, 2_000) == [11, 12, 13]


def test_samples_behind_a_gap_wait_no_longer_than_the_wait():
    one = car()
    place(one, arrival(12), 1_000, WAIT_MS)
    assert wait_due(one) == 6_000
    assert judged(one, 5_999) == []
    assert judged(one, 6_000) == [12]
    assert wait_due(one) is None


def test_a_missing_sample_that_comes_after_the_wait_has_its_place_passed():
    one = car()
    place(one, arrival(12), 1_000, WAIT_MS)
    judged(one, 6_000)
    assert place(one, arrival(11), 7_000, WAIT_MS) is Place.PASSED


@pytest.mark.parametrize("sequence", [10, 9, 1])
def test_what_was_seen_or_came_before_the_first_is_a_repeat(sequence):
    assert place(car(), arrival(sequence), 1_000, WAIT_MS) is Place.REPEAT


def test_a_sample_that_waits_comes_again_as_a_repeat():
    one = car()
    place(one, arrival(12), 1_000, WAIT_MS)
    assert place(one, arrival(12), 1_000, WAIT_MS) is Place.REPEAT
    assert [item.sample["sequence"] for item in one.waiting] == [12]


def test_a_second_gap_does_not_hold_back_what_stands_before_it():
    one = car()
    place(one, arrival(12), 1_000, WAIT_MS)
    place(one, arrival(14), 2_000, WAIT_MS)
    place(one, arrival(11), 3_000, WAIT_MS)
    assert judged(one, 3_000) == [11, 12]
    assert wait_due(one) == 7_000


def test_with_one_sample_more_than_may_wait_the_oldest_gap_is_given_up():
    one = car()
    for sequence in range(12, 12 + MOST_WAITING):
        place(one, arrival(sequence), 1_000, WAIT_MS)
    assert judged(one, 1_000) == []
    place(one, arrival(12 + MOST_WAITING), 1_000, WAIT_MS)
    assert len(judged(one, 1_000)) == MOST_WAITING + 1


def test_with_one_gap_more_than_are_remembered_the_oldest_is_forgotten():
    one = car()
    for sequence in range(12, 12 + 2 * (MOST_GAPS + 1), 2):
        place(one, arrival(sequence), 1_000, 0)
    assert len(one.missing) == MOST_GAPS
    assert place(one, arrival(11), 1_000, 0) is Place.REPEAT
    assert place(one, arrival(13), 1_000, 0) is not Place.REPEAT
