"""`tacho demo`: a bounded run from an empty folder, verified record by record."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table

from tacho.commands import options
from tacho.commands.connecting import require_port_not_ours
from tacho.commands.reporting import reporter
from tacho.console.feed import Feed
from tacho.local.bounded import BoundedRun, summarise
from tacho.local.drill import Drill
from tacho.local.folder import wipe
from tacho.local.layout import run_folder
from tacho.local.lock import RunLock
from tacho.local.pipeline import Pipeline
from tacho.local.settings import DEFAULT_PORT, RunSettings, parse_seconds
from tacho.local.stopping import Stopped, StopRequest
from tacho.verify import Report

_INTERRUPTED = 130


def demo(
    context: typer.Context,
    seconds: Annotated[
        float, typer.Option(parser=parse_seconds, metavar="DURATION", help="Length of the input, simulated time.")
    ] = 60.0,
    window_seconds: options.Window = 10,
    slide_seconds: options.Slide = None,
    summary: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
    kill: options.Kill = None,
    cars: options.Cars = 20,
    rate: options.Rate = 1.0,
    speed_up: options.SpeedUp = 1.0,
    port: options.Port = DEFAULT_PORT,
    seed: options.Seed = 1,
    encoding: options.Encoding = "avro",
    gear_policy: options.GearPolicy = "drivetrain",
    trigger: options.Trigger = "realtime",
    enricher_processes: options.Processes = 2,
) -> None:
    """Run the pipeline bounded, verify every record, write a summary; exit code 0 only if all is well."""
    began = time.time()
    settings = options.run_settings(context, run_folder("demo"))
    require_port_not_ours(settings)
    console = Console()
    length = seconds / speed_up
    drill = Drill(kill, length) if kill else None
    with StopRequest() as stop:
        try:
            report, figures = _run(settings, stop, console, drill, length, began)
        except Stopped as error:
            raise typer.Exit(_INTERRUPTED) from error
    if summary is not None:
        summary.parent.mkdir(parents=True, exist_ok=True)
        summary.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    console.print(Group(report.render(), figures_table(figures)))
    raise typer.Exit(0 if report.ok else 1)


def figures_table(figures: dict[str, Any]) -> RenderableType:
    """Latency, memory and times as a short table."""
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    latency = figures["latency_ms"]
    shown = [f"{name} {value}" for name, value in latency.items() if name != "n" and value is not None]
    table.add_row("sensor to alert, ms", f"{'  '.join(shown) or 'no alert'}  (n {latency['n']})")
    table.add_row("memory, MB", "  ".join(f"{name} {value:,.0f}" for name, value in figures["memory_mb"].items()))
    table.add_row("start, s", "  ".join(f"{step} {value}" for step, value in figures["start_seconds"].items()))
    first = figures["seconds_to_first_alert"]
    table.add_row("first alert", "none" if first is None else f"after {first} s, downloads counted")
    table.add_row("starts", "  ".join(f"{name} {count}" for name, count in figures["starts"].items()))
    return table


def _run(
    settings: RunSettings, stop: StopRequest, console: Console, drill: Drill | None, length: float, began: float
) -> tuple[Report, dict[str, Any]]:
    report = reporter(console)
    with RunLock(settings.folder.lock):
        wipe(settings.folder)
    with Pipeline(settings, stop, report) as pipeline:
        feed = pipeline.start(Feed)
        run = BoundedRun(pipeline, feed, stop, report, drill)
        run.start_tap()
        pipeline.start_input()
        run.finish_input(length)
        verdict = run.verify(alone=True)
        return verdict, summarise(run, verdict, began)
