"""`tacho replay`: a recorded drive through the whole pipeline."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from confluent_kafka import Consumer
from rich.console import Console
from rich.table import Table

from tacho.commands import options
from tacho.commands.connecting import KEPT, running_pipeline
from tacho.commands.reporting import reporter
from tacho.commands.restoring import is_archive, restore_archive
from tacho.console.feed import Feed
from tacho.consume.lines import iso
from tacho.consume.reading import positions
from tacho.errors import TachoError, UsageError
from tacho.kafka_options import reading_options
from tacho.local import stages
from tacho.local.bounded import BoundedRun
from tacho.local.folder import wipe
from tacho.local.latency import read_sent
from tacho.local.layout import RunFolder, run_folder
from tacho.local.lock import RunLock
from tacho.local.pipeline import Pipeline
from tacho.local.ports import HOST
from tacho.local.process import Spec
from tacho.local.settings import DEFAULT_PORT, RunSettings
from tacho.local.settling import Settling
from tacho.local.stopping import StopRequest
from tacho.verify import Report
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode

_SETTLE_SECONDS = 120.0
_POLL_SECONDS = 15.0
_PRODUCER = "tacho_producer"
"""Started as a process and never imported; the operator's image goes without it."""


def replay(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The recording (CSV), or an archive: a folder or s3:// address.")],
    port: options.Port = DEFAULT_PORT,
) -> None:
    """Send a recorded drive through the pipeline that runs, or through one started for it, and report its alerts.

    The one started for it is then verified, as `tacho demo` is; for the one that runs, `tacho verify` covers the drive.
    All further options (--map NAME|FILE and others) are the producer's: `python -m tacho_producer replay --help`.
    """
    if is_archive(file):
        restore_archive(file, context.args, port)
        return
    if not Path(file).is_file():
        raise UsageError(f"There is no recording {file}: name a CSV file, or an archive that `tacho archive` wrote.")
    if find_spec(_PRODUCER) is None:
        raise UsageError(
            "A recording is sent by the producer, which this place lacks: replay it where the repository is, into a "
            "pipeline there. An archive is read back from here."
        )
    arguments = (str(Path(file).absolute()), *context.args)
    console = Console()
    running = running_pipeline(KEPT)
    with StopRequest() as stop:
        if running is not None:
            folder, servers = running
            # The fleet's cars have a driver already.
            arguments = (*arguments, "--fleet-drives")
            settings = RunSettings(folder, port=int(servers.rpartition(":")[2]), replay=arguments)
            with Feed(servers) as feed:
                _through(console, settings, feed, _nothing, stop)
            return
        settings = RunSettings(run_folder("replay"), port=port, replay=arguments)
        verdict = _bounded(console, settings, stop)
    console.print(verdict.render())
    raise typer.Exit(0 if verdict.ok else 1)


def _bounded(console: Console, settings: RunSettings, stop: StopRequest) -> Report:
    """The drive through a pipeline of its own, and the verifier's word on it."""
    with RunLock(settings.folder.lock):
        wipe(settings.folder)
    report = reporter(console)
    with Pipeline(settings, stop, report) as pipeline:
        feed = pipeline.start(Feed)
        _through(console, settings, feed, pipeline.watch, stop)
        return BoundedRun(pipeline, feed, stop, report).verify(alone=True)


def _nothing() -> None:
    """The pipeline that runs has a supervisor of its own."""


def _through(console: Console, settings: RunSettings, feed: Feed, watch: Callable[[], None], stop: StopRequest) -> None:
    began_ms = int(time.time() * 1000)
    # A journal of its own: the one beside it may be another producer's. The verifier reads them all.
    journal = RunFolder(settings.folder.replays / str(began_ms)).journal
    spec = stages.producer(settings)
    _send(replace(spec, env={**spec.env, "TACHO_PRODUCER_JOURNAL": str(journal)}), watch, stop)
    settling = Settling(int(time.time() * 1000))
    deadline = time.monotonic() + _SETTLE_SECONDS
    while (waiting := settling.waits_for(feed.status)) is not None:
        if time.monotonic() > deadline:
            raise TachoError(f"{waiting} still has records waiting {_SETTLE_SECONDS:.0f} s after the replay was sent.")
        watch()
        stop.pause()
    sent = read_sent(journal)
    found = count_alerts(f"{HOST}:{settings.port}", began_ms, sent)
    console.print(alerts_found(len(sent), found))


def alerts_found(samples: int, alerts: Counter[str]) -> Table:
    """What the rules said of the drive."""
    table = Table("alerts of the drive", "count", title=f"{samples:,} samples sent", title_justify="left")
    table.columns[1].justify = "right"
    for rule, count in alerts.most_common():
        table.add_row(rule, f"{count:,}")
    table.add_row("all", f"{alerts.total():,}", style="bold")
    return table


def count_alerts(servers: str, since_ms: int, event_ids: Collection[str]) -> Counter[str]:
    """Alerts by rule of these samples, each once, among what was put on alert-data since then."""
    connection = Connection(servers=servers, mode=Mode.PLAINTEXT)
    consumer = Consumer(reading_options(connection, "tacho-replay") | {"enable.partition.eof": True})
    codec = Codec("Alert")
    seen: set[str] = set()
    found: Counter[str] = Counter()
    try:
        places = positions(consumer, connection, "alert-data", iso(since_ms))
        consumer.assign(places)
        ended: set[int] = set()
        while len(ended) < len(places):
            message = consumer.poll(_POLL_SECONDS)
            if message is None:
                raise TachoError(f"alert-data was silent for {_POLL_SECONDS:.0f} s: is the broker still running?")
            if message.error() is not None:
                # The only error without consequence here is the end of a partition.
                ended.add(int(message.partition() or 0))
                continue
            alert = codec.decode(message.value())
            if alert["event_id"] in event_ids and alert["alert_id"] not in seen:
                seen.add(alert["alert_id"])
                found[alert["rule"]] += 1
    finally:
        consumer.close()
    return found


def _send(spec: Spec, watch: Callable[[], None], stop: StopRequest) -> None:
    """Run the producer in the foreground: its report is meant for the operator."""
    # Its own session: Ctrl-C is ours, and reaches it through terminate() below.
    with subprocess.Popen(spec.command, env={**os.environ, **spec.env}, start_new_session=True) as producer:
        try:
            while producer.poll() is None:
                watch()
                stop.pause()
        finally:
            producer.terminate()
    if producer.returncode:
        raise TachoError("The replay was not sent; the producer's own words are above.")
