"""What was sent and what was confirmed, on disk before and after: a restart neither repeats nor loses a sequence.

Append-only text in segments `journal-00000001.csv`, ...; each start opens a new one. Lines:
`sent,<sent_us>,<record_ms>,<car_id>,<sequence>,<event_ms>,<speed>,<rpm>,<gear>`,
`acked,<car_id>,<sequence>,<partition>,<offset>`, `failed,<car_id>,<sequence>,<reason>`.
Where faults may be injected a segment begins with `faults,allowed`: a car's samples may be in another order than that
of their sequence. What is sent beside them is no `sent` line (docs/adr/0021): `extra,<sent_us>,<record_ms>,<car_id>,
<sequence>,<fault>` ahead, `extra-acked,<fault>,<partition>,<offset>` after.
One write() per batch and no fsync: it outlives kill -9 of the process, not the loss of the machine's power.
`sequences.csv` sums up the segments up to one of them, so that a start reads little and old segments can go.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from tacho_producer.errors import LogError, SettingsError
from tacho_producer.samples import Batch

_SUMMARY = "sequences.csv"
_SHOWN_BYTES = 80
_REMEDY = "put back a copy, or move the journal's folder away to go on from the end of the log"
_OTHER_LINES = (b"acked,", b"failed,", b"faults,", b"extra,", b"extra-acked,")
Ack = tuple[int, int, int, int]
"""car_id, sequence, partition, offset."""


class Journal:
    """Opens `folder` (made if absent), reads how far each car got, and appends from there in a new segment."""

    def __init__(self, folder: Path, segment_bytes: int, retention_bytes: int, faults: bool = False) -> None:
        """faults: whether samples may be sent out of order, and records beside them."""
        self.folder = folder
        self._faults = faults
        self._segment_bytes = segment_bytes
        self._retention_bytes = retention_bytes
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.last: dict[int, tuple[int, int]] = read_last(folder)
            """By car: the highest sequence sent and its event time [ms]."""
            self._number = max((_number(path) for path in segments(folder)), default=0)
            self._file = self._begin_segment()
        except OSError as error:
            raise SettingsError(f"the journal {folder} cannot be used: {error}") from error

    def sent(self, sent_us: int, record_ms: Sequence[int], batch: Batch) -> None:
        """Write ahead: to be called before the samples are given to Kafka. `sent_us`: wall clock in microseconds."""
        if self._written >= self._segment_bytes:
            with self._writable():
                os.close(self._file)
                self._file = self._begin_segment()
        car_id, sequence, event_ms, speed, rpm, gear = batch.columns()
        rows = zip(record_ms, car_id, sequence, event_ms, map(_shown, speed), rpm, gear, strict=True)
        self._append(map(f"sent,{sent_us},%d,%d,%d,%d,%s,%d,%d\n".__mod__, rows))
        if self._faults:
            _keep_highest(self.last, zip(car_id, sequence, map(min, event_ms, record_ms), strict=True))
        else:
            self.last.update(zip(car_id, zip(sequence, event_ms, strict=True), strict=True))

    def acked(self, acks: Iterable[Ack]) -> None:
        """Note confirmed deliveries."""
        self._append(map("acked,%d,%d,%d,%d\n".__mod__, acks))

    def failed(self, car_id: int, sequence: int, reason: str) -> None:
        """Note a sample that Kafka refused for good."""
        text = reason.replace(",", ";").replace("\n", " ")
        self._append([f"failed,{car_id},{sequence},{text}\n"])

    def extra(self, sent_us: int, fault: str, rows: Iterable[tuple[int, int, int]]) -> None:
        """Write ahead what a fault sends beside samples. rows: record timestamp [ms], car_id, sequence (0: none)."""
        self._append(map(f"extra,{sent_us},%d,%d,%d,{fault}\n".__mod__, rows))

    def extra_acked(self, fault: str, partition: int, offset: int) -> None:
        """Note its confirmed delivery."""
        self._append([f"extra-acked,{fault},{partition},{offset}\n"])

    def close(self) -> None:
        """Close the open segment. Every line is already with the operating system."""
        os.close(self._file)

    def _append(self, lines: Iterable[str]) -> None:
        data = memoryview("".join(lines).encode())
        with self._writable():
            while data:
                written = os.write(self._file, data)
                self._written += written
                data = data[written:]

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LogError(
                f"the journal {self.folder} cannot be written ({error.strerror}), and nothing is sent without it: "
                f"make room"
            ) from error

    def _begin_segment(self) -> int:
        if self._number:
            self._sum_up()
        self._written = 0
        while True:
            self._number += 1
            path = self.folder / f"journal-{self._number:08d}.csv"
            try:
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
                if self._faults:
                    self._written = os.write(file, b"faults,allowed\n")
                return file
            except FileExistsError:
                # A replay beside this process has taken the number for its own segment.
                continue

    def _sum_up(self) -> None:
        """Note every car's last sequence, then delete the oldest segments beyond the retention."""
        part = self.folder / f"{_SUMMARY}.part"
        with part.open("w", encoding="utf-8") as out:
            out.write(f"through,{self._number},end\n")
            out.writelines(f"{car_id},{sequence},{event_ms}\n" for car_id, (sequence, event_ms) in self.last.items())
        part.replace(self.folder / _SUMMARY)
        kept = 0
        for path in reversed(segments(self.folder)):
            kept += path.stat().st_size
            if kept > self._retention_bytes:
                path.unlink()


