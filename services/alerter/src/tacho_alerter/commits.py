"""Exact commits for the batch lane: an offset is committed when, and only when, all before it is delivered.

Faust counts acknowledged offsets one by one, so to it a batch looks like a gap; and it acknowledges what an
agent failed at and what it skipped in a rebalance. Here its acknowledgements count for nothing: a batch is marked
by the agent when it is delivered, and the commit stops at the first that is not. This holds with one stream
(concurrency 1) on one topic.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from tacho_alerter.lane import Batch

MAX_WAITING_RECORDS = 100_000
"""Records fetched ahead of the agent, at some 600 bytes each; above it fetching pauses."""
ROUND_RECORDS = 10_000
"""Records judged and delivered in one round; the loop is busy for some 0.1 s with them."""
_SETTLE_SECONDS = 5.0


class _NoReadOffsets(dict[TP, int | None]):
    """Faust's memory of what it has read, kept empty: by it Faust would drop records it has to read again."""

    def __missing__(self, _tp: TP) -> None:
        return None

    def __setitem__(self, _tp: TP, _offset: Any) -> None:
        """Forget at once."""

    def update(self, *_args: Any, **_offsets: Any) -> None:
        """Forget at once."""


class Consumer(driver.Consumer):
    """Faust's consumer, committing by delivered batches and fetching no further ahead than memory allows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset: MutableMapping[TP, int | None] = _NoReadOffsets()
        self.positions: dict[int, int | None] = {}
        """Next offset to handle, by assigned partition; None where nothing was ever committed."""
        self.idle = asyncio.Event()
        """Clear while the agent works on a batch."""
        self.idle.set()
        self._handed_out: dict[TP, deque[Batch]] = {}
        self._room = asyncio.Event()
        # A fetch that overlaps a seek would return records from before it and move the position after it.
        self._fetching = asyncio.Lock()
        self._seek_due = True

    def _to_message(self, tp: TP, record: Batch) -> ConsumerMessage:
        self._handed_out.setdefault(tp, deque()).append(record)
        return super()._to_message(tp, record)

    def round_of(self, batch: Batch) -> list[Batch]:
        """This batch and others that already wait, in log order by partition: one wait for the broker serves all."""
        chosen, records = [batch], len(batch.records)
        for batches in self._handed_out.values():
            for other in batches:
                if records >= ROUND_RECORDS:
                    return chosen
                if other is not batch and not other.delivered:
                    chosen.append(other)
                    records += len(other.records)
        return chosen

    def mark_delivered(self, batch: Batch) -> None:
        """Everything that follows from this batch is in Kafka: from here on it may be committed."""
        batch.delivered = True
        if not batch.void:
            self.positions[batch.partition] = batch.offset + 1
        self._room.set()

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return iter(list(self._handed_out))

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        batches = self._handed_out.get(tp, ())
        newest = None
        while batches and batches[0].delivered:
            newest = batches.popleft().offset + 1
        return newest

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Nothing: offsets between two batches belong to the later one."""

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, Any]:
        if self._waiting_records() > MAX_WAITING_RECORDS:
            self._room.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._room.wait(), timeout)
            return {}
        async with self._fetching:
            records: Mapping[TP, Any] = await super()._getmany(active_partitions, timeout)
        if self._seek_due:
            await asyncio.sleep(0.01)
            return {}
        return records

    def _waiting_records(self) -> int:
        waiting = (batch for batches in self._handed_out.values() for batch in batches if not batch.delivered)
        return sum(len(batch.records) for batch in waiting)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit the batch in work before the partitions go to another worker."""
        await self._settle()
        await self.commit()
        self._forget()
        await super().on_partitions_revoked(revoked)

    async def perform_seek(self) -> None:
        """Start again from the committed offsets, as after each assignment: what was handed out before is void."""
        async with self._fetching:
            self._forget()
            await super().perform_seek()
            await self._rewind_uncommitted()
            self.positions = {tp.partition: self._committed_offset[tp] for tp in self.assignment()}
            self._seek_due = False

    async def _rewind_uncommitted(self) -> None:
        """Go to the start of partitions nobody has committed yet: aiokafka leaves those where it has read to."""
        fresh = [tp for tp in self.assignment() if not self._committed_offset.get(tp)]
        if fresh:
            for tp, offset in (await self.earliest_offsets(*fresh)).items():
                await self.seek(tp, offset)

    async def on_stop(self) -> None:
        """Finish the batch in work, so that a clean stop repeats nothing, then commit."""
        await self._settle()
        await super().on_stop()

    async def _settle(self) -> None:
        self._seek_due = True
        for batches in self._handed_out.values():
            for batch in batches:
                batch.void = not batch.delivered
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle.wait(), _SETTLE_SECONDS)

    def _forget(self) -> None:
        for batches in self._handed_out.values():
            for batch in batches:
                batch.void = True
        self._handed_out.clear()
        self.positions = {}
        self._room.set()


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = Consumer
