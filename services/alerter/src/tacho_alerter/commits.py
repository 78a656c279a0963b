"""Exact commits for the batch lane: an offset is committed when, and only when, the state that covers it is saved.

Faust counts acknowledged offsets one by one, so to it a batch looks like a gap; and it acknowledges what an agent
failed at and what it skipped in a rebalance. Here its acknowledgements count for nothing, and neither do the commits
when a partition is taken over: reading goes on where its state says. The commits are for whoever watches the group's
lag. This holds with one stream (concurrency 1) on one topic.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, cast

import structlog
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from tacho_alerter.lane import Batch
from tacho_alerter.state.keeper import Keeper

MAX_WAITING_RECORDS = 100_000
"""Records fetched ahead of the agent, at some 600 bytes each; above it fetching pauses."""
ROUND_RECORDS = 10_000
"""Records judged and delivered in one round; the loop is busy for some 0.1 s with them."""
_SETTLE_SECONDS = 5.0
log = structlog.get_logger(__name__)


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
        """Everything that follows from this batch is in Kafka: from here on its state may be saved."""
        batch.delivered = True
        self._keeper.partitions.mark_delivered(batch.partition, batch.offset + 1)
        self._room.set()

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return iter(list(self._handed_out))

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        batches = self._handed_out.get(tp, ())
        while batches and batches[0].delivered:
            batches.popleft()
        return self._keeper.partitions.saved(tp.partition)

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
        """Finish the batch in work, save and commit before the partitions go to another worker."""
        await self.finish()
        await self.commit()
        self._forget()
        self._keeper.partitions.drop()
        await super().on_partitions_revoked(revoked)

    async def perform_seek(self) -> None:
        """Take over what is assigned: go on where its state says; what was handed out before is void."""
        async with self._fetching:
            self._forget()
            await super().perform_seek()
            try:
                await self._take_over()
            except Exception:
                # Faust would go on without the state; nothing may be judged then.
                log.exception("ending: the state cannot be restored")
                os._exit(1)
            self._seek_due = False

    async def _take_over(self) -> None:
        assigned = {tp.partition: tp for tp in self.assignment()}
        positions = await self._keeper.take_over(assigned)
        begin = [tp for number, tp in assigned.items() if positions[number] is None]
        starts = await self.earliest_offsets(*begin) if begin else {}
        for number, tp in assigned.items():
            position = positions[number]
            await self.seek(tp, starts[tp] if position is None else position)

    async def finish(self) -> None:
        """Stop after the batch in work and save, so that whoever goes on repeats nothing; a broker may be away."""
        await self._settle()
        if not self.idle.is_set():
            # What is judged and not delivered must not be saved; it is done again from the last saving.
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._keeper.save(), _SETTLE_SECONDS)

    @property
    def _keeper(self) -> Keeper:
        return cast(Transport, self.transport).keeper

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
        self._room.set()


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer, which needs to know the keeper of the state."""

    Consumer = Consumer
    keeper: Keeper
