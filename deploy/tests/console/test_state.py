from typing import Any

from tacho.console.state import (
    NEWEST_ALERTS,
    ConsoleState,
    on_alert,
    on_alert_window,
    on_episode,
    on_fleet_window,
    on_status,
)


def status(at: int, lag: dict[str, int], rate: float = 1.0) -> dict[str, Any]:
    names = {"service": "enricher", "instance": "enrich", "since": 0, "ready": True, "reason": "", "total": 1}
    return {**names, "at": at, "lag": lag, "rate": rate, "restarts": 0}


def alert(sequence: int, rule: str = "speeding") -> dict[str, Any]:
    event = f"1000001-{sequence}"
    return {"alert_id": f"{event}/{rule}", "event_id": event, "car_id": 1000001, "rule": rule}


def window(start: int, value: str = "all", samples: int = 1) -> dict[str, Any]:
    return {"window_start": start, "window_end": start + 10, "dimension": "fleet", "value": value, "samples": samples}


def test_the_lag_of_a_stage_is_summed_over_its_partitions() -> None:
    state = ConsoleState()
    on_status(state, status(1, {"a/0": 2, "a/1": 3}))
    assert state.stages["enricher/enrich"].lag == 5


def test_a_status_that_comes_late_does_not_replace_a_newer_one() -> None:
    state = ConsoleState()
    on_status(state, status(2, {}, rate=20.0))
    on_status(state, status(1, {}, rate=10.0))
    assert state.stages["enricher/enrich"].rate == 20.0


def test_only_the_newest_alerts_are_kept_and_all_are_counted() -> None:
    state = ConsoleState()
    for number in range(100):
        on_alert(state, alert(number))
    assert len(state.alerts) == NEWEST_ALERTS
    assert state.alerts_by_rule == {"speeding": 100}


def test_a_range_of_alerts_that_comes_again_is_counted_once() -> None:
    state = ConsoleState()
    for number in (*range(50), *range(20, 60)):
        on_alert(state, alert(number))
    assert state.alerts_by_rule == {"speeding": 60}


def test_two_rules_may_fire_on_one_sample() -> None:
    state = ConsoleState()
    on_alert(state, alert(1))
    on_alert(state, alert(1, rule="high-rpm"))
    assert state.alerts_by_rule == {"speeding": 1, "high-rpm": 1}


def test_a_newer_window_clears_the_rows_of_the_one_before() -> None:
    state = ConsoleState()
    on_fleet_window(state, window(0, "Red"))
    on_fleet_window(state, window(10))
    assert list(state.fleet) == [("fleet", "all")]


def test_a_row_of_an_older_window_changes_nothing() -> None:
    state = ConsoleState()
    on_fleet_window(state, window(10, samples=5))
    on_fleet_window(state, window(0, samples=9))
    assert state.fleet["fleet", "all"]["samples"] == 5


def test_the_last_row_of_a_key_stands() -> None:
    state = ConsoleState()
    on_alert_window(state, window(10, samples=5))
    on_alert_window(state, window(10, samples=6))
    assert state.fleet_alerts["fleet", "all"]["samples"] == 6


def test_a_copy_does_not_change_with_later_records() -> None:
    state = ConsoleState()
    before = state.detached()
    on_alert(state, alert(1))
    assert not before.alerts


def test_an_alert_on_what_was_sent_before_is_not_one_of_now() -> None:
    state = ConsoleState()
    on_alert(state, {**alert(1), "logged_at": 999})
    assert not state.has_alert_since(1000)
    on_alert(state, {**alert(2), "logged_at": 1000})
    assert state.has_alert_since(1000)


def episode(revision: int, state: str, number: int = 7) -> dict[str, Any]:
    return {"episode_id": f"1000001-{number}/speeding", "revision": revision, "state": state}


def test_an_episode_is_there_until_it_closes() -> None:
    state = ConsoleState()
    on_episode(state, episode(1, "OPENED"))
    on_episode(state, episode(2, "UPDATED"))
    on_episode(state, episode(1, "OPENED", number=9))
    assert {one["episode_id"]: one["revision"] for one in state.episodes.values()} == {
        "1000001-7/speeding": 2,
        "1000001-9/speeding": 1,
    }
    on_episode(state, episode(3, "CLOSED"))
    assert set(state.episodes) == {"1000001-9/speeding"}


def test_an_event_of_an_episode_that_comes_again_changes_nothing() -> None:
    state = ConsoleState()
    on_episode(state, episode(2, "UPDATED"))
    on_episode(state, episode(1, "OPENED"))
    assert state.episodes["1000001-7/speeding"]["revision"] == 2
