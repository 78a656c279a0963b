"""What each query shows beside its status, from Spark's own progress report and the dead letters counted anyway."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import generate_latest

from tacho_contracts.metrics import Exposition
from tacho_enricher.figures import EnrichFigures, WindowFigures, newest_batch

PROGRESS: dict[str, Any] = {
    "timestamp": "2026-11-25T10:00:10.000Z",
    "batchId": 6,
    "batchDuration": 1500,
    "eventTime": {"avg": "2026-11-25T10:00:05.500Z", "max": "2026-11-25T10:00:09.000Z"},
    "stateOperators": [{"numRowsTotal": 12}, {"numRowsTotal": 8}],
}
REALTIME = PROGRESS | {"eventTime": {}, "stateOperators": [], "batchDuration": 300_000}


@pytest.fixture
def shown() -> Exposition:
    return Exposition("enricher", "0.1.0")


def page(shown: Exposition) -> list[str]:
    return generate_latest(shown.registry).decode().splitlines()


def test_a_batch_is_as_old_as_its_records_are_in_the_mean_when_it_ends() -> None:
    batch = newest_batch(PROGRESS)
    assert batch is not None
    assert (batch.number, batch.seconds, batch.state_rows, batch.mean_age) == (6, 1.5, 20, 6.0)


def test_before_the_first_batch_there_is_none() -> None:
    assert newest_batch(None) is None


def test_windows_show_their_records_their_batch_and_its_age_once(shown: Exposition) -> None:
    figures = WindowFigures("windows", "sensors-sample", lambda: PROGRESS)
    figures.show(shown, 40)
    figures.show(shown, 41)
    assert {
        'tacho_events_total{outcome="windows",service="enricher",topic="sensors-sample"} 41.0',
        'tacho_batches_total{part="windows",service="enricher"} 7.0',
        'tacho_batch_duration_seconds{part="windows",service="enricher"} 1.5',
        'tacho_state_rows{part="windows",service="enricher"} 20.0',
        'tacho_event_age_seconds_count{service="enricher",topic="sensors-sample"} 1.0',
        'tacho_event_age_seconds_sum{service="enricher",topic="sensors-sample"} 6.0',
    } <= set(page(shown))


def test_enrich_shows_what_it_enriched_and_what_it_rejected(shown: Exposition) -> None:
    letters = SimpleNamespace(
        by_source=Counter({("sensors-sample", 0): 2, ("sensors-sample", 3): 1}), by_reason=Counter(tombstone=3)
    )
    EnrichFigures("enrich", "sensors-sample", lambda: REALTIME, letters).show(shown, 10)  # type: ignore[arg-type]
    assert {
        'tacho_events_total{outcome="enriched",service="enricher",topic="sensors-sample"} 7.0',
        'tacho_events_total{outcome="dead-letter",service="enricher",topic="sensors-sample"} 3.0',
        'tacho_dead_letters_total{reason="tombstone"} 3.0',
        'tacho_dead_letters_total{reason="unknown-schema"} 0.0',
        'tacho_batch_duration_seconds{part="enrich",service="enricher"} 300.0',
    } <= set(page(shown))
