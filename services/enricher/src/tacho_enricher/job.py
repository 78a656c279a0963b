"""The process: session, dimensions, checkpoints, queries; then watch until told to stop or a query ends."""

import signal
import threading
from typing import Any

import structlog
from confluent_kafka.admin import AdminClient
from pyspark.sql import SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.connection import Connection
from tacho_contracts.errors import ContractError
from tacho_enricher.checkpoint import open_checkpoint
from tacho_enricher.dims import Dims, load_dims
from tacho_enricher.enrich import enriched, outgoing
from tacho_enricher.kafka_options import librdkafka_options
from tacho_enricher.session import start_session
from tacho_enricher.settings import Query, Settings, Trigger
from tacho_enricher.streams import Schedule, read_topic, start_query

log = structlog.get_logger()
LOG_TOPIC = "sensors-sample"
POLL_SECONDS = 0.5


def run(settings: Settings, connection: Connection) -> int:
    """Run the queries until SIGTERM or SIGINT (0), the end of available input (0), or a failure (1)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    cluster_id, partitions = describe_cluster(connection)
    spark = start_session(settings, partitions)
    try:
        dims = load_dims(spark, settings.dims, settings.gear_policy)
        queries = {query: _start(spark, query, settings, connection, dims, cluster_id) for query in settings.queries}
        log.info("queries started", queries=[str(query) for query in queries], dims_version=dims.version)
        return _watch(queries, stop)
    finally:
        spark.stop()


def describe_cluster(connection: Connection) -> tuple[str, int]:
    """The cluster's id and the log's partition count. Raises ContractError when either cannot be had."""
    metadata: Any = AdminClient(librdkafka_options(connection)).list_topics(timeout=20)
    topic = metadata.topics.get(LOG_TOPIC)
    if topic is None or topic.error:
        raise ContractError(f"{connection.servers} has no topic {LOG_TOPIC}; create the topics first")
    return metadata.cluster_id, len(topic.partitions)


def _start(
    spark: SparkSession, query: Query, settings: Settings, connection: Connection, dims: Dims, cluster_id: str
) -> StreamingQuery:
    checkpoint = open_checkpoint(spark, settings.checkpoints, query, cluster_id)
    samples = enriched(read_topic(spark, connection, LOG_TOPIC), dims, settings.allowed_lateness_seconds)
    seconds = settings.epoch_seconds if settings.trigger is Trigger.REALTIME else 0
    return start_query(
        outgoing(samples), connection, query.value, checkpoint.location, Schedule(settings.trigger, seconds)
    )


def _watch(queries: dict[Query, StreamingQuery], stop: threading.Event) -> int:
    while not stop.wait(POLL_SECONDS):
        for name, query in queries.items():
            error = query.exception()
            if error:
                log.error("query failed", query=str(name), error=str(error))
                return 1
        if not any(query.isActive for query in queries.values()):
            return 0
    for query in queries.values():
        query.stop()
    return 0
