"""Dead letters against the records they speak of: each bad record has one, and each one tells the truth."""

from collections import Counter
from collections.abc import Collection, Iterable

from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.log import DEAD_LETTERS, Homes, LogRecord
from tacho.verify.wire import Fields, Undecodable, Wire

Source = tuple[str, int, int]
"""Topic, partition, offset."""


class DeadLetters:
    """All dead letters by source position; what is not settled in the end should not be there."""

    def __init__(self, wire: Wire, homes: Homes, reasons: Collection[str], findings: Findings) -> None:
        self._wire = wire
        self._homes = homes
        self._reasons = reasons
        self._findings = findings
        self._letters: dict[Source, Fields] = {}
        self._settled: set[Source] = set()
        self.by_reason: Counter[str] = Counter()

    def take(self, records: Iterable[LogRecord]) -> None:
        """Read the topic dead-letters, before any `settle`."""
        for record in records:
            try:
                letter = self._wire.decode(record.value or b"")
            except Undecodable as error:
                self._wrong(record, Kind.UNEXPECTED, f"is no DeadLetter: {error.reason}")
                continue
            source = letter["source_topic"], letter["source_partition"], letter["source_offset"]
            key = "/".join(map(str, source)).encode()
            if record.key != key or self._homes.of(key) != record.partition:
                self._wrong(record, Kind.MISPLACED, "its key or partition is not that of its source position")
            if letter["reason"] not in self._reasons:
                self._wrong(record, Kind.DIFFERING, f"{letter['reason']!r} is no reason of the catalogue")
            first = self._letters.setdefault(source, letter)
            if first is letter:
                self.by_reason[letter["reason"]] += 1
                continue
            self._wrong(record, Kind.REPEATED, "speaks of a record that already has a dead letter")
            if _content(first) != _content(letter):
                self._wrong(record, Kind.DIFFERING, "differs from the first dead letter of the same record")

    def settle(self, topic: str, record: LogRecord, reasons: frozenset[str]) -> bool:
        """Match one bad record with its dead letter; reasons: those a service may give. False when there is none."""
        source = topic, record.partition, record.offset
        letter = self._letters.get(source)
        if letter is None:
            return False
        self._settled.add(source)
        kept = letter["key"], letter["value"], letter["source_timestamp"]
        if kept != (record.key, record.value, record.timestamp):
            self._differs(source, "does not hold the key, value and timestamp of its record", letter, record)
        elif letter["reason"] not in reasons:
            self._differs(source, f"its reason should be {' or '.join(sorted(reasons))}", letter, record)
        return True

    def finish(self) -> None:
        """After every bad record was settled: report the letters nobody asked for."""
        for source, letter in self._letters.items():
            if source not in self._settled:
                what = "the record it speaks of is good, or is not there"
                self._findings.add(Kind.UNEXPECTED, lambda s=source, w=what, f=letter: _offender(s, w, None, f))  # type: ignore[misc]

    def _differs(self, source: Source, what: str, letter: Fields, record: LogRecord) -> None:
        expected = {"key": record.key, "value": record.value, "source_timestamp": record.timestamp}
        self._findings.add(Kind.DIFFERING, lambda: _offender(source, what, expected, letter))

    def _wrong(self, record: LogRecord, kind: Kind, what: str) -> None:
        self._findings.add(
            kind,
            lambda: Offender(
                topic=DEAD_LETTERS,
                id=(record.key or b"").decode("utf-8", "replace"),
                what=what,
                place=f"{record.partition}/{record.offset}",
                found=_readable(self._wire.describe(record.value)),
            ),
        )


def _content(letter: Fields) -> Fields:
    """What must be the same in a repeated letter; the words in `detail` are for people."""
    return {name: value for name, value in letter.items() if name != "detail"}


def _offender(source: Source, what: str, expected: Fields | None, found: Fields) -> Offender:
    return Offender(
        DEAD_LETTERS, "/".join(map(str, source)), what, expected=_readable(expected), found=_readable(found)
    )


def _readable(fields: Fields | str | None) -> Fields | str | None:
    if not isinstance(fields, dict):
        return fields
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()}
