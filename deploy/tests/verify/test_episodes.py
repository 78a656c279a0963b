"""The life of an episode: docs/rules.md, "An episode", on small logs with the exact events they lead to."""

import pytest

from deploy.tests.verify.small_logs import CAR, alerts, outcome, rule, sample, speeds, told

FAST = rule()
HYSTERESIS = rule("until: 90 km/h")
SUSTAINED = rule("sustain: 2 s")
CLEARED = rule("until: 90 km/h, clear: 3 s")
HEAD = "silent_after: 1 h"


def only(log, *versions):
    """The one event of the log that is told last, in full."""
    return outcome(log, *versions).episodes[-1]


def test_the_first_violating_sample_opens_at_once_and_the_first_one_back_closes():
    assert told(speeds(50, 101, 102, 100, 50), FAST) == ["2/fast#1 OPENED 1", "2/fast#2 recovered 2"]


def test_an_event_holds_the_whole_record():
    opened, closed = outcome(speeds(50, 110, 130, 105, 100), FAST).episodes
    assert opened == {
        **{"episode_id": f"{CAR}-2/fast", "revision": 1, "state": "OPENED", "car_id": CAR, "driver_id": 111_111_111},
        **{"brand_name": "Mazda", "model_name": "3", "color_name": "Red", "rule": "fast", "severity": "info"},
        **{"opened_at": 2000, "last_seen_at": 2000, "closed_at": None, "samples": 1, "late_samples": 0},
        **{"peak": 110.0, "peak_at": 2000, "limit": 100.0, "close_reason": None, "rules_version": "bdb939d53491"},
    }
    assert closed == opened | {
        **{"revision": 2, "state": "CLOSED", "last_seen_at": 4000, "closed_at": 5000, "samples": 3},
        **{"peak": 130.0, "peak_at": 3000, "close_reason": "recovered"},
    }


def test_an_episode_holds_while_the_measure_is_beyond_until():
    assert told(speeds(101, 95, 91, 90), HYSTERESIS) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 3"]
    assert told(speeds(95, 95), HYSTERESIS) == []


def test_a_sample_that_is_passed_over_neither_violates_nor_recovers():
    gears = rule("id: g, measure: expected_gear, above: 3, severity: info, sustain: 2 s")
    log = [sample(i + 1, expected_gear=gear) for i, gear in enumerate([4, None, 4, None, 3])]
    assert told(log, gears) == ["1/g#1 OPENED 2", "1/g#2 recovered 2"]


def test_outside_the_active_hours_a_sample_is_back():
    shift = rule("active: {hours: 00:00-00:01}", HEAD)
    log = [sample(1, 120.0, at=58), sample(2, 120.0, at=59), sample(3, 120.0, at=60)]
    assert told(log, shift) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 2"]


def test_a_sustained_violation_opens_at_the_sample_at_which_it_has_lasted():
    assert told(speeds(101, 101, 101), SUSTAINED) == ["1/fast#1 OPENED 3"]
    assert told(speeds(101, 101), SUSTAINED) == []


def test_a_sample_that_does_not_violate_ends_what_is_pending():
    assert told(speeds(101, 101, 100, 101, 101, 101), SUSTAINED) == ["4/fast#1 OPENED 3"]
    assert told(speeds(101, 95, 101, 101), rule("until: 90 km/h, sustain: 2 s")) == []


def test_the_closing_waits_until_the_measure_has_been_back_for_clear():
    log = speeds(101, 80, 80, 80, 80)
    assert told(log[:4], CLEARED) == ["1/fast#1 OPENED 1"]
    assert told(log, CLEARED) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 1"]
    assert only(log, CLEARED)["closed_at"] == 2000


def test_a_violation_while_clearing_brings_the_episode_back():
    log = speeds(101, 80, 80, 102, 80, 80, 80, 80)
    assert told(log, CLEARED) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 2"]
    assert only(log, CLEARED)["closed_at"] == 5000


def test_a_sample_that_merely_holds_goes_on_clearing_and_counts_for_nothing():
    log = speeds(101, 80, 95, 95, 95)
    assert told(log, CLEARED) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 1"]
    assert (only(log, CLEARED)["last_seen_at"], only(log, CLEARED)["closed_at"]) == (1000, 2000)


def test_a_violation_at_the_end_of_the_clearing_still_brings_it_back():
    assert told(speeds(101, 80, 80, 80, 101), CLEARED) == ["1/fast#1 OPENED 1"]


def test_while_cooling_violations_open_nothing_and_the_first_one_after_it_begins_anew():
    cooled = rule("cooldown: 3 s")
    log = speeds(101, 50, 101, 101, 101)
    assert told(log[:4], cooled) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 1"]
    assert told(log, cooled)[2:] == ["5/fast#1 OPENED 1"]


def test_a_sustained_violation_counts_from_the_end_of_the_cooling():
    cooled = rule("cooldown: 3 s, sustain: 1 s")
    log = speeds(101, 101, 50, 101, 101, 101, 101)
    assert told(log, cooled) == ["1/fast#1 OPENED 2", "1/fast#2 recovered 2", "6/fast#1 OPENED 2"]


def test_alerts_of_a_sustaining_rule_are_those_of_an_open_episode():
    assert alerts(speeds(101, 101, 101, 101, 50, 101), SUSTAINED) == ["3/fast", "4/fast"]
    clearing = rule("sustain: 1 s, until: 90 km/h, clear: 5 s")
    assert alerts(speeds(101, 101, 95, 80, 101, 95), clearing) == ["2/fast", "5/fast"]


