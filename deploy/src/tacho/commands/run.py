"""`tacho run`: the whole pipeline on this machine until Ctrl-C."""

import time
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from tacho.commands import options
from tacho.commands.connecting import require_port_not_ours
from tacho.commands.reporting import reporter
from tacho.console.feed import Feed
from tacho.console.lines import status_line
from tacho.console.render import screen
from tacho.local.layout import run_folder
from tacho.local.pipeline import Pipeline
from tacho.local.ports import this_or_free
from tacho.local.settings import DEFAULT_PORT, PAGE_PORT, RunSettings, parse_seconds
from tacho.local.stages import PRODUCER, page_address
from tacho.local.stopping import Stopped, StopRequest
from tacho_contracts.catalogue import load_catalogue

_TICK_SECONDS = 0.25
_LINE_SECONDS = 5.0
_INPUT_ENDED = "input ended"


def run(
    context: typer.Context,
    cars: options.Cars = 20,
    rate: options.Rate = 1.0,
    seconds: Annotated[
        float | None,
        typer.Option(parser=parse_seconds, metavar="DURATION", help="End the input after so long; the rest runs on."),
    ] = None,
    port: options.Port = DEFAULT_PORT,
    page: options.Page = PAGE_PORT,
    seed: options.Seed = 1,
    encoding: options.Encoding = "avro",
    gear_policy: options.GearPolicy = "drivetrain",
    trigger: options.Trigger = "realtime",
    window_seconds: options.Window = 900,
    slide_seconds: options.Slide = None,
    enricher_processes: options.Processes = 2,
    faults: Annotated[bool, typer.Option("--faults", help="Let `tacho fault` inject faults on purpose.")] = False,
) -> None:
    """Run the whole pipeline on this machine until Ctrl-C; a second run goes on from the log."""
    settings = replace(options.run_settings(context, run_folder("run")), page=page and this_or_free(page))
    require_port_not_ours(settings)
    console = Console()
    report = reporter(console)
    with StopRequest() as stop:
        try:
            with Pipeline(settings, stop, report) as pipeline:
                # A run with an end may be measured and verified: nothing may still be starting while it drives.
                endless = settings.seconds is None
                feed = pipeline.start(Feed, input_at_once=endless)
                if not endless:
                    pipeline.start_input()
                introduce(console, settings)
                _show(console, pipeline, feed, stop)
        except Stopped:
            report("everything is stopped; `make run` goes on from the log")


def introduce(console: Console, settings: RunSettings) -> None:
    """The first screen: where things are and how to stop."""
    topics = ", ".join(load_catalogue().topics)
    page = f"  page     {page_address(settings)}\n" if settings.page else ""
    console.print(
        f"\n[bold]tacho is running[/]\n"
        f"{page}"
        f"  broker   127.0.0.1:{settings.port}\n"
        f"  topics   {topics}\n"
        f"  logs     {settings.folder.logs}\n"
        f"  look     tacho tail alert-data --from end\n"
        f"  stop     Ctrl-C\n",
        highlight=False,
        soft_wrap=True,
    )


def _show(console: Console, pipeline: Pipeline, feed: Feed, stop: StopRequest) -> None:
    if not console.is_terminal:
        while True:
            console.print(status_line(feed.snapshot()), markup=False, highlight=False, soft_wrap=True)
            _watch(console, pipeline, feed, stop, _LINE_SECONDS)
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(screen(feed.snapshot(), int(time.time() * 1000), console.height), refresh=True)
            _watch(console, pipeline, feed, stop, _TICK_SECONDS)


def _watch(console: Console, pipeline: Pipeline, feed: Feed, stop: StopRequest, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pipeline.watch()
        if "first alert" not in pipeline.steps and feed.snapshot().has_alert_since(pipeline.input_began_ms):
            pipeline.steps["first alert"] = pipeline.elapsed()
            reporter(console)(f"first alert after {pipeline.elapsed():.1f} s, downloads not counted")
        if _INPUT_ENDED not in pipeline.steps and pipeline.supervisor.finished(PRODUCER):
            pipeline.steps[_INPUT_ENDED] = pipeline.elapsed()
            reporter(console)("the input has ended, the rest runs on: `tacho verify` checks every record")
        stop.pause(_TICK_SECONDS)
