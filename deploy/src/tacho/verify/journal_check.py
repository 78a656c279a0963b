"""The journal against the log: what the broker confirmed is there, where it said, with the journalled values."""

from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.journal import Entry, Journal
from tacho.verify.log import SENSORS, LogRecord
from tacho.verify.wire import Fields


class JournalCheck:
    """Proves that the log is complete; samples the journal does not know are other writers', unless it is `alone`."""

    def __init__(self, journal: Journal, findings: Findings, alone: bool = False) -> None:
        self._alone = alone
        self._journal = journal
        self._findings = findings
        self._found = bytearray(len(journal))
        self._newest: dict[int, int] = {}
        self._repeats = journal.repeats.copy()
        self._extras = journal.extras.copy()
        self.other_writers = self.repeats = self.poison = 0

    def is_poison(self, record: LogRecord) -> bool:
        """Whether a fault sent this record as a bad one; call for each record of the log."""
        poison = self._extras.pop((record.partition, record.offset), None) == "poison"
        self.poison += poison
        return poison

    def check(self, record: LogRecord, sample: Fields) -> bool:
        """Compare one sample of the log, good or not, with its entry; call in the log's order.

        Whether it is one that was sent again on purpose.
        """
        car_id, sequence = sample["car_id"], sample["sequence"]
        row = self._journal.find(car_id, sequence)
        if row is None:
            self.other_writers += 1
            if self._alone:
                self.offend(Kind.UNEXPECTED, record, sample, "is in no journal: sent before it was noted")
            return False
        entry = self._journal[row]
        if (record.timestamp, sample["event_time"], sample["speed"], sample["rpm"], sample["gear"]) != entry[2:7]:
            self.offend(Kind.DIFFERING, record, sample, "differs from what the producer journalled", entry)
        if self._found[row] and self._repeats[car_id, sequence]:
            self._repeats[car_id, sequence] -= 1
            self.repeats += 1
            return True
        self._found[row] = 1
        if entry.acked and (record.partition, record.offset) != entry[7:9]:
            self.offend(
                Kind.DIFFERING, record, sample, "is not at the partition and offset the broker confirmed", entry
            )
        # In the order in which they were sent: that of the sequence, unless a fault changed it.
        if row < self._newest.get(car_id, 0):
            self.offend(Kind.OUT_OF_ORDER, record, sample, "comes after a later one of its car")
        else:
            self._newest[car_id] = row
        return False

    def lost_bad_record(self, record: LogRecord, sample: Fields | None, reasons: frozenset[str]) -> None:
        """A record of the log that should be in dead-letters and is not."""
        self.offend(Kind.LOST, record, sample, f"is {' or '.join(sorted(reasons))} and has no dead letter")

    def finish(self) -> None:
        """After the whole log: report every confirmed record that was not met."""
        for (partition, offset), fault in self._extras.items():
            what = f"the broker confirmed this record of the fault {fault}, and it is not in the log"
            offender = Offender(SENSORS, fault, what, f"{partition}/{offset}")
            self._findings.add(Kind.LOST, lambda offender=offender: offender)  # type: ignore[misc]
        for row, found in enumerate(self._found):
            if not found and self._journal[row].acked:
                self._findings.add(Kind.LOST, lambda entry=self._journal[row]: _lost(entry))  # type: ignore[misc]

    def offend(
        self, kind: Kind, record: LogRecord, sample: Fields | None, what: str, entry: Entry | None = None
    ) -> None:
        """Report one record of the log."""
        name = str(sample["event_id"]) if sample else (record.key or b"").decode("utf-8", "replace")
        place = f"{record.partition}/{record.offset}"

        def offender() -> Offender:
            found = sample and {
                **sample,
                "record_ms": record.timestamp,
                "partition": record.partition,
                "offset": record.offset,
            }
            return Offender(SENSORS, name, what, place, entry and _fields(entry), found or self._raw(record))

        self._findings.add(kind, offender)

    def _raw(self, record: LogRecord) -> str | None:
        return None if record.value is None else record.value.hex()


def _lost(entry: Entry) -> Offender:
    return Offender(
        topic=SENSORS,
        id=f"{entry.car_id}-{entry.sequence}",
        what="the broker confirmed it, and it is not in the log",
        expected=_fields(entry),
    )


def _fields(entry: Entry) -> Fields:
    fields = entry._asdict()
    return {
        "event_id": f"{entry.car_id}-{entry.sequence}",
        "event_time": fields.pop("event_ms"),
        **fields,
    }
