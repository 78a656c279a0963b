"""When a rule applies: days of the week and hours of the day in a zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Active:
    """Hours from `start` to before `end`, in minutes of the day, on these days (0 is Monday).

    Hours that pass midnight belong to the day on which they begin.
    """

    days: frozenset[int]
    start: int
    end: int
    zone: ZoneInfo

    def holds(self, time: int) -> bool:
        """Whether this time, ms since the epoch, is within."""
        there = datetime.fromtimestamp(time // 1000, self.zone)
        minute, day = there.hour * 60 + there.minute, there.weekday()
        if self.start < self.end:
            return self.start <= minute < self.end and day in self.days
        if minute >= self.start:
            return day in self.days
        return minute < self.end and (day - 1) % 7 in self.days


def read_active(written: Mapping[str, Any]) -> Active:
    """The entry `active` of a rule. Raises ValueError when it cannot be read."""
    start, _, end = str(written.get("hours", "00:00-24:00")).partition("-")
    days = written.get("days", list(_DAYS))
    names = days if isinstance(days, list) else [days]
    return Active(
        days=frozenset(day for name in names for day in _days(name)),
        start=_minute(start),
        end=_minute(end),
        zone=ZoneInfo(written.get("zone", "UTC")),
    )


def _days(name: str) -> list[int]:
    first, _, last = name.partition("-")
    start = _DAYS.index(first.strip())
    count = (_DAYS.index(last.strip()) - start) % 7 if last else 0
    return [(start + step) % 7 for step in range(count + 1)]


def _minute(clock: str) -> int:
    hour, minute = clock.strip().split(":")
    total = int(hour) * 60 + int(minute)
    if not 0 <= total <= _DAY_MINUTES:
        raise ValueError(f"{clock!r} is no time of day")
    return total
