"""One batch of records in, everything to be sent for it out. No input or output; the counters apart."""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from tacho_alerter.bulk import SLICE_RECORDS, Bulk, Read
from tacho_alerter.dead_letters import dead_letter
from tacho_alerter.engine.told import Alerted, Event
from tacho_alerter.outgoing import Outgoing
from tacho_alerter.progress import Progress
from tacho_alerter.results import ResultWriter
from tacho_alerter.state.partitions import Held, Partitions
from tacho_contracts.codec import HEADER_BYTES, Codec, header
from tacho_contracts.errors import Rejected

_HEARTBEAT = header("Heartbeat")


class Judge:
    """Decodes records, lets the engine judge them and writes what it tells and dead letters, in log order."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._samples = Codec("EnrichedSample")
        self.partitions = Partitions(self._samples.decode)
        self._heartbeats = Codec("Heartbeat")
        self._writer = ResultWriter()
        self._bulk = Bulk(self._glance)

    def outgoing(self, records: Iterable[Any]) -> list[Outgoing]:
        """What to send for these consumed records; each must have topic, partition, offset, timestamp, key, value.

        A partition's records come together and in log order.
        """
        out: list[Outgoing] = []
        for partition, ordered in groupby(records, attrgetter("partition")):
            held = self.partitions[partition]
            while batch := list(islice(ordered, SLICE_RECORDS)):
                self._slice(held, batch, out)
        return out

    def event_time(self, record: Any) -> int | None:
        """When the sample of a consumed record happened (milliseconds since the epoch); None where it is no sample."""
        if _is_heartbeat(record.value):
            return None
        try:
            return int(self._samples.decode(record.value)["event_time"])
        except Rejected:
            return None

    def _slice(self, held: Held, batch: Sequence[Any], out: list[Outgoing]) -> None:
        left = self._bulk.take(held.engine, [record.value or b"" for record in batch])
        if left is None:
            for record in batch:
                self._record(held, record, out)
        else:
            for index, time in zip(left.indexes, left.times, strict=True):
                self._tell(held.engine.heartbeat(time), out)
                self._record(held, batch[index], out)
            self._tell(held.engine.heartbeat(left.end), out)
            self._progress.samples += len(batch) - len(left.indexes)
        held.position = batch[-1].offset + 1

    def _record(self, held: Held, record: Any, out: list[Outgoing]) -> None:
        value = record.value
        try:
            if _is_heartbeat(value):
                events = held.engine.heartbeat(self._heartbeats.decode(value)["at"])
            else:
                sample = self._samples.decode(value)
                events = held.engine.take(sample, value)
                self._progress.samples += 1
        except Rejected as rejected:
            self._progress.dead_letters[rejected.reason] += 1
            out.append(dead_letter(record, rejected))
        else:
            self._tell(events, out)

    def _tell(self, events: Iterable[Event], out: list[Outgoing]) -> None:
        for event in events:
            if isinstance(event, Alerted):
                self._progress.alerts[event.rule.id] += 1
            else:
                self._progress.episodes[event.record["state"]] += 1
            out += self._writer.outgoing(event)

    def _glance(self, value: bytes) -> Read:
        try:
            if _is_heartbeat(value):
                return Read(self._heartbeats.decode(value)["at"], None)
            sample = self._samples.decode(value)
            return Read(sample["logged_at"], sample["car_id"])
        except Rejected:
            return Read(0, None)


def _is_heartbeat(value: bytes | None) -> bool:
    return value is not None and value[:HEADER_BYTES] == _HEARTBEAT
