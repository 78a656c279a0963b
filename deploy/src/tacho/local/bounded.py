"""A bounded, verified run: what `tacho demo` does between start and verdict."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tacho.console.feed import Feed
from tacho.console.lines import status_line
from tacho.errors import TachoError
from tacho.local import latency, stages
from tacho.local.drill import Drill
from tacho.local.memory import resident_mb
from tacho.local.pipeline import Pipeline
from tacho.local.stopping import StopRequest
from tacho.local.tap import spec as tap_spec
from tacho.verify import Report, verify_run

Result = TypeVar("Result")
_LINE_SECONDS = 10.0
_INPUT_GRACE_SECONDS = 120.0
"""How much longer than planned the input may take: a killed broker or producer costs time."""


@dataclass
class BoundedRun:
    """Drives a started pipeline to the end of its input and beyond."""

    pipeline: Pipeline
    feed: Feed
    stop: StopRequest
    report: Callable[[str], None]
    drill: Drill | None = None
    memory_mb: dict[str, float] = field(default_factory=dict)
    """Of each process at the last look, while input was running."""
    peak_mb: float = 0.0
    """The largest sum seen."""

    @property
    def received(self) -> Path:
        """What the tap wrote."""
        return self.pipeline.folder.root / "received.csv"

    def finish_input(self, seconds: float) -> None:
        """Watch until the producer has delivered everything. Raises TachoError when it does not end."""
        began = time.monotonic()
        deadline = began + seconds + _INPUT_GRACE_SECONDS
        next_line = began
        while not self.pipeline.supervisor.finished(stages.PRODUCER):
            now = time.monotonic()
            if now > deadline:
                raise TachoError(
                    f"The producer has not ended {_INPUT_GRACE_SECONDS:.0f} s after its {seconds:.0f} s of input: "
                    f"see {self.pipeline.folder.logs / 'producer.log'}."
                )
            self._kill_what_is_due(now - began)
            if now >= next_line:
                self._look()
                next_line = now + _LINE_SECONDS
            self.pipeline.watch()
            self.stop.pause()

    def verify(self, alone: bool = False) -> Report:
        """The verifier's word on this run, once every stage has nothing left to do. alone: nobody else wrote to it."""
        self._until(lambda: not self.pipeline.supervisor.dead(), "every process runs again")
        return self._aside(lambda: verify_run(self.pipeline.folder.root, alone=alone, progress=self.report))

    def delays(self) -> list[float]:
        """Of each alert, from journal to tap, in milliseconds."""
        sent = latency.read_sent(self.pipeline.folder.journal)
        return latency.latencies_ms(latency.read_received(self.received), sent)

    def first_alert_at(self) -> float | None:
        """Seconds since the epoch; None without one."""
        first = next(iter(latency.read_received(self.received)), None)
        return None if first is None else first[0] / 1e6

    def start_tap(self) -> None:
        """Begin to note when alerts arrive."""
        self.pipeline.supervisor.start(tap_spec(self.pipeline.settings, self.received))

    def _kill_what_is_due(self, elapsed: float) -> None:
        names = self.drill.due(elapsed) if self.drill else ()
        for name in names:
            self.pipeline.supervisor.kill(name)
        if self.drill and names:
            self.pipeline.record.killed(self.drill.service, int(time.time() * 1000))
            self.report(f"killed {self.drill.service} with SIGKILL")

    def _look(self) -> None:
        self.report(status_line(self.feed.snapshot()))
        self.memory_mb = resident_mb(self.pipeline.supervisor.pids())
        self.peak_mb = max(self.peak_mb, round(sum(self.memory_mb.values()), 1))

    def _until(self, condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TachoError(f"Waited {seconds:.0f} s in vain until {what}.")
            self.pipeline.watch()
            self.stop.pause()

    def _aside(self, work: Callable[[], Result]) -> Result:
        """Do `work` in a thread while this one keeps the pipeline alive."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            future = pool.submit(work)
            while not future.done():
                self.pipeline.watch()
                self.stop.pause()
            return future.result()


def summarise(run: BoundedRun, report: Report, began: float) -> dict[str, Any]:
    """The JSON summary; `began` is when the command began, in seconds since the epoch."""
    verdict = report.to_dict()
    first = run.first_alert_at()
    record = run.pipeline.record
    return {
        "ok": report.ok,
        **{key: verdict[key] for key in verdict if key != "ok"},
        "latency_ms": latency.summary(run.delays()),
        "seconds_to_first_alert": None if first is None else round(first - began, 1),
        "start_seconds": {step: round(seconds, 1) for step, seconds in run.pipeline.steps.items()},
        "memory_mb": {**run.memory_mb, "sum": round(sum(run.memory_mb.values()), 1), "peak_sum": run.peak_mb},
        "starts": dict(record.starts),
        "kills": record.kills,
        "settings": record.settings,
    }
