"""Logging of the process: everything to stderr through structlog."""

import logging.config
import sys
from typing import Any

import structlog

from tacho_alerter.outage import LibraryLines


def configure_logging() -> None:
    """Log as the worker will, from the first line of the process on."""
    logging.config.dictConfig(logging_config())


def logging_config() -> dict[str, Any]:
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
