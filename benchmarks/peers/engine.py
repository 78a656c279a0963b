"""tacho's own engine, one record at a time and without saving anything: what the loop and Faust judge by with state."""

from collections.abc import Iterator
from pathlib import Path

from tacho_alerter.engine.partition import Partition
from tacho_alerter.outgoing import Outgoing
from tacho_alerter.results import ResultWriter
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import HEADER_BYTES, Codec, header


class Engine:
    """The cars of all partitions; `rules` is a rules file."""

    def __init__(self, rules: Path) -> None:
        self._history = RulesHistory([(0, load_rules(rules, load_catalogue()))])
        self._partitions: dict[int, Partition] = {}
        self._samples, self._heartbeats = Codec("EnrichedSample"), Codec("Heartbeat")
        self._heartbeat = header("Heartbeat")
        self._writer = ResultWriter()

    def outgoing(self, number: int, value: bytes) -> Iterator[Outgoing]:
        """What to send for the next record of partition `number`. Raises Rejected for a bad one (there is none)."""
        partition = self._partitions.get(number)
        if partition is None:
            partition = self._partitions[number] = Partition(self._history, self._samples.decode)
        if value[:HEADER_BYTES] == self._heartbeat:
            events = partition.heartbeat(self._heartbeats.decode(value)["at"])
        else:
            events = partition.take(self._samples.decode(value), value)
        for event in events:
            yield from self._writer.outgoing(event)
