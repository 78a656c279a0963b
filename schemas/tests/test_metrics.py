"""What a process shows of itself: totals and gauges told by its status loops, the ages of a few records."""

import time
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tacho_contracts import metrics
from tacho_contracts.metrics import DEAD_LETTERS, METRICS, Exposition


def told(**changes: Any) -> dict[str, Any]:
    plain = {
        "service": "enricher",
        "instance": "enrich",
        "version": "0.1.0",
        "since": 1_000,
        "at": 5_000,
        "ready": True,
        "reason": "",
        "rate": 1.0,
        "total": 3,
        "lag": {},
        "restarts": 2,
        "state_bytes": 4096,
    }
    return plain | changes


def samples(shown: Exposition, name: str) -> dict[tuple[str, ...], float]:
    """The values of one series by the values of its labels, in the order of the labels' names."""
    text = generate_latest(shown.registry).decode()
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


@pytest.fixture
def shown() -> Exposition:
    return Exposition("enricher", "0.1.0")


def test_every_metric_is_registered_with_its_type_and_meaning(shown: Exposition) -> None:
    found = {family.name: family for family in text_string_to_metric_families(generate_latest(shown.registry).decode())}
    assert set(found) == {metric.name.removesuffix("_total") for metric in METRICS}
    for metric in METRICS:
        family = found[metric.name.removesuffix("_total")]
        assert (family.type, family.documentation) == (metric.kind, metric.meaning)


def test_a_status_becomes_gauges(shown: Exposition) -> None:
    shown.tell(told())
    assert samples(shown, "tacho_ready") == {("enrich", "enricher"): 1.0}
    assert samples(shown, "tacho_state_bytes") == {("enrich", "enricher"): 4096.0}
    assert samples(shown, "tacho_restarts_total") == {("enrich", "enricher"): 2.0}
    assert samples(shown, "tacho_start_timestamp_seconds") == {("enrich", "enricher"): 1.0}
    assert samples(shown, "tacho_status_timestamp_seconds") == {("enrich", "enricher"): 5.0}
    shown.tell(told(ready=False))
    assert samples(shown, "tacho_ready") == {("enrich", "enricher"): 0.0}


def test_lag_names_topic_and_partition_however_the_service_says_it(shown: Exposition) -> None:
    shown.tell(told(lag={"sensors-sample/3": 7}))
    shown.tell(told(instance="alerter", lag={"0": 2}), "samples-enriched")
    assert samples(shown, "tacho_lag_records") == {
        ("enrich", "3", "enricher", "sensors-sample"): 7.0,
        ("alerter", "0", "enricher", "samples-enriched"): 2.0,
    }


def test_a_partition_that_was_handed_over_is_not_told_of_any_more(shown: Exposition) -> None:
    shown.tell(told(lag={"0": 2, "1": 3}), "samples-enriched")
    shown.tell(told(lag={"1": 4}), "samples-enriched")
    assert list(samples(shown, "tacho_lag_records")) == [("enrich", "1", "enricher", "samples-enriched")]


def test_a_metric_has_the_label_of_the_service_only_where_it_says_so(shown: Exposition) -> None:
    shown.show(DEAD_LETTERS, 3, "tombstone")
    assert samples(shown, "tacho_dead_letters_total") == {("tombstone",): 3.0}


def test_an_age_is_wanted_ten_times_a_second_at_most(shown: Exposition, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [50.0]
    monkeypatch.setattr(metrics.time, "monotonic", lambda: now[0])
    assert shown.ages.due
    shown.ages.observe("samples-enriched", time.time() * 1000 - 500)
    assert not shown.ages.due
    now[0] += 0.11
    assert shown.ages.due


def test_ages_are_counted_in_seconds_and_never_below_zero(shown: Exposition) -> None:
    now_ms = time.time() * 1000
    for event_ms in (now_ms - 2_000, now_ms + 60_000):
        shown.ages.observe("samples-enriched", event_ms)
    ((total,),) = [list(samples(shown, "tacho_event_age_seconds_sum").values())]
    assert 2.0 <= total < 12.0
    assert samples(shown, "tacho_event_age_seconds_count") == {("enricher", "samples-enriched"): 2.0}
    assert "_created" not in generate_latest(shown.registry).decode()
