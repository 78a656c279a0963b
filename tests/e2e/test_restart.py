"""Stopping leaves nothing behind, and a second run goes on from the log."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tacho.local.layout import jars_folder
from tacho.local.ports import free_port, is_free

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

LIVE_SECONDS = 120.0


def run_until_more_samples(home: Path, port: int) -> None:
    """`tacho run` until every car has sent a few more samples and an alert was shown, then Ctrl-C.

    Every query runs by then: a Spark that is stopped while it starts writes an error into its log.
    """
    environment = {**os.environ, "TACHO_HOME": str(home), "TACHO_JARS": str(jars_folder())}
    command = [sys.executable, "-u", "-m", "tacho", "run", "--port", str(port), "--window", "5s"]
    before = sequences(home)
    printed = home / "printed.txt"
    with printed.open("w", encoding="utf-8") as out:
        runner = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + LIVE_SECONDS
    while not (is_shown(printed.read_text(encoding="utf-8")) and has_grown(before, sequences(home))):
        assert runner.poll() is None, printed.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, f"no samples and alerts in time:\n{printed.read_text(encoding='utf-8')}"
        time.sleep(0.2)
    children = psutil.Process(runner.pid).children(recursive=True)
    runner.send_signal(signal.SIGINT)
    assert runner.wait(timeout=90) == 0, printed.read_text(encoding="utf-8")
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def is_shown(printed: str) -> bool:
    return "speeding" in printed and all(f"  {query} " in printed for query in ("enrich", "windows", "alert-windows"))


def complaints(logs: Path) -> list[str]:
    """Lines of errors in any process's log: a normal run that is stopped has none."""
    words = (" ERROR ", '"level": "error"', "Traceback", "Exception")
    lines = [line for log in logs.glob("*.log") for line in log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if any(word in line for word in words)]


def has_grown(before: dict[str, list[int]], now: dict[str, list[int]]) -> bool:
    return bool(now) and all(len(sent) >= len(before.get(car_id, ())) + 5 for car_id, sent in now.items())


def sequences(home: Path) -> dict[str, list[int]]:
    """Every car's sequences in the order they were sent, from the journal."""
    sent: dict[str, list[int]] = {}
    for segment in sorted((home / "run" / "journal").glob("journal-*.csv")):
        for line in segment.read_text(encoding="utf-8").splitlines():
            if line.startswith("sent,"):
                _, _, _, car_id, sequence, *_ = line.split(",")
                sent.setdefault(car_id, []).append(int(sequence))
    return sent


def test_ctrl_c_leaves_no_process_and_no_port_and_a_second_run_goes_on_from_the_log(tmp_path: Path) -> None:
    port = free_port()
    run_until_more_samples(tmp_path, port)
    assert is_free(port)
    assert complaints(tmp_path / "run" / "logs") == []
    before = sequences(tmp_path)
    run_until_more_samples(tmp_path, port)
    assert is_free(port)
    after = sequences(tmp_path)
    assert set(after) == set(before)
    for car_id, sent in after.items():
        assert sent == list(range(1, len(sent) + 1)), car_id
        assert len(sent) > len(before[car_id]), car_id
