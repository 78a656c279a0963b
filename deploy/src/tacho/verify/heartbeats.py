"""Heartbeats: which ones of the log are good, and whether each of them went on as it was, in its place.

They have no id, and two gateways may send equal ones, so they are told by their bytes, and equal ones are counted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tacho.verify.dead_letters import DeadLetters
from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.log import ENRICHED, LogRecord
from tacho.verify.samples import FUTURE_MS, GOOD, MAX_BYTES
from tacho.verify.wire import Undecodable, Wire


def judge_heartbeat(record: LogRecord, wire: Wire) -> tuple[int, frozenset[str]]:
    """The time a heartbeat of sensors-sample tells, in ms, and why it must be rejected (GOOD: not at all)."""
    if len(record.value or b"") > MAX_BYTES:
        return 0, frozenset({"oversized"})
    try:
        at = int(wire.decode(record.value or b"")["at"])
    except Undecodable as error:
        return 0, frozenset({error.reason})
    if at > record.timestamp + FUTURE_MS:
        return at, frozenset({"future-time"})
    return at, GOOD if record.key is None else frozenset({"foreign-key"})


@dataclass
class _Sent:
    """Equal heartbeats of one partition of the log."""

    ordinal: int
    """Of the first of them."""
    behind: bytes | None
    """event_id of the good sample in front of it."""
    count: int = 0
    seen: int = 0


class Heartbeats:
    """The good heartbeats of one partition."""

    def __init__(
        self, wire: Wire, event_id_of: Callable[[bytes], bytes | None], findings: Findings, letters: DeadLetters
    ) -> None:
        """wire: of Heartbeat; event_id_of: reads it from an enriched sample's bytes, None where it cannot."""
        self._wire = wire
        self._event_id_of = event_id_of
        self._findings = findings
        self._letters = letters
        self._sent: dict[bytes, _Sent] = {}
        self._last_sample: bytes | None = None

    def follow(self, event_id: bytes) -> None:
        """A good sample of the log; call in its order."""
        self._last_sample = event_id

    def expect(self, value: bytes) -> None:
        """A good heartbeat of the log; call in its order."""
        sent = self._sent.setdefault(value, _Sent(len(self._sent), self._last_sample))
        sent.count += 1

    def apart(self, records: Iterable[LogRecord]) -> Iterator[LogRecord]:
        """Compare the heartbeats among the records of this partition of samples-enriched; give the others."""
        awaited = {sent.behind for sent in self._sent.values()}
        samples: set[bytes | None] = {None}
        early: list[tuple[LogRecord, _Sent]] = []
        newest = 0
        for record in records:
            value = record.value or b""
            if not self._wire.wrote(value):
                event_id = self._event_id_of(value)
                if event_id in awaited:
                    samples.add(event_id)
                yield record
            elif sent := self._known(record, value):
                if sent.seen == 1 and sent.ordinal < newest:
                    self._offend(Kind.OUT_OF_ORDER, record.value, "comes after a later one", record)
                if sent.seen == 1 and sent.behind not in samples:
                    early.append((record, sent))
                newest = max(newest, sent.ordinal)
        for record, sent in early:
            # A sample that never came is lost, and is told as such.
            if sent.behind in samples:
                self._offend(Kind.OUT_OF_ORDER, record.value, "comes before the sample it was behind", record)
        self._finish()

    def _known(self, record: LogRecord, value: bytes) -> _Sent | None:
        """What was sent with these bytes, this one counted; None when the log does not lead to it."""
        sent = self._sent.get(value)
        if sent is None:
            self._stranger(record, value)
            return None
        if record.key is not None:
            self._offend(Kind.MISPLACED, value, "has a key", record)
        sent.seen += 1
        if sent.seen > sent.count:
            self._offend(Kind.REPEATED, value, "is on the topic again", record)
        return sent

    def _stranger(self, record: LogRecord, value: bytes) -> None:
        try:
            self._wire.decode(value)
        except Undecodable as error:
            if not self._letters.settle(ENRICHED, record, frozenset({error.reason})):
                self._offend(Kind.LOST, value, f"no Heartbeat ({error.reason}), and no dead letter", record)
            return
        self._offend(Kind.UNEXPECTED, value, "nothing in this partition of the log leads to it", record)

    def _finish(self) -> None:
        for value, sent in self._sent.items():
            for _ in range(sent.count - sent.seen):
                self._offend(Kind.LOST, value, "is not on its partition of the topic")

    def _offend(self, kind: Kind, value: bytes | None, what: str, record: LogRecord | None = None) -> None:
        place = record and f"{record.partition}/{record.offset}"
        described = self._wire.describe(value)
        self._findings.add(kind, lambda: Offender(ENRICHED, "heartbeat", what, place, expected=described))
