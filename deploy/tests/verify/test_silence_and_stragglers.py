"""What else begins, corrects and ends episodes: silence and stragglers. docs/rules.md, "An episode"."""

from deploy.tests.verify.small_logs import CAR, alerts, closings, outcome, rule, sample, speeds, straggling, told

FAST = rule()
SILENT_CAR = rule("id: quiet, silent_for: 30 s, severity: warning")
ESCALATING = "escalate: {severity: critical, at: 150 km/h}"


# Silence ends episodes.


def test_an_open_episode_closes_when_log_time_reaches_silent_after():
    assert closings([*speeds(101, 102), 61.999], FAST) == []
    assert closings([*speeds(101, 102), 62], FAST) == [("silent", 2000, 2000)]


def test_silence_is_noticed_before_the_record_that_shows_it():
    log = [*speeds(101), sample(2, 101.0, at=2, logged=61)]
    assert told(log, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 silent 1", "2/fast#1 OPENED 1"]


def test_the_car_s_last_word_is_the_log_time_at_which_its_last_new_sample_came():
    other = sample(1, 20.0, at=40, car=CAR + 1)
    log = [*speeds(101), other, sample(2, 101.0)]
    assert closings([*log, 99.999], FAST) == []
    assert closings([*log, 100], FAST) == [("silent", 2000, 2000)]
    assert closings([*log, sample(2, 101.0, at=2, logged=99), 100], FAST) == [("silent", 2000, 2000)]


def test_an_episode_that_is_clearing_closes_as_silent_at_its_last_counted_sample():
    assert closings([*speeds(101, 50), 90], rule("clear: 10 s")) == [("silent", 1000, 1000)]


def test_what_is_pending_is_dropped_by_silence():
    log = [*speeds(101), 61, sample(2, 101.0, logged=62), sample(3, 101.0, logged=63), sample(4, 101.0, logged=64)]
    assert told(log, rule("sustain: 2 s")) == ["2/fast#1 OPENED 3"]


def test_a_step_in_event_time_of_more_than_silent_after_ends_it_too():
    assert told([sample(1, 101.0), sample(2, 101.0, at=61, logged=2)], FAST) == [
        "1/fast#1 OPENED 1",
        "1/fast#2 UPDATED 2",
    ]
    step = [sample(1, 101.0), sample(2, 101.0, at=61.001, logged=2)]
    assert told(step, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 silent 1", "2/fast#1 OPENED 1"]


def test_the_step_is_that_of_the_rules_before_which_close_first():
    slow = rule("severity: info", "silent_after: 1 h").replace(", severity: info, severity: info", ", severity: info")
    step = [sample(1, 101.0), sample(2, 101.0, at=100, logged=2)]
    assert told(step, (0, FAST), (50, slow)) == ["1/fast#1 OPENED 1", "1/fast#2 silent 1", "2/fast#1 OPENED 1"]
    assert told(step, (0, slow), (50, FAST)) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 2"]


def test_cooling_counts_from_the_last_sample_seen_before_the_silence():
    log = [*speeds(101), 70, sample(2, 101.0, at=100.999, logged=101), sample(3, 101.0, at=101, logged=101)]
    assert told(log, rule("cooldown: 100 s")) == ["1/fast#1 OPENED 1", "1/fast#2 silent 1", "3/fast#1 OPENED 1"]


def test_samples_behind_a_gap_are_judged_before_the_closings_of_the_same_moment():
    rules = rule(head="{silent_after: 5 s, wait: 5 s}").replace("{silent_after: 5 s, wait: 5 s}", "silent_after: 5 s")
    assert told([*speeds(101, None, 101), 8], rules) == ["1/fast#1 OPENED 1", "1/fast#2 silent 2"]


# Silent-car rules.


def test_a_silent_car_opens_when_log_time_reaches_silent_for_and_recovers_with_its_next_sample():
    assert told([*speeds(50, 50), 31.999], SILENT_CAR) == []
    opened, closed = outcome([*speeds(50, 50), 32, sample(3, logged=42)], SILENT_CAR).episodes
    assert opened == {
        **{"episode_id": f"{CAR}-2000/quiet", "revision": 1, "state": "OPENED", "car_id": CAR, "rule": "quiet"},
        **{"driver_id": 111_111_111, "brand_name": "Mazda", "model_name": "3", "color_name": "Red"},
        **{"severity": "warning", "opened_at": 2000, "last_seen_at": 2000, "closed_at": None, "samples": 0},
        **{"late_samples": 0, "peak": 30.0, "peak_at": 2000, "limit": 30.0, "close_reason": None},
        "rules_version": opened["rules_version"],
    }
    assert closed == opened | {
        **{"revision": 2, "state": "CLOSED", "closed_at": 42_000, "peak": 40.0, "peak_at": 42_000},
        "close_reason": "recovered",
    }


def test_a_silence_is_over_when_a_new_sample_arrives_even_one_that_waits_or_is_late_but_not_with_a_repeat():
    begin = [*speeds(50, None, 50), 40]
    assert told(begin, SILENT_CAR) == ["3000/quiet#1 OPENED 0"]
    assert told([*begin, sample(3, logged=41)], SILENT_CAR) == ["3000/quiet#1 OPENED 0"]
    for comes in (sample(2, logged=41), sample(9, logged=41)):
        assert told([*begin, comes], SILENT_CAR) == ["3000/quiet#1 OPENED 0", "3000/quiet#2 recovered 0"]


def test_two_silences_after_one_judged_sample_are_two_episodes():
    log = [*speeds(50, None, 50), 40, sample(2, logged=41), 71]
    assert told(log, SILENT_CAR) == ["3000/quiet#1 OPENED 0", "3000/quiet#2 recovered 0", "41000/quiet#1 OPENED 0"]


def test_a_silent_car_has_no_alerts_and_no_cooldown_and_silence_does_not_close_it():
    log = [*speeds(50), 70, sample(2, logged=71), 110]
    assert alerts(log, SILENT_CAR) == []
    assert told(log, SILENT_CAR)[1:] == ["1000/quiet#2 recovered 0", "71000/quiet#1 OPENED 0"]


def test_of_what_is_due_at_one_moment_closings_come_before_silent_cars_in_the_order_of_the_file():
    rules = """
silent_after: 30 s
rules:
  - {id: q2, silent_for: 30 s, severity: info}
  - {id: slow, measure: speed, below: 200, severity: info}
  - {id: q1, silent_for: 30 s, severity: info}
  - {id: fast, measure: speed, above: 100, severity: info}
"""
    assert told([*speeds(101), 31], rules)[2:] == [
        *("1/slow#2 silent 1", "1/fast#2 silent 1"),
        *("1000/q2#1 OPENED 0", "1000/q1#1 OPENED 0"),
    ]


def test_the_shorter_silence_comes_first():
    rules = SILENT_CAR + "  - {id: fast, measure: speed, above: 100, severity: info}\n"
    assert told([*speeds(101), 90], rules)[1:] == ["1000/quiet#1 OPENED 0", "1/fast#2 silent 1"]


# Stragglers.


def test_a_straggler_within_an_open_episode_corrects_it():
    log = straggling(160.0, *speeds(101, None, 102))
    assert told(log, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 3"]
    event = outcome(log, FAST).episodes[-1]
    assert (event["late_samples"], event["peak"], event["peak_at"], event["last_seen_at"]) == (1, 160.0, 2000, 3000)


def test_a_straggler_may_raise_the_severity():
    event = outcome(straggling(160.0, *speeds(101, None, 102)), rule(ESCALATING)).episodes[-1]
    assert (event["state"], event["severity"]) == ("UPDATED", "critical")


def test_a_straggler_corrects_an_episode_that_is_clearing_too():
    log = straggling(160.0, *speeds(101, None, 102, 50))
    assert told(log, rule("clear: 10 s")) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 3"]


def test_a_straggler_that_does_not_violate_changes_nothing():
    assert told(straggling(95.0, *speeds(101, None, 102)), rule("until: 90")) == ["1/fast#1 OPENED 1"]
    assert told(straggling(50.0, *speeds(101, None, 102)), FAST) == ["1/fast#1 OPENED 1"]


def test_a_straggler_outside_the_episode_is_one_of_its_own_that_closed_late():
    before, after = straggling(160.0, *speeds(50, None, 101)), straggling(160.0, *speeds(101, None, 50))
    assert told(before, FAST) == ["3/fast#1 OPENED 1", "2/fast#1 late 1"]
    assert told(after, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 1", "2/fast#1 late 1"]
    late = outcome(after, rule(ESCALATING)).episodes[-1]
    assert late == late | {
        **{"opened_at": 2000, "last_seen_at": 2000, "closed_at": 2000, "samples": 1, "late_samples": 1},
        **{"peak": 160.0, "peak_at": 2000, "limit": 100.0, "severity": "critical", "state": "CLOSED"},
    }


def test_a_straggler_within_an_episode_that_has_closed_stands_for_itself():
    log = straggling(160.0, *speeds(101, None, 102, 50))
    assert told(log, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 recovered 2", "2/fast#1 late 1"]


def test_a_straggler_beyond_the_last_sample_seen_stands_for_itself():
    log = straggling(160.0, sample(1, 101.0), sample(3, 50.0, at=5), at=4)
    assert told(log, rule("clear: 10 s"))[1:] == ["2/fast#1 late 1"]


def test_a_straggler_of_a_sustaining_rule_corrects_but_never_stands_for_itself():
    sustained = rule("sustain: 2 s")
    assert told(straggling(160.0, *speeds(50, None, 101)), sustained) == []
    log = straggling(160.0, *speeds(101, None, 102, 103))
    assert told(log, sustained) == ["1/fast#1 OPENED 2", "1/fast#2 UPDATED 4"]
    assert alerts(log, sustained) == ["3/fast", "4/fast"]


def test_rules_that_look_at_the_acceleration_leave_stragglers_out():
    looks = rule("when: not acceleration < -100")
    assert told(straggling(160.0, *speeds(50, None, 50)), looks) == []


def test_a_straggler_s_correction_does_not_put_off_the_next_update():
    log = [*speeds(101, None, 102), sample(4, 101.0, at=30), sample(2, 101.0, logged=31), sample(5, 101.0, at=61)]
    assert told(log, FAST) == ["1/fast#1 OPENED 1", "1/fast#2 UPDATED 4", "1/fast#3 UPDATED 5"]


def test_a_straggler_neither_opens_nor_closes_nor_brings_back():
    log = [*straggling(50.0, *speeds(101, None, 102)), sample(4, 101.0, logged=21)]
    assert told(log, FAST) == ["1/fast#1 OPENED 1"]
    clearing = [*straggling(160.0, *speeds(101, None, 102, 50)), sample(5, 50.0, at=14, logged=21)]
    assert closings(clearing, rule("clear: 10 s")) == [("recovered", 4000, 3000)]