def test_an_alert_has_the_rule_s_own_severity_and_what_its_sample_says():
    _, alert = outcome(
        speeds(101, 160, 150), rule("sustain: 1 s, escalate: {severity: critical, at: 140 km/h}")
    ).alerts[0]
    assert (alert["alert_id"], alert["severity"]) == (f"{CAR}-2/fast", "info")
    assert (alert["observed"], alert["limit"], alert["event_time"], alert["logged_at"]) == (160.0, 100.0, 2000, 2000)


def test_rules_that_wait_for_nothing_write_no_alert_in_order():
    assert alerts(speeds(101, 102), FAST) == []


def test_two_rules_of_one_sample_are_told_in_the_order_of_the_file():
    two = rule("id: b, measure: speed, above: 100, severity: info")
    two += "  - {id: a, measure: rpm, above: 1, severity: info}\n"
    assert told(speeds(101), two) == ["1/b#1 OPENED 1", "1/a#1 OPENED 1"]


@pytest.mark.parametrize(
    ("entry", "field", "values", "peak"),
    [
        ("above: 100", "speed", [101.0, 120.0, 120.0, 110.0], (120.0, 2000)),
        ("below: 100", "speed", [90.0, 50.0, 50.0, 60.0], (50.0, 2000)),
        ("outside: [10, 100]", "speed", [8.0, 101.0, 104.0, 6.0], (104.0, 3000)),
        ("when: gear > 0", "speed", [8.0, 101.0, 104.0, 6.0], (104.0, 3000)),
    ],
)
def test_the_peak_is_the_value_furthest_beyond_the_level_and_the_first_of_equals(entry, field, values, peak):
    rules = rule(f"id: r, measure: {field}, severity: info, {entry}")
    log = [sample(i + 1, value) for i, value in enumerate(values)]
    closed = only([*log, 90], rules)
    assert (closed["peak"], closed["peak_at"]) == peak


def test_the_limit_is_the_level_the_first_sample_broke_and_without_a_level_its_value():
    outside = rule("id: r, measure: speed, severity: info, outside: [10, 100]")
    assert only(speeds(8, 120, 50), outside)["limit"] == 10.0
    assert only(speeds(8, 120), rule("id: r, measure: speed, severity: info, when: gear > 0"))["limit"] == 8.0


def severities(log, rules):
    return [(event["state"], event["severity"], event["samples"]) for event in outcome(log, rules).episodes]


def test_the_severity_rises_with_a_sample_strictly_beyond_at_and_never_goes_back():
    rules = rule("escalate: {severity: critical, at: 150 km/h}")
    assert severities(speeds(101, 150, 151, 101, 50), rules) == [
        ("OPENED", "info", 1),
        ("UPDATED", "critical", 3),
        ("CLOSED", "critical", 4),
    ]


def test_the_severity_rises_with_the_sample_at_which_it_has_lasted():
    rules = rule("escalate: {severity: critical, after: 3 s}")
    assert severities(speeds(101, 101, 101, 101, 101), rules) == [("OPENED", "info", 1), ("UPDATED", "critical", 4)]


def test_either_of_both_escalates():
    rules = rule("escalate: {severity: critical, at: 150 km/h, after: 2 s}")
    assert severities(speeds(101, 151), rules)[-1] == ("UPDATED", "critical", 2)
    assert severities(speeds(101, 101, 101, 160), rules)[-1] == ("UPDATED", "critical", 3)


def test_a_sample_that_opens_already_carries_the_severity_it_has_reached():
    assert severities(speeds(151), rule("escalate: {severity: critical, at: 150 km/h}")) == [("OPENED", "critical", 1)]
    pending = rule("sustain: 2 s, escalate: {severity: critical, at: 150 km/h}")
    assert severities(speeds(151, 101, 101), pending) == [("OPENED", "critical", 3)]


def test_an_update_is_told_at_a_counted_sample_60_s_after_the_last_event():
    log = [sample(i, 101.0, at=i * 20) for i in range(1, 9)]
    assert told(log, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 4", "1/fast#3 UPDATED 7"]


def test_the_60_s_count_from_the_sample_that_opened_and_anew_from_each_rise():
    log = [sample(i, 101.0, at=i * 20) for i in range(1, 9)]
    assert told(log, rule("sustain: 20 s")) == ["1/fast#1 OPENED 2", "1/fast#2 UPDATED 5", "1/fast#3 UPDATED 8"]
    log[2] = sample(3, 160.0, at=60)
    rises = rule("escalate: {severity: critical, at: 150 km/h}")
    assert told(log, rises) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 3", "1/fast#3 UPDATED 6"]


def test_a_sample_not_counted_brings_no_update():
    log = [sample(1, 101.0), sample(2, 80.0, at=55), sample(3, 95.0, at=57), sample(4, 101.0, at=61)]
    assert told(log, CLEARED.replace("3 s", "1 h")) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 2"]
    assert told(log[:3], CLEARED.replace("3 s", "1 h")) == ["1/fast#1 OPENED 1"]


def test_car_and_model_are_those_of_the_sample_that_began_it():
    log = [sample(1, 101.0, model_name=None, brand_name=None), sample(2, 101.0), sample(3, 50.0)]
    assert [(event["brand_name"], event["model_name"]) for event in outcome(log, FAST).episodes] == [(None, None)] * 2
