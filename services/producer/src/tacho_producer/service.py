"""Wiring: from settings to a running simulation or replay."""

import gc
import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import structlog

from tacho_contracts.connection import Connection, connection_from_environment
from tacho_contracts.exposing import expose
from tacho_contracts.metrics import Exposition
from tacho_producer.dims import Dims, load_dims
from tacho_producer.encoding import encoder
from tacho_producer.errors import SettingsError
from tacho_producer.faults.line import line_to
from tacho_producer.fleet import Car, Fleet
from tacho_producer.journal import Journal
from tacho_producer.publisher import TOPIC, Publisher, producer_options, require_topic
from tacho_producer.resume import Last, last_in_log
from tacho_producer.settings import Faults, Settings, variable
from tacho_producer.simulate import SampleSource, send_all
from tacho_producer.status import StatusReporter
from tacho_producer.timeline import Timeline, start_before

_log = structlog.get_logger("tacho_producer")
_RUN_FILE = "run.json"
_CLOCK_TOLERANCE_US = 5_000_000


def simulate(settings: Settings, stopping: Callable[[], bool]) -> int:
    """Run the simulation; the exit code: 0 when every sample sent was confirmed."""
    connection = connection_from_environment()
    cars = chosen_cars(load_dims(settings.dims), settings)
    journal = open_journal(settings, faults=settings.faults is Faults.ALLOW)
    publisher = open_publisher(connection, settings, journal, stopping)
    last = known_sequences(connection, journal, [car.car_id for car in cars])
    cars = [replace(car, next_sequence=last.get(car.car_id, (0, 0))[0] + 1) for car in cars]
    newest_us = 1000 * max((event_ms for _, event_ms in last.values()), default=0)
    timeline = make_timeline(settings, len(cars), newest_us, time.time_ns() // 1000)
    if timeline is None:
        _log.info("this run had already ended before the restart")
        return 0
    fleet = Fleet(cars, settings.seed, timeline.step_us / 1e6, settings.shares)
    source = SampleSource(fleet, [car.next_sequence for car in cars], timeline)
    _log.info("driving", cars=len(cars), resumed=len(last), start_us=timeline.start_us, samples=timeline.total)
    # The fleet lives as long as the process: the garbage collector need not look through it again and again.
    gc.freeze()
    began = time.monotonic()
    with line_to(publisher, connection, settings, journal, fleet.car_ids) as line:
        send_all(source, timeline, publisher, stopping, line.send if line else publisher.send)
        if line:
            now_us = time.time_ns() // 1000
            line.end(max(timeline.log_ms(source.position, now_us), publisher.heartbeats.last_ms))
    return finish(settings, publisher, journal, began, None if stopping() else timeline.end_ms(time.time_ns() // 1000))


def chosen_cars(dims: Dims, settings: Settings) -> list[Car]:
    """The first `cars` cars of the dims. Raises SettingsError when there are fewer."""
    if len(dims.cars) < settings.cars:
        raise SettingsError(
            f"{settings.cars} cars are wanted and {settings.dims}/cars holds {len(dims.cars)}; make them with "
            f"`python -m tacho_enricher.cars_generator --cars {settings.cars} --dims {settings.dims}`"
        )
    return [Car(car_id, dims.drivetrains[model_id]) for car_id, model_id in dims.cars[: settings.cars]]


def open_journal(settings: Settings, faults: bool = False) -> Journal | None:
    """The journal of the settings, ready for writing; faults: whether some may be injected."""
    if settings.journal is None:
        return None
    return Journal(settings.journal, settings.journal_segment_mb << 20, settings.journal_retention_mb << 20, faults)


def open_publisher(
    connection: Connection, settings: Settings, journal: Journal | None, stopping: Callable[[], bool]
) -> Publisher:
    """A publisher with the log there to take samples, reporting status."""
    options = producer_options(connection, settings.queue_samples, settings.linger)
    shown = Exposition("producer", version("tacho-producer"))
    expose(shown, settings.metrics_host, settings.metrics_port, variable("metrics_port"))
    publisher = Publisher(options, encoder(settings.encoding), journal, stopping, shown.ages)
    publisher.heartbeats.partitions = require_topic(publisher.producer, stopping)
    publisher.idle = StatusReporter(publisher, publisher.producer, settings.restarts, shown).report_if_due
    return publisher


def known_sequences(connection: Connection, journal: Journal | None, cars: list[int]) -> Last:
    """How far each car got, from the journal, and from the log for cars the journal does not know."""
    last = dict(journal.last) if journal else {}
    unknown = [car_id for car_id in cars if car_id not in last]
    if unknown:
        last |= last_in_log(connection, TOPIC, unknown)
    return {car_id: last[car_id] for car_id in cars if car_id in last}


def make_timeline(settings: Settings, cars: int, newest_us: int, now_us: int) -> Timeline | None:
    """When this run's samples happen. None when a restarted run has nothing left to send.

    `newest_us`: event time of the newest sample already sent, 0 for none. Raises SettingsError when the run would
    go back behind it, or ahead of the clock.
    """
    step_us = round(1e6 / settings.rate)
    run_file = settings.journal / _RUN_FILE if settings.journal else None
    seconds: float | None
    if settings.restarts and run_file and run_file.exists() and settings.seconds:
        first_us, end_us, follows_clock = _read_run(run_file)
        start_us = now_us if follows_clock else max(newest_us + 1000, first_us)
        seconds = (end_us - start_us) / 1e6
        clock_us = now_us
    else:
        start_us, seconds = _first_start(settings, now_us), settings.seconds
        # A live run that merely restarts within the same millisecond goes on after it.
        if settings.start is None and settings.speed_up == 1.0:
            start_us = max(start_us, min(newest_us + 1000, now_us + _CLOCK_TOLERANCE_US))
        if start_us <= newest_us:
            raise SettingsError("the log already holds samples from this start on; start later, or use a fresh log")
        clock_us = start_us if settings.start is None and settings.speed_up == 1.0 else now_us
        if run_file and seconds:
            run = {"start_us": start_us, "end_us": start_us + int(seconds * 1e6), "follows_clock": start_us == clock_us}
            run_file.write_text(json.dumps(run), encoding="utf-8")
    steps = None if seconds is None else int(seconds * 1e6) // step_us
    if steps is not None and steps <= 0:
        return None
    return Timeline(start_us, clock_us, settings.speed_up, step_us, cars, steps)


def _read_run(path: Path) -> tuple[int, int, bool]:
    """Start and end [us] of the run that is restarted, and whether its time is the clock's."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        return int(run["start_us"]), int(run["end_us"]), bool(run["follows_clock"])
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError(f"{path} is damaged; delete it to begin a new run after the newest sample") from error


def _first_start(settings: Settings, now_us: int) -> int:
    seconds, speed_up = settings.seconds, settings.speed_up
    latest_us = now_us if seconds is None else start_before(now_us, seconds, speed_up)
    if settings.start is None:
        return latest_us
    start_us = int(settings.start.timestamp() * 1000) * 1000
    if start_us > latest_us:
        raise SettingsError("start is too late: simulated time would pass the clock")
    return start_us


def finish(settings: Settings, publisher: Publisher, journal: Journal | None, began: float, end_ms: int | None) -> int:
    """Wait for confirmations, say how it went, and give the exit code.

    end_ms: log time at which the input ended, told by the last heartbeats; None when it was stopped before its end.
    """
    complete = publisher.finish(settings.stop_timeout_seconds)
    if complete and end_ms is not None:
        publisher.heartbeats.beat(max(end_ms, publisher.heartbeats.last_ms))
        publisher.finish(settings.stop_timeout_seconds)
    if journal:
        journal.close()
    seconds = time.monotonic() - began
    figures = {"sent": publisher.sent, "acked": publisher.acked, "failed": publisher.failed}
    figures["heartbeats"] = publisher.heartbeats.acked
    rate = round(publisher.acked / seconds) if seconds else math.nan
    _log.info("finished", **figures, unconfirmed=publisher.waiting, seconds=round(seconds, 3), samples_per_second=rate)
    return 0 if complete and not publisher.failed else 1
