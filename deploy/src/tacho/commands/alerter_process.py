"""The alerter's command line as a process: it alone knows what a rule says and when it fires, and is never imported."""

import os
import subprocess
import sys
from importlib.util import find_spec

from tacho.consume.reading import OPERATOR_GROUP
from tacho.errors import UsageError

_ALERTER = "tacho_alerter"


def run_alerter(*arguments: str, servers: str | None = None) -> int:
    """Its exit code; what it prints goes where ours does. Raises UsageError where it is not installed."""
    return subprocess.run(_command(arguments), env=_environment(servers), check=False).returncode


def ask_alerter(*arguments: str, servers: str | None = None) -> tuple[int, str]:
    """Its exit code and what it printed; stderr goes where ours does. Raises UsageError where it is not installed."""
    done = subprocess.run(
        _command(arguments), env=_environment(servers), check=False, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.returncode, done.stdout


def _command(arguments: tuple[str, ...]) -> list[str]:
    if find_spec(_ALERTER) is None:
        raise UsageError("Rules are judged by the alerter, which this place lacks: install tacho-alerter.")
    return [sys.executable, "-m", _ALERTER, *arguments]


def _environment(servers: str | None) -> dict[str, str]:
    # The group is never joined, but on AWS even asking for one needs a permission, and this one is the operator's.
    environment = {**os.environ, "TACHO_ALERTER_GROUP": OPERATOR_GROUP}
    # A signer's credentials and all else come from the environment; an address found on this machine is added.
    if servers is not None:
        environment["TACHO_KAFKA_SERVERS"] = servers
    return environment
