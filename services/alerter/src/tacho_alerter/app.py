"""The Faust application: samples-enriched in; alerts delivered, then committed."""

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
from tacho_alerter.rules import RuleSet
from tacho_alerter.settings import Settings
from tacho_alerter.status import InputLag, StatusReporter
from tacho_contracts.connection import Connection

INPUT_TOPIC = "samples-enriched"
log = structlog.get_logger(__name__)


def create_app(
    settings: Settings, connection: Connection, rules: RuleSet, after_delivery: Callable[[], None] = lambda: None
) -> faust.App:
    """The application, wired and not started.

    `after_delivery` is called between the delivery of a batch and the mark that allows its commit; tests crash there.
    """
    app = _faust_app(settings, connection)
    app.transport = Transport(app.conf.broker_consumer, app)
    options = librdkafka_options(connection)
    progress = Progress()
    judge = Judge(rules, progress)
    delivery = Delivery(options)
    status = StatusReporter(
        settings, delivery.producer, InputLag(options, INPUT_TOPIC), progress, lambda: _consumer(app).positions
    )
    samples = app.topic(INPUT_TOPIC, key_type=bytes, key_serializer="raw", value_type=bytes, value_serializer="raw")

    async def alert(stream: faust.StreamT[Batch]) -> None:
        async for batch in stream:
            await _handle(app, batch, judge, delivery, after_delivery)

    app.agent(samples, name="alert", concurrency=1)(alert)

    @app.task  # type: ignore[untyped-decorator]
    async def start_reporting() -> None:
        _quieten_gc()
        status.start()

    @app.on_before_shutdown.connect
    async def stop_reporting(*_args: Any, **_kwargs: Any) -> None:
        status.stop()
        delivery.stop()

    return app


async def _handle(
    app: faust.App, batch: Batch, judge: Judge, delivery: Delivery, after_delivery: Callable[[], None]
) -> None:
    """Alerts, then every delivery report, then the mark. Ends the process on anything else than that."""
    if batch.void or batch.delivered:
        return
    consumer = _consumer(app)
    consumer.idle.clear()
    try:
        batches = consumer.round_of(batch)
        outgoing = judge.outgoing(chain.from_iterable(batch.records for batch in batches))
        if outgoing:
            await delivery.send(outgoing)
        after_delivery()
        for delivered in batches:
            consumer.mark_delivered(delivered)
    except asyncio.CancelledError:
        raise
    except BaseException:
        # Whatever this is, going on would let Faust acknowledge the batch, so there is no unwinding.
        log.exception("ending before the commit", partition=batch.partition, offset=batch.offset)
        os._exit(1)
    finally:
        consumer.idle.set()


def _consumer(app: faust.App) -> Consumer:
    return cast(Consumer, app.consumer)


def _faust_app(settings: Settings, connection: Connection) -> faust.App:
    return faust.App(
        settings.group,
        broker=[URL(f"kafka://{server.strip()}") for server in connection.servers.split(",")],
        broker_credentials=faust_credentials(connection),
        broker_session_timeout=settings.session_timeout_seconds,
        broker_heartbeat_interval=settings.session_timeout_seconds * 0.3,
        broker_commit_interval=settings.commit_seconds,
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
