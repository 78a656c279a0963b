"""The Faust application: samples-enriched in; alerts and episodes delivered, the state saved, then committed."""

import asyncio
import gc
import os
from collections.abc import Callable
from itertools import chain
from typing import Any, cast

import faust
import structlog
from yarl import URL

from tacho_alerter.commits import Consumer, Transport
from tacho_alerter.delivery import Delivery
from tacho_alerter.judge import Judge
from tacho_alerter.kafka_options import faust_credentials, librdkafka_options
from tacho_alerter.lane import Batch, BatchLane
from tacho_alerter.progress import Progress
from tacho_alerter.rules_topic import RulesTopic
from tacho_alerter.settings import Settings
from tacho_alerter.state.keeper import Keeper
from tacho_alerter.state.restoring import StateReader
from tacho_alerter.status import InputLag, StatusReporter
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection
from tacho_contracts.metrics import Ages, Exposition

INPUT_TOPIC = "samples-enriched"
COMMIT_SECONDS = 1.0
"""Time between two commits of what is saved."""
log = structlog.get_logger(__name__)


def create_app(
    settings: Settings,
    connection: Connection,
    rules: RulesTopic,
    shown: Exposition,
    crash: Callable[[str], None] = lambda _point: None,
) -> faust.App:
    """The application, wired and not started; `rules` is read already, and `shown` is told how it goes.

    `crash` is called at the points of a round, by name (judged, delivered, saved): tests end the process there.
    """
    app = _faust_app(settings, connection)
    app.transport = Transport(app.conf.broker_consumer, app)
    options = librdkafka_options(connection)
    progress = Progress()
    judge = Judge(progress)
    partitions = judge.partitions
    delivery = Delivery(options)
    reader = StateReader(options, settings.group, INPUT_TOPIC, Codec("EnrichedSample").decode)
    keeper = app.transport.keeper = Keeper(partitions, reader, rules, delivery, settings.save_seconds)
    lag = InputLag(options, INPUT_TOPIC)
    status = StatusReporter(settings, delivery.producer, lag, progress, partitions, shown)
    samples = app.topic(INPUT_TOPIC, key_type=bytes, key_serializer="raw", value_type=bytes, value_serializer="raw")

    async def alert(stream: faust.StreamT[Batch]) -> None:
        async for batch in stream:
            await _handle(app, batch, judge, delivery, keeper, shown.ages, crash)

    app.agent(samples, name="alert", concurrency=1)(alert)

    @app.task  # type: ignore[untyped-decorator]
    async def start_reporting() -> None:
        _quieten_gc()
        status.start()

    @app.timer(interval=settings.save_seconds)  # type: ignore[untyped-decorator]
    async def save_when_nothing_comes() -> None:
        # Only while nobody is at it: after a wait a round may have begun, and what it has judged is not delivered yet.
        while _consumer(app).idle.is_set() and not keeper.saving:
            if not await keeper.save_if_due():
                break

    @app.on_before_shutdown.connect
    async def finish(*_args: Any, **_kwargs: Any) -> None:
        await _consumer(app).finish()
        status.stop()
        rules.stop()
        delivery.stop()

    return app


async def _handle(
    app: faust.App,
    batch: Batch,
    judge: Judge,
    delivery: Delivery,
    keeper: Keeper,
    ages: Ages,
    crash: Callable[[str], None],
) -> None:
    """Alerts and episodes, then every delivery report, then the state. Ends the process on anything else than that."""
    if batch.void or batch.delivered:
        return
    consumer = _consumer(app)
    consumer.idle.clear()
    try:
        await keeper.ready()
        batches = consumer.round_of(batch)
        outgoing = judge.outgoing(chain.from_iterable(batch.records for batch in batches))
        crash("judged")
        if outgoing:
            await delivery.send(outgoing)
        crash("delivered")
        for delivered in batches:
            consumer.mark_delivered(delivered)
        if ages.due:
            _tell_age(ages, judge, batch)
        await keeper.save_if_due()
        crash("saved")
    except asyncio.CancelledError:
        raise
    except BaseException:
        # Whatever this is, going on would let Faust acknowledge the batch, so there is no unwinding.
        log.exception("ending before the commit", partition=batch.partition, offset=batch.offset)
        os._exit(1)
    finally:
        consumer.idle.set()


def _tell_age(ages: Ages, judge: Judge, batch: Batch) -> None:
    """Of the batch's oldest record, which has waited longest."""
    event_ms = judge.event_time(batch.records[0])
    if event_ms is not None:
        ages.observe(INPUT_TOPIC, event_ms)


def _consumer(app: faust.App) -> Consumer:
    return cast(Consumer, app.consumer)


def _faust_app(settings: Settings, connection: Connection) -> faust.App:
    return faust.App(
        settings.group,
        broker=[URL(f"kafka://{server.strip()}") for server in connection.servers.split(",")],
        broker_credentials=faust_credentials(connection),
        broker_session_timeout=settings.session_timeout_seconds,
        broker_heartbeat_interval=settings.session_timeout_seconds * 0.3,
        broker_commit_interval=COMMIT_SECONDS,
        consumer_group_instance_id=settings.member or None,
        consumer_auto_offset_reset="earliest",
        datadir=settings.data_dir,
        ConsumerScheduler=BatchLane,
        processing_guarantee="at_least_once",
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        web_host="127.0.0.1",
        autodiscover=False,
    )


def _quieten_gc() -> None:
    # Samples are freed by reference count; walking them for cycles costs a pause and finds none.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
