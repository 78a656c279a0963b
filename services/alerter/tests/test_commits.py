"""What may be committed, batch by batch, without a broker."""

import asyncio
from collections import defaultdict, deque
from types import SimpleNamespace

import pytest
from faust.types import TP

from tacho_alerter import commits
from tacho_alerter.commits import Consumer
from tacho_alerter.lane import Batch, BatchLane

CARS = TP("samples-enriched", 0)


def batch(first, last):
    return Batch(CARS, [SimpleNamespace(offset=offset) for offset in range(first, last + 1)])


class Keeper:
    """What the consumer asks of the keeper of the state."""

    def __init__(self):
        self.partitions = self
        self.positions = {}
        self.delivered = {}
        self.restored = {}
        self.saved_times = 0

    def mark_delivered(self, partition, position):
        self.delivered[partition] = position

    def saved(self, partition):
        return self.positions.get(partition)

    async def take_over(self, partitions):
        return {partition: self.restored[partition] for partition in partitions}

    async def save(self):
        self.saved_times += 1


@pytest.fixture
def consumer():
    # Only the bookkeeping is under test; the rest of Faust's consumer needs a running app.
    consumer = Consumer.__new__(Consumer)
    consumer._handed_out = {}
    consumer._acked = defaultdict(list)
    consumer._acked_index = defaultdict(set)
    consumer._room = asyncio.Event()
    consumer.transport = SimpleNamespace(keeper=Keeper())
    return consumer


def hand_out(consumer, *batches):
    consumer._handed_out[CARS] = deque(batches)


def test_nothing_is_committed_before_a_state_is_saved(consumer):
    hand_out(consumer, batch(0, 9))
    consumer._handed_out[CARS][0].delivered = True
    assert consumer._new_offset(CARS) is None


def test_the_commit_is_where_the_saved_state_ends_and_not_where_delivery_is(consumer):
    batches = [batch(0, 9), batch(10, 19)]
    hand_out(consumer, *batches)
    batches[0].delivered = batches[1].delivered = True
    consumer.transport.keeper.partitions.positions[0] = 10
    assert consumer._new_offset(CARS) == 10


def test_the_lag_is_measured_where_delivery_is(consumer):
    done = batch(0, 9)
    hand_out(consumer, done)
    consumer.mark_delivered(done)
    assert consumer.transport.keeper.delivered == {0: 10}


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


def test_after_a_seek_the_batches_handed_out_before_are_void(consumer):
    stale = batch(0, 9)
    hand_out(consumer, stale)
    consumer._forget()
    assert stale.void
    assert not consumer._handed_out


def test_the_lane_hands_out_one_batch_for_each_partition_that_has_records():
    records = {CARS: [SimpleNamespace(offset=4), SimpleNamespace(offset=7)], TP("samples-enriched", 1): []}
    ((tp, found),) = BatchLane().iterate(records)
    assert (tp, found.partition, found.offset, len(found.records)) == (CARS, 0, 7, 2)
    assert found.value is found


@pytest.fixture
def taken_over(consumer, monkeypatch):
    """Let the consumer take over two partitions; what was sought, by partition."""
    other = TP("samples-enriched", 1)
    sought = {}

    async def earliest_offsets(*partitions):
        return dict.fromkeys(partitions, 7)

    async def seek(partition, offset):
        sought[partition.partition] = offset

    monkeypatch.setattr(consumer, "earliest_offsets", earliest_offsets)
    monkeypatch.setattr(consumer, "seek", seek)
    monkeypatch.setattr(consumer, "assignment", lambda: {CARS, other})
    return lambda: asyncio.run(consumer._take_over()) or sought


def test_reading_goes_on_where_the_state_says_whatever_is_committed(consumer, taken_over):
    consumer._committed_offset = {CARS: 99, TP("samples-enriched", 1): 99}
    consumer.transport.keeper.restored = {0: 40, 1: 50}
    assert taken_over() == {0: 40, 1: 50}


def test_a_partition_without_a_state_is_read_from_its_start(consumer, taken_over):
    consumer._committed_offset = {CARS: 99, TP("samples-enriched", 1): 99}
    consumer.transport.keeper.restored = {0: 40, 1: None}
    assert taken_over() == {0: 40, 1: 7}


def finished(consumer, idle):
    consumer._seek_due = False
    consumer.idle = asyncio.Event()
    if idle:
        consumer.idle.set()
    asyncio.run(consumer.finish())
    return consumer.transport.keeper.saved_times


def test_a_worker_that_finishes_saves_what_is_delivered(consumer):
    assert finished(consumer, idle=True) == 1


def test_a_worker_never_saves_in_the_middle_of_a_round(consumer, monkeypatch):
    monkeypatch.setattr(commits, "_SETTLE_SECONDS", 0.05)
    assert finished(consumer, idle=False) == 0
