"""What a query shows beside its status: what became of its records, and its newest batch."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.metrics import BATCH_DURATION, BATCHES, DEAD_LETTERS, EVENTS, STATE_ROWS, Exposition
from tacho_enricher.positions import DeadLetters


@dataclass(frozen=True)
class Batch:
    """The newest batch or epoch that a query has finished."""

    number: int
    seconds: float
    state_rows: int
    mean_age: float | None
    """Of its records when it ended, in seconds; None without a watermark or records."""


def newest_batch(progress: dict[str, Any] | None) -> Batch | None:
    """What Spark's progress report (its JSON) tells of a finished batch; None before the first."""
    if progress is None:
        return None
    seconds = progress["batchDuration"] / 1000.0
    mean = progress.get("eventTime", {}).get("avg")
    ended = datetime.fromisoformat(progress["timestamp"]).timestamp() + seconds
    return Batch(
        progress["batchId"],
        seconds,
        sum(operator["numRowsTotal"] for operator in progress["stateOperators"]),
        None if mean is None else ended - datetime.fromisoformat(mean).timestamp(),
    )


def progress_of(query: StreamingQuery) -> dict[str, Any] | None:
    """The newest progress report of a query, None before the first."""
    newest = query.lastProgress
    content: dict[str, Any] | None = json.loads(newest.json) if newest else None
    return content


class WindowFigures:
    """Of a query that counts the records of `topic` in windows."""

    def __init__(self, name: str, topic: str, progress: Callable[[], dict[str, Any] | None]) -> None:
        self._name = name
        self._topic = topic
        self._progress = progress
        self._batch = -1

    def show(self, shown: Exposition, total: int) -> None:
        """`total`: records taken in since the start."""
        shown.show(EVENTS, total, self._topic, self._name)
        batch = newest_batch(self._progress())
        if batch is None:
            return
        show_batch(shown, self._name, batch)
        if batch.number != self._batch and batch.mean_age is not None:
            shown.ages.count(self._topic, batch.mean_age)
        self._batch = batch.number


class EnrichFigures:
    """Of the query that enriches. Spark tells no event times of it, so the alerter's ages are those behind it."""

    def __init__(
        self,
        name: str,
        topic: str,
        progress: Callable[[], dict[str, Any] | None],
        dead_letters: DeadLetters,
    ) -> None:
        self._name = name
        self._topic = topic
        self._progress = progress
        self._dead_letters = dead_letters
        self._reasons = load_catalogue().reject_reasons

    def show(self, shown: Exposition, total: int) -> None:
        """`total`: records taken in since the start."""
        rejected = self._dead_letters.by_source.total()
        shown.show(EVENTS, max(0, total - rejected), self._topic, "enriched")
        shown.show(EVENTS, rejected, self._topic, "dead-letter")
        # Also those that are none yet: Prometheus sees no increase to the first value of a series.
        for reason in self._reasons:
            shown.show(DEAD_LETTERS, self._dead_letters.by_reason[reason], reason)
        batch = newest_batch(self._progress())
        if batch is not None:
            show_batch(shown, self._name, batch)


def show_batch(shown: Exposition, name: str, batch: Batch) -> None:
    """Number, duration and state rows of a query's newest batch."""
    shown.show(BATCHES, batch.number + 1, name)
    shown.show(BATCH_DURATION, batch.seconds, name)
    shown.show(STATE_ROWS, batch.state_rows, name)
