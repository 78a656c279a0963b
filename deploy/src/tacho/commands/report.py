"""`tacho report`: how each driver drives, out of the log."""

import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from confluent_kafka import Message
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import show
from tacho.consume.lines import iso
from tacho.consume.moments import moment_ms
from tacho.consume.reading import whole_topic
from tacho.consume.records import records, unreadable_text
from tacho.errors import TachoError, UsageError
from tacho.report.drivers import Choice, Drivers
from tacho.report.driving import Limits
from tacho.report.view import as_csv, as_document, table

SAMPLES_TOPIC = "samples-enriched"
_AHEAD_MS = 5_000
"""A sample's event time is at most so far ahead of its record timestamp (reject reason future-time)."""
_SHOW_EVERY = 20_000
_OUT = "-"


def report(
    since: Annotated[str | None, typer.Option(help="From this event time on: 24h, or an ISO time.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this event time, itself not included.")] = None,
    car: Annotated[int | None, typer.Option(help="Only this car_id.")] = None,
    driver: Annotated[int | None, typer.Option(help="Only this driver_id.")] = None,
    csv_file: Annotated[str | None, typer.Option("--csv", metavar="FILE|-", help="As CSV, into a file or out.")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    speed_limit: Annotated[float, typer.Option(min=0, help="km/h.")] = Limits.speed_kmh,
    rpm_limit: Annotated[float, typer.Option(min=0, help="1/min.")] = Limits.rpm,
    braking: Annotated[float, typer.Option(max=0, help="Harsh below this, m/s2.")] = Limits.braking_ms2,
    acceleration: Annotated[float, typer.Option(min=0, help="Harsh above this, m/s2.")] = Limits.acceleration_ms2,
    servers: options.Servers = None,
) -> None:
    """How each driver drives in each car, out of the log: figures and a score (docs/reports.md).

    A score is 100 less what each part takes; there is none below 1 km:

    speed min(30, 3 x time over the speed limit in % of driving time)
    rpm min(20, 4 x time over the rpm limit in % of driving time)
    gear min(20, 0.5 x time in a wrong gear in % of driving time in a gear with a known range)
    harsh min(25, 1 x harsh events per 100 km)
    idle min(5, 0.1 x idle time in % of driving and idle time)
    """
    if csv_file is not None and as_object:
        raise UsageError("--csv and --json are two forms of one report: choose one.")
    now = int(time.time() * 1000)
    choice = Choice(_moment(since, now), _moment(until, now), car)
    limits = Limits(speed_limit, rpm_limit, braking, acceleration)
    start = "start" if choice.since is None else iso(choice.since - _AHEAD_MS)
    drivers, unreadable = Drivers(limits, choice), Counter[str]()
    collect(_watched(whole_topic(connection_to(servers), SAMPLES_TOPIC, start)), drivers, unreadable)
    rows = [row for row in drivers.rows() if driver is None or row.driver_id == driver]
    if csv_file == _OUT:
        sys.stdout.write(as_csv(rows))
    elif csv_file is not None:
        _written(Path(csv_file), as_csv(rows))
    elif as_object:
        print(json.dumps(as_document(rows, limits, choice, drivers.repeats), ensure_ascii=False))
    else:
        show(table(rows, limits) if rows else "no samples")
    if unreadable:
        Console(stderr=True).print(unreadable_text(unreadable), markup=False)


def collect(messages: Iterable[Message], drivers: Drivers, unreadable: Counter[str]) -> None:
    """Add up a topic's messages, partition by partition: with a partition's end its cars are complete."""
    for _, of_partition in groupby(messages, Message.partition):
        _add(of_partition, drivers, unreadable)
        drivers.close()


def _add(messages: Iterable[Message], drivers: Drivers, unreadable: Counter[str]) -> None:
    if (car := drivers.choice.car) is not None:
        # Told by the key, before anything is decoded.
        messages = (message for message in messages if message.key() == str(car).encode())
    for record in records(messages, "EnrichedSample", unreadable):
        try:
            drivers.add(record)
        except struct.error:
            unreadable["out-of-range"] += 1


def _moment(text: str | None, now: int) -> int | None:
    return None if text is None else moment_ms(text, now)


def _watched(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages, with their count on the terminal while they are read."""
    columns = SpinnerColumn(), TextColumn("{task.completed:,.0f} records read"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)
        for count, message in enumerate(messages, 1):
            if count % _SHOW_EVERY == 0:
                progress.update(task, completed=count)
            yield message


def _written(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise TachoError(f"{file} cannot be written: {error.strerror}.") from error
