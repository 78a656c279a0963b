"""From when a published version holds: never so soon that a worker could have judged without it."""

import pytest

from tacho_alerter.publishing import (
    AHEAD_SECONDS,
    FROM_THE_BEGINNING,
    PublishingRefused,
    effective_time,
    iso,
    parse_time,
)
from tacho_alerter.rules_topic import FRESH_SECONDS

NOW = 1_760_000_000_123
BEFORE = [(FROM_THE_BEGINNING, None)]


def test_the_first_version_holds_from_the_beginning():
    assert effective_time(None, [], NOW) == FROM_THE_BEGINNING


def test_the_first_version_may_hold_from_any_time():
    assert effective_time(NOW - 5_000, [], NOW) == NOW - 5_000


def test_a_later_version_holds_from_a_whole_second_far_enough_ahead():
    at = effective_time(None, BEFORE, NOW)
    assert at % 1000 == 0
    assert AHEAD_SECONDS * 1000 <= at - NOW < 2 * AHEAD_SECONDS * 1000


def test_a_version_nearer_than_the_minute_is_refused_with_the_soonest_time():
    with pytest.raises(PublishingRefused, match="nearer than 60 s") as refused:
        effective_time(NOW + AHEAD_SECONDS * 1000 - 1, BEFORE, NOW)
    assert iso(NOW + AHEAD_SECONDS * 1000) in str(refused.value)


def test_a_version_a_minute_ahead_is_taken():
    assert effective_time(NOW + AHEAD_SECONDS * 1000, BEFORE, NOW) == NOW + AHEAD_SECONDS * 1000


def test_a_version_before_one_that_is_published_already_is_refused():
    planned = [*BEFORE, (NOW + 500_000, None)]
    with pytest.raises(PublishingRefused, match="take a later time"):
        effective_time(NOW + 400_000, planned, NOW)


def test_without_a_time_a_version_comes_after_the_last_planned_one():
    assert effective_time(None, [*BEFORE, (NOW + 500_000, None)], NOW) > NOW + 500_000


def test_a_worker_looks_at_the_topic_at_least_twice_before_a_version_can_hold():
    assert 2 * FRESH_SECONDS <= AHEAD_SECONDS


@pytest.mark.parametrize("text", ["2026-11-25T18:00:00Z", "2026-11-25T18:00:00", "2026-11-25T20:00:00+02:00"])
def test_a_time_is_read_with_its_zone_or_as_utc(text):
    assert iso(parse_time(text)) == "2026-11-25T18:00:00Z"


def test_what_is_no_time_is_refused():
    with pytest.raises(PublishingRefused, match="is no time"):
        parse_time("tomorrow")
