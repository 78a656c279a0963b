"""Sources, sinks and triggers: everything that is Kafka or Structured Streaming rather than tacho."""

import json
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.connection import Connection
from tacho_enricher.kafka_options import spark_options
from tacho_enricher.settings import Trigger

GROUP_PREFIX = "tacho-enricher"
_SINK_OPTIONS = {"kafka.acks": "all", "kafka.linger.ms": "0", "kafka.compression.type": "lz4"}


@dataclass(frozen=True)
class Schedule:
    """When a query runs: how often in micro-batches, how long an epoch in real-time mode."""

    trigger: Trigger
    seconds: int


def read_topic(spark: SparkSession, connection: Connection, topic: str, partition: int | None = None) -> DataFrame:
    """A topic, or one partition of it, from its start or the checkpoint.

    The query fails when records it had not read are gone (failOnDataLoss). There is no maxOffsetsPerTrigger: a
    catch-up must be one batch, because between two batches the watermark could pass rows still to come.
    """
    which = {"subscribe": topic} if partition is None else {"assign": json.dumps({topic: [partition]})}
    return (
        spark.readStream.format("kafka")
        .options(
            **which,
            startingOffsets="earliest",
            failOnDataLoss="true",
            groupIdPrefix=GROUP_PREFIX,
            **spark_options(connection),
        )
        .load()
    )


def start_query(
    rows: DataFrame, connection: Connection, name: str, checkpoint: str, schedule: Schedule, topic: str | None = None
) -> StreamingQuery:
    """Run rows (key and value; topic and partition where they have them) into Kafka; `topic`: the one for all."""
    writer = (
        rows.writeStream.format("kafka")
        .queryName(name)
        .outputMode("update")
        .options(checkpointLocation=checkpoint, **spark_options(connection), **_SINK_OPTIONS)
    )
    if topic:
        writer = writer.option("topic", topic)
    if schedule.trigger is Trigger.MICRO:
        writer = writer.trigger(processingTime=f"{schedule.seconds} seconds")
    elif schedule.trigger is Trigger.AVAILABLE_NOW:
        writer = writer.trigger(availableNow=True)
    else:
        _trigger_realtime(rows.sparkSession, writer, schedule.seconds)
    return writer.start()


def _trigger_realtime(spark: SparkSession, writer: Any, epoch_seconds: int) -> None:
    # pyspark 4.1 has no argument for it; 4.2 has trigger(realTime=...).
    jvm: Any = spark.sparkContext._jvm
    realtime = jvm.org.apache.spark.sql.streaming.Trigger.RealTime(f"{epoch_seconds} seconds")
    writer._jwrite = writer._jwrite.trigger(realtime)
