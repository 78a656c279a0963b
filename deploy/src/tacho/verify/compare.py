"""Record by record: what a topic holds against what it must hold.

The expected records are kept as bytes, so that a right record costs one look-up and one comparison and no decoding.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tacho.verify.dead_letters import DeadLetters
from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.log import Homes, LogRecord
from tacho.verify.samples import MAX_BYTES
from tacho.verify.wire import Undecodable, Wire


class Expected:
    """The records of one partition or topic by id, in the log's order."""

    def __init__(self) -> None:
        self.ordinals: dict[bytes, int] = {}
        self.payloads: list[bytes] = []
        self.groups: dict[int, bytes] = {}
        """Among which others a record keeps its order, where these are not all of its car."""
        self.again: Counter[bytes] = Counter()
        """How often a record may come again, because the log itself holds what leads to it again."""

    def add(self, identity: bytes, payload: bytes, group: bytes | None = None) -> bool:
        """The next record in log order; False, and nothing added, when its id is already there.

        group: it keeps its order among those of this name, and among no others.
        """
        if self.ordinals.setdefault(identity, len(self.payloads)) != len(self.payloads):
            return False
        if group is not None:
            self.groups[len(self.payloads)] = group
        self.payloads.append(payload)
        return True


class Comparison:
    """Compares one derived topic, a partition at a time or all at once."""

    def __init__(
        self,
        topic: str,
        wire: Wire,
        homes: Homes,
        findings: Findings,
        letters: DeadLetters,
        label: Callable[[bytes], str],
    ) -> None:
        self._topic = topic
        self._wire = wire
        self._homes = homes
        self._findings = findings
        self._letters = letters
        self._label = label
        self._missing: dict[bytes, bytes] = {}
        self._strangers: list[tuple[bytes, LogRecord, bytes]] = []
        self.present: Counter[str] = Counter()
        """Distinct expected ids found, by label."""

    def compare(self, expected: Expected, records: Iterable[LogRecord]) -> None:
        """Compare these records with all that is expected among them."""
        ordinals, payloads, identify = expected.ordinals, expected.payloads, self._wire.identity
        seen, again_left = bytearray(len(payloads)), expected.again.copy()
        last: dict[bytes, int] = {}
        for record in records:
            identity = identify(record.value) if record.value else None
            ordinal = None if identity is None else ordinals.get(identity)
            if identity is None or ordinal is None or payloads[ordinal] != record.value:
                read = self._look_closer(record)
                if read is None:
                    continue
                identity, payload = read
                ordinal = ordinals.get(identity)
                if ordinal is None:
                    self._strangers.append((identity, record, payload))
                    continue
                if payload != payloads[ordinal]:
                    self._differs(identity, record, payloads[ordinal])
            car = identity.partition(b"-")[0]
            if record.key != car or self._homes.of(car) != record.partition:
                self._offend(Kind.MISPLACED, identity, "its key or partition is not its car's", record)
            if seen[ordinal]:
                if again_left[identity]:
                    again_left[identity] -= 1
                else:
                    self._offend(Kind.REPEATED, identity, "is on the topic again", record)
                continue
            seen[ordinal] = 1
            group = expected.groups.get(ordinal, car)
            if ordinal < last.get(group, -1):
                self._offend(Kind.OUT_OF_ORDER, identity, "comes after a later one of its car", record)
            else:
                last[group] = ordinal
        self._close(expected, seen)

    def _close(self, expected: Expected, seen: bytearray) -> None:
        for identity, ordinal in expected.ordinals.items():
            if seen[ordinal]:
                self.present[self._label(identity)] += 1
            else:
                self._missing[identity] = expected.payloads[ordinal]

    def finish(self) -> None:
        """After every partition: what was missing on one may have been found on another."""
        found: set[bytes] = set()
        for identity, record, payload in self._strangers:
            wanted = self._missing.get(identity)
            if wanted is None:
                self._offend(Kind.UNEXPECTED, identity, "nothing in the log leads to it", record)
                continue
            self._offend(Kind.MISPLACED, identity, "its partition is not its car's partition in the log", record)
            if payload != wanted:
                self._differs(identity, record, wanted)
            if identity in found:
                self._offend(Kind.REPEATED, identity, "is on the topic again", record)
            found.add(identity)
        for identity, wanted in self._missing.items():
            if identity in found:
                self.present[self._label(identity)] += 1
            else:
                self._offend(Kind.LOST, identity, "is not on the topic", expected=wanted)

    def _look_closer(self, record: LogRecord) -> tuple[bytes, bytes] | None:
        """Id and version 1 bytes of a record that did not match at first sight; None when it is no such record."""
        value = record.value
        try:
            if value is None:
                raise Undecodable("tombstone")
            if not value:
                raise Undecodable("empty")
            if len(value) > MAX_BYTES:
                raise Undecodable("oversized")
            payload = self._wire.encode(self._wire.decode(value))
        except Undecodable as error:
            if not self._letters.settle(self._topic, record, frozenset({error.reason})):
                self._offend(Kind.LOST, b"?", f"no {self._wire.record} ({error.reason}), and no dead letter", record)
            return None
        # Every record that decodes has an id; one that somebody made up may be named by its first bytes.
        return self._wire.identity(payload) or payload[12:76], payload

    def _differs(self, identity: bytes, record: LogRecord, wanted: bytes) -> None:
        self._offend(Kind.DIFFERING, identity, "differs from the recomputed one", record, wanted)

    def _offend(
        self, kind: Kind, identity: bytes, what: str, record: LogRecord | None = None, expected: bytes | None = None
    ) -> None:
        def offender() -> Offender:
            place: str | None = None
            found: Any = None
            if record is not None:
                place, found = f"{record.partition}/{record.offset}", self._wire.describe(record.value)
            name = identity.decode("utf-8", "replace")
            return Offender(self._topic, name, what, place, self._wire.describe(expected), found)

        self._findings.add(kind, offender)
