"""Keeps the partitions in work and alerter-state in step: restored when they are taken over, saved as they go on."""

import asyncio
import time
from collections.abc import Iterable

import structlog

from tacho_alerter.delivery import Delivery
from tacho_alerter.rules_topic import RulesTopic
from tacho_alerter.state.partitions import Partitions
from tacho_alerter.state.restoring import Restored, StateReader

STATES_AT_ONCE = 1_000
"""So many are encoded and sent between two rounds: some 20 ms for whoever waits for an alert."""
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
        self._begun_at: float | None = None
        self._spent = 0.0
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
        partitions = set(partitions)
        if set(self.partitions.positions) == partitions:
            # Faust asks twice after a rebalance; nobody else can have had them in between.
            return self.partitions.positions
        await self.ready()
        began = time.monotonic()
        restored, log_id = await asyncio.to_thread(self._read, sorted(partitions))
        self.partitions.restore(restored, log_id)
        seconds = round(time.monotonic() - began, 2)
        log.info("state restored", partitions=sorted(restored), cars=self.partitions.cars, seconds=seconds)
        return {number: found.position for number, found in restored.items()}

    @property
    def saving(self) -> bool:
        """Whether states are on their way."""
        return self._saving.locked()

    async def save_if_due(self) -> bool:
        """Begin to save when the last time is long enough ago, or go on with it, a little at each call.

        Returns whether there is more to be saved at once.
        """
        if self._begun_at is None and time.monotonic() - self._saved_at >= self._pause:
            self._begin()
        if self._begun_at is not None:
            await self._save_some()
        return self._begun_at is not None

    async def save(self) -> None:
        """Save all that was handled so far and wait for the broker to have it."""
        while self._begun_at is not None:
            await self._save_some()
        self._begin()
        while self._begun_at is not None:
            await self._save_some()

    def _begin(self) -> None:
        self._begun_at, self._spent = time.monotonic(), 0.0
        self.partitions.begin_saving()

    async def _save_some(self) -> None:
        async with self._saving:
            began = time.monotonic()
            states, positions = self.partitions.unsaved(STATES_AT_ONCE)
            if states:
                await self._delivery.send(states)
                self.partitions.mark_saved(positions)
            self._spent += time.monotonic() - began
            if len(states) < STATES_AT_ONCE:
                self._begun_at, self._saved_at = None, time.monotonic()
                self._pause = max(self._seconds, _SHARE * self._spent)

    def _read(self, partitions: list[int]) -> tuple[dict[int, Restored], str]:
        log_id = self._reader.log_id()
        return self._reader.read(partitions, log_id), log_id
