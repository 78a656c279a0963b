"""The run behind docs/results: a bounded fleet, verified and read back topic by topic, then looked at while it drives
on at the clock's pace."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.browsing import require_chromium
from benchmarks.machine import describe
from benchmarks.results.leaving import leave_words
from benchmarks.results.looking import look
from benchmarks.results.reading import read_topics
from benchmarks.results.reckoning import reckon
from tacho.console.feed import Feed
from tacho.local.bounded import BoundedRun
from tacho.local.folder import wipe
from tacho.local.layout import run_folder
from tacho.local.lock import RunLock
from tacho.local.pipeline import Pipeline
from tacho.local.ports import free_port
from tacho.local.settings import RunSettings
from tacho.local.stopping import StopRequest
from tacho_contracts.connection import Connection, Mode

Results = dict[str, Any]


@dataclass(frozen=True)
class FleetRun:
    """Which fleet drives how long [s], an empty folder for cars and pictures, and what takes each step's sentence."""

    folder: Path
    cars: int
    seconds: float
    speed_up: float
    seed: int
    report: Callable[[str], None]

    def drive(self, stop: StopRequest) -> Results:
        """All that docs/results tells, ready for JSON.

        Raises TachoError without Chromium, before anything is driven, and when a stage cannot be kept alive.
        """
        require_chromium()
        began = time.monotonic()
        settings = self._settings()
        with RunLock(settings.folder.lock):
            wipe(settings.folder)
        found = self._verified(settings, stop)
        shutil.copy(settings.folder.dims / "cars" / "cars.csv", self.folder / "cars.csv")
        at_the_clocks_pace = replace(settings, seconds=None, speed_up=1.0, page=free_port())
        found |= look(at_the_clocks_pace, found["car"], self.folder / "page", stop, self.report)
        return found | {"machine": describe("make results", time.monotonic() - began)}

    def _verified(self, settings: RunSettings, stop: StopRequest) -> Results:
        with Pipeline(settings, stop, self.report) as pipeline:
            run = BoundedRun(pipeline, pipeline.start(Feed), stop, self.report)
            pipeline.start_input()
            run.finish_input(self.seconds / self.speed_up)
            verdict = run.verify(alone=True)
            connection = Connection(servers=pipeline.broker.servers, mode=Mode.PLAINTEXT)
            self.report("acknowledging an episode, switching a fault off, sending one broken sample")
            leave_words(connection)
            topics = read_topics(connection, self.report)
            return {
                "asked": {name: getattr(self, name) for name in ("cars", "seconds", "speed_up", "seed")},
                **reckon(topics),
                "verifier": verdict.to_dict(),
            }

    def _settings(self) -> RunSettings:
        return RunSettings(
            run_folder("results"),
            port=free_port(),
            cars=self.cars,
            seconds=self.seconds,
            speed_up=self.speed_up,
            seed=self.seed,
        )
