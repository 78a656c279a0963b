"""The command line: `simulate` (the default) and `replay`, with a flag for each setting."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any

import structlog

from tacho_producer.settings import Settings

_log = structlog.get_logger("tacho_producer")


def parse(arguments: Sequence[str]) -> tuple[str, dict[str, Any], argparse.Namespace]:
    """The command, the settings given as flags, and the command's own options."""
    given = list(arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "simulate")
    parser = argparse.ArgumentParser(prog="tacho_producer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulate = commands.add_parser("simulate", help="drive simulated cars")
    replay = commands.add_parser("replay", help="send a recorded drive")
    for command in (simulate, replay):
        for name, field in Settings.model_fields.items():
            text = (field.description or "").replace("%", "%%")
            command.add_argument(f"--{name.replace('_', '-')}", dest=name, help=text)
    options = parser.parse_args(given)
    flags = {name: getattr(options, name) for name in Settings.model_fields}
    return options.command, flags, options


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
