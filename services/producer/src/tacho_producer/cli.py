"""The command line: `simulate` (the default) and `replay`, with a flag for each setting."""

import argparse
import math
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from tacho_producer.replay.column_map import map_names
from tacho_producer.replay.identity import FIRST_CAR_ID, ReplayOptions
from tacho_producer.settings import Settings

# A setting with a variable of its own is a supervisor's to give, not an operator's.
_FLAGS = {name: field for name, field in Settings.model_fields.items() if field.validation_alias is None}


def parse(arguments: Sequence[str]) -> tuple[dict[str, Any], ReplayOptions | None]:
    """The settings given as flags, and what to replay; None to simulate."""
    given = list(arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "simulate")
    parser = argparse.ArgumentParser(prog="tacho_producer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulate = commands.add_parser("simulate", help="drive simulated cars")
    replay = commands.add_parser("replay", help="send a recorded drive")
    for command in (simulate, replay):
        for name, field in _FLAGS.items():
            text = (field.description or "").replace("%", "%%")
            command.add_argument(f"--{name.replace('_', '-')}", dest=name, help=text)
    replay.add_argument("file", type=Path, help="the recorded drive, CSV")
    replay.add_argument("--map", required=True, help=f"column map: a yaml file or one of {', '.join(map_names())}")
    replay.add_argument("--car-id", type=int, default=FIRST_CAR_ID, help="car_id of the (first) vehicle, 7 digits")
    replay.add_argument("--model", help="model id or name in the dims, for the gears of a file that has none")
    replay.add_argument("--keep-time", action="store_true", help="send the recording's own times, into a fresh log")
    replay.add_argument("--fleet-drives", action="store_true", help="refuse the dims' cars: a producer drives them now")
    replay.add_argument("--report", type=Path, help="also write the report to this file, as JSON")
    options = parser.parse_args(given)
    flags = {name: getattr(options, name) for name in _FLAGS}
    if options.command == "simulate":
        return flags, None
    # A replay knows its own length, which is what lets simulated time run ahead at a speed-up.
    flags["seconds"] = flags["seconds"] or math.inf
    return flags, ReplayOptions(
        file=options.file,
        column_map=options.map,
        car_id=options.car_id,
        model=options.model,
        keep_time=options.keep_time,
        fleet_drives=options.fleet_drives,
        report=options.report,
    )


def configure_logging() -> None:
    """Log to stderr, as JSON when nobody sits there."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def stop_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    event = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: event.set())
    return event
