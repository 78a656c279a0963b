"""Heartbeats must go on as they were, on their partition, in their place; bad ones are dead letters."""

from itertools import pairwise
from typing import Any

import pytest

from tacho.verify.heartbeats import judge_heartbeat
from tacho.verify.log import LogRecord
from tacho.verify.wire import Wire
from tacho_contracts.codec import Codec, header
from tacho_contracts.examples import Example, iter_examples

CODEC = Codec("Heartbeat")
AT = 1_795_340_900_000
PARTITION = 4


def counts(report: Any) -> dict[str, int]:
    return {kind.value: count for kind, count in report.findings.counts.items()}


def beats(world: Any, topic: str = "samples-enriched", partition: int = PARTITION) -> list[LogRecord]:
    return [r for r in world.topics.lists[topic][partition] if (r.value or b"")[:10] == header("Heartbeat")]


def sample_in_front(world: Any, topic: str = "samples-enriched") -> tuple[LogRecord, LogRecord]:
    """A heartbeat on the partition of some car, and the record before it."""
    for records in world.topics.lists[topic]:
        for before, record in pairwise(records):
            if before.key and (record.value or b"")[:10] == header("Heartbeat"):
                return before, record
    raise AssertionError("no heartbeat follows a sample")


def test_heartbeats_are_counted_and_are_no_samples(world):
    report = world.verify().to_dict()
    assert (report["heartbeats"], report["samples"]["logged"]) == (24, 123)


def test_one_that_did_not_go_on_is_lost(world):
    world.topics.remove("samples-enriched", beats(world)[1])
    assert counts(world.verify()) == {"lost": 1}


def test_one_that_went_to_another_partition_is_lost_there_and_repeated_here(world):
    record = beats(world)[1]
    world.topics.remove("samples-enriched", record)
    world.topics.put("samples-enriched", None, record.value, partition=PARTITION + 1)
    assert counts(world.verify()) == {"lost": 1, "repeated": 1}


def test_one_that_nobody_sent_is_unexpected(world):
    world.topics.put("samples-enriched", None, CODEC.encode({"at": AT}), partition=PARTITION)
    assert counts(world.verify()) == {"unexpected": 1}


def test_one_with_another_time_is_lost_and_unexpected(world):
    world.topics.replace("samples-enriched", beats(world)[2], value=CODEC.encode({"at": AT}))
    assert counts(world.verify()) == {"lost": 1, "unexpected": 1}


def test_two_that_changed_places_are_out_of_order(world):
    first, second, *_ = beats(world)
    world.topics.swap("samples-enriched", first, second)
    assert counts(world.verify())["out_of_order"] >= 1


def test_one_that_overtook_the_sample_in_front_of_it_is_out_of_order(world):
    before, record = sample_in_front(world)
    world.topics.swap("samples-enriched", before, record)
    assert counts(world.verify()) == {"out_of_order": 1}


def test_one_behind_a_lost_sample_is_not_blamed(world):
    before, _ = sample_in_front(world)
    world.topics.remove("samples-enriched", before)
    assert counts(world.verify()) == {"lost": 1}


def test_one_with_a_key_is_misplaced(world):
    world.topics.replace("samples-enriched", beats(world)[0], key=b"1000001")
    assert counts(world.verify()) == {"misplaced": 1}


def test_repeats_are_allowed_where_a_service_was_started_again(world):
    for record in world.topics.lists["samples-enriched"][PARTITION][:]:
        world.topics.put("samples-enriched", record.key, record.value, partition=PARTITION)
    assert counts(world.verify())["repeated"] >= 4
    world.repeats_allowed = True
    assert world.verify().ok


def test_equal_ones_of_two_gateways_are_two(world):
    value = CODEC.encode({"at": AT})
    for _ in range(2):
        world.topics.put("sensors-sample", None, value, AT, PARTITION)
    world.topics.put("samples-enriched", None, value, partition=PARTITION)
    assert counts(world.verify()) == {"lost": 1}
    world.topics.put("samples-enriched", None, value, partition=PARTITION)
    assert counts(world.verify()) == {}


BAD = {
    "future-time": (None, CODEC.encode({"at": AT + 5001})),
    "foreign-key": (b"1000001", CODEC.encode({"at": AT})),
    "trailing-bytes": (None, CODEC.encode({"at": AT}) + b"\x00"),
    "malformed-avro": (None, header("Heartbeat")),
    "oversized": (None, header("Heartbeat") + bytes(4096)),
}


@pytest.mark.parametrize(("reason", "sent"), BAD.items(), ids=BAD)
def test_a_bad_one_must_have_its_dead_letter(world, reason, sent):
    record = world.topics.put("sensors-sample", *sent, AT, PARTITION)
    assert counts(world.verify()) == {"lost": 1}
    world.dead_letter(record, reason)
    assert counts(world.verify()) == {}


@pytest.mark.parametrize("example", list(iter_examples("Heartbeat")), ids=lambda example: example.name)
def test_every_published_example_is_judged_as_it_says(example: Example) -> None:
    key = None if example.key is None else example.key.encode()
    record = LogRecord(0, 0, example.record_timestamp or 0, key, CODEC.encode(example.payload))
    at, reasons = judge_heartbeat(record, Wire("Heartbeat"))
    assert (at, reasons) == (example.payload["at"], frozenset(filter(None, [example.reason])))