@lru_cache(maxsize=4096)
def _shown(speed: float) -> str:
    """The shortest text that reads back as this speed; there are few speeds, for sensors give tenths of a km/h."""
    return repr(speed)


def segments(folder: Path) -> list[Path]:
    """The journal's segments, oldest first. Raises SettingsError for a file that is named like one and is none."""
    return sorted(folder.glob("journal-*.csv"), key=_number)


def read_last(folder: Path) -> dict[int, tuple[int, int]]:
    """By car, the highest sequence sent and its event time [ms]; a line cut short at a segment's end is ignored.

    Raises SettingsError for any other line that is not of the journal.
    """
    through, last = _read_summary(folder / _SUMMARY)
    for path in segments(folder):
        if _number(path) <= through:
            continue
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.startswith(b"sent,") and line.endswith(b"\n"):
                    try:
                        _, _, record_ms, car_id, sequence, event_ms, _ = line.split(b",", 6)
                        told = (int(car_id), int(sequence), min(int(event_ms), int(record_ms)))
                        _keep_highest(last, [told])
                    except ValueError as error:
                        raise _damaged(path, number, line) from error
                elif line.endswith(b"\n") and not line.startswith(_OTHER_LINES):
                    raise _damaged(path, number, line)
    return last


def _keep_highest(last: dict[int, tuple[int, int]], samples: Iterable[tuple[int, int, int]]) -> None:
    """Bring `last` up to date with samples in any order: car_id, sequence, event time [ms].

    A clock that was ahead on purpose tells no time that was reached: callers give the record timestamp, where earlier.
    """
    for car_id, sequence, event_ms in samples:
        last[car_id] = max(last.get(car_id, (0, 0)), (sequence, event_ms))


def _read_summary(path: Path) -> tuple[int, dict[int, tuple[int, int]]]:
    if not path.exists():
        return 0, {}
    through, last = 0, {}
    # Even an empty file has a first line to complain of.
    for number, line in enumerate(path.read_bytes().splitlines() or [b""], 1):
        try:
            first, second, third = line.split(b",")
            if number == 1:
                through = int(second)
            else:
                last[int(first)] = (int(second), int(third))
        except ValueError as error:
            raise _damaged(path, number, line) from error
    return through, last


def _damaged(path: Path, number: int, line: bytes) -> SettingsError:
    shown = line[:_SHOWN_BYTES].decode("ascii", "backslashreplace").rstrip("\n")
    return SettingsError(f"{path} line {number} is damaged: {shown!r}; {_REMEDY}")


def _number(path: Path) -> int:
    digits = path.stem.partition("-")[2]
    if not (digits.isascii() and digits.isdigit()):
        raise SettingsError(f"{path} is no segment of the journal (journal-<number>.csv); move it out of the folder")
    return int(digits)
