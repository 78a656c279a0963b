"""The verdict as a whole: content when all is right, and not content on each way a pipeline can go wrong."""

import json
from typing import Any

import pytest
from rich.console import Console

from tacho.verify.findings import Kind


def counts(report: Any) -> dict[str, int]:
    return {kind.value: count for kind, count in report.findings.counts.items()}


def record_of(world: Any, topic: str, identity: str) -> Any:
    return next(r for r in world.topics.all(topic) if r.value and identity.encode() in r.value)


def change(world: Any, topic: str, record: Any, schema: str, **changes: Any) -> None:
    codec = world.codecs[schema]
    world.topics.replace(topic, record, value=codec.encode(codec.decode(record.value) | changes))


def last_window(world: Any, topic: str, key: str) -> Any:
    return [r for r in world.topics.all(topic) if r.key == key.encode()][-1]


def test_a_right_run_is_content(world):
    report = world.verify()
    assert counts(report) == {}
    assert report.ok


def test_a_right_run_with_sliding_windows_is_content(make_world):
    report = make_world(size=15_000, slide=5_000).verify()
    assert counts(report) == {}


def test_the_report_counts_what_each_stage_did(world):
    report = world.verify().to_dict()
    assert report["samples"] == {
        "produced": {"sent": 120, "acked": 120, "failed": 0},
        **{"logged": 123, "other_writers": 0, "enriched": 120, "late": 9},
        **{"sent_again": 0, "poison": 0},
        "dead_letters": {"tombstone": 1, "unknown-schema": 1, "malformed-json": 1},
    }
    assert report["alerts"] == {
        rule: sum(alert["rule"] == rule for alert in world.alerts)
        for rule in ("speeding", "wrong-gear", "fast-for-long")
    }
    assert report["fan_out"] == {"alerts-safety": report["alerts"]["speeding"]}
    reasons = [event["close_reason"] for event in world.episodes]
    opened = sum(event["state"] == "OPENED" for event in world.episodes)
    assert report["episodes"] == {
        **{"opened": opened, "closed": {"recovered": reasons.count("recovered")}},
        "open": opened - reasons.count("recovered"),
    }
    assert report["windows"] == len(world._cells(world.enriched))
    assert report["alert_windows"] == len(world._cells(world.alerts))


def test_a_dropped_sample_is_lost(world):
    world.topics.remove("samples-enriched", record_of(world, "samples-enriched", "1000001-7"))
    assert counts(world.verify()) == {"lost": 1}


def test_a_dropped_alert_is_lost(world):
    world.topics.remove("alert-data", record_of(world, "alert-data", "1000001-9/wrong-gear"))
    assert counts(world.verify()) == {"lost": 1}


def test_an_alert_dropped_from_a_fan_out_topic_only_is_lost(world):
    world.topics.remove("alerts-safety", world.topics.all("alerts-safety")[0])
    assert counts(world.verify()) == {"lost": 1}


def test_an_alert_with_a_new_id_is_lost_and_unexpected(world):
    record = record_of(world, "alert-data", "1000001-9/wrong-gear")
    change(world, "alert-data", record, "Alert", alert_id="1000001-9/wrong-gear-2")
    assert counts(world.verify()) == {"lost": 1, "unexpected": 1}


def test_the_same_id_with_other_bytes_differs(world):
    record = record_of(world, "samples-enriched", "1000001-7")
    change(world, "samples-enriched", record, "EnrichedSample", expected_gear=6)
    report = world.verify()
    assert counts(report) == {"differing": 1}
    (offender,) = report.to_dict()["offenders"]["differing"]
    assert offender["fields"] == ["expected_gear"]


def test_a_double_that_is_off_by_one_bit_differs(world):
    record = record_of(world, "alert-data", "/speeding")
    fields = world.codecs["Alert"].decode(record.value)
    change(world, "alert-data", record, "Alert", observed=fields["observed"] * (1 + 2**-52))
    assert counts(world.verify()) == {"differing": 1}


@pytest.mark.parametrize("topic", ["fleet-windows", "alert-windows"])
def test_a_window_shifted_by_a_second_is_wrong_twice(world, topic):
    schema = {"fleet-windows": "FleetWindow", "alert-windows": "AlertWindow"}[topic]
    record = next(r for r in world.topics.all(topic) if b"fleet/all" in r.key)
    for each in [r for r in world.topics.all(topic) if r.key == record.key]:
        world.topics.remove(topic, each)
    row = world.codecs[schema].decode(record.value)
    row["window_start"] += 1000
    row["window_end"] += 1000
    key = f"{row['window_start']}-{row['window_end']}/fleet/all"
    world.topics.put(topic, key.encode(), world.codecs[schema].encode(row))
    assert counts(world.verify()) == {"wrong_windows": 2}


