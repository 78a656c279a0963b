"""A fleet's cars fit into memory: at most 1 kB each, in the worker that judged them and in the one that restored."""

import sys
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from encoded import calm

from tacho_alerter.engine.car import Car
from tacho_alerter.engine.episodes import who
from tacho_alerter.engine.partition import Partition
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_alerter.state.records import car_state
from tacho_alerter.state.restoring import STATE_BYTES, StateFold
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

CARS = 5_000
MOST_BYTES = 1_000
HISTORY = RulesHistory([(0, load_rules(PACKAGED_RULES, load_catalogue()))])
SAMPLES = Codec("EnrichedSample")


def states():
    codec, sample = Codec("CarState", max_bytes=STATE_BYTES), calm()
    for number in range(CARS):
        at = sample["event_time"] + number
        car = Car(1_000_000 + number, 1000 + number, at, 1000 + number, at, 70.1, who(sample))
        yield b"%d" % car.car_id, codec.encode(car_state(car, number, SAMPLES.decode))


def bytes_a_car(make):
    """What is left of it, and the most there was meanwhile; `make` returns what is to be kept."""
    tracemalloc.start()
    try:
        kept = make()
        left, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept is not None
    return left / CARS, most / CARS


def test_restoring_takes_no_more_memory_than_the_cars_themselves_do():
    written = list(states())

    def restored():
        fold = StateFold(SAMPLES.decode)
        for key, value in written:
            fold.add(key, value)
        position = {"partition": 0, "position": CARS, "time": 0, "log": "one"}
        fold.add(b"position", Codec("PartitionPosition").encode(position))
        found = fold.restored("samples-enriched", "one")
        return Partition(HISTORY, SAMPLES.decode, found.time, found.cars)

    left, most = bytes_a_car(restored)
    assert left < MOST_BYTES
    # What is freed again stays resident: the allocator gives little of it back.
    assert most < MOST_BYTES


def test_a_car_that_was_judged_and_saved_takes_at_most_a_kilobyte():
    written = [SAMPLES.encode(calm() | {"car_id": 1_000_000 + number}) for number in range(CARS)]

    def judged():
        partition = Partition(HISTORY, SAMPLES.decode)
        for value in written:
            partition.take(SAMPLES.decode(value), value)
        for car in partition.cars.values():
            car_state(car, 0, SAMPLES.decode)
        return partition

    assert bytes_a_car(judged)[0] < MOST_BYTES
