"""What the alerter says of itself, on service-status and to whoever asks for its metrics."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from prometheus_client import generate_latest

from tacho_alerter.progress import Progress
from tacho_alerter.settings import Settings
from tacho_alerter.status import STANDSTILL_SECONDS, Standstill, StatusReporter
from tacho_contracts import health
from tacho_contracts.metrics import Exposition

DEADLINE_SECONDS = 20.0


class Lag:
    """Two records wait on partition 0; or the broker is away."""

    topic = "samples-enriched"
    away = False

    def measure(self, _positions: Any) -> dict[str, int]:
        if self.away:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))
        return {"0": 2}


class Silent:
    """A producer that takes everything and delivers nothing."""

    def poll(self, _seconds: float) -> None: ...
    def produce(self, *_args: Any, **_kwargs: Any) -> None: ...


class Partitions:
    delivered = {0: 5}  # noqa: RUF012  never changed
    state_bytes = 4096


@pytest.fixture
def progress() -> Progress:
    return Progress()


@pytest.fixture
def lag(monkeypatch: pytest.MonkeyPatch) -> Lag:
    monkeypatch.delenv(health.VARIABLE, raising=False)
    monkeypatch.setattr(health, "_words", {})
    return Lag()


@pytest.fixture
def page(lag: Lag, progress: Progress) -> Iterator[Callable[[], str]]:
    shown = Exposition("alerter", "0.1.0")
    settings = Settings(status_seconds=0.01)
    reporter = StatusReporter(settings, Silent(), lag, progress, Partitions(), shown)  # type: ignore[arg-type]
    reporter.start()
    yield lambda: generate_latest(shown.registry).decode()
    reporter.stop()
    reporter.join(DEADLINE_SECONDS)


def until(line: str, page: Callable[[], str]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while line not in page().splitlines():
        assert time.monotonic() < deadline, f"{line} is not shown:\n{page()}"
        time.sleep(0.01)


def test_what_was_judged_and_what_was_not_is_shown(page: Callable[[], str], progress: Progress) -> None:
    progress.samples = 7
    progress.alerts["speeding"] += 3
    progress.dead_letters["tombstone"] += 2
    until('tacho_events_total{outcome="judged",service="alerter",topic="samples-enriched"} 7.0', page)
    until('tacho_events_total{outcome="dead-letter",service="alerter",topic="samples-enriched"} 2.0', page)
    until('tacho_alerts_total{rule="speeding"} 3.0', page)
    until('tacho_dead_letters_total{reason="tombstone"} 2.0', page)


def test_a_reason_that_has_no_dead_letter_yet_is_shown_as_none(page: Callable[[], str]) -> None:
    until('tacho_dead_letters_total{reason="unknown-schema"} 0.0', page)


def test_lag_and_state_are_those_of_the_status(page: Callable[[], str]) -> None:
    until('tacho_lag_records{part="alerter",partition="0",service="alerter",topic="samples-enriched"} 2.0', page)
    until('tacho_state_bytes{part="alerter",service="alerter"} 4096.0', page)
    until('tacho_ready{part="alerter",service="alerter"} 1.0', page)


def test_without_a_broker_it_is_not_ready(page: Callable[[], str], lag: Lag) -> None:
    until('tacho_ready{part="alerter",service="alerter"} 1.0', page)
    lag.away = True
    until('tacho_ready{part="alerter",service="alerter"} 0.0', page)
    assert "the broker does not answer" in health.words()["alerter"].reason


def test_records_that_wait_while_nothing_moves_are_a_standstill() -> None:
    standstill = Standstill()
    assert standstill.reason({0: 5}, 9, 100.0) == ""
    assert standstill.reason({0: 5}, 9, 100.0 + STANDSTILL_SECONDS) == ""
    assert standstill.reason({0: 5}, 9, 131.0) == "9 records wait and none was taken for 31 s"
    assert standstill.reason({0: 6}, 8, 132.0) == ""


def test_nothing_waiting_is_no_standstill() -> None:
    standstill = Standstill()
    for now in (100.0, 200.0, 300.0):
        assert standstill.reason({0: 5}, 0, now) == ""
    assert standstill.reason({0: 5}, 1, 301.0) == ""


def test_a_port_that_is_taken_ends_with_code_2_and_what_to_set() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = {**os.environ, "TACHO_ALERTER_METRICS_PORT": str(other.getsockname()[1])}
        run = subprocess.run(
            [sys.executable, "-m", "tacho_alerter"], check=False, env=taken, capture_output=True, text=True
        )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "set TACHO_ALERTER_METRICS_PORT to a free port" in run.stderr