def test_a_wrong_last_row_of_the_last_window_is_wrong_though_its_previews_were_right(world):
    keys = sorted(key for key in world._cells(world.enriched) if key.endswith("fleet/all"))
    record = last_window(world, "fleet-windows", keys[-1])
    row = world.codecs["FleetWindow"].decode(record.value)
    world.topics.put("fleet-windows", record.key, world.codecs["FleetWindow"].encode(row | {"speed_sum": 1}))
    report = world.verify()
    assert counts(report) == {"wrong_windows": 1}
    assert report.to_dict()["offenders"]["wrong_windows"][0]["fields"] == ["speed_sum"]


def test_a_wrong_preview_is_nobodys_business(world):
    record = world.topics.all("fleet-windows")[0]
    change(world, "fleet-windows", record, "FleetWindow", samples=99)
    assert world.verify().ok


def test_a_late_sample_counted_in_samples_is_a_wrong_window(world):
    for record in world.topics.all("fleet-windows")[::-1]:
        row = world.codecs["FleetWindow"].decode(record.value)
        if row["late"] and row["dimension"] == "fleet":
            change(world, "fleet-windows", record, "FleetWindow", samples=row["samples"] + 1, late=row["late"] - 1)
            break
    assert counts(world.verify()) == {"wrong_windows": 1}


def test_two_samples_in_swapped_order_are_out_of_order(world):
    one, other = (record_of(world, "samples-enriched", f"1000001-{sequence}") for sequence in (7, 8))
    world.topics.swap("samples-enriched", one, other)
    assert counts(world.verify()) == {"out_of_order": 1}


def test_an_alert_that_comes_too_early_puts_those_it_overtook_out_of_order(world):
    one, other = (record_of(world, "alert-data", f"1000001-{sequence}/wrong-gear") for sequence in (9, 18))
    world.topics.swap("alert-data", one, other)
    assert set(counts(world.verify())) == {"out_of_order"}


def test_a_repeat_without_a_restart_is_not_allowed(world):
    record = record_of(world, "samples-enriched", "1000001-7")
    world.topics.put("samples-enriched", record.key, record.value)
    report = world.verify()
    assert counts(report) == {"repeated": 1}
    assert not report.ok


def test_equal_repeats_of_a_range_after_a_restart_are_counted_and_allowed(world):
    world.repeats_allowed = True
    for record in world.topics.all("samples-enriched")[-30:]:
        world.topics.put("samples-enriched", record.key, record.value)
    report = world.verify()
    assert counts(report) == {"repeated": 30}
    assert report.ok


def test_a_repeat_that_is_not_byte_equal_is_never_allowed(world):
    world.repeats_allowed = True
    record = record_of(world, "alert-data", "1000001-9/wrong-gear")
    again = world.topics.put("alert-data", record.key, record.value)
    change(world, "alert-data", again, "Alert", limit=3.5)
    report = world.verify()
    assert counts(report) == {"repeated": 1, "differing": 1}
    assert not report.ok


def test_a_wrong_dims_version_differs_everywhere(world):
    world.dims["car_colors/car_colors.csv"] += b"3,Green\n"
    assert counts(world.verify()) == {"differing": 120}


def test_another_rule_threshold_changes_alerts_and_their_version(world):
    speeding = sum(alert["rule"] == "speeding" for alert in world.alerts)
    world.rules = world.rules.replace("above: 120", "above: 120.5")
    found = counts(world.verify())
    assert found["differing"] == len(world.alerts) + speeding + len(world.episodes)
    assert set(found) <= {"differing", "unexpected", "wrong_windows"}


def test_a_record_on_another_partition_than_its_cars_is_misplaced(world):
    record = record_of(world, "samples-enriched", "1000001-40")
    world.topics.remove("samples-enriched", record)
    other = world.topics.lists["samples-enriched"][(record.partition + 1) % 6]
    other.append(record._replace(partition=(record.partition + 1) % 6, offset=len(other)))
    assert counts(world.verify()) == {"misplaced": 1}


def test_an_enriched_sample_without_a_sample_in_the_log_is_unexpected(world):
    codec = world.codecs["EnrichedSample"]
    row = codec.decode(record_of(world, "samples-enriched", "1000001-7").value)
    world.topics.put("samples-enriched", b"1000001", codec.encode(row | {"event_id": "1000001-99", "sequence": 99}))
    assert counts(world.verify()) == {"unexpected": 1}


def test_the_report_is_json_and_shows_the_first_offenders_in_full(world):
    world.topics.remove("samples-enriched", record_of(world, "samples-enriched", "1000001-7"))
    world.topics.put("samples-enriched", b"1000001", b"junk")
    report = world.verify()
    assert json.loads(json.dumps(report.to_dict()))["lost"] == 2
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(report.render())
    shown = console.export_text()
    assert "samples-enriched: 1000001-7: is not on the topic" in shown
    assert "not content" in shown


def test_only_the_first_offenders_of_a_kind_are_kept(world):
    world.topics.lists["samples-enriched"] = [[] for _ in range(6)]
    report = world.verify()
    assert report.findings.counts[Kind.LOST] == 120 + 24, "samples and heartbeats"
    assert len(report.findings.offenders[Kind.LOST]) == 5
