"""What may be committed, batch by batch, without a broker."""

import asyncio
from collections import defaultdict, deque
from types import SimpleNamespace

import pytest
from faust.types import TP

from tacho_alerter.commits import Consumer
from tacho_alerter.lane import Batch, BatchLane

CARS = TP("samples-enriched", 0)


def batch(first, last):
    return Batch(CARS, [SimpleNamespace(offset=offset) for offset in range(first, last + 1)])


@pytest.fixture
def consumer():
    # Only the bookkeeping is under test; the rest of Faust's consumer needs a running app.
    consumer = Consumer.__new__(Consumer)
    consumer._handed_out = {}
    consumer._acked = defaultdict(list)
    consumer._acked_index = defaultdict(set)
    consumer._room = asyncio.Event()
    consumer.positions = {}
    return consumer


def hand_out(consumer, *batches):
    consumer._handed_out[CARS] = deque(batches)


def test_nothing_is_committed_before_a_batch_is_delivered(consumer):
    hand_out(consumer, batch(0, 9))
    assert consumer._new_offset(CARS) is None


def test_the_commit_is_one_past_the_newest_delivered_batch(consumer):
    batches = [batch(0, 9), batch(10, 19), batch(20, 29)]
    hand_out(consumer, *batches)
    batches[0].delivered = batches[1].delivered = True
    assert consumer._new_offset(CARS) == 20
    assert consumer._new_offset(CARS) is None


def test_the_commit_never_passes_a_batch_that_was_not_delivered(consumer):
    batches = [batch(0, 9), batch(10, 19)]
    hand_out(consumer, *batches)
    batches[1].delivered = True
    assert consumer._new_offset(CARS) is None


def test_what_faust_acknowledged_by_itself_is_not_committed(consumer):
    hand_out(consumer, batch(0, 9))
    consumer._acked[CARS].append(9)
    consumer._acked_index[CARS].add(9)
    assert consumer._new_offset(CARS) is None
    assert not consumer._acked[CARS]
    assert not consumer._acked_index[CARS]


def test_a_round_takes_what_waits_in_log_order_and_leaves_what_is_delivered(consumer):
    batches = [batch(0, 9), batch(10, 19), batch(20, 29)]
    hand_out(consumer, *batches)
    batches[0].delivered = True
    assert consumer.round_of(batches[1]) == batches[1:]


def test_a_round_is_bounded(consumer):
    batches = [batch(0, 9_999), batch(10_000, 10_009)]
    hand_out(consumer, *batches)
    assert consumer.round_of(batches[0]) == batches[:1]


def test_a_delivered_batch_moves_the_position_of_its_partition(consumer):
    done = batch(0, 9)
    hand_out(consumer, done)
    consumer.mark_delivered(done)
    assert consumer.positions == {0: 10}
    assert consumer._new_offset(CARS) == 10


def test_a_batch_finished_after_a_seek_moves_nothing(consumer):
    stale = batch(0, 9)
    hand_out(consumer, stale)
    consumer._forget()
    consumer.mark_delivered(stale)
    assert consumer.positions == {}


def test_after_a_seek_the_batches_handed_out_before_are_void(consumer):
    stale = batch(0, 9)
    hand_out(consumer, stale)
    consumer._forget()
    stale.delivered = True
    assert stale.void
    assert consumer._new_offset(CARS) is None


def test_the_lane_hands_out_one_batch_for_each_partition_that_has_records():
    records = {CARS: [SimpleNamespace(offset=4), SimpleNamespace(offset=7)], TP("samples-enriched", 1): []}
    ((tp, found),) = BatchLane().iterate(records)
    assert (tp, found.partition, found.offset, len(found.records)) == (CARS, 0, 7, 2)
    assert found.value is found


def test_a_partition_without_a_commit_is_read_from_its_start_again(consumer, monkeypatch):
    """aiokafka's seek to the committed offset leaves such a partition where a void batch has ended."""
    other = TP("samples-enriched", 1)
    consumer._committed_offset = {CARS: None, other: 40}
    sought = []

    async def earliest_offsets(*partitions):
        return dict.fromkeys(partitions, 7)

    async def seek(partition, offset):
        sought.append((partition, offset))

    monkeypatch.setattr(consumer, "assignment", lambda: {CARS, other}, raising=False)
    monkeypatch.setattr(consumer, "earliest_offsets", earliest_offsets, raising=False)
    monkeypatch.setattr(consumer, "seek", seek, raising=False)
    asyncio.run(consumer._rewind_uncommitted())
    assert sought == [(CARS, 7)]
