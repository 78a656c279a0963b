"""Both engines over one partition: what the draft and the published rules tell of the same records."""

import pytest

from tacho_alerter.backtest.comparison import Comparison
from tacho_alerter.backtest.judging import PartitionJudge
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import parse_rules
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

ENRICHED, HEARTBEAT = Codec("EnrichedSample"), Codec("Heartbeat")
BEGAN = 1_760_000_000_000
CAR = 1_000_001


def rules(above, extra=""):
    text = f"rules:\n  - {{id: speeding, measure: speed, above: {above} km/h, severity: info}}\n{extra}"
    return parse_rules(text, "test", load_catalogue())


def history(*versions):
    return RulesHistory(versions)


def encoded(second, speed, car=CAR, sequence=None, **fields):
    sequence = second + 1 if sequence is None else sequence
    content = {
        "event_id": f"{car}-{sequence}",
        "car_id": car,
        "sequence": sequence,
        "event_time": BEGAN + second * 1000,
        "speed": float(speed),
        "rpm": 2500,
        "gear": 4,
        "gear_low": 3,
        "gear_high": 5,
        "late": False,
        "logged_at": BEGAN + second * 1000 + 5,
        "dims_version": "0123456789ab",
    }
    return ENRICHED.encode(content | fields)


def drive(*speeds, car=CAR):
    return [encoded(second, speed, car) for second, speed in enumerate(speeds)]


def compared(records, published, draft, at_once=1000):
    judge = PartitionJudge(published, history((0, draft)))
    for first in range(0, len(records), at_once):
        judge.take(records[first : first + at_once])
    judged = judge.finish()
    comparison = Comparison(top=10)
    comparison.add(judged.published, judged.draft)
    return comparison, judged


def figures(comparison, rule="speeding"):
    found = comparison.rules[rule]
    return found.published.episodes, found.draft.episodes, found.gained, found.lost


def test_a_lower_limit_gains_the_episodes_below_the_old_one():
    records = drive(80, 110, 110, 80, 130, 130, 80, 110, 80)
    comparison, _ = compared(records, history((0, rules(120))), rules(100))
    assert figures(comparison) == (1, 3, 2, 0)
    assert (comparison.totals.published.alerts, comparison.totals.draft.alerts) == (2, 5)


def test_a_higher_limit_loses_what_is_below_it():
    records = drive(80, 110, 80, 130, 80)
    comparison, _ = compared(records, history((0, rules(100))), rules(120))
    assert figures(comparison) == (2, 1, 0, 1)


@pytest.mark.parametrize("at_once", [1, 7, 500])
def test_the_published_rules_as_a_draft_gain_and_lose_nothing(at_once):
    # Long enough for calm cars to be taken in columns.
    records = [
        encoded(second, 130 if second % 40 in (7, 8) else 80, car) for second in range(200) for car in range(10, 15)
    ]
    comparison, judged = compared(records, history((0, rules(120))), rules(120), at_once)
    assert figures(comparison) == (25, 25, 0, 0)
    assert comparison.changed_cars == 0
    assert (judged.samples, judged.cars) == (1000, 5)


def test_log_time_goes_on_to_the_end_though_nothing_is_to_be_told():
    _, judged = compared(drive(*[80] * 200), history((0, rules(120))), rules(100), at_once=100)
    assert judged.ended == BEGAN + 199_005


def test_a_change_of_rules_within_the_range_splits_an_episode_and_loses_none():
    change = BEGAN + 3000
    records = drive(80, 130, 130, 130, 130, 80)
    published = history((0, rules(120)), (change, rules(125)))
    comparison, _ = compared(records, published, rules(120))
    assert figures(comparison) == (2, 1, 0, 0)


def test_a_late_sample_alone_is_an_episode():
    # Sequence 3 comes when its place has passed; the draft calls it an alert.
    late = encoded(2, 110, sequence=3)
    ordered = [encoded(second, 80) for second in (0, 1, *range(3, 15))]
    comparison, _ = compared([*ordered, late], history((0, rules(120))), rules(100))
    assert figures(comparison) == (0, 1, 1, 0)


def test_an_episode_that_is_open_at_the_end_counts():
    comparison, _ = compared(drive(80, 130, 130), history((0, rules(120))), rules(100))
    assert figures(comparison) == (1, 1, 0, 0)


def test_a_violation_that_has_not_lasted_long_enough_by_the_end_is_no_episode():
    draft = parse_rules(
        "rules:\n  - {id: speeding, measure: speed, above: 120 km/h, sustain: 5 s, severity: info}\n",
        "test",
        load_catalogue(),
    )
    comparison, _ = compared(drive(80, 130, 130), history((0, rules(120))), draft)
    assert figures(comparison) == (1, 0, 0, 1)


def test_heartbeats_let_time_pass_for_both_and_are_no_samples():
    silent = "  - {id: silent-car, silent_for: 60 s, severity: info}\n"
    records = [*drive(80), HEARTBEAT.encode({"at": BEGAN + 90_000})]
    comparison, judged = compared(records, history((0, rules(120, silent))), rules(120))
    assert figures(comparison, "silent-car") == (1, 0, 0, 1)
    assert (judged.samples, judged.unreadable) == (1, 0)
    assert (judged.began, judged.ended) == (BEGAN + 5, BEGAN + 90_000)


@pytest.mark.parametrize("around", [0, 100])
def test_what_cannot_be_read_counts_once_and_changes_nothing(around):
    good = drive(*[80] * around, 130, 80)
    records = [good[0], b"", b"\x1bgarbage", *good[1:]]
    comparison, judged = compared(records, history((0, rules(120))), rules(120))
    assert (judged.samples, judged.unreadable) == (len(good), 2)
    assert figures(comparison) == (1, 1, 0, 0)


def test_acceleration_is_that_of_each_engine_though_they_wait_differently():
    # Sequence 4 is missing: one waits 5 s for it, the other not at all, so they judge one sample at two moments.
    rule = "{id: harsh, measure: acceleration, below: -3 m/s2, severity: info}"
    patient, hasty = (
        parse_rules(f"wait: {wait}\nrules:\n  - {rule}\n", "test", load_catalogue()) for wait in ("5 s", "0 s")
    )
    records = [encoded(second, speed) for second, speed in ((0, 90), (1, 90), (2, 90), (4, 90), (5, 70), (6, 70))]
    records += [encoded(second, 70) for second in range(7, 15)]
    comparison, _ = compared(records, history((0, patient)), hasty)
    assert figures(comparison, "harsh") == (1, 1, 0, 0)


def test_without_published_rules_everything_is_gained():
    comparison, _ = compared(drive(80, 130, 80), None, rules(120))
    assert figures(comparison) == (0, 1, 1, 0)
