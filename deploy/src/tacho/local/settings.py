"""What the operator may choose for a run, and the defaults."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from tacho.errors import UsageError
from tacho.local.layout import REPOSITORY, RunFolder, jars_folder

DEFAULT_PORT = 19092
PAGE_PORT = 8080
ALLOWED_LATENESS_SECONDS = 120
LONGEST_SECONDS = 7 * 86_400.0
"""sensors-sample keeps a sample so long; the beginning of a longer run could be neither read nor verified."""
LONGEST_WINDOW_SECONDS = 86_400
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class RunSettings:
    """One run of the whole pipeline on this machine."""

    folder: RunFolder
    jars: Path = field(default_factory=jars_folder)
    port: int = DEFAULT_PORT
    cars: int = 20
    rate: float = 1.0
    """Samples a second and car."""
    speed_up: float = 1.0
    seconds: float | None = None
    """Simulated seconds of input; None goes on until stopped."""
    page: int = 0
    """Port of the live page; 0 for a run without it."""
    seed: int = 1
    encoding: str = "avro"
    gear_policy: str = "drivetrain"
    trigger: str = "realtime"
    window_seconds: int = 900
    slide_seconds: int | None = None
    enricher_processes: int = 2
    """2 keeps the window queries in a JVM of their own, at the lowest priority; 1 saves its memory."""
    rules: Path = REPOSITORY / "services/alerter/src/tacho_alerter/rules.yaml"
    faults: bool = False
    """Whether the producer follows the switches of `tacho fault`; else its own setting in the environment decides."""
    replay: tuple[str, ...] = ()
    """Arguments of `tacho_producer replay`; empty simulates."""


def parse_seconds(duration: str | float) -> float:
    """Seconds of a duration such as 10s, 15m, 1h or 90, at most LONGEST_SECONDS. Raises UsageError for all else."""
    text = str(duration)
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(number) :] or "s"
    try:
        seconds = float(number) * _UNITS[unit]
    except (ValueError, KeyError) as error:
        raise UsageError(f"{text!r} is no duration: write a number and s, m or h, for example 10s or 15m.") from error
    if not 0 < seconds < math.inf:
        raise UsageError(f"{text!r} is no duration: it must be more than 0 and have an end.")
    if seconds > LONGEST_SECONDS:
        raise UsageError(f"{text!r} is too long: the log keeps a sample for 7 days.")
    return seconds


def whole_seconds(duration: str | float) -> int:
    """As parse_seconds, for windows: whole seconds, at most LONGEST_WINDOW_SECONDS."""
    seconds = parse_seconds(duration)
    if seconds != int(seconds):
        raise UsageError(f"{duration!r} must be a whole number of seconds.")
    if seconds > LONGEST_WINDOW_SECONDS:
        raise UsageError(f"{duration!r} is too long for a window: a day (24h) is the most.")
    return int(seconds)
