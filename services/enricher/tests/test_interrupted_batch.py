"""A window query whose batch was interrupted by a crash goes on behind it (SPARK-55271 of Spark 4.1.1)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from confluent_kafka import Producer
from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.connection import Connection
from tacho_enricher.job import ended_after_its_interrupted_batch
from tacho_enricher.settings import Trigger
from tacho_enricher.streams import Schedule, read_topic, start_query

pytestmark = [pytest.mark.spark, pytest.mark.broker]

DEADLINE_SECONDS = 120


class Broker(Protocol):
    servers: str

    def create_topic(self, name: str, partitions: int = 1) -> None: ...


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


def test_the_query_fails_once_with_the_known_error_and_then_goes_on(
    spark: SparkSession, broker: Broker, tmp_path: Path
) -> None:
    for topic in ("interrupted-in", "interrupted-out"):
        broker.create_topic(topic)
    connection = Connection(servers=broker.servers)

    def started() -> StreamingQuery:
        rows = read_topic(spark, connection, "interrupted-in").select("key", "value")
        return start_query(
            rows, connection, "interrupted", str(tmp_path), Schedule(Trigger.MICRO, 1), topic="interrupted-out"
        )

    def commits() -> set[str]:
        return {path.name for path in (tmp_path / "commits").glob("[0-9]*")}

    def put(value: bytes) -> None:
        producer = Producer({"bootstrap.servers": broker.servers})
        producer.produce("interrupted-in", value)
        assert producer.flush(30) == 0

    put(b"before the crash")
    query = started()
    until(lambda: "0" in commits(), "the first batch is committed")
    query.stop()
    for path in (tmp_path / "commits").glob("*0*"):
        path.unlink()

    query = started()
    until(query.exception, "the repeated batch has ended the query")
    assert ended_after_its_interrupted_batch(str(query.exception()))
    assert commits() == {"0"}

    query = started()
    put(b"after the crash")
    until(lambda: "1" in commits(), "the query goes on")
    assert query.exception() is None
    query.stop()
