"""The producer's own account: what it was about to send, and what the broker said it has."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tacho.verify.errors import CannotVerify


class Entry(NamedTuple):
    """One journalled sample: its values, and where the broker put it (partition and offset -1 until acked)."""

    car_id: int
    sequence: int
    record_ms: int
    event_ms: int
    speed: float
    rpm: int
    gear: int
    partition: int
    offset: int

    @property
    def acked(self) -> bool:
        """Whether the broker confirmed it."""
        return self.offset >= 0


class Journal:
    """All entries in columns (some 60 bytes each), found by car and sequence.

    complete: whether its first segment is still there; if not, confirmations of older samples prove nothing.
    """

    def __init__(self, complete: bool = True) -> None:
        self._complete = complete
        self._columns = tuple(array(code) for code in "iqqqdiiiq")
        self._of_car: dict[int, tuple[array[int], array[int]]] = {}
        self._in_order = True
        self.acked = 0
        self.failed = 0
        self.repeats: Counter[tuple[int, int]] = Counter()
        """By car and sequence, how often a sample was sent again on purpose."""
        self.extras: dict[tuple[int, int], str] = {}
        """What a fault sent beside the samples and the broker confirmed: partition and offset, and the fault."""

    def __len__(self) -> int:
        return len(self._columns[0])

    def __getitem__(self, row: int) -> Entry:
        return Entry(*[column[row] for column in self._columns])

    def find(self, car_id: int, sequence: int) -> int | None:
        """The row of a sample, None when the journal does not know it."""
        sequences, rows = self._of_car.get(car_id, _NOTHING)
        place = bisect_left(sequences, sequence)
        return rows[place] if place < len(sequences) and sequences[place] == sequence else None

    def read(self, name: str, lines: Iterable[str]) -> None:
        """Take in one segment, in order. name: for the message. An unfinished last line does not count.

        Raises CannotVerify at the first line that is not a journal's.
        """
        self._in_order = True
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                return
            try:
                self._take(line[:-1].split(","))
            except (ValueError, IndexError) as error:
                raise CannotVerify(
                    f"{name}, line {number} is not a journal line ({error}): {line.strip()!r}"
                ) from error

    def _take(self, parts: list[str]) -> None:
        kind = parts[0]
        if kind == "sent":
            _, _, record_ms, car, sequence, event_ms, speed, rpm, gear = parts
            self._sent(int(car), int(sequence), int(record_ms), int(event_ms), float(speed), int(rpm), int(gear))
        elif kind == "acked":
            _, car, sequence, partition, offset = parts
            row = self.find(int(car), int(sequence))
            if row is None:
                if self._complete:
                    raise ValueError("acked but never sent")
                return
            self.acked += self._columns[8][row] < 0
            self._columns[7][row] = int(partition)
            self._columns[8][row] = int(offset)
        elif kind == "failed":
            self.failed += 1
        elif kind == "faults":
            # Where faults may be injected, a car's samples are sent in another order than that of their sequence.
            self._in_order = False
        elif kind == "extra":
            _, _, _, car, sequence, fault = parts
            if fault == "duplicate":
                self.repeats[int(car), int(sequence)] += 1
        elif kind == "extra-acked":
            _, fault, partition, offset = parts
            self.extras[int(partition), int(offset)] = fault
        else:
            raise ValueError(f"unknown kind {kind!r}")

    def _sent(self, car: int, sequence: int, *values: float) -> None:
        sequences, rows = self._of_car.setdefault(car, (array("q"), array("q")))
        place = len(sequences)
        if sequences and sequence <= sequences[-1]:
            place = bisect_left(sequences, sequence)
            if self._in_order or sequences[place] == sequence:
                raise ValueError(f"car {car} went back from sequence {sequences[-1]}")
        sequences.insert(place, sequence)
        rows.insert(place, len(self))
        for column, value in zip(self._columns, (car, sequence, *values, -1, -1), strict=True):
            column.append(value)  # type: ignore[arg-type]


_NOTHING: "tuple[array[int], array[int]]" = (array("q"), array("q"))
