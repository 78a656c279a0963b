"""What each fault does to samples, and that nothing is left of it when it is off again."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_fleet import (
    CAR,
    CARS,
    FUTURE_MS,
    LATENESS_MS,
    START_MS,
    departures,
    drive,
    identities,
    injection,
    made_in,
    second,
    sequences_of,
    switched,
    usual,
)

from tacho_contracts.catalogue import load_catalogue
from tacho_producer.faults.injection import BURST_EVERY_MS, LONGEST_DELAY_MS, Injection
from tacho_producer.faults.switches import SHARES, Switch
from tacho_producer.samples import Sample, batch_of

SEED = 7
NAMES = sorted(SHARES)
NEVER_SENT = {"silent-car"}


def on(fault: str, car_id: int | None = None) -> dict[str, Switch]:
    return {fault.replace("-", "_"): usual(fault, car_id)}


def test_the_producer_injects_the_faults_of_the_catalogue_and_no_others() -> None:
    assert set(SHARES) == set(load_catalogue().faults)


@pytest.mark.parametrize("fault", NAMES)
def test_the_same_seed_injects_the_same(fault: str) -> None:
    assert drive(injection(SEED, **on(fault)), 1, 40) == drive(injection(SEED, **on(fault)), 1, 40)


# A burst strikes all cars, whatever the seed.
@pytest.mark.parametrize("fault", sorted(set(NAMES) - {"burst"}))
def test_another_seed_strikes_others(fault: str) -> None:
    assert drive(injection(SEED, **on(fault)), 1, 200) != drive(injection(SEED + 1, **on(fault)), 1, 200)


@pytest.mark.parametrize("fault", sorted(set(NAMES) - NEVER_SENT))
def test_every_sample_is_sent_once_when_the_fault_is_off_again(fault: str) -> None:
    made = injection(SEED, **on(fault))
    sent = drive(made, 1, 50)
    made.switch(switched())
    sent += drive(made, 51, 52)
    assert sorted(identities(departures(sent))) == sorted(made_in(1, 52))
    assert not made.active


@pytest.mark.parametrize("fault", sorted(set(NAMES) - NEVER_SENT))
def test_every_sample_is_sent_once_when_the_run_ends_while_it_is_on(fault: str) -> None:
    made = injection(SEED, **on(fault))
    sent = [*drive(made, 1, 50), made.ended(START_MS + 51_000)]
    assert sorted(identities(departures(sent))) == sorted(made_in(1, 50))


@pytest.mark.parametrize("fault", NAMES)
def test_after_it_is_off_samples_go_through_as_they_are(fault: str) -> None:
    made = injection(SEED, **on(fault))
    drive(made, 1, 50)
    made.switch(switched())
    drive(made, 51, 51)
    (sent,) = drive(made, 52, 52)
    assert batch_of(one.sample for one in sent.samples).columns() == second(52).columns()
    assert (sent.repeats, sent.poison) == ([], [])


@pytest.mark.parametrize("fault", NAMES)
def test_one_car_is_struck_and_no_other(fault: str) -> None:
    sent = drive(injection(SEED, **on(fault, CAR)), 1, 45)
    for car in CARS.tolist()[1:]:
        mine = [one for one in departures(sent) if one.sample.car_id == car]
        assert [one.sample.sequence for one in mine] == list(range(1, 46))
        assert all(one.sample.event_ms == one.record_ms for one in mine)
    assert not [one for outgoing in sent for one in outgoing.repeats if one.sample.car_id != CAR]
    assert not [one for outgoing in sent for one in outgoing.poison if one.car_id != CAR]


@pytest.mark.parametrize("fault", NAMES)
def test_no_record_is_stamped_before_an_earlier_one(fault: str) -> None:
    stamps = [one.record_ms for one in departures(drive(injection(SEED, **on(fault)), 1, 300))]
    assert stamps == sorted(stamps)


def test_a_late_sample_is_so_late_that_the_enricher_says_so() -> None:
    sent = departures(drive(injection(SEED, **on("late")), 1, 600))
    delays = [one.record_ms - one.sample.event_ms for one in sent if one.record_ms != one.sample.event_ms]
    assert 0.03 < len(delays) / len(sent) < 0.07
    assert LATENESS_MS < min(delays) <= max(delays) <= LONGEST_DELAY_MS + 1000


def test_under_speed_up_a_batch_of_minutes_has_each_late_sample_at_its_own_time() -> None:
    minutes = batch_of(Sample(*row) for number in range(1, 601) for row in second(number).rows())
    sent = injection(SEED, **on("late")).inject(minutes, minutes.event_ms.tolist()).samples
    assert [one.record_ms for one in sent] == sorted(one.record_ms for one in sent)
    delays = [one.record_ms - one.sample.event_ms for one in sent if one.record_ms != one.sample.event_ms]
    assert len(delays) > 300
    assert LATENESS_MS < min(delays) <= max(delays) <= LONGEST_DELAY_MS


def test_a_duplicate_is_the_same_record_again_behind_the_first() -> None:
    for outgoing in drive(injection(SEED, **on("duplicate")), 1, 100):
        assert set(outgoing.repeats) <= set(outgoing.samples)


def test_one_sample_in_twenty_is_sent_twice_when_no_share_is_said() -> None:
    sent = drive(injection(SEED, **on("duplicate")), 1, 600)
    assert 0.03 < sum(len(outgoing.repeats) for outgoing in sent) / (600 * len(CARS)) < 0.07


def test_out_of_order_samples_come_right_behind_the_next_one_of_their_car() -> None:
    made = injection(SEED, out_of_order=Switch(0.3, None))
    sent = departures([*drive(made, 1, 200), made.ended(START_MS + 201_000)])
    swapped = 0
    for car in CARS.tolist():
        order = list(sequences_of(car, sent))
        for place, sequence in enumerate(order, 1):
            assert abs(sequence - place) <= 1
            swapped += sequence == place + 1
    assert swapped > 200


def test_a_silent_car_says_nothing_and_its_sequence_jumps_afterwards() -> None:
    made = injection(SEED, silent_car=Switch(1.0, CAR))
    sent = [*drive(made, 1, 30)]
    assert not list(sequences_of(CAR, departures(sent)))
    made.switch(switched())
    assert list(sequences_of(CAR, departures(drive(made, 31, 32)))) == [31, 32]


def test_a_share_of_cars_is_silent_the_same_ones_all_the_time() -> None:
    sent = departures(drive(injection(SEED, silent_car=Switch(0.25, None)), 1, 30))
    heard = {one.sample.car_id for one in sent}
    assert len(heard) == 15
    assert len(sent) == 15 * 30


def test_a_share_too_small_for_one_car_is_one_car_and_none_is_none() -> None:
    assert len(departures(drive(injection(SEED, silent_car=Switch(0.001, None)), 1, 1))) == 19
    assert len(departures(drive(injection(SEED, silent_car=Switch(0.0, None)), 1, 1))) == 20


def test_a_burst_is_silence_and_then_everything_at_once_in_order() -> None:
    counts = [len(outgoing.samples) for outgoing in drive(injection(SEED, **on("burst")), 1, 60)]
    full = len(CARS) * BURST_EVERY_MS // 1000
    assert [count for count in counts if count] == [full - len(CARS), full, full]
    sent = departures(drive(injection(SEED, **on("burst")), 1, 60))
    assert list(sequences_of(CAR, sent)) == sorted(sequences_of(CAR, sent))


def test_a_clock_ahead_is_so_far_ahead_that_its_samples_are_refused_and_one_behind_makes_them_late() -> None:
    sent = departures(drive(injection(SEED, clock_skew=Switch(0.5, None)), 1, 10))
    errors = {one.sample.car_id: one.sample.event_ms - one.record_ms for one in sent}
    ahead = [error for error in errors.values() if error > 0]
    behind = [-error for error in errors.values() if error < 0]
    assert (len(ahead), len(behind)) == (5, 5)
    assert min(ahead) > FUTURE_MS
    assert min(behind) > LATENESS_MS
    assert len({(one.sample.car_id, one.sample.event_ms - one.record_ms) for one in sent}) == len(CARS)


def test_what_is_held_back_is_bounded_and_the_oldest_goes_before_its_time() -> None:
    made = Injection(SEED, CARS, most_held=100)
    made.switch(switched(burst=Switch(1.0, None)))
    sent = departures(drive(made, 1, 15))
    assert identities(sent) == made_in(1, 10)


def test_all_faults_at_once_lose_nothing_but_what_silent_cars_never_said() -> None:
    made = injection(SEED, **{name.replace("-", "_"): Switch(0.3, None) for name in NAMES})
    sent = departures([*drive(made, 1, 400), made.ended(START_MS + 401_000)])
    assert len(identities(sent)) == len(set(identities(sent))) == 14 * 400
