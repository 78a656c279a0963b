"""An alerter that starts before the broker or the topics waits for them, and says so in one sentence when in vain."""

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tacho.local.ports import listening_port

sys.path.insert(0, str(Path(__file__).parent))
from fleet import Fleet, Workers, expected_alerts, publish_rules, samples, send, wait_for

# Nothing listens on the port of tcpmux, and an unprivileged process cannot begin to.
NOBODY = "127.0.0.1:1"


def alerter(seconds):
    environment = {**os.environ, "TACHO_KAFKA_SERVERS": NOBODY, "TACHO_ALERTER_WAIT_SECONDS": str(seconds)}
    command = [sys.executable, "-m", "tacho_alerter"]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_without_a_broker_it_ends_with_code_1_and_one_sentence():
    with alerter(seconds=0) as process:
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert printed == ""
    assert len(errors.splitlines()) == 1
    assert f"no Kafka broker answers at {NOBODY}" in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_while_it_waits_it_ends_well(number):
    with alerter(seconds=600) as process:
        said = process.stderr.readline()
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert "waiting" in said
    assert (process.returncode, errors) == (0, "")


def test_while_it_waits_it_is_alive_and_says_what_for(monkeypatch):
    port = listening_port()
    monkeypatch.setenv("TACHO_ALERTER_METRICS_PORT", str(port))
    with alerter(seconds=600) as process:
        try:
            wait_for(lambda: f"no Kafka broker answers at {NOBODY}" in answer(port, "/readyz")[1], "the reason")
            assert answer(port, "/readyz")[0] == 503
            assert answer(port, "/healthz") == (200, "ok\n")
        finally:
            process.terminate()


def answer(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except ConnectionRefusedError:
        return 0, ""
    finally:
        connection.close()


@pytest.mark.broker
@pytest.mark.timeout(180)
def test_started_before_the_topics_it_judges_once_they_are_there(broker, tmp_path):
    broker.delete_topics()
    workers, fleet, log = Workers(broker.servers, tmp_path), Fleet(broker.servers), list(samples(500))
    try:
        worker = workers.start()
        wait_for(lambda: "lacks the topics" in (tmp_path / "worker-0.log").read_text(), "the worker to wait")
        broker.create_topics()
        publish_rules(broker.servers)
        send(broker.servers, log)
        fleet.wait_until_committed()
        assert sum(fleet.ends("alert-data").values()) == sum(len(alerts) for alerts in expected_alerts(log).values())
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert "Traceback" not in (tmp_path / "worker-0.log").read_text()
    finally:
        workers.end()
        fleet.close()
