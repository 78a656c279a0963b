"""Every Prometheus metric of the pipeline: name, labels, type and meaning, and what one process shows of them.

docs/metrics.md says the same to people; Prometheus' rules and Grafana's dashboards name nothing else.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

AGE_SECONDS = (0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 120.0, 600.0)
_SHORTEST_SECONDS = 0.1

# A series of its own for when each histogram began: nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Metric:
    """One metric as all services show it."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    meaning: str


EVENTS = Metric(
    "tacho_events_total", "counter", ("service", "topic", "outcome"), "Records of a topic handled, by what became of it"
)
EVENT_AGE = Metric(
    "tacho_event_age_seconds",
    "histogram",
    ("service", "topic"),
    "Time from an event to its being handled, of a sample of the records",
)
ALERTS = Metric("tacho_alerts_total", "counter", ("rule",), "Alerts raised, by rule")
DEAD_LETTERS = Metric("tacho_dead_letters_total", "counter", ("reason",), "Records sent to dead-letters, by reason")
LAG = Metric(
    "tacho_lag_records", "gauge", ("service", "part", "topic", "partition"), "Records waiting, by input partition"
)
STATE = Metric("tacho_state_bytes", "gauge", ("service", "part"), "Size of the state kept")
RESTARTS = Metric(
    "tacho_restarts_total", "counter", ("service", "part"), "How often the supervisor has restarted the process"
)
READY = Metric("tacho_ready", "gauge", ("service", "part"), "1 while the part does its work, 0 while it does not")
STARTED = Metric(
    "tacho_start_timestamp_seconds", "gauge", ("service", "part"), "When the part started, since the epoch"
)
TOLD = Metric(
    "tacho_status_timestamp_seconds", "gauge", ("service", "part"), "When the newest status was taken, since the epoch"
)
BATCHES = Metric("tacho_batches_total", "counter", ("service", "part"), "Micro-batches and epochs finished")
BATCH_DURATION = Metric(
    "tacho_batch_duration_seconds", "gauge", ("service", "part"), "How long the newest finished batch or epoch took"
)
STATE_ROWS = Metric("tacho_state_rows", "gauge", ("service", "part"), "Rows of the state after the newest batch")
BUILD_INFO = Metric("tacho_build_info", "gauge", ("service", "version"), "Always 1; the version is in the label")

METRICS = (
    EVENTS,
    EVENT_AGE,
    ALERTS,
    DEAD_LETTERS,
    LAG,
    STATE,
    RESTARTS,
    READY,
    STARTED,
    TOLD,
    BATCHES,
    BATCH_DURATION,
    STATE_ROWS,
    BUILD_INFO,
)


class Ages:
    """Event time to handled, of ten records a second at most: a busy loop asks `due` once a batch and pays no more."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._service = service
        self._next = 0.0
        self._seconds = Histogram(
            EVENT_AGE.name, EVENT_AGE.meaning, EVENT_AGE.labels, registry=registry, buckets=AGE_SECONDS
        )

    @property
    def due(self) -> bool:
        """Whether one more is wanted."""
        return time.monotonic() >= self._next

    def observe(self, topic: str, event_ms: float) -> None:
        """A record of this event time (milliseconds since the epoch) has just been handled."""
        self._next = time.monotonic() + _SHORTEST_SECONDS
        self.count(topic, time.time() - event_ms / 1000.0)

    def count(self, topic: str, seconds: float) -> None:
        """A record was of this age when it was handled."""
        # A gateway's clock may be ahead of ours.
        self._seconds.labels(self._service, topic).observe(max(0.0, seconds))


class Exposition(Collector):
    """What one process shows. Status loops tell it what they have measured anyway; any thread may read it."""

    def __init__(self, service: str, version: str) -> None:
        self.registry = CollectorRegistry()
        self.ages = Ages(service, self.registry)
        self._service = service
        self._lock = threading.Lock()
        self._values: dict[Metric, dict[tuple[str, ...], float]] = {
            metric: {} for metric in METRICS if metric.kind != "histogram"
        }
        self.show(BUILD_INFO, 1, version)
        self.registry.register(self)

    def show(self, metric: Metric, value: float, *labels: str) -> None:
        """The value of a gauge, or the total of a counter, now. `labels`: all but the service's, in order."""
        own = (self._service,) if metric.labels[0] == "service" else ()
        with self._lock:
            self._values[metric][*own, *labels] = value

    def tell(self, status: Mapping[str, Any], topic: str = "") -> None:
        """A ServiceStatus that was just taken. `topic`: of the input, where its lag names partitions only."""
        part = status["instance"]
        self.show(READY, status["ready"], part)
        self.show(STATE, status["state_bytes"], part)
        self.show(RESTARTS, status["restarts"], part)
        self.show(STARTED, status["since"] / 1000.0, part)
        self.show(TOLD, status["at"] / 1000.0, part)
        lag = {}
        for place, waiting in status["lag"].items():
            named, _, partition = place.rpartition("/")
            lag[self._service, part, named or topic, partition] = float(waiting)
        with self._lock:
            # A partition that was handed over is somebody else's to tell of.
            kept = {labels: value for labels, value in self._values[LAG].items() if labels[1] != part}
            self._values[LAG] = kept | lag

    def collect(self) -> Iterator[Family]:
        """As the registry asks for it: a family for each metric, also where there is nothing to tell yet."""
        with self._lock:
            shown = {metric: dict(values) for metric, values in self._values.items()}
        for metric, values in shown.items():
            kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
            family = kind(metric.name, metric.meaning, labels=metric.labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family
