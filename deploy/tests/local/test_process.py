import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tacho.errors import TachoError
from tacho.local.process import Process, Spec, wait_ready

# A child that starts a grandchild in the same group, says so, and then waits.
FAMILY = (
    "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); time.sleep(600)"
)
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def spec(code: str, folder: Path) -> Spec:
    return Spec("child", (sys.executable, "-c", code), folder / "child.log")


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_stopping_a_process_ends_its_grandchildren_too(tmp_path: Path) -> None:
    process = Process(spec(FAMILY, tmp_path))
    wait_until(lambda: process.log_tail() != "")
    grandchild = int(process.log_tail())
    process.stop()
    wait_until(lambda: gone(grandchild))


def test_a_process_deaf_to_sigterm_is_killed_after_its_time(tmp_path: Path) -> None:
    process = Process(spec(DEAF, tmp_path))
    wait_until(lambda: process.log_tail() == "deaf")
    assert not process.stop(seconds=0.2)
    assert process.exit_code == -9


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killing_the_runner_leaves_no_child_behind(tmp_path: Path) -> None:
    runner = (
        "import sys, time; from pathlib import Path; from tacho.local.process import Process, Spec; "
        f"p = Process(Spec('child', ('sleep', '600'), Path({str(tmp_path / 'c.log')!r}))); "
        "print(p.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", runner], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(parent.pid, 9)
    wait_until(lambda: gone(child))


def test_waiting_for_a_process_that_died_fails_at_once_with_its_last_words(tmp_path: Path) -> None:
    process = Process(spec("import sys; sys.exit('no luck')", tmp_path))
    with pytest.raises(TachoError, match=r"exit code 1[\s\S]*no luck"):
        wait_ready(process, lambda: False, seconds=20.0)


def test_the_tail_of_a_log_holds_nothing_of_an_earlier_start(tmp_path: Path) -> None:
    (tmp_path / "child.log").write_text("an earlier run\n", encoding="utf-8")
    process = Process(spec("print('this run')", tmp_path))
    wait_until(lambda: process.exit_code is not None)
    assert process.log_tail() == "this run"


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this kernel shares processors without autogroups"
)
def test_a_process_that_gives_way_does_so_as_a_session_too(tmp_path: Path) -> None:
    told = "import os; print(os.nice(0), open('/proc/self/autogroup').read().split()[-1])"
    process = Process(Spec("child", (sys.executable, "-c", told), tmp_path / "child.log", nice=19))
    wait_until(lambda: process.exit_code == 0)
    assert process.log_tail() == "19 19"
