"""Reading the active hours of a rule."""

import re

from tacho_alerter.rules.active import DAY_MINUTES, DAYS, Active, zone_of
from tacho_alerter.rules.document import Written
from tacho_alerter.rules.entry import Entry
from tacho_alerter.rules.mistakes import Source

_HOURS = re.compile(r"([0-2][0-9]):([0-5][0-9]) ?- ?([0-2][0-9]):([0-5][0-9])")
_EVERY_DAY = frozenset(range(len(DAYS)))


def read_active(written: Written, source: Source) -> Active:
    """When a rule applies. Raises RulesError."""
    entry = Entry(written, source, ("days", "hours", "zone"), "active")
    if not entry.given("days", "hours"):
        source.refuse(written.line, "active: says not when; add days, hours or both")
    start, end = _hours(entry) if "hours" in entry else (0, DAY_MINUTES)
    days = _days(entry) if "days" in entry else _EVERY_DAY
    zone = zone_of(entry.text("zone") if "zone" in entry else "UTC")
    if zone is None:
        entry.refuse("zone", f"{entry['zone'].plain!r:.60} is no time zone; write its name as in Europe/Berlin")
    return Active(days, start, end, zone)


def _hours(entry: Entry) -> tuple[int, int]:
    found = _HOURS.fullmatch(entry.text("hours"))
    if found is None:
        entry.refuse("hours", f"{entry['hours'].plain!r:.60} is no span of hours; write it as in 06:00-20:00")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start >= DAY_MINUTES or end > DAY_MINUTES:
        entry.refuse("hours", f"{found[0]} is beyond the day; it goes from 00:00 to 24:00")
    if start == end:
        entry.refuse("hours", f"{found[0]} has no length; leave hours out for the whole day")
    return start, end


def _days(entry: Entry) -> frozenset[int]:
    value = entry["days"].value
    parts = value if isinstance(value, list) else [entry["days"]]
    if not parts:
        entry.refuse("days", "is empty; leave it out for every day")
    return frozenset(day for part in parts for day in _span(entry, part.plain))


def _span(entry: Entry, written: object) -> list[int]:
    first, dash, last = str(written).partition("-")
    names = [first, last] if dash else [first]
    for name in names:
        if name not in DAYS:
            entry.refuse("days", f"{name!r:.60} is no day; write a range or a list of {', '.join(DAYS)}, as in mon-fri")
    start = DAYS.index(first)
    length = (DAYS.index(names[-1]) - start) % len(DAYS)
    return [(start + step) % len(DAYS) for step in range(length + 1)]
