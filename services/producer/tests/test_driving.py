"""What simulated cars do, judged by rules written again here from the interfaces, not by the simulator's own."""

import csv
import hashlib
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacho_producer.dims import load_dims
from tacho_producer.drivetrain import Drivetrain
from tacho_producer.fleet import Car, Fleet
from tacho_producer.mistakes import MistakeShares
from tacho_producer.settings import Settings
from tacho_producer.simulate import SampleSource
from tacho_producer.timeline import Timeline

DRIVETRAINS = Path(__file__).parents[3] / "data" / "dims" / "drivetrains" / "drivetrains.csv"
NO_MISTAKES = MistakeShares(0.0, 0.0, 0.0)
DEFAULT = Settings().shares


def all_drivetrains() -> list[Drivetrain]:
    """The shipped drive-trains, read by the test's own few lines."""
    with DRIVETRAINS.open() as lines:
        rows = list(csv.DictReader(lines))
    return [
        Drivetrain(
            int(row.pop("model_id")),
            tuple(float(ratio) for ratio in row.pop("gear_ratios").split("|")),
            **{name: float(value) for name, value in row.items()},
        )
        for row in rows
    ]


@dataclass
class Driven:
    cars: list[Car]
    speed: np.ndarray
    rpm: np.ndarray
    gear: np.ndarray


def drive(cars: list[Car], steps: int, seed: int, shares: MistakeShares, step_s: float = 1.0) -> Driven:
    speed, rpm, gear, made = [], [], [], 0
    for some in Fleet(cars, seed, step_s, shares):
        speed.append(some.tenths / 10.0)
        rpm.append(some.rpm.astype(int))
        gear.append(some.gear.astype(int))
        made += len(some.rpm)
        if made >= steps * len(cars):
            break
    shape = (steps, len(cars))
    return Driven(cars, *(np.concatenate(each)[: steps * len(cars)].reshape(shape) for each in (speed, rpm, gear)))


def fleet_of(count: int) -> list[Car]:
    lines = all_drivetrains()
    return [Car(1_000_000 + 7919 * n, lines[n % len(lines)]) for n in range(count)]


def gear_range(line: Drivetrain, speed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """gear_low and gear_high at each speed, as the interfaces define them."""
    k = [1000.0 * ratio * line.final_drive / (60.0 * line.tyre_circumference_m) for ratio in line.gear_ratios]

    def gear(thresholds: list[float]) -> np.ndarray:
        return 1 + sum((speed >= math.ceil(v * 10) / 10).astype(int) for v in thresholds)

    middle = []
    for lower, upper in pairwise(k):
        from_below = line.cruise_low_rpm / upper
        fits = from_below <= line.cruise_high_rpm / lower
        middle.append(from_below if fits else (line.cruise_low_rpm + line.cruise_high_rpm) / (lower + upper))
    expected = gear(middle)
    low = np.minimum(gear([line.harmless_high_rpm / each for each in k[:-1]]), expected)
    high = np.maximum(gear([line.harmless_low_rpm / each for each in k[1:]]), expected)
    return low, high


def violations(driven: Driven) -> dict[str, np.ndarray]:
    """By rule, where a sample breaks it: steps by cars."""
    wrong = np.zeros(driven.gear.shape, bool)
    for column, car in enumerate(driven.cars):
        gear = driven.gear[:, column]
        low, high = gear_range(car.drivetrain, driven.speed[:, column])
        wrong[:, column] = (gear > 0) & ((gear < low) | (gear > high))
    return {"speeding": driven.speed > 120.0, "high-rpm": driven.rpm > 6000, "wrong-gear": wrong}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**62), rate=st.sampled_from([0.2, 1.0, 5.0]))
def test_without_mistakes_no_sample_breaks_a_rule_and_limits_are_kept_with_a_margin(seed: int, rate: float) -> None:
    driven = drive(fleet_of(14), 600, seed, NO_MISTAKES, 1.0 / rate)
    assert {rule: int(broken.sum()) for rule, broken in violations(driven).items()} == {
        "speeding": 0,
        "high-rpm": 0,
        "wrong-gear": 0,
    }
    assert driven.speed.max() <= 118.0
    assert driven.rpm.max() < 5900


def test_engine_speed_per_kmh_is_constant_in_a_gear_while_the_clutch_is_locked() -> None:
    driven = drive(fleet_of(21), 1200, 5, DEFAULT)
    for column, car in enumerate(driven.cars):
        speed, rpm, gear = driven.speed[:, column], driven.rpm[:, column], driven.gear[:, column]
        for number, k in enumerate(car.drivetrain.rpm_per_kmh, start=1):
            locked = (gear == number) & (speed * k > 1.02 * car.drivetrain.idle_rpm)
            assert np.all(np.abs(rpm[locked] / (speed[locked] * k) - 1.0) < 0.01)


def test_every_gear_of_every_car_is_used() -> None:
    driven = drive(fleet_of(21), 3600, 5, DEFAULT)
    for column, car in enumerate(driven.cars):
        assert set(driven.gear[:, column]) == set(range(car.drivetrain.gears + 1))


def test_standing_cars_idle_out_of_gear_or_in_first() -> None:
    driven = drive(fleet_of(21), 1200, 5, DEFAULT)
    standing = driven.speed == 0.0
    assert 0.02 < standing.mean() < 0.3
    assert set(np.unique(driven.gear[standing])) <= {0, 1}
    idle = np.array([car.drivetrain.idle_rpm for car in driven.cars])
    assert np.all(np.abs((driven.rpm / idle)[standing] - 1.0) < 0.01)


