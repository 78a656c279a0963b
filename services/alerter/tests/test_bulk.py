"""What is told of large batches, and what is remembered after them, is what the same records give one by one."""

import random
from types import SimpleNamespace

import pytest

from tacho_alerter import judge as judging
from tacho_alerter.judge import Judge
from tacho_alerter.progress import Progress
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules, parse_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_alerter.state.records import car_state
from tacho_alerter.state.restoring import Restored
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

SAMPLES, HEARTBEATS = Codec("EnrichedSample"), Codec("Heartbeat")
SHIPPED = load_rules(PACKAGED_RULES, load_catalogue())
BEGAN = 1_760_000_000_000
MANY, FEW = 300, 3


class Drive:
    """Records of one partition: mostly quiet cars, now and then something that is not."""

    def __init__(self, chance, cars, oddity, drift=0.05):
        self._chance = chance
        self._oddity = oddity
        self._drift = drift
        self._at = BEGAN
        self._sequence = [1] * cars
        self._speed = [float(chance.randrange(0, 110)) for _ in range(cars)]
        self._offset = 0
        self._sent = []

    def batch(self, count):
        records = [self._next() for _ in range(count)]
        self._sent += records
        return records

    def _next(self):
        self._offset += 1
        self._at += max(1, 1000 // len(self._sequence))
        if self._chance.random() < self._oddity:
            return self._odd()
        if self._chance.random() < 0.01:
            return self._record(HEARTBEATS.encode({"at": self._at}))
        return self._record(SAMPLES.encode(self._sample()))

    def _odd(self):
        kind = self._chance.randrange(6)
        if kind == 0 and self._sent:
            return replace_offset(self._chance.choice(self._sent), self._offset)
        if kind == 1:
            return self._record(b"\xc3\x01garbage")
        if kind == 2:
            self._at += self._chance.choice([5_000, 70_000])
            return self._record(HEARTBEATS.encode({"at": self._at}))
        if kind == 3:
            self._sequence[self._chance.randrange(len(self._sequence))] += self._chance.randrange(1, 3)
        if kind == 4:
            return self._record(SAMPLES.encode(self._sample() | {"gear_low": None, "gear_high": None}))
        changed = self._chance.choice([{"speed": 135.0}, {"rpm": 6500}, {"gear": 7}, {"event_time": self._at - 9_000}])
        return self._record(SAMPLES.encode(self._sample() | changed))

    def _sample(self):
        car = self._chance.randrange(len(self._sequence))
        self._speed[car] = min(
            115.0,
            max(
                0.0,
                self._speed[car] + self._chance.uniform(-self._drift, self._drift) * self._chance.choice([1, 1, 1, 60]),
            ),
        )
        sequence = self._sequence[car]
        self._sequence[car] += 1
        return {
            "event_id": f"{1_000_000 + car}-{sequence}",
            "car_id": 1_000_000 + car,
            "sequence": sequence,
            "event_time": self._at - self._chance.randrange(20),
            "speed": self._speed[car],
            "rpm": 2500,
            "gear": 4,
            "driver_id": 123_456_789 + car,
            "brand_name": "Mazda",
            "model_name": "3",
            "color_name": "Red",
            "expected_gear": 4,
            "gear_low": 3,
            "gear_high": 5,
            "late": False,
            "logged_at": self._at,
            "dims_version": "0123456789ab",
        }

    def _record(self, value):
        return Consumed(self._offset, value)


class Consumed(SimpleNamespace):
    def __init__(self, offset, value):
        super().__init__(topic="samples-enriched", partition=0, offset=offset, timestamp=0, key=b"", value=value)


def replace_offset(record, offset):
    return Consumed(offset, record.value)


def judge_of(history):
    judge = Judge(Progress())
    judge.partitions.use(history)
    judge.partitions.restore({0: Restored(None, 0, [])}, "log")
    return judge


def told(outgoing):
    """What is told by topic and car, in order: between cars there is none."""
    found = {}
    for record in outgoing:
        found.setdefault((record.topic, record.key), []).append(record.value)
    return found


def remembered(judge):
    engine = judge.partitions[0].engine
    return engine.time, {car_id: car_state(car, 0, SAMPLES.decode) for car_id, car in engine.cars.items()}


@pytest.mark.parametrize("cars", [FEW, MANY])
@pytest.mark.parametrize("oddity", [0.0, 0.002, 0.05])
@pytest.mark.parametrize("seed", range(8))
def test_a_batch_at_once_is_the_same_as_its_records_one_by_one(cars, oddity, seed, monkeypatch):
    monkeypatch.setattr(judging, "SLICE_RECORDS", 500)
    drive = Drive(random.Random(seed), cars, oddity)
    later = parse_rules(
        PACKAGED_RULES.read_text().replace("above: 120 km/h", "above: 119 km/h"), "later", load_catalogue()
    )
    history = RulesHistory([(0, SHIPPED), (BEGAN + 200_000, later)])
    at_once, singly = judge_of(history), judge_of(history)
    for _ in range(3):
        batch = drive.batch(1500)
        together = at_once.outgoing(batch)
        one_by_one = [out for record in batch for out in singly.outgoing([record])]
        assert told(together) == told(one_by_one), f"seed {seed}"
        assert remembered(at_once) == remembered(singly), f"seed {seed}"
        assert at_once.partitions[0].position == singly.partitions[0].position


def test_calm_cars_are_taken_without_a_look_at_their_records():
    looked_at = []
    drive = Drive(random.Random(1), MANY, 0.0, drift=0.0)
    judge = judge_of(RulesHistory([(0, SHIPPED)]))
    judge.outgoing(drive.batch(3000))
    take = judge.partitions[0].engine.take
    judge.partitions[0].engine.take = lambda sample, value: looked_at.append(value) or take(sample, value)
    judge.outgoing(drive.batch(3000))
    assert len(looked_at) < 150


def one_car(entries):
    """Records of one quiet car: (sequence, seconds from the beginning, what differs)."""
    drive = Drive(random.Random(1), 1, 0.0)
    template = drive._sample()
    records = []
    for offset, (sequence, second, changed) in enumerate(entries):
        at = BEGAN + second * 1000
        content = {
            "event_id": f"1000000-{sequence}",
            "sequence": sequence,
            "event_time": at,
            "logged_at": at,
            "speed": 50.0,
        }
        records.append(Consumed(offset, SAMPLES.encode(template | content | changed)))
    return records


def both(history, records, first):
    """What two judges remember, and tell, of the first records one by one and of the others at once, or one by one."""
    results = []
    for whole in (True, False):
        judge = judge_of(history)
        out = [one for record in records[:first] for one in judge.outgoing([record])]
        rest = [records[first:]] if whole else [[record] for record in records[first:]]
        out += [one for batch in rest for one in judge.outgoing(batch)]
        results.append((told(out), remembered(judge)))
    return results


def test_a_straggler_that_is_no_regular_sample_does_not_take_its_car_back():
    unknown = {"gear_low": None, "gear_high": None}
    before = [(1, 0, {}), (3, 2, {}), (4, 10, {})]
    entries = [*before, *((sequence, sequence + 6, {}) for sequence in range(5, 60))]
    entries.insert(30, (2, 32, unknown))
    at_once, singly = both(RulesHistory([(0, SHIPPED)]), one_car(entries), len(before))
    assert at_once == singly


def test_a_silence_before_a_stretch_is_judged_by_the_rules_of_the_sample_before_it():
    text = PACKAGED_RULES.read_text()
    strict = parse_rules(text.replace("silent_for: 60 s", "silent_for: 5 s"), "strict", load_catalogue())
    assert strict.version != SHIPPED.version
    history = RulesHistory([(0, strict), (BEGAN + 20_000, SHIPPED)])
    entries = [(1, 0, {}), *((sequence, sequence + 18, {}) for sequence in range(2, 60))]
    at_once, singly = both(history, one_car(entries), 1)
    assert at_once == singly
    assert any(topic == "alert-episodes" for topic, _ in singly[0])


def test_a_car_is_taken_as_far_as_it_is_calm():
    looked_at = []
    drive = Drive(random.Random(1), 1, 0.0, drift=0.0)
    judge = judge_of(RulesHistory([(0, SHIPPED)]))
    judge.outgoing(drive.batch(1))
    take = judge.partitions[0].engine.take
    judge.partitions[0].engine.take = lambda sample, value: looked_at.append(sample["rpm"]) or take(sample, value)
    calm = drive.batch(100)
    drive._at += 1000
    fast = drive._record(SAMPLES.encode(drive._sample() | {"speed": 115.0, "rpm": 6500}))
    judge.outgoing([*calm, fast, *drive.batch(2)])
    assert looked_at[0] == 6500
    assert len(looked_at) == 3


def test_a_car_not_known_yet_is_looked_at_even_where_no_rule_is_about_silence():
    rules = parse_rules("rules:\n- {id: fast, measure: speed, above: 120, severity: info}\n", "rules", load_catalogue())
    drive = Drive(random.Random(1), FEW, 0.0)
    batch = drive.batch(300)
    at_once, singly = judge_of(RulesHistory([(0, rules)])), judge_of(RulesHistory([(0, rules)]))
    at_once.outgoing(batch)
    for record in batch:
        singly.outgoing([record])
    assert remembered(at_once) == remembered(singly)
