"""A broker that is away is said once, and once that it is back, however many queries and clients meet it."""

import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from tacho_contracts import health
from tacho_contracts.connection import Connection, Mode
from tacho_contracts.metrics import Exposition
from tacho_enricher import status
from tacho_enricher.kafka_options import librdkafka_options
from tacho_enricher.outage import Outage
from tacho_enricher.status import StatusReporter, Watched

NOWHERE = Connection(servers="127.0.0.1:1", mode=Mode.PLAINTEXT)
GONE = KafkaError(KafkaError._TRANSPORT, "Failed to get metadata: Local: Broker transport failure")


class Time:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Broker:
    """End offsets, or the error that asking for them ends with."""

    error: KafkaError | None = None

    def end(self, topic: str) -> dict[tuple[str, int], int]:
        if self.error:
            raise KafkaException(self.error)
        return {(topic, 0): 5}

    def processed(self) -> dict[tuple[str, int], int]:
        return {("alert-data", 0): 5}


class Client:
    """A producer that meets only what it is given."""

    late: ClassVar[list[KafkaError]] = []

    def __init__(self, options: dict[str, Any]) -> None:
        self.heard = options["error_cb"]

    def poll(self, _seconds: float) -> None:
        while self.late:
            self.heard(self.late.pop())

    def produce(self, *_: object) -> None:
        """Nothing is sent."""


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def said() -> Iterator[list[dict[str, Any]]]:
    with capture_logs() as entries:
        yield entries  # type: ignore[misc]


def events(said: list[dict[str, Any]]) -> list[str]:
    return [entry["event"] for entry in said]


def test_two_outages_seen_by_two_queries_are_two_lines_each(
    said: list[dict[str, Any]], clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "Outage", lambda servers: Outage(servers, clock))
    monkeypatch.setattr(status, "Producer", Client)
    broker = Broker()
    reporter = StatusReporter(NOWHERE, broker, 0, Exposition("enricher", "test"))  # type: ignore[arg-type]
    queries = [
        Watched(name, "alert-data", broker, lambda: "", lambda: 0, 0, lambda *_: None)
        for name in ("windows", "alert-windows")
    ]
    for error in (None, GONE, GONE, None, None, GONE, None):
        broker.error = error
        clock.now += 2.0
        for query in queries:
            reporter.report(query)
    assert events(said) == ["broker away", "broker back"] * 2
    assert (said[0]["servers"], said[0]["reason"]) == ("127.0.0.1:1", GONE.str())
    assert said[1]["seconds"] == 4.0


def test_another_error_is_told_once_a_minute_with_how_often(said: list[dict[str, Any]], clock: Time) -> None:
    outage = Outage("b:9092", clock)
    for _ in range(65):
        clock.now += 1.0
        outage.on_error(KafkaError(KafkaError._AUTHENTICATION, "wrong password"))
        outage.on_error(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
    assert events(said) == ["Kafka client error"] * 4
    assert [entry["more"] for entry in said] == [0, 0, 59, 59]
    assert "wrong password" in said[0]["reason"]


def test_librdkafka_says_nothing_itself_and_its_outage_is_one_line(
    capfd: pytest.CaptureFixture[str], said: list[dict[str, Any]]
) -> None:
    outage = Outage(NOWHERE.servers)
    producer = Producer(librdkafka_options(NOWHERE) | {"error_cb": outage.on_error})
    deadline = time.monotonic() + 20
    while not said and time.monotonic() < deadline:
        producer.poll(0.1)
    # Several more attempts to connect, each of which librdkafka would log.
    for _ in range(10):
        producer.poll(0.1)
    assert [(entry["event"], entry["servers"]) for entry in said] == [("broker away", "127.0.0.1:1")]
    assert "rdkafka" not in capfd.readouterr().err


def test_what_a_client_met_before_an_answer_is_no_new_outage(
    said: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    Client.late = [KafkaError(KafkaError._ALL_BROKERS_DOWN)]
    monkeypatch.setattr(status, "Producer", Client)
    broker = Broker()
    reporter = StatusReporter(NOWHERE, broker, 0, Exposition("enricher", "test"))  # type: ignore[arg-type]
    query = Watched("windows", "alert-data", broker, lambda: "", lambda: 0, 0, lambda *_: None)
    for error in (GONE, None, None):
        broker.error = error
        reporter.report(query)
    assert events(said) == ["broker away", "broker back"]


def test_while_the_brokers_are_away_a_query_is_not_ready_to_whoever_asks_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(status, "Producer", Client)
    monkeypatch.setattr(health, "_words", {})
    broker, shown = Broker(), Exposition("enricher", "test")
    reporter = StatusReporter(NOWHERE, broker, 0, shown)  # type: ignore[arg-type]
    query = Watched("windows", "alert-data", broker, lambda: "", lambda: 0, 0, lambda *_: None)
    reporter.report(query)
    assert 'tacho_ready{part="windows",service="enricher"} 1.0' in generate_latest(shown.registry).decode()
    broker.error = GONE
    reporter.report(query)
    assert 'tacho_ready{part="windows",service="enricher"} 0.0' in generate_latest(shown.registry).decode()
    assert health.words()["windows"].reason.startswith("the broker does not answer")
