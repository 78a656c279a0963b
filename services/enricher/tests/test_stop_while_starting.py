"""A signal that comes while the process still starts ends it at once: there is nothing to save yet."""

import os
import signal
import subprocess
import sys

import pytest

# Nothing listens on the port of tcpmux, and an unprivileged process cannot begin to.
NOBODY = "127.0.0.1:1"
DEADLINE_SECONDS = 20
# The real `run`, held where Spark would hold it: in a call that does not look at any event.
HELD_IN_SPARK = f"""
import time
from tacho_contracts.connection import Connection
from tacho_enricher import job
from tacho_enricher.settings import Settings

def start_session(*_):
    print("starting Spark", flush=True)
    time.sleep(600)

job.describe_cluster = lambda _: ("a cluster", 6)
job.start_session = start_session
job.run(Settings(), Connection(servers="{NOBODY}"))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_while_it_waits_for_the_broker_it_ends_well(number: signal.Signals) -> None:
    environment = {**os.environ, "TACHO_KAFKA_SERVERS": NOBODY, "TACHO_ENRICHER_WAIT_SECONDS": "600"}
    command = [sys.executable, "-m", "tacho_enricher"]
    with subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert "waiting" in process.stderr.readline()
        process.send_signal(number)
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, errors) == (0, "")


def test_told_to_stop_while_spark_starts_it_does_not_wait_for_spark() -> None:
    with subprocess.Popen([sys.executable, "-c", HELD_IN_SPARK], text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "starting Spark\n"
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(DEADLINE_SECONDS) == 0
        finally:
            process.kill()
