"""A worker may end anywhere, and whoever goes on from alerter-state tells the same: no Kafka, many seeds."""

import random

import pytest

from tacho_alerter.engine.told import Alerted
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import parse_rules
from tacho_alerter.state.partitions import Partitions
from tacho_alerter.state.restoring import Restored, StateFold
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

RULES = """
silent_after: 20 s
wait: 3 s
rules:
  - {id: speeding, measure: speed, above: 120 km/h, until: 110 km/h, clear: 2 s, cooldown: 5 s, severity: warning,
     escalate: {severity: critical, at: 150 km/h, after: 10 s}}
  - {id: high-rpm, measure: rpm, above: 6000, severity: critical, sustain: 2 s}
  - {id: harsh-braking, measure: acceleration, below: -4 m/s2, severity: warning, topics: [alerts-safety]}
  - {id: silent-car, silent_for: 15 s, severity: info}
"""
CATALOGUE = load_catalogue()
HISTORY = RulesHistory(
    [
        (0, parse_rules(RULES, "first", CATALOGUE)),
        (1_760_000_060_000, parse_rules(RULES.replace("above: 120", "above: 115"), "second", CATALOGUE)),
    ]
)
SAMPLES = Codec("EnrichedSample")
CARS = 4


def log_of(chance):
    """Offsets and what is there: samples of a few cars with gaps, stragglers, repeats and silences, and heartbeats."""
    at, sequences, entries, kept = 1_760_000_000_000, [1] * CARS, [], []
    speeds = [100.0] * CARS
    for _ in range(150):
        at += 1000
        entries.append(at)
        for car in range(CARS):
            if chance.random() < 0.1:
                continue
            speeds[car] = max(0.0, speeds[car] + chance.choice([-20, -5, 0, 5, 20]) * (speeds[car] < 170 or -1))
            entries.append(sample(car, sequences[car], at, speeds[car], chance))
            sequences[car] += 1
            if chance.random() < 0.1:
                kept.append(entries.pop())
            if kept and chance.random() < 0.05:
                entries.append(kept.pop(0))
        if chance.random() < 0.05:
            at += chance.choice([5_000, 30_000])
        if chance.random() < 0.05:
            entries += entries[-10:]
    return list(enumerate(entries))


def sample(car, sequence, at, speed, chance):
    return {
        "event_id": f"{1_000_000 + car}-{sequence}",
        "car_id": 1_000_000 + car,
        "sequence": sequence,
        "event_time": at - 50,
        "speed": speed,
        "rpm": chance.choice([2000, 6500, 6500]),
        "gear": 4,
        "driver_id": 123_456_789,
        "brand_name": "Mazda",
        "model_name": "3",
        "color_name": None,
        "expected_gear": 4,
        "gear_low": 3,
        "gear_high": 5,
        "late": False,
        "logged_at": at,
        "dims_version": "0123456789ab",
    }


def handled(held, offset, entry):
    held.position = offset + 1
    if isinstance(entry, int):
        return held.engine.heartbeat(entry)
    return held.engine.take(dict(entry), SAMPLES.encode(entry))


def content(event):
    """Id and content of an event, as they would be written."""
    if isinstance(event, Alerted):
        known = {name: value for name, value in event.sample.items() if name != "acceleration"}
        return f"{event.sample['event_id']}/{event.rule.id}", repr((known, event[1:]))
    return f"{event.record['episode_id']}#{event.record['revision']}", repr(event.record)


def worker(fold):
    partitions = Partitions(SAMPLES.decode)
    partitions.use(HISTORY)
    found = fold.restored("samples-enriched", "log-1") if fold else Restored(None, 0, [])
    partitions.restore({0: found}, "log-1")
    return partitions, found.position or 0


def uninterrupted(log):
    partitions, _ = worker(None)
    return dict(content(event) for offset, entry in log for event in handled(partitions[0], offset, entry))


@pytest.mark.parametrize("seed", range(60))
def test_whoever_goes_on_after_a_crash_tells_the_same(seed):
    chance = random.Random(seed)
    log = log_of(chance)
    expected = uninterrupted(log)
    assert any("/high-rpm#" in name for name in expected)
    state_topic, told, crashes = [], {}, 0
    position, furthest = 0, 0
    while position < len(log):
        fold = StateFold(SAMPLES.decode)
        for key, value in state_topic:
            fold.add(key, value)
        partitions, position = worker(fold)
        assert position >= furthest, f"seed {seed}: what was saved is gone"
        furthest = position
        lives = chance.randrange(1, 200)
        for offset, entry in log[position:]:
            for event in handled(partitions[0], offset, entry):
                name, what = content(event)
                assert told.setdefault(name, what) == what, f"seed {seed}: {name} is told in another way"
            position = offset + 1
            lives -= 1
            saves = chance.random() < 0.3
            if saves or lives <= 0:
                partitions.begin_saving()
                records, positions = partitions.unsaved(chance.choice([1, 2, 1000]))
                if lives <= 0:
                    # Ended while saving: some of it is in Kafka.
                    records = records[: chance.randrange(len(records) + 1)] if chance.random() < 0.7 else []
                state_topic += [(record.key, record.value) for record in records]
                partitions.mark_saved(positions)
            if lives <= 0:
                crashes += 1
                break
    assert crashes > 0
    assert told == expected


def test_a_worker_that_writes_after_it_lost_the_partition_takes_nothing_back():
    log = log_of(random.Random(1))
    slow, _ = worker(None)
    for offset, entry in log[:100]:
        handled(slow[0], offset, entry)
    slow.begin_saving()
    stale, _ = slow.unsaved(1000)
    quick, _ = worker(None)
    for offset, entry in log[:200]:
        handled(quick[0], offset, entry)
    quick.begin_saving()
    newer, _ = quick.unsaved(1000)
    fold = StateFold(SAMPLES.decode)
    for record in (*newer, *stale):
        fold.add(record.key, record.value)
    found = fold.restored("samples-enriched", "log-1")
    assert found.position == 200
    assert {car.car_id: car.highest for car in found.cars} == {
        car_id: car.highest for car_id, car in quick[0].engine.cars.items()
    }
