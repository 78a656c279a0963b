"""Options that several commands share. One that is a setting of the run has that setting's name."""

import math
from dataclasses import fields
from typing import Annotated, Literal

import typer

from tacho.errors import UsageError
from tacho.local.layout import RunFolder
from tacho.local.settings import RunSettings, whole_seconds

Cars = Annotated[int, typer.Option(min=1, max=1_000_000, help="Cars of the fleet.")]
Rate = Annotated[float, typer.Option(min=0.001, help="Samples a second from each car.")]
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Port of the broker.")]
Page = Annotated[int, typer.Option(min=0, max=65535, help="Port of the live page, another if taken; 0: no page.")]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same cars and drives.")]
Encoding = Annotated[Literal["avro", "json"], typer.Option(help="How samples are written to the log.")]
GearPolicy = Annotated[Literal["drivetrain", "speed-band"], typer.Option(help="How the expected gear is found.")]
Trigger = Annotated[Literal["realtime", "micro"], typer.Option(help="How the enricher runs.")]
Kill = Annotated[Literal["producer", "enricher", "alerter", "broker"] | None, typer.Option(help="Kill -9 one twice.")]
Window = Annotated[
    int, typer.Option("--window", parser=whole_seconds, metavar="DURATION", help="Size of the windows: 10s, 15m, 1h.")
]
Slide = Annotated[
    int | None,
    typer.Option(
        "--slide",
        parser=whole_seconds,
        metavar="DURATION",
        help="Distance of window starts; the window's size when not given.",
    ),
]
SpeedUp = Annotated[float, typer.Option(min=1, help="Simulated seconds a second.")]
Processes = Annotated[int, typer.Option(min=1, max=2, help="2 runs the window queries in a JVM of their own.")]
Servers = Annotated[str | None, typer.Option(help="The brokers; else TACHO_KAFKA_SERVERS or the running pipeline's.")]


def run_settings(context: typer.Context, folder: RunFolder) -> RunSettings:
    """What a command was asked for: its options that are settings of the run, by their names.

    Raises UsageError for what no stage could work with.
    """
    names = {field.name for field in fields(RunSettings)}
    settings = RunSettings(folder=folder, **{name: value for name, value in context.params.items() if name in names})
    for option, figure in (("--rate", settings.rate), ("--speed-up", settings.speed_up)):
        if not math.isfinite(figure):
            raise UsageError(f"{option} must be a number, not {figure}.")
    window, slide = settings.window_seconds, settings.slide_seconds
    if slide is not None and window % slide:
        raise UsageError(f"--window {window}s is not a multiple of --slide {slide}s: choose a slide that divides it.")
    return settings
