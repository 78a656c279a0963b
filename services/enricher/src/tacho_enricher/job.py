"""The process: session, dimensions, queries; then watch and report until told to stop or until a query ends."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

import structlog
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from tacho_contracts import health
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import Connection
from tacho_contracts.exposing import expose
from tacho_contracts.metrics import Exposition
from tacho_enricher.dims import load_dims
from tacho_enricher.enrich import SERVICE
from tacho_enricher.kafka_options import librdkafka_options
from tacho_enricher.positions import DeadLetters, LogEnds
from tacho_enricher.queries import LOG_TOPIC, Context, Running, start
from tacho_enricher.session import start_session
from tacho_enricher.settings import Query, Settings, Trigger
from tacho_enricher.status import INTERVAL_SECONDS, STARTING_SECONDS, StatusReporter
from tacho_enricher.stop_order import StopOrder
from tacho_enricher.waiting import NotThereYet, patiently

POLL_SECONDS = 0.25
BROKER_SECONDS = 5
# With two times Spark's stopTimeout within the 20 s that a supervisor waits.
BATCH_SECONDS = 5.0
# Within the 20 s that a supervisor waits, should Spark be too busy to stop.
STOP_SECONDS = 18.0

log = structlog.get_logger()


def run(settings: Settings, connection: Connection) -> int:
    """Run the queries until SIGTERM, SIGINT or the stop marker (0), the end of available input (0), or a failure (1).

    Raises ContractError when the broker, the dimensions, the jars or a checkpoint cannot be used, or when the
    stop marker is there.
    """
    _configure_logs()
    stop, started = threading.Event(), threading.Event()
    _listen(stop, started)
    waiting = partial(_say_why_it_waits, settings.queries)
    shown = Exposition(SERVICE, version("tacho-enricher"))
    expose(shown, settings.metrics_host, settings.metrics_port, "TACHO_ENRICHER_METRICS_PORT")
    cluster_id, partitions = patiently(lambda: describe_cluster(connection), settings.wait_seconds, waiting)
    ends = LogEnds(connection)
    reporter = StatusReporter(connection, ends, settings.restarts, shown)
    for query in settings.queries:
        reporter.say(query.value, "starting")
    spark = start_session(settings, partitions)
    dead_letters = DeadLetters(connection, ends)
    try:
        order = StopOrder(spark, settings.stop)
        dims = patiently(lambda: load_dims(spark, settings.dims, settings.gear_policy), settings.wait_seconds, waiting)
        context = Context(spark, settings, connection, dims, ends, cluster_id)
        running = {query: start(query, context, dead_letters) for query in settings.queries}
        started.set()
        log.info("queries started", queries=[str(query) for query in running], dims_version=dims.version)
        code = _watch(spark, running, lambda query: start(query, context, dead_letters), reporter, stop, order)
        order.close()
        if stop.is_set():
            # Real-time mode is always within a batch; the others are stopped between two of theirs.
            realtime = {Query.ENRICH} if settings.trigger is Trigger.REALTIME else set()
            _await_end_of_batches([one for query, one in running.items() if query not in realtime])
            _stop(spark, running)
        return code
    finally:
        for query in settings.queries:
            reporter.say(query.value, "stopped")
        reporter.close()
        dead_letters.close()
        spark.stop()


def _say_why_it_waits(queries: tuple[Query, ...], reason: str) -> None:
    for query in queries:
        health.report(query.value, reason, within=STARTING_SECONDS)


def describe_cluster(connection: Connection) -> tuple[str, int]:
    """The cluster's id and the log's partition count. Raises NotThereYet without broker or any topic of ours."""
    try:
        metadata = AdminClient(librdkafka_options(connection)).list_topics(timeout=BROKER_SECONDS)
    except KafkaException as error:
        raise NotThereYet(f"no Kafka broker answers at {connection.servers}: {error.args[0].str()}") from error
    catalogue = load_catalogue()
    ours = {topic.name for topic in (*catalogue.received_by(SERVICE), *catalogue.sent_by(SERVICE))}
    usable = {name for name, topic in metadata.topics.items() if topic.partitions and not topic.error}
    if ours - usable:
        missing = ", ".join(sorted(ours - usable))
        raise NotThereYet(f"{connection.servers} lacks the topics {missing}; create the catalogue's topics first")
    return str(metadata.cluster_id), len(metadata.topics[LOG_TOPIC].partitions)


def _listen(stop: threading.Event, started: threading.Event) -> None:
    """On SIGTERM and SIGINT set `stop`; until `started` end at once, and after that in STOP_SECONDS at the latest.

    What is interrupted is done again at the next start, so an orderly end saves work and nothing else: none of it is
    worth waiting for Spark while that still starts, nor being killed by a supervisor.
    """

    def end(*_: object) -> None:
        if not started.is_set():
            os._exit(0)
        if not stop.is_set():
            timer = threading.Timer(STOP_SECONDS, os._exit, (0,))
            timer.daemon = True
            timer.start()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _configure_logs() -> None:
    """To stderr: text for a terminal, JSON for everything else."""
    to_people = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if to_people else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _watch(
    spark: SparkSession,
    running: dict[Query, Running],
    start_again: Callable[[Query], Running],
    reporter: StatusReporter,
    stop: threading.Event,
    order: StopOrder,
) -> int:
    due = time.monotonic()
    revived: set[Query] = set()
    while not stop.wait(POLL_SECONDS):
        for query, one in running.items():
            error = one.query.exception()
            if error and query not in revived and ended_after_its_interrupted_batch(str(error)):
                log.warning("query starts again after its interrupted batch", query=str(query))
                revived.add(query)
                running[query] = start_again(query)
            elif error:
                log.error("query failed", query=str(query), error=str(error))
                return 1
        for query in order.due({query: one.query for query, one in running.items()}):
            _stop(spark, {query: running[query]})
        if time.monotonic() >= due:
            due = time.monotonic() + INTERVAL_SECONDS
            for one in running.values():
                reporter.report(one.watched)
        if not any(one.query.isActive for one in running.values()):
            return 0
    return 0


def ended_after_its_interrupted_batch(error: str) -> bool:
    """Whether a query met SPARK-55271 of Spark 4.1.1: its batch is done, so it can go on when started again.

    Spark repeats the batch that a crash interrupted, commits it, and then fails to report on the Kafka source,
    whose `latestPartitionOffsets` is null until a batch is planned anew.
    """
    return "scala.collection.IterableOps.map" in error and "scala.Option.get()" in error


def _await_end_of_batches(running: list[Running]) -> None:
    """Wait a little for the batches under way, which would have to be done again."""
    deadline = time.monotonic() + BATCH_SECONDS
    while any(one.query.status["isTriggerActive"] for one in running) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _stop(spark: SparkSession, running: dict[Query, Running]) -> None:
    """Stop the queries as asked.

    From here on Spark logs the stack of every task it interrupts, as an error. So its log ends here, and whether a
    query really failed is asked of the query.
    """
    spark.sparkContext.setLogLevel("OFF")
    for query, one in running.items():
        try:
            one.query.stop()
        except Py4JJavaError as error:
            log.warning("query did not stop in time", query=str(query), error=str(error.java_exception))
        if failure := one.query.exception():
            log.error("query failed while it was stopped", query=str(query), error=str(failure))
    log.info("queries stopped", queries=[str(query) for query in running])
