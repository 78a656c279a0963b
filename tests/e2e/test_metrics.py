"""What the processes of a running chain show of themselves to Prometheus and to health checks."""

from collections.abc import Callable

import pytest

from tacho.local import stages
from tacho.local.bounded import BoundedRun
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.metrics import METRICS
from tests.e2e.scraping import Series, ask, processes, scraped, scraped_once

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

ALL = (stages.PRODUCER, stages.ENRICHER, stages.WINDOWS, stages.ALERTER)
GOING_ON = (stages.ENRICHER, stages.WINDOWS, stages.ALERTER)


@pytest.fixture
def shown(chain: BoundedRun, producer_page: Series) -> Callable[[str], Series]:
    """Everything a process shows; the producer's from while it drove."""
    addresses = processes(chain.pipeline.folder.metrics)
    return lambda name: producer_page if name == stages.PRODUCER else scraped(addresses[name])


def value(series: Series, name: str, **labels: str) -> float:
    """The sum of a metric's series with these labels."""
    return sum(
        found for (called, own), found in series.items() if called == name and labels.items() <= dict(own).items()
    )


def test_every_process_that_goes_on_is_named_to_prometheus_and_the_producer_that_has_ended_no_more(
    chain: BoundedRun,
) -> None:
    assert set(processes(chain.pipeline.folder.metrics)) == set(GOING_ON)


def test_all_together_show_every_metric_with_its_labels_and_no_other(
    chain: BoundedRun, shown: Callable[[str], Series]
) -> None:
    # A window query's first batch with samples: what comes last.
    scraped_once(processes(chain.pipeline.folder.metrics)[stages.WINDOWS], "tacho_event_age_seconds_count")
    found: dict[str, set[str]] = {}
    for name in ALL:
        for series, labels in shown(name):
            bare = series.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
            found.setdefault(bare, set()).update(label for label, _ in labels if label != "le")
    assert found == {metric.name: set(metric.labels) for metric in METRICS}


def test_what_the_producer_sent_is_counted_by_those_behind_it(shown: Callable[[str], Series]) -> None:
    sent = value(shown(stages.PRODUCER), "tacho_events_total", outcome="acked")
    assert sent > 0
    assert value(shown(stages.ENRICHER), "tacho_events_total", outcome="enriched") >= sent
    alerter = shown(stages.ALERTER)
    assert value(alerter, "tacho_events_total", outcome="judged") >= sent
    assert value(alerter, "tacho_alerts_total", rule="speeding") > 0


def test_lag_is_told_of_every_partition_of_the_input(shown: Callable[[str], Series]) -> None:
    for name, topic in ((stages.ENRICHER, "sensors-sample"), (stages.ALERTER, "samples-enriched")):
        told = [dict(labels) for series, labels in shown(name) if series == "tacho_lag_records"]
        partitions = {labels["partition"] for labels in told if labels["topic"] == topic}
        assert partitions == set(map(str, range(load_catalogue().topics[topic].partitions)))


@pytest.mark.parametrize("name", [stages.PRODUCER, stages.ALERTER])
def test_ages_are_those_of_a_live_run(shown: Callable[[str], Series], name: str) -> None:
    series = shown(name)
    count = value(series, "tacho_event_age_seconds_count")
    assert count > 0
    assert value(series, "tacho_event_age_seconds_sum") / count < 30.0


@pytest.mark.parametrize("name", GOING_ON)
@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
def test_a_process_that_works_says_so(chain: BoundedRun, name: str, path: str) -> None:
    assert ask(processes(chain.pipeline.folder.metrics)[name], path) == (200, "ok\n")
