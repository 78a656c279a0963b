"""Runs the application as a process: signals, and a stop that always ends."""

import os
import signal
import threading

import faust
import structlog

from tacho_alerter.logs import logging_config

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


def run(app: faust.App) -> None:
    """Run until a signal; leaves by SystemExit with 0, or with the error that ended the application."""
    Worker(app, loglevel="INFO", logging_config=logging_config(), redirect_stdouts=False).execute_from_commandline()
