"""The fleet at the clock's pace: how soon its alerts come, and pictures of the live page."""

import hashlib
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.browsing import launched
from benchmarks.results.latencies import histogram
from benchmarks.screenshots import take
from tacho.console.feed import Feed
from tacho.local.bounded import BoundedRun
from tacho.local.latency import summary
from tacho.local.memory import resident_mb
from tacho.local.pipeline import Pipeline
from tacho.local.settings import RunSettings
from tacho.local.stages import page_address
from tacho.local.stopping import StopRequest

_WARM_SECONDS = 30.0
"""Until the processes have compiled what they do all the time."""
_MEASURED_SECONDS = 90.0


def look(
    settings: RunSettings, car: str, folder: Path, stop: StopRequest, report: Callable[[str], None]
) -> dict[str, Any]:
    """Let the fleet of `settings` drive on: measure its latency, then picture every view in `folder`, which is made.

    Gives the latency [ms], its classes, the memory [MB] of each process, and each picture's name, size in pixels and
    hash. Raises TachoError without Chromium.
    """
    folder.mkdir()
    with launched() as browser, Pipeline(settings, stop, report) as pipeline:
        run = BoundedRun(pipeline, pipeline.start(Feed, input_at_once=True), stop, report)
        report(f"driving on at the clock's pace for {_WARM_SECONDS + _MEASURED_SECONDS:.0f} s")
        _drive(pipeline, stop, _WARM_SECONDS)
        run.start_tap()
        _drive(pipeline, stop, _MEASURED_SECONDS)
        delays = run.delays()
        memory = resident_mb(pipeline.supervisor.pids())
        report("looking at every view of the page")
        pictures = [described(path) for path in take(browser, page_address(settings), folder, "live", car)]
    latency = {"seconds": _MEASURED_SECONDS, "summary": summary(delays), "histogram": histogram(delays)}
    return {"latency": latency, "memory_mb": memory, "pictures": pictures}


def _drive(pipeline: Pipeline, stop: StopRequest, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pipeline.watch()
        stop.pause()


def described(picture: Path) -> dict[str, Any]:
    """What identifies a PNG: its name, width and height in pixels, SHA-256."""
    content = picture.read_bytes()
    # A PNG's first chunk is IHDR: width and height stand after the signature, the length and the name.
    width, height = struct.unpack(">II", content[16:24])
    return {"name": picture.name, "width": width, "height": height, "sha256": hashlib.sha256(content).hexdigest()}
