"""Runs the application as a process: logging, signals, and a stop that always ends."""

import logging.config
import os
import signal
import sys
import threading
from typing import Any

import faust
import structlog

from tacho_alerter.outage import LibraryLines

FORCED_STOP_SECONDS = 15.0
log = structlog.get_logger(__name__)


class Worker(faust.Worker):
    """Faust's worker, which ends within 15 s of SIGTERM or SIGINT even when the broker is away."""

    def _schedule_shutdown(self, signal: signal.Signals) -> None:
        timer = threading.Timer(FORCED_STOP_SECONDS, _give_up)
        timer.daemon = True
        timer.start()
        super()._schedule_shutdown(signal)


def _give_up() -> None:
    log.warning("stopped without the broker's answer; what was not committed is read again")
    os._exit(0)


def configure_logging() -> None:
    """Log as the worker will, from the first line of the process on."""
    logging.config.dictConfig(_logging())


def run(app: faust.App) -> None:
    """Run until a signal; leaves by SystemExit with 0, or with the error that ended the application."""
    Worker(app, loglevel="INFO", logging_config=_logging(), redirect_stdouts=False).execute_from_commandline()


def _logging() -> dict[str, Any]:
    """Everything to stderr through structlog: for people on a terminal, else one JSON object a line."""
    renderer: Any = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": shared,
            }
        },
        "filters": {"libraries": {"()": LibraryLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured", "filters": ["libraries"]}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"tacho_alerter": {"level": "INFO"}},
    }
