"""A marker ends the process without repeats; a signal would have repeated the open epoch."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from pyspark.sql import SparkSession

from tacho_contracts.codec import Codec
from tacho_contracts.errors import ContractError
from tacho_enricher.settings import Query
from tacho_enricher.stop_order import StopOrder

NOW = 1_795_340_000_040
DEADLINE_SECONDS = 120.0


class Broker(Protocol):
    servers: str

    def create_topics(self) -> None: ...


def query(active: bool, batch: int) -> Any:
    progress = SimpleNamespace(batchId=batch)
    return SimpleNamespace(isActive=True, status={"isTriggerActive": active}, lastProgress=progress)


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s in vain until {what}"
        time.sleep(0.1)


@pytest.mark.spark
def test_a_query_may_end_when_it_is_idle_or_has_finished_the_batch_that_was_open(
    spark: SparkSession, tmp_path: Path
) -> None:
    order = StopOrder(spark, str(tmp_path / "stop"))
    queries = {Query.ENRICH: query(True, 7), Query.WINDOWS: query(False, 3)}
    assert order.due(queries) == []
    (tmp_path / "stop").touch()
    until(lambda: order.due(queries) == [Query.WINDOWS], "the marker is seen")
    queries[Query.ENRICH].lastProgress.batchId = 8
    assert order.due(queries) == [Query.ENRICH, Query.WINDOWS]
    queries[Query.WINDOWS].isActive = False
    assert order.due(queries) == [Query.ENRICH]


@pytest.mark.spark
def test_a_marker_that_is_there_at_the_start_is_refused_by_name(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "stop").touch()
    with pytest.raises(ContractError, match=r"TACHO_ENRICHER_STOP=.*/stop is there: .*; delete it"):
        StopOrder(spark, str(tmp_path / "stop"))


@pytest.mark.spark
def test_without_a_marker_nothing_ends(spark: SparkSession) -> None:
    assert StopOrder(spark, "").due({Query.ENRICH: query(False, 1)}) == []


@pytest.mark.spark
@pytest.mark.broker
def test_after_a_cooperative_stop_in_real_time_mode_nothing_is_sent_twice(
    broker: Broker, spark_jars: Path, dims_folder: Path, tmp_path: Path
) -> None:
    broker.create_topics()
    marker = tmp_path / "control" / "stop"
    marker.parent.mkdir()
    settings = {"QUERIES": "enrich", "EPOCH_SECONDS": "5", "DIMS": str(dims_folder), "JARS": str(spark_jars)}
    settings |= {"CHECKPOINTS": str(tmp_path / "checkpoints"), "STOP": str(marker)}
    environment = {**os.environ, "TACHO_KAFKA_SERVERS": broker.servers}
    environment |= {f"TACHO_ENRICHER_{name}": value for name, value in settings.items()}
    for wanted in (20, 40):
        send(broker, wanted - 19, wanted)
        with (tmp_path / f"{wanted}.log").open("wb") as log:
            enricher = subprocess.Popen([sys.executable, "-m", "tacho_enricher"], env=environment, stderr=log)
        try:
            until(lambda: enriched(broker) >= wanted or enricher.poll() is not None, "all samples are enriched")  # noqa: B023
            marker.touch()
            until(lambda: enricher.poll() is not None, "the enricher ends")  # noqa: B023
        finally:
            enricher.kill()
            print((tmp_path / f"{wanted}.log").read_text()[-4000:])
        assert enricher.returncode == 0
        marker.unlink()
        assert enriched(broker) == wanted


def send(broker: Broker, first: int, last: int) -> None:
    codec = Codec("SensorSample")
    producer = Producer({"bootstrap.servers": broker.servers, "partitioner": "murmur2_random"})
    for number in range(first, last + 1):
        event = {"event_id": f"8459042-{number}", "car_id": 8459042, "sequence": number, "event_time": NOW + number}
        value = codec.encode({**event, "speed": 50.0, "rpm": 2000, "gear": 3})
        producer.produce("sensors-sample", value, "8459042", timestamp=NOW + number)
    assert producer.flush(30) == 0


def enriched(broker: Broker) -> int:
    """How many records samples-enriched holds (there are no transactions, so offsets count them); -1 when unknown."""
    consumer = Consumer({"bootstrap.servers": broker.servers, "group.id": "count"})
    try:
        partitions = consumer.list_topics("samples-enriched", 10).topics["samples-enriched"].partitions
        return sum(consumer.get_watermark_offsets(TopicPartition("samples-enriched", p), 10)[1] for p in partitions)
    except KafkaException:
        # Topics that were just made may still be without a leader.
        return -1
    finally:
        consumer.close()
