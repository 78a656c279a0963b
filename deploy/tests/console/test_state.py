from typing import Any

from tacho.console.state import NEWEST_ALERTS, ConsoleState, on_alert, on_alert_window, on_fleet_window, on_status


def status(at: int, lag: dict[str, int], rate: float = 1.0) -> dict[str, Any]:
    names = {"service": "enricher", "instance": "enrich", "since": 0, "ready": True, "reason": "", "total": 1}
    return {**names, "at": at, "lag": lag, "rate": rate, "restarts": 0}


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
        on_alert(state, {"alert_id": f"{number}/speeding", "rule": "speeding"})
    assert len(state.alerts) == NEWEST_ALERTS
    assert state.alerts_by_rule == {"speeding": 100}


def test_a_repeated_alert_is_counted_once() -> None:
    state = ConsoleState()
    for _ in range(2):
        on_alert(state, {"alert_id": "1/speeding", "rule": "speeding"})
    assert state.alerts_by_rule == {"speeding": 1}


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
    on_alert(state, {"alert_id": "1/speeding", "rule": "speeding"})
    assert not before.alerts