def test_speed_changes_no_faster_than_tyres_and_engines_allow() -> None:
    driven = drive(fleet_of(50), 3600, 3, DEFAULT, 0.5)
    change = np.diff(driven.speed, axis=0) / 3.6 / 0.5
    # 0.1 km/h of resolution adds up to 0.06 m/s2 over half a second.
    assert change.max() < 4.0
    assert change.min() > -4.5


def test_no_engine_passes_its_redline_and_none_stalls() -> None:
    driven = drive(fleet_of(50), 3600, 3, DEFAULT)
    for column, car in enumerate(driven.cars):
        assert driven.rpm[:, column].max() <= car.drivetrain.redline_rpm
        assert driven.rpm[:, column].min() >= 0.99 * car.drivetrain.idle_rpm


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_cars_raise_an_alert_every_two_seconds_and_each_rule_every_ten(seed: int) -> None:
    broken = violations(drive(fleet_of(20), 3600, seed, DEFAULT))
    some = np.logical_or.reduce(list(broken.values())).any(axis=1)
    gaps = np.diff(np.flatnonzero(some))
    assert gaps.mean() < 2.0
    assert (gaps > 2).mean() < 0.01
    for rule, where in broken.items():
        assert np.diff(np.flatnonzero(where.any(axis=1))).mean() < 10.0, rule


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_trip_of_every_car_holds_a_mistake_within_its_first_35_seconds(seed: int) -> None:
    broken = np.logical_or.reduce(list(violations(drive(fleet_of(200), 35, seed, DEFAULT)).values()))
    assert broken.any(axis=0).all()


def test_each_mistake_can_be_switched_off_alone() -> None:
    broken = violations(drive(fleet_of(20), 1800, 1, MistakeShares(0.5, 0.0, 0.0)))
    assert broken["speeding"].any()
    assert not broken["high-rpm"].any()
    assert not broken["wrong-gear"].any()


def test_same_seed_gives_the_same_drive_and_another_seed_another() -> None:
    first, again, other = (drive(fleet_of(20), 400, seed, DEFAULT) for seed in (7, 7, 8))
    assert np.array_equal(first.rpm, again.rpm)
    assert not np.array_equal(first.rpm, other.rpm)


@pytest.mark.parametrize("step_s", [0.3, 1.0, 7.0])
def test_a_car_drives_the_same_alone_as_in_a_fleet_of_any_size(step_s: float) -> None:
    cars = fleet_of(3000)
    for fleet, place in ((20, 3), (512, 511), (513, 512), (3000, 1234)):
        alone = drive([cars[place]], 300, 7, DEFAULT, step_s)
        among = drive(cars[:fleet], 300, 7, DEFAULT, step_s)
        for name in ("speed", "rpm", "gear"):
            assert np.array_equal(getattr(alone, name)[:, 0], getattr(among, name)[:, place])


@pytest.mark.parametrize(("block_readings", "block_cars"), [(60, 60), (700, 7), (1 << 15, 50)])
def test_how_many_cars_and_steps_are_made_together_changes_no_reading(
    monkeypatch: pytest.MonkeyPatch, block_readings: int, block_cars: int
) -> None:
    cars = fleet_of(60)
    as_shipped = drive(cars, 400, 7, DEFAULT)
    monkeypatch.setattr("tacho_producer.fleet._BLOCK_READINGS", block_readings)
    monkeypatch.setattr("tacho_producer.fleet._BLOCK_CARS", block_cars)
    otherwise = drive(cars, 400, 7, DEFAULT)
    for name in ("speed", "rpm", "gear"):
        assert np.array_equal(getattr(as_shipped, name), getattr(otherwise, name))


@pytest.mark.parametrize("cars", [3, 600])
def test_samples_are_the_same_taken_one_by_one_or_thousands_at_once(cars: int) -> None:
    def taken(pieces: list[int]) -> list[tuple[float, ...]]:
        fleet = Fleet(fleet_of(cars), 7, 1.0, DEFAULT)
        timeline = Timeline(1_795_000_000_000_000, 0, math.inf, 1_000_000, cars, None)
        source = SampleSource(fleet, [1] * cars, timeline)
        return [row for size in pieces for row in source.take(source.position + size).rows()]

    assert taken([5000]) == taken([1, 1, 598, 3, 2048, 301, 2048])


def test_a_seed_gives_the_readings_it_has_always_given() -> None:
    driven = drive(fleet_of(20), 400, 7, DEFAULT)
    readings = np.stack([np.rint(driven.speed * 10), driven.rpm, driven.gear]).astype("<u2")
    assert hashlib.sha256(readings.tobytes()).hexdigest()[:16] == "275de624ade6c9ae"


def test_a_resumed_car_begins_a_trip_it_has_not_begun_before() -> None:
    car = fleet_of(1)[0]
    first = drive([car], 900, 7, NO_MISTAKES)
    resumed = drive([Car(car.car_id, car.drivetrain, next_sequence=450)], 200, 7, NO_MISTAKES)
    assert resumed.speed[0, 0] == 0.0
    moving = resumed.rpm[:100, 0]
    starts = range(len(first.rpm) - 100)
    assert not any(np.array_equal(first.rpm[at : at + 100, 0], moving) for at in starts if at < 450)


def test_the_dims_loader_and_this_test_read_the_same_drivetrains(dims_folder: Path) -> None:
    assert list(load_dims(str(dims_folder)).drivetrains.values()) == all_drivetrains()
