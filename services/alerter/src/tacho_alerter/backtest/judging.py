"""One partition of the log past two engines at once, in log order. Pure: nothing is sent.

The engines and the way large batches go through them are those of the alerter (`judge.py`).
"""

from collections.abc import Sequence
from typing import NamedTuple

from tacho_alerter.backtest.tally import Tally
from tacho_alerter.bulk import Bulk, Read
from tacho_alerter.engine.car import Sample
from tacho_alerter.engine.partition import Partition
from tacho_alerter.rules.history import RulesHistory
from tacho_contracts.codec import HEADER_BYTES, Codec, header
from tacho_contracts.errors import Rejected

_HEARTBEAT = header("Heartbeat")


class Decoder:
    """Reads records of samples-enriched; what both engines ask for is decoded once."""

    def __init__(self) -> None:
        self._samples, self._heartbeats = Codec("EnrichedSample"), Codec("Heartbeat")
        self._known: dict[bytes, Sample | int | None] = {}

    def read(self, value: bytes) -> Sample | int | None:
        """A sample; of a heartbeat its time, ms; None for what cannot be decoded."""
        if value not in self._known:
            self._known[value] = self._decoded(value)
        return self._known[value]

    def sample(self, value: bytes) -> Sample:
        """A record that is known to be a sample."""
        return self._samples.decode(value)

    def glance(self, value: bytes) -> Read:
        """Log time and car of a record, as far as it says them."""
        content = self.read(value)
        if isinstance(content, dict):
            return Read(content["logged_at"], content["car_id"])
        return Read(content or 0, None)

    def forget(self) -> None:
        """Drop what was decoded so far."""
        self._known.clear()

    def _decoded(self, value: bytes) -> Sample | int | None:
        try:
            if value[:HEADER_BYTES] == _HEARTBEAT:
                return int(self._heartbeats.decode(value)["at"])
            return self._samples.decode(value)
        except Rejected:
            return None


class Judged(NamedTuple):
    """What became of the records of one partition."""

    published: Tally
    draft: Tally
    samples: int
    unreadable: int
    cars: int
    began: int | None
    """Log time of the first record that says one, ms; None without any."""
    ended: int
    """Log time at the end, ms."""


class _Side:
    """One history of rules over one partition."""

    def __init__(self, history: RulesHistory, decoder: Decoder) -> None:
        self.engine = Partition(history, decoder.sample)
        self.tally = Tally()
        self.other_records = self.unreadable = 0
        self._bulk = Bulk(decoder.glance)
        self._decoder = decoder

    def take(self, values: Sequence[bytes]) -> None:
        """The next records."""
        left = self._bulk.take(self.engine, values)
        if left is None:
            for value in values:
                self._record(value)
        else:
            for index, time in zip(left.indexes, left.times, strict=True):
                self.tally.note(self.engine.heartbeat(time))
                self._record(values[index])
            self.tally.note(self.engine.heartbeat(left.end))

    def _record(self, value: bytes) -> None:
        content = self._decoder.read(value)
        if isinstance(content, dict):
            # A copy, for the engine adds to it what holds under its own rules.
            self.tally.note(self.engine.take(dict(content), value))
            return
        self.other_records += 1
        if content is None:
            self.unreadable += 1
        else:
            self.tally.note(self.engine.heartbeat(content))


class PartitionJudge:
    """Both engines of one partition; it knows nothing of what came before the first record it is given."""

    def __init__(self, published: RulesHistory | None, draft: RulesHistory) -> None:
        """Without published rules the draft is compared with nothing."""
        self._decoder = Decoder()
        self._draft = _Side(draft, self._decoder)
        self._published = None if published is None else _Side(published, self._decoder)
        self._records = 0
        self._began: int | None = None

    def take(self, values: Sequence[bytes]) -> None:
        """The next records, in log order; empty bytes stand for a record without a value."""
        self._records += len(values)
        if self._began is None:
            self._began = next((read.time for read in map(self._decoder.glance, values) if read.time), None)
        for side in (self._published, self._draft):
            if side is not None:
                side.take(values)
        self._decoder.forget()

    def finish(self) -> Judged:
        """What both told, once there are no more records."""
        published = Tally()
        if self._published is not None:
            published = self._published.tally
            published.finish(self._published.engine)
        draft = self._draft
        draft.tally.finish(draft.engine)
        return Judged(
            published,
            draft.tally,
            samples=self._records - draft.other_records,
            unreadable=draft.unreadable,
            cars=len(draft.engine.cars),
            began=self._began,
            ended=draft.engine.time,
        )
