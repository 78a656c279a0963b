"""The hours of a rule, by the clocks of its zone."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rules_texts import GOOD, only

from tacho_alerter.rules.active import zone_of


def holds(active, *moment):
    found = only(f"{GOOD}, active: {{{active}}}").active
    return found.holds(int(datetime(2026, *moment, tzinfo=UTC).timestamp() * 1000))


@pytest.mark.parametrize(
    ("active", "moment", "expected"),
    [
        # 25 November 2026 is a Wednesday.
        ("days: mon-fri", (11, 25, 12), True),
        ("days: mon-fri", (11, 28, 12), False),
        ("days: fri-mon", (11, 28, 12), True),
        ("days: fri-mon", (11, 25, 12), False),
        ("days: wed", (11, 25, 23, 59), True),
        ("days: wed", (11, 26, 0, 0), False),
        ("days: [mon-tue, wed]", (11, 25, 12), True),
        ("hours: 06:00-20:00", (11, 25, 5, 59), False),
        ("hours: 06:00-20:00", (11, 25, 6, 0), True),
        ("hours: 06:00-20:00", (11, 25, 19, 59), True),
        ("hours: 06:00-20:00", (11, 25, 20, 0), False),
        ("hours: 20:00-24:00", (11, 25, 23, 59), True),
        ("hours: 22:00-06:00", (11, 25, 23, 0), True),
        ("hours: 22:00-06:00", (11, 25, 3, 0), True),
        ("hours: 22:00-06:00", (11, 25, 6, 0), False),
        ("days: wed, hours: 22:00-06:00", (11, 26, 3, 0), True),
        ("days: wed, hours: 22:00-06:00", (11, 25, 3, 0), False),
        ("days: sun, hours: 22:00-06:00", (11, 30, 3, 0), True),
        ("hours: 06:00-20:00, zone: Europe/Berlin", (11, 25, 5, 0), True),
        ("hours: 06:00-20:00, zone: Europe/Berlin", (7, 1, 4, 0), True),
        ("hours: 06:00-20:00, zone: Europe/Berlin", (11, 25, 4, 0), False),
        ("hours: 06:00-20:00, zone: UTC", (11, 25, 6, 0), True),
        # The hour that the clocks go through twice, and the one they leave out.
        ("hours: 02:00-03:00, zone: Europe/Berlin", (10, 25, 0, 30), True),
        ("hours: 02:00-03:00, zone: Europe/Berlin", (10, 25, 1, 30), True),
        ("hours: 02:00-03:00, zone: Europe/Berlin", (3, 29, 1, 0), False),
    ],
)
def test_a_rule_applies_on_its_days_from_its_first_minute_to_before_its_last(active, moment, expected):
    assert holds(active, *moment) is expected


@pytest.mark.parametrize("event_time", [-(2**63), -1, 0, 2**63 - 1])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_time_that_no_calendar_has_is_judged_without_an_error(event_time, zone):
    assert only(f"{GOOD}, active: {{days: mon-sun, zone: {zone}}}").active.holds(event_time)


@pytest.mark.parametrize(
    "name", ["", "/", "Europe/", "Europe", "a/../b", "leapseconds", "zone.tab", "__init__.py", "é", "x" * 5000]
)
def test_what_is_no_zone_of_the_database_is_none(name):
    assert zone_of(name) is None
