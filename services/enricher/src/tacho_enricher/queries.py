"""The three queries: what each reads, how it is measured, when it runs, where its result goes."""

from dataclasses import dataclass
from functools import partial

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.connection import Connection
from tacho_enricher.aggregates import alert_windows, fleet_windows
from tacho_enricher.checkpoint import Checkpoint, open_checkpoint, source_offsets
from tacho_enricher.dims import Dims
from tacho_enricher.enrich import REJECT_TOPIC, alerts, enriched, good, outgoing
from tacho_enricher.figures import EnrichFigures, WindowFigures, progress_of
from tacho_enricher.positions import CommittedPosition, CountedPosition, DeadLetters, LogEnds, Offsets
from tacho_enricher.settings import Query, Settings, Trigger
from tacho_enricher.status import Watched
from tacho_enricher.streams import Schedule, read_topic, start_query

LOG_TOPIC = "sensors-sample"
ALERT_TOPIC = "alert-data"


@dataclass(frozen=True)
class Context:
    """What all queries of a process share."""

    spark: SparkSession
    settings: Settings
    connection: Connection
    dims: Dims
    ends: LogEnds
    cluster_id: str


@dataclass(frozen=True)
class Running:
    """A started query and how to ask after it."""

    query: StreamingQuery
    watched: Watched


def start(query: Query, context: Context, dead_letters: DeadLetters) -> Running:
    """Start one query from its checkpoint. Raises ContractError when that cannot be used."""
    if query is Query.ENRICH:
        return _start_enrich(context, dead_letters)
    if query is Query.WINDOWS:
        rows = fleet_windows(good(_enriched(context, heartbeats=False)), *_window(context.settings))
        return _start_windows(context, query, rows, source=LOG_TOPIC, sink="fleet-windows")
    # One source for each partition: Spark then takes the lowest of their watermarks, see alert_windows.
    parts = [
        alerts(read_topic(context.spark, context.connection, ALERT_TOPIC, number))
        for number in context.ends.partitions(ALERT_TOPIC)
    ]
    rows = alert_windows(parts, *_window(context.settings))
    return _start_windows(context, query, rows, source=ALERT_TOPIC, sink="alert-windows")


def _start_enrich(context: Context, dead_letters: DeadLetters) -> Running:
    settings = context.settings
    checkpoint = _checkpoint(context, Query.ENRICH)
    started_at = {**context.ends.beginning(LOG_TOPIC), **checkpoint.committed}
    realtime = settings.trigger is Trigger.REALTIME
    # Made before the query starts: it counts what comes out from here on.
    counted = CountedPosition(started_at, context.ends, dead_letters) if realtime else None
    query = start_query(
        outgoing(_enriched(context, heartbeats=True)),
        context.connection,
        Query.ENRICH.value,
        checkpoint.location,
        Schedule(settings.trigger, settings.epoch_seconds if realtime else 0),
    )

    def trouble() -> str:
        unknown = dead_letters.by_reason["unknown-schema"]
        if unknown:
            return f"{unknown} samples of an unknown schema: add it to TACHO_SCHEMAS, restart, drive them again"
        return _not_processing(context.spark, query, len(started_at) if realtime else 0)

    def finished() -> Offsets:
        # A counted position reads them; nobody else would.
        dead_letters.read_to(context.ends.end(REJECT_TOPIC))
        return _finished(query)

    name, position = Query.ENRICH.value, counted or CommittedPosition(started_at, finished)
    figures = EnrichFigures(name, LOG_TOPIC, lambda: progress_of(query), dead_letters)
    watched = Watched(name, LOG_TOPIC, position, trouble, lambda: 0, sum(started_at.values()), figures.show)
    return Running(query, watched)


def _start_windows(context: Context, name: Query, rows: DataFrame, source: str, sink: str) -> Running:
    settings = context.settings
    checkpoint = _checkpoint(context, name)
    started_at = {**context.ends.beginning(source), **checkpoint.committed}
    trigger = Trigger.AVAILABLE_NOW if settings.trigger is Trigger.AVAILABLE_NOW else Trigger.MICRO
    schedule = Schedule(trigger, settings.window_trigger_seconds)
    query = start_query(rows, context.connection, name.value, checkpoint.location, schedule, topic=sink)
    position = CommittedPosition(started_at, lambda: _finished(query))
    trouble = partial(_not_processing, context.spark, query, 0)
    figures = WindowFigures(name.value, source, lambda: progress_of(query))
    state, began = partial(_state_bytes, query), sum(started_at.values())
    return Running(query, Watched(name.value, source, position, trouble, state, began, figures.show))


def _checkpoint(context: Context, name: Query) -> Checkpoint:
    settings = context.settings
    return open_checkpoint(context.spark, settings.checkpoints, name.value, context.cluster_id, settings.state_epoch)


def _enriched(context: Context, heartbeats: bool) -> DataFrame:
    records = read_topic(context.spark, context.connection, LOG_TOPIC)
    return enriched(records, context.dims, context.settings.allowed_lateness_seconds, heartbeats)


def _window(settings: Settings) -> tuple[int, int, int]:
    return settings.window_seconds, settings.slide_seconds, settings.window_tasks


def _not_processing(spark: SparkSession, query: StreamingQuery, tasks: int) -> str:
    """Why a query takes in nothing yet, empty when it does. `tasks`: how many must be running, in real-time mode."""
    if not query.isActive:
        return "stopped"
    if tasks and _running_tasks(spark, query) < tasks:
        return "between two epochs" if query.lastProgress else "starting"
    return "starting" if query.status["message"].startswith("Initializing") else ""


def _running_tasks(spark: SparkSession, query: StreamingQuery) -> int:
    tracker = spark.sparkContext.statusTracker()
    jobs = filter(None, map(tracker.getJobInfo, tracker.getJobIdsForGroup(str(query.runId))))
    stages = filter(None, (tracker.getStageInfo(stage) for job in jobs for stage in job.stageIds))
    return sum(stage.numActiveTasks for stage in stages)


def _finished(query: StreamingQuery) -> Offsets:
    progress = progress_of(query)
    sources = progress["sources"] if progress else []
    return source_offsets(source["endOffset"] for source in sources if source["endOffset"])


def _state_bytes(query: StreamingQuery) -> int:
    progress = query.lastProgress
    return sum(operator.memoryUsedBytes for operator in progress.stateOperators) if progress else 0
