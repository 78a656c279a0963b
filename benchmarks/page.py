"""`python -m benchmarks.page`: what the live page costs its viewer: frame rate, delay of an alert, memory, by fleet."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.browsing import Dashboard, launched, show
from benchmarks.figures import percentile
from benchmarks.machine import describe
from benchmarks.report import Section, Table, markdown
from tacho.errors import TachoError

FLEETS = (20, 1000, 5000)
SETTLE_SECONDS = 10.0
FACTS = ("date", "commit", "command", "processor", "memory", "kernel", "load before", "Python")
HEAD = """# Benchmark of the live page

Written by `make bench-page`. Goals: 30 frames a second, an alert in sight within 1 s, 200 MB.
"""
TEXT = """A rehearsed fleet that sends once a second and car, its server, and a headless Chromium without a graphics
processor share the machine. *Frames* are animation frames of the fleet view, all tiles of a screen of 1440 × 900 in
sight and changing. *Delay* is from the moment a sample that breaks a rule reaches the server to the animation frame
that draws the alert's row in the alerts view. *JS heap* is what is in use after a collection of garbage; *renderer* is
the resident memory of the page's own process, Chromium's code and the fonts included; *empty* is that of a page with
nothing on it."""


@dataclass(frozen=True)
class Figures:
    """What one fleet cost. Rates per second, delays in ms, memory in MB; a percentile is None with too few alerts."""

    cars: int
    frames: float
    longest_frame_ms: float
    slow_share: float
    """Of the frames, those that took longer than a thirtieth of a second."""
    alerts: int
    delay_p50: float | None
    delay_p99: float | None
    delay_max: float
    heap_mb: float
    renderer_mb: float
    empty_mb: float
    """As renderer_mb, of a page with nothing on it."""
    nodes: int


def measure(browser: Browser, cars: int, seconds: float) -> Figures:
    """One fleet, looked at for twice `seconds`."""
    with tempfile.TemporaryDirectory(prefix="tacho-page-") as logs, Dashboard(Path(logs), "--cars", str(cars)) as one:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        empty = _renderer_mb()
        show(page, one.address, "fleet")
        page.wait_for_timeout(SETTLE_SECONDS * 1000)
        intervals = sorted(page.evaluate(_FRAMES, seconds * 1000))
        heap, renderer, nodes = _heap_mb(page), _renderer_mb(), page.evaluate("window.tacho.nodes")
        show(page, one.address, "alerts")
        page.wait_for_timeout(1000)
        delays = sorted(page.evaluate(_DELAYS, seconds * 1000))
        page.close()
    return Figures(
        cars=cars,
        frames=1000 * len(intervals) / sum(intervals),
        longest_frame_ms=intervals[-1],
        slow_share=sum(interval > 1000 / 30 for interval in intervals) / len(intervals),
        alerts=len(delays),
        delay_p50=percentile(delays, 0.5),
        delay_p99=percentile(delays, 0.99),
        delay_max=max(delays, default=0.0),
        heap_mb=heap,
        renderer_mb=renderer,
        empty_mb=empty,
        nodes=nodes,
    )


def section(measured: Sequence[Figures]) -> Section:
    """The report's one section."""
    columns = ("cars", "frames/s", "frames > 33 ms", "longest frame ms", "alerts", "delay p50 ms", "p99", "max")
    memory = ("JS heap MB", "renderer MB", "empty MB", "nodes")
    rows = tuple(map(_row, measured))
    return Section(
        "page",
        "By fleet",
        TEXT,
        (Table("Figures", (*columns, *memory), rows),),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every fleet was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs/benchmarks-page.md"))
    parser.add_argument("--cars", type=int, nargs="+", default=FLEETS)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each of the two measurements of a fleet")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    measured = []
    load = f"{os.getloadavg()[0]:.1f} (1 minute)"
    try:
        for cars in options.cars:
            # A browser of its own: what an earlier fleet left in it is not this one's memory.
            with launched() as browser:
                measured.append(measure(browser, cars, options.seconds))
                chromium = browser.version
            print(asdict(measured[-1]), flush=True)
    except TachoError as error:
        print(error, file=sys.stderr)
        return 1
    known = describe("python -m benchmarks.page", time.monotonic() - began) | {"load before": load}
    facts = {name: known[name] for name in FACTS} | {"Chromium": chromium}
    options.output.write_text(markdown(facts, [section(measured)], HEAD), encoding="utf-8")
    print(f"written: {options.output}")
    return 0


def _row(one: Figures) -> tuple[str, ...]:
    delays = (_ms(one.delay_p50), _ms(one.delay_p99), _ms(one.delay_max))
    frames = (f"{one.frames:.0f}", f"{one.slow_share:.1%}", f"{one.longest_frame_ms:.0f}")
    memory = (f"{one.heap_mb:.0f}", f"{one.renderer_mb:.0f}", f"{one.empty_mb:.0f}", f"{one.nodes:,}")
    return (f"{one.cars:,}", *frames, f"{one.alerts:,}", *delays, *memory)


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _heap_mb(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def _renderer_mb() -> float:
    """Resident memory of the renderer that works most: the others belong to the browser itself."""
    below = psutil.Process().children(recursive=True)
    renderers = [process for process in below if "--type=renderer" in process.cmdline()]
    return float(max(renderers, key=lambda process: process.cpu_times().user).memory_info().rss) / 1e6


_FRAMES = """(ms) => new Promise((done) => {
  const intervals = [];
  const began = performance.now();
  let last = null;
  requestAnimationFrame(function frame(now) {
    if (last !== null) intervals.push(now - last);
    last = now;
    if (performance.now() - began < ms) requestAnimationFrame(frame);
    else done(intervals);
  });
})"""
"""Milliseconds between animation frames."""

_DELAYS = """(ms) => new Promise((done) => {
  const delays = [];
  const observer = new MutationObserver((records) => {
    const rows = records.flatMap((record) => [...record.addedNodes]).filter((node) => node.tagName === "TR");
    requestAnimationFrame(() => {
      for (const row of rows) delays.push(Date.now() - Date.parse(row.querySelector("time").dateTime));
    });
  });
  observer.observe(document.querySelector("table.feed tbody"), { childList: true });
  setTimeout(() => { observer.disconnect(); done(delays); }, ms);
})"""
"""Milliseconds from the sample of an alert to its row, of every row that is added."""

if __name__ == "__main__":
    sys.exit(main())
