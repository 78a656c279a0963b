"""The last row of every window key against the batch recompute."""

from collections.abc import Iterable, Mapping

from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.log import Homes, LogRecord
from tacho.verify.windows import window_key
from tacho.verify.wire import Fields, Undecodable, Wire


def compare_windows(
    topic: str,
    wire: Wire,
    homes: Homes,
    expected: Mapping[str, Fields],
    records: Iterable[LogRecord],
    findings: Findings,
) -> int:
    """Report every key whose last row is missing, not expected, or not exactly the expected one; give the rows found.

    records: partition after partition, each by offset.
    """
    last: dict[bytes, LogRecord] = {}
    for record in records:
        key = record.key or b""
        if homes.of(key) != record.partition:
            findings.add(Kind.MISPLACED, lambda r=record: _offender(topic, wire, r, "is not on its key's partition"))  # type: ignore[misc]
        last[key] = record
    rows = {key: record for key, record in last.items() if record.value is not None}
    for key, record in rows.items():
        what = _fault(wire, record, expected.get(key.decode("utf-8", "replace")))
        if what:
            wanted = expected.get(key.decode("utf-8", "replace"))
            findings.add(Kind.WRONG_WINDOWS, lambda r=record, w=what, e=wanted: _offender(topic, wire, r, w, e))  # type: ignore[misc]
    for name, wanted in expected.items():
        if name.encode() not in rows:
            findings.add(
                Kind.WRONG_WINDOWS,
                lambda n=name, e=wanted: Offender(topic, n, "is not on the topic", expected=e),  # type: ignore[misc]
            )
    return len(rows)


def _fault(wire: Wire, record: LogRecord, wanted: Fields | None) -> str | None:
    try:
        row = wire.decode(record.value or b"")
    except Undecodable as error:
        return f"its last record is no {wire.record}: {error.reason}"
    if record.key != window_key(row).encode():
        return "its key is not that of its window"
    if wanted is None:
        return "no sample or alert falls in this window"
    return None if row == wanted else "its last row is not the recomputed one"


def _offender(topic: str, wire: Wire, record: LogRecord, what: str, expected: Fields | None = None) -> Offender:
    name = (record.key or b"").decode("utf-8", "replace")
    return Offender(topic, name, what, f"{record.partition}/{record.offset}", expected, wire.describe(record.value))
