"""One operating system process of the pipeline: started in its own process group, stopped with everything below it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tacho.errors import TachoError

STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Spec:
    """What to start: a name for people, the command, settings added to the environment, and where output goes."""

    name: str
    command: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    nice: int = 0
    """Added to the priority: 19 gives way to everything else."""


class Ended(Protocol):
    """What can be told of a process that is over."""

    @property
    def spec(self) -> Spec: ...  # noqa: D102
    @property
    def exit_code(self) -> int | None: ...  # noqa: D102
    def log_tail(self, lines: int = ...) -> str: ...  # noqa: D102


class Process:
    """A running Spec. Must be started from a thread that outlives it: on Linux it dies with that thread."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        spec.log.parent.mkdir(parents=True, exist_ok=True)
        self._gone = False
        with spec.log.open("ab") as log:
            self._start_of_log = log.tell()
            self._popen = subprocess.Popen(
                spec.command,
                env={**os.environ, **spec.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_child_setup(spec.nice),  # noqa: PLW1509  it makes system calls only
            )

    @property
    def pid(self) -> int:
        """Process id, which is also its group's id."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self._popen.poll()

    def log_tail(self, lines: int = 15) -> str:
        """The last lines this process wrote."""
        with self.spec.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._start_of_log, end - 16_384))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])

    def signal(self, number: signal.Signals) -> None:
        """Send to the process itself; nothing happens when it has ended."""
        self._popen.send_signal(number)

    def kill(self) -> None:
        """End it and everything in its group at once, and wait until it is gone."""
        if not self._gone:
            self._kill_group()
            self._popen.wait()
        # Its number may belong to somebody else from here on.
        self._gone = True

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Ask it to end (SIGTERM), then end its whole group. False when it had to be killed after `seconds`."""
        self.signal(signal.SIGTERM)
        try:
            self._popen.wait(timeout=seconds)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # macOS answers EPERM for a group that holds only a zombie.
            return


def wait_ready(process: Ended, ready: Callable[[], bool], seconds: float) -> None:
    """Poll `ready` until true. Raises TachoError at once when the process ends, or after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.exit_code is not None:
            raise TachoError(ended_message(process))
        if time.monotonic() > deadline:
            raise TachoError(
                f"The {process.spec.name} was not ready after {seconds:.0f} s; its log is {process.spec.log}:\n"
                f"{process.log_tail()}"
            )
        time.sleep(POLL_SECONDS)


def ended_message(process: Ended) -> str:
    """One sentence on how a process ended, and the end of its log."""
    code = process.exit_code
    how = f"exit code {code}" if code is None or code >= 0 else f"signal {signal.Signals(-code).name}"
    return f"The {process.spec.name} ended by itself ({how}); its log is {process.spec.log}:\n{process.log_tail()}"


def _give_way_as_a_session(nice: int) -> None:
    """Linux gives each session an equal share of the processors, whatever the priorities within; this one less."""
    try:
        group = os.open("/proc/self/autogroup", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(group, str(nice).encode())
    except OSError:
        # Without the scheduler's autogroups the priority alone counts.
        return
    finally:
        os.close(group)


def _child_setup(nice: int) -> Callable[[], None]:
    # Everything is looked up before the fork: between fork and exec only system calls are safe.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def setup() -> None:
        if libc is not None:
            # kill -9 of the runner must leave nobody behind.
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
        if nice:
            os.nice(nice)
            _give_way_as_a_session(nice)

    return setup
