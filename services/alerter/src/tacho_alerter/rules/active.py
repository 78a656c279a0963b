"""When a rule applies: days of the week and hours of the day in a zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from importlib.resources import files
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_LATEST_SECONDS = 253_370_000_000
"""In the year 9998: with it every zone still has a date."""
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Active:
    """From `start` to before `end`, in minutes of the local day, on these days (0 is Monday).

    Hours that pass midnight (`end` is not after `start`) belong to the day on which they begin.
    """

    days: frozenset[int] = frozenset(range(7))
    start: int = 0
    end: int = DAY_MINUTES
    zone: tzinfo = UTC

    def holds(self, event_time: int) -> bool:
        """Whether this event time, ms, is within. Times outside the years 1970 to 9998 count as the nearest within."""
        there = datetime.fromtimestamp(min(max(event_time // 1000, 0), _LATEST_SECONDS), self.zone)
        minute, day = there.hour * 60 + there.minute, there.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        if minute >= self.start:
            return day in self.days
        return minute < self.end and (day - 1) % 7 in self.days


def zone_of(name: str) -> tzinfo | None:
    """The time zone of this name; None when there is none.

    From the pinned tzdata package alone: with the machine's own data two workers could disagree on an hour.
    """
    if name == "UTC":
        return UTC
    if len(name) > _LONGEST_NAME:
        return None
    place = files("tzdata")
    for part in ("zoneinfo", *name.split("/")):
        if not part.replace("_", "").replace("-", "").replace("+", "").isalnum():
            return None
        place = place.joinpath(part)
    if not place.is_file():
        return None
    with place.open("rb") as data:
        try:
            return ZoneInfo.from_file(data, key=name)
        except ValueError:
            return None
