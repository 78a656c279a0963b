"""Poison: each bad record must be refused for its own reason."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_fleet import CARS, drive, injection

from tacho_contracts.codec import MAX_RECORD_BYTES, Codec
from tacho_contracts.errors import Rejected
from tacho_producer.faults.poison import REASONS, poisoned
from tacho_producer.faults.switches import Switch
from tacho_producer.samples import Sample

SAMPLE = Sample(1_234_567, 5, 1_795_340_000_123, 83.4, 2210, 4)
SEEDS = range(50)


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason != "out-of-range"])
def test_bytes_no_reader_can_use_are_refused_for_their_reason(reason: str) -> None:
    for seed in SEEDS:
        print(f"seed {seed}")
        value = poisoned(SAMPLE, reason, str(seed))
        with pytest.raises(Rejected) as refused:
            Codec("SensorSample").decode(value)
        assert refused.value.reason == reason
        # The first byte decides whether it is taken for JSON.
        assert not value.startswith(b"{")


def test_impossible_values_decode_and_are_of_no_car_there_is() -> None:
    decoded = Codec("SensorSample").decode(poisoned(SAMPLE, "out-of-range", "1"))
    assert (decoded["car_id"], decoded["speed"]) == (-1_234_567, 999.9)


def test_only_one_kind_is_larger_than_readers_take() -> None:
    large = {reason for reason in REASONS if len(poisoned(SAMPLE, reason, "1")) > MAX_RECORD_BYTES}
    assert large == {"oversized"}


def test_poison_comes_beside_the_samples_under_the_key_of_one_and_every_kind_of_it() -> None:
    sent = drive(injection(7, poison=Switch(0.2, None)), 1, 100)
    assert sum(len(outgoing.samples) for outgoing in sent) == 100 * len(CARS)
    cars = Counter(one.car_id for outgoing in sent for one in outgoing.poison)
    assert set(cars) <= set(CARS.tolist())
    assert 0.15 < cars.total() / (100 * len(CARS)) < 0.25
    assert len({one.value[:1] for outgoing in sent for one in outgoing.poison}) == 2
