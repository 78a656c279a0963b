"""What the producer says of itself to whoever asks for its metrics and its health."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import generate_latest

from tacho_contracts import health
from tacho_contracts.metrics import Exposition
from tacho_producer.status import StatusReporter


class Full:
    """A producer whose queue has no room."""

    def produce(self, *_arguments: Any) -> None:
        raise BufferError


def reported(monkeypatch: pytest.MonkeyPatch, trouble: str = "") -> list[str]:
    monkeypatch.delenv(health.VARIABLE, raising=False)
    monkeypatch.setattr(health, "_words", {})
    publisher = SimpleNamespace(acked=9, failed=1, heartbeats=SimpleNamespace(acked=6), extras=None, trouble=trouble)
    shown = Exposition("producer", "0.1.0")
    StatusReporter(publisher, Full(), 2, shown).report_if_due()  # type: ignore[arg-type]
    return generate_latest(shown.registry).decode().splitlines()


def test_samples_and_heartbeats_are_shown_by_what_became_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    page = reported(monkeypatch)
    for outcome, count in (("acked", 9), ("failed", 1), ("heartbeat", 6)):
        line = f'tacho_events_total{{outcome="{outcome}",service="producer",topic="sensors-sample"}} {count}.0'
        assert line in page


def test_it_is_ready_while_deliveries_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    page = reported(monkeypatch)
    assert 'tacho_ready{part="producer",service="producer"} 1.0' in page
    assert 'tacho_restarts_total{part="producer",service="producer"} 2.0' in page
    assert health.words()["producer"].reason == ""


def test_it_is_not_ready_while_the_brokers_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    page = reported(monkeypatch, trouble="2/2 brokers are down")
    assert 'tacho_ready{part="producer",service="producer"} 0.0' in page
    assert health.words()["producer"].reason == "2/2 brokers are down"


def test_a_port_that_is_taken_ends_with_code_2_and_what_to_set(dims_folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = {**os.environ, "TACHO_PRODUCER_METRICS_PORT": str(other.getsockname()[1])}
        command = [sys.executable, "-m", "tacho_producer", "--dims", str(dims_folder)]
        ended = subprocess.run(command, env=taken, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "set TACHO_PRODUCER_METRICS_PORT to a free port" in ended.stderr
