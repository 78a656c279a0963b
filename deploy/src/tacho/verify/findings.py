"""Everything found wrong: how often, and the first of each kind in full."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OFFENDERS_KEPT = 5


class Kind(StrEnum):
    """In what way a topic differs from what it must hold."""

    LOST = "lost"
    REPEATED = "repeated"
    DIFFERING = "differing"
    UNEXPECTED = "unexpected"
    WRONG_WINDOWS = "wrong_windows"
    OUT_OF_ORDER = "out_of_order"
    MISPLACED = "misplaced"


@dataclass(frozen=True)
class Offender:
    """One record that is wrong, as a person needs it to look further."""

    topic: str
    id: str
    what: str
    place: str | None = None
    """`partition/offset` on the topic, when it is there at all."""
    expected: Any = None
    found: Any = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the fields that differ named apart."""
        plain: dict[str, Any] = {"topic": self.topic, "id": self.id, "what": self.what, "place": self.place}
        if isinstance(self.expected, dict) and isinstance(self.found, dict):
            names = self.expected.keys() | self.found.keys()
            plain["fields"] = sorted(n for n in names if self.expected.get(n) != self.found.get(n))
        return plain | {"expected": self.expected, "found": self.found}


class Findings:
    """Counts by kind; keeps the first few offenders of each."""

    def __init__(self, kept: int = OFFENDERS_KEPT) -> None:
        self.counts: Counter[Kind] = Counter()
        self.offenders: dict[Kind, list[Offender]] = {}
        self._kept = kept

    def add(self, kind: Kind, offender: Callable[[], Offender]) -> None:
        """Count one; `offender` is only called while offenders of this kind are still kept."""
        self.counts[kind] += 1
        kept = self.offenders.setdefault(kind, [])
        if len(kept) < self._kept:
            kept.append(offender())
