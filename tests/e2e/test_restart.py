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


def run_until_samples(home: Path, port: int) -> str:
    """`tacho run` until samples were enriched, then Ctrl-C; returns what it printed."""
    environment = {**os.environ, "TACHO_HOME": str(home), "TACHO_JARS": str(jars_folder())}
    command = [sys.executable, "-u", "-m", "tacho", "run", "--port", str(port), "--window", "5s"]
    printed = home / "printed.txt"
    with printed.open("w", encoding="utf-8") as out:
        runner = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + LIVE_SECONDS
    while "speeding" not in printed.read_text(encoding="utf-8"):
        assert runner.poll() is None, printed.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, f"no alert was shown:\n{printed.read_text(encoding='utf-8')}"
        time.sleep(0.2)
    children = psutil.Process(runner.pid).children(recursive=True)
    runner.send_signal(signal.SIGINT)
    assert runner.wait(timeout=90) == 0, printed.read_text(encoding="utf-8")
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    return printed.read_text(encoding="utf-8")


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
    run_until_samples(tmp_path, port)
    assert is_free(port)
    before = sequences(tmp_path)
    run_until_samples(tmp_path, port)
    assert is_free(port)
    after = sequences(tmp_path)
    assert set(after) == set(before)
    for car_id, sent in after.items():
        assert sent == list(range(1, len(sent) + 1)), car_id
        assert len(sent) > len(before[car_id]), car_id
