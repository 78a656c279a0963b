"""Which version of the rules is in force at an event time."""

import pytest

from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.ruleset import RuleSet

FIRST, SECOND, THIRD = (RuleSet((), version) for version in ("first", "second", "third"))


def test_a_version_holds_from_its_time_to_before_that_of_the_next():
    history = RulesHistory([(100, FIRST), (200, SECOND)])
    assert [history.at(time) for time in (99, 100, 199, 200, 2**63)] == [FIRST, FIRST, FIRST, SECOND, SECOND]
    assert len(history) == 2


def test_versions_published_out_of_their_order_are_sorted():
    history = RulesHistory([(300, THIRD), (100, FIRST), (200, SECOND)])
    assert [history.at(time) for time in (150, 250, 350)] == [FIRST, SECOND, THIRD]


def test_of_two_from_one_moment_the_one_published_last_holds():
    assert RulesHistory([(100, FIRST), (100, SECOND)]).at(100) is SECOND


def test_it_knows_since_when_the_rules_of_a_moment_hold():
    history = RulesHistory([(100, FIRST), (200, SECOND)])
    assert [history.since(time) for time in (50, 150, 200, 250)] == [None, None, 200, 200]


def test_a_history_without_a_version_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        RulesHistory([])
