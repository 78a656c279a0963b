"""The verifier: an oracle that recomputes a run from its inputs and shares no code with the services."""

from tacho.verify.command import verify_command, verify_run
from tacho.verify.errors import CannotVerify
from tacho.verify.report import Report

__all__ = ["CannotVerify", "Report", "verify_command", "verify_run"]
