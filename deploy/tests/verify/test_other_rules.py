"""What happens to episodes when other rules come into force: docs/rules.md, "rule changed, rule removed"."""

from deploy.tests.verify.small_logs import closings, outcome, rule, sample, speeds, straggling, told

FAST = rule()
SILENT_CAR = rule("id: quiet, silent_for: 30 s, severity: warning")
NONE = "rules: []"


def test_a_rule_that_is_gone_closes_its_episode_at_the_first_sample_under_the_new_rules():
    assert told(speeds(101, 101), (0, FAST), (3, NONE)) == ["1/fast#1 OPENED 1"]
    assert closings(speeds(101, 101, 101), (0, FAST), (3, NONE)) == [("rule-removed", 3000, 2000)]


def test_a_rule_with_another_definition_closes_its_episode_and_begins_anew():
    log = speeds(101, 101, 101)
    assert told(log, (0, FAST), (3, rule("clear: 1 s"))) == [
        *("1/fast#1 OPENED 1", "1/fast#2 rule-changed 2"),
        "3/fast#1 OPENED 1",
    ]
    first, closed, second = outcome(log, (0, FAST), (3, rule("clear: 1 s"))).episodes
    assert closed["rules_version"] == first["rules_version"] != second["rules_version"]


def test_a_rule_with_the_same_definition_goes_on():
    more = FAST + "  - {id: slow, measure: speed, below: 50, severity: info}\n"
    events = outcome(speeds(101, 101, 50), (0, FAST), (2, more)).episodes
    assert [event["state"] for event in events] == ["OPENED", "CLOSED"]
    assert events[0]["rules_version"] != events[1]["rules_version"]
    cooled = rule("cooldown: 1 h")
    assert (
        len(told(speeds(101, 50, 101), (0, cooled), (3, cooled + "  - {id: q, silent_for: 1 h, severity: info}\n")))
        == 2
    )


def test_pending_and_cooling_are_dropped_with_the_definition():
    sustained, changed = rule("sustain: 2 s"), rule("sustain: 1 s")
    assert told(speeds(101, 101, 101), (0, sustained), (2, changed)) == ["2/fast#1 OPENED 2"]
    cooled, changed = rule("cooldown: 1 h"), rule("cooldown: 2 h")
    assert told(speeds(101, 50, 101), (0, cooled), (3, changed))[2:] == ["3/fast#1 OPENED 1"]


def test_a_rule_that_comes_back_begins_anew():
    log = speeds(101, 101, 101)
    assert told(log, (0, FAST), (2, NONE), (3, FAST)) == [
        *("1/fast#1 OPENED 1", "1/fast#2 rule-removed 1"),
        "3/fast#1 OPENED 1",
    ]


def test_several_closings_come_in_the_order_of_the_file_that_held_before():
    entries = ["  - {id: slow, measure: speed, below: 200, severity: info}\n", FAST.splitlines(keepends=True)[-1]]
    both = "rules:\n" + "".join(entries)
    assert told(speeds(50, 101, 101), (0, both), (3, NONE)) == [
        *("1/slow#1 OPENED 1", "2/fast#1 OPENED 1"),
        *("1/slow#2 rule-removed 2", "2/fast#2 rule-removed 1"),
    ]


def test_a_silence_has_the_version_of_the_last_judged_sample():
    more = FAST + "  - {id: slow, measure: speed, below: 50, severity: info}\n"
    log = [sample(1, 101.0), sample(2, 101.0)]
    events = outcome([*log, 90], (0, FAST), (2, more)).episodes
    (version,) = {event["rules_version"] for event in outcome([sample(1, 101.0)], more).episodes}
    assert events[-1]["rules_version"] == version


def test_a_straggler_is_looked_at_under_the_rules_of_its_own_event_time():
    log = straggling(101.0, *speeds(50, None, 101))
    assert told(log, (0, FAST), (3, NONE)) == ["2/fast#1 late 1"]
    assert told(log, (0, NONE), (2.5, FAST)) == ["3/fast#1 OPENED 1"]
    (version,) = {event["rules_version"] for event in outcome([sample(1, 101.0)], FAST).episodes}
    assert outcome(log, (0, FAST), (3, NONE)).episodes[-1]["rules_version"] == version


def test_while_samples_wait_silence_leads_to_nothing_and_then_to_what_it_is_under_their_rules():
    rules = SILENT_CAR.replace("30 s", "3 s")
    log = [sample(1), sample(2), sample(4)]
    assert told([*log, 8.999], (0, rules)) == []
    assert told([*log, 9], (0, rules)) == ["4000/quiet#1 OPENED 0"]
    assert told([*log, 9], (0, rules), (3, NONE)) == []


def test_what_was_due_while_samples_waited_comes_in_the_order_of_things_due_at_one_moment():
    rules = "silent_after: 5 s\n" + SILENT_CAR.replace("30 s", "3 s")
    rules += (
        "  - {id: quieter, silent_for: 2 s, severity: info}\n  - {id: fast, measure: speed, above: 100, severity: info}"
    )
    assert told([*speeds(101, 101), sample(4, 101.0, logged=3.5), 9], rules)[1:] == [
        *("1/fast#2 silent 3", "3500/quiet#1 OPENED 0", "3500/quieter#1 OPENED 0"),
    ]


def test_the_order_of_the_file_is_that_of_the_version_in_force():
    slow, fast = "  - {id: slow, measure: speed, below: 200, severity: info}\n", FAST.splitlines(keepends=True)[-1]
    one, other = f"rules:\n{slow}{fast}", f"rules:\n{fast}{slow}"
    log = [sample(1, 300.0), sample(2, 101.0, at=61, logged=2)]
    assert told(log, (0, one), (2, other))[1:] == ["1/fast#2 UPDATED 2", "2/slow#1 OPENED 1"]
    assert told(log, (0, other), (2, one))[1:] == ["2/slow#1 OPENED 1", "1/fast#2 UPDATED 2"]
