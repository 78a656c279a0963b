"""Dimensions, checkpoints, cars and the stop marker on S3, by setting alone: a server stands in for AWS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from moto.server import ThreadedMotoServer

from tacho.local.jars import ensure_jars, locked_jars
from tacho.local.layout import jars_folder
from tacho_contracts.codec import Codec

pytestmark = [pytest.mark.spark, pytest.mark.broker]

BUCKET = "fleet"
NOW = 1_795_340_000_040


@pytest.fixture(scope="module")
def s3_jars() -> Path:
    ensure_jars(jars_folder(), print, locked_jars({"s3"}))
    return jars_folder() / "s3"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def s3(endpoint: str, dims_folder: Path) -> Any:
    client = boto3.client("s3", "us-east-1", endpoint_url=endpoint, **_KEYS)
    client.create_bucket(Bucket=BUCKET)
    for path in dims_folder.rglob("*.csv"):
        if path.parent.name != "cars":
            client.upload_file(str(path), BUCKET, f"data/dims/{path.relative_to(dims_folder).as_posix()}")
    return client


@pytest.fixture(scope="module")
def environment(endpoint: str, spark_jars: Path, s3_jars: Path) -> dict[str, str]:
    settings = {"QUERIES": "enrich,windows", "TRIGGER": "available-now", "JARS": f"{spark_jars}:{s3_jars}"}
    settings |= {"DIMS": f"s3://{BUCKET}/data/dims", "CHECKPOINTS": f"s3://{BUCKET}/checkpoints"}
    settings |= {"STOP": f"s3://{BUCKET}/control/enricher/stop", "S3_ENDPOINT": endpoint}
    own = {f"TACHO_ENRICHER_{name}": value for name, value in settings.items()}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "us-east-1"}
    return {**os.environ, **keys, **own}


def test_the_whole_enricher_lives_on_s3(s3: Any, environment: dict[str, str], broker: Any) -> None:
    broker.create_topics()
    environment = {**environment, "TACHO_KAFKA_SERVERS": broker.servers}
    assert run("tacho_enricher.cars_generator", environment, "--cars", "3").returncode == 0
    assert len(s3.get_object(Bucket=BUCKET, Key="data/dims/cars/cars.csv")["Body"].read().splitlines()) == 4
    before = {"enrich": 0, "windows": 0}
    for first in (1, 11):
        send(broker.servers, range(first, first + 10))
        assert run("tacho_enricher", environment).returncode == 0
        after = {query: committed(s3, query) for query in before}
        assert all(after[query] > before[query] for query in before)
        before = after
    assert enriched(broker.servers) == 20


def test_a_marker_on_s3_refuses_the_start(s3: Any, environment: dict[str, str], broker: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="control/enricher/stop", Body=b"")
    try:
        done = run("tacho_enricher", {**environment, "TACHO_KAFKA_SERVERS": broker.servers})
    finally:
        s3.delete_object(Bucket=BUCKET, Key="control/enricher/stop")
    assert done.returncode == 2
    assert "TACHO_ENRICHER_STOP=s3://fleet/control/enricher/stop is there" in done.stderr


def test_a_bucket_that_is_not_there_is_told_in_one_sentence(environment: dict[str, str], broker: Any, s3: Any) -> None:
    away = {"TACHO_ENRICHER_STOP": "s3://nowhere/stop", "TACHO_KAFKA_SERVERS": broker.servers}
    done = run("tacho_enricher", environment | away)
    assert done.returncode == 2
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("tacho-enricher: ")]
    assert "s3://nowhere" in sentence


def run(module: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    print(done.stderr[-4000:])
    return done


def send(servers: str, numbers: range) -> None:
    codec = Codec("SensorSample")
    producer = Producer({"bootstrap.servers": servers, "partitioner": "murmur2_random"})
    for number in numbers:
        event = {"event_id": f"8459042-{number}", "car_id": 8459042, "sequence": number, "event_time": NOW + number}
        value = codec.encode({**event, "speed": 50.0, "rpm": 2000, "gear": 3})
        producer.produce("sensors-sample", value, "8459042", timestamp=NOW + number)
    assert producer.flush(30) == 0


def enriched(servers: str) -> int:
    """How many records samples-enriched holds: 10 more would mean that a checkpoint was not read."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "count"})
    try:
        partitions = consumer.list_topics("samples-enriched", 10).topics["samples-enriched"].partitions
        return sum(consumer.get_watermark_offsets(TopicPartition("samples-enriched", p), 10)[1] for p in partitions)
    finally:
        consumer.close()


def committed(s3: Any, query: str) -> int:
    """How many batches a query has committed below its cluster's e0."""
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix=f"checkpoints/{query}/")["Contents"]]
    return sum(key.split("/")[-3:-1] == ["e0", "commits"] and key.split("/")[-1].isdigit() for key in keys)


_KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
