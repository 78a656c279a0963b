"""Keeps the partitions in work and alerter-state in step: restored when they are taken over, saved as they go on."""

import asyncio
import time
from collections.abc import Iterable

import structlog

from tacho_alerter.delivery import Delivery
from tacho_alerter.rules_topic import RulesTopic
from tacho_alerter.state.partitions import Partitions
from tacho_alerter.state.restoring import Restored, StateReader

_SHARE = 10
"""Saving takes at most about this part of the time: a backlog of many cars saves less often."""
log = structlog.get_logger(__name__)


class Keeper:
    """Saves what was delivered, never what was not: call `save` only between two rounds."""

    def __init__(
        self, partitions: Partitions, reader: StateReader, rules: RulesTopic, delivery: Delivery, seconds: float
    ) -> None:
        """`seconds` lie between two savings, so no more is done again after a crash."""
        self.partitions = partitions
        self._reader = reader
        self._rules = rules
        self._delivery = delivery
        self._seconds = seconds
        self._saved_at = time.monotonic()
        self._pause = seconds
        self._saving = asyncio.Lock()

    async def ready(self) -> None:
        """Return once no version of the rules can be missing for the samples to come, with those known in use."""
        while not self._rules.fresh:
            await asyncio.sleep(0.1)
        if self._rules.history is not None:
            self.partitions.use(self._rules.history)

    async def take_over(self, partitions: Iterable[int]) -> dict[int, int | None]:
        """Restore these partitions and hold no others; by partition, the offset to go on from, None for the start.

        Raises StateError, KafkaException or Rejected when a state cannot be had.
        """
        await self.ready()
        began = time.monotonic()
        restored, log_id = await asyncio.to_thread(self._read, sorted(partitions))
        self.partitions.restore(restored, log_id)
        seconds = round(time.monotonic() - began, 2)
        log.info("state restored", partitions=sorted(restored), cars=self.partitions.cars, seconds=seconds)
        return {number: found.position for number, found in restored.items()}

    async def save_if_due(self) -> None:
        """Save when the last time is long enough ago."""
        if time.monotonic() - self._saved_at >= self._pause:
            await self.save()

    async def save(self) -> None:
        """Send what is unsaved and wait for the broker to have it."""
        async with self._saving:
            began = time.monotonic()
            states, positions = self.partitions.unsaved()
            if states:
                await self._delivery.send(states)
                self.partitions.mark_saved(positions)
            self._saved_at = time.monotonic()
            self._pause = max(self._seconds, _SHARE * (self._saved_at - began))

    def _read(self, partitions: list[int]) -> tuple[dict[int, Restored], str]:
        log_id = self._reader.log_id()
        return self._reader.read(partitions, log_id), log_id
