"""From consumed bytes to what is sent: alerts that keep their contract, dead letters for the rest."""

from types import SimpleNamespace

import pytest

from tacho_alerter.judge import Judge
from tacho_alerter.progress import Progress
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_alerter.state.restoring import Restored
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec, decode_any
from tacho_contracts.examples import iter_examples

RULES = load_rules(PACKAGED_RULES, load_catalogue())
ENRICHED = Codec("EnrichedSample")
EXAMPLES = [example for example in iter_examples("EnrichedSample") if example.passes]
SPEEDER = {
    "event_id": "1000001-7",
    "car_id": 1000001,
    "sequence": 7,
    "event_time": 1_760_000_000_000,
    "speed": 131.5,
    "rpm": 6100,
    "gear": 4,
    "driver_id": 123456789,
    "brand_name": "BMW",
    "model_name": "X5",
    "color_name": "black",
    "expected_gear": 5,
    "gear_low": 4,
    "gear_high": 6,
    "late": False,
    "logged_at": 1_760_000_000_004,
    "dims_version": "0123456789ab",
}


def consumed(value, offset=0):
    return SimpleNamespace(
        topic="samples-enriched", partition=2, offset=offset, timestamp=5, key=b"1000001", value=value
    )


def judged(*values):
    progress = Progress()
    judge = Judge(progress)
    judge.partitions.use(RulesHistory([(0, RULES)]))
    judge.partitions.restore({2: Restored(None, 0, [])}, "log")
    return judge.outgoing([consumed(value, i) for i, value in enumerate(values)]), progress


def test_each_violation_goes_to_alert_data_and_then_to_the_topics_of_its_rule():
    out, progress = judged(ENRICHED.encode(SPEEDER))
    alerts = [record.topic for record in out if record.topic != "alert-episodes"]
    assert alerts == ["alert-data", "alerts-safety", "alert-data", "alerts-workshop"]
    assert {record.key for record in out} == {b"1000001"}
    assert out[0].value == out[1].value
    assert progress.alerts == {"speeding": 1, "high-rpm": 1}


def test_an_alert_carries_the_sample_the_rule_and_the_rules_version():
    out, _ = judged(ENRICHED.encode(SPEEDER))
    alert = Codec("Alert").decode(out[0].value)
    kept = {name: value for name, value in alert.items() if name in SPEEDER}
    assert kept == {name: SPEEDER[name] for name in kept}
    assert {name: value for name, value in alert.items() if name not in SPEEDER} == {
        "alert_id": "1000001-7/speeding",
        "rule": "speeding",
        "severity": "warning",
        "observed": 131.5,
        "limit": 120.0,
        "rules_version": RULES.version,
    }


def test_the_same_sample_gives_the_same_bytes_again():
    value = ENRICHED.encode(SPEEDER)
    assert judged(value)[0] == judged(value)[0]


def test_samples_come_out_in_the_order_they_went_in():
    values = [ENRICHED.encode(SPEEDER | {"event_id": f"1000001-{n}", "sequence": n, "rpm": 2000}) for n in range(20)]
    out, _ = judged(*values)
    alerts = [Codec("Alert").decode(record.value)["event_id"] for record in out if record.topic == "alert-data"]
    assert alerts == [f"1000001-{n}" for n in range(20)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "tombstone"),
        (b"", "empty"),
        (b"{}", "unknown-format"),
        (b"\xc3\x01" + bytes(8), "unknown-schema"),
        (ENRICHED.encode(SPEEDER)[:-3], "malformed-avro"),
        (ENRICHED.encode(SPEEDER) + b"x", "trailing-bytes"),
        (bytes(5000), "oversized"),
        (ENRICHED.encode(SPEEDER)[:10] + b"\xfe\xff\xff\xff\x0f", "malformed-avro"),
    ],
)
def test_a_bad_record_goes_to_dead_letters_and_its_neighbours_are_judged(value, reason):
    good = ENRICHED.encode(SPEEDER | {"rpm": 2000})
    out, progress = judged(good, value, good)
    told = [record for record in out if record.topic != "alert-episodes"]
    assert [record.topic for record in told] == [
        *("alert-data", "alerts-safety"),
        "dead-letters",
        *("alert-data", "alerts-safety"),
    ]
    letter = Codec("DeadLetter", max_bytes=262_144).decode(told[2].value)
    assert (letter["reason"], letter["value"], letter["service"]) == (reason, value, "alerter")
    assert reason in load_catalogue().reject_reasons
    assert told[2].key == b"samples-enriched/2/1"
    assert (progress.samples, progress.dead_letters, progress.handled) == (2, {reason: 1}, 3)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_published_enriched_sample_is_judged_and_its_alerts_keep_the_contract(example):
    out, progress = judged(ENRICHED.encode(example.payload))
    assert not progress.dead_letters
    for record in out:
        assert record.topic in load_catalogue().topics
        name, _, content = decode_any(record.value)
        event_id = content["event_id"] if name == "Alert" else content["episode_id"].partition("/")[0]
        assert event_id == example.payload["event_id"]


def test_a_heartbeat_is_time_and_no_sample():
    heartbeat = Codec("Heartbeat").encode({"at": SPEEDER["logged_at"] + 120_000})
    out, progress = judged(ENRICHED.encode(SPEEDER), heartbeat)
    states = [Codec("AlertEpisode").decode(record.value) for record in out if record.topic == "alert-episodes"]
    assert [(one["state"], one["rule"]) for one in states] == [
        ("OPENED", "speeding"),
        ("OPENED", "high-rpm"),
        ("CLOSED", "speeding"),
        ("CLOSED", "high-rpm"),
        ("OPENED", "silent-car"),
    ]
    assert progress.samples == 1
