"""Logging of the process: everything to stderr through structlog."""

import logging.config
import sys
from typing import Any

import structlog


def configure_logging() -> None:
    """For people on a terminal, else one JSON object a line."""
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
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": renderer,
        "foreign_pre_chain": shared,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"structured": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"level": "WARNING", "handlers": ["stderr"]},
            # aiokafka writes a line for each connection that is refused; what they come to, reading/ says once.
            "loggers": {"tacho_dashboard": {"level": "INFO"}, "aiokafka": {"level": "CRITICAL"}},
        }
    )
